"""What verbs share of a call: scenarios with what is set on top, sizes, and all problems at once."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeVar, get_args

from foresight.arguments import LARGEST_SEED
from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.memory import free_bytes
from foresight.results.results import Keep
from foresight.runs import EFFECTS
from foresight.scenario.layering import parse_assignments
from foresight.scenario.loading import check_values, load_scenario
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import TAKING_PART

#: Most runs, of all scenarios together, that one call holds in memory: 10 GB with the history of every member.
MOST_RUNS: Final = 100_000

KEPT: Final = get_args(Keep)

#: Bytes of a run in memory by what is kept of it, with the series of its scopes that every table needs.
BYTES: Final[Mapping[str, int]] = {"members": 150_000, "summary": 42_000}

_GIGABYTE: Final = 1_000_000_000

T = TypeVar("T")


class Size(NamedTuple):
    """How many runs of which luck, where the effects of members come from, and what is kept of the runs."""

    replicates: int
    seed: int
    effects: str
    keep: str = "members"


class Changes(NamedTuple):
    """What the command line sets on top of every scenario."""

    assignments: Sequence[str] = ()
    no_events: bool = False
    members: str = ""

    def values(self) -> dict[str, Any]:
        """Return what is set by dotted path; InputError with all that no scenario can have."""
        _, values = all_of(self._check_members, self._assigned)
        options = {"--no-events": ("events", []), "--members": ("structure.members", self.members)}
        given = {"--no-events": self.no_events, "--members": self.members}
        chosen = {option: setting for option, setting in options.items() if given[option]}
        if twice := [option for option, (path, _) in chosen.items() if path in values]:
            raise InputError([Problem(option, "", "given_twice", f"--set {options[option][0]}") for option in twice])
        return {**values, **dict(chosen.values())}

    def _check_members(self) -> None:
        if self.members and self.members not in TAKING_PART:
            raise InputError([_unknown("--members", self.members, TAKING_PART)])

    def _assigned(self) -> dict[str, Any]:
        values = parse_assignments(self.assignments)
        check_values(values)
        return values


def scenarios_of(names: Sequence[str], changes: Changes) -> list[Scenario]:
    """Load scenarios with what is set on top; first each alone, so that all problems come at once."""
    values, *_ = all_of(changes.values, *(functools.partial(load_scenario, name) for name in names))
    chosen = all_of(*(functools.partial(load_scenario, name, set=values) for name in names))
    ids = [scenario.id for scenario in chosen]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise InputError([Problem("", "id", "same_scenario", shown(name)) for name in twice])
    return chosen


def check_workers(count: int | None) -> int | None:
    """Return how many work at the same time, None for one a core; InputError if none would."""
    if count is not None and count < 1:
        raise InputError([Problem("--workers", "", "out_of_range", str(count), "1 …")])
    return count


def check_size(size: Size, scenarios: int) -> None:
    """Refuse sizes that no run can have."""
    problems, most = [], MOST_RUNS // scenarios
    if not 1 <= size.replicates <= most:
        allowed = f"1 … {most:,}"
        problems.append(Problem("--replicates", "", "out_of_range", f"{size.replicates:,}", allowed))
    if not 0 <= size.seed <= LARGEST_SEED:
        problems.append(Problem("--seed", "", "out_of_range", str(size.seed), f"0 … {LARGEST_SEED}"))
    if size.keep not in KEPT:
        problems.append(_unknown("--keep", size.keep, KEPT))
    if size.effects not in EFFECTS:
        problems.append(_unknown("--effects", size.effects, EFFECTS))
    if problems:
        raise InputError(problems)


def check_memory(size: Size, scenarios: int) -> None:
    """Refuse, before the work, more runs than there is memory for."""
    needed, free = BYTES.get(size.keep, 0) * size.replicates * scenarios, free_bytes()
    if needed > free:
        details = {name: f"{amount / _GIGABYTE:.1f}" for name, amount in (("needed", needed), ("free", free))}
        raise InputError([Problem("--replicates", "", "too_little_memory", f"{size.replicates:,}", details=details)])


def _unknown(option: str, name: str, names: Sequence[str]) -> Problem:
    return Problem(option, "", "unknown_name", shown(name), listed(names), nearest(name, names))


@contextmanager
def called(**options: str) -> Iterator[None]:
    """Name what the library calls its arguments by the options of the command line, or by where they were given."""
    try:
        yield
    except InputError as error:
        told = [
            replace(one, file=options[one.field], field="") if _renamed(one, options) else one for one in error.problems
        ]
        raise InputError(told) from None


def _renamed(problem: Problem, options: Mapping[str, str]) -> bool:
    return problem.file == "Python" and problem.field in options


def beside(work: Callable[[], T]) -> T:
    """Work in another thread, so that Ctrl-C does not have to wait for compiled code."""
    return ThreadPoolExecutor(1).submit(work).result()


def all_of(*parts: Callable[[], Any]) -> list[Any]:
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
