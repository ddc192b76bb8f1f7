"""The calibration that ships: its posterior, the fits with one agreement left out, and the evidence on it."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.arrays import Floats
from foresight.calibration import PRIOR_SD, SHORT, Diagnostics, Fit, calibrate
from foresight.effects import Progress
from foresight.errors import InputError, Problem
from foresight.evidence import left_out, numbers, recovery
from foresight.files import written_whole
from foresight.hindcast import Case, Hindcast, hindcast
from foresight.members import member_table
from foresight.parameters import uncertainties
from foresight.posterior import Posterior, posterior
from foresight.records import FORWARD, TRAINING, Records, own_records
from foresight.rules import pledge_log_hazard_base
from foresight.variants import VARIANTS

#: Tables of evidence beside the records.
LEFT_OUT: Final = "left_out.parquet"
COMPARED: Final = "variants.csv"
RECOVERED: Final = "recovery.csv"

#: Agreements that a calibration needs at least.
FEWEST: Final = 5

_MEMBER: Final = "u_"
_MAIN: Final = VARIANTS["main"]


def fit_of(draws: Posterior) -> Fit:
    """Return draws of the posterior as a fit of the main variant."""
    own = draws.parameters
    pairs = zip(own["peer_effect"], own["pledge_offset"], strict=True)
    return Fit(
        variant=_MAIN,
        base=np.array([pledge_log_hazard_base(*pair) for pair in pairs]),
        coefficients={term: own[term] for term in _MAIN.terms},
        body_weight=np.zeros(draws.size),
        sds={name: own[name] for name in PRIOR_SD},
        member_effects=draws.effects_of(tuple(member_table().index), np.arange(draws.size)).T,
        diagnostics=Diagnostics(**draws.facts["diagnostics"]),
    )


def posterior_of(fit: Fit, facts: Mapping[str, Any]) -> Posterior:
    """Return a fit of the main variant as draws that a run can take.

    Parameters
    ----------
    fit : Fit
    facts : mapping
        How it was made, beside its diagnostics.
    """
    on_ridge = [pledge_log_hazard_base(peer, 0.0) for peer in fit.coefficients["peer_effect"]]
    parameters = {**fit.coefficients, "pledge_offset": fit.base - np.array(on_ridge), **fit.sds}
    known = ~np.isnan(fit.member_effects).all(axis=0)
    told = {**facts, "diagnostics": fit.diagnostics._asdict()}
    return Posterior(parameters, tuple(np.array(member_table().index)[known]), fit.member_effects[:, known], told)


def write_left_out(fits: Mapping[str, Fit], path: Path) -> None:
    """Write the fits of the main variant with one agreement left out each, in single precision."""
    parts = [_table(fit).assign(treaty=name) for name, fit in fits.items()]
    with written_whole(path) as written:
        pd.concat(parts, ignore_index=True).to_parquet(written, compression="zstd", index=False)


@cache
def left_out_fits() -> Mapping[str, Fit]:
    """Return the fits that have not seen one agreement, by its name."""
    with as_file(files("foresight.data.records").joinpath(LEFT_OUT)) as path:
        table = pd.read_parquet(path)
    return {str(name): _fit(part) for name, part in table.groupby("treaty", sort=False)}


def variant_table() -> pd.DataFrame:
    """Return how much better other hazards predict than the main one, see `evidence.compared`."""
    return _read(COMPARED)


def recovery_table() -> pd.DataFrame:
    """Return how often bands held the numbers that were planted, see `evidence.recovery`."""
    return recovery(_read(RECOVERED))


def columns_of(language: str) -> pd.DataFrame:
    """Return what the columns of a hindcast's tables are: ``file``, ``column``, ``unit``, ``meaning``.

    In English where the language has no words of its own; ``*`` stands for a method or the level of a band.
    """
    table = _read("hindcast_columns.csv")
    own = language if f"meaning_{language}" in table else "en"
    return table[["file", "column"]].assign(**{name: table[f"{name}_{own}"] for name in ("unit", "meaning")})


def estimates() -> pd.DataFrame:
    """Return what the records tell of the estimated numbers of the model.

    Returns
    -------
    pandas.DataFrame
        One row a number of `posterior.PARAMETERS`: those of `described`, and ``default``, the declared value of the
        model; NaN where it has none.
    """
    table = described(posterior().parameters)
    declared = {name: one.default for name, one in uncertainties().items()}
    return table.assign(default=table["parameter"].map(declared).astype(np.float64))


def numbers_of(fit: Fit) -> pd.DataFrame:
    """Return what a fit tells of everything but effects, see `described`."""
    return described(numbers(fit))


def described(draws: Mapping[str, Floats]) -> pd.DataFrame:
    """Return ``parameter``, ``mean``, ``sd``, and the ends of the 95 % interval, ``low`` and ``high``."""
    rows = []
    for name, values in draws.items():
        low, high = np.quantile(values, [0.025, 0.975])
        rows.append({"parameter": name, "mean": values.mean(), "sd": values.std(), "low": low, "high": high})
    return pd.DataFrame(rows)


def own_cases() -> list[Case]:
    """Return the training agreements, each with the fit that has not seen it."""
    records = own_records().used_for(TRAINING)
    cases = []
    for k, about in enumerate(records.agreements):
        cases.append(
            Case(left_out_fits()[about.name], records.without(about.name), records, k, about.opened, "left_out")
        )
    return cases


def forward_cases(records: Records | None = None) -> list[Case]:
    """Return agreements that the posterior has never seen, from their opening.

    Parameters
    ----------
    records : Records, optional
        The open test set of the project by default. An agreement of the training set is forecast by the fit that
        has not seen it.
    """
    training = own_records().used_for(TRAINING)
    chosen = own_records().used_for(FORWARD) if records is None else records
    known = {case.name: case for case in own_cases()}
    fit, cutoff = fit_of(posterior()), max(one.last for one in training.agreements)
    cases = []
    for k, about in enumerate(chosen.agreements):
        if about.name in known:
            cases.append(Case(known[about.name].fit, known[about.name].training, chosen, k, about.opened, "left_out"))
        else:
            kind = "forecast" if about.opened > cutoff else "forward"
            cases.append(Case(fit, training, chosen, k, about.opened, kind))
    return cases


def refitted_cases(records: Records, progress: Progress | None = None) -> list[Case]:
    """Return agreements of any records, each with a fit of all others; needs the extra `calibrate`.

    Raises
    ------
    InputError
        If there are too few agreements to learn from.
    """
    if len(records.agreements) < FEWEST:
        given = str(len(records.agreements))
        raise InputError([Problem("--leave-one-out", "", "too_few_agreements", given, f"≥ {FEWEST}")])
    cases = []
    for k, (name, fit) in enumerate(left_out(records, _MAIN)):
        opened = records.agreements[k].opened
        cases.append(Case(fit, records.without(name), records, k, opened, "left_out"))
        if progress:
            progress(k + 1, len(records.agreements))
    return cases


def check_start(start: int, records: Records) -> None:
    """Refuse a start at which too little was known, or that no list goes on after; InputError."""
    own = own_records().used_for(TRAINING)
    earliest, latest = own.agreements[FEWEST - 1].opened + 1, max(one.last for one in records.agreements)
    if not earliest <= start <= latest:
        raise InputError([Problem("--from", "", "out_of_range", str(start), f"{earliest} … {latest}")])


def cases_from(start: int, records: Records, progress: Progress | None = None) -> list[Case]:
    """Return agreements as they stood at the start of a year, with a fit of what was known then.

    What was known are the training agreements that were open by then, and what members had done; needs the extra
    `calibrate`.

    Raises
    ------
    InputError
        See `check_start`.
    """
    check_start(start, records)
    known = own_records().used_for(TRAINING).known_by(start)
    if progress:
        progress(0, 1)
    fit = calibrate(known, _MAIN, SHORT)
    later = [k for k, about in enumerate(records.agreements) if about.last >= start]
    return [_case_from(fit, known, records, k, start) for k in later]


def _case_from(fit: Fit, known: Records, records: Records, k: int, start: int) -> Case:
    """Return one agreement as it stood: one that was open goes on, one that was not is a forecast from its opening."""
    opened = records.agreements[k].opened
    return Case(fit, known, records, k, max(start, opened), "forecast" if opened >= start else "going_on")


def own_hindcast(seed: int = 1, progress: Progress | None = None) -> Hindcast:
    """Hindcast the training agreements, each left out of what is learnt."""
    return hindcast(own_cases(), seed, progress)


def forward_hindcast(seed: int = 1, progress: Progress | None = None) -> Hindcast:
    """Hindcast the open test set, which was never fitted."""
    return hindcast(forward_cases(), seed, progress)


def _table(fit: Fit) -> pd.DataFrame:
    """Return a fit of the main variant as a table, one row a draw."""
    members = {_MEMBER + code: row for code, row in zip(member_table().index, fit.member_effects.T, strict=True)}
    table = pd.DataFrame({"base": fit.base, **fit.coefficients, **fit.sds, **members}).astype(np.float32)
    return table.assign(**fit.diagnostics._asdict())


def _fit(table: pd.DataFrame) -> Fit:
    """Return a fit from what `_table` made."""
    column = {str(name): table[name].to_numpy(np.float64) for name in table.columns if name != "treaty"}
    first = table.iloc[0]
    return Fit(
        variant=_MAIN,
        base=column["base"],
        coefficients={term: column[term] for term in _MAIN.terms},
        body_weight=np.zeros(len(table)),
        sds={name: column[name] for name in PRIOR_SD},
        member_effects=np.column_stack([column[_MEMBER + code] for code in member_table().index]),
        diagnostics=Diagnostics(float(first["r_hat"]), float(first["effective"]), int(first["divergences"])),
    )


def _read(name: str) -> pd.DataFrame:
    with files("foresight.data.records").joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream)
