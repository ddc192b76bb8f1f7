"""What holds members up (H5), and by how much."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.arrays import Floats
from foresight.engine.summary import DELIVERY_OBSTACLES, PLEDGE_OBSTACLES, obstacle_gains
from foresight.errors import InputError, Problem
from foresight.facts.members import GREATEST_CAPACITY
from foresight.facts.scopes import listed_scopes, scope_masks
from foresight.results.bands import band_of, ratio, settled
from foresight.results.datasets import history_of
from foresight.results.results import Results

#: Capacity of a member that capacity does not hold up: the highest that any has without support.
AMPLE_CAPACITY: Final = GREATEST_CAPACITY

#: What is held up, and the obstacles to it.
SIDES: Final[Mapping[str, tuple[str, ...]]] = {"delivery": DELIVERY_OBSTACLES, "pledge": PLEDGE_OBSTACLES}


def obstacles(results: Results, scopes: str | Sequence[str] | None = None) -> pd.DataFrame:
    """Return what removing each obstacle would gain, as shares of the log gain of removing all.

    Of deliveries, over all unmet pledges: resources (every need met), capacity (the highest that a member has of
    itself, 0.9) and accountability (its highest rung delivered, e = 0.9375). Of pledges, over all whose next rung is
    on offer: coverage (every gap of the region covered; it acts on LDCs alone) and trust (1). The shares of a run
    add up to 1 on each side; a scope's are those of its members' gains added up. Runs and years in which
    nothing is held up, or nothing would help, have no value.

    Parameters
    ----------
    results : Results
        With keep="members".
    scopes : str or sequence of str, optional
        Every member by default.

    Returns
    -------
    pandas.DataFrame
        ``scope``, ``side``, ``obstacle``, ``year`` (of the step, so none for the last year), ``n``, the band, and
        ``mean``; the means of a side add up to 1, which medians need not.
    """
    table = results.scenario.members()
    chosen = table.index.tolist() if scopes is None else listed_scopes(scopes)
    masks = scope_masks(chosen, table)
    values = obstacle_shares(results, masks)  # [obstacle, scope, year, run]
    labels = {"scope": chosen, "year": results.dataset["year"].values[:-1].tolist()}
    parts = [_tabled(side, name, part, labels) for (side, name), part in zip(_sided(), values, strict=True)]
    return pd.concat(parts, ignore_index=True)


def obstacle_shares(results: Results, masks: Sequence[npt.NDArray[np.bool_]]) -> Floats:
    """Return the shares of every run, float64[obstacle, scope, step, run], obstacles in the order of `SIDES`.

    Gains are logs of a ratio of hazards; one that differs from 1 by rounding alone gains nothing.
    """
    if results.keep != "members":
        raise InputError([Problem("Python", "keep", "members_needed", results.keep, "members")])
    gains = obstacle_gains(results.inputs, history_of(results.dataset, results.inputs), AMPLE_CAPACITY)
    summed = settled(np.array([gains[:, :, mask].sum(axis=2) for mask in masks]).swapaxes(0, 1), 1.0)
    parts = np.split(summed, [len(DELIVERY_OBSTACLES)])
    return np.concatenate([ratio(part, part.sum(axis=0), empty=np.nan) for part in parts])


def _sided() -> list[tuple[str, str]]:
    return [(side, name) for side, names in SIDES.items() for name in names]


def _tabled(side: str, name: str, values: Floats, labels: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Return the table of one obstacle."""
    table = band_of(values, labels).table()
    table.insert(1, "side", side)
    table.insert(2, "obstacle", name)
    total = np.nansum(values, axis=-1).ravel()
    return table.assign(mean=ratio(total, table["n"].to_numpy(), empty=np.nan))
