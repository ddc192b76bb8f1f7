"""The interface says everything in every language, and nothing that it does not need."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import product
from pathlib import Path
from string import Formatter

import foresight_ui
import pytest
from drafted import WHOLE
from foresight_ui.menu import PAGES
from foresight_ui.pages import about, compare
from foresight_ui.parts import together
from foresight_ui.parts.facts import DIGITS, FACTS
from foresight_ui.parts.first import TILES
from foresight_ui.parts.levers import GROUPS
from foresight_ui.parts.unknowns import _COLUMNS
from foresight_ui.runs.picture import GROUPS as CHARTED
from foresight_ui.runs.picture import MAP, TABS
from foresight_ui.serving.guards import REASONS
from foresight_ui.sharing import NUMBERS
from foresight_ui.visit.brief import BRIEF
from foresight_ui.visit.files import KINDS, TABLES
from foresight_ui.visit.questions import SPLIT, TRUST, WAYS
from foresight_ui.words import LANGUAGES, Words, catalogue, own_texts, wished, words

from foresight.actions import ACTIONS, DOMAINS, RUNGS, SUBREGIONS
from foresight.analysis.indices import METHODS as ESTIMATORS
from foresight.analysis.robustness import MEASURES
from foresight.experiments.distributions import KINDS as KINDS_OF_DISTRIBUTIONS
from foresight.experiments.sampler import DESIGNS
from foresight.facts.bodies import memberships
from foresight.facts.members import FISCAL_CAPACITY, REGION, member_codes, member_table
from foresight.facts.parameters import TAGS, all_parameters, levers
from foresight.results.attribution import EXPLAINED
from foresight.results.obstacles import SIDES
from foresight.results.outcomes import OUTCOMES
from foresight.results.series import MEASURED
from foresight.runs import EFFECTS
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.schema import GATES, TAKING_PART, Event
from foresight.texts import drafts, keys

UI = Path(foresight_ui.__file__).parent

#: What stands for the part of a key that is put in as the program runs, by the key with its gaps.
FILLED: Mapping[str, Iterable[str]] = {
    "refused.{}": {*REASONS.values(), "malformed"},
    "unit.{}": {one.unit for one in all_parameters().values()} | {one.unit for one in OUTCOMES.values()},
    "tag.{}": TAGS,
    "action.{}": (*ACTIONS, "all"),
    "gate.{}": GATES,
    "taking_part.{}": TAKING_PART,
    "income_group.{}": FISCAL_CAPACITY,
    "origin.{}": ("document", "project"),
    "levers.{}": (*GROUPS, "pledge_effort", "delivery_effort", "seed", "replicates", "effects", "coalition", "events"),
    "levers.effects_{}": EFFECTS,
    "explore.effects_{}": EFFECTS,
    "effects.range_{}": EFFECTS,
    "experiments.effects_{}": EFFECTS,
    "stress.{}": MEASURES,
    "value.{}": ("yes", "no"),
    "headline.{}": NUMBERS,
    "menu.{}": PAGES,
    "first.{}": TILES,
    "tile.{}": TILES,
    "first.tab_{}": TABS[:-1],
    "first.group_{}": SUBREGIONS,
    "members.kind_{}": set(member_table()["kind"]),
    "scope.{}": ("subregions", "groups", "bodies", "members"),
    "country.{}": ("ahead", "behind", "level"),
    "country.help_{}": SIDES,
    "country.situation_{}": ("LDC", "LLDC", "SIDS"),
    "country.fact_{}": FACTS,
    "country.unit_{}": DIGITS,
    "members.side_{}": SIDES,
    "obstacle.{}": {name for side in SIDES.values() for name in side},
    "outcome.{}": {*EXPLAINED, *together._TOLD, *(name.partition(".")[0] for name in compare.COMPARED)} | {*MEASURED},
    "why.ask_{}": (SPLIT, WAYS, TRUST),
    "problem.{}": (),  # of the library
    "problem_part.{}": ("nearest", "given", "allowed"),
    "log.{}": ("coalitions", "events", "new", "changed", "gone", "undone", "redone"),
    "future.{}": [f"{how}_{kind}" for how in ("new", "other", "without") for kind in ("coalition", "event")],
    "experiments.sampler_{}": {*DESIGNS} - {"table"},  # which nobody can upload
    "experiments.drawn_{}": KINDS_OF_DISTRIBUTIONS,
    "experiments.save_{}": TABLES,
    "experiments.{}": _COLUMNS,
    "sensitivity.{}": ("converged", "wide", "wide_ordered", "few", "constant"),
    "sensitivity.index_{}": {method.indices[0] for method in ESTIMATORS.values()},
    "assumptions.{}": ("people", "environment"),
    "group_short.{}": (*CHARTED, "LDC", "LLDC", "SIDS"),
    "map.{}": {name.partition(".")[0] for name in MAP},
    "weakness.{}": about.WEAKNESSES,
    "what.{}": about.WHAT,
    "keys.{}": about.KEYS,
    "workshop.card.{}.text": (),  # of the library
    "kit.press.{}": (),  # as above
    "kit.file.{}.title": (),  # as above
    "host.{}": (),  # as above
}

#: Sentences of the headline, with what stands in their gaps.
HEADLINE: Mapping[str, Mapping[str, object]] = {
    "ahead": {"gap": 1},
    "behind": {"gap": 1},
    "completed": {"completed": 1, "runs": 1},
    "by_calendar": {},
    "sentence": dict.fromkeys(
        ("title", "year", "delivered", "low", "high", "trust", "start", "first", "overdue", "ldc", "opened", "range"),
        "",
    ),
}

#: The same for the keys of the browser.
FILLED_BY_BROWSER: Mapping[str, Iterable[str]] = {
    "export_{}": (*KINDS, BRIEF),
    "phase_years_{}": "234",
    "download_{}": ("png", "svg", "csv"),
}

#: What the makers of buttons and numbers of the browser are given to name them.
BY_KEY = ("f_change", "remove", "f_continue", "f_forget", "year", "resources_lost", "trust_change", "capacity_change")

#: Names of variables that hold keys in the browser.
KEYS_IN_VARIABLES: Mapping[str, Iterable[str]] = {"label": ("undo", "redo"), "key": BY_KEY}


#: Counts that are never one, by the key of their text: runs on the screen are 200 at least, and so on.
NEVER_ONE = {
    *("client.n_runs", "explore.runs", "future.made", "compare.paired", "ladder.shares", "ladder.chances"),
    *("opening.years", "standing.open", "why.ways_how", "why.points", "scope.points", "why.trust", "why.trust_title"),
    *("wall.points", "wall.all_paid", "wall.rider", "wall.rider_nothing", "wall.rider_lost"),  # of all that there are
    "wall.added_size",  # as above, of members
}


def filled(key: str, values: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the keys that a key with gaps stands for; KeyError if nobody says which."""
    gaps = key.count("{}")
    return (key.format(*parts) for parts in product(values[key], repeat=gaps))


def used_in_python() -> set[str]:
    return {key for path in UI.rglob("*.py") for key in used_in(ast.parse(path.read_text("utf-8")))}


def used_in(tree: ast.Module) -> Iterator[str]:
    """Yield every key that a module says."""
    choices = listed_choices(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
            yield from said(node.args[0], choices, tree)


def listed_choices(tree: ast.Module) -> dict[int, dict[str, list[str]]]:
    """Return the texts that a variable of a comprehension runs through, where they are written out."""
    found: dict[int, dict[str, list[str]]] = {}
    for node in ast.walk(tree):
        for one in getattr(node, "generators", []):
            if isinstance(one.target, ast.Name) and isinstance(one.iter, ast.Tuple):
                values = [part.value for part in one.iter.elts if isinstance(part, ast.Constant)]
                for inner in ast.walk(node):
                    found.setdefault(id(inner), {})[one.target.id] = values
    return found


def said(node: ast.expr, choices: Mapping[int, Mapping[str, list[str]]], tree: ast.Module) -> Iterator[str]:
    """Yield the keys that an argument may be."""
    match node:
        case ast.Constant():
            yield str(node.value)
        case ast.IfExp():
            yield from (key for part in (node.body, node.orelse) for key in said(part, choices, tree))
        case ast.JoinedStr():
            gaps = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            key = "".join("{}" if isinstance(part, ast.FormattedValue) else part.value for part in node.values)
            written = choices.get(id(node), {})
            if len(gaps) == 1 and isinstance(gaps[0], ast.Name) and gaps[0].id in written:
                yield from (key.format(value) for value in written[gaps[0].id])
            else:
                yield from filled(key, FILLED)
        case ast.Name():  # handed in: the keys that the module names
            texts = {part.value for part in ast.walk(tree) if isinstance(part, ast.Constant)}
            yield from texts & set(catalogue("en"))
        case _:
            raise AssertionError(f"what does {ast.unparse(node)} say?")


def used_in_browser() -> set[str]:
    """Return every key that the browser says by itself."""
    found = set()
    for path in sorted(path for path in (UI / "assets").rglob("*.js") if path.parent.name != "room"):
        script = path.read_text("utf-8")
        found |= {*re.findall(r'\bsay\("(\w+)"', script), *re.findall(r"\bwords\.(\w+)", script)}
        gaps = re.findall(r"(?:\bsay\(|\bwords\[)`([^`]+)`", script)
        found |= {key for one in gaps for key in filled(re.sub(r"\$\{\w+\}", "{}", one), FILLED_BY_BROWSER)}
        for name in re.findall(r"\.say\((\w+)[,)]", script):
            found |= set(KEYS_IN_VARIABLES[name])
    return found - {"locale"}  # which is no text


def test_every_text_that_is_said_exists_and_every_text_is_said():
    rooms = ("room.", "phone.", "desk.", "wall.")  # see test_room_texts.py
    known = {key for key in catalogue("en") if not key.startswith(rooms)}
    browser = {f"client.{key}" for key in used_in_browser()}
    used = used_in_python()
    assert used - known - keys("en") == set()
    assert browser - known == set()
    assert known - used - browser - {"language"} == set()


def test_a_text_is_in_one_catalogue_alone_but_for_units_that_count_steps():
    assert set(catalogue("en")) & keys("en") == {"unit.rung", "unit.account"}


#: What the model calls a rung, by language; Russian has one word for both.
MODEL_TERMS: Mapping[str, str] = {"en": r"\brungs?\b", "zh": "级", "fr": r"\béchelons?\b"}


@pytest.mark.parametrize("language", MODEL_TERMS)
def test_a_step_is_called_a_step(language: str):
    said = words(language)
    texts = [*catalogue(language).values(), *(said.say(f"results.{one}", **gaps) for one, gaps in HEADLINE.items())]
    texts += [text for one in all_parameters().values() for text in (said.label(one), said.meaning(one))]
    texts += [said.effects(event) for one in map(load_scenario, bundled()) for event in one.events]
    named = re.compile(MODEL_TERMS[language], re.IGNORECASE)
    assert [text for text in texts if named.search(text.replace("{rung}", ""))] == []


@pytest.mark.parametrize("language", WHOLE)
def test_every_whole_catalogue_has_the_same_keys(language: str):
    assert own_texts(language).keys() == own_texts("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_placeholders_of_english(language: str):
    own, english = placeholders(language), placeholders("en")
    assert own == {key: english.get(key) for key in own}


def placeholders(language: str) -> dict[str, set[str]]:
    parsed = {key: Formatter().parse(text) for key, text in own_texts(language).items()}
    return {key: {name for _, name, _, _ in parts if name is not None} for key, parts in parsed.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_padded(language: str):
    free = {"sentence.stop", "sentence.end"}
    texts = {key: text for key, text in catalogue(language).items() if key not in free}
    assert {key for key, text in texts.items() if not text or text != text.strip()} == set()


def test_no_line_of_french_begins_with_a_sign_or_ends_with_an_opening_quote():
    torn = re.compile(r"\S [:;?!»%](?=[\s.,)]|$)|« ")
    assert [text for text in catalogue("fr").values() if torn.search(text)] == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_sentences_are_translated(language: str):
    """What is the same in another language has a word or two."""
    same = {key: text for key, text in own_texts(language).items() if text == catalogue("en")[key]}
    assert {key: text for key, text in same.items() if len(re.findall(r"[A-Za-z]{2,}", text)) > 3} == {}


def test_catalogues_are_written_in_the_same_order():
    def sections(language: str) -> list[str]:
        return list(tomllib.loads(files("foresight_ui.locale").joinpath(f"{language}.toml").read_text("utf-8")))

    assert [sections(language) for language in LANGUAGES] == [sections("en")] * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_name(language: str):
    said = words(language)
    names = [said.action(one) for one in (*ACTIONS, "all")]
    names += [said.action_name(one) for one in ACTIONS]
    names += [said.domain(one) for one in DOMAINS]
    names += [said.member(one) for one in member_codes()]
    names += [said.body(one) for one in memberships()]
    names += [said.group(one) for one in (REGION, *SUBREGIONS, "LDC", "LLDC", "SIDS")]
    names += [said.scope(one) for one in ("all", *SUBREGIONS, *memberships(), *member_codes())]
    names += [part for one in ACTIONS for rung in range(1, RUNGS + 1) for part in said.rung(one, rung)]
    for one in all_parameters().values():
        names += [said.label(one), said.meaning(one), said.source(one)]
    for at, mark in enumerate(levers()["pledge_effort"].marks, start=1):
        names.append(said.mark(mark, at))
    for scenario in map(load_scenario, bundled()):
        names += [said.title(scenario), said.storyline(scenario)]
        names += [part for event in scenario.events for part in (said.event(event.name), said.effects(event))]
    assert all(name and name == name.strip() for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_one_kind_are_all_different(language: str):
    said = words(language)
    for name, codes in (
        (said.member, member_codes()),
        (said.body, memberships()),
        (said.action, ACTIONS),
        (said.domain, DOMAINS),
    ):
        assert len({name(code) for code in codes}) == len(codes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_and_value_has_words(language: str):
    said = words(language)
    paths = [f"uncertainties.{name}" for name in all_parameters() if name not in levers()]
    paths += [f"levers.{name}.{action}" for name in ("pledge_effort", "delivery_effort") for action in ACTIONS]
    paths += [f"coalition.front.runners.pledge_effort.{action}" for action in ACTIONS]
    paths += ["coalition.a.b.members", "coalition.a.bodies", "members.FJI.ldc", "members.FJI.from"]
    paths += ["structure.gate", "structure.gate_from", "structure.members", "structure.levers_from"]
    paths += ["run.seed", "run.replicates", "run.effects"]
    assert all(said.setting(path) for path in paths)
    values = [("structure.gate", one) for one in GATES] + [("structure.members", one) for one in TAKING_PART]
    values += [("members.FJI.income_group", one) for one in FISCAL_CAPACITY]
    values += [("coalition.a.members", ("FJI",)), ("coalition.a.bodies", ("ASEAN",))]
    values += [("run.effects", one) for one in EFFECTS]
    values += [("members.FJI.ldc", True), ("levers.linking", None), ("levers.linking", "")]
    assert all(said.named_value(path, value) for path, value in values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", ["all", "SEA", "ASEAN", ["FJI", "NPL"]])
def test_what_an_event_does_is_said(language: str, scope: str | list[str]):
    effects = {"resources_lost": 0.125, "trust": -0.1, "capacity": 0.2, "pledged": {"solidarity": -1}}
    event = Event.model_validate({"name": "storm", "year": 2030, "scope": scope, **effects})
    told = words(language).happening(event)
    assert all(one in told for one in ("2030", "12", "+0", "-1", words(language).action("solidarity")))


@pytest.mark.parametrize(
    ("language", "number", "share", "value"),
    [
        ("en", "1.50", "12%", "0.25"),
        ("zh", "1.50", "12%", "0.25"),
        ("fr", "1,50", "12\u00a0%", "0,25"),
        ("ru", "1,50", "12\u00a0%", "0,25"),
    ],
)
def test_numbers_are_written_as_in_the_language(language: str, number: str, share: str, value: str):
    said = words(language)
    narrow, wide = "\u202f", "\u00a0"  # the blank of French has become narrow
    assert (said.number(1.5), said.share(0.12).replace(narrow, wide), said.value(0.25)) == (number, share, value)
    assert said.number(-0.001) == said.number(0)
    assert said.signed(1.5) == f"+{number}"
    assert said.signed(-1.5) == f"-{number}"
    assert said.signed(0.001) == said.number(0)
    assert said.share(0.001).startswith("<1")
    assert said.share(0.0).startswith("0")
    assert said.value((0.25, 0.25, 0.25)) == value
    assert said.value([0.25, 1.0, 2]) == f"{value} · 1 · 2"
    assert said.value(2**53) == str(2**53)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("write", [Words.number, Words.share, Words.signed])
def test_a_dash_stands_where_there_is_no_number(language: str, write):
    assert write(words(language), float("nan")) == "–"


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_what_events_do_is_written_with_the_numbers_of_the_language(language: str):
    (first, *_) = load_scenario("drifting-apart").events
    assert "0,0" in words(language).effects(first)
    assert "0.0" not in words(language).effects(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_is_told_the_language(language: str):
    assert words(language).client()["locale"].partition("-")[0] == language
    assert words(language).draft == (language in drafts())


@pytest.mark.parametrize(
    ("header", "language"),
    [("ru-RU,en;q=0.5", "ru"), (" ZH_CN ; q=1", "zh"), ("fro, fr", "fr"), ("de-AT", "en"), ("", "en")],
)
def test_a_browser_gets_the_first_of_its_languages_that_there_is(header: str, language: str):
    assert wished(header) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_nowhere_is_named(language: str):
    with pytest.raises(KeyError, match=r"no\.such"):
        words(language).say("no.such")


#: Placeholders of counts, and nouns in the plural that they meet.
COUNTS = "n|count|runs|points|replicates|factors|years|changes|kept|total|all|inside|interesting|most|place|of"
COUNTED = {
    "en": "members|runs|points|numbers|scenarios|futures|ways|pairs|agreements|years|changes|checkpoints|come",
    "fr": "membres|simulations|points|futurs|avenirs|voies|accords|ans|grandeurs|scénarios|trouvés",
    "ru": "член|прогон|точ|лет|соглашен|пут[еи]|сценари|балл|вариант|величин",
}


@pytest.mark.parametrize("language", list(COUNTED))
def test_a_count_that_may_be_one_meets_no_noun_in_the_plural(language: str):
    meets = re.compile(rf"\{{(?:{COUNTS})\}} (?:[a-z]+ )?(?:{COUNTED[language]})")
    met = {key for key, said in catalogue(language).items() if meets.search(said)}
    assert met <= NEVER_ONE
    assert "why.trust" in met  # there is something to find
