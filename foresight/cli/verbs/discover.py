"""Discover from the command line under which few conditions an outcome comes about."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.console import RenderableType

from foresight.analysis.discovery import Discovery, scenario_inside, sentence
from foresight.analysis.discovery import discover as discovered
from foresight.analysis.picking import Picked, points_of, reached
from foresight.cli.calls import beside, called
from foresight.cli.layout import heading, hint, paragraph
from foresight.cli.report import check_room, report
from foresight.cli.screen import Screen
from foresight.experiments.store import open_store
from foresight.scenario.scenario import Scenario

#: Options by what the library calls them.
_OPTIONS: Final = {
    "target": "--outcome",
    "share": "--share",
    "method": "--method",
    "least_density": "--density",
    "most_conditions": "--conditions",
    "sklearn": "--method cart",
}


class Wanted(NamedTuple):
    """What is to come about, in which share of the runs of a point, and what a box is to be like."""

    condition: str
    share: float
    method: str
    density: float
    conditions: int
    scenario: str


def discover(screen: Screen, path: Path, wanted: Wanted, folder: Path | None) -> None:
    """Show the few conditions of an outcome, and put scenarios that fulfil them in a folder if asked to."""
    store = open_store(path)
    check_room(folder)
    with screen.waiting(screen.say("discover.running")), called(**_OPTIONS, interesting=wanted.condition):
        series, target, interesting = reached(store, wanted.condition, wanted.share, wanted.scenario)
        points = points_of(store, series.scenario)
        work = partial(discovered, points, interesting, method=wanted.method)
        discovery = beside(partial(work, least_density=wanted.density, most_conditions=wanted.conditions))
    if note := store.note(screen.language):
        screen.note(note)
    ids = [f"{series.scenario.id}-box-{number}" for number in range(1, len(discovery.boxes) + 1)]
    scenarios = [
        scenario_inside(box, points, series.scenario, name) for box, name in zip(discovery.boxes, ids, strict=True)
    ]
    about = {"condition": str(target), "share": wanted.share, "scenario": series.scenario.id, "density": wanted.density}
    plain = {**about, **discovery.plain(), "scenarios": [one.id for one in scenarios]}
    screen.emit(plain, *_page(screen, series, about, discovery, scenarios))
    if folder is not None:
        report(screen, folder, {"discovery.json": plain, **{one.id: one for one in scenarios}})


def _page(
    screen: Screen, series: Picked, about: dict[str, Any], discovery: Discovery, scenarios: list[Scenario]
) -> Iterator[RenderableType]:
    """Yield a sentence for each box, and what the words mean."""
    share = f"{about['share']:.0%}"
    yield heading(screen.say("discover.title", condition=about["condition"], scenario=series.scenario.id))
    numbers = {"interesting": discovery.interesting, "points": discovery.points}
    yield paragraph(screen.say("discover.counted", share=share, **numbers))
    for box, scenario in zip(discovery.boxes, scenarios, strict=True):
        yield paragraph(sentence(box, screen.language))
        measured = {"coverage": f"{box.coverage:.3f}", "density": f"{box.density:.3f}", "mass": f"{box.mass:.3f}"}
        yield paragraph(screen.say("discover.measured", id=scenario.id, **measured))
        if box.density < about["density"]:
            yield paragraph(screen.say("discover.compromise", density=about["density"]))
    if not discovery.boxes:
        yield paragraph(screen.say("discover.no_box"))
    yield hint(screen.say("discover.words"))
