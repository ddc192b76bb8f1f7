"""What somebody who decides wants to know of a scenario: a short table, and one sentence."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from foresight.actions import ACTIONS
from foresight.arguments import check_name
from foresight.efforts import effort_points
from foresight.left_behind import left_behind
from foresight.members import REGION
from foresight.outcomes import ALL_ACTIONS, OUTCOMES, outcome_table
from foresight.pathway import completed, opening_years
from foresight.results import Results
from foresight.texts import languages, percent, text

#: Outcomes of the last year, and what is told of each.
_TOLD: Final[tuple[tuple[str, Mapping[str, tuple[str, ...]]], ...]] = (
    ("mean_delivered", {"scope": (REGION,), "action": (*ACTIONS, ALL_ACTIONS)}),
    ("delivered_share", {"scope": (REGION,), "action": (*ACTIONS, ALL_ACTIONS)}),
    ("mean_delivered", {"scope": ("LDC", "LLDC", "SIDS", "REST"), "action": (ALL_ACTIONS,)}),
    ("trust", {"scope": (REGION,)}),
    ("overdue_share", {"scope": (REGION,), "action": (ALL_ACTIONS,)}),
    ("coverage", {"scope": (REGION,)}),
    ("baiji_index", {"scope": (REGION,)}),
    ("baiji_heading", {"scope": (REGION,)}),
)

#: The gate rule under which goals open whatever is delivered.
CALENDAR: Final = "calendar"

#: Smaller differences in the mean rung are none, to two decimals.
_SMALL: Final = 0.005


def headline(results: Results) -> pd.DataFrame:
    """Return what a scenario comes to by its last year.

    Returns
    -------
    pandas.DataFrame
        ``outcome``, ``scope``, ``action``, ``rung`` (0 where there is none), ``unit`` (a key of the section `unit`
        of the text catalogue), ``n``, ``median``, ``p10``, ``p90``. Outcomes are those of `OUTCOMES` and:
        "opening_year" and "opening_delay" (years) among the ``n`` subregions and runs in which the rung opened;
        "opening_share" and "completed", shares of runs, and "effort_points", which have no band.
    """
    last = results.dataset["year"].values[-1]
    parts = [_told(outcome_table(results.summary, name), name, chosen, last) for name, chosen in _TOLD]
    columns = ["outcome", "scope", "action", "rung", "unit", "n", "median", "p10", "p90"]
    table = pd.concat([*parts, pd.DataFrame(_pathway(results))], ignore_index=True)
    whole = table.fillna({"rung": 0, "action": ""}).astype({"rung": int, "n": int})
    return whole.reindex(columns=columns)


def sentence(results: Results, language: str = "en") -> str:
    """Say what a scenario comes to in one plain sentence, with what chance alone may change.

    Raises
    ------
    InputError
        If there are no texts in the language.
    """
    check_name("language", language, languages())
    series = results.summary
    years = series["year"].values
    delivered = _last(outcome_table(series, "mean_delivered").query("action == @ALL_ACTIONS"))
    trust = outcome_table(series, "trust").query("scope == @REGION")["median"]
    overdue = _last(outcome_table(series, "overdue_share").query("action == @ALL_ACTIONS"))
    done = completed(results).iloc[0]
    ahead = _last(left_behind(results).query("outcome == 'mean_delivered'"))["median"]["LDC"]
    side = "level" if abs(ahead) < _SMALL else "ahead" if ahead > 0 else "behind"
    opened = "by_calendar" if results.scenario.structure.gate == CALENDAR else "completed"
    return text(
        "results.sentence",
        language,
        title=getattr(results.scenario.title, language),
        year=years[-1],
        first=years[0],
        delivered=f"{delivered['median'][REGION]:.2f}",
        low=f"{delivered['p10'][REGION]:.2f}",
        high=f"{delivered['p90'][REGION]:.2f}",
        trust=f"{trust.iloc[-1]:.2f}",
        start=f"{trust.iloc[0]:.2f}",
        overdue=percent(overdue["median"][REGION]),
        ldc=text(f"results.{side}", language, gap=f"{abs(ahead):.2f}"),
        opened=text(f"results.{opened}", language, completed=int(done["completed"]), runs=int(done["n"])),
    )


def _told(table: pd.DataFrame, name: str, chosen: Mapping[str, tuple[str, ...]], year: int) -> pd.DataFrame:
    """Return the chosen rows of one outcome in one year."""
    rows = table[table["year"] == year]
    for column, names in chosen.items():
        rows = rows[rows[column].isin(names)]
    return rows.astype(dict.fromkeys(chosen, str)).assign(outcome=name, unit=OUTCOMES[name].unit)


def _pathway(results: Results) -> Iterator[dict[str, Any]]:
    """Yield the rows on opening and completion, and what the scenario asks for."""
    for row in opening_years(results).query("scope == @REGION").to_dict("records"):
        at: dict[str, Any] = {"scope": REGION, "rung": row["rung"]}
        band = {name: row[name] for name in ("median", "p10", "p90")}
        late = {name: year - row["milestone"] for name, year in band.items()}
        yield {"outcome": "opening_year", "unit": "year", "n": row["n"], **at, **band}
        yield {"outcome": "opening_delay", "unit": "years", "n": row["n"], **at, **late}
        yield {"outcome": "opening_share", "unit": "share", "n": row["runs"], **at, "median": row["share"]}
    done = completed(results).iloc[0]
    yield {"outcome": "completed", "unit": "share", "n": done["n"], "scope": REGION, "median": done["share"]}
    points = effort_points(results.scenario)
    yield {"outcome": "effort_points", "unit": "points", "n": 1, "scope": REGION, "median": points}


def _last(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the last year by scope."""
    rows: pd.DataFrame = table[table["year"] == table["year"].max()]
    return rows.set_index("scope")
