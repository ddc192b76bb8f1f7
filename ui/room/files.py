"""Files of a room for its desk, made beside from the record alone."""

import asyncio
import io
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import Final, NamedTuple

import orjson

from foresight.arguments import check_name
from foresight.documents.webpage import html
from foresight.errors import InputError, Problem
from foresight.reports.brief.numbers import gathered
from foresight.reports.brief.page import document
from foresight.results.simulation import simulate
from foresight.runs import DRAWN
from foresight.workshop.events import Event
from foresight.workshop.future import base_of, names_seen, scenario_files, scenarios_seen
from foresight.workshop.kit import kit_page
from foresight.workshop.page import session_page
from foresight.workshop.room import Room, room_of
from foresight.workshop.tables import votes_csv

from ..words import Words, wished, words
from .courses import deeds, remembering
from .hub import Hub
from .naming import way_in
from .pace import too_fast
from .shapes import Wanted, shaped, table_from
from .wire import Roomed

#: Where they are asked for.
FILE: Final = "/room/file"

#: One at a time, lest a run waits.
_THREAD: Final = ThreadPoolExecutor(1, "files")

#: The moment of all that is packed: equal rooms give equal files.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


class Source(NamedTuple):
    """What a file is made from."""

    room: Room
    events: list[tuple[float, Event]]
    words: Words
    place: str


def _votes(source: Source) -> bytes:
    return votes_csv(source.events).encode()


def _scenarios(source: Source) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in scenario_files(source.room).items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content)
    return packed.getvalue()


def _session(source: Source) -> bytes:
    room, simulate = source.room, remembering(source.room)
    return session_page(room, source.events, simulate, lambda one: deeds(room, one, simulate), source.words).encode()


def _brief(source: Source) -> bytes:
    """Set the branches that were seen beside the scenario that the room set out from."""
    opened, language = source.room.opened, source.words.language
    branches = scenarios_seen(source.room)
    if not branches:
        raise InputError([Problem("", "", "nothing_seen")])
    run = partial(simulate, replicates=opened.replicates, seed=opened.seed, effects=DRAWN)
    results = [run(scenario) for scenario in (base_of(source.room), *branches)]
    command = f"foresight brief {opened.code}.room --language {language} --out brief.html"
    grounds = gathered(results, title=opened.title or opened.code, names=partial(names_seen, source.room))
    return html(document(grounds, language, [command])).encode()


def _kit(source: Source) -> bytes:
    return kit_page(source.room, source.words, way_in(source.room.opened.code, source.place)["url"]).encode()


#: The one that phones may have too.
_SESSION: Final = "session.html"

#: What makes each, and of which kind it is; the record is a file already.
_MAKERS: Final[Mapping[str, tuple[Callable[[Source], bytes], str]]] = {
    "votes.csv": (_votes, "text/csv; charset=utf-8"),
    "scenarios.zip": (_scenarios, "application/zip"),
    _SESSION: (_session, "text/html; charset=utf-8"),
    "brief.html": (_brief, "text/html; charset=utf-8"),
    "kit.html": (_kit, "text/html; charset=utf-8"),
}
_RECORD: Final = "record"
_KIND_OF_RECORD: Final = "application/vnd.sqlite3"


class File(Roomed):
    """Hands files out to who has the secret of the desk, and in the end the session page to every phone."""

    methods = ("POST",)

    async def post(self) -> None:
        """Answer with the file, or say in words why not."""
        self.set_header("Cache-Control", "no-store")
        try:
            wanted = shaped(Wanted.model_validate, table_from(self.request.body))
            hub = self._hub_of_phone(wanted) if wanted.token else self.rooms.key_to(wanted.secret, self.address)[0]
            check_name("name", wanted.name, (_SESSION,) if wanted.token else (*_MAKERS, _RECORD))
            kind, content = await self._made(hub, wanted)
        except InputError as error:
            self.set_status(HTTPStatus.BAD_REQUEST)
            self.set_header("Content-Type", "application/json")
            self.finish(orjson.dumps(self.refused(error)))
            return
        name = f"{hub.code}.room" if wanted.name == _RECORD else f"{hub.code}-{wanted.name}"
        self.set_header("Content-Type", kind)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)

    async def _made(self, hub: Hub, wanted: Wanted) -> tuple[str, bytes]:
        if wanted.name == _RECORD:
            return _KIND_OF_RECORD, await hub.ledger.content()
        make, kind = _MAKERS[wanted.name]
        language = wished(wanted.language)
        made = partial(self._content, hub, make, language)
        return kind, await (hub.page(language, made) if wanted.name == _SESSION else made())

    def _hub_of_phone(self, wanted: Wanted) -> Hub:
        """Return the room of a phone, which may have the session page at its pace once the room looks back."""
        hub, person = self.rooms.phone_at(wanted.code, wanted.token, self.address)
        if not hub.pace_of(person).take():
            raise too_fast()
        if hub.room.stage != "debrief":
            raise InputError([Problem("", "", "not_now")])
        return hub

    async def _content(self, hub: Hub, make: Callable[[Source], bytes], language: str) -> bytes:
        events = await hub.ledger.events()
        source = Source(room_of([event for _, event in events]), events, words(language), self.place)
        return await asyncio.get_running_loop().run_in_executor(_THREAD, make, source)
