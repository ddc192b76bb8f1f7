"""Hindcast: forecast agreements from what was known at the start, and score it against what happened."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.arrays import Floats, Integers
from foresight.calibration.at_risk import Panel, at_risk
from foresight.calibration.baselines import BASELINES, Lesson
from foresight.calibration.declared_fit import default_fit
from foresight.calibration.fit import Fit
from foresight.calibration.forecast import Forecast, forecast, futures, year_ahead
from foresight.calibration.scores import (
    LEVELS,
    SCORES,
    Cells,
    Coverage,
    band,
    coverage,
    crps,
    pit,
    rank_histogram,
    reliability,
    resampled_mean,
    verdict,
)
from foresight.engine.ensemble import cores
from foresight.facts.members import member_table
from foresight.observed.records import NEVER, Records

#: What the model is called among the methods: the very hazard that runs with `effects = "posterior"` have.
MODEL: Final = "model"

#: The model with its declared numbers and members without names: what `effects = "drawn"` rests on.
DECLARED: Final = "declared"

METHODS: Final = (MODEL, DECLARED, *BASELINES)

#: What was known: all until the start of the forecast, or all until the start of each year.
MODES: Final = ("start", "year_ahead")

#: The score of the number of parties, which is forecast from the start alone.
CRPS: Final = "crps"

#: What methods are compared by: mode and score.
COMPARISONS: Final = (*((mode, score) for mode in MODES for score in SCORES), (MODES[0], CRPS))

#: Years after the start at which bands of the number of parties are looked at, once an agreement.
HORIZONS: Final = (5, 10)


@dataclass(frozen=True, eq=False)
class Case:
    """One agreement to forecast, and what may be learnt from.

    Parameters
    ----------
    fit : Fit
        A calibration that has not seen the agreement.
    training : Records
        What it has seen.
    records : Records
        Those of the agreement.
    k : int
        Its position.
    start : int
        First year that is forecast.
    kind : str
        ``left_out`` of the training set, ``forward`` (never fitted), ``forecast`` (opened after all that was learnt),
        or ``going_on`` (open before, and forecast from a later year).
    """

    fit: Fit
    training: Records
    records: Records
    k: int
    start: int
    kind: str

    @property
    def name(self) -> str:
        """Name of the agreement."""
        return self.records.agreements[self.k].name

    @property
    def rows(self) -> int:
        """Number of members and full years at risk from the start on."""
        return int(self.records.at_risk(self.k, self.years).sum())

    @property
    def years(self) -> Integers:
        """The full years that are forecast."""
        return self.records.full_years(self.k, self.start)

    @cached_property
    def panel(self) -> Panel:
        """The rows that the baselines learn from."""
        return at_risk(self.training)


@dataclass(frozen=True, eq=False)
class Hindcast:
    """Forecasts beside what happened.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row for each member and year at risk, the same for every method: ``treaty``, ``iso3``, ``year``, ``adopted``
        (0 or 1), and for every mode and method the chance of adopting in the year, ``start.model`` and so on.
    chances : pandas.DataFrame
        One row for each member that can adopt and had not at the start, and year: ``treaty``, ``iso3``, ``year``, and
        by the model the ``chance`` of having adopted by its end. The list may cover the last year in part.
    counts : pandas.DataFrame
        One row for each agreement, method and year: ``seen`` parties, ``median``, the ends of the bands, ``crps``, and
        the ends of the PIT.
    cases : tuple of Case
    worlds : tuple of Cells
        By agreement, what would have happened from the start on if the model were right.
    """

    rows: pd.DataFrame
    chances: pd.DataFrame
    counts: pd.DataFrame
    cases: tuple[Case, ...]
    worlds: tuple[Cells, ...]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Mean scores per member and year at risk: ``mode``, ``method``, ``rows``, ``brier``, ``log_score``."""
        return pd.DataFrame([self._score(mode, method, self.rows) for mode in MODES for method in METHODS])

    def means(self, mode: str, score: str) -> "pd.Series[float]":
        """Return the mean of one of `COMPARISONS` by method: of chances, or in parties over agreements and years."""
        if score == CRPS:
            return self.counts.groupby("method")[CRPS].mean().loc[list(METHODS)]
        return self.scores[self.scores["mode"] == mode].set_index("method")[score]

    @cached_property
    def by_agreement(self) -> pd.DataFrame:
        """The same by agreement, with ``kind``, ``start`` and the last year."""
        parts = []
        for case in self.cases:
            rows, last = self.rows[self.rows["treaty"] == case.name], case.records.agreements[case.k].last
            about = {"treaty": case.name, "kind": case.kind, "start": case.start, "last": last}
            parts += [{**about, **self._score(mode, method, rows)} for mode in MODES for method in METHODS]
        return pd.DataFrame(parts)

    def best_baseline(self, mode: str, score: str) -> str:
        """Return the baseline with the smallest score."""
        return str(self.means(mode, score)[list(BASELINES)].idxmin())

    def gain(self, mode: str, score: str, method: str = MODEL, other: str = "", seed: int = 1) -> dict[str, Any]:
        """Return how much smaller the score of a method is than that of another, the best baseline by default.

        Returns
        -------
        dict
            ``baseline``: the other method; ``gain`` and its 95 % interval, ``low`` to ``high``, from resampling
            families of agreements, since siblings are alike; ``families``: how many there are; ``verdict``, see
            `scores.verdict`.
        """
        base = other or self.best_baseline(mode, score)
        own, theirs = (self._each(mode, score, one) for one in (method, base))
        families = self._families(own.index)
        found = resampled_mean(theirs.to_numpy() - own.to_numpy(), families, seed)
        count = int(families.nunique())
        return {"baseline": base, **found, "families": count, "verdict": verdict(found["low"], found["high"], count)}

    def coverage(self) -> pd.DataFrame:
        """Return how often bands of the number of parties held it, once an agreement: by horizon and level.

        Returns
        -------
        pandas.DataFrame
            ``horizon`` (years after the start), and the fields of `scores.Coverage`, and whether it ``holds``.
        """
        bands, rows = self.bands(), []
        for horizon in HORIZONS:
            there = bands[bands["horizon"] == horizon]
            rows += [{"horizon": horizon, **_told(self._covered(there, level))} for level in LEVELS if len(there)]
        return pd.DataFrame(rows)

    def reliability(self, mode: str) -> pd.DataFrame:
        """Return the reliability diagram of the model's chances of adopting in a year.

        From the start, members of one agreement are alike, and the bars are those of the model's futures. Given all
        before a year, its chances are nearly independent, and are taken for that.
        """
        worlds = self.worlds if mode == MODES[0] else ()
        return reliability(self.rows[f"{mode}.{MODEL}"].to_numpy(), self.rows["adopted"].to_numpy(), worlds)

    def rank_histogram(self) -> Floats:
        """Return the rank histogram of the number of parties at the first horizon, once an agreement."""
        model = self.counts[(self.counts["method"] == MODEL) & (self.counts["age"] == HORIZONS[0])]
        return rank_histogram(list(zip(model["below"], model["upto"], strict=True)))

    def bands(self) -> pd.DataFrame:
        """Return the number of parties beside its bands, once an agreement and horizon.

        Returns
        -------
        pandas.DataFrame
            ``treaty``, ``horizon``, ``seen``, ``median``, and for each level of `scores.LEVELS` the ends of the band
            and whether it held: ``low_80%``, ``high_80%``, ``held_80%``.
        """
        there = self.counts[(self.counts["method"] == MODEL) & self.counts["age"].isin(HORIZONS)]
        there, columns = there.assign(horizon=there["age"]), ["treaty", "horizon", "seen", "median"]
        for level in (f"{level:.0%}" for level in LEVELS):
            held = there["seen"].between(there[f"low_{level}"], there[f"high_{level}"])
            there = there.assign(**{f"held_{level}": held})
            columns += [f"low_{level}", f"high_{level}", f"held_{level}"]
        return there[columns].reset_index(drop=True)

    def _each(self, mode: str, score: str, method: str) -> "pd.Series[float]":
        """Return the scores that `means` are of, by agreement."""
        if score == CRPS:
            return self.counts[self.counts["method"] == method].set_index("treaty")[CRPS]
        chance, happened = (self.rows[name].to_numpy() for name in (f"{mode}.{method}", "adopted"))
        return pd.Series(SCORES[score](chance, happened), self.rows["treaty"])

    def _families(self, treaties: "pd.Series[str] | pd.Index[str]") -> "pd.Series[str]":
        """Return the families of agreements."""
        known = {one.name: one.records.agreements[one.k].family for one in self.cases}
        return pd.Series(treaties).map(known)

    def _covered(self, there: pd.DataFrame, level: float) -> Coverage:
        return coverage(there[f"held_{level:.0%}"].tolist(), level, self._families(there["treaty"]).tolist())

    def _score(self, mode: str, method: str, rows: pd.DataFrame) -> dict[str, Any]:
        chance, happened = rows[f"{mode}.{method}"].to_numpy(), rows["adopted"].to_numpy()
        means = {score: float(function(chance, happened).mean()) for score, function in SCORES.items()}
        return {"mode": mode, "method": method, "rows": len(rows), **means}


def hindcast(cases: Sequence[Case], seed: int = 1, progress: Callable[[int, int], None] | None = None) -> Hindcast:
    """Forecast and score agreements, on all cores.

    Parameters
    ----------
    cases : sequence of Case
    seed : int
        Of the futures' luck.
    progress : callable, optional
        Called with the agreements done and those to do.
    """
    parts = []
    with ThreadPoolExecutor(cores()) as pool:
        for part in pool.map(lambda case: _scored(case, seed), cases):
            parts.append(part)
            if progress:
                progress(len(parts), len(cases))
    rows, chances, counts, worlds = zip(*parts, strict=True)
    return Hindcast(_stacked(rows), _stacked(chances), _stacked(counts), tuple(cases), worlds)


def _scored(case: Case, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Cells]:
    """Return what `Hindcast` keeps of one agreement."""
    forecasts = _forecasts(case, seed)
    counts = _stacked([_counts(case, method, one) for method, one in forecasts.items()])
    model = forecasts[MODEL]
    return _rows(case, forecasts, _year_ahead(case, seed)), _chances(case, model), counts, _worlds(case, model)


def _stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


def _forecasts(case: Case, seed: int) -> dict[str, Forecast]:
    """Return the forecasts from the start, by method."""
    lesson = Lesson(case.panel, case.records, case.k, case.start)
    made = {name: forecast(fit, case.records, case.k, case.start, seed) for name, fit in _fits(case).items()}
    for name, make in BASELINES.items():
        luck = np.random.default_rng([seed, case.k])
        made[name] = futures(make(lesson), case.records, case.k, case.start, luck)
    return made


def _year_ahead(case: Case, seed: int) -> dict[str, Floats]:
    """Return the chances of adopting in each year given all before it, by method, [year, member]."""
    records, k = case.records, case.k
    lesson, years = Lesson(case.panel, records, k, NEVER), case.years.tolist()
    seen = {year: (records.since[k] <= year, (records.year[k] < year)[np.newaxis]) for year in years}
    chances = {name: make(lesson) for name, make in BASELINES.items()}
    made = {name: np.array([chance(year, *seen[year])[0] for year in years]) for name, chance in chances.items()}
    since = case.start - records.agreements[k].opened
    return {**{name: year_ahead(fit, records, k, seed)[since:] for name, fit in _fits(case).items()}, **made}


def _fits(case: Case) -> dict[str, Fit]:
    """Return the model as calibrated, which is what runs have, and as declared."""
    return {MODEL: case.fit, DECLARED: default_fit()}


def _rows(case: Case, forecasts: Mapping[str, Forecast], ahead: Mapping[str, Floats]) -> pd.DataFrame:
    """Return the rows of one agreement."""
    records, k, years = case.records, case.k, case.years
    exposed = records.at_risk(k, years)
    year, member = np.nonzero(exposed)
    known = {"treaty": case.name, "iso3": _codes()[member], "year": years[year]}
    adopted = (records.year[k][member] == years[year]).astype(np.int64)
    chances = {f"start.{method}": one.hazard[: len(years)][exposed] for method, one in forecasts.items()}
    chances |= {f"year_ahead.{method}": one[exposed] for method, one in ahead.items()}
    return pd.DataFrame({**known, "adopted": adopted, **chances})


def _chances(case: Case, forecast: Forecast) -> pd.DataFrame:
    """Return the chance of having adopted by each year, of every member that could."""
    records, k = case.records, case.k
    waiting = (records.since[k] <= forecast.years[-1]) & (records.year[k] >= case.start)
    year, member = np.nonzero(np.broadcast_to(waiting, forecast.chance.shape))
    known = {"treaty": case.name, "iso3": _codes()[member], "year": forecast.years[year]}
    return pd.DataFrame({**known, "chance": forecast.chance[year, member]})


def _worlds(case: Case, forecast: Forecast) -> Cells:
    """Return the futures of one agreement by member that can adopt and full year."""
    known = case.records.year[case.k] < case.start
    after = forecast.adopted[:, :-1]
    before = np.concatenate([np.broadcast_to(known, (len(after), 1, len(known))), after[:, :-1]], axis=1)
    able = case.records.since[case.k] <= case.years[:, np.newaxis]
    return Cells(forecast.hazard[:-1][able], ~before[:, able], (after & ~before)[:, able])


def _counts(case: Case, method: str, made: Forecast) -> pd.DataFrame:
    """Return the number of parties by year, as forecast and as seen."""
    count = made.count
    return pd.DataFrame([_counted(case, method, y, count[:, y - case.start]) for y in case.years.tolist()])


def _counted(case: Case, method: str, year: int, count: Integers) -> dict[str, Any]:
    """Return the number of parties in one year."""
    seen = int((case.records.year[case.k] <= year).sum())
    below, upto = pit(count, seen)
    row = {"treaty": case.name, "method": method, "year": year, "age": year - case.start + 1, "seen": seen}
    row["median"] = float(np.median(count))
    for level in LEVELS:
        row[f"low_{level:.0%}"], row[f"high_{level:.0%}"] = band(count, level)
    return {**row, "crps": crps(count, seen), "below": below, "upto": upto}


def _codes() -> npt.NDArray[Any]:
    """Return the codes of the members."""
    return member_table().index.to_numpy()


def _told(one: Coverage) -> dict[str, Any]:
    return {**one._asdict(), "holds": one.holds}
