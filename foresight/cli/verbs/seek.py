"""Seek goals from the command line."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from rich.console import RenderableType

from foresight.cli.calls import Changes, Size, all_of, beside, called, check_size, scenarios_of
from foresight.cli.layout import grid, heading, hint, paragraph
from foresight.cli.report import check_room, report
from foresight.cli.screen import Screen
from foresight.results.targets import parse_target
from foresight.runs import Effects
from foresight.scenario.words import setting, value_of
from foresight.search.alternatives import Alternative, Alternatives
from foresight.search.seek import seek as sought

#: Options by what the library calls them.
_OPTIONS: Final = {name: f"--{name}" for name in ("target", "share", "cap", "settings")} | {"levers": "--lever"}


class Wish(NamedTuple):
    """What is to be reached, from where, in which share of the runs, by moving which levers."""

    scenario: str
    target: str
    share: float
    cap: float | None
    levers: Sequence[str]
    settings: int
    changes: Changes


def seek(screen: Screen, wish: Wish, size: Size, folder: Path | None) -> None:
    """Show several settings of the levers that reach a target, and put them in a folder if asked to."""
    (scenario,), *_ = all_of(
        partial(scenarios_of, [wish.scenario], wish.changes),
        partial(check_size, size, 1),
        partial(_target, wish.target),
        partial(check_room, folder),
    )
    with screen.waiting(screen.say("seek.running")) as progress, called(**_OPTIONS):
        work = partial(sought, scenario, wish.target, share=wish.share, cap=wish.cap, levers=wish.levers or None)
        work = partial(work, settings=wish.settings, replicates=size.replicates, seed=size.seed)
        work = partial(work, effects=cast(Effects, size.effects))
        found = beside(partial(work, progress=progress))
    screen.emit(found.plain(), *_page(screen, found))
    if folder is not None:
        told = found.settings or ((found.best,) if found.best else ())
        report(screen, folder, {"seek.json": found.plain(), **{one.scenario.id: one.scenario for one in told}})


def _target(words: str) -> None:
    """Refuse a target that cannot be read."""
    with called(**_OPTIONS):
        parse_target(words)


def _page(screen: Screen, alternatives: Alternatives) -> Iterator[RenderableType]:
    """Yield the sentence, and a table of what each setting sets."""
    settings: Sequence[Alternative] = alternatives.settings or ((alternatives.best,) if alternatives.best else ())
    yield heading(screen.say("seek.title_page", target=alternatives.target, scenario=alternatives.scenario.id))
    yield paragraph(alternatives.sentence(screen.language))
    columns = [screen.say("seek.setting", number=number) for number in range(1, len(settings) + 1)]
    yield grid(screen, ("setting",), _rows(screen, settings), columns)
    yield hint(screen.say("seek.how", runs=f"{alternatives.runs:,}"))
    yield hint(screen.say(f"effects.{alternatives.effects}"))


def _rows(screen: Screen, told: Sequence[Alternative]) -> Iterator[tuple[str, ...]]:
    """Yield what each setting costs and how often it reached the target, and what it sets."""
    yield screen.say("table.effort_points"), *(f"{one.points:.1f}" for one in told)
    yield screen.say("seek.confirmed"), *(_confirmed(screen, one) for one in told)
    for path in dict.fromkeys(path for one in told for path in one.values):
        given = (one.values.get(path) for one in told)
        yield setting(path, screen.words), *(_value(screen, path, value) for value in given)


def _confirmed(screen: Screen, one: Alternative) -> str:
    return screen.say("seek.share", share=f"{one.confirmed:.0%}", low=f"{one.low:.0%}", high=f"{one.high:.0%}")


def _value(screen: Screen, path: str, value: Any) -> str:
    return "" if value is None else value_of(path, value, screen.words)
