"""The verb `room` of the command line: open rooms, serve, and say how people come in."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, Final

import segno
from rich.text import Text
from tornado.netutil import bind_sockets

from foresight.errors import Problem
from foresight.unfinished import undone

from ..command import Screen, port_problems, serving, stop_quietly, unbound
from ..serving.names import EVERYWHERE, Names, is_own
from .addresses import beside
from .naming import way_in
from .opening import Room, Wish, opened
from .rooms import Rooms

#: The language of those who have asked for none.
_USUAL: Final = "en"

#: How a code for cameras looks on any terminal.
_LIGHT: Final = "bright_white on black"


def room(screen: Screen, port: int, address: str, **wish: Any) -> None:
    """Open rooms and serve them until Ctrl-C.

    Parameters
    ----------
    screen : Screen
    port, address : int, str
        Where.
    **wish
        As for `Wish`.

    Raises
    ------
    InputError
        With all that is wrong.
    """
    title = wish.pop("title") or screen.say("host.title")
    rooms = opened(Wish(title=title, language=screen.language, **wish), _place_problems(port, address))
    with ExitStack() as stack:
        for one in rooms:  # whose record becomes one file again, however this ends
            stack.enter_context(undone(one.hub.record.close))
        ways = beside(Rooms([one.hub for one in rooms]))
        serving(screen, port, partial(_ready, screen, address, rooms), address=address, beside=ways)


def _place_problems(port: int, address: str) -> Iterator[Problem]:
    """Yield why nothing can listen there, before anything is begun."""
    problems = list(port_problems(port))
    yield from problems
    try:
        for one in bind_sockets(port, address) if not problems else ():
            one.close()
    except OSError as error:
        yield unbound(error, port, address)


def _ready(screen: Screen, address: str, rooms: list[Room], port: int) -> None:
    stop_quietly(screen)
    names = Names(port, address)
    here = f"http://localhost:{port}"
    place = names.place or here
    near = here if address in EVERYWHERE or is_own(address) else place
    known = [f"http://{name}" for name in names.all if not is_own(name.rpartition(":")[0])]
    others = [f"{name}/join" for name in known if name != place]
    told = [_told(one, near, place, screen.language) for one in rooms]
    parts = [part for one in told for part in _parts(screen, one)]
    screen.emit({"url": near, "rooms": told, "others": others}, *parts)
    for line in _help(screen, port, others, alone=names.is_alone):
        screen.note(line)
    screen.out.file.flush()


def _told(room: Room, near: str, place: str, language: str) -> dict[str, str]:
    """Return what is told of a room: the desk and the wall are on this machine and in its language, phones are not."""
    opened = room.hub.room.opened
    asked = "" if language == _USUAL else f"l={language}"  # without it the browser has its own
    wall, desk = f"{near}/wall?c={opened.code}&{asked}".rstrip("&"), f"{near}/desk?{asked}".rstrip("?")
    ways = {"join": f"{place}/join", "wall": wall, "desk": f"{desk}#{room.secret}"}
    record = str(Path(room.hub.record.path).absolute())
    return {"title": opened.title, "code": opened.code, **ways, "record": record, "place": place}


def _parts(screen: Screen, ways: dict[str, str]) -> Iterator[Any]:
    """Yield what a person reads of a room."""
    yield Text(f"\n{ways['title']}", "bold")
    if screen.out.is_terminal:
        yield _picture(way_in(ways["code"], ways["place"])["url"])
    for name in ("join", "wall", "desk", "record"):
        yield Text(screen.say(f"host.{name}", **ways), overflow="fold", no_wrap=True)
    yield Text(screen.say("host.once"), "dim")
    yield Text(screen.say("host.kit"), "dim")


def _picture(address: str) -> Text:
    """Draw an address for cameras."""
    drawn = StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, border=2, compact=True)
    return Text(drawn.getvalue(), _LIGHT)


def _help(screen: Screen, port: int, others: list[str], alone: bool) -> Iterator[str]:
    """Yield what to do where phones do not come through."""
    if alone:
        yield screen.say("host.alone")
    yield screen.say("host.unreached")
    yield screen.say("host.firewall", port=port)
    yield screen.say("host.hotspot")
    if others:
        yield screen.say("host.others", others=", ".join(others))
