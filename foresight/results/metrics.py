"""What results say, as tidy tables, one function each.

Every table has one row for each scope (or member), action, ... and year, with ``n``, the number of runs that have a
value, their ``median``, and the band ``p10`` to ``p90`` that holds eight runs in ten. The band is chance
and, where effects are "posterior", what treaty records leave open; all else that is not known is not in it.

Scopes are "region", a subregion, LDC, LLDC, SIDS, REST, a body or the iso3 of a member; an unknown one, or none at
all, is an `InputError`. Who is in a group is as the member table has it, in all years: a member that a scenario lets
graduate is no LDC to the rules from then on, and still counts among the LDCs here.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from foresight.facts.scopes import SCOPES, listed_scopes
from foresight.results.bands import band_of
from foresight.results.datasets import run_last
from foresight.results.headline import headline, sentence
from foresight.results.left_behind import left_behind
from foresight.results.obstacles import obstacles
from foresight.results.outcomes import bands, outcome_table
from foresight.results.pathway import completed, opening_years
from foresight.results.results import Results
from foresight.scenario.efforts import effort_points

__all__ = [
    "baiji_heading",
    "baiji_index",
    "bands",
    "capacity",
    "completed",
    "condition",
    "contributors",
    "coverage",
    "delivered",
    "effort_points",
    "fund",
    "headline",
    "left_behind",
    "mean_delivered",
    "obstacles",
    "offer",
    "opening_years",
    "overdue_share",
    "pledged",
    "sentence",
    "trust",
]

Scopes = str | Sequence[str]


def pledged(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the share of members that have pledged each rung of each action; action "all" is the mean."""
    return outcome_table(results.series(scopes), "pledged_share")


def delivered(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the share of members that have delivered each rung of each action; action "all" is the mean."""
    return outcome_table(results.series(scopes), "delivered_share")


def mean_delivered(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the mean rung delivered, 0 to 4, of each action; action "all" is the mean."""
    return outcome_table(results.series(scopes), "mean_delivered")


def overdue_share(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the share of pledges that are overdue; 0 where nothing is pledged, for nothing is broken there."""
    return outcome_table(results.series(scopes), "overdue_share")


def trust(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the mean trust that partners deliver, 0 to 1."""
    return outcome_table(results.series(scopes), "trust")


def capacity(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the mean administrative capacity, 0 to 1."""
    return outcome_table(results.series(scopes), "capacity")


def coverage(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the share of the funding gap that grants closed.

    Of the region, s itself, which stays as it was in a year without a gap. Of smaller scopes the sum of grants
    over the sum of gaps; runs without a gap have no value, and `n` counts the others.
    """
    return outcome_table(results.series(scopes), "coverage")


def condition(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return the mean condition of each domain, 0 to 1."""
    return outcome_table(results.series(scopes), "condition")


def baiji_index(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return 100 times the geometric mean, over the domains, of their mean condition."""
    return outcome_table(results.series(scopes), "baiji_index")


def baiji_heading(results: Results, scopes: Scopes = SCOPES) -> pd.DataFrame:
    """Return what the Baiji index tends to while everybody goes on as in that year."""
    return outcome_table(results.series(scopes), "baiji_heading")


def fund(results: Results) -> pd.DataFrame:
    """Return what the regional fund holds, in units of account, not dollars."""
    return outcome_table(results.series(), "fund")


def offer(results: Results) -> pd.DataFrame:
    """Return the rung on offer in each subregion."""
    return outcome_table(results.series(), "offer")


def contributors(results: Results, scopes: Scopes | None = None) -> pd.DataFrame:
    """Return who contributes to the fund and who receives from it, over all years.

    Parameters
    ----------
    results : Results
        With keep="members", unless scopes of the summary are named.
    scopes : str or sequence of str, optional
        Every member by default.

    Returns
    -------
    pandas.DataFrame
        ``scope``, ``flow`` ("contribution", "grant" or "net", grants less contributions), ``n`` and the band, in
        units of account: the cost of one rung-1 action in one member for one year; not dollars.
    """
    chosen = results.scenario.codes() if scopes is None else listed_scopes(scopes)
    series = results.series(chosen)
    given, got = (run_last(series[name]).sum(axis=0) for name in ("contribution", "grant"))
    flows = np.stack([given, got, got - given], axis=1)
    return band_of(flows, {"scope": chosen, "flow": ("contribution", "grant", "net")}).table()
