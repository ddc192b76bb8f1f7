"""Paths of outcomes over the years: their numbers, and the charts of a member's or a body's own."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from foresight.actions import ACTIONS, RUNGS
from foresight.results.money import is_next_to_nothing
from foresight.results.outcomes import ALL_ACTIONS, means_of, outcome_table

from ..words import Words
from .blocks import Block, fan, series

Path = list[list[float | None]]


def path_of(summary: Any, outcome: str, scope: str, **labels: Any) -> Path:
    """Return the band of an outcome of a scope in every year; coverage has none where next to nothing is needed."""
    rows = _rows(summary, outcome, scope, **labels)
    if outcome == "coverage":
        members = int(summary["members"].sel(scope=scope))
        nothing = is_next_to_nothing(_rows(summary, "need", scope)["median"].to_numpy(), members)
        rows[nothing] = np.nan
    bands = rows.round(4).to_numpy().tolist()
    return [[None if value != value else value for value in band] for band in bands]


def _rows(summary: Any, outcome: str, scope: str, **labels: Any) -> pd.DataFrame:
    """Return the band of an outcome, with a row a year."""
    rows = outcome_table(summary, outcome)
    for name, value in {"scope": scope, **labels}.items():
        rows = rows[rows[name] == value]
    return rows.sort_values("year")[["p10", "median", "p90"]].reset_index(drop=True)


def mean_path_of(summary: xr.Dataset, outcome: str, scope: str, **labels: Any) -> Path:
    """Return the path of a member as its page has it: between the ends of the band the mean, not the median."""
    means = means_of(summary.sel(scope=[scope]), outcome).isel(scope=0).sel(labels).values
    band = path_of(summary, outcome, scope, **labels)
    known = [None if np.isnan(value) else round(float(value), 4) for value in means]
    return [[low, None if low is None else mean, high] for (low, _, high), mean in zip(band, known, strict=True)]


def whole_steps(paths: Sequence[Path]) -> list[int]:
    """Return the scale from nothing to the whole step above all that is drawn."""
    most = max(value for path in paths for year in path for value in year if value is not None)
    return [0, min(RUNGS, math.ceil(most + 0.05))]


def own_paths(scope: str, name: str, summary: Any, n: int, words: Words) -> Iterator[Block]:
    """Yield the charts of a member's or a body's own path, which come of `n` runs."""
    yield _of_actions(scope, name, summary, n, words)
    yield _of_share("trust", 2, path_of(summary, "trust", scope), n, words)
    yield _of_share("overdue_share", 1, path_of(summary, "overdue_share", scope, action=ALL_ACTIONS), n, words)
    yield _of_share("capacity", 4, path_of(summary, "capacity", scope), n, words)


def _of_actions(scope: str, name: str, summary: Any, n: int, words: Words) -> Block:
    """Return the chart of what is delivered, by action and in all."""
    paths = {action: path_of(summary, "mean_delivered", scope, action=action) for action in (*ACTIONS, ALL_ACTIONS)}
    ends = _ends([words.number(value or 0.0) for value in paths[ALL_ACTIONS][-1]])
    sentence = words.say("members.delivered", name=name, **ends)
    lines = [series(action, words.action(action), at, band=False) for at, action in enumerate(ACTIONS, start=1)]
    lines.append(series(ALL_ACTIONS, words.action(ALL_ACTIONS), 0))
    title, unit = words.say("chart.delivered"), words.say("unit.rung")
    chart = fan("own-delivered", title, unit, lines, y=[0, 4], n=n, sentence=sentence)
    return {**chart, "data": {"series": paths, "ghost": None, "sentence": sentence}}


def _of_share(outcome: str, color: int, path: Path, n: int, words: Words) -> Block:
    """Return the chart of an outcome that is a share."""
    title = words.say(f"outcome.{outcome}")
    sentence = words.say("members.path", outcome=title, **_ends([words.share(value or 0.0) for value in path[-1]]))
    lines = [series(outcome, title, color)]
    look = {"y": [0, 1], "percent": True, "n": n}
    chart = fan(f"own-{outcome}", title, words.say("unit.share"), lines, **look, sentence=sentence)
    return {**chart, "data": {"series": {outcome: path}, "ghost": None, "sentence": sentence}}


def _ends(written: list[str]) -> dict[str, str]:
    """Return the band of the last year in words."""
    return dict(zip(("low", "middle", "high"), written, strict=True))
