"""Discover from the command line under which few conditions an outcome comes about."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd
from rich.console import RenderableType

from foresight.analysis.box import SCENARIO, Box
from foresight.analysis.discovery import Discovery, scenario_inside, sentence
from foresight.analysis.discovery import discover as discovered
from foresight.analysis.picking import Reached, reached_in_all, watched
from foresight.analysis.watch import signs
from foresight.cli.calls import beside, called
from foresight.cli.layout import grid, heading, hint, paragraph
from foresight.cli.plain import rows
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
    "watch": "--watch",
}


#: Signs on the screen, and in which two ways they mislead.
_SHOWN: Final = 8
_MISLEADING: Final = ("false_alarm", "miss")


class Wanted(NamedTuple):
    """What is to come about, in which share of the runs of a point, what a box is to be like, and when to watch."""

    condition: str
    share: float
    method: str
    density: float
    conditions: int
    scenario: str
    watch: int | None


def discover(screen: Screen, path: Path, wanted: Wanted, folder: Path | None) -> None:
    """Show the few conditions of an outcome, and put scenarios that fulfil them in a folder if asked to."""
    store = open_store(path)
    check_room(folder)
    with screen.waiting(screen.say("discover.running")), called(**_OPTIONS, interesting=wanted.condition):
        where = reached_in_all(store, wanted.condition, wanted.share, wanted.scenario)
        early = None if wanted.watch is None else watched(store, where, wanted.watch)
        work = partial(discovered, where.points, where.interesting, method=wanted.method)
        discovery = beside(partial(work, least_density=wanted.density, most_conditions=wanted.conditions))
        table = None if early is None else signs(*early)
    if note := store.note(screen.language):
        screen.note(note)
    scenarios = [_inside(box, where, number) for number, box in enumerate(discovery.boxes, start=1)]
    files = {scenario.id: scenario for inside in scenarios for scenario in inside}
    bases = ", ".join(base.id for base in where.scenarios)
    about = {"condition": str(where.target), "share": wanted.share, "scenario": bases, "density": wanted.density}
    plain = {**about, **discovery.plain(), "scenarios": list(files)}
    if table is not None:
        plain["watch"] = {"year": wanted.watch, "signs": rows(table)}
    screen.emit(plain, *_page(screen, about, discovery, scenarios), *_signs(screen, wanted.watch, table))
    if folder is not None:
        tables = {} if table is None else {"watch.csv": table}
        report(screen, folder, {"discovery.json": plain, **tables, **files})


def _inside(box: Box, where: Reached, number: int) -> list[Scenario]:
    """Return a scenario in the middle of a box on top of each base scenario that is within."""
    within = [base for base in where.scenarios if base.id in box.limits.get(SCENARIO, [base.id])]
    return [scenario_inside(box, where.points, base, f"{base.id}-box-{number}") for base in within]


def _page(
    screen: Screen, about: dict[str, Any], discovery: Discovery, scenarios: list[list[Scenario]]
) -> Iterator[RenderableType]:
    """Yield a sentence for each box, and what the words mean."""
    share = f"{about['share']:.0%}"
    yield heading(screen.say("discover.title", condition=about["condition"], scenario=about["scenario"]))
    numbers = {"interesting": discovery.interesting, "points": discovery.points}
    yield paragraph(screen.say("discover.counted", share=share, **numbers))
    for box, inside in zip(discovery.boxes, scenarios, strict=True):
        yield paragraph(sentence(box, screen.language))
        measured = {"coverage": f"{box.coverage:.3f}", "density": f"{box.density:.3f}", "mass": f"{box.mass:.3f}"}
        yield paragraph(screen.say("discover.measured", id=", ".join(one.id for one in inside), **measured))
        if box.density < about["density"]:
            yield paragraph(screen.say("discover.compromise", density=about["density"]))
    if not discovery.boxes:
        yield paragraph(screen.say("discover.no_box"))
    yield hint(screen.say("discover.words"))


def _signs(screen: Screen, year: int | None, table: pd.DataFrame | None) -> Iterator[RenderableType]:
    """Yield the signs that tell most, and how often each misleads."""
    if table is None:
        return
    telling = table[table["tells"]]
    yield heading(screen.say("discover.watch", year=year))
    if telling.empty:
        yield paragraph(screen.say("discover.no_sign"))
    else:
        columns = [screen.say(f"discover.{name}") for name in ("sign", *_MISLEADING)]
        yield grid(screen, (), map(partial(_sign, screen), telling.head(_SHOWN).to_dict("records")), columns)
    yield hint(screen.say("discover.signs", telling=len(telling), count=len(table)))


def _sign(screen: Screen, row: dict[Any, Any]) -> tuple[str, ...]:
    """Return a sign, and how often it misleads."""
    return (
        f"{row['observable']} {row['relation']} {row['threshold']:g}",
        *(_misleading(screen, *(row[f"{name}{end}"] for end in ("", "_low", "_high"))) for name in _MISLEADING),
    )


def _misleading(screen: Screen, share: float, low: float, high: float) -> str:
    return screen.say("seek.share", share=f"{share:.0%}", low=f"{low:.0%}", high=f"{high:.0%}")
