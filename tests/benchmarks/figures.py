"""Rows of the table of speed: from what the rounds took to one figure each."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any, Final, Literal, NamedTuple

from foresight._benchmarks.driver import Taken


class Row(NamedTuple):
    """One measured figure, and what is asked of it.

    Parameters
    ----------
    name, unit, goal : str
        Keys of the sections `bench`, `unit` and `bench_goal` of the text catalogue; no goal where nothing is asked.
    value : float
        What was measured.
    limit, aim : float
        What is asked for, and what would be better still.
    runs : int
        How many runs the figure is about, or members or scopes.
    before : float, optional
        What was measured of the other build.
    ratio : float, optional
        How many times as fast this build is as the other: the median over the rounds.
    """

    name: str
    value: float
    unit: str
    goal: str = ""
    limit: float = 0
    aim: float = 0
    runs: int = 0
    before: float | None = None
    ratio: float | None = None


class Figure(NamedTuple):
    """A row that says what one measurement takes.

    Parameters
    ----------
    ask : str
        What a worker is asked for.
    name, unit : str
        As of a row.
    clock : "cpu" or "wall"
        What counts: processor seconds on one core, which others do not disturb, or the time that somebody waits.
    goal, limit, aim, runs
        As of a row.
    """

    ask: str
    name: str
    unit: str
    clock: Literal["cpu", "wall"]
    goal: str = ""
    limit: float = 0
    aim: float = 0
    runs: int = 0

    def row(self, taken: Taken, others: Taken | None = None) -> Row | None:
        """Return the row of all rounds, beside those of another build; None if there were no runs."""
        now = self._seconds(taken)
        if not now:
            return None
        row = Row(self.name, self._shown(now), self.unit, self.goal, self.limit, self.aim, self.runs)
        before = self._seconds(others) if others else []
        if not before:
            return row
        ratio = median(other / own for other, own in zip(before, now, strict=True))
        return row._replace(before=self._shown(before), ratio=ratio)

    def _seconds(self, taken: Taken) -> list[float]:
        """Return the seconds a run of every round; nothing if there were no runs."""
        spent = taken[self.ask]
        return [getattr(one, self.clock) / one.runs for one in spent if one.runs]

    def _shown(self, seconds: Sequence[float]) -> float:
        middle, runs = median(seconds), max(self.runs, 1)
        return 1 / middle if self.unit in _RATES else middle * _SCALES.get(self.unit, runs)


_RATES: Final = ("runs_per_second", "experiments_per_second")
_SCALES: Final = {"milliseconds": 1e3, "microseconds_a_run": 1e6}


def multiple(name: str, fast: str, slow: str, clock: str, taken: Taken, **goal: Any) -> Iterator[Row]:
    """Yield how many times as fast one measurement is as another, unless there were no runs."""
    pairs = zip(taken[fast], taken[slow], strict=True)
    rates = [[one.runs / getattr(one, clock) for one in pair] for pair in pairs]
    if all(slower for _, slower in rates) and all(faster for faster, _ in rates):
        yield Row(name, median(faster / slower for faster, slower in rates), "multiple", **goal)
