"""Who is left behind: groups in special situations against the members in none of them."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from foresight.arrays import Floats
from foresight.results.bands import band_of, difference
from foresight.results.outcomes import ALL_ACTIONS, outcome_values
from foresight.results.results import Results

#: Groups in special situations, which the rest is compared with.
SPECIAL: Final = ("LDC", "LLDC", "SIDS")
REST: Final = "REST"

#: Outcomes in which somebody can be left behind.
LEFT_BEHIND: Final = ("mean_delivered", "overdue_share", "trust", "capacity", "coverage")


def left_behind(results: Results) -> pd.DataFrame:
    """Return how far LDCs, LLDCs and SIDS differ from the rest, run by run.

    Groups are those of the member table in all years: an LDC that a scenario lets graduate is no LDC to the rules
    from then on, and still counts among the LDCs here.

    Returns
    -------
    pandas.DataFrame
        ``scope``, ``outcome``, ``year``, ``n`` and the band of the difference to the members in none of these
        groups, in the unit of the outcome: mean rung delivered, share overdue (of all actions), trust, capacity
        and coverage. What rounding alone would make of equal groups is exactly 0.
    """
    parts = [_behind(results.summary, name) for name in LEFT_BEHIND]
    values = np.stack(parts, axis=1)  # [scope, outcome, year, run]
    years = results.summary["year"].values.tolist()
    return band_of(values, {"scope": SPECIAL, "outcome": LEFT_BEHIND, "year": years}).table()


def _behind(series: xr.Dataset, name: str) -> Floats:
    """Return what sets the special groups apart in one outcome, of all actions, float64[scope, year, run]."""
    values = outcome_values(series, name)
    if "action" in values.dims:
        values = values.sel(action=ALL_ACTIONS)
    groups, rest = values.sel(scope=list(SPECIAL)), values.sel(scope=REST, drop=True)
    order = ("year", "replicate")
    return difference(groups.transpose("scope", *order).values, rest.transpose(*order).values)
