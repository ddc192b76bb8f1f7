"""What somebody who decides wants to know of a scenario: a short table, and one sentence."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from foresight.actions import ACTIONS
from foresight.arguments import check_name
from foresight.facts.members import REGION
from foresight.results.left_behind import left_behind
from foresight.results.outcomes import ALL_ACTIONS, OUTCOMES, outcome_table
from foresight.results.pathway import completed, opening_years
from foresight.results.results import Results
from foresight.runs import Effects
from foresight.scenario.efforts import effort_points
from foresight.texts import Words, languages

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

#: Columns of the band of what is delivered, by what the findings call them.
_BAND: Final = {"delivered": "median", "low": "p10", "high": "p90"}

#: Outcomes of single actions that the sentence tells of all.
_OF_ACTIONS: Final = ("mean_delivered", "overdue_share")

#: Smaller differences in the mean rung are none, to two decimals.
_SMALL: Final = 0.005


def headline(results: Results) -> pd.DataFrame:
    """Return what a scenario comes to by its last year.

    Returns
    -------
    pandas.DataFrame
        ``outcome``, ``scope``, ``action``, ``rung`` (0 where there is none), ``unit`` (a key of the section `unit`
        of the text catalogue), ``n``, ``median``, ``p10``, ``p90``. Outcomes are those of `OUTCOMES` and:
        "opening_year" and "opening_delay" (years) of all ``n`` subregions and runs, missing where the rung opens after
        the last year, see `openings_of_all`; "opening_share" and "completed", shares of runs, and "effort_points",
        which have no band.
    """
    last = results.dataset["year"].values[-1]
    parts = [_told(outcome_table(results.summary, name), name, chosen, last) for name, chosen in _TOLD]
    columns = ["outcome", "scope", "action", "rung", "unit", "n", "median", "p10", "p90"]
    table = pd.concat([*parts, pd.DataFrame(_pathway(results))], ignore_index=True)
    whole = table.fillna({"rung": 0, "action": ""}).astype({"rung": int, "n": int})
    return whole.reindex(columns=columns)


class Findings(NamedTuple):
    """What the sentence tells of a scenario."""

    first: int  # the first year
    year: int  # the last year
    delivered: float  # mean rung of all members and actions in the last year, median of the runs
    low: float  # its 10 %
    high: float  # its 90 %
    start: float  # trust in the first year, median
    trust: float  # trust in the last year, median
    overdue: float  # share of pledges that are overdue in the last year, median
    ahead: float  # mean rung of LDCs less that of members in no special group in the last year, median
    completed: int  # runs in which all goals are open everywhere
    runs: int
    effects: Effects  # which say what the range is made of


def sentence(results: Results, language: str = "en") -> str:
    """Say what a scenario comes to in one plain sentence, and what its range is made of.

    Raises
    ------
    InputError
        If there are no texts in the language.
    """
    check_name("language", language, languages())
    scenario = results.scenario
    return worded(findings(results), getattr(scenario.title, language), scenario.structure.gate, Words(language))


def findings(results: Results) -> Findings:
    """Return what the sentence tells."""
    series = results.summary
    years = series["year"].values
    delivered, overdue = (_last(outcome_table(series, name), action=ALL_ACTIONS) for name in _OF_ACTIONS)
    trust = _only(outcome_table(series, "trust"), scope=REGION)["median"]
    done = completed(results).iloc[0]
    return Findings(
        first=int(years[0]),
        year=int(years[-1]),
        **{name: delivered[column][REGION] for name, column in _BAND.items()},
        start=trust.iloc[0],
        trust=trust.iloc[-1],
        overdue=overdue["median"][REGION],
        ahead=_last(left_behind(results), outcome="mean_delivered")["median"]["LDC"],
        completed=int(done["completed"]),
        runs=int(done["n"]),
        effects=results.effects,
    )


def worded(
    findings: Findings,
    title: str,
    gate: str,
    words: Words,
) -> str:
    """Put findings into words.

    Parameters
    ----------
    findings : Findings
        What is told.
    title, gate : str
        Name of the scenario, and its gate rule: goals that open by the calendar complete no pathway.
    words : Words
        Of the language it is told in.
    """
    side = "level" if abs(findings.ahead) < _SMALL else "ahead" if findings.ahead > 0 else "behind"
    opened = "by_calendar" if gate == CALENDAR else "completed"
    numbers = {name: words.number(getattr(findings, name)) for name in ("delivered", "low", "high")}
    shares = {name: words.share(getattr(findings, name)) for name in ("start", "trust", "overdue")}
    counts = {name: words.count(getattr(findings, name)) for name in ("completed", "runs")}
    return words.say(
        "results.sentence",
        title=title,
        year=findings.year,
        first=findings.first,
        **numbers,
        **shares,
        ldc=words.say(f"results.{side}", gap=words.number(abs(findings.ahead))),
        opened=words.say(f"results.{opened}", **counts),
        range=words.say(f"effects.range_{findings.effects}"),
    )


def _told(table: pd.DataFrame, name: str, chosen: Mapping[str, tuple[str, ...]], year: int) -> pd.DataFrame:
    """Return the chosen rows of one outcome in one year."""
    rows = table[table["year"] == year]
    for column, names in chosen.items():
        rows = rows[rows[column].isin(names)]
    return rows.astype(dict.fromkeys(chosen, str)).assign(outcome=name, unit=OUTCOMES[name].unit)


def _pathway(results: Results) -> Iterator[dict[str, Any]]:
    """Yield the rows on opening and completion, and what the scenario asks for."""
    for row in _only(opening_years(results), scope=REGION).to_dict("records"):
        at: dict[str, Any] = {"scope": REGION, "rung": row["rung"]}
        band = {"median": row["opens"], "p10": row["opens_p10"], "p90": row["opens_p90"]}
        late = {name: year - row["milestone"] for name, year in band.items()}
        yield {"outcome": "opening_year", "unit": "year", "n": row["runs"], **at, **band}
        yield {"outcome": "opening_delay", "unit": "years", "n": row["runs"], **at, **late}
        yield {"outcome": "opening_share", "unit": "share", "n": row["runs"], **at, "median": row["share"]}
    done = completed(results).iloc[0]
    yield {"outcome": "completed", "unit": "share", "n": done["n"], "scope": REGION, "median": done["share"]}
    points = effort_points(results.scenario)
    yield {"outcome": "effort_points", "unit": "points", "n": 1, "scope": REGION, "median": points}


def _last(table: pd.DataFrame, **label: str) -> pd.DataFrame:
    """Return the rows of a label in the last year, by scope."""
    return _only(table, **label, year=table["year"].max()).set_index("scope")


def _only(table: pd.DataFrame, **labels: Any) -> pd.DataFrame:
    """Return the rows that have these labels."""
    wanted = np.logical_and.reduce([(table[name] == label).to_numpy() for name, label in labels.items()])
    return table[wanted]
