"""Measure the speed of the engine beside its yardsticks."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from foresight.cli.calls import beside
from foresight.cli.layout import grid
from foresight.cli.screen import Screen


def bench(screen: Screen) -> None:
    """Measure the speed of the engine beside its yardsticks."""
    speed = import_module("foresight._benchmarks.speed")
    with screen.waiting(screen.say("cli.measuring")) as progress:
        rows = beside(lambda: speed.measure(progress))
    speeds(screen, rows)


def speeds(screen: Screen, rows: Sequence[Any]) -> None:
    """Show how fast the engine is beside its yardsticks; a row is a `speed.Row`."""
    screen.emit(
        [row._asdict() for row in rows],
        grid(screen, ("name", "value", "unit", "goal"), [_speed(screen, row) for row in rows]),
    )


def _speed(screen: Screen, row: Any) -> tuple[str, str, str, str]:
    name = screen.say(f"bench.{row.name}", runs=f"{row.runs:,}")
    goal = screen.say(f"bench_goal.{row.goal}", limit=f"{row.limit:g}", aim=f"{row.aim:g}") if row.goal else ""
    return name, f"{row.value:,.4g}", screen.say(f"unit.{row.unit}"), goal
