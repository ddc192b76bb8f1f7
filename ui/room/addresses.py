"""The addresses of rooms, beside those of the interface."""

from typing import Any

from .files import FILE, File
from .pages import Face
from .polling import HEAR, SAY, Hear, Polls, Say
from .rooms import Rooms
from .wire import LIVE, Live


def beside(rooms: Rooms) -> list[Any]:
    """Return what stands at each address, as Tornado has it."""
    polls = Polls(rooms)
    return [
        (r"/join", Face, {"face": "phone", "rooms": rooms}),
        (r"/desk", Face, {"face": "desk", "rooms": rooms}),
        (r"/wall", Face, {"face": "wall", "rooms": rooms}),
        (LIVE, Live, {"rooms": rooms}),
        (SAY, Say, {"rooms": rooms, "polls": polls}),
        (FILE, File, {"rooms": rooms}),
        (HEAR, Hear, {"rooms": rooms, "polls": polls}),
    ]
