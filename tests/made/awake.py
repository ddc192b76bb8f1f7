"""Runs of a scenario in which every mechanism is awake, those included that defaults leave asleep."""

from collections.abc import Mapping
from typing import Any

from foresight.results.results import Results
from foresight.results.simulation import simulate
from foresight.scenario.loading import load_scenario

#: What wakes the mechanisms that are asleep in `baiji-returns`.
WAKING = {
    "uncertainties.base_performance_share": 0.5,
    "levers.performance_share": 0.5,
    "uncertainties.body_weight": 0.5,
    "levers.assistance": 0.5,
}


def awake(changes: Mapping[str, Any] | None = None) -> Results:
    """Run the scenario with some settings changed on top."""
    return simulate(load_scenario("baiji-returns", set={**WAKING, **(changes or {})}), replicates=10, seed=1)


def differs(one: Results, other: Results) -> bool:
    return not one.dataset.equals(other.dataset)
