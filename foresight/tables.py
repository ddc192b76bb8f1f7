"""Tables and data of what there is: scenarios, members, parameters and actions."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from foresight.display import Screen
from foresight.efforts import effort_points
from foresight.errors import Problem
from foresight.members import (
    axis_table,
    base_capacity,
    body_table,
    dictionary,
    fiscal_capacity,
    member_table,
    memberships,
    rung_table,
)
from foresight.parameters import Parameter, all_parameters, levers, uncertainties
from foresight.scenario import Scenario

_GROUPS: Final = ("ldc", "lldc", "sids")
_PARAMETER_COLUMNS: Final = ("name", "default", "range", "tag", "label")
_LONGEST_NAME: Final = 40  # that is kept on one line
_EVENT: Final = ("name", "year", "scope", "tag", "source")


def scenarios(screen: Screen, found: Sequence[Scenario]) -> None:
    """Show which scenarios there are."""
    rows = [(scenario.id, title(screen, scenario), f"{effort_points(scenario):.1f}") for scenario in found]
    plain = [{**_head(scenario), "effort_points": effort_points(scenario)} for scenario in found]
    table = grid(screen, ("scenario", "title", "effort_points"), rows)
    screen.emit(plain, table, hint(screen.say("show.more")))


def scenario(screen: Screen, shown: Scenario) -> None:
    """Show one scenario: its story and everything that differs from the defaults."""
    settings = _changed(shown)
    plain = {
        **_head(shown),
        "settings": settings,
        "effort_points": effort_points(shown),
        "digest": shown.digest(),
    }
    rows = [
        (path, written(value), label(screen, path)) for path, value in settings.items() if not path.startswith("event.")
    ]
    facts = [
        ("author", shown.author),
        ("builds_on", " → ".join(shown.extends)),
        ("title_from", words_of(screen, shown.origin.title)),
        ("storyline_from", words_of(screen, shown.origin.storyline)),
        ("effort_points", f"{effort_points(shown):.1f}"),
        ("digest", shown.digest()[:16]),
    ]
    screen.emit(
        plain,
        heading(title(screen, shown)),
        paragraph(getattr(shown.storyline, screen.language)),
        pairs(screen, facts),
        *([grid(screen, ("setting", "value", "meaning"), rows)] if rows else []),
        *([grid(screen, ("year", "event", "scope", "effects"), events(shown))] if shown.events else []),
    )


def members(screen: Screen) -> None:
    """Show the members."""
    table = _records(member_table())
    rows = [_member_row(screen, code, row) for code, row in table.items()]
    plain = [{"iso3": code, **row} for code, row in table.items()]
    columns = ("code", "member", "subregion", "groups", "income_group", "capacity")
    screen.emit(plain, grid(screen, columns, rows), hint(screen.say("show.capacity")))


def member(screen: Screen, code: str) -> None:
    """Show one member: every fact with its unit and source, or the rule that stands in for it."""
    row = _records(member_table())[code]
    circles = [body for body, belonging in memberships().items() if code in belonging]
    names = body_table()[f"name_{screen.language}"]
    columns = _records(dictionary().loc["members.csv"])
    facts = [
        (name, _fact(row[name]) or screen.say("show.gap", rule=column["rule"]), column["unit"])
        for name, column in columns.items()
        if name in row
    ]
    derived = [
        ("income_group", f"{row['income_group']} ({row['income_group_basis']})"),
        ("fiscal_capacity", f"{fiscal_capacity(row['income_group'], row['ldc']):g}"),
        ("capacity", f"{base_capacity(row['government_effectiveness'], row['income_group']):.2f}"),
        ("bodies", "; ".join(f"{body} {names[body]}" for body in circles)),
    ]
    screen.emit(
        {"iso3": code, **row, "bodies": circles, "columns": columns},
        heading(f"{code} {row[f'name_{screen.language}']}"),
        pairs(screen, derived),
        grid(screen, ("fact", "value", "unit"), facts),
        hint(screen.say("show.sources", code=code)),
    )


def parameters(screen: Screen) -> None:
    """Show the levers and uncertainties."""
    tables = [
        (
            heading(screen.say(f"show.{name}")),
            grid(screen, _PARAMETER_COLUMNS, _parameter_rows(screen, found)),
        )
        for name, found in (("levers", levers()), ("uncertainties", uncertainties()))
    ]
    plain = {"levers": levers(), "uncertainties": uncertainties()}
    screen.emit(
        {name: [_declaration(one) for one in found.values()] for name, found in plain.items()},
        *(part for parts in tables for part in parts),
        hint(screen.say("show.tags")),
    )


def parameter(screen: Screen, shown: Parameter) -> None:
    """Show one lever or uncertainty with everything that is known of it."""
    facts = [
        ("symbol", shown.symbol),
        ("default", _default(shown)),
        ("range", _range(screen, shown)),
        ("unit", screen.say(f"unit.{shown.unit}")),
        ("tag", screen.say(f"tag.{shown.tag}")),
        ("source", shown.source),
    ]
    marks = [
        (f"{mark.value:g}", mark.label[screen.language], screen.say(f"tag.{mark.tag}"), mark.source)
        for mark in shown.marks
    ]
    screen.emit(
        _declaration(shown),
        heading(f"{shown.name}: {shown.label[screen.language]}"),
        paragraph(shown.meaning[screen.language]),
        pairs(screen, facts),
        *([grid(screen, ("value", "observed", "tag", "source"), marks)] if marks else []),
    )


def action(screen: Screen, name: str) -> None:
    """Show what delivering each rung of an action means."""
    axis = _records(axis_table().loc["action"])[name]
    rungs = rung_table().loc[name]
    rows = [
        (str(rung), row[f"name_{screen.language}"], row[f"sentence_{screen.language}"], row["paragraph"])
        for rung, row in rungs.iterrows()
    ]
    screen.emit(
        {"action": name, **axis, "rungs": rungs.reset_index().to_dict("records")},
        heading(axis[f"name_{screen.language}"]),
        hint(screen.say("show.named_in", paragraph=axis["paragraph"])),
        grid(screen, ("rung", "name", "meaning", "paragraph"), rows),
        hint(screen.say("show.own_words")),
    )


def checks(screen: Screen, found: Mapping[str, Sequence[Problem]]) -> None:
    """Say which files can be used."""
    plain = [
        {"file": name, "problems": [_problem(screen, problem) for problem in problems]}
        for name, problems in found.items()
    ]
    screen.emit(plain, *(screen.say("show.fine", file=name) for name, problems in found.items() if not problems))


def speeds(screen: Screen, rows: Sequence[Any]) -> None:
    """Show how fast the engine is beside its yardsticks; a row has name, value, unit and goal."""
    plain = [row._asdict() for row in rows]
    cells = [(row.name, f"{row.value:,.4g}", row.unit, str(row.goal)) for row in rows]
    screen.emit(plain, grid(screen, ("name", "value", "unit", "goal"), cells))


def heading(words: str) -> RenderableType:
    """Make a heading."""
    return Text(f"\n{words}", style="bold")


def hint(words: str) -> RenderableType:
    """Make a remark below a table."""
    return Text(words, style="dim")


def paragraph(words: str) -> RenderableType:
    """Make a paragraph of text."""
    return Padding(Text(words), (0, 0, 1, 0))


def pairs(screen: Screen, facts: Iterable[tuple[str, str]]) -> Table:
    """Make a list of names and values; names are keys of the section `table` of the text catalogue."""
    table = Table(Column(style="dim", no_wrap=True), Column(), box=None, show_header=False, pad_edge=False)
    for name, value in facts:
        if value:
            table.add_row(screen.say(f"table.{name}"), value)
    return table


def grid(screen: Screen, columns: Sequence[str], rows: Iterable[Sequence[str]], more: Sequence[str] = ()) -> Table:
    """Make a table; columns are keys of the section `table` of the text catalogue, `more` are headings as such."""
    rows = list(rows)
    short = all(len(first) <= _LONGEST_NAME for first, *_ in rows)
    first, *others = [*(screen.say(f"table.{name}") for name in columns), *more]
    heads = [Column(first, no_wrap=short, overflow="fold"), *(Column(name, overflow="fold") for name in others)]
    table = Table(*heads, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for row in rows:
        table.add_row(*row)
    return table


def written(value: Any) -> str:
    """Write a setting; three equal values of the phases as one."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {written(item)}" for name, item in value.items())
    if isinstance(value, tuple | list):
        return written(value[0]) if len(set(value)) == 1 else " · ".join(map(written, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def words_of(screen: Screen, origin: str) -> str:
    """Say whose words a text is."""
    kind, _, place = origin.partition(" ")
    return screen.say(f"origin.{kind}", paragraph=place)


def _changed(shown: Scenario) -> dict[str, Any]:
    """Return what a scenario sets other than by default, by the dotted path that `--set` takes."""
    from foresight.comparison import settings_of  # late: whatever else is shown needs no engine

    defaults = dict(settings_of(Scenario(id=shown.id, title=shown.title)))
    changed = {path: value for path, value in settings_of(shown) if value != defaults.get(path)}
    return {path: value for path, value in changed.items() if value not in (None, ())}


def events(shown: Scenario) -> Iterator[tuple[str, str, str, str]]:
    """Yield year, name, scope and effects of every event, in the order of the years."""
    for event in sorted(shown.events, key=lambda event: event.year):
        effects = event.model_dump(exclude_defaults=True, exclude=set(_EVENT))
        scope = event.scope if isinstance(event.scope, str) else " ".join(event.scope)
        yield str(event.year), event.name, scope, written(effects)


def title(screen: Screen, shown: Scenario) -> str:
    """Return the name of a scenario."""
    return str(getattr(shown.title, screen.language))


def _head(shown: Scenario) -> dict[str, Any]:
    """Return what a scenario says of itself."""
    return shown.model_dump(include={"id", "extends", "author", "title", "storyline", "origin"})


def label(screen: Screen, path: str) -> str:
    """Return the short name of the parameter that a path leads to, with the action; empty if there is none."""
    _, name, *action = path.split(".")
    if name not in all_parameters():
        return ""
    names = (screen.say(f"action.{one}") for one in action)
    return screen.say("table.comma").join([all_parameters()[name].label[screen.language], *names])


def _member_row(screen: Screen, code: str, row: Mapping[Any, Any]) -> tuple[str, ...]:
    capacity = base_capacity(row["government_effectiveness"], row["income_group"])
    groups = " ".join(group.upper() for group in _GROUPS if row[group])
    name = row[f"name_{screen.language}"]
    return code, name, row["subregion"], groups, row["income_group"], f"{capacity:.2f}"


def _parameter_rows(screen: Screen, found: Mapping[str, Parameter]) -> Iterator[tuple[str, ...]]:
    for name, one in found.items():
        tag = screen.say(f"tag.{one.tag}")
        yield name, _default(one), _range(screen, one), tag, one.label[screen.language]


def _default(shown: Parameter) -> str:
    """Write a default, or the symbol of the uncertainty that acts in its place."""
    return shown.symbol if shown.default is None else f"{shown.default:g}"


def _range(screen: Screen, shown: Parameter) -> str:
    return screen.say("show.fixed") if shown.fixed else f"{shown.low:g} … {shown.high:g}"


def _declaration(shown: Parameter) -> dict[str, Any]:
    return dataclasses.asdict(shown)


def _problem(screen: Screen, problem: Problem) -> dict[str, Any]:
    return {**dataclasses.asdict(problem), "message": problem.message(screen.language)}


def _records(table: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by their key, None for what is missing."""
    rows = table.astype(object).where(table.notna(), None).to_dict("index")
    return {str(key): {str(name): value for name, value in row.items()} for key, row in rows.items()}


def _fact(value: Any) -> str:
    """Write a fact; empty where it is missing."""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
