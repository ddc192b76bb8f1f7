"""Tables and data of what there is: scenarios, members, parameters and actions."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from rich.table import Table

from foresight.cli.layout import grid, heading, hint, pairs, paragraph
from foresight.cli.plain import rows_by_key
from foresight.cli.screen import Screen
from foresight.errors import Problem
from foresight.facts.axes import axis_table, group_table, rung_table
from foresight.facts.bodies import body_table, memberships
from foresight.facts.members import base_capacity, fiscal_capacity, group_members, member_table
from foresight.facts.names import written
from foresight.facts.parameters import Parameter, all_parameters, levers, uncertainties
from foresight.facts.tables import dictionary
from foresight.scenario.efforts import effort_points
from foresight.scenario.scenario import Scenario
from foresight.scenario.words import happenings, meaning

_GROUPS: Final = ("ldc", "lldc", "sids")
_PARAMETER_COLUMNS: Final = ("name", "default", "range", "tag", "label")


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
    rows, events = list(_setting_rows(screen, settings)), list(_event_rows(screen, shown))
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
        *([grid(screen, ("year", "event", "scope", "effects"), events)] if events else []),
        hint(screen.say("show.identifiers")),
    )


def members(screen: Screen, found: pd.DataFrame) -> None:
    """Show members, given as rows of the member table."""
    plain = [{"iso3": code, **row} for code, row in rows_by_key(found).items()]
    screen.emit(plain, _member_grid(screen, found), hint(screen.say("show.capacity")))


def bodies(screen: Screen) -> None:
    """Show the bodies that members share."""
    belonging, names = memberships(), rows_by_key(body_table())
    rows = [(code, row[f"name_{screen.language}"], str(len(belonging[code]))) for code, row in names.items()]
    plain = [{"body": code, **row, "members": belonging[code]} for code, row in names.items()]
    screen.emit(plain, grid(screen, ("code", "name", "members"), rows), hint(screen.say("show.body")))


def circle(screen: Screen, code: str) -> None:
    """Show a body, a subregion or a group, and who is in it."""
    table = member_table()
    if code in memberships():
        row, inside = rows_by_key(body_table())[code], table.index.isin(list(memberships()[code]))
    else:
        row, inside = rows_by_key(group_table())[code], group_members(code, table)
    screen.emit(
        {"code": code, **row, "members": list(table.index[inside])},
        heading(" ".join(dict.fromkeys([code, row[f"name_{screen.language}"]]))),
        _member_grid(screen, table[inside]),
        hint(screen.say("show.capacity")),
    )


def member(screen: Screen, code: str) -> None:
    """Show one member: every fact with its unit and source, or the rule that stands in for it."""
    row = rows_by_key(member_table())[code]
    circles = [body for body, belonging in memberships().items() if code in belonging]
    names = body_table()[f"name_{screen.language}"]
    columns = rows_by_key(dictionary().loc["members.csv"])
    facts = [
        (name, _fact(row[name]) or _gap(screen, column), column[f"unit_{screen.language}"])
        for name, column in columns.items()
        if name in row
    ]
    group = screen.say(f"income_group.{row['income_group']}")
    basis = screen.say(f"income_basis.{row['income_group_basis']}")
    derived = [
        ("income_group", screen.say("show.income", group=group, basis=basis)),
        ("fiscal_capacity", f"{fiscal_capacity(row['income_group'], row['ldc']):g}"),
        ("capacity", f"{base_capacity(row['government_effectiveness'], row['income_group']):.2f}"),
        ("bodies", screen.say("problem_part.separator").join(f"{body} {names[body]}" for body in circles)),
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
            grid(screen, _PARAMETER_COLUMNS, _parameter_rows(screen, declared)),
        )
        for name, declared in (("levers", levers()), ("uncertainties", uncertainties()))
    ]
    plain = {"levers": levers(), "uncertainties": uncertainties()}
    screen.emit(
        {name: [_declaration(one) for one in declared.values()] for name, declared in plain.items()},
        *(part for parts in tables for part in parts),
        hint(screen.say("show.tags")),
    )


def parameter(screen: Screen, shown: Parameter) -> None:
    """Show one lever or uncertainty with everything that is known of it."""
    facts = [
        ("symbol", shown.symbol),
        ("default", _default(screen, shown)),
        ("range", _range(screen, shown)),
        ("unit", screen.say(f"unit.{shown.unit}")),
        ("tag", screen.say(f"tag.{shown.tag}")),
        ("source", shown.source[screen.language]),
    ]
    marks = [
        (f"{mark.value:g}", mark.label[screen.language], screen.say(f"tag.{mark.tag}"), mark.source[screen.language])
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
    axis = rows_by_key(axis_table().loc["action"])[name]
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
        {"file": name, "problems": [screen.plain(problem) for problem in problems]} for name, problems in found.items()
    ]
    screen.emit(plain, *(screen.say("show.fine", file=name) for name, problems in found.items() if not problems))


def words_of(screen: Screen, origin: str) -> str:
    """Say whose words a text is."""
    kind, _, place = origin.partition(" ")
    return screen.say(f"origin.{kind}", paragraph=place)


def _changed(shown: Scenario) -> dict[str, Any]:
    """Return what a scenario sets other than by default, by the dotted path that `--set` takes."""
    from foresight.results.comparison import flat_settings  # late: whatever else is shown needs no engine

    defaults = dict(flat_settings(Scenario(id=shown.id, title=shown.title)))
    changed = {path: value for path, value in flat_settings(shown) if value != defaults.get(path)}
    return {path: value for path, value in changed.items() if value not in (None, ())}


def _setting_rows(screen: Screen, settings: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path, value in settings.items():
        if not path.startswith("event."):
            yield path, written(value), meaning(path, value, screen.words)


def _event_rows(screen: Screen, shown: Scenario) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row an event; under its name that in the file, where this is another."""
    for one in happenings(shown, screen.words):
        yield one.year, "\n".join(dict.fromkeys([one.title, one.name])), one.scope, one.effects


def title(screen: Screen, shown: Scenario) -> str:
    """Return the name of a scenario."""
    return str(getattr(shown.title, screen.language))


def _head(shown: Scenario) -> dict[str, Any]:
    """Return what a scenario says of itself."""
    return shown.model_dump(include={"id", "extends", "author", "title", "storyline", "origin"})


def _member_grid(screen: Screen, found: pd.DataFrame) -> Table:
    columns = ("code", "member", "subregion", "groups", "income_group", "capacity")
    return grid(screen, columns, [_member_row(screen, code, row) for code, row in rows_by_key(found).items()])


def _member_row(screen: Screen, code: str, row: Mapping[Any, Any]) -> tuple[str, ...]:
    capacity = base_capacity(row["government_effectiveness"], row["income_group"])
    groups = " ".join(group.upper() for group in _GROUPS if row[group])
    name = row[f"name_{screen.language}"]
    income = screen.say(f"income_group.{row['income_group']}")
    return code, name, row["subregion"], groups, income, f"{capacity:.2f}"


def _parameter_rows(screen: Screen, found: Mapping[str, Parameter]) -> Iterator[tuple[str, ...]]:
    for name, one in found.items():
        tag = screen.say(f"tag.{one.tag}")
        yield name, _short_default(one), _range(screen, one), tag, one.label[screen.language]


def _default(screen: Screen, shown: Parameter) -> str:
    """Write a default, or the uncertainty that acts in its place."""
    if shown.replaces is None:
        return f"{shown.default:g}"
    return screen.say("show.as", name=shown.replaces, value=f"{all_parameters()[shown.replaces].default:g}")


def _short_default(shown: Parameter) -> str:
    """Write a default, or the value and symbol of the uncertainty that acts in its place."""
    if shown.replaces is None:
        return f"{shown.default:g}"
    return f"{all_parameters()[shown.replaces].default:g} ({shown.symbol})"


def _range(screen: Screen, shown: Parameter) -> str:
    return screen.say("show.fixed") if shown.fixed else f"{shown.low:g} … {shown.high:g}"


def _declaration(shown: Parameter) -> dict[str, Any]:
    return dataclasses.asdict(shown)


def _gap(screen: Screen, column: Mapping[str, Any]) -> str:
    return screen.say("show.gap", rule=column[f"rule_{screen.language}"])


def _fact(value: Any) -> str:
    """Write a fact; empty where it is missing."""
    return "" if value is None else f"{value:g}" if isinstance(value, float | bool) else str(value)
