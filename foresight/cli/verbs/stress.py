"""Put strategies under stress from the command line: how robust each is, and when it fails."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.console import RenderableType

from foresight.analysis.picking import check_share
from foresight.analysis.robustness import MEASURES
from foresight.analysis.stress import Stress
from foresight.analysis.stress import stress as stressed
from foresight.cli.calls import Changes, all_of, beside, called, check_workers, scenarios_of
from foresight.cli.layout import between, grid, heading, hint, paragraph
from foresight.cli.report import check_room, report
from foresight.cli.screen import Screen
from foresight.errors import InputError, Problem
from foresight.experiments.experiment import Experiment
from foresight.experiments.loading import load_experiment
from foresight.experiments.sweep import Workers, local_workers
from foresight.results.series import series_called
from foresight.results.targets import parse_target

#: Options by what the library calls them.
_OPTIONS: Final = {"target": "--target", "share": "--share", "outcomes[1]": "--target"}

_EXPERIMENT: Final = "--experiment"


class Trial(NamedTuple):
    """Which strategies are tried, in which futures, what they are to reach in which share of the runs, and by whom."""

    strategies: Sequence[str]
    experiment: Path | None
    target: str
    share: float
    changes: Changes
    workers: int | None


def stress(screen: Screen, trial: Trial, folder: Path | None) -> None:
    """Show how robust strategies are, and put tables and a figure in a folder if asked to."""
    scenarios, experiment, workers, *_ = all_of(
        partial(scenarios_of, trial.strategies, trial.changes),
        partial(_experiment, trial.experiment),
        partial(_workers, trial.workers),
        partial(_asked, parse_target, trial.target),
        partial(_asked, check_share, trial.share),
        partial(check_room, folder),
    )
    with (
        screen.waiting(screen.say("stress.running"), speed="sweep.speed") as progress,
        called(**_OPTIONS, experiment=str(trial.experiment)),
    ):
        work = partial(stressed, scenarios, experiment, trial.target, share=trial.share, workers=workers)
        verdict = beside(partial(work, progress=progress))
    screen.emit(verdict.plain(), *_page(screen, verdict))
    if folder is not None:
        report(screen, folder, _files(screen, verdict))


def _experiment(path: Path | None) -> Experiment:
    if path is None:
        raise InputError([Problem(_EXPERIMENT, "", "missing")])
    return load_experiment(path.expanduser())


def _workers(count: int | None) -> Workers:
    return local_workers(check_workers(count))


def _asked(check: Callable[[Any], object], given: Any) -> None:
    """Refuse what no future can be asked for, by the name of its option."""
    with called(**_OPTIONS):
        check(given)


def _title(screen: Screen, verdict: Stress) -> str:
    return screen.say("stress.title", target=verdict.target, futures=screen.words.count(verdict.futures))


def _page(screen: Screen, verdict: Stress) -> Iterator[RenderableType]:
    """Yield the verdicts, the table of measures, and when each strategy fails."""
    yield heading(_title(screen, verdict))
    share = screen.words.share(verdict.share)
    yield paragraph(screen.say("stress.counted", share=share, replicates=verdict.replicates))
    if words := verdict.sentence(screen.language):
        yield paragraph(words)
    columns = [screen.say(f"stress.{name}") for name in MEASURES]
    table = grid(screen, ("scenario",), _rows(screen, verdict), columns)
    table.columns[0].no_wrap = True  # else it takes what the last column needs
    yield table
    for failure in verdict.failures:
        yield paragraph(verdict.why(failure, screen.language))
    yield from map(hint, verdict.remarks(screen.language))
    if verdict.excluded:
        yield hint(screen.say("stress.excluded", excluded=verdict.excluded))
    unit = screen.say(f"unit.{series_called(verdict.target.outcome).unit}")
    yield hint(screen.say("stress.words", unit=unit))


def _rows(screen: Screen, verdict: Stress) -> Iterator[tuple[str, ...]]:
    """Yield a row for each strategy, with every measure and its interval."""
    for name, rows in verdict.measures.groupby("strategy", sort=False):
        yield str(name), *(_cell(screen, row) for row in rows.to_dict("records"))


def _cell(screen: Screen, row: dict[Any, Any]) -> str:
    form = "{:.0%}" if row["measure"] == "satisficing" else "{:.2f}"
    return f"{form.format(row['value'])} {between(screen, row['low'], row['high'], form)}".strip()


def _files(screen: Screen, verdict: Stress) -> dict[str, Any]:
    """Return what a report is made of, by the names of the files."""
    from foresight.analysis import figures  # late: matplotlib takes a second

    tables = {"measures.csv": verdict.measures, "pairs.csv": verdict.pairs, "futures.csv": verdict.outcomes}
    figure = figures.robustness(verdict, screen.language, _title(screen, verdict))
    return {"stress.json": verdict.plain(), **tables, "robustness": figure}
