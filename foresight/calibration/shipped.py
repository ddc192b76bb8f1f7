"""The calibration that ships: its posterior as a fit, fits with one agreement left out, and tables of evidence."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.arrays import Floats
from foresight.calibration.evidence import numbers, recovery
from foresight.calibration.fit import PRIOR_SD, Diagnostics, Fit
from foresight.calibration.hazards import VARIANTS
from foresight.engine.rules import pledge_log_hazard_base
from foresight.exact import EXACT
from foresight.facts.members import member_table
from foresight.facts.parameters import uncertainties
from foresight.facts.posterior import OWN_EFFECT, Posterior, posterior
from foresight.files import written_whole

#: Tables of evidence beside the records.
LEFT_OUT: Final = "left_out.parquet"
COMPARED: Final = "variants.csv"
RECOVERED: Final = "recovery.csv"

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
        One row a number of `posterior.ESTIMATED`: those of `described`, and ``default``, the declared value of the
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


def _table(fit: Fit) -> pd.DataFrame:
    """Return a fit of the main variant as a table, one row a draw."""
    members = {OWN_EFFECT + code: row for code, row in zip(member_table().index, fit.member_effects.T, strict=True)}
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
        member_effects=np.column_stack([column[OWN_EFFECT + code] for code in member_table().index]),
        diagnostics=Diagnostics(float(first["r_hat"]), float(first["effective"]), int(first["divergences"])),
    )


def _read(name: str) -> pd.DataFrame:
    with files("foresight.data.records").joinpath(name).open(encoding="utf-8") as stream:
        table: pd.DataFrame = pd.read_csv(stream, **EXACT)
    return table
