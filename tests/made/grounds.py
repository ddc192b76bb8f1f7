"""Made-up numbers for the page of trust: a few agreements, and tables that tests change to see sentences follow."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from adoption import fit

from foresight.analysis.band_parts import PARTS, BandParts
from foresight.calibration.evidence import recovery
from foresight.calibration.hazards import VARIANTS
from foresight.calibration.hindcast import METHODS, MODEL, MODES, Case, Hindcast
from foresight.calibration.scores import LEVELS
from foresight.facts.posterior import ESTIMATED
from foresight.observed import delivery, first_phase
from foresight.observed.records import Records, own_records
from foresight.reports.trust.numbers import Grounds
from foresight.results.simulation import simulate

#: Of six families, as many as a verdict needs.
OWN = (
    *("Basel Convention", "CBD", "UNCCD"),
    *("UNCLOS", "UN Fish Stocks Agreement", "World Heritage Convention"),
)
FORWARD = ("Paris Agreement", "Nagoya Protocol")

YEARS = range(1, 13)


def hindcast(names: tuple[str, ...], model: float = 0.1, others: float = 0.2, seen: int = 20) -> Hindcast:
    """Return a hindcast in which nobody ever adopts, so that the smaller of two chances wins; half the rows each."""
    records = own_records().only(names)
    rows = pd.DataFrame({"treaty": np.repeat(names, 40), "iso3": "FJI", "year": 2000, "adopted": 0})
    chances = {f"{mode}.{one}": model if one == MODEL else others for mode in MODES for one in METHODS}
    cases = tuple(_case(records, k) for k in range(len(records.agreements)))
    counts = pd.concat([_counts(names, seen, one, 10 * chances[f"{MODES[0]}.{one}"]) for one in METHODS])
    return Hindcast(rows.assign(**chances), pd.DataFrame(), counts, cases, ())


def undecided(names: tuple[str, ...]) -> Hindcast:
    """Return a hindcast in which the model is better on every other agreement and as much worse on the rest."""
    found = hindcast(names)
    first = found.rows["treaty"].isin(names[::2])
    chances = {f"{mode}.{MODEL}": np.where(first, 0.1, 0.3) for mode in MODES}
    return replace(found, rows=found.rows.assign(**chances))


def variants(gain: float, low: float, high: float) -> pd.DataFrame:
    """Return one gain of every variant but the main one."""
    rows = []
    for name in VARIANTS:
        size = (0.0, 0.0, 0.0) if name == "main" else (gain, low, high)
        gains = dict(zip(("gain", "low", "high"), size, strict=True))
        scores = [(mode, score) for mode in MODES for score in ("brier", "log_score")]
        rows += [{"variant": name, "mode": mode, "score": score, "mean": 0.25, **gains} for mode, score in scores]
    return pd.DataFrame(rows)


def recoveries(ranks: np.ndarray) -> pd.DataFrame:
    """Return what the same ranks of every planted number say."""
    panels = [{"panel": at, "planted": 0.0, "mean": 0.0, "sd": 1.0, "rank": rank} for at, rank in enumerate(ranks)]
    return recovery(pd.DataFrame([{**one, "parameter": name} for name in ("base", "peer_effect") for one in panels]))


def estimated(mean: float = 0.0) -> pd.DataFrame:
    """Return estimates around a mean, of numbers whose default is 0."""
    numbers = {"mean": mean, "sd": 0.5, "low": mean - 1.0, "high": mean + 1.0, "default": 0.0}
    return pd.DataFrame([{"parameter": name, **numbers} for name in ESTIMATED])


def shares(largest: str) -> BandParts:
    """Return a band in which one part makes most of the variance."""
    ends = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    rows = [{"part": part, **dict.fromkeys(ends, 0.6 if part == largest else 0.1)} for part in PARTS]
    varied = ("everything", "delivery", "not_delivery", "treaties", "chance")
    numbers = {"runs": 8, "median": 1.0, "p10": 0.5, "p90": 1.5, "width": 1.0, "of_everything": 1.0}
    return BandParts(pd.DataFrame([{"varied": one, **numbers} for one in varied]), pd.DataFrame(rows))


@cache
def made_up() -> Grounds:
    """Return grounds on which everything is well; made once, for nobody to write into."""
    results = simulate("historical-pace", replicates=20)
    return Grounds(
        seed=1,
        own=hindcast(OWN),
        forward=hindcast(FORWARD),
        variants=variants(0.01, 0.005, 0.015),
        recovered=recoveries(np.linspace(0.01, 0.99, 50)),
        estimated=estimated(),
        facts={"method": "made up", "diagnostics": {"r_hat": 1.0, "effective": 900.0, "divergences": 0}},
        delivered=delivery.estimates(),
        band=shares("delivery"),
        phase=first_phase.compared(results),
        members=first_phase.member_scores(results),
    )


def _case(records: Records, k: int) -> Case:
    """Return a case of a calibration that mixed well."""
    return Case(fit(), records, records, k, records.agreements[k].opened, "left_out")


def _counts(names: tuple[str, ...], seen: int, method: str, crps: float) -> pd.DataFrame:
    """Return counts of a method with bands from 10 to 30."""
    ends = {f"{side}_{level:.0%}": end for level in LEVELS for side, end in (("low", 10), ("high", 30))}
    numbers = {"method": method, "seen": seen, "median": 20.0, **ends, "crps": crps, "below": 0.4, "upto": 0.6}
    return pd.DataFrame(
        [{"treaty": name, "year": 2000 + age, "age": age, **numbers} for name in names for age in YEARS]
    )
