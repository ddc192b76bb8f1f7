"""Check from the command line whether this version gives what a store has."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rich.console import RenderableType

from foresight.cli.calls import beside
from foresight.cli.layout import between, grid, heading, hint, paragraph
from foresight.cli.report import check_room, report
from foresight.cli.screen import Screen
from foresight.experiments.store import open_store
from foresight.experiments.version_check import VersionCheck
from foresight.experiments.version_check import check_version as checked

_COLUMNS = ("series", "first_moved", "year", "moved_runs", "before_mean", "after_mean", "change", "interval", "verdict")


def check_version(screen: Screen, path: Path, folder: Path | None) -> None:
    """Say whether anything moved, where first and by how much, and put all rows in a folder if asked to."""
    store = open_store(path)
    check_room(folder)
    with screen.waiting(screen.say("check_version.running"), speed="sweep.speed") as progress:
        check = beside(partial(checked, store, progress=progress))
    if note := store.note(screen.language):
        screen.note(note)
    screen.emit(check.plain(), *_page(screen, check))
    if folder is not None:
        report(screen, folder, {"moved.csv": check.moved, "check.json": check.plain()})


def _page(screen: Screen, check: VersionCheck) -> Iterator[RenderableType]:
    """Yield the verdict, and a row for each series that moved: its last year."""
    yield heading(screen.say(f"check_version.{check.verdict}"))
    counts = {"runs": f"{check.runs:,}", "points": f"{check.points:,}"}
    yield paragraph(screen.say("check_version.counted", **counts))
    if check.moved.empty:
        return
    first = check.first
    names = screen.say("check_version.then").join(first["outcome"])
    yield paragraph(screen.say("check_version.first", year=first["year"].iloc[0], series=names))
    yield grid(screen, _COLUMNS, _rows(screen, check))
    yield hint(screen.say("check_version.columns"))


def _rows(screen: Screen, check: VersionCheck) -> Iterator[tuple[str, ...]]:
    """Yield a row for each series that moved, those that moved first at the top."""
    for name, rows in check.moved.groupby("outcome", sort=False):
        last = rows.iloc[-1]
        numbers = (f"{last['before']:.4g}", f"{last['after']:.4g}", f"{last['difference']:+.3g}")
        interval = between(screen, last["low"], last["high"], "{:+.3g}")
        verdict = screen.say(f"check_version.verdict_{last['verdict']}")
        yield str(name), str(rows["year"].min()), str(last["year"]), f"{last['runs']:.0%}", *numbers, interval, verdict
