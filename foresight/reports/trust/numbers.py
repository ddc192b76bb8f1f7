"""What the page of trust rests on: forecasts beside what happened, estimates, and runs beside the first phase."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from foresight.analysis.band_parts import BandParts, band_parts
from foresight.calibration import shipped
from foresight.calibration.cases import forward_hindcast, own_hindcast
from foresight.calibration.hindcast import Hindcast
from foresight.facts.posterior import posterior
from foresight.observed import delivery, first_phase
from foresight.observed.records import FORWARD, TRAINING, own_records
from foresight.results.simulation import simulate
from foresight.runs import USUAL, Progress

#: The scenario that is set beside what happened, and its runs.
SCENARIO: Final = "historical-pace"
RUNS: Final = 200

#: Steps of the work beside the agreements: what makes the band, and the first phase.
_OTHERS: Final = 2


@dataclass(frozen=True, eq=False)
class Grounds:
    """All numbers of the page.

    Parameters
    ----------
    seed : int
        Of the luck of forecasts and runs.
    own, forward : Hindcast
        Of the agreements that were left out one at a time, and of those that were never fitted.
    variants, recovered, estimated : pandas.DataFrame
        As `shipped.variant_table`, `shipped.recovery_table` and `shipped.estimates` return them.
    facts : Mapping
        How the posterior was made, its diagnostics among them.
    delivered : pandas.DataFrame
        As `delivery.estimates` returns it.
    band : BandParts
        What makes the band of 2040.
    phase, members : pandas.DataFrame
        As `first_phase.compared` and `first_phase.member_scores` return them.
    """

    seed: int
    own: Hindcast
    forward: Hindcast
    variants: pd.DataFrame
    recovered: pd.DataFrame
    estimated: pd.DataFrame
    facts: Mapping[str, Any]
    delivered: pd.DataFrame
    band: BandParts
    phase: pd.DataFrame
    members: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table of numbers by name."""
        hindcasts = {"left_out": self.own, "forward": self.forward}
        scored = {f"scores_{name}": one.scores for name, one in hindcasts.items()}
        scored |= {f"agreements_{name}": one.by_agreement for name, one in hindcasts.items()}
        runs = {"band": self.band.bands, "band_shares": self.band.shares}
        return {
            **scored,
            "coverage": self.own.coverage(),
            "coverage_forward": self.forward.coverage(),
            "variants": self.variants,
            "recovery": self.recovered,
            "estimates": self.estimated,
            "delivery": self.delivered,
            **runs,
            "first_phase": self.phase,
            "first_phase_members": self.members.reset_index(),
        }


def gathered(seed: int = 1, progress: Progress | None = None) -> Grounds:
    """Forecast, run and read what the page rests on.

    Parameters
    ----------
    seed : int
    progress : callable, optional
        Called with the steps done and those to do.
    """
    sizes = [len(own_records().used_for(use).agreements) for use in (TRAINING, FORWARD)]
    steps = sum(sizes) + _OTHERS

    def after(before: int) -> Progress:
        return lambda done, _of: progress(before + done, steps) if progress else None

    own = own_hindcast(seed, after(0))
    forward = forward_hindcast(seed, after(sizes[0]))
    band = band_parts(SCENARIO, seed=seed)
    after(sum(sizes))(1, _OTHERS)
    results = simulate(SCENARIO, RUNS, seed, effects=USUAL)
    after(sum(sizes))(_OTHERS, _OTHERS)
    return Grounds(
        seed=seed,
        own=own,
        forward=forward,
        variants=shipped.variant_table(),
        recovered=shipped.recovery_table(),
        estimated=shipped.estimates(),
        facts=posterior().facts,
        delivered=delivery.estimates(),
        band=band,
        phase=first_phase.compared(results),
        members=first_phase.member_scores(results),
    )
