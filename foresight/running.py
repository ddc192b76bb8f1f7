"""Run scenarios: from the words of a command to results on the screen and in files."""

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, Final, NamedTuple, TypeVar, cast, get_args

from foresight import briefing, comparison, tables
from foresight.checks import listed, nearest, shown
from foresight.display import Screen
from foresight.errors import InputError, Problem
from foresight.loading import bundled, load_scenario, parse_assignments
from foresight.results import LARGEST_SEED, Keep, Results, simulate
from foresight.saving import Target, check_target, paths_of, save
from foresight.scenario import Scenario
from foresight.settings import TAKING_PART

#: Most runs of a scenario that one call holds in memory: 10 GB with the history of every member.
MOST_RUNS: Final = 100_000

KEPT: Final = get_args(Keep)

T = TypeVar("T")


class Size(NamedTuple):
    """How many runs of which luck, and what is kept of them."""

    replicates: int
    seed: int
    keep: str = "members"


class Changes(NamedTuple):
    """What the command line sets on top of every scenario."""

    assignments: Sequence[str] = ()
    no_events: bool = False
    members: str = ""

    def values(self) -> dict[str, Any]:
        """Return what is set by dotted path; InputError with all that no scenario can have."""
        _all(self._check_members, self._check_assignments)
        events = ["events=[]"] if self.no_events else []
        members = [f"structure.members={self.members}"] if self.members else []
        return parse_assignments([*self.assignments, *events, *members])

    def _check_members(self) -> None:
        if self.members and self.members not in TAKING_PART:
            raise InputError([_unknown("--members", self.members, TAKING_PART)])

    def _check_assignments(self) -> None:
        load_scenario(next(iter(bundled())), set=parse_assignments(self.assignments))


def run(screen: Screen, names: Sequence[str], changes: Changes, size: Size, target: Target) -> None:
    """Run scenarios, save the results if asked to, and show what they come to."""
    names = names or list(bundled())
    chosen, *_ = _all(
        lambda: _scenarios(names, changes), lambda: _check_size(size), lambda: check_target(target, len(names))
    )
    paths = paths_of(target, [scenario.id for scenario in chosen])
    results = _simulated(screen, chosen, size)
    for result, path in zip(results, paths, strict=False):
        save(result, path, target)
        screen.note(screen.say("cli.saved", path=path))
    briefing.outcomes(screen, results)


def compare(screen: Screen, names: Sequence[str], changes: Changes, size: Size) -> None:
    """Show what scenarios do differently, and how far the outcomes differ under the same luck."""
    chosen, _ = _all(lambda: _scenarios(names, changes), lambda: _check_size(size))
    if len(chosen) < 2:
        raise InputError([Problem("", "", "one_scenario", shown(chosen[0].id), listed(list(bundled())))])
    briefing.differences(screen, comparison.compare(_simulated(screen, chosen, size)))


def bench(screen: Screen) -> None:
    """Measure the speed of the engine beside its yardsticks."""
    speed = import_module("foresight._benchmarks.speed")
    with screen.waiting(screen.say("cli.measuring")) as progress:
        rows = _beside(lambda: speed.measure(progress))
    tables.speeds(screen, rows)


def _scenarios(names: Sequence[str], changes: Changes) -> list[Scenario]:
    """Load scenarios with what is set on top; first each alone, so that all problems come at once."""
    values, *_ = _all(changes.values, *(functools.partial(load_scenario, name) for name in names))
    chosen = _all(*(functools.partial(load_scenario, name, set=values) for name in names))
    ids = [scenario.id for scenario in chosen]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise InputError([Problem("", "id", "same_scenario", shown(name)) for name in twice])
    return chosen


def _check_size(size: Size) -> None:
    """Refuse sizes that no run can have."""
    problems = []
    if not 1 <= size.replicates <= MOST_RUNS:
        allowed = f"1 … {MOST_RUNS:,}"
        problems.append(Problem("--replicates", "", "out_of_range", f"{size.replicates:,}", allowed))
    if not 0 <= size.seed <= LARGEST_SEED:
        problems.append(Problem("--seed", "", "out_of_range", str(size.seed), f"0 … {LARGEST_SEED}"))
    if size.keep not in KEPT:
        problems.append(_unknown("--keep", size.keep, KEPT))
    if problems:
        raise InputError(problems)


def _unknown(option: str, name: str, names: Sequence[str]) -> Problem:
    return Problem(option, "", "unknown_name", shown(name), listed(names), nearest(name, names))


def _simulated(screen: Screen, scenarios: Sequence[Scenario], size: Size) -> list[Results]:
    """Run scenarios one after the other."""
    total = len(scenarios) * size.replicates
    label = screen.say("cli.running", count=len(scenarios), replicates=size.replicates)
    with screen.waiting(label) as progress:

        def run_one(position: int, scenario: Scenario) -> Results:
            def advance(done: int, _: int) -> None:
                progress(position * size.replicates + done, total)

            result = simulate(scenario, size.replicates, size.seed, cast(Keep, size.keep), progress=advance)
            _ = result.summary  # every table needs it, and the first call compiles: here, while people are told
            return result

        return _beside(lambda: [run_one(position, one) for position, one in enumerate(scenarios)])


def _beside(work: Callable[[], T]) -> T:
    """Work in another thread, so that Ctrl-C does not have to wait for compiled code."""
    return ThreadPoolExecutor(1).submit(work).result()


def _all(*parts: Callable[[], Any]) -> list[Any]:
    """Do several things; InputError with the problems of all, each once."""
    done: list[Any] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            done.append(part())
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise InputError(problems)
    return done
