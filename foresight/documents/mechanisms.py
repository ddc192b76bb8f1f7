"""The arrows of the model: which mechanisms each of the five actions enters on its own.

What an action shares with the other four (pledging, the gate, the environment) is not counted.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from foresight.actions import ACTIONS


class Arrow(NamedTuple):
    """One mechanism that delivering an action moves.

    Parameters
    ----------
    action : str
        One of `ACTIONS`.
    rule : str
        The function of `rules` that the action enters, itself or through `safeguard`.
    settings : tuple[str, ...]
        What a scenario sets together to remove it, or to weaken it as far as ranges go, each ``path=value``.
    """

    action: str
    rule: str
    settings: tuple[str, ...]


#: Arrows by mechanism.
ARROWS: Final[Mapping[str, Arrow]] = {
    "contribution": Arrow(
        "solidarity", "contribution", ("uncertainties.base_solidarity_share=0", "levers.solidarity_share=0")
    ),
    "visibility": Arrow("transparency", "visibility", ("uncertainties.least_visibility=0.8",)),
    "catalysis": Arrow("accountability", "external_inflow", ("uncertainties.accountability_catalysis=0",)),
    "grants": Arrow(
        "accountability", "grant_weight", ("uncertainties.base_performance_share=0", "levers.performance_share=0")
    ),
    "delivery": Arrow("accountability", "delivery_hazard", ("uncertainties.accountability_effect=0",)),
    "lapse": Arrow("accountability", "slipping_hazard", ("uncertainties.accountability_effect=0",)),
    "exit": Arrow("accountability", "slipping_hazard", ("uncertainties.accountability_effect=0",)),
    "own_resources": Arrow("financing", "own_resources", ("uncertainties.financing_catalysis=0",)),
    "far_peers": Arrow("networking", "far_log_hazard", ("uncertainties.outside_peer_effect=0", "levers.linking=0")),
    "capacity": Arrow("networking", "support", ("uncertainties.capacity_gain=0",)),
}


def arrow_counts() -> dict[str, int]:
    """Return how many mechanisms each action enters on its own."""
    entered = [arrow.action for arrow in ARROWS.values()]
    return {action: entered.count(action) for action in ACTIONS}
