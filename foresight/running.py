"""Run scenarios: from the words of a command to results on the screen and in files."""

import functools
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast, get_args

from foresight import briefing, comparison, export, tables
from foresight.checks import listed, nearest, shown
from foresight.display import Screen
from foresight.errors import InputError, Problem
from foresight.loading import bundled, load_scenario, parse_assignments
from foresight.results import LARGEST_SEED, Keep, Results, simulate
from foresight.scenario import Scenario

#: Most runs of a scenario that one call holds in memory: 10 GB with the history of every member.
MOST_REPLICATES: Final = 100_000

#: What results can be written as, and how the names of such files end.
FORMATS: Final = {"nc": ".nc", "csv": ".csv", "xlsx": ".xlsx", "iamc": ".csv"}

KEPT: Final = get_args(Keep)

T = TypeVar("T")


class Size(NamedTuple):
    """How many runs of which luck, and what is kept of them."""

    replicates: int
    seed: int
    keep: str = "members"


class Target(NamedTuple):
    """Where results are saved, as what, and whether files may be replaced."""

    path: Path | None
    kind: str
    force: bool


def run(screen: Screen, names: Sequence[str], assignments: Sequence[str], size: Size, target: Target) -> None:
    """Run scenarios, save the results if asked to, and show what they come to."""
    chosen, _ = _all(lambda: _scenarios(names or list(bundled()), assignments), lambda: _check_size(size))
    paths = _paths(target, [scenario.id for scenario in chosen])
    results = _simulated(screen, chosen, size)
    for result, path in zip(results, paths, strict=False):
        _save(screen, result, path, _kind(target))
    briefing.outcomes(screen, results)


def compare(screen: Screen, names: Sequence[str], assignments: Sequence[str], size: Size) -> None:
    """Show what scenarios do differently, and how far the outcomes differ under the same luck."""
    chosen, _ = _all(lambda: _scenarios(names, assignments), lambda: _check_size(size))
    if len(chosen) < 2:
        raise InputError([Problem("", "", "one_scenario", shown(chosen[0].id), listed(list(bundled())))])
    briefing.differences(screen, comparison.compare(_simulated(screen, chosen, size)))


def bench(screen: Screen) -> None:
    """Measure the speed of the engine beside its yardsticks."""
    speed = import_module("foresight._benchmarks.speed")
    with screen.waiting(screen.say("cli.measuring")) as progress:
        rows = _beside(lambda: speed.measure(progress))
    tables.speeds(screen, rows)


def _scenarios(names: Sequence[str], assignments: Sequence[str]) -> list[Scenario]:
    """Load scenarios with what is set on top."""
    values = parse_assignments(assignments)
    known = next(iter(bundled()))  # so that what is set is checked even where no name is known
    _, *chosen = _all(*(functools.partial(load_scenario, name, set=values) for name in (known, *names)))
    ids = [scenario.id for scenario in chosen]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise InputError([Problem("", "id", "same_scenario", shown(name)) for name in twice])
    return chosen


def _check_size(size: Size) -> None:
    """Refuse sizes that no run can have."""
    problems = []
    if not 1 <= size.replicates <= MOST_REPLICATES:
        allowed = f"1 … {MOST_REPLICATES:,}"
        problems.append(Problem("--replicates", "", "out_of_range", f"{size.replicates:,}", allowed))
    if not 0 <= size.seed <= LARGEST_SEED:
        problems.append(Problem("--seed", "", "out_of_range", str(size.seed), f"0 … {LARGEST_SEED}"))
    if size.keep not in KEPT:
        problems.append(_unknown("--keep", size.keep, KEPT))
    if problems:
        raise InputError(problems)


def _unknown(option: str, name: str, names: Sequence[str]) -> Problem:
    return Problem(option, "", "unknown_name", shown(name), listed(names), nearest(name, names))


def _kind(target: Target) -> str:
    """Return what results are saved as: as asked, or as the name of the file says, or netCDF."""
    endings = {ending: kind for kind, ending in reversed(FORMATS.items())}
    return target.kind or endings.get(target.path.suffix if target.path else "", "nc")


def _paths(target: Target, ids: Sequence[str]) -> list[Path]:
    """Return where each scenario is saved; refuse before the work what would fail after it."""
    if target.kind and target.kind not in FORMATS:
        raise InputError([_unknown("--format", target.kind, tuple(FORMATS))])
    if target.path is None:
        return []
    several = len(ids) > 1 or target.path.is_dir()
    ending = FORMATS[_kind(target)]
    paths = [target.path / f"{name}{ending}" for name in ids] if several else [target.path]
    _check_writable(target.path if several else target.path.parent)
    taken = [path for path in paths if path.exists() and not target.force]
    if taken:
        raise InputError([Problem(str(path), "", "file_exists", "", "--force") for path in taken])
    return paths


def _check_writable(folder: Path) -> None:
    """Make sure that files can be made in a folder, or that the folder can."""
    existing = folder if folder.exists() else folder.parent
    try:
        with tempfile.TemporaryDirectory(dir=existing, prefix=".foresight-"):
            pass
    except OSError as error:
        details = {"reason": str(error.strerror)}
        raise InputError([Problem(str(folder), "", "not_writable", details=details)]) from None


def _save(screen: Screen, result: Results, path: Path, kind: str) -> None:
    """Write results to a file, which appears whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    write: dict[str, Callable[[Results, Path], object]] = {
        "nc": Results.save,
        "csv": export.to_csv,
        "xlsx": export.to_xlsx,
        "iamc": export.to_iamc,
    }
    write[kind](result, path)
    screen.note(screen.say("cli.saved", path=path))


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
