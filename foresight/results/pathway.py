"""How far along the pathway runs get: when each rung opened, and whether the last one opened everywhere."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.actions import LAST_YEAR, MILESTONES, RUNGS, SUBREGIONS
from foresight.arrays import Floats
from foresight.facts.members import REGION
from foresight.results.bands import Band, Labels, band_of
from foresight.results.datasets import run_last
from foresight.results.intervals import wilson_interval
from foresight.results.results import Results

#: Rungs that open on the way; the first is open from the start.
OPENING: Final = range(2, RUNGS + 1)

#: The year that stands for never: so late that no year between it and any other is among those of a run.
_NEVER: Final = 100_000.0


def opening_years(results: Results) -> pd.DataFrame:
    """Return when each rung opened, by subregion and, all their runs pooled, in the region.

    A rung opens in the year of the step that raises the offer: the state of a year is that at its start, so the
    state of the year after is the first that has the rung on offer. The calendar opens in the milestones themselves.

    Returns
    -------
    pandas.DataFrame
        ``scope``, ``rung`` 2 to 4, ``milestone`` (the year in which a calendar would open it), ``runs``,
        ``n`` (runs in which it opened), ``share`` (of runs in which it opened), ``median``, ``p10``, ``p90``
        of the year among these, and ``delay``, the median less the milestone. Where the share is low, these are of
        the lucky few; ``opens``, ``opens_p10``, ``opens_p90`` and ``late`` are of all runs, see `openings_of_all`.
    """
    years = opening_year_values(results)  # [scope, rung, run]
    pooled = together(years)
    table = pd.concat(
        [
            _opened(pooled, {"scope": [REGION], "rung": OPENING}),
            _opened(years, {"scope": SUBREGIONS, "rung": OPENING}),
        ],
        ignore_index=True,
    )
    return table.astype({"scope": pd.CategoricalDtype([REGION, *SUBREGIONS])})


def opening_year_values(results: Results) -> Floats:
    """Return the year of the step that raised the offer to each rung, float64[subregion, rung 2..4, run].

    NaN in runs in which the rung did not open. A rung that was open from the start has the first year.
    """
    return opened_in(run_last(results.dataset["offer"]), results.dataset["year"].values)


def opened_in(offers: npt.NDArray[Any], years: npt.NDArray[Any]) -> Floats:
    """Return the same from offers [year, subregion, run] and the years."""
    reached = np.array([offers >= rung for rung in OPENING])  # [rung, year, subregion, run]
    first = reached.argmax(axis=1)
    opened = np.where(reached.any(axis=1), years[np.maximum(first - 1, 0)], np.nan)
    return np.asarray(opened.transpose(1, 0, 2), np.float64)


def together(years: Floats) -> Floats:
    """Return opening years [subregion, rung, run] as those of one region, [1, rung, subregion and run]."""
    return years.transpose(1, 0, 2).reshape(1, len(OPENING), -1)


def openings_of_all(years: Floats, labels: Labels) -> Band:
    """Return the band of opening years [*labels, run] over all runs: those in which a rung never opens are the latest.

    NaN stands for a year after the last. So the middle is a year only where the rung opens in more than half of the
    runs, and it never becomes earlier because fewer runs get there, as that of the runs which do may.
    """
    band = band_of(np.where(np.isnan(years), _NEVER, years), labels)
    parts = (band.median, band.p10, band.p90)
    return Band(labels, band.n, *(np.where(part > LAST_YEAR, np.nan, part) for part in parts))


def completed(results: Results) -> pd.DataFrame:
    """Return the share of runs that complete the pathway: rung 4 on offer everywhere in the last year.

    Returns
    -------
    pandas.DataFrame
        One row: ``n`` runs, ``completed`` of them, ``share``, and the 95 % interval ``low`` to ``high`` of the share
        that endless runs would give (Wilson 1927).
    """
    last = run_last(results.dataset["offer"])[-1]
    done, n = int((last == RUNGS).all(axis=0).sum()), last.shape[-1]
    low, high = wilson_interval(done, n)
    return pd.DataFrame({"n": [n], "completed": [done], "share": [done / n], "low": [low], "high": [high]})


def _opened(years: Floats, labels: Labels) -> pd.DataFrame:
    """Return the bands of opening years among the runs with one and among all, and what they are compared with."""
    table, every = band_of(years, labels).table(), openings_of_all(years, labels).table()
    milestone = table["rung"].map(dict(zip(OPENING, MILESTONES, strict=True)))
    table.insert(2, "milestone", milestone)
    table.insert(3, "runs", every["n"])
    table.insert(5, "share", table["n"] / every["n"])
    of_all = {"opens": every["median"], "opens_p10": every["p10"], "opens_p90": every["p90"]}
    return table.assign(delay=table["median"] - milestone, **of_all, late=every["median"] - milestone)
