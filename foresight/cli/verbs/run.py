"""Run scenarios, and show what they come to."""

import functools
from collections.abc import Iterator, Sequence
from typing import cast

from foresight.cli.calls import Changes, Size, all_of, beside, check_memory, check_size, scenarios_of
from foresight.cli.save import Target, check_target, paths_of, save
from foresight.cli.screen import Screen
from foresight.cli.verbs import side_by_side
from foresight.results.results import Keep, Results
from foresight.results.simulation import simulate
from foresight.runs import Effects, Progress
from foresight.scenario.loading import bundled
from foresight.scenario.scenario import Scenario


def run(screen: Screen, names: Sequence[str], changes: Changes, size: Size, target: Target) -> None:
    """Run scenarios, save the results if asked to, and show what they come to."""
    names = names or list(bundled())
    scenarios, *_ = all_of(
        lambda: scenarios_of(names, changes),
        lambda: check_size(size, len(names)),
        lambda: check_target(target, len(names)),
    )
    check_memory(size, len(scenarios))
    paths = paths_of(target, [scenario.id for scenario in scenarios])
    results = []
    for position, result in enumerate(simulated(screen, scenarios, size)):
        results.append(result)
        if paths:
            save(result, paths[position], target)
            screen.note(screen.say("cli.saved", path=paths[position]))
    side_by_side.outcomes(screen, results)


def simulated(screen: Screen, scenarios: Sequence[Scenario], size: Size) -> Iterator[Results]:
    """Run scenarios one after the other, and yield the results of each as it is done."""
    total = len(scenarios) * size.replicates
    label = screen.say("cli.running", count=len(scenarios), replicates=size.replicates)
    with screen.waiting(label) as progress:
        for position, scenario in enumerate(scenarios):
            done = position * size.replicates
            yield beside(
                functools.partial(_simulate, scenario, size, functools.partial(_advance, progress, done, total))
            )


def _simulate(scenario: Scenario, size: Size, progress: Progress) -> Results:
    keep, effects = cast(Keep, size.keep), cast(Effects, size.effects)
    result = simulate(scenario, size.replicates, size.seed, keep, effects=effects, progress=progress)
    _ = result.summary  # every table needs it, and the first call compiles: here, while people are told
    return result


def _advance(progress: Progress, before: int, total: int, done: int, _: int) -> None:
    """Tell how far all scenarios are from how far one is."""
    progress(before + done, total)
