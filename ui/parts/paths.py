"""Paths of outcomes over the years: their numbers, and the charts of a member's or a body's own."""

from collections.abc import Iterator
from typing import Any

from foresight.actions import ACTIONS
from foresight.results.outcomes import ALL_ACTIONS, outcome_table

from ..words import Words
from .blocks import Block, fan, series

Path = list[list[float | None]]


def path_of(summary: Any, outcome: str, scope: str, **labels: Any) -> Path:
    """Return the band of an outcome of a scope in every year."""
    rows = outcome_table(summary, outcome)
    for name, value in {"scope": scope, **labels}.items():
        rows = rows[rows[name] == value]
    bands = rows.sort_values("year")[["p10", "median", "p90"]].round(4).to_numpy().tolist()
    return [[None if value != value else value for value in band] for band in bands]


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
