"""Sub-step (1) of a block: where the next rung opens."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from typing import Final

from foresight.engine import rules
from foresight.engine.compiled import rows
from foresight.engine.inputs import Gate
from foresight.engine.state import SUBREGION_COUNT, U

_GATE_INFRASTRUCTURE: Final = int(Gate.INFRASTRUCTURE)
_GATE_ANY_THREE: Final = int(Gate.ANY_THREE)
_GATE_ALL_FIVE: Final = int(Gate.ALL_FIVE)
_GATE_CALENDAR: Final = int(Gate.CALENDAR)


@rows
def open_gates(year, offers, next_offers, u, structure, trust_needed, census, ready):
    """Sub-step (1): raise the rung on offer where the gate opens."""
    gate = structure.gate if year >= structure.gate_from else _GATE_INFRASTRUCTURE
    calendar = rules.phase(year)
    for g in range(SUBREGION_COUNT):
        offer, next_offer, size = offers[g], next_offers[g], census.size[g]
        if gate == _GATE_CALENDAR:
            for r in range(u.shape[1]):
                next_offer[r] = max(offer[r], calendar)
            continue
        _ready_share(gate, census.ready[g], offer, size, ready)
        for r in range(u.shape[1]):
            mean_trust = rules.share(census.trust[g, r], size)
            next_offer[r] = rules.next_offer(
                offer[r], calendar, mean_trust, ready[r], trust_needed[g, r], u[U.gate_delivery, r]
            )


@rows
def _ready_share(gate, ready, offer, size, share):
    """Find the share of the cells that a gate looks at which have delivered the rung on offer."""
    any_three, all_five = gate == _GATE_ANY_THREE, gate == _GATE_ALL_FIVE
    for r in range(offer.shape[0]):
        share[r] = rules.ready_share(
            ready[0, r], ready[1, r], ready[2, r], ready[3, r], ready[4, r], offer[r], size, any_three, all_five
        )
