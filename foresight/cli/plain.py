"""Tables as JSON has them: keys are texts, and what is missing or has no end is None."""

from typing import Any

import pandas as pd


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    finite = table.replace([float("inf"), float("-inf")], float("nan")).astype(object)
    records = finite.where(finite.notna(), None).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]


def rows_by_key(table: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by what its index calls them."""
    return dict(zip(map(str, table.index), rows(table), strict=True))
