"""Show how scenarios and their outcomes differ."""

from collections.abc import Sequence

from foresight.cli.calls import Changes, Size, all_of, check_memory, check_size, scenarios_of
from foresight.cli.screen import Screen
from foresight.cli.verbs import side_by_side
from foresight.cli.verbs.run import simulated
from foresight.errors import InputError, Problem, listed, shown
from foresight.results import comparison
from foresight.scenario.loading import bundled


def compare(screen: Screen, names: Sequence[str], changes: Changes, size: Size) -> None:
    """Show what scenarios do differently, and how far the outcomes differ under the same luck."""
    chosen, _ = all_of(lambda: scenarios_of(names, changes), lambda: check_size(size, len(names)))
    if len(chosen) < 2:
        raise InputError([Problem("", "", "one_scenario", shown(chosen[0].id), listed(list(bundled())))])
    check_memory(size, len(chosen))
    side_by_side.differences(screen, comparison.compare(list(simulated(screen, chosen, size))))
