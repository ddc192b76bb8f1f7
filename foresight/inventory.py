"""Tables of what the model is made of, each read from where the program declares it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from foresight import draws
from foresight.actions import ACTIONS, DOMAINS, FIRST_YEAR, LAST_YEAR, RUNGS, SUBREGIONS
from foresight.axes import axis_table, group_table
from foresight.bodies import body_table
from foresight.datasets import SERIES, UNITS
from foresight.declared import Rule, fields, purposes, rules, schedule
from foresight.document import Table
from foresight.fact_tables import dictionary
from foresight.inputs import Start
from foresight.loading import bundled, load_scenario
from foresight.members import member_table
from foresight.names import named, said
from foresight.parameters import Parameter, all_parameters
from foresight.texts import languages, text
from foresight.wording import happenings

#: Where each state starts in the first year: a number, a parameter or a fact of the member.
STARTS: Final[Mapping[str, str]] = {
    "pledged": "0",
    "delivered": "0",
    "waiting": "0",
    "offer": "1",
    "trust": "initial_trust",
    "capacity": "base_capacity",
    "condition": "initial_condition",
    "fund": "0",
    "coverage": "reference_coverage",
}

#: Files that a run reads beside those that `dictionary` describes column by column.
OTHER_FILES: Final = ("parameters.toml", "posterior.parquet")

#: Words of a member's draw.
WORDS: Final = {"pledge": draws.PLEDGE, "delivery": draws.DELIVERY, "lapse": draws.LAPSE, "exit": draws.EXIT}

Row = tuple[str, ...]


def entities(language: str) -> Table:
    """Return what acts or is acted on, how many there are and their names."""
    members, axes = member_table(), axis_table()
    states = str((members["kind"] == "member").sum())
    names = {
        "member": (len(members), text("protocol.of_which_states", language, count=states)),
        "subregion": (len(SUBREGIONS), _group_names(SUBREGIONS, language)),
        "body": (len(body_table()), _listed(body_table(), "body", language)),
        "region": (1, text("protocol.region", language)),
        "action": (len(ACTIONS), _listed(axes.loc["action"], "action_name", language)),
        "domain": (len(DOMAINS), _listed(axes.loc["domain"], "domain", language)),
    }
    rows = [(text(f"protocol.entity_{key}", language), str(count), words) for key, (count, words) in names.items()]
    return _table("entities", language, ("entity", "count", "meaning"), rows)


def scales(language: str) -> Table:
    """Return the scales of time, space and ambition."""
    phases = axis_table().loc["phase"]
    counted = {
        "time": text("protocol.scale_time", language, first=FIRST_YEAR, last=LAST_YEAR, steps=LAST_YEAR - FIRST_YEAR),
        "phase": "; ".join(_phase(code, row, language) for code, row in phases.iterrows()),
        "rung": text("protocol.scale_rung", language, count=RUNGS),
        "space": text("protocol.scale_space", language),
    }
    rows = [(text(f"protocol.scale_{key}_name", language), words) for key, words in counted.items()]
    return _table("scales", language, ("scale", "meaning"), rows)


def state_variables(language: str) -> Table:
    """Return every field of the history: states of a year, and flows of the step that leads to it."""
    rows = [
        (
            field.name,
            text(f"variable.{field.name}", language),
            text(f"unit.{UNITS[field.name]}", language),
            field.shape,
            text("protocol.state" if field.name in Start._fields else "protocol.flow", language),
        )
        for field in fields("state", "History")
    ]
    return _table("state", language, ("name", "meaning", "unit", "axes", "kind"), rows, code=(0, 3))


def luck(language: str) -> Table:
    """Return what is drawn once and lasts a whole run."""
    rows = [
        (field.name, text(f"protocol.luck_{field.name}", language), field.shape) for field in fields("state", "Luck")
    ]
    return _table("luck", language, ("name", "meaning", "axes"), rows, code=(0, 2))


def attributes(language: str) -> Table:
    """Return the facts of the members."""
    rows = [
        (field.name, text(f"protocol.attribute_{field.name}", language), field.shape)
        for field in fields("inputs", "Members")
    ]
    return _table("attributes", language, ("name", "meaning", "axes"), rows, code=(0, 2))


def timetable(language: str) -> Table:
    """Return the sub-steps of a year in their order, with the rules that each uses."""
    rows = [
        (
            step_name(steps, language),
            "\n".join(step_words(steps, language)),
            ", ".join(one.name for one in rules_of(steps)),
        )
        for steps in schedule()
    ]
    return _table("schedule", language, ("step", "meaning", "rules"), rows, code=(2,))


def rule_table(steps: tuple[int, ...], language: str) -> Table:
    """Return the rules of some sub-steps, or with none the functions that all of them use."""
    rows = [(rule.name, rule.purpose, ", ".join(rule.arguments), rule.computed) for rule in rules_of(steps)]
    return _table("rules", language, ("name", "rule_purpose", "arguments", "computed"), rows, code=(0, 2, 3))


def rules_of(steps: tuple[int, ...]) -> list[Rule]:
    """Return the rules that stand under one head."""
    return [rule for rule in rules() if rule.steps == steps]


def step_name(steps: tuple[int, ...], language: str) -> str:
    """Name sub-steps with their numbers."""
    return "; ".join(f"({step}) {text(f'protocol.step_{step}', language)}" for step in steps)


def step_words(steps: tuple[int, ...], language: str) -> Row:
    """Say what happens in each sub-step."""
    return tuple(text(f"protocol.step_{step}_words", language) for step in steps)


def draw_table(language: str) -> Table:
    """Return the addresses of random numbers: purposes of draws, those of the actions first."""
    first = [("0–4", text("protocol.draw_action", language, words=_words(language)))]
    rest = [(f"{number}", name, text(f"protocol.draw_{name}", language)) for name, number in purposes().items()]
    rows = [("ACTIONS", *first[0]), *((name, number, words) for number, name, words in rest)]
    return _table("draws", language, ("name", "number", "meaning"), rows, code=(0,))


def observed(language: str) -> Table:
    """Return the series that a run gives of every scope."""
    rows = [
        (name, text(f"variable.{name}", language), text(f"unit.{UNITS[name]}", language), ", ".join(axes))
        for name, axes in SERIES.items()
    ]
    return _table("outcomes", language, ("name", "meaning", "unit", "axes"), rows, code=(0, 3))


def starts(language: str) -> Table:
    """Return where each state starts."""
    rows = [(name, text(f"variable.{name}", language), _start(source)) for name, source in STARTS.items()]
    return _table("starts", language, ("name", "meaning", "start"), rows, code=(0, 2))


def data_files(language: str) -> Table:
    """Return the files that a run may read, with the number of their columns."""
    described = dictionary().index.get_level_values("file").value_counts()
    rows = [(name, _file_words(name, language), str(described.get(name, ""))) for name in _files()]
    return _table("data", language, ("file", "meaning", "columns"), rows, code=(0,))


def column_table(name: str, language: str) -> Table:
    """Return the columns of one table of facts."""
    spoken = language if language in languages() else "en"
    keys = (f"meaning_{spoken}", f"unit_{spoken}", "year", "source", "licence", "missing", f"rule_{spoken}")
    found = dictionary().loc[name]
    rows = [(str(column), *(str(row[key]) for key in keys)) for column, row in found.iterrows()]
    heads = ("name", "meaning", "unit", "year", "source", "licence", "missing", "fill")
    return _table(f"columns of {name}", language, heads, rows, code=(0,))


def described_files() -> tuple[str, ...]:
    """Return the tables of facts that are described column by column."""
    return tuple(dict.fromkeys(dictionary().index.get_level_values("file")))


def events(language: str) -> Table:
    """Return the dated events of the scenarios that ship."""
    rows = [
        (event.title, name, event.year, event.scope, event.effects)
        for name in bundled()
        for event in happenings(load_scenario(name), language)
    ]
    return _table("events", language, ("event", "scenario", "year", "scope", "effects"), rows, code=(1,))


def parameter_table(topic: str, found: Mapping[str, Parameter], language: str) -> Table:
    """Return uncertainties or levers with everything that is declared of them."""
    heads = ("name", "symbol", "meaning", "default", "range", "unit", "tag", "source")
    return _table(topic, language, heads, [_parameter(one, language) for one in found.values()], code=(0,))


def _parameter(one: Parameter, language: str) -> Row:
    label, meaning = (said(getattr(one, of), f"parameter.{one.name}.{of}", language) for of in ("label", "meaning"))
    return (
        one.name,
        one.symbol,
        text("protocol.labelled", language, label=label, meaning=meaning),
        _default(one, language),
        text("show.fixed", language) if one.fixed else f"{one.low:g}\u00a0…\u00a0{one.high:g}",
        text(f"unit.{one.unit}", language),
        text(f"tag.{one.tag}", language),
        _source(one, language),
    )


def _default(one: Parameter, language: str) -> str:
    """Write a default, or the uncertainty that acts in its place."""
    if one.replaces is None:
        return f"{one.default:g}"
    return text("show.as", language, name=one.replaces, value=f"{all_parameters()[one.replaces].default:g}")


def _source(one: Parameter, language: str) -> str:
    """Return what a size rests on; a bare citation is the same in every language."""
    bare = len(set(one.source.values())) == 1
    return one.source["en"] if bare else said(one.source, f"parameter.{one.name}.source", language)


def _start(source: str) -> str:
    known = all_parameters().get(source)
    return f"{source} ({known.default:g})" if known else source


def _files() -> tuple[str, ...]:
    return (*described_files(), *OTHER_FILES)


def _file_words(name: str, language: str) -> str:
    return text(f"protocol.file_{name.partition('.')[0]}", language)


def _words(language: str) -> str:
    """Name the words of a member's draw."""
    return ", ".join(f"{number} {text(f'protocol.word_{name}', language)}" for name, number in WORDS.items())


def _phase(code: Any, row: Any, language: str) -> str:
    name = named(row, f"phase.phase_{code}", language)
    return f"{code} {name}, {row['first_year']:g}–{row['last_year']:g}"


def _group_names(codes: Iterable[str], language: str) -> str:
    table = group_table()
    return _listed(table.loc[list(codes)], "group", language)


def _listed(table: Any, key: str, language: str) -> str:
    return "; ".join(named(row, f"{key}.{code}", language) for code, row in table.iterrows())


def _table(topic: str, language: str, heads: Iterable[str], rows: Iterable[Row], code: tuple[int, ...] = ()) -> Table:
    return Table(topic, tuple(text(f"column.{head}", language) for head in heads), tuple(rows), code)
