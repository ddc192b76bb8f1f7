"""What series are called, and how their values are written."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from foresight.facts.members import REGION
from foresight.results.outcomes import ALL_ACTIONS
from foresight.results.series import SeriesName, series_called

from ..words import Words

#: Decimals by unit; shares are written in per cent.
DIGITS: Final[Mapping[str, int]] = {"rung": 2, "share": 0, "index": 1, "account": 1}


def series_label(name: str, words: Words) -> str:
    """Name a series: its outcome, and whose and of what it is unless that is everything."""
    series = series_called(name)
    parts = [_part(dim, label, words) for dim, label in series.labels.items() if label not in (ALL_ACTIONS, REGION)]
    outcome = words.say(f"outcome.{series.outcome}")
    return words.say("compare.of_action", outcome=outcome, action=words.listed(parts)) if parts else outcome


def _part(dim: str, label: Any, words: Words) -> str:
    if dim == "action":
        return words.action(label)
    if dim == "rung":
        return words.say("experiments.rung", rung=label)
    return words.domain(label) if dim == "domain" else words.scope(str(label))


def writer_of(series: SeriesName, words: Words) -> Callable[[float], str]:
    """Return what writes values of a series."""
    if series.unit == "share":
        return words.share
    return lambda value: words.number(value, DIGITS[series.unit])
