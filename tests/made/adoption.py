"""Records of adoption and calibrations that are made by hand, so that answers are known."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from foresight.calibration.fit import Diagnostics, Fit
from foresight.calibration.hazards import VARIANTS
from foresight.facts.members import member_table
from foresight.observed.records import NEVER, TRAINING, Agreement, Records

CODES = tuple(member_table().index)

#: Years in which members adopt, by agreement and member.
Acts = Mapping[str, Mapping[str, int]]


def at(code: str) -> int:
    """Return the position of a member."""
    return CODES.index(code)


def agreement(name: str = "A", opened: int = 2000, last: int = 2005, **changes: Any) -> Agreement:
    return Agreement(**{"name": name, "opened": opened, "last": last, "use": TRAINING, "fund": False, **changes})


def records(acts: Acts, *agreements: Agreement, able: Collection[str] = CODES) -> Records:
    """Return records in which some members can adopt every agreement from its opening on."""
    chosen = agreements or tuple(agreement(name) for name in acts)
    year, since = (np.full((len(chosen), len(CODES)), NEVER) for _ in range(2))
    for k, one in enumerate(chosen):
        since[k, [at(code) for code in able]] = one.opened
        for code, acted in acts.get(one.name, {}).items():
            year[k, at(code)] = acted
    return Records(chosen, year, np.where(since < NEVER, np.minimum(since, year), NEVER), "made up")


def fit(base: float = -2.0, variant: str = "main", draws: int = 50, **numbers: float) -> Fit:
    """Return a calibration whose draws are all alike: terms and sds by name, 0 where they are not given."""
    chosen = VARIANTS[variant]
    same = {name: np.full(draws, numbers.pop(name, 0.0)) for name in (*chosen.terms, "body_weight")}
    sds = {name: np.full(draws, numbers.pop(name, 0.0)) for name in ("sd_member", "sd_action", "sd_subregion_action")}
    assert not numbers
    weight = same.pop("body_weight")
    effects = np.zeros((draws, len(CODES)))
    return Fit(chosen, np.full(draws, base), same, weight, sds, effects, Diagnostics(1.0, 1000.0, 0))
