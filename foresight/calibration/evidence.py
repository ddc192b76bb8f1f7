"""Evidence on the calibration: what leaving agreements out, other hazards and planted parameters say of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.arrays import Floats, Integers
from foresight.calibration.fit import SHORT, Effort, Fit, calibrate
from foresight.calibration.forecast import drawn, forecast, year_ahead
from foresight.calibration.hazards import VARIANTS, Variant
from foresight.calibration.hindcast import MODES
from foresight.calibration.scores import LEVELS, SCORES, coverage, resampled_mean
from foresight.observed.records import NEVER, Records
from foresight.runs import Progress

#: Panels that are simulated and fitted again.
PANELS: Final = 100


def left_out(records: Records, variant: Variant, effort: Effort = SHORT, seed: int = 1) -> Iterator[tuple[str, Fit]]:
    """Yield for each agreement a fit that has not seen it."""
    for one in records.agreements:
        yield one.name, calibrate(records.without(one.name), variant, effort, seed)


def every_variant(records: Records, seed: int = 1, progress: Progress | None = None) -> dict[str, dict[str, Fit]]:
    """Return fits with one agreement left out, by variant and agreement; half an hour on two cores."""
    fits: dict[str, dict[str, Fit]] = {}
    total = len(VARIANTS) * len(records.agreements)
    for name, variant in VARIANTS.items():
        fits[name] = {}
        for agreement, fit in left_out(records, variant, seed=seed):
            fits[name][agreement] = fit
            if progress:
                progress(sum(map(len, fits.values())), total)
    return fits


def predicted(records: Records, fits: Mapping[str, Fit], seed: int = 1) -> pd.DataFrame:
    """Return what fits say of agreements that they have not seen.

    Returns
    -------
    pandas.DataFrame
        One row for each member and year at risk: ``treaty``, ``family``, ``adopted``, and the chance of adopting in the
        year, known at the opening (``start``) and at the start of the year (``year_ahead``).
    """
    parts = []
    for k, about in enumerate(records.agreements):
        made = forecast(fits[about.name], records, k, about.opened, seed)
        years = records.full_years(k)
        exposed, ahead = records.at_risk(k, years), year_ahead(fits[about.name], records, k, seed)
        adopted = (records.year[k] == years[:, np.newaxis])[exposed].astype(np.int64)
        rows = {"adopted": adopted, "start": made.hazard[: len(years)][exposed], "year_ahead": ahead[exposed]}
        parts.append(pd.DataFrame({"treaty": about.name, "family": about.family, **rows}))
    return pd.concat(parts, ignore_index=True)


def compared(predictions: Mapping[str, pd.DataFrame], reference: str, seed: int = 1) -> pd.DataFrame:
    """Return how much better a variant predicts than another, on the same rows.

    Parameters
    ----------
    predictions : mapping of str to DataFrame
        By variant, as `predicted` has them.
    reference : str
        The one that the others are compared with.
    seed : int
        Of the resampling of families of agreements.

    Returns
    -------
    pandas.DataFrame
        ``variant``, ``mode``, ``score``, ``mean`` (smaller is better), and ``gain`` over the reference with the ends
        of its 95 % interval, ``low`` and ``high``.
    """
    rows = []
    for name, table in predictions.items():
        happened = table["adopted"].to_numpy()
        for mode in MODES:
            for score, function in SCORES.items():
                own = function(table[mode].to_numpy(), happened)
                other = function(predictions[reference][mode].to_numpy(), happened)
                about = {"variant": name, "mode": mode, "score": score, "mean": float(own.mean())}
                rows.append({**about, **resampled_mean(other - own, table["family"], seed)})
    return pd.DataFrame(rows)


def simulated(fit: Fit, draw: int, records: Records, seed: int) -> Records:
    """Return records of the same agreements and members as one draw of a calibration would have made them.

    Effects of members are drawn anew, with the draw's spread: those of the posterior go with what the records have of
    least developed countries, and would be taken for the effect of being one.
    """
    luck = np.random.default_rng([seed, draw])
    shape = len(fit.base), records.year.shape[1]
    anew = replace(fit, member_effects=fit.sds["sd_member"][:, np.newaxis] * luck.standard_normal(shape))
    acts = [_acted(anew, draw, records, k, luck) for k in range(len(records.agreements))]
    return replace(records, year=np.array(acts))


def recovered(
    fit: Fit, records: Records, panels: int = PANELS, seed: int = 1, progress: Progress | None = None
) -> pd.DataFrame:
    """Fit panels that were simulated with known parameters.

    Parameters
    ----------
    fit : Fit
        Its draws, evenly spaced, are the parameters that are planted.
    records : Records
        Give the agreements, their years, and who can adopt.

    Returns
    -------
    pandas.DataFrame
        One row for each panel and parameter: ``panel``, ``parameter``, ``planted``, ``mean``, ``sd``, and ``rank``, the
        share of draws below the planted value.
    """
    rows, planted = [], numbers(fit)
    for panel in range(panels):
        draw = len(fit.base) * panel // panels
        found = calibrate(simulated(fit, draw, records, seed), fit.variant, SHORT, seed)
        for name, values in numbers(found).items():
            truth = float(planted[name][draw])
            told = {"planted": truth, "mean": values.mean(), "sd": values.std(), "rank": (values < truth).mean()}
            rows.append({"panel": panel, "parameter": name, **told})
        if progress:
            progress(panel + 1, panels)
    return pd.DataFrame(rows)


def recovery(table: pd.DataFrame) -> pd.DataFrame:
    """Return how often central bands held the planted value: ``parameter``, ``bias``, and the fields of a coverage."""
    rows: list[dict[str, Any]] = []
    for name, found in table.groupby("parameter", sort=False):
        bias = float((found["mean"] - found["planted"]).mean())
        away = (found["rank"] - 0.5).abs()
        for level in LEVELS:
            one = coverage((away <= level / 2).tolist(), level)
            rows.append({"parameter": name, "bias": bias, **one._asdict(), "holds": one.holds})
    return pd.DataFrame(rows)


def numbers(fit: Fit) -> dict[str, Floats]:
    """Return the draws of everything but effects, by name."""
    weight = {"body_weight": fit.body_weight} if fit.variant.bodies else {}
    return {"base": fit.base, **fit.coefficients, **weight, **fit.sds}


def _acted(fit: Fit, draw: int, records: Records, k: int, luck: np.random.Generator) -> Integers:
    """Return the years in which members adopt an agreement, by one draw, int64[member]."""
    made = drawn(fit, np.array([draw]), records, k, records.agreements[k].opened, luck)
    (adopted,) = made.adopted[:, :-1]  # the list covers no year after the last full one
    return np.where(adopted.any(axis=0), made.years[adopted.argmax(axis=0)], NEVER)
