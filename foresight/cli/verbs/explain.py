"""Explain the difference between two scenarios from the command line."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, cast

import pandas as pd
from rich.console import RenderableType

from foresight.actions import ACTIONS
from foresight.cli.calls import Changes, Size, all_of, beside, called, check_size, scenarios_of
from foresight.cli.layout import between, grid, heading, hint, written_number
from foresight.cli.plain import rows
from foresight.cli.screen import Screen
from foresight.results import attribution
from foresight.runs import NAME, Effects

_COLUMNS: Final = ("part", "mean", "interval", "median", "eight_in_ten")


def explain(screen: Screen, names: Sequence[str], outcomes: Sequence[str], changes: Changes, size: Size) -> None:
    """Show what each of the five actions did of the difference between two scenarios."""
    (base, changed), _ = all_of(partial(scenarios_of, names, changes), partial(check_size, size, len(names)))
    chosen = tuple(outcomes) or attribution.EXPLAINED
    with screen.waiting(screen.say("explain.running")) as progress, called(outcome="--outcome", scope="--outcome"):
        work = partial(attribution.explain, base, changed, size.replicates, size.seed, outcomes=chosen)
        work = partial(work, effects=cast(Effects, size.effects))
        table = beside(partial(work, progress=progress))
    plain = {"base": base.id, "changed": changed.id, "seed": size.seed, NAME: size.effects, "parts": rows(table)}
    how = screen.say("explain.how", range=screen.say(f"effects.range_{size.effects}"))
    page = _page(screen, base.id, changed.id, table)
    screen.emit(plain, *page, hint(how), hint(screen.say(f"effects.{size.effects}")))


def _page(screen: Screen, base: str, changed: str, table: pd.DataFrame) -> Iterator[RenderableType]:
    """Yield a table for each outcome."""
    yield heading(screen.say("explain.title", base=base, changed=changed))
    for outcome, parts in table.groupby("outcome", sort=False, observed=True):
        unit = screen.say(f"unit.{parts['unit'].iloc[0]}")
        yield heading(screen.say("explain.outcome", outcome=outcome, unit=unit, runs=parts["n"].iloc[0]))
        yield grid(screen, _COLUMNS, [_row(screen, row) for row in parts.to_dict("records")])


def _row(screen: Screen, row: dict[Any, Any]) -> tuple[str, ...]:
    part = str(row["part"])
    named = screen.say(f"action.{part}" if part in ACTIONS else f"explain.{part}")
    interval, band = (
        between(screen, row[low], row[high], "{:+.3f}") for low, high in (("low", "high"), ("p10", "p90"))
    )
    mean, median = (written_number(row[name], "{:+.3f}") for name in ("mean", "median"))
    return named, mean, interval, median, band
