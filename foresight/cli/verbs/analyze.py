"""Analyze a store from the command line: what moves an outcome, and how sure that is."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.console import RenderableType

from foresight.analysis.convergence import convergence_curve
from foresight.analysis.picking import Picked, picked, sample_of
from foresight.analysis.sensitivity import Sensitivity, default_method
from foresight.analysis.sensitivity import analyze as analyzed
from foresight.cli.calls import beside, called
from foresight.cli.layout import between, grid, heading, hint, paragraph, written_number
from foresight.cli.report import check_room, report
from foresight.cli.screen import Screen
from foresight.experiments.store import open_store
from foresight.runs import POSTERIOR, Effects
from foresight.scenario.factors import factors

#: Columns between the first index and the others.
_COLUMNS: Final = ("interval", "by_chance")

#: Pairs of factors on the screen: those with the largest interaction.
_PAIRS: Final = 10

#: Indices on the screen: as many as a narrow one has room for.
_SHOWN: Final = 2


class Question(NamedTuple):
    """What is looked at, as named; empty for what the store itself says."""

    outcome: str
    year: int
    scenario: str


def analyze(screen: Screen, path: Path, question: Question, method: str, folder: Path | None) -> None:
    """Show which factors move an outcome, and put tables and figures in a folder if asked to."""
    store = open_store(path)
    series, sample = picked(store, *question), sample_of(store, *question)
    way = method or default_method(sample.sampler)
    check_room(folder)
    with screen.waiting(screen.say("analyze.running")), called(method="--method"):
        sensitivity = beside(partial(analyzed, sample, way))
    if note := store.note(screen.language):
        screen.note(note)
    about = {"outcome": series.outcome, "year": series.year, "scenario": series.scenario.id}
    screen.emit({**about, **sensitivity.plain()}, *_page(screen, series, sensitivity, store.experiment.effects))
    if folder is not None:
        curve = beside(partial(convergence_curve, sample, way))
        report(screen, folder, _files(screen, about, sensitivity, curve))


def _page(screen: Screen, series: Picked, sensitivity: Sensitivity, effects: Effects) -> Iterator[RenderableType]:
    """Yield the verdict, the ranking if there is one, and the table of indices."""
    about = {"outcome": series.outcome, "year": series.year, "scenario": series.scenario.id}
    yield heading(screen.say("analyze.title", method=sensitivity.method, **about))
    yield paragraph(sensitivity.sentence(screen.language))
    if sensitivity.ranking:
        yield paragraph(screen.say("analyze.ranking", groups=_ranked(screen, sensitivity)))
    yield paragraph(_shares(screen, sensitivity))
    main, *others = sensitivity.indices[:_SHOWN]
    columns = [main, *(screen.say(f"table.{name}") for name in _COLUMNS), *others]
    yield grid(screen, ("factor", "tag", "place"), _rows(screen, sensitivity), columns)
    if len(sensitivity.interactions):
        yield from _interactions(screen, sensitivity)
    counts = {
        "points": sensitivity.points,
        "used": sensitivity.used,
        "excluded": sensitivity.excluded,
        "failed": sensitivity.failed,
    }
    yield hint(screen.say("analyze.counts", **counts))
    yield hint(screen.say("analyze.columns"))
    if effects == POSTERIOR:
        yield hint(screen.say("effects.in_chance"))


def _ranked(screen: Screen, found: Sensitivity) -> str:
    """List the factors, the largest estimate first, and where all before are told apart from all after."""
    labelled = ([factors()[name].label(screen.language) for name in group] for group in found.ranking)
    return screen.say("analyze.then").join(screen.say("analyze.level").join(group) for group in labelled)


def _shares(screen: Screen, found: Sensitivity) -> str:
    """Say how much of the variance parameters and chance make."""
    shares = found.shares.set_index("source")["share"]
    if found.verdict == "constant":
        return screen.say("analyze.no_variance")
    if shares.isna().any():
        return screen.say("analyze.no_shares")
    return screen.say("analyze.shares", **{str(name): f"{value:.0%}" for name, value in shares.items()})


def _rows(screen: Screen, found: Sensitivity) -> Iterator[tuple[str, ...]]:
    """Yield a row for each factor, the largest estimate first."""
    places = found.places
    for name, rows in ((name, found.table[found.table["factor"] == name].to_dict("records")) for name in found.order):
        factor, (main, *others) = factors()[name], rows
        values = (written_number(row["value"], "{:.3f}") for row in others[: _SHOWN - 1])
        tag = screen.say(f"tag.{factor.parameter.tag}")
        place = _place(screen, *places[name]) if places else ""
        yield factor.label(screen.language), tag, place, *_index(screen, main), *values


def _interactions(screen: Screen, found: Sensitivity) -> Iterator[RenderableType]:
    """Yield the pairs of factors that do most only together."""
    largest = found.interactions.sort_values("value", ascending=False, kind="stable").head(_PAIRS)
    yield heading(screen.say("analyze.interactions", shown=len(largest), count=len(found.interactions)))
    columns = ["S2", *(screen.say(f"table.{name}") for name in _COLUMNS)]
    rows = ([*_pair(screen, row), *_index(screen, row)] for row in largest.to_dict("records"))
    yield grid(screen, ("factor", "other_factor"), rows, columns)


def _pair(screen: Screen, row: dict[Any, Any]) -> list[str]:
    return [factors()[row[name]].label(screen.language) for name in ("factor", "other")]


def _index(screen: Screen, row: dict[Any, Any]) -> list[str]:
    """Write an index, its interval, and what chance adds to it."""
    interval = between(screen, row["low"], row["high"], "{:.3f}")
    return [written_number(row["value"], "{:.3f}"), interval, written_number(row["noise"], "± {:.3f}")]


def _place(screen: Screen, best: int, worst: int) -> str:
    """Write the places that a factor may have."""
    return str(best) if best == worst else screen.say("analyze.places", best=best, worst=worst)


def _files(screen: Screen, about: dict[str, Any], sensitivity: Sensitivity, curve: Any) -> dict[str, Any]:
    """Return what a report is made of, by the names of the files."""
    from foresight.analysis import figures  # late: matplotlib takes a second

    labels = {name: factors()[name].label(screen.language) for name in sensitivity.factors}
    words = labels, screen.language, screen.say("analyze.title", method=sensitivity.method, **about)
    drawn = {"tornado": figures.tornado(sensitivity, *words)}
    if sensitivity.method == "morris":
        drawn["mu-sigma"] = figures.mu_sigma(sensitivity, *words)
    if len(sensitivity.interactions):
        drawn["interactions"] = figures.interactions(sensitivity, *words)
    drawn["convergence"] = figures.convergence(curve, sensitivity, *words)
    tables = {"sensitivity.csv": sensitivity.table, "variance.csv": sensitivity.shares, "convergence.csv": curve}
    if len(sensitivity.interactions):
        tables["interactions.csv"] = sensitivity.interactions
    return {"sensitivity.json": {**about, **sensitivity.plain()}, **tables, **drawn}
