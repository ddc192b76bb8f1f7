"""What the engine reads: numbers only, no labels and no files.

`building.build` makes an `Inputs`; tests change single values with `Inputs.replace`. Arrays whose last axis
is `run` have length 1 (the same in every run) or the number of runs (a whole design in one call).
"""

import dataclasses
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple, Self

import numpy as np

from foresight.actions import FIRST_YEAR, LAST_YEAR, RUNGS
from foresight.arrays import Codes, Counts, Floats, Integers, Rungs


class Gate(IntEnum):
    """Rules for opening the next rung (model step 1)."""

    # A rule more is a line here; what it looks at, in `rules.ready_share`; the flag for that, in both drivers,
    # `gates._ready_share` and `circles.Subregion`, and in `tests/benchmarks/numpy_model.py`, which they are checked
    # against; and its name under `gate` in every text catalogue. Scenario files, the command line and the interface
    # list what stands here.
    INFRASTRUCTURE = 0
    ANY_THREE = 1
    ALL_FIVE = 2
    CALENDAR = 3


class Link(IntEnum):
    """From exposure to pledge: the model's own rule, and two with textbook limits, for tests alone (model step 4)."""

    EXP = 0
    LINEAR = 1
    THRESHOLD = 2


class Uncertainties(NamedTuple):
    """What nobody knows, each float64[run]; `parameters.toml` describes every one.

    `pledge_log_hazard_base` stands for the declared `pledge_offset` (see `rules.pledge_log_hazard_base`).
    """

    pledge_log_hazard_base: Floats
    peer_effect: Floats
    body_weight: Floats
    sd_member: Floats
    sd_action: Floats
    sd_subregion_action: Floats
    ldc_penalty: Floats
    opening_year: Floats
    reference_coverage: Floats
    outside_peer_effect: Floats
    depth_penalty: Floats
    slow_start: Floats
    trust_effect: Floats
    assistance_effect: Floats
    delivery_rate: Floats
    accountability_effect: Floats
    lapse_rate: Floats
    exit_rate: Floats
    grace_years: Floats
    trust_gain: Floats
    trust_asymmetry: Floats
    least_visibility: Floats
    own_subregion_weight: Floats
    initial_trust: Floats
    gate_trust: Floats
    gate_delivery: Floats
    sd_gate: Floats
    cost_growth: Floats
    external_support: Floats
    external_support_growth: Floats
    accountability_catalysis: Floats
    financing_catalysis: Floats
    base_solidarity_share: Floats
    base_performance_share: Floats
    capacity_gain: Floats
    capacity_decay: Floats
    crisis_probability: Floats
    crisis_loss: Floats
    recovery_rate: Floats
    pressure: Floats
    action_effect: Floats
    spillover: Floats
    initial_condition: Floats


class Levers(NamedTuple):
    """What people choose, acting from `levers_from` on. Phases 2, 3 and 4 are positions 0, 1 and 2.

    Group 0 of the efforts is everybody in no coalition; groups 1, 2, ... are the coalitions.
    """

    pledge_effort: Floats  # [group, action, phase, run], multiplier of the historical pace
    delivery_effort: Floats  # [group, action, phase, run], multiplier of the historical pace
    support_multiplier: Floats  # [phase, run]
    assistance: Floats  # [phase, run], 0..1
    solidarity_share: Floats  # [run], 0..1
    performance_share: Floats  # [run], 0..1
    review_deadline: Floats  # [run]
    linking: Floats  # [run]


class Members(NamedTuple):
    """The agents. Facts carry a step axis because a scenario may change them from a year on."""

    code: Codes  # [member], ISO 3166-1 numeric: the address of the draws
    subregion: Integers  # [member], position in SUBREGIONS
    group: Integers  # [member], effort group
    ldc: Floats  # [step, member], 0 or 1
    assisted: Floats  # [step, member], 1 for an LDC, LLDC or SIDS
    income: Floats  # [step, member], y: fiscal capacity, units a year
    base_capacity: Floats  # [step, member], C0, 0..1
    body_offset: Integers  # [member + 1]: member i is in bodies body_index[body_offset[i]:body_offset[i + 1]]
    body_index: Integers  # [membership]
    body_size: Integers  # [body], members taking part in the run


class Events(NamedTuple):
    """Dated events, resolved to steps and members; step t acts on the state of year `first_year + t`."""

    resources_kept: Floats  # [step, member], product over events of (1 - share lost)
    trust: Floats  # [step, member], added
    capacity: Floats  # [step, member], added
    pledged: Rungs  # [step, member, action], rungs added
    delivered: Rungs  # [step, member, action], rungs added


class Structure(NamedTuple):
    """Rules of the run that are not numbers to be sampled."""

    gate: int = int(Gate.INFRASTRUCTURE)
    gate_from: int = FIRST_YEAR
    levers_from: int = 2027
    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    rungs: int = RUNGS
    link: int = int(Link.EXP)
    innovation: float = 0.0  # p of the linear link, which no scenario chooses
    imitation: float = 0.0  # q of the linear link


class Circle(NamedTuple):
    """Peers and thresholds that tests give the textbook links; empty, as in every scenario, the subregion is meant."""

    threshold: Floats  # [member], share of peers that makes a member join
    neighbour_offset: Integers  # [member + 1], or empty
    neighbour: Integers  # [edge]


class Start(NamedTuple):
    """State of the first year, which tests alone give; `None` is the model's own start."""

    pledged: Rungs | None = None  # [member, action]
    delivered: Rungs | None = None  # [member, action]
    waiting: Counts | None = None  # [member, action]
    offer: Rungs | None = None  # [subregion]
    trust: Floats | None = None  # [member]
    capacity: Floats | None = None  # [member]
    condition: Floats | None = None  # [member, domain]
    fund: float | None = None
    coverage: float | None = None


def drawn_effects() -> Floats:
    """Return member effects none of which is known, float64[1, 1]."""
    return np.full((1, 1), np.nan)


def no_circle() -> Circle:
    """Return the circle of the model itself: peers are the subregion."""
    empty = np.empty(0, np.int64)
    return Circle(np.empty(0), empty, empty)


@dataclass(frozen=True)
class Inputs:
    """Everything a run needs except its seed and replicate numbers."""

    uncertainties: Uncertainties
    levers: Levers
    members: Members
    events: Events
    action_weights: Floats  # [domain, action], rows sum to 1
    structure: Structure = field(default_factory=Structure)
    circle: Circle = field(default_factory=no_circle)
    start: Start = field(default_factory=Start)
    member_effects: Floats = field(default_factory=drawn_effects)  # [member or 1, run], u; NaN where it is drawn

    @property
    def years(self) -> range:
        """Calendar years of the states; one more than the steps."""
        return range(self.structure.first_year, self.structure.last_year + 1)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with named values changed, wherever in the inputs they live.

        Parameters
        ----------
        **changes
            A field of `Uncertainties`, `Levers`, `Members`, `Events`, `Structure`, `Circle`, `Start` or of
            `Inputs` itself. A number for an array field fills its shape.

        Raises
        ------
        TypeError
            If no part of the inputs has a field of that name.
        """
        parts: dict[str, Any] = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        for name, value in changes.items():
            owner = _owner(parts, name)
            if owner is None:
                parts[name] = value
            else:
                old = getattr(parts[owner], name)
                parts[owner] = parts[owner]._replace(**{name: _like(old, value)})
        return dataclasses.replace(self, **parts)


def _owner(parts: dict[str, Any], name: str) -> str | None:
    """Name the part that holds a field, or None for a part itself."""
    if name in parts:
        return None
    for part, held in parts.items():
        if name in getattr(held, "_fields", ()):
            return part
    raise TypeError(f"the inputs have no value named {name!r}")


def _like(old: Any, value: Any) -> Any:
    """Fill an array field's shape with a number; pass anything else through."""
    if not isinstance(old, np.ndarray):
        return value
    return np.full(old.shape, value, old.dtype) if np.ndim(value) == 0 else np.asarray(value, old.dtype)
