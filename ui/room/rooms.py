"""All rooms of a server: who comes says where to, and is let in or not."""

import asyncio
import time
from typing import Any, Final

from foresight.bounds import FACES, FACES_OF_ONE, PEOPLE_OF_ONE
from foresight.errors import InputError, Problem

from ..serving.crowd import Crowd
from ..words import Words, wished, words
from .face import Face
from .hub import Hub
from .keys import digest_of, is_same, typed
from .naming import names_of, way_in
from .pace import Buckets, Guesses, Turns, too_fast
from .shapes import Hello, shaped, table_from

#: Seconds in which as many people as there may be of one address can come from there again.
_AGAIN: Final = 3_600

#: Seconds in which as many as there may be of one address can come back from there.
_MINUTE: Final = 60

#: Pages of one address: a second, at once after a silence, and seconds that somebody waits for one.
_PAGES: Final = (50.0, 50.0, 20.0)


class Rooms:
    """The rooms of a server.

    Parameters
    ----------
    hubs : list of Hub
    """

    def __init__(self, hubs: list[Hub]) -> None:
        self.hubs = hubs
        self.faces = Crowd(FACES, FACES.most)
        self._guesses = Guesses()
        self._new = Buckets(PEOPLE_OF_ONE, _AGAIN)
        self._hellos = Buckets(FACES_OF_ONE, _MINUTE)
        self._turns = Turns(*_PAGES)
        self._names: dict[tuple[str, str], dict[str, Any]] = {}

    def may_come(self, address: str) -> bool:
        """Count somebody who comes, and tell whether they may: those of one address do so at some pace."""
        return self._hellos.of(address).take()

    async def turn(self, address: str) -> bool:
        """Wait for the turn of a page, or of a request that is refused; tell whether it comes within reason."""
        seconds = self._turns.wait(address)
        if seconds:
            await asyncio.sleep(seconds)
        return seconds is not None

    async def greet(self, text: str | bytes, address: str, place: str) -> Face:
        """Let somebody in.

        Parameters
        ----------
        text : str or bytes
            The first message of a connection.
        address : str
            Where it comes from; it is kept nowhere.
        place : str
            The address of the server, for others to come too.

        Returns
        -------
        Face
            What the connection shows, with its welcome.

        Raises
        ------
        InputError
            If it is no first message, there is no such room, or no place.
        """
        hello = shaped(Hello.model_validate, table_from(text).get("hello"))
        hub, person, key = self._sought(hello, address)
        own, token = words(wished(hello.language)), hello.token
        if hello.face == "phone" and person is None:
            self._new.check(address)
            person, token = await hub.join()
            self._new.of(address).take()
        face = Face(hello.face, own, person or 0, key, place)
        if person is not None:
            face.pace = hub.pace_of(person)
            if not face.pace.take():
                raise too_fast()
        welcome = {"now": time.time(), "person": person or 0, "token": token if person else ""}
        face.tell({"welcome": {**welcome, "names": {**self._named(hub, own), "join": way_in(hub.code, place)}}})
        hub.enter(face)
        return face

    def key_to(self, secret: str, address: str) -> tuple[Hub, str]:
        """Return the room that a secret is of, and its digest; InputError if it is of none, or after many such."""
        digest = digest_of(secret)
        found = [hub for hub in self.hubs if any(is_same(digest, one) for one in hub.room.keys)]
        if not found:
            self._guesses.check(address)
            self._guesses.wrong(address)
            raise InputError([Problem("", "", "no_such_key")])
        return found[0], digest

    def phone_at(self, code: str, token: str, address: str) -> tuple[Hub, int]:
        """Return the room that a phone is in, and whose it is; InputError if it is in none, or after many such."""
        self._guesses.check(address)
        for hub in self._coded(code):
            if (person := hub.person_of(token)) is not None:
                return hub, person
        self._guesses.wrong(address)
        raise InputError([Problem("", "", "no_such_room")])

    def known(self, code: str, address: str, own: Words) -> dict[str, Any] | None:
        """Return what a phone shows at once of the room with a code; None if there is none, or after many such."""
        try:
            self._guesses.check(address)
        except InputError:
            return None
        hubs = self._coded(code)
        if not hubs:
            self._guesses.wrong(address)
            return None
        opened = hubs[0].room.opened
        return {"code": opened.code, "title": opened.title, "delegations": self._named(hubs[0], own)["delegations"]}

    def hub_of(self, face: Face) -> Hub | None:
        """Return the room that a face looks at, as long as it does."""
        return next((hub for hub in self.hubs if face in hub.faces), None)

    def _coded(self, code: str) -> list[Hub]:
        """Return the room with a code, if there is one."""
        return [hub for hub in self.hubs if is_same(typed(code), hub.code)]

    def _sought(self, hello: Hello, address: str) -> tuple[Hub, int | None, str]:
        """Return the room that somebody comes to, who they are if it knows them, and the digest of their secret."""
        if hello.face == "desk":
            hub, key = self.key_to(hello.secret, address)
            return hub, None, key
        hubs = self._coded(hello.code)
        person = hubs[0].person_of(hello.token) if hubs and hello.face == "phone" else None
        if person is None:
            self._guesses.check(address)
        if not hubs:
            self._guesses.wrong(address)
            raise InputError([Problem("", "", "no_such_room")])
        return hubs[0], person, ""

    def _named(self, hub: Hub, own: Words) -> dict[str, Any]:
        """Return what things of a room are called, which never changes."""
        key = hub.code, own.language
        if key not in self._names:
            self._names[key] = names_of(hub.room, own)
        return self._names[key]

    async def close(self) -> None:
        """Let go of all records."""
        for hub in self.hubs:
            await hub.close()
