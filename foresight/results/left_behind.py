"""Who is left behind: groups in special situations against the members in none of them."""

from typing import Final

import numpy as np
import pandas as pd

from foresight.arrays import Arrays, Floats
from foresight.results.bands import band_of, difference
from foresight.results.outcomes import ALL_ACTIONS, LABELS, OUTCOMES, arrays_of, values_of
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
    arrays = arrays_of(results.summary)
    parts = [_behind(arrays, name) for name in LEFT_BEHIND]
    values = np.stack(parts, axis=1)  # [scope, outcome, year, run]
    years = results.summary["year"].values.tolist()
    return band_of(values, {"scope": SPECIAL, "outcome": LEFT_BEHIND, "year": years}).table()


def _behind(arrays: Arrays, name: str) -> Floats:
    """Return what sets the special groups apart in one outcome, of all actions, float64[scope, year, run]."""
    values = values_of(arrays, name).swapaxes(0, 1)  # [scope, year, ..., run]
    if "action" in OUTCOMES[name].dims:
        values = values[:, :, LABELS["action"].index(ALL_ACTIONS)]
    scopes = arrays["scope"].tolist()
    return difference(values[[scopes.index(group) for group in SPECIAL]], values[scopes.index(REST)])
