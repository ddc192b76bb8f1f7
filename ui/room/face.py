"""One phone, desk or wall that looks at a room, however it is connected: what it is still to be told."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal

import orjson

from foresight.bounds import BURST, PACE
from foresight.errors import InputError

from ..words import Words
from .pace import Bucket

Kind = Literal["phone", "desk", "wall"]
Message = Mapping[str, Any]

#: Answers that may wait for somebody who does not take them.
_WAITING: Final = 64


class Face:
    """A phone, desk or wall.

    Parameters
    ----------
    kind : str
    words : Words
        Of its language.
    person : int, optional
        Whose phone it is.
    key : str, optional
        The digest of the secret that a desk came with.
    place : str, optional
        The address of the server, for others to come too.
    """

    def __init__(self, kind: Kind, words: Words, person: int = 0, key: str = "", place: str = "") -> None:
        self.kind, self.words, self.person, self.key, self.place = kind, words, person, key, place
        self.pace = Bucket(BURST.most, PACE.most)
        self.ended = False
        self.asks = Bucket(2 * BURST.most, 2 * PACE.most)
        self._answers: deque[bytes] = deque()
        self._view: bytes | None = None
        self._seen: Message | None = None
        self._some = asyncio.Event()

    def tell(self, message: Message) -> None:
        """Let it be told something, after all that it was told before; nothing once it has ended."""
        if self.ended:
            return
        self._answers.append(orjson.dumps(message))
        if len(self._answers) > _WAITING:
            self.ended = True
        self._some.set()

    def show(self, view: Message, number: int) -> None:
        """Let it show a view, unless it shows that already; of several that wait it gets the last alone.

        Parameters
        ----------
        view : Mapping
        number : int
            How many things have happened in the room.
        """
        if view != self._seen:
            self._seen = view
            self._view = orjson.dumps({"view": {"n": number, **view}})
            self._some.set()

    def end(self, error: InputError | None = None) -> None:
        """End it, after it was told why."""
        if error is not None:
            self.tell(refusal(error, self.words))
        self.ended = True
        self._some.set()

    @property
    def is_over(self) -> bool:
        """Whether it has ended and was told all."""
        return self.ended and not self._answers and self._view is None

    async def take(self) -> list[bytes]:
        """Wait for something that it is to be told, and take all there is; nothing once it has ended."""
        await self._some.wait()
        taken = [*self._answers, *([] if self._view is None else [self._view])]
        self._answers.clear()
        self._view = None
        if not self.ended:
            self._some.clear()
        return taken


def refusal(error: InputError, words: Words, **more: object) -> Message:
    """Return what somebody is told whose message is refused: the kind, and a sentence; no file of this machine."""
    sentence = "\n".join(replace(problem, file="").message(words.language) for problem in error.problems)
    return {"refused": error.problems[0].kind, "text": sentence[:1].upper() + sentence[1:], **more}
