"""Tables of what the model is made of, each read from where the program declares it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from foresight.actions import ACTIONS, DOMAINS, FIRST_YEAR, LAST_YEAR, RUNGS, SUBREGIONS
from foresight.documents.document import Table
from foresight.documents.sources import Rule, fields, purposes, rules, schedule
from foresight.engine import draws
from foresight.engine.inputs import Start
from foresight.facts.axes import axis_table, group_table
from foresight.facts.bodies import body_table
from foresight.facts.members import member_table
from foresight.facts.names import named, said
from foresight.facts.parameters import Parameter, all_parameters
from foresight.facts.tables import dictionary
from foresight.results.datasets import SERIES, UNITS
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.words import happenings
from foresight.texts import Words

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


def entities(words: Words) -> Table:
    """Return what acts or is acted on, how many there are and their names."""
    members, axes = member_table(), axis_table()
    states = str((members["kind"] == "member").sum())
    names = {
        "member": (len(members), words.say("protocol.of_which_states", count=states)),
        "subregion": (len(SUBREGIONS), _group_names(SUBREGIONS, words)),
        "body": (len(body_table()), _listed(body_table(), "body.", words)),
        "region": (1, words.say("protocol.region")),
        "action": (len(ACTIONS), _listed(axes.loc["action"], "action_name.", words)),
        "domain": (len(DOMAINS), _listed(axes.loc["domain"], "domain.", words)),
    }
    rows = [(words.say(f"protocol.entity_{key}"), str(count), meaning) for key, (count, meaning) in names.items()]
    return _table("entities", words, ("entity", "count", "meaning"), rows)


def scales(words: Words) -> Table:
    """Return the scales of time, space and ambition."""
    phases = axis_table().loc["phase"]
    counted = {
        "time": words.say("protocol.scale_time", first=FIRST_YEAR, last=LAST_YEAR, steps=LAST_YEAR - FIRST_YEAR),
        "phase": "; ".join(_phase(code, row, words) for code, row in phases.iterrows()),
        "rung": words.say("protocol.scale_rung", count=RUNGS),
        "space": words.say("protocol.scale_space"),
    }
    rows = [(words.say(f"protocol.scale_{key}_name"), meaning) for key, meaning in counted.items()]
    return _table("scales", words, ("scale", "meaning"), rows)


def state_variables(words: Words) -> Table:
    """Return every field of the history: states of a year, and flows of the step that leads to it."""
    rows = [
        (
            field.name,
            words.say(f"variable.{field.name}"),
            words.say(f"unit.{UNITS[field.name]}"),
            field.shape,
            words.say("protocol.state" if field.name in Start._fields else "protocol.flow"),
        )
        for field in fields("state", "History")
    ]
    return _table("state", words, ("name", "meaning", "unit", "axes", "kind"), rows, code=(0, 3))


def luck(words: Words) -> Table:
    """Return what is drawn once and lasts a whole run."""
    rows = [(field.name, words.say(f"protocol.luck_{field.name}"), field.shape) for field in fields("state", "Luck")]
    return _table("luck", words, ("name", "meaning", "axes"), rows, code=(0, 2))


def attributes(words: Words) -> Table:
    """Return the facts of the members."""
    rows = [
        (field.name, words.say(f"protocol.attribute_{field.name}"), field.shape)
        for field in fields("inputs", "Members")
    ]
    return _table("attributes", words, ("name", "meaning", "axes"), rows, code=(0, 2))


def timetable(words: Words) -> Table:
    """Return the sub-steps of a year in their order, with the rules that each uses."""
    rows = [
        (
            step_name(steps, words),
            "\n".join(step_words(steps, words)),
            ", ".join(one.name for one in rules_of(steps)),
        )
        for steps in schedule()
    ]
    return _table("schedule", words, ("step", "meaning", "rules"), rows, code=(2,))


def rule_table(steps: tuple[int, ...], words: Words) -> Table:
    """Return the rules of some sub-steps, or with none the functions that all of them use."""
    rows = [(rule.name, rule.purpose, ", ".join(rule.arguments), rule.computed) for rule in rules_of(steps)]
    return _table("rules", words, ("name", "rule_purpose", "arguments", "computed"), rows, code=(0, 2, 3))


def rules_of(steps: tuple[int, ...]) -> list[Rule]:
    """Return the rules that stand under one head."""
    return [rule for rule in rules() if rule.steps == steps]


def step_name(steps: tuple[int, ...], words: Words) -> str:
    """Name sub-steps with their numbers."""
    return "; ".join(f"({step}) {words.say(f'protocol.step_{step}')}" for step in steps)


def step_words(steps: tuple[int, ...], words: Words) -> Row:
    """Say what happens in each sub-step."""
    return tuple(words.say(f"protocol.step_{step}_words") for step in steps)


def draw_table(words: Words) -> Table:
    """Return the addresses of random numbers: purposes of draws, those of the actions first."""
    first = [("0–4", words.say("protocol.draw_action", words=_words(words)))]
    rest = [(f"{number}", name, words.say(f"protocol.draw_{name}")) for name, number in purposes().items()]
    rows = [("ACTIONS", *first[0]), *((name, number, meaning) for number, name, meaning in rest)]
    return _table("draws", words, ("name", "number", "meaning"), rows, code=(0,))


def observed(words: Words) -> Table:
    """Return the series that a run gives of every scope."""
    rows = [
        (name, words.say(f"variable.{name}"), words.say(f"unit.{UNITS[name]}"), ", ".join(axes))
        for name, axes in SERIES.items()
    ]
    return _table("outcomes", words, ("name", "meaning", "unit", "axes"), rows, code=(0, 3))


def starts(words: Words) -> Table:
    """Return where each state starts."""
    rows = [(name, words.say(f"variable.{name}"), _start(source, words)) for name, source in STARTS.items()]
    return _table("starts", words, ("name", "meaning", "start"), rows, code=(0, 2))


def data_files(words: Words) -> Table:
    """Return the files that a run may read, with the number of their columns."""
    described = dictionary().index.get_level_values("file").value_counts()
    rows = [(name, _file_words(name, words), str(described.get(name, ""))) for name in _files()]
    return _table("data", words, ("file", "meaning", "columns"), rows, code=(0,))


def column_table(name: str, words: Words) -> Table:
    """Return the columns of one table of facts."""
    spoken = words.reviewed
    keys = (f"meaning_{spoken}", f"unit_{spoken}", "year", "source", "licence", "missing", f"rule_{spoken}")
    found = dictionary().loc[name]
    rows = [(str(column), *(str(row[key]) for key in keys)) for column, row in found.iterrows()]
    heads = ("name", "meaning", "unit", "year", "source", "licence", "missing", "fill")
    return _table(f"columns of {name}", words, heads, rows, code=(0,))


def described_files() -> tuple[str, ...]:
    """Return the tables of facts that are described column by column."""
    return tuple(dict.fromkeys(dictionary().index.get_level_values("file")))


def events(words: Words) -> Table:
    """Return the dated events of the scenarios that ship."""
    rows = [
        (event.title, name, event.year, event.scope, event.effects)
        for name in bundled()
        for event in happenings(load_scenario(name), words)
    ]
    return _table("events", words, ("event", "scenario", "year", "scope", "effects"), rows, code=(1,))


def parameter_table(topic: str, found: Mapping[str, Parameter], words: Words) -> Table:
    """Return uncertainties or levers with everything that is declared of them."""
    heads = ("name", "symbol", "meaning", "default", "range", "unit", "tag", "source")
    return _table(topic, words, heads, [_parameter(one, words) for one in found.values()], code=(0,))


def _parameter(parameter: Parameter, words: Words) -> Row:
    label, meaning = (
        said(getattr(parameter, of), f"parameter.{parameter.name}.{of}", words) for of in ("label", "meaning")
    )
    return (
        parameter.name,
        parameter.symbol,
        words.say("protocol.labelled", label=label, meaning=meaning),
        _default(parameter, words),
        words.say("show.fixed") if parameter.fixed else words.between(parameter.low, parameter.high, words.exact),
        words.say(f"unit.{parameter.unit}"),
        words.say(f"tag.{parameter.tag}"),
        _source(parameter, words),
    )


def _default(one: Parameter, words: Words) -> str:
    """Write a default, or the uncertainty that acts in its place."""
    if one.replaces is None:
        return words.exact(one.default)
    return words.say("show.as", name=one.replaces, value=words.exact(all_parameters()[one.replaces].default))


def _source(one: Parameter, words: Words) -> str:
    """Return what a size rests on; a bare citation is the same in every language."""
    return said(one.source, f"parameter.{one.name}.source", words)


def _start(source: str, words: Words) -> str:
    known = all_parameters().get(source)
    return f"{source} ({words.exact(known.default)})" if known else source


def _files() -> tuple[str, ...]:
    return (*described_files(), *OTHER_FILES)


def _file_words(name: str, words: Words) -> str:
    return words.say(f"protocol.file_{name.partition('.')[0]}")


def _words(words: Words) -> str:
    """Name the words of a member's draw."""
    return ", ".join(f"{number} {words.say(f'protocol.word_{name}')}" for name, number in WORDS.items())


def _phase(code: Any, row: Any, words: Words) -> str:
    name = named(row, f"phase.phase_{code}", words)
    return f"{code} {name}, {row['first_year']:g}–{row['last_year']:g}"


def _group_names(codes: Iterable[str], words: Words) -> str:
    table = group_table()
    return _listed(table.loc[list(codes)], "group.", words)


def _listed(table: Any, prefix: str, words: Words) -> str:
    return "; ".join(named(row, f"{prefix}{code}", words) for code, row in table.iterrows())


def _table(topic: str, words: Words, heads: Iterable[str], rows: Iterable[Row], code: tuple[int, ...] = ()) -> Table:
    return Table(topic, tuple(words.say(f"column.{head}") for head in heads), tuple(rows), code)
