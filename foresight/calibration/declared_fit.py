"""The declared numbers of the model, read as a calibration: what a run with drawn effects rests on."""

from functools import cache

import numpy as np

from foresight.calibration.fit import PRIOR_SD, Diagnostics, Fit
from foresight.calibration.hazards import VARIANTS, Variant
from foresight.engine.rules import pledge_log_hazard_base
from foresight.facts.members import member_table
from foresight.facts.parameters import uncertainties
from foresight.facts.posterior import ESTIMATED

_DECLARED = Variant("declared", VARIANTS["main"].terms)


@cache
def default_fit() -> Fit:
    """Return the declared defaults of the model as a fit of one draw, members without names."""
    default = {name: np.array([uncertainties()[name].default], np.float64) for name in ESTIMATED}
    return Fit(
        variant=_DECLARED,
        base=np.array([pledge_log_hazard_base(default["peer_effect"][0], default["pledge_offset"][0])]),
        coefficients={term: default[term] for term in _DECLARED.terms},
        body_weight=np.zeros(1),
        sds={name: default[name] for name in PRIOR_SD},
        member_effects=np.full((1, len(member_table())), np.nan),
        diagnostics=Diagnostics(1.0, np.inf, 0),
    )
