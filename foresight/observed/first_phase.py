"""The first phase, which is over: what members filed by each year, beside what runs have them pledge and deliver.

What a record stands for is a judgement, record by record, in `data/records/first_phase.toml`. The state of a year is
that at its start, in runs and in records. Runs start in 2017 with nothing pledged, so members that filed before are
left out.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from foresight.actions import FIRST_YEAR, SUBREGIONS
from foresight.arrays import Floats, Mask
from foresight.facts.members import REGION
from foresight.facts.scopes import scope_masks
from foresight.observed.filings import FILINGS, filings, opened, until
from foresight.results.bands import BAND
from foresight.results.results import Results
from foresight.results.simulation import simulate
from foresight.runs import NAME
from foresight.texts import Words

#: States that are compared: from the start of the runs to the end of the first phase.
YEARS: Final = tuple(range(FIRST_YEAR, 2026))

#: Whose shares are compared.
SCOPES: Final = (REGION, *SUBREGIONS, "LDC")

#: A list that ends so close to the start of a year, in years, tells the state of that year: five weeks.
_CLOSE: Final = 0.1

#: Where what was observed lies: within the band, above it (runs are too slow), below it (too fast), or cannot be told.
STANDINGS: Final = ("inside", "above", "below", "open")


class _Known(NamedTuple):
    """What a record tells of the state of a year, bool[member] each, of the members that are compared."""

    surely: Mask  # had filed
    perhaps: Mask  # may have filed


def records(language: str = "en") -> pd.DataFrame:
    """Return what each record stands for, and why.

    Parameters
    ----------
    language : str
        Reasons are written in the reviewed languages; in the others they are in English.

    Returns
    -------
    pandas.DataFrame
        Index ``record``; ``name``, ``action``, ``state`` ("pledged" or "delivered"), ``round`` (whether all are called
        upon together), ``tag``, ``reason``, ``coverage``, what the list does not tell, and ``could``, who could file.
    """
    words = Words(language)
    rows = {
        record: {
            "name": words.say(f"first_phase.record_{record}"),
            **{name: one[name] for name in ("action", "state", "round", "tag")},
            **{name: one[name][words.reviewed] for name in ("reason", "coverage")},
            "could": words.say(f"first_phase.could_{_who(one['filing'])}"),
        }
        for record, one in _mapped("record").items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("record")


def left_out(language: str = "en") -> pd.DataFrame:
    """Return the pledges of the table that stand for nothing here, and why.

    Parameters
    ----------
    language : str
        As for `records`.

    Returns
    -------
    pandas.DataFrame
        ``pledge``, its name in `filings.pledge_table`, and ``reason``.
    """
    written = Words(language).reviewed
    rows = _mapped("left_out").values()
    return pd.DataFrame([{"pledge": one["pledge"], "reason": one["reason"][written]} for one in rows])


def compared(results: Results | None = None) -> pd.DataFrame:
    """Return the share of members that filed, beside the share that runs have at rung 1 of the action.

    Parameters
    ----------
    results : Results, optional
        With the history of every member; 200 runs of "historical-pace" by default.

    Returns
    -------
    pandas.DataFrame
        ``record``, ``action``, ``state``, ``round`` (whether all are called upon together), ``scope`` (`SCOPES`),
        ``year`` (`YEARS`); ``members``: those that could file and had not before 2017; ``observed``: the share that
        surely had, ``possible``: the share that may have, both NaN where the list does not reach, or nobody could yet;
        ``median``, ``p10``, ``p90`` of the same members over the runs; ``standing``, one of `STANDINGS`; ``effects``
        of the runs, which say what the band is made of.
    """
    found = results or simulate("historical-pace")
    return pd.DataFrame([row for record in _mapped("record") for row in _compared(record, found)])


def latest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the last year that each record tells something of."""
    known = table[table["observed"].notna()]
    return known[known["year"] == known.groupby("record")["year"].transform("max")]


def member_scores(results: Results | None = None) -> pd.DataFrame:
    """Return how well runs tell which members filed, in the last year of each record whose list is complete.

    The score of Brier, G. W. (1950), Mon. Weather Rev. 78(1), of the share of runs in which a member is at rung 1,
    beside that of giving every member the share observed in the end, which nobody knew before.

    Parameters
    ----------
    results : Results, optional
        As for `compared`.

    Returns
    -------
    pandas.DataFrame
        Index ``record``; ``year``, ``members``, ``observed`` (share), ``simulated`` (mean share), ``brier``,
        ``brier_of_share`` and ``skill``, 1 less their ratio: below 0 where runs do worse than the share.
    """
    found = results or simulate("historical-pace")
    complete = [record for record, one in _mapped("record").items() if FILINGS[one["filing"]].complete]
    rows = {record: _scored(record, found) for record in complete}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("record")


def _compared(record: str, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the rows of one record."""
    mapping = _mapped("record")[record]
    could, table = _could(mapping["filing"], results), results.scenario.members()
    scopes = {name: mask & could for name, mask in zip(SCOPES, scope_masks(SCOPES, table), strict=True)}
    labels = {"record": record, **{name: mapping[name] for name in ("action", "state", "round")}}
    effects = {NAME: results.effects}
    for year in YEARS:
        filed = _known(mapping["filing"], results, year) if _tells(mapping["filing"], year) else None
        reached = _reached(mapping, results, year)
        for scope, chosen in scopes.items():
            place = {"scope": scope, "year": year, "members": int(chosen.sum())}
            yield {**labels, **place, **_cell(filed, reached, chosen), **effects}


def _cell(filed: _Known | None, reached: Floats, mask: Mask) -> dict[str, Any]:
    """Return what was observed of some members in a year, and the band of runs."""
    if not mask.any():
        return {**dict.fromkeys(("observed", "possible", *BAND), np.nan), "standing": "open"}
    shares = reached[:, mask].mean(axis=1)
    band = {name: float(np.quantile(shares, part)) for name, part in BAND.items()}
    observed, possible = (part[mask].mean() for part in filed) if filed else (np.nan, np.nan)
    return {"observed": observed, "possible": possible, **band, "standing": _standing(observed, possible, band)}


def _standing(observed: float, possible: float, band: Mapping[str, float]) -> str:
    """Tell where a share lies that is at least one number and at most another."""
    if observed > band["p90"]:
        return "above"
    if possible < band["p10"]:
        return "below"
    return "inside" if observed >= band["p10"] and possible <= band["p90"] else "open"


def _scored(record: str, results: Results) -> dict[str, float]:
    """Return the scores of one record."""
    one = _mapped("record")[record]
    year = max(year for year in YEARS if _tells(one["filing"], year))
    could = _could(one["filing"], results)
    filed = _known(one["filing"], results, year).surely[could].astype(np.float64)
    simulated = _reached(one, results, year)[:, could].mean(axis=0)
    brier, of_share = float(np.mean((simulated - filed) ** 2)), float(np.var(filed))
    shares = {"observed": float(filed.mean()), "simulated": float(simulated.mean())}
    scores = {"brier": brier, "brier_of_share": of_share, "skill": 1 - brier / of_share}
    return {"year": year, "members": int(could.sum()), **shares, **scores}


def _could(kind: str, results: Results) -> Mask:
    """Mark the members of a run that could file and had not before runs start."""
    filed = filings(kind).reindex(results.scenario.members().index)
    able = results.scenario.members().index.isin(filings(kind).index)
    return np.asarray(able & ~(filed["latest"] <= FIRST_YEAR).to_numpy())


def _known(kind: str, results: Results, year: int) -> _Known:
    """Return what a list tells of the members of a run at the start of a year that it reaches."""
    filed = filings(kind).reindex(results.scenario.members().index)
    perhaps = (filed["earliest"] < year).to_numpy() | (not FILINGS[kind].complete)
    return _Known((filed["latest"] <= year).to_numpy(), perhaps)


def _tells(kind: str, year: int) -> bool:
    """Tell whether a list reaches the start of a year, and members could file by then."""
    return opened(kind) < year <= until(kind) + _CLOSE


def _reached(one: Mapping[str, Any], results: Results, year: int) -> Floats:
    """Return where members are at rung 1 or above, 0 or 1, float64[replicate, member]."""
    rungs = results.dataset[one["state"]].sel(year=year, action=one["action"])
    return np.asarray(rungs.transpose("replicate", "member") >= 1, np.float64)


def _who(kind: str) -> str:
    return "associates" if FILINGS[kind].associates else "states"


@cache
def _mapped(section: str) -> Mapping[str, Mapping[str, Any]]:
    """Read what each record stands for, "record", or why it stands for nothing, "left_out"."""
    words = files("foresight.data.records").joinpath("first_phase.toml").read_text("utf-8")
    table: dict[str, Any] = tomllib.loads(words)
    return dict(table[section])
