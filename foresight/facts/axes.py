"""The words of the axes: actions, domains and phases, rungs, and groups of members."""

import numpy as np
import pandas as pd

from foresight.facts.tables import numeric, read


def rung_table() -> pd.DataFrame:
    """Return what delivering each rung of each action means, in the project's own words.

    Returns
    -------
    pandas.DataFrame
        Index `action` and `rung` (int, 1 to 4), 20 rows; columns `name_en`, `name_zh`, `sentence_en`,
        `sentence_zh`, `paragraph` and `origin`.
    """
    return read("rungs.csv").astype({"rung": np.int64}).set_index(["action", "rung"])


def axis_table() -> pd.DataFrame:
    """Return the names of the actions, domains and phases.

    Returns
    -------
    pandas.DataFrame
        Index `axis` ("action", "domain" or "phase") and `code`; columns `name_en`, `name_zh`, `first_year`
        and `last_year` (calendar years of a phase, NaN elsewhere), `paragraph` and `origin`.
    """
    table = read("axes.csv").set_index(["axis", "code"])
    return numeric(table, ["first_year", "last_year"])


def group_table() -> pd.DataFrame:
    """Return the names of the scopes that `group_members` knows.

    Returns
    -------
    pandas.DataFrame
        Index `code`; columns `name_en`, `name_zh`, `meaning_en` and `meaning_zh`.
    """
    return read("groups.csv").set_index("code")
