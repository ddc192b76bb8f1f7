"""What a band is made of: groups of parameters that nobody knows, and chance, varied one group at a time and together.

Chance is a factor like the others here: which replicate a point is, and so the luck of its run. A share is one of the
variance of a single run.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from foresight.actions import FIRST_YEAR, LAST_YEAR
from foresight.analysis.indices import sobol_indices
from foresight.analysis.resampling import half_width, over_points
from foresight.analysis.varied import Varied, drawn, varied_names
from foresight.arguments import check_whole
from foresight.arrays import Codes, Floats
from foresight.results.bands import BAND, ratio
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario

#: What the forecast depends on most, and no record of the region says: how fast pledges are delivered.
DELIVERY: Final = ("delivery_rate", "accountability_effect")

#: What treaty records tell.
TREATIES: Final = ("peer_effect", "pledge_offset", "ldc_penalty", "sd_member", "sd_action", "sd_subregion_action")

#: Groups that are told apart; `OTHERS` are all other uncertainties, `CHANCE` is the luck of a run.
OTHERS, CHANCE = "others", "chance"
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {"delivery": DELIVERY, "treaties": TREATIES}
PARTS: Final = (*GROUPS, OTHERS, CHANCE)

#: Base points of the design, a power of two, and resamples of them.
POINTS: Final = 2048
_RESAMPLES: Final = 200

#: Replicates there are to choose from.
_REPLICATES: Final = 2.0**32


class BandParts(NamedTuple):
    """What makes the band of an outcome.

    Parameters
    ----------
    bands : pandas.DataFrame
        ``varied``: "everything", "delivery" alone, "not_delivery" (everything else), "treaties" alone, "chance" alone;
        ``runs``, ``median``, ``p10``, ``p90``, ``width`` (p90 less p10) and ``of_everything`` (width over that of
        everything). Chance is in every one of them; what is not varied has the value of the scenario.
    shares : pandas.DataFrame
        ``part``, one of `PARTS`; ``first`` and ``total``, the grouped Sobol' shares of the variance of a run, each with
        the 95 % interval ``_low`` and ``_high`` from resampling base points. Shares ``total`` may add up to more
        than 1, where parts act together.
    """

    bands: pd.DataFrame
    shares: pd.DataFrame


class _Design(NamedTuple):
    """Points in the unit cube, [base point, row, column]; rows are A, A with each part from B, and B."""

    unit: Floats
    columns: tuple[str, ...]  # uncertainties and, last, chance


def band_parts(
    scenario: Scenario | str = "historical-pace",
    outcome: str = "mean_delivered",
    year: int = LAST_YEAR,
    points: int = POINTS,
    seed: int = 1,
) -> BandParts:
    """Tell which of the things nobody knows make the band of an outcome.

    Uncertainties are drawn from their declared distributions, independently. Shares by Saltelli, A. et al. (2010),
    Comput. Phys. Commun. 181(2), totals by Jansen, M. J. W. (1999), Comput. Phys. Commun. 117(1-2), for groups of
    factors that change together.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the id of a bundled one, or a file.
    outcome : str
        The name of a series, such as ``mean_delivered`` or ``trust.Pacific``.
    year : int
        Of the outcome.
    points : int
        Base points, a power of two; there are ten runs to each.
    seed : int
        Of the points and of the luck.
    """
    runs = _Runs(scenario_of(scenario), outcome, year, seed)
    design = _design(points, seed)
    values = runs.values(design.unit.reshape(-1, len(design.columns)), design.columns).reshape(points, -1)
    return BandParts(_bands(runs, design, values), _shares(values, design, seed))


class _Runs:
    """Runs of a scenario with some uncertainties drawn, one replicate a point."""

    def __init__(self, scenario: Scenario, outcome: str, year: int, seed: int) -> None:
        check_whole("year", year, FIRST_YEAR, LAST_YEAR)
        self.varied = Varied(scenario, [outcome], seed)
        self.at = self.varied.at(year)

    def values(self, unit: Floats, varied: Sequence[str]) -> Floats:
        """Return the outcome, float64[point], at points in the unit cube; the last column is chance."""
        columns = zip(varied[:-1], unit.T[:-1], strict=True)
        values = {name: drawn(name, column) for name, column in columns}
        series = self.varied.series(values, _replicates(unit[:, -1]))
        return np.asarray(series[0, self.at], np.float64)


def _replicates(unit: Floats) -> Codes:
    """Return the number of the replicate that a place in the unit interval stands for."""
    return np.minimum(unit * _REPLICATES, _REPLICATES - 1).astype(np.uint32)


def _design(points: int, seed: int) -> _Design:
    """Return a design that takes the parts apart."""
    from SALib.sample import sobol  # late: it brings matplotlib

    columns = (*varied_names(), CHANCE)
    problem: dict[str, Any] = {"num_vars": len(columns), "names": list(columns), "bounds": [[0.0, 1.0]] * len(columns)}
    problem["groups"] = [_part_of(name) for name in columns]
    rows = np.asarray(sobol.sample(problem, points, calc_second_order=False, seed=seed), np.float64)
    return _Design(rows.reshape(points, len(PARTS) + 2, len(columns)), columns)


def _part_of(name: str) -> str:
    """Return the part that a column of the design belongs to."""
    own = (part for part, names in GROUPS.items() if name in names)
    return CHANCE if name == CHANCE else next(own, OTHERS)


def _bands(runs: _Runs, design: _Design, values: Floats) -> pd.DataFrame:
    """Return the bands with everything varied, with some of it, and with nothing but chance."""
    unit = design.unit[:, 0]

    def of(*parts: str) -> Floats:
        chosen = [at for at, name in enumerate(design.columns) if _part_of(name) in (*parts, CHANCE)]
        return runs.values(unit[:, chosen], [design.columns[at] for at in chosen])

    alone = {"delivery": of("delivery"), "not_delivery": of("treaties", OTHERS), "treaties": of("treaties")}
    bands = {"everything": values[:, [0, -1]].ravel(), **alone, "chance": of()}
    table = pd.DataFrame([{"varied": name, **_band(found)} for name, found in bands.items()])
    width = (table["p90"] - table["p10"]).to_numpy()
    return table.assign(width=width, of_everything=ratio(width, width[:1]))


def _band(values: Floats) -> dict[str, float]:
    quantile = {name: float(np.quantile(values, share)) for name, share in BAND.items()}
    return {"runs": values.size, **quantile}


def _shares(values: Floats, design: _Design, seed: int) -> pd.DataFrame:
    """Return the shares of the parts, with what another choice of base points might have found."""
    parts = list(dict.fromkeys(map(_part_of, design.columns)))  # the order in which SALib changes them
    shape = np.zeros((*values.shape, len(parts)))  # the estimator looks at the outcome alone
    total, first = sobol_indices(shape, values)
    found = over_points(sobol_indices, shape, values[..., np.newaxis], _RESAMPLES, np.random.default_rng(seed))
    reach = dict(zip(("total", "first"), half_width(found, len(values)), strict=True))
    table = pd.DataFrame({"part": parts, "first": first, "total": total})
    for name, half in reach.items():
        table[f"{name}_low"] = np.maximum(table[name] - half, 0.0)
        table[f"{name}_high"] = np.minimum(table[name] + half, 1.0)
    return table.set_index("part").loc[list(PARTS)].reset_index()
