"""Records are begun and opened: all that is wrong with what was asked for is told at once."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from foresight.bounds import ROOMS, TITLE
from foresight.errors import InputError, Problem, listed, shown
from foresight.version import program_version
from foresight.workshop.delegations import Delegation, of_bodies, subregional
from foresight.workshop.events import KeyMade, Opened
from foresight.workshop.hands import MOST
from foresight.workshop.record import Record, begun

from ..runs.setting import FIRST_SCENARIO
from .hub import Hub
from .keys import digest_of, new_code, new_secret

#: Minutes of the agendas that there are.
AGENDAS: Final = (90, 45)

#: Points of a delegation of members in a round.
BUDGETS: Final = range(1, 5 * MOST + 1)

#: Which delegations there are unless somebody says otherwise.
SUBREGIONS: Final = "subregions"

#: How the names of records end.
_ENDING: Final = ".room"

#: Luck of a room.
_SEED: Final = 1
_REPLICATES: Final = 200


class Wish(NamedTuple):
    """What was asked for.

    Parameters
    ----------
    title, delegations : str
    agenda, budget : int
    rooms : int, optional
        How many new ones; by default one, or none where old ones are opened.
    out : Path, optional
        The record of the first new room; by default it is called like its code.
    old : list of Path
        Records that are gone on with.
    language : str
    """

    title: str
    delegations: str
    agenda: int
    budget: int
    rooms: int | None
    out: Path | None
    old: list[Path]
    language: str


class Room(NamedTuple):
    """A room that is open, and a new secret of its desk."""

    hub: Hub
    secret: str


def opened(wish: Wish, others: Iterable[Problem] = ()) -> list[Room]:
    """Open all rooms that were asked for; old secrets go on opening the desks of old ones.

    Parameters
    ----------
    wish : Wish
    others : iterable of Problem, optional
        What is wrong beside; then nothing is begun either.

    Raises
    ------
    InputError
        With all that is wrong.
    """
    problems = [*others, *_problems(wish)]
    rooms: list[Room] = []
    with _gathered(problems):
        delegations = _delegations(wish.delegations)
    for path in wish.old:
        with _gathered(problems):
            rooms.append(_continued(path))
    if not problems:
        for opened, path in _new(wish, delegations):
            with _gathered(problems):
                rooms.append(_begun(opened, path))
    if problems:
        for room in rooms:
            room.hub.record.close()
        raise InputError(problems)
    return rooms


@contextmanager
def _gathered(problems: list[Problem]) -> Iterator[None]:
    """Go on where something cannot be used, and keep why."""
    try:
        yield
    except InputError as error:
        problems += error.problems


def _continued(path: Path) -> Room:
    """Open a room that was there before, for somebody with a new secret."""
    record, secret = Record(path), new_secret()
    try:
        record.events()  # it is one, before anything is added
        record.append([KeyMade(digest=digest_of(secret))], time.time())
        return Room(Hub(record), secret)
    except InputError:
        record.close()
        raise


def _begun(opened: Opened, path: Path) -> Room:
    secret = new_secret()
    return Room(Hub(begun(path, [opened, KeyMade(digest=digest_of(secret))], time.time())), secret)


def _new(wish: Wish, delegations: tuple[Delegation, ...]) -> Iterator[tuple[Opened, Path]]:
    """Yield how each new room is opened, and where its record is."""
    count = _count(wish)
    for number in range(1, count + 1):
        code = new_code()
        usual = {
            "code": code,
            "language": wish.language,
            "delegations": delegations,
            "scenario": FIRST_SCENARIO,
            "budget": wish.budget,
            "agenda": wish.agenda,
            "seed": _SEED,
            "replicates": _REPLICATES,
        }
        title = f"{wish.title} {number}" if count > 1 else wish.title
        yield Opened.model_validate({**usual, "title": title, "version": program_version()}), _path(wish, code, number)


def _path(wish: Wish, code: str, number: int) -> Path:
    if wish.out is None:
        return Path(f"{code}{_ENDING}")
    return wish.out if number == 1 else wish.out.with_stem(f"{wish.out.stem}-{number}")


def _count(wish: Wish) -> int:
    """Return how many new rooms there are to be."""
    return (0 if wish.old else 1) if wish.rooms is None else wish.rooms


def _problems(wish: Wish) -> Iterator[Problem]:
    if wish.agenda not in AGENDAS:
        yield Problem("--agenda", "", "unknown_name", shown(wish.agenda), listed(AGENDAS))
    if wish.budget not in BUDGETS:
        yield Problem("--budget", "", "out_of_range", shown(wish.budget), f"{BUDGETS[0]} … {BUDGETS[-1]}")
    if _count(wish) < 0 or _count(wish) + len(wish.old) == 0:
        yield Problem("--rooms", "", "out_of_range", shown(wish.rooms), f"1 … {ROOMS.most}")
    if wish.out is not None and _count(wish) == 0:
        yield Problem("--out", "", "not_with", details={"other": "--open"})
    yield from ROOMS.problems(_count(wish) + len(wish.old), "--rooms")
    yield from TITLE.problems(len(wish.title), "--title")


def _delegations(called: str) -> tuple[Delegation, ...]:
    if called == SUBREGIONS:
        return subregional()
    return of_bodies([body.strip() for body in called.split(",") if body.strip()])
