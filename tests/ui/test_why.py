"""Why: what splits two futures adds up, each question has an answer on the first press, and can be given up."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from foresight_ui.desk import Desk, Means
from foresight_ui.menu import page_of
from foresight_ui.pages import why
from foresight_ui.parts import split, ways
from foresight_ui.parts.split import digits_of, parts_of, written
from foresight_ui.runs import quest, trusted
from foresight_ui.runs.live import LIVE
from foresight_ui.runs.setting import Setting, first_setting
from foresight_ui.runs.trial import DONE, FAILED, STOPPED
from foresight_ui.visit.inquiry import asked_of, moves
from foresight_ui.visit.memory import packed, unpacked
from foresight_ui.visit.questions import SPLIT, TRUST, WAYS, Question, Questions, how_trusted
from foresight_ui.visit.state import CURRENT, AppState
from foresight_ui.words import LANGUAGES, words
from futures import setting_of
from hypothesis import given
from hypothesis import strategies as st

from foresight.actions import ACTIONS
from foresight.errors import InputError, Problem
from foresight.facts.members import REGION
from foresight.results.attribution import EXPLAINED, OTHER, PARTS, TOTAL
from foresight.results.comparison import Comparison
from foresight.results.outcomes import ALL_ACTIONS
from foresight.scenario.loading import shipped

Page = dict[str, Any]

PATIENCE = 120.0  # seconds

#: A number in a sentence.
NUMBER = re.compile(r"[+−-]?\d+(?:\.\d+)?")


class Visit:
    """A visitor of the page Why."""

    def __init__(self, scenario: str = "historical-pace") -> None:
        self.state = AppState()
        if scenario != self.state.setting.scenario.id:
            self.state.open(shipped()[scenario])
        self.state.page = why.PATH
        self.sent: list[Any] = []
        self.told: list[str] = []
        self.changed = threading.Condition()
        means = Means(
            lambda: None,
            lambda _, text: self.told.append(text),
            self.sent.append,
            lambda *_: None,
            lambda make, then: then(make()),
            self._soon,
        )
        self.desk = Desk(self.state, means)

    def _soon(self, call: Any) -> None:
        with self.changed:
            call()
            self.changed.notify_all()

    def do(self, act: str, **more: Any) -> None:
        self.desk.answer({"act": act, **more})

    def wait(self, true: Any) -> None:
        with self.changed:
            assert self.changed.wait_for(true, PATIENCE)

    def answered(self, question: Question) -> Any:
        self.wait(lambda: self.state.questions.answer(question) is not None)
        return self.state.questions.answer(question)

    def page(self, language: str = "en") -> Page:
        page = page_of(self.state, words(language), lambda *_: None)
        return dict(json.loads(json.dumps(page, allow_nan=False)))

    def part(self, heading: str, language: str = "en") -> list[Page]:
        """Return the blocks under a heading, those in others too."""
        blocks = self.page(language)["blocks"]
        at = next(at for at, one in enumerate(blocks) if one.get("text") == words(language).say(heading))
        after = [n for n, one in enumerate(blocks) if n > at and one["kind"] == "heading"]
        return list(flat(blocks[at + 1 : (after or [len(blocks)])[0]]))

    def leads(self, heading: str, language: str = "en") -> list[str]:
        return [one["text"] for one in self.part(heading, language) if one.get("tone") == "lead"]


def flat(blocks: list[Page]) -> Iterator[Page]:
    for block in blocks:
        yield block
        yield from flat(block.get("blocks", []))


@pytest.fixture
def visit() -> Iterator[Visit]:
    visit = Visit()
    yield visit
    visit.state.questions.close()
    visit.state.laboratory.close()


# --- What splits two futures


def paired_mean(before: Setting, after: Setting, outcome: str) -> float:
    """Return the mean of the differences run by run, in the last year."""
    rows = Comparison(tuple(LIVE.results(one) for one in (before, after))).differences(outcome, (REGION,))
    rows = rows[rows["year"] == rows["year"].max()]
    rows = rows[rows["action"] == ALL_ACTIONS] if "action" in rows else rows
    (mean,) = rows["mean"]
    return float(mean)


@pytest.mark.parametrize("number", [None, 3, 11])
def test_the_split_adds_up_to_the_paired_mean_of_the_difference_as_shown(number: int | None, visit: Visit):
    """What is written, too: the numbers beside the bars, and where bars begin and end."""
    if number is not None:
        visit.state.move("levers", {}, final=True)
        visit.state.open(setting_of(number).scenario)
    visit.desk.begin()
    visit.answered(split.asked(visit.state))
    ends = map(visit.state.scenario_called, split.pair(visit.state))
    before, after = (replace(visit.state.setting, scenario=one) for one in ends)
    for outcome in EXPLAINED:
        visit.do("choose", name="effect", value=outcome)
        charts = [one for one in visit.part("why.split") if one["kind"] == "chart"]
        digits = digits_of(outcome)
        mean = paired_mean(before, after, outcome)
        if not charts:
            assert round(mean, digits) == 0
            continue
        *parts, total = charts[0]["data"]["rows"]
        units = [round(one["mean"] * 10**digits) for one in parts]
        assert sum(units) == round(total["mean"] * 10**digits) == round(mean * 10**digits)
        assert [one["from"] for one in parts[1:]] == [one["to"] for one in parts[:-1]]
        assert (parts[0]["from"], parts[-1]["to"]) == (total["from"], total["to"]) == (0, total["mean"])
        sizes = [abs(one["mean"]) for one in parts if one["label"] != words("en").say("why.rest")]
        assert sizes == sorted(sizes, reverse=True)


means = st.lists(st.floats(-3, 3), min_size=6, max_size=6)


@given(means)
def test_parts_are_rounded_so_that_they_add_up(values: list[float]):
    every = dict(zip((*ACTIONS, OTHER), values, strict=True)) | {TOTAL: sum(values)}
    table = pd.DataFrame({"outcome": "mean_delivered", "part": list(PARTS), "mean": [every[name] for name in PARTS]})
    parts, total = parts_of(table, "mean_delivered")
    assert sum(part.units for part in parts) == total.units == round(sum(values) * 100)
    assert all(abs(part.units - every[part.name] * 100) <= 1 for part in parts if part.name)
    shown = [float(written(part, "mean_delivered", words("en"))) for part in (*parts, total)]
    assert round(sum(shown[:-1]), 2) == shown[-1]


@pytest.fixture
def told_of(visit: Visit) -> Callable[..., str]:
    """What is said where the parts of a difference are these."""

    def told(reach: float = 0.0, **parts: float) -> str:
        means = {**dict.fromkeys(PARTS, 0.0), **parts, TOTAL: sum(parts.values())}
        table = pd.DataFrame({"outcome": "mean_delivered", "part": PARTS, "mean": means.values()})
        table = table.assign(low=table["mean"] - reach, high=table["mean"] + reach)
        visit.state.move("levers.linking", {"levers.linking": 1.38})
        LIVE.kept.put(split.asked(visit.state).key, table)
        (sentence,) = visit.leads("why.split")
        return sentence

    return told


def test_what_cannot_be_seen_is_not_told(told_of: Callable[..., str]):
    """Where all of it is 0.000, nothing with +0.001 is the largest part."""
    sentence = told_of(transparency=0.001, accountability=-0.0007)
    names = ("Historical pace + links between subregions 1.38", "Historical pace")
    assert sentence.endswith("no visible difference between “{}” and “{}”.".format(*names))


def test_what_cancels_out_is_told_as_such(told_of: Callable[..., str]):
    sentence = told_of(solidarity=0.2, financing=-0.2)
    assert "no visible difference in all. What comes from Solidarity (+0.20), Financing (-0.20) cancels" in sentence


def test_only_what_makes_most_of_it_is_told_to_do_so(told_of: Callable[..., str]):
    assert told_of(solidarity=0.9, financing=0.2).endswith("Most comes from Solidarity (+0.90).")
    sentence = told_of(solidarity=0.25, financing=0.24, transparency=0.2, accountability=0.2, networking=-0.3)
    assert sentence.endswith("Most comes from Solidarity (+0.25), Financing (+0.24).")


def test_parts_that_intervals_cannot_tell_from_the_largest_are_told_as_a_tie(told_of: Callable[..., str]):
    parts = {"solidarity": 0.21, "financing": 0.2, "transparency": 0.1}
    assert told_of(reach=0.01, **parts).endswith(
        "The largest parts are about equal: Solidarity (+0.21), Financing (+0.20)."
    )
    losses = {name: -size for name, size in parts.items()}
    assert told_of(reach=0.01, **losses).endswith("about equal: Solidarity (-0.21), Financing (-0.20).")
    assert told_of(reach=0.004, **parts).endswith("Most comes from Solidarity (+0.21), Financing (+0.20).")


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_future_with_itself_nothing_is_told(language: str, visit: Visit):
    visit.do("choose", name="before", value="baiji-returns")
    visit.do("choose", name="after", value="baiji-returns")
    visit.desk.begin()
    visit.answered(split.asked(visit.state))
    (sentence,) = visit.leads("why.split", language)
    named = {"outcome": words(language).say("outcome.mean_delivered"), "year": 2040}
    title = words(language).title(shipped()["baiji-returns"])
    assert sentence == words(language).say("why.no_difference", after=title, before=title, **named)
    assert "chart" not in {one["kind"] for one in visit.part("why.split")}


def test_two_futures_are_told_apart_at_once_and_others_can_be_chosen(visit: Visit):
    other = next(name for name in shipped() if name != "historical-pace")
    assert split.pair(visit.state) == ("historical-pace", other)
    visit.state.open(shipped()["drifting-apart"])
    assert split.pair(visit.state) == ("historical-pace", CURRENT)
    visit.state.move("levers.linking", {"levers.linking": 1.6})
    assert split.pair(visit.state) == ("drifting-apart", CURRENT)
    kept = visit.state.keep("mine", visit.state.setting.scenario)
    visit.do("choose", name="before", value=kept)
    visit.do("choose", name="after", value="baiji-returns")
    assert split.pair(visit.state) == (kept, "baiji-returns")
    visit.do("choose", name="before", value="nothing of that name")
    assert split.pair(visit.state) == ("drifting-apart", "baiji-returns")


# --- On the first press


@pytest.mark.costly
@pytest.mark.parametrize("scenario", ["historical-pace", "baiji-returns"])
def test_every_question_is_answered_on_the_first_press(scenario: str):
    visit = Visit(scenario)
    try:
        visit.desk.begin()
        visit.answered(split.asked(visit.state))
        visit.do("ask", name=WAYS)
        visit.do("sure")
        found = visit.answered(ways.asked(visit.state))
        visit.wait(lambda: visit.state.laboratory.trial.stage == DONE)
        trial = visit.state.laboratory.trial
        assert trial is not None
        visit.wait(lambda: moves(trial, asked_of(visit.state.laboratory, trial.experiment)) is not None)
        (difference,), (way,), (trust,) = map(visit.leads, ("why.split", "why.take", "why.trusted"))
        assert "The largest parts are about equal: Accountability" in difference
        assert ("No way" in way) == (not found.reachable)
        assert len(NUMBER.findall(way)) >= 3
        assert "14 of 19 agreements" in trust
        bands, standing = visit.leads("why.sure")
        assert "Chance alone gives" in bands
        assert "Pace of delivery" in standing
        assert "cannot be told" in standing
        for language in LANGUAGES:
            assert all(visit.leads(one, language) for one in ("why.split", "why.take", "why.sure", "why.trusted"))
    finally:
        visit.state.questions.close()
        visit.state.laboratory.close()


@pytest.mark.costly
def test_a_way_is_loaded_into_the_levers_and_undone(visit: Visit):
    visit.do("choose", name="step", value="1.5")
    visit.do("ask", name=WAYS)
    found = visit.answered(ways.asked(visit.state))
    assert found.target == ("mean_delivered", ">=", 1.5, 2040)
    loads = [one for one in visit.part("why.take") if one.get("message", {}).get("act") == "load_way"]
    assert [one["message"]["n"] for one in loads] == list(range(1, len(found.settings) + 1))
    before = visit.state.setting
    visit.do("load_way", n=2)
    assert visit.state.page == "explore"
    assert visit.state.setting.scenario.digest() == found.settings[1].scenario.digest()
    assert visit.state.base.digest() == before.scenario.digest()
    visit.state.undo()
    assert visit.state.setting == before
    with pytest.raises(InputError):
        visit.do("load_way", n=len(found.settings) + 1)


def test_no_way_is_loaded_where_none_was_found(visit: Visit):
    visit.state.move("levers.linking", {"levers.linking": 1.39})  # nobody has asked of it
    with pytest.raises(InputError):
        visit.do("load_way", n=1)


# --- Trust

of_today = pytest.mark.what_now(
    "It was worked out from other sources, records or texts. Is their change meant? `make stored`."
)


@pytest.mark.costly
@of_today
def test_what_is_said_of_trust_is_what_comes_of_the_records_now():
    assert trusted.stored() == trusted.worked_out()


@of_today
def test_trust_ships_for_these_sources_and_facts_in_every_language_that_has_its_words():
    trust = trusted.stored()
    assert trust is not None
    assert (
        trust["findings"].keys()
        == trust["names"].keys()
        == {language for language in LANGUAGES if words(language).has(trusted.FIRST)}
    )
    assert {len(lines) for lines in trust["findings"].values()} == {5}
    inside = [one["low"] <= one["seen"] <= one["high"] for one in trust["looks"]]
    assert inside == [one["standing"] == "inside" for one in trust["looks"]]


@of_today
def test_where_trust_does_not_ship_it_can_be_asked(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    shipping = trusted.stored()
    assert shipping is not None
    monkeypatch.setattr(trusted, "key", lambda: "other")
    monkeypatch.setattr(trusted, "worked_out", lambda _tell: shipping)
    (button,) = [one for one in visit.part("why.trusted") if one["kind"] == "button"]
    visit.do(**{key: value for key, value in button["message"].items() if key != "type"})
    assert visit.answered(how_trusted()) == shipping
    assert "14 of 19" in visit.leads("why.trusted")[0]


# --- Questions


class Asked:
    """Questions whose answers wait to be let go."""

    def __init__(self) -> None:
        self.questions = Questions()
        self.questions.changed = self._told
        self.stages: list[str] = []
        self.changed = threading.Condition()
        self.go_on, self.begun = threading.Event(), threading.Event()

    def _told(self, one: quest.Quest, _whole: bool) -> None:
        with self.changed:
            self.stages.append(one.stage)
            self.changed.notify_all()

    def question(self, mark: str, answer: Any = 1) -> Question:
        def work(tell: Any) -> Any:
            self.begun.set()
            assert self.go_on.wait(PATIENCE)
            tell(1, 2)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return Question(SPLIT, (SPLIT, "test", mark, id(self)), work)

    def wait_for(self, stage: str) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: stage in self.stages, PATIENCE)


def test_an_answer_is_remembered_for_everybody():
    asked = Asked()
    question = asked.question("one", answer="because")
    asked.go_on.set()
    asked.questions.ask(question)
    asked.wait_for(DONE)
    assert Questions().answer(question) == "because"


def test_a_question_is_given_up_at_its_next_step_and_asked_again_on_demand_alone():
    asked = Asked()
    question = asked.question("one")
    asked.questions.ask(question)
    assert asked.begun.wait(PATIENCE)
    asked.questions.give_up(SPLIT)
    asked.go_on.set()
    asked.wait_for(STOPPED)
    assert asked.questions.answer(question) is None
    asked.questions.ask(question)
    assert asked.questions.quest(question).stage == STOPPED
    asked.questions.ask(question, again=True)
    asked.wait_for(DONE)
    assert asked.questions.answer(question) == 1


def test_a_newer_question_takes_the_place_of_the_one_before():
    asked = Asked()
    first, second = asked.question("one"), asked.question("two")
    asked.questions.ask(first)
    assert asked.begun.wait(PATIENCE)
    asked.questions.ask(second)
    asked.go_on.set()
    asked.wait_for(DONE)
    assert asked.questions.quest(first) is None
    assert (asked.questions.answer(first), asked.questions.answer(second)) == (None, 1)


@pytest.mark.parametrize("wrong", [InputError([Problem("", "share", "missing")]), ValueError("a fault")], ids=str)
def test_what_goes_wrong_is_told_and_can_be_asked_again(wrong: Exception, visit: Visit, caplog: Any):
    asked = Asked()
    visit.state.questions = asked.questions
    asked.go_on.set()
    visit.state.move("levers.linking", {"levers.linking": 1.37})  # nobody has asked of it
    asked.questions.ask(asked.question("one", wrong)._replace(key=split.asked(visit.state).key))
    asked.wait_for(FAILED)
    part = visit.part("why.split")
    texts = [one.get("text") or one.get("items") for one in part]
    assert any("share" in str(text) for text in texts) == isinstance(wrong, InputError)
    assert (words("en").say("message.fault") in texts) == ("could not be answered" in caplog.text)
    assert [one["message"]["act"] for one in part if one["kind"] == "button"] == ["ask"]


def test_how_far_a_question_is_is_told(visit: Visit):
    asked = Asked()
    asked.go_on.set()
    visit.state.questions.ask(asked.question("one"))
    visit.wait(lambda: bool(visit.sent))
    assert visit.sent[0] == {"type": "trial", "name": SPLIT, "done": 1, "total": 2, "text": "50% done"}


def test_who_asks_the_same_waits_with_others_and_one_who_gives_it_up_leaves_it_to_them():
    one, other = Asked(), Asked()
    question = one.question("one")
    one.questions.ask(question)
    other.questions.ask(question)
    assert one.questions.quest(question) is other.questions.quest(question)
    one.questions.give_up(SPLIT)
    assert one.stages == [STOPPED]
    assert one.questions.awaited == ()
    one.questions.ask(question)  # not on demand
    one.go_on.set()
    other.wait_for(DONE)
    assert one.stages == [STOPPED]
    assert other.questions.answer(question) == 1


def test_a_search_goes_on_for_a_visitor_who_loads_the_page_anew(visit: Visit):
    visit.do("choose", name="step", value="1.5")
    visit.state.move("levers.linking", {"levers.linking": 1.36})  # nobody has asked of it
    visit.do("ask", name=WAYS)
    before = unpacked(packed(visit.state))
    assert before.questions.awaited == (WAYS,)
    assert unpacked(packed(AppState())).questions.awaited == ()
    again = Visit()
    again.state.take_over(before)
    again.desk.come_back(before.laboratory, before.questions.awaited)
    question = ways.asked(again.state)
    search = again.state.questions.quest(question)
    assert search is visit.state.questions.quest(question)
    visit.desk.close()
    assert search.under_way
    again.do("give_up", name=WAYS)
    again.wait(lambda: search.stage == STOPPED)


def test_only_questions_that_there_are_can_be_asked(visit: Visit):
    for act in ("ask", "give_up"):
        with pytest.raises(InputError):
            visit.do(act, name="everything")
    assert {SPLIT, WAYS, TRUST} == set(why._ASKED)


def test_another_step_or_others_are_another_question():
    setting = first_setting()
    keys = {ways.which_ways(setting, whose, step).key for whose in ways.WHOSE for step in ways.STEPS}
    assert len(keys) == len(ways.WHOSE) * len(ways.STEPS)


@pytest.mark.parametrize(
    ("own", "leads", "text"),
    [("", "members", "One country: what would help most"), ("FJI", "members/FJI", "Fiji: what would help most")],
    ids=["none", "own"],
)
def test_the_page_leads_to_what_would_help_a_country(own: str, leads: str, text: str):
    state = AppState()
    state.view = {**state.view, "country": own}
    blocks = why.page(state, words("en"), "", lambda *_: None)["blocks"]
    (foot,) = (block for block in blocks if block["kind"] == "foot")
    assert (foot["page"], foot["text"]) == (leads, text)
