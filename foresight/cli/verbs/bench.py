"""Measure the speed of the engine beside its yardsticks."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from rich.console import RenderableType

from foresight.cli.calls import beside
from foresight.cli.layout import grid, heading, written_number
from foresight.cli.screen import Screen
from foresight.errors import InputError, Problem

#: Figures of what a run costs, a table each.
COSTS: Final = ("members", "replicates", "scopes")


def bench(screen: Screen, against: Path | None, quick: bool) -> None:
    """Measure the speed of the engine beside its yardsticks, and beside another build in a folder."""
    if against is not None and not (against / "foresight").is_dir():
        raise InputError([Problem(str(against), "", "no_build")])
    speed = import_module("foresight._benchmarks.speed")
    with screen.waiting(screen.say("cli.measuring")) as progress:
        rows = beside(lambda: speed.measure(progress, quick=quick, against=against))
    speeds(screen, rows)


def speeds(screen: Screen, rows: Sequence[Any]) -> None:
    """Show how fast the engine is beside its yardsticks; a row is a `figures.Row`."""
    page = [_table(screen, [row for row in rows if row.name not in COSTS])]
    for name in COSTS:
        page += [heading(screen.say(f"bench.by_{name}")), _table(screen, [row for row in rows if row.name == name])]
    screen.emit([row._asdict() for row in rows], *page)


def _table(screen: Screen, rows: Sequence[Any]) -> RenderableType:
    """Return rows as a table, with columns for another build and for goals where there are any."""
    columns = [name for name in ("before", "ratio", "goal") if any(getattr(row, name) for row in rows)]
    shown = [(*_said(screen, row), *(_cell(screen, row, name) for name in columns)) for row in rows]
    return grid(screen, ("name", "value", "unit", *columns), shown)


def _said(screen: Screen, row: Any) -> tuple[str, str, str]:
    runs = f"{row.runs:,}"
    name = runs if row.name in COSTS else screen.say(f"bench.{row.name}", runs=runs)
    return name, _figure(row.value), screen.say(f"unit.{row.unit}")


def _figure(value: float) -> str:
    """Write a figure with as many places as its rounds can tell apart."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _cell(screen: Screen, row: Any, column: str) -> str:
    if column == "goal":
        return screen.say(f"bench_goal.{row.goal}", limit=f"{row.limit:g}", aim=f"{row.aim:g}") if row.goal else ""
    number = getattr(row, column)
    if number is None:
        return ""
    return _figure(number) if column == "before" else written_number(number, "{:,.2f} ×")
