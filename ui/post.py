"""What goes to one visitor's browser, one thing after the other, and what is made for it beside the loop."""

import asyncio
import base64
import logging
from collections.abc import Callable, Coroutine, Hashable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

import orjson

from foresight.engine.readiness import READY, NotReadyError
from foresight.errors import InputError

from .parts.complaints import complaint
from .runs.live import LIVE, UNUSED
from .runs.turns import Turns
from .visit.files import File
from .visit.state import AppState
from .words import Words, words

Message = Mapping[str, Any]

#: Whatever takes longer than a picture, so that it never stands in the way of one.
_BESIDE: Final = Turns(3, "beside")

#: The ways to all who are here.
_HERE: Final = set["Post"]()

_log = logging.getLogger("foresight.ui")


class Post:
    """The way to one browser; nothing is sent before it has opened, nor once the visitor has gone.

    Parameters
    ----------
    state : AppState
        Knows the language of what is told.
    put : callable
        Gives a message to the connection.
    """

    def __init__(self, state: AppState, put: Callable[[Message], Any]) -> None:
        self._state, self._put = state, put
        self._document: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Future[None]] = set()
        self._put_off: dict[Hashable, Callable[[], None]] = {}
        self._under_way = 0  # jobs that a sign tells of

    @property
    def is_open(self) -> bool:
        """Whether somebody is there."""
        return self._document is not None

    @property
    def has_company(self) -> bool:
        """Whether somebody else is here too."""
        return len(_HERE - {self}) > 0

    def open(self, document: Any) -> None:
        """Send through a document of Bokeh from now on; called in the thread of the session."""
        self._document, self._loop = document, asyncio.get_running_loop()
        _HERE.add(self)
        if not LIVE.readiness.is_ready:
            self.once_ready("opened", lambda: None)  # so that who comes is told, whatever they see

    def close(self) -> None:
        """Send nothing any more, make nothing that was put off or has not begun, and forget what nobody else uses."""
        _HERE.discard(self)
        self._put_off.clear()
        _BESIDE.drop(self)
        _BESIDE.ask(LIVE, "forget", partial(LIVE.kept.forget, UNUSED))
        self._document = None

    # Sending -----------------------------------------------------------------------------------------------------

    def send(self, message: Message) -> None:
        """Send a message, as JSON in one piece: Bokeh would look at each number. What is no number is null there."""
        content = orjson.dumps(message, default=_listed).decode()
        self._write(partial(self._put, {"type": message["type"], "content": content}))

    def frame(self, frame: Mapping[str, Any]) -> None:
        """Send a picture."""
        self.send({"type": "frame", **frame})

    def file(self, name: str, make: Callable[[], File]) -> None:
        """Make a file beside, and send it; asked for again before it is begun, it is made once."""
        self.later(("file", name), make, self._send_file)

    def tell(self, tone: str, text: str) -> None:
        """Tell the visitor something."""
        self.send({"type": "message", "tone": tone, "text": text})

    def complain(self, error: InputError, head: str = "") -> None:
        """Tell the visitor what is wrong with what was asked for, under a head of its own if there is one."""
        text = head or self._words.say("message.refused")
        problems = [complaint(problem, self._words) for problem in error.problems]
        self.send({"type": "message", "tone": "error", "text": text, "problems": problems})

    def fault(self, what: str) -> None:
        """Tell the visitor that the program failed, and the log how; called where the error is caught."""
        _log.exception(what)
        self.tell("error", self._words.say("message.fault"))

    def _send_file(self, file: File) -> None:
        name, kind, content = file
        self.send({"type": "file", "name": name, "kind": kind, "content": base64.b64encode(content).decode()})

    def _write(self, put: Callable[[], Any]) -> None:
        """Put something on its way as Bokeh does it, one after the other.

        What Panel writes by itself while the connection is busy may stay behind until something else is written.
        """
        document = self._document
        if document is None:  # the visitor has gone
            return

        def collected() -> None:
            document.hold("collect")
            try:
                put()
            finally:
                document.unhold()

        document.add_next_tick_callback(collected)

    @property
    def _words(self) -> Words:
        return words(self._state.language)

    # Beside ------------------------------------------------------------------------------------------------------

    def later(
        self,
        kind: Hashable,
        make: Callable[[], Any],
        then: Callable[[Any], None],
        *,
        quiet: bool = False,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        """Make something beside when it is this visitor's turn, then hand it on; a calm sign says that it is under way.

        What has not begun gives way to a newer one of its kind, and what needs the engine before it is ready is made
        then. `after` is called once that is over, whatever came of it.
        """
        if not self.is_open:  # the visitor has gone
            return
        making = _BESIDE.ask(self, kind, make)

        async def wait() -> None:
            try:
                then(await asyncio.wrap_future(making))
            except asyncio.CancelledError:  # a newer one has taken its place, or the visitor has gone
                pass
            except NotReadyError:
                self.once_ready(kind, partial(self.later, kind, make, then, quiet=quiet, after=after))
            except InputError as error:
                self.complain(error)
            except Exception:
                self.fault("a page could not be made")
            after()

        self.start(wait() if quiet else self._signed(wait()))

    async def _signed(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something with a sign that it is under way, which is one for all that are."""
        self._under_way += 1
        if self._under_way == 1:
            self.send({"type": "busy", "busy": True})
        try:
            await work
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.send({"type": "busy", "busy": False})

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something that goes on beside; the loop itself keeps no hold of it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def once_ready(self, name: Hashable, call: Callable[[], None]) -> None:
        """Call something once the engine is ready, in place of what has that name; until then tell how far it is."""
        watched = bool(self._put_off)
        self._put_off[name] = call
        if watched:
            self._tell_share(LIVE.readiness.share)  # in place of the sign that something is under way
        else:
            LIVE.readiness.watch(lambda share: self.soon(partial(self._compiled, share)))

    def _compiled(self, share: float) -> None:
        """Tell how far the engine is, and go on with what was put off once it is ready."""
        self._tell_share(share)
        if share == READY:
            calls, self._put_off = self._put_off, {}
            for call in calls.values():
                call()

    def _tell_share(self, share: float) -> None:
        self.send({"type": "engine", "share": share, "text": self._words.say("message.compiling")})

    def soon(self, call: Callable[[], None]) -> None:
        """Call something in the thread of the session, from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it has been closed meanwhile
                self._loop.call_soon_threadsafe(call)


def _listed(value: object) -> list[Any]:
    """Return a tuple that has names as a list: orjson takes plain ones alone."""
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"no JSON: {type(value)}")
