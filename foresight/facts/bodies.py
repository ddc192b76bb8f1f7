"""The bodies that make circles of peers, and who belongs to which."""

from functools import cache

import pandas as pd

from foresight.facts.tables import read


def memberships() -> dict[str, tuple[str, ...]]:
    """Return who belongs to which body; dates of joining play no part.

    Returns
    -------
    dict
        Slug of a body, in the order of `body_table`, to the iso3 of its members, sorted.
    """
    return dict(_memberships())


def body_table() -> pd.DataFrame:
    """Return the bodies that make circles of peers.

    Returns
    -------
    pandas.DataFrame
        Index `slug`, sorted; columns `name_en`, `name_zh`, `why` and `members`, the number of members.
    """
    table = read("bodies.csv").set_index("slug")
    return table.assign(members=[len(members) for members in memberships().values()])


@cache
def _memberships() -> dict[str, tuple[str, ...]]:
    """Look up the members of each body once."""
    rows, slugs = read("memberships.csv"), read("bodies.csv")["slug"]
    return {slug: tuple(sorted(rows.loc[rows["body"] == slug, "iso3"])) for slug in slugs}
