"""Experiments in the interface: planned, run beside the pictures, looked into, and handed on."""

import csv
import io
import json
import math
import shlex
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command_line import signals_kept
from foresight_ui.desk import Desk, Means
from foresight_ui.menu import page_of
from foresight_ui.pages.experiments import design
from foresight_ui.parts.circumstances import commands, python
from foresight_ui.parts.standing import clear, standing
from foresight_ui.runs import trial
from foresight_ui.runs.setting import first_setting
from foresight_ui.runs.trial import DONE, FAILED, STOPPED, WAITING, Pace, Trial, runs_of
from foresight_ui.runs.turns import Turns
from foresight_ui.visit import inquiry
from foresight_ui.visit.files import plan_of, scenario_files, table_of
from foresight_ui.visit.futures import title_of
from foresight_ui.visit.inquiry import asked_of, bands, conditions, moves
from foresight_ui.visit.laboratory import OUTCOMES, Laboratory, fits, ready_made, resized, too_large
from foresight_ui.visit.link import unpack
from foresight_ui.visit.memory import packed, unpacked
from foresight_ui.visit.shelf import Shelf
from foresight_ui.visit.state import AppState
from foresight_ui.visit.uploads import experiment_from_text
from foresight_ui.words import LANGUAGES, words

from foresight.actions import SUBREGIONS
from foresight.bounds import NUMBERS, RUNS
from foresight.cli import main as cli
from foresight.errors import InputError, Problem
from foresight.experiments.experiment import Experiment
from foresight.experiments.loading import load_experiment
from foresight.experiments.store import open_store
from foresight.facts.parameters import uncertainties
from foresight.facts.posterior import ESTIMATED
from foresight.runs import EFFECTS
from foresight.scenario.factors import factors
from foresight.scenario.loading import bundled, load_scenario
from foresight.texts import keys

Page = dict[str, Any]

PATIENCE = 60.0  # seconds

SMALL = """
id = "small"
scenarios = ["historical-pace", "baiji-returns"]
replicates = 4
outcomes = ["mean_delivered", "trust.Pacific", "delivered_share.LDC.rung_2", "completed"]
years = [2030, 2040]

[uncertainties]
delivery_rate = true
grace_years = true
trust_gain = { distribution = "triangular", mode = 0.15 }

[levers]
pledge_effort.transparency = { values = [1, 2, 4] }

[sampler]
method = "latin_hypercube"
n = 128
"""

WRONG = """
id = "Small one"
scenarios = ["historical-pass"]
replicates = 0
[uncertainties]
delivery_rat = true
sd_member = [5, 1]
[sampler]
method = "latin_hypercube"
"""

#: Languages in which the library has words for what it finds.
TOLD = [language for language in LANGUAGES if "sensitivity.wide" in keys(language)]


class Visit:
    """A visitor at the desk, with what the desk did."""

    def __init__(self) -> None:
        self.state = AppState()
        self.state.page = "experiments"
        self.shown = 0
        self.told: list[str] = []
        self.sent: list[Any] = []
        self.files: list[Any] = []
        means = Means(
            self._show,
            lambda _, text: self.told.append(text),
            self.sent.append,
            self._file,
            lambda make, then: then(make()),
            lambda call: call(),
        )
        self.desk = Desk(self.state, means)

    def _show(self) -> None:
        self.shown += 1

    def _file(self, _name: str, make: Callable[[], Any]) -> None:
        self.files.append(make())

    def do(self, act: str, **more: Any) -> None:
        self.desk.answer({"act": act, **more})

    def upload(self, text: str, name: str = "mine.toml") -> None:
        self.do("upload", name=name, text=text)

    @property
    def trial(self) -> Trial:
        assert self.state.laboratory.trial is not None
        return self.state.laboratory.trial

    def run(self) -> Trial:
        self.do("run")
        until(lambda: not self.trial.under_way)
        return self.trial

    def page(self, language: str = "en") -> Page:
        page = page_of(self.state, words(language), lambda *_: None)
        return dict(json.loads(json.dumps(page, allow_nan=False)))

    def whole_page(self, language: str = "en") -> Page:
        """Return the page once all of it has been worked out."""
        asked = asked_of(self.state.laboratory, self.trial.experiment)
        until(lambda: None not in (moves(self.trial, asked), conditions(self.trial, asked)))
        return self.page(language)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def flat(blocks: list[Page]) -> Iterator[Page]:
    for block in blocks:
        yield block
        yield from flat(block.get("blocks", []))


def buttons(page: Page) -> dict[str, Any]:
    found = [block for block in flat(page["blocks"]) if block["kind"] == "button"]
    return {block["message"].get("name", block["message"]["act"]): block for block in found}


def said_in(page: Page) -> str:
    return "\n".join(str(block.get("text", block.get("items", ""))) for block in flat(page["blocks"]))


def charts(page: Page) -> dict[str, Page]:
    return {block["spec"]["id"]: block for block in flat(page["blocks"]) if block["kind"] == "chart"}


def small_of(n: int) -> Experiment:
    return resized(small(), n)


def small(**changes: Any) -> Experiment:
    return experiment_from_text("mine.toml", SMALL, first_setting().scenario).model_copy(update=changes)


@pytest.fixture
def visit() -> Iterator[Visit]:
    visit = Visit()
    yield visit
    visit.state.laboratory.close()


@contextmanager
def held(turns: Turns) -> Iterator[Callable[[], None]]:
    """Hold all places that there are, until what this gives is called."""
    go_on, begun = threading.Event(), threading.Barrier(turns._threads + 1)

    def hold() -> None:
        begun.wait(PATIENCE)
        go_on.wait(PATIENCE)

    for number in range(turns._threads):
        turns.ask(number, "hold", hold)
    begun.wait(PATIENCE)
    try:
        yield go_on.set
    finally:
        go_on.set()


@pytest.fixture
def places() -> Iterator[Callable[[], None]]:
    with held(trial._RUNS) as go_on:
        yield go_on


@pytest.fixture
def looks() -> Iterator[Callable[[], None]]:
    with held(trial._LOOKS) as go_on:
        yield go_on


@pytest.fixture(scope="module")
def done() -> Iterator[Visit]:
    """A visitor whose small experiment is done; tests leave it as it is."""
    visit = Visit()
    visit.upload(SMALL)
    visit.run()
    yield visit
    visit.state.laboratory.close()


# --- Planned


def test_the_ready_made_experiment_varies_all_that_nobody_knows_on_top_of_what_is_open():
    setting = first_setting().changed({"levers.linking": 0.7, "run.seed": 11})
    experiment = ready_made(setting)
    assert set(experiment.varied) == {name for name, one in uncertainties().items() if not one.fixed}
    assert all(
        (one.low, one.high) == (factors()[name].parameter.low, factors()[name].parameter.high)
        for name, one in experiment.varied.items()
    )
    assert (experiment.points, experiment.replicates, experiment.seed) == (1024, 4, 11)
    assert (experiment.scenarios, experiment.years) == ((setting.scenario,), (2040,))
    assert tuple(map(str, experiment.outcomes)) == OUTCOMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_planned_is_said_with_ranges_and_sources(language: str, visit: Visit):
    visit.upload(SMALL)
    page = visit.page(language)
    (table,) = [block for block in flat(page["blocks"]) if block["kind"] == "table"]
    assert len(table["rows"]) == 4
    assert all(all(row) for row in table["rows"])
    assert words(language).count(1024) in said_in(page)
    assert buttons(page)["run"]["strong"]


def test_what_was_uploaded_gives_way_to_the_ready_made_experiment(visit: Visit):
    visit.upload(SMALL)
    assert visit.state.laboratory.planned(visit.state.setting).id == "small"
    assert "ready" in buttons(visit.page())
    visit.do("ready")
    assert visit.state.laboratory.planned(visit.state.setting) == ready_made(visit.state.setting)
    assert "ready" not in buttons(visit.page())


def test_problems_of_a_file_are_those_that_the_loader_tells(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text(WRONG, "utf-8")
    with pytest.raises(InputError) as of_file:
        load_experiment(path)
    with pytest.raises(InputError) as uploaded:
        experiment_from_text("mine.toml", WRONG, first_setting().scenario)
    assert uploaded.value.message() == of_file.value.message().replace(str(path), "mine.toml")


@pytest.mark.parametrize("text", ["", "id = ", "[[[", "id = 1\nid = 2", "scenarios = 3"])
def test_what_is_no_experiment_is_refused_by_name_and_changes_nothing(text: str, visit: Visit):
    visit.upload(SMALL)
    with pytest.raises(InputError, match=r"other\.toml"):
        visit.upload(text, "C:\\folder\\other.toml")
    assert visit.state.laboratory.planned(visit.state.setting).id == "small"


@pytest.mark.parametrize("effects", EFFECTS)
def test_an_experiment_has_the_effects_of_its_file(effects: str):
    text = SMALL.replace("[uncertainties]", f'effects = "{effects}"\n\n[uncertainties]', 1)
    experiment = resized(experiment_from_text("e.toml", text, first_setting().scenario), 64)
    assert experiment.effects == effects
    assert {"drawn": "anonymous draws", "posterior": "treaty records"}[effects] in design(experiment, words("en"))


def test_the_ready_made_experiment_varies_all_that_records_tell():
    """With draws of the posterior, what records leave open would count twice."""
    assert {*ESTIMATED} <= {*ready_made(first_setting()).varied}
    assert ready_made(first_setting()).effects == "drawn"


def test_the_scenario_that_is_open_can_be_named_and_other_files_are_never_read(tmp_path: Path):
    mine = load_scenario("baiji-returns", set={"levers.linking": 0.5}).model_copy(update={"id": "mine"})
    for name in ("mine", "mine.toml"):
        text = SMALL.replace('"historical-pace", "baiji-returns"', f'"{name}", "baiji-returns"')
        assert experiment_from_text("e.toml", text, mine).scenarios == (mine, load_scenario("baiji-returns"))
    secret = tmp_path / "secret.toml"
    secret.write_text(mine.to_toml(), "utf-8")
    text = SMALL.replace('"baiji-returns"', json.dumps(str(secret)))
    with pytest.raises(InputError) as refused:
        experiment_from_text("e.toml", text, mine)
    assert [problem.kind for problem in refused.value.problems] == ["unknown_scenario"]


def test_the_id_of_a_scenario_that_ships_means_the_one_that_ships():
    changed = first_setting().changed({"levers.linking": 0.5}).scenario
    assert experiment_from_text("e.toml", SMALL, changed).scenarios[0] == load_scenario("historical-pace")
    text = SMALL.replace('"historical-pace"', '"historical-pace.toml"')
    assert experiment_from_text("e.toml", text, changed).scenarios[0] == changed


def test_a_table_of_points_cannot_be_uploaded(tmp_path: Path):
    table = tmp_path / "points.csv"
    table.write_text("delivery_rate\n0.2\n", "utf-8")
    text = f'id = "t"\nscenarios = ["historical-pace"]\n[sampler]\nmethod = "table"\nfile = "{table}"\n'
    with pytest.raises(InputError, match=r"sampler\.file"):
        experiment_from_text("e.toml", text, first_setting().scenario)


def test_numbers_that_are_kept_are_bounded_too(visit: Visit):
    names = [f"offer.{one}" for one in SUBREGIONS] + [f"delivered_share.rung_{rung}" for rung in range(1, 5)]
    text = SMALL.replace('"trust.Pacific"', ", ".join(f'"{name}"' for name in names)).replace("[2030, 2040]", '"all"')
    visit.upload(text.replace("n = 128", "n = 20_000"))
    (problem,) = too_large(visit.state.laboratory.planned(visit.state.setting))
    assert (problem.kind, problem.details) == ("too_many_numbers", {"most": f"{NUMBERS.most:,}"})
    with pytest.raises(InputError, match="20,000,000"):
        visit.do("run")


def test_an_experiment_that_is_too_large_is_told_and_not_run(visit: Visit):
    visit.upload(SMALL.replace("n = 128", "n = 1_000_000"))
    planned = visit.state.laboratory.planned(visit.state.setting)
    assert runs_of(planned) == 8_000_000
    assert not fits(planned)
    page = visit.page()
    assert "run" not in buttons(page)
    assert "foresight sweep experiment.toml --out DIR" in said_in(page)
    with pytest.raises(InputError, match="200,000"):
        visit.do("run")
    assert visit.state.laboratory.trial is None
    visit.do("save", name="experiment.toml", planned=True)
    assert b"1000000" in visit.files[0][2]


@pytest.mark.parametrize(
    "data", [{}, {"act": "nothing"}, {"act": "choose", "name": "page", "value": "x"}, {"act": "grow", "n": -1}]
)
def test_what_the_desk_does_not_know_is_refused(data: dict[str, str], visit: Visit):
    with pytest.raises(InputError):
        visit.desk.answer(data)


# --- Run


def test_an_experiment_runs_into_a_folder_of_its_own_which_goes_with_it(visit: Visit):
    visit.upload(SMALL)
    trial = visit.run()
    assert trial.stage == DONE
    assert trial.done == trial.total == 1024
    assert open_store(trial.store.path).experiment.digest() == small().digest()
    assert any("1,024" in text for text in visit.told)
    folder = trial.store.path.parent
    assert folder.parent == Path(tempfile.gettempdir())
    visit.state.laboratory.close()
    until(lambda: not folder.exists())


@pytest.mark.costly
def test_a_new_experiment_takes_the_place_of_the_one_before(visit: Visit):
    visit.upload(SMALL)
    first = visit.run()
    assert "run" not in buttons(visit.page())
    visit.do("grow", n=130)
    until(lambda: not visit.trial.under_way)
    assert visit.trial is not first
    assert visit.trial.experiment.sampler.n == 130
    until(lambda: not first.store.path.exists())


@pytest.mark.costly
def test_an_experiment_can_be_cancelled_and_leaves_nothing(visit: Visit):
    visit.upload(SMALL.replace("n = 128", "n = 4000"))
    visit.do("run")
    visit.do("run")  # one at a time: nothing happens
    until(lambda: bool(visit.sent))
    progress = visit.sent[0]
    assert 0 < progress["done"] < progress["total"] == 32_000
    assert "left" in progress["text"]
    assert buttons(visit.page()).keys() == {"cancel"}
    visit.do("cancel")
    until(lambda: not visit.trial.under_way)
    assert visit.trial.stage == STOPPED
    assert not Path(visit.trial._folder.name).exists()
    assert "cancelled" in said_in(visit.page())
    assert "run" in buttons(visit.page())


@pytest.mark.costly
def test_giving_up_ends_between_blocks_of_a_part(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    """The sweep asks after each block of runs, not after a part of thousands."""
    asked, go_on, begun = [], threading.Event(), threading.Event()
    check = Trial._check_wanted

    def wait(one: Trial) -> None:
        asked.append(one.done)
        if len(asked) == 3:
            begun.set()
            go_on.wait(PATIENCE)
        check(one)

    monkeypatch.setattr(Trial, "_check_wanted", wait)
    visit.upload(SMALL)
    visit.do("run")
    assert begun.wait(PATIENCE)
    visit.do("cancel")
    go_on.set()
    until(lambda: visit.trial.stage == STOPPED)
    assert asked == [0, 0, 0]
    assert not Path(visit.trial._folder.name).exists()


@pytest.mark.costly
def test_a_visitor_who_leaves_takes_the_experiment_along_after_a_while(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("foresight_ui.desk.SHELF", Shelf(seconds=0.0))
    visit.upload(SMALL.replace("n = 128", "n = 4000"))
    visit.do("run")
    until(lambda: bool(visit.sent))
    trial = visit.trial
    visit.desk.close()
    until(lambda: trial.stage == STOPPED)
    assert not Path(trial._folder.name).exists()


@pytest.mark.costly
def test_what_is_under_way_for_who_has_left_makes_way_for_who_is_here(visit: Visit):
    left = Visit()
    left.upload(SMALL.replace("n = 128", "n = 4000"))
    left.do("run")
    until(lambda: bool(left.sent))
    gone = left.trial
    left.desk.close()
    assert gone.under_way
    visit.upload(SMALL)
    visit.do("run")
    until(lambda: visit.trial.stage == DONE)
    assert (gone.stage, left.state.laboratory.trial) == (STOPPED, None)


@pytest.mark.costly
def test_experiments_take_turns_and_one_is_told_ones_place(visit: Visit, places: Callable[[], None]):
    others = [Visit(), Visit()]
    for one in (*others, visit):
        one.upload(SMALL)
        one.do("run")
    assert [one.trial.stage for one in (*others, visit)] == [WAITING] * 3
    assert [one.trial.place for one in (*others, visit)] == [1, 2, 3]
    assert "Your place in the queue: 3." in said_in(visit.page())
    others[0].do("cancel")
    assert others[0].trial.stage == STOPPED
    assert [one["text"] for one in visit.sent] == ["Your place in the queue: 2. It starts by itself."]
    others[0].do("run")
    assert others[0].trial.place == 3
    places()
    for one in (*others, visit):
        until(lambda one=one: one.trial.stage == DONE)
        one.state.laboratory.close()


def test_what_goes_wrong_is_told(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    def full(*_: Any, **__: Any) -> None:
        raise InputError([Problem("folder", "", "disk_full")])

    monkeypatch.setattr("foresight_ui.runs.trial.sweep", full)
    visit.upload(SMALL)
    assert visit.run().stage == FAILED
    assert "the disk is full" in said_in(visit.page())
    monkeypatch.setattr("foresight_ui.runs.trial.sweep", lambda *_, **__: 1 / 0)
    visit.run()
    assert words("en").say("message.fault") in said_in(visit.page())


@pytest.mark.costly
def test_elsewhere_a_visitor_is_told_once_that_it_is_done(visit: Visit):
    visit.upload(SMALL)
    visit.state.page = "about"
    shown = visit.shown
    visit.run()
    until(lambda: len(visit.told) == 2)  # the upload, and the end
    assert visit.shown == shown + 1  # by the button itself
    visit.state.page = "experiments"
    visit.whole_page()
    assert len(visit.told) == 2


def test_how_long_it_takes_is_learnt():
    pace = Pace()
    pace.learn(10_000, 20.5)
    assert pace.expected(20_000) == pytest.approx(40.5)


# --- What came of it


@pytest.mark.costly
@pytest.mark.parametrize("language", TOLD)
def test_what_came_of_it_is_told_in_every_language(language: str, done: Visit):
    page = done.whole_page(language)
    assert charts(page).keys() == {"bands", "moves"}
    assert len(charts(page)["moves"]["data"]["rows"]) == 4
    assert buttons(page)["load"]["page"] == "explore"


def test_the_two_bands_are_of_point_means_and_of_the_runs_of_a_point(done: Visit):
    asked = asked_of(done.state.laboratory, done.trial.experiment)
    found = bands(done.trial.store, asked)
    table = done.trial.store.table(["mean_delivered"], years=[2040], where="scenario == 'historical-pace'")
    values = table["mean_delivered"].to_numpy().reshape(128, 4)
    assert (found.points, found.replicates) == (128, 4)
    low, middle, high = np.quantile(values.mean(axis=1), [0.1, 0.5, 0.9], method="median_unbiased")
    assert found.unknown == pytest.approx((low, middle, high))
    ends = np.quantile(values, [0.1, 0.5, 0.9], axis=1, method="median_unbiased")
    assert found.chance == pytest.approx(tuple(np.median(ends, axis=1)))
    rows = charts(done.page())["bands"]["data"]["rows"]
    assert [(row["low"], row["high"]) for row in rows] == [
        (found.unknown[0], found.unknown[2]),
        (found.chance[0], found.chance[2]),
    ]
    assert sum(found.shares.values()) == pytest.approx(1)


@pytest.mark.costly
@pytest.mark.parametrize("effects", EFFECTS)
def test_the_band_of_chance_says_where_it_includes_draws_of_the_posterior(visit: Visit, effects: str):
    visit.upload(SMALL.replace("[uncertainties]", f'effects = "{effects}"\n\n[uncertainties]', 1))
    visit.run()
    note = charts(visit.page())["bands"]["spec"]["note"]
    assert words("en").say("experiments.bands_note") in note
    assert (words("en").say("effects.in_chance") in note) == (effects == "posterior")


@pytest.mark.costly
def test_with_one_run_a_point_there_is_no_band_of_chance(visit: Visit):
    visit.upload(SMALL.replace("replicates = 4", "replicates = 1"))
    visit.run()
    page = visit.whole_page()
    assert charts(page)["bands"]["data"]["rows"][1]["low"] is None
    assert words("en").say("experiments.chance_missing") in said_in(page)
    assert words("en").say("experiments.no_shares") in said_in(page)


def test_what_stands_clear_comes_first_and_alone_is_solid(done: Visit):
    page = done.whole_page()
    asked = asked_of(done.state.laboratory, done.trial.experiment)
    looked = moves(done.trial, asked)
    assert looked is not None
    sensitivity = looked.found
    in_front = clear(sensitivity)
    assert in_front == {name for group in sensitivity.tiers[:-1] for name in group}
    rows = charts(page)["moves"]["data"]["rows"]
    behind = [factors()[name].label() for name in sensitivity.factors if name not in in_front]
    assert [row["label"] for row in rows[len(in_front) :]] == behind
    values = [row["mean"] for row in rows[: len(in_front)]]
    assert values == sorted(values, reverse=True)
    assert [row["hollow"] for row in rows] == [False] * len(in_front) + [True] * len(behind)
    assert all(row["p10"] <= row["low"] <= row["mean"] <= row["high"] <= row["p90"] for row in rows)


def test_the_headline_is_what_stands_clear_and_the_verdict_is_behind_a_click(done: Visit):
    page = done.whole_page()
    asked = asked_of(done.state.laboratory, done.trial.experiment)
    looked = moves(done.trial, asked)
    assert looked is not None
    leads = [block["text"] for block in page["blocks"] if block.get("tone") == "lead"]
    assert standing(looked.found, words("en")) in leads
    assert not any("N =" in block.get("text", "") for block in page["blocks"])
    (firm,) = [block for block in page["blocks"] if block.get("name") == "firm"]
    assert "N = 128" in said_in(firm)


def test_what_is_nearly_constant_is_said_to_be():
    found = SimpleNamespace(tiers=(), verdict="nearly_constant", odd=2, used=300)
    assert "2 of 300 points differ" in standing(found, words("en"))


def sensitivity_of(groups: Sequence[int]) -> Any:
    """Return what was found where groups of so many factors stand apart."""
    names = iter(factors())
    tiers = tuple(tuple(next(names) for _ in range(count)) for count in groups)
    every = [name for group in tiers for name in group]
    main = pd.DataFrame({"factor": every, "value": 0.5, "low": 0.4, "high": 0.6})
    return SimpleNamespace(tiers=tiers, main=main, verdict="wide" if groups else "few")


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ((1, 36), "{0} moves it most (0.50, 0.40 to 0.60). The other 36 cannot be told apart."),
        ((1, 2, 34), "{0} moves it most (0.50, 0.40 to 0.60). Then: {1}, {2}. The other 34 cannot be told apart."),
        ((2, 1), "{0}, {1}: one of these moves it most; which, cannot be told. Then: {2}."),
        (
            (1, 11, 25),
            "{0} moves it most (0.50, 0.40 to 0.60). The next 11 cannot be told apart; more after them: 25.",
        ),
        (
            (37,),
            "What moves it most cannot be told yet: 37 numbers may. {0} has the largest estimate (0.50, 0.40 to 0.60).",
        ),
        ((), "There are too few points to tell what moves it."),
    ],
)
def test_groups_are_told_as_far_as_they_stand_apart(groups: Sequence[int], said: str):
    labels = [one.label() for one in factors().values()]
    assert standing(sensitivity_of(groups), words("en")) == said.format(*labels)


def test_an_experiment_that_is_too_small_names_the_size_to_try(visit: Visit):
    visit.upload(SMALL.replace("n = 128", "n = 40"))
    visit.run()
    page = visit.whole_page()
    assert "N = 40 is too few to rank; try N = " in said_in(page)
    assert buttons(page)["grow"]["message"]["n"] > 40
    visit.do("grow", n=buttons(page)["grow"]["message"]["n"])
    assert visit.trial.experiment.sampler.n == buttons(page)["grow"]["message"]["n"]


def test_only_samplers_with_a_size_grow():
    grid = small(sampler=small().sampler.model_copy(update={"method": "full_factorial", "n": None, "levels": 2}))
    assert resized(grid, 500) is grid
    assert runs_of(resized(small(), RUNS.most)) > RUNS.most


@pytest.mark.costly
def test_what_is_looked_at_can_be_chosen(done: Visit):
    before = dict(done.state.laboratory.chosen)
    try:
        for name, value in {"outcome": "trust.Pacific", "year": "2030", "scenario": "baiji-returns"}.items():
            done.do("choose", name=name, value=value)
        asked = asked_of(done.state.laboratory, done.trial.experiment)
        assert asked[:3] == ("trust.Pacific", 2030, "baiji-returns")
        page = done.whole_page()
        assert charts(page)["bands"]["spec"]["title"] == "Trust: Pacific"
        assert "2030" in charts(page)["moves"]["spec"]["title"]
        done.do("choose", name="outcome", value="nothing")
        assert asked_of(done.state.laboratory, done.trial.experiment).outcome == "mean_delivered"
        done.do("choose", name="outcome", value="delivered_share.LDC.rung_2")
        assert charts(done.page())["bands"]["spec"]["title"].endswith("step 2")
    finally:
        done.state.laboratory.chosen = before


def test_results_stay_when_something_else_is_opened_and_say_so(done: Visit):
    note = words("en").say("experiments.changed")
    assert note not in said_in(done.page())
    done.state.laboratory.plan(None)
    try:
        assert note in said_in(done.page())
        assert "run" in buttons(done.page())
    finally:
        done.upload(SMALL)
    assert note not in said_in(done.page())


@pytest.mark.costly
def test_conditions_are_opened_as_a_scenario_and_undone(visit: Visit):
    visit.upload(SMALL)
    visit.run()
    visit.whole_page()
    before = visit.state.setting
    visit.do("load")
    looked = conditions(visit.trial, asked_of(visit.state.laboratory, visit.trial.experiment))
    assert looked is not None
    box = looked.found.discovery.boxes[0]
    opened = visit.state.setting.scenario
    for name, (low, high) in box.limits.items():
        value = getattr(opened.uncertainties, name)
        assert (-math.inf if low is None else low) <= value <= (math.inf if high is None else high)
    assert visit.state.page == "explore"
    assert visit.state.kept[opened.id] == opened
    visit.state.undo()
    assert visit.state.setting == before


@pytest.mark.costly
def test_what_is_missing_for_discovery_is_named(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    problem = Problem("Python", "sklearn", "needs_extra", details={"extra": "explore"})

    def missing(*_: Any, **__: Any) -> None:
        raise InputError([problem])

    monkeypatch.setattr(inquiry, "discover", missing)
    visit.upload(SMALL)
    visit.run()
    page = visit.whole_page()
    assert "foresight-escap[explore]" in said_in(page)
    assert "load" not in buttons(page)
    visit.do("load")
    assert visit.state.page == "experiments"


def test_a_fault_of_an_analysis_is_told_and_the_rest_is_shown(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inquiry, "analyze", lambda *_: 1 / 0)
    visit.upload(SMALL)
    visit.run()
    page = visit.whole_page()
    assert words("en").say("message.fault") in said_in(page)
    assert charts(page).keys() == {"bands"}
    assert "load" in buttons(page)


@pytest.mark.costly
def test_what_nobody_looks_at_any_more_is_not_worked_out(done: Visit, looks: Callable[[], None]):
    found: list[str] = []
    for about in ("one", "two", "three", "two"):
        assert done.trial.look("test", about, lambda _, about=about: found.append(about) or about) is None
    looks()
    until(lambda: done.trial.look("test", "two", lambda _: None) is not None)
    assert found == ["two"]


def test_an_experiment_that_has_been_taken_away_is_not_read(visit: Visit):
    """Whoever grows an experiment while a page is made of it never hears of a folder of the server."""
    visit.upload(SMALL)
    trial = visit.run()
    visit.state.laboratory.close()
    visit.state.laboratory.trial = trial  # as a page has it that is being made
    assert charts(visit.page()) == {}
    with pytest.raises(InputError) as refused:
        visit.do("save", name="runs")
    assert str(trial._folder.name) not in refused.value.message()


def test_a_fault_of_the_disk_names_no_folder(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    def full(_: Any, path: Path, **__: Any) -> None:
        raise InputError([Problem(str(path / "manifest.json"), "", "disk_full")])

    monkeypatch.setattr("foresight_ui.runs.trial.sweep", full)
    visit.upload(SMALL)
    visit.run()
    assert visit.trial.problem.message().startswith("the disk is full")
    assert "foresight-" not in said_in(visit.page())


# --- Coming back


def back(visit: Visit) -> Visit:
    """Return the visitor after a reload, with what the browser kept."""
    again, before = Visit(), unpacked(packed(visit.state))
    again.state.take_over(before)
    again.desk.come_back(before.laboratory)
    return again


def test_runs_and_what_was_chosen_come_back_once(visit: Visit):
    visit.upload(SMALL)
    trial = visit.run()
    visit.do("choose", name="outcome", value="trust.Pacific")
    kept = packed(visit.state)
    again = back(visit)
    assert again.trial is trial
    assert visit.state.laboratory.trial is None
    assert again.told == []
    assert asked_of(again.state.laboratory, trial.experiment).outcome == "trust.Pacific"
    assert charts(again.page())["bands"]["spec"]["title"] == "Trust: Pacific"
    third, before = Visit(), unpacked(kept)
    third.desk.come_back(before.laboratory)
    assert third.state.laboratory.trial is None
    assert third.state.laboratory.planned(third.state.setting).digest() == trial.experiment.digest()
    assert third.told == [words("en").say("experiments.gone")]
    again.state.laboratory.close()


def test_a_plan_comes_back_in_its_size_without_runs(visit: Visit):
    visit.upload(SMALL)
    visit.state.laboratory.size = 200
    again = back(visit)
    assert again.state.laboratory.planned(again.state.setting).digest() == small_of(200).digest()
    assert again.told == []
    assert again.state.laboratory.name != visit.state.laboratory.name


@pytest.mark.costly
def test_an_experiment_that_runs_goes_on_for_who_comes_back(visit: Visit):
    visit.upload(SMALL)
    visit.do("run")
    visit.desk.close()  # the connection is lost
    again = back(visit)
    until(lambda: again.trial.stage == DONE)
    until(lambda: bool(again.told))
    assert again.told == [words("en").say("experiments.finished", runs="1,024")]
    again.state.laboratory.close()


def test_the_name_of_an_experiment_is_in_no_link(visit: Visit):
    visit.upload(SMALL)
    visit.run()
    name = visit.state.laboratory.name
    assert name not in json.dumps(unpack(visit.state.link({})))
    assert name in json.dumps(unpack(packed(visit.state)))


def test_of_those_who_have_left_the_first_gives_way():
    shelf, labs = Shelf(most=2), [Laboratory() for _ in range(3)]
    for lab in labs:
        lab.trial = Trial(small(), lambda *_: None)
        shelf.hold(lab)
        shelf.leave(lab)
    assert [lab.trial is None for lab in labs] == [True, False, False]
    for lab in labs[1:]:
        claimed = shelf.claim(lab.name)
        assert claimed is not None
        claimed.close()


# --- Handed on


def test_the_file_of_an_experiment_is_the_experiment(done: Visit, tmp_path: Path):
    changed = first_setting().changed({"levers.linking": 0.5})
    experiment = ready_made(changed)
    for name in ("experiment.toml", *scenario_files(experiment)):
        path, _, content = plan_of(experiment, name)
        (tmp_path / path).write_bytes(content)
    assert list(scenario_files(experiment)) == ["historical-pace.toml"]
    assert load_experiment(tmp_path / "experiment.toml").digest() == experiment.digest()
    assert scenario_files(done.trial.experiment) == {}
    with pytest.raises(InputError):
        plan_of(experiment, "../secret")


def test_tables_have_all_runs_of_a_year_and_all_points(done: Visit):
    done.do("save", name="runs")
    done.do("save", name="points")
    runs, points = (list(csv.DictReader(io.StringIO(content.decode()))) for _, _, content in done.files[-2:])
    assert [name for name, _, _ in done.files[-2:]] == ["small-runs.csv", "small-points.csv"]
    assert len(runs) == 1024
    assert {row["year"] for row in runs} == {"2040"}
    assert {row["scenario"] for row in runs} == {"historical-pace", "baiji-returns"}
    assert len(points) == 256
    assert set(points[0]) == {"point", "scenario", *done.trial.experiment.varied}
    with pytest.raises(InputError):
        table_of(done.trial.store, "manifest", 2040)


@pytest.mark.costly
def test_command_lines_and_python_make_the_same_runs(
    done: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    asked = asked_of(done.state.laboratory, done.trial.experiment)
    (tmp_path / "experiment.toml").write_bytes(plan_of(done.trial.experiment, "experiment.toml")[2])
    for line in commands(done.trial, asked).splitlines():
        program, *given = shlex.split(line)
        assert program == "foresight"
        with signals_kept(), pytest.raises(SystemExit) as ending:
            cli.main(given)
        assert not ending.value.code, capsys.readouterr().err
    assert open_store(tmp_path / "store").manifest["parts"] == done.trial.store.manifest["parts"]
    until(lambda: moves(done.trial, asked) is not None)
    capsys.readouterr()
    exec(python(done.trial, asked).replace("'store'", "'again'"), {})
    assert capsys.readouterr().out.strip() == moves(done.trial, asked).found.sentence()


# --- Several futures

SEVERAL = """
id = "several"
scenarios = ["historical-pace", "baiji-returns"]
replicates = 2
outcomes = ["mean_delivered"]
years = [2040]
[uncertainties]
delivery_rate = true
[sampler]
method = "latin_hypercube"
n = 100
"""


def test_the_open_future_is_put_to_the_same_test_as_those_that_ship(visit: Visit):
    visit.do("strategies")
    planned = visit.state.laboratory.planned(visit.state.setting)
    assert planned.scenarios[0] == visit.state.future.scenario
    assert {one.id for one in planned.scenarios} == set(bundled())
    assert planned.varied == ready_made(visit.state.future).varied
    assert "put to the same test" in said_in(visit.page())
    assert "strategies" not in buttons(visit.page())


@pytest.fixture(scope="module")
def several() -> Iterator[Visit]:
    """A visitor whose experiment on two futures is done."""
    visit = Visit()
    visit.upload(SEVERAL)
    visit.run()
    asked = asked_of(visit.state.laboratory, visit.trial.experiment)
    until(lambda: inquiry.holds_up(visit.trial, asked) is not None)
    yield visit
    visit.state.laboratory.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_which_future_holds_up_is_said_drawn_and_tabled(language: str, several: Visit):
    page = several.whole_page(language)
    asked = asked_of(several.state.laboratory, several.trial.experiment)
    looked = inquiry.holds_up(several.trial, asked)
    assert looked is not None
    stress = looked.found
    titles = [title_of(one, words(language)) for one in several.trial.experiment.scenarios]
    rows = charts(page)["robustness"]["data"]["rows"]
    assert [row["label"] for row in rows] == titles
    assert [row["mean"] for row in rows] == stress.rows_of("satisficing")["value"].tolist()
    (table,) = [block for block in flat(page["blocks"]) if block.get("save") == "robustness"]
    assert [row[0] for row in table["rows"]] == titles
    assert stress.sentence(language, dict(zip(stress.strategies, titles, strict=True))).splitlines()[0] in said_in(page)


def test_the_command_for_several_futures_says_the_same(several: Visit):
    asked = asked_of(several.state.laboratory, several.trial.experiment)
    line = commands(several.trial, asked).splitlines()[-1]
    assert shlex.split(line)[:4] == ["foresight", "stress", "historical-pace", "baiji-returns"]
    assert shlex.split(line)[shlex.split(line).index("--target") + 1] == inquiry.target_of(several.trial.store, asked)


def test_where_levers_vary_nothing_is_said_of_which_future_holds_up(done: Visit):
    assert "robustness" not in charts(done.whole_page())
    assert "stress" not in commands(done.trial, asked_of(done.state.laboratory, done.trial.experiment))


def test_rules_by_name_are_for_the_command_line():
    experiment = experiment_from_text(
        "mine.toml", f'{SEVERAL}[structure]\ngate = {{ values = ["calendar"] }}\n', first_setting().scenario
    )
    assert [problem.kind for problem in too_large(experiment)] == ["no_sensitivity"]
