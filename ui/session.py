"""One visitor's connection: messages from the browser in, pages and pictures out.

The browser draws; everything it draws is made here. While a run is under way newer moves wait, and only the newest
of them is run next, so that a fast hand or a held key never fills a queue.
"""

import asyncio
import base64
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ClassVar, Final

import panel as pn
import param
from panel.custom import JSComponent

from foresight.errors import InputError

from . import exporting, sharing
from .desk import Desk, Means
from .link import check_view
from .loaded import scenario_from_text
from .pages import explore
from .paging import page_of
from .setting import Setting
from .state import AppState
from .words import LANGUAGES, words

Message = Mapping[str, Any]

#: Threads for pictures: one waits for the engine while another draws.
_PICTURES: Final = ThreadPoolExecutor(4, "picture")

#: Threads for whatever takes longer than a picture, so that it never stands in the way of one.
_PAGES: Final = ThreadPoolExecutor(2, "page")

#: Controls of lists, which show what was added or removed once it has been.
LISTS: Final = ("coalition", "events")

_log = logging.getLogger("foresight.ui")


class Session(JSComponent):
    """The session of one visitor, as Panel keeps it."""

    frame = param.Bytes(default=b"", doc="The newest picture, as JSON.")

    _esm: ClassVar[str] = "export function render({ model }) { window.foresight.connect(model); }"

    def __init__(self, language: str = "en", **params: Any) -> None:
        super().__init__(**params)  # type: ignore[no-untyped-call]  # Panel has no types here
        self.state = AppState(language)
        means = Means(self._show, self._tell, self._send_msg, self._hand_out, self._soon)
        self._desk = Desk(self.state, means)
        self._wanted: Any = None  # the stamp of the newest move not drawn yet
        self._drawing = False
        self._page_count = 0
        self._ghost_sent: Any = None
        self._frame_count = 0
        self._document: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Future[None]] = set()

    # From the browser --------------------------------------------------------------------------------------------

    def _handle_msg(self, data: Message) -> None:
        if self._document is None:
            self._document = pn.state.curdoc
            self._document.on_session_destroyed(self._left)
        try:
            self._answers[str(data.get("type"))](self, data)
        except InputError as error:
            self._complain(error)
        except Exception:
            _log.exception("a message of the browser could not be answered")
            self._tell("error", self._words.say("message.fault"))

    def _left(self, _context: Any) -> None:
        """Forget the page of a visitor who does not come back; what is still being made for it has no reader."""
        self._document = None
        self._desk.close()

    def _opened(self, data: Message) -> None:
        """Show what the address or the memory of the browser says."""
        link, memory, language = (str(data.get(name) or "") for name in ("link", "memory", "language"))
        if language in LANGUAGES:
            self.state.language = language
        complaint = None
        try:
            if memory:
                self.state.recall(memory)
            elif link:
                self.state.follow(link)
        except InputError as error:
            complaint = error
        if page := str(data.get("page") or ""):
            self.state.page = page
        self._show()
        if complaint:
            self._complain(complaint, "message.link_refused")

    def _moved(self, data: Message) -> None:
        final = bool(data.get("final", True))
        try:
            self.state.move(str(data["what"]), data["values"], final)
        except InputError:
            self._send_controls()
            raise
        self._draw(data.get("stamp"))
        if data["what"] in LISTS:
            self._send_controls()
        if final:
            self._settled()

    def _changed(self, data: Message) -> None:
        """Change values from a form: the whole page is shown anew."""
        try:
            self.state.move(str(data["what"]), data["values"])
        finally:
            self._show()  # what was refused is put back too

    def _went(self, data: Message) -> None:
        self.state.page = str(data["page"])
        self._show()

    def _viewed(self, data: Message) -> None:
        """Look at something else: an outcome, a year."""
        view = {**self.state.view, str(data["name"]): data["value"]}
        if problems := list(check_view(view)):
            raise InputError(problems)
        self.state.view = view
        if data.get("quiet"):
            self._settled()
        elif self.state.page == explore.PATH:
            self._draw(None)
            self._settled()
        else:
            self._show()

    def _spoke(self, data: Message) -> None:
        if (language := str(data["language"])) in LANGUAGES:
            self.state.language = language
        self._show()

    def _undone(self, _data: Message) -> None:
        self.state.undo()
        self._show()

    def _redone(self, _data: Message) -> None:
        self.state.redo()
        self._show()

    def _jumped(self, data: Message) -> None:
        self.state.jump(int(data["position"]))
        self._show()

    def _chose(self, data: Message) -> None:
        """Open a scenario by name."""
        self.state.open(self.state.scenario_called(str(data["name"])))
        self._show()

    def _checkpointed(self, data: Message) -> None:
        name = str(data.get("name") or "").strip() or self._words.say("changes.checkpoint", k=len(self.state.kept) + 1)
        kept = self.state.keep(name[:60], self.state.setting.scenario)
        self._tell("good", self._words.say("message.kept", name=kept))
        self._show()

    def _compared(self, data: Message) -> None:
        self.state.compare([str(name) for name in data["names"]])
        self._show()

    def _uploaded(self, data: Message) -> None:
        name = str(data.get("name") or "scenario.toml")
        scenario = scenario_from_text(name, str(data["text"]))
        kept = self.state.keep(scenario.id, scenario)
        self.state.open(scenario)
        self._tell("good", self._words.say("message.loaded", name=kept))
        self._show()

    def _exported(self, data: Message) -> None:
        self._hand_out(partial(exporting.file_of, self.state.setting, str(data["format"])))

    def _reproduced(self, _data: Message) -> None:
        make = partial(sharing.reproduction, self.state.setting)
        self._later(make, lambda found: self._send_msg({"type": "reproduce", **found}))

    def _experimented(self, data: Message) -> None:
        self._loop = asyncio.get_running_loop()
        self._desk.answer(data)

    _answers: ClassVar[Mapping[str, Callable[["Session", Message], None]]] = {
        "open": _opened,
        "move": _moved,
        "change": _changed,
        "go": _went,
        "view": _viewed,
        "language": _spoke,
        "undo": _undone,
        "redo": _redone,
        "jump": _jumped,
        "scenario": _chose,
        "checkpoint": _checkpointed,
        "compare": _compared,
        "upload": _uploaded,
        "export": _exported,
        "reproduce": _reproduced,
        "experiment": _experimented,
    }

    # To the browser ----------------------------------------------------------------------------------------------

    @property
    def _words(self) -> Any:
        return words(self.state.language)

    def _show(self) -> None:
        """Send the page that is open; the newest wins."""
        self._page_count += 1
        number, state = self._page_count, self.state.snapshot()
        self._ghost_sent = None
        progress = partial(self._progress, number, asyncio.get_running_loop())
        make = partial(page_of, state, self._words, progress)

        def send(page: Mapping[str, Any]) -> None:
            if number == self._page_count:
                self._send_msg({"type": "page", **page, **self._status(), "words": self._words.client()})
                if state.page == explore.PATH:
                    self._draw(None)
                self._settled()

        if state.page == explore.PATH:
            send(make())  # at once: there is nothing to compute
        else:
            self._later(make, send)

    def _send_controls(self) -> None:
        self._send_msg({"type": "controls", "controls": explore.controls(self.state, self._words), **self._status()})

    def _settled(self) -> None:
        """Send what comes of a change that has been made: the link, the memory, what can be undone."""
        make = partial(sharing.settled, self.state.snapshot())
        self._later(make, lambda found: self._send_msg({"type": "settled", **found, **self._status()}), quiet=True)

    def _status(self) -> dict[str, Any]:
        state = self.state
        return {
            "undo": state.position > 0,
            "redo": state.position < len(state.entries) - 1,
            "log": len(state.entries),
        }

    def _draw(self, stamp: Any) -> None:
        self._wanted = (stamp,)
        if not self._drawing:
            self._drawing = True
            self._start(self._draw_newest())

    async def _draw_newest(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._wanted is not None:
                (stamp,), self._wanted = self._wanted, None
                state = self.state.snapshot()
                ghost = state.before if self._ghost_sent != _ghost_key(state.before, state.language) else None
                frame = await loop.run_in_executor(_PICTURES, explore.frame, state, words(state.language), ghost)
                self._ghost_sent = _ghost_key(state.before, state.language)
                self._send_frame({"stamp": stamp, "ghosted": state.before is not None, **frame})
        except InputError as error:
            self._complain(error)
        except Exception:
            _log.exception("a picture could not be drawn")
            self._tell("error", self._words.say("message.fault"))
        finally:
            self._drawing = False

    def _send_msg(self, data: Message) -> None:
        self._post(partial(super()._send_msg, data))

    def _post(self, put: Callable[[], Any]) -> None:
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

    def _send_frame(self, frame: Mapping[str, Any]) -> None:
        self._frame_count += 1  # a picture like the one before is sent too: the charts may be new
        content = json.dumps({"count": self._frame_count, **frame}, separators=(",", ":"), ensure_ascii=False).encode()
        self._post(lambda: self.param.update(frame=content))

    def _hand_out(self, make: Callable[[], exporting.File]) -> None:
        self._later(make, self._send_file)

    def _send_file(self, file: exporting.File) -> None:
        name, kind, content = file
        self._send_msg({"type": "file", "name": name, "kind": kind, "content": base64.b64encode(content).decode()})

    def _tell(self, tone: str, message: str) -> None:
        self._send_msg({"type": "message", "tone": tone, "text": message})

    def _complain(self, error: InputError, head: str = "message.refused") -> None:
        language = self.state.language
        problems = [problem.message(language) for problem in error.problems]
        self._send_msg({"type": "message", "tone": "error", "text": self._words.say(head), "problems": problems})

    def _later(self, make: Callable[[], Any], then: Callable[[Any], None], quiet: bool = False) -> None:
        """Make something in a thread of its own, then hand it on; a calm sign says that it is under way."""

        async def wait() -> None:
            if not quiet:
                self._send_msg({"type": "busy", "busy": True})
            try:
                then(await asyncio.get_running_loop().run_in_executor(_PAGES, make))
            except InputError as error:
                self._complain(error)
            except Exception:
                _log.exception("a page could not be made")
                self._tell("error", self._words.say("message.fault"))
            finally:
                if not quiet:
                    self._send_msg({"type": "busy", "busy": False})

        self._start(wait())

    def _soon(self, call: Callable[[], None]) -> None:
        """Call something in the thread of the session, from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something that goes on beside; the loop itself keeps no hold of it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _progress(self, number: int, loop: asyncio.AbstractEventLoop, done: int, total: int) -> None:
        """Tell from another thread how far a page is."""
        if number == self._page_count:
            loop.call_soon_threadsafe(self._send_msg, {"type": "progress", "done": done, "total": total})


def _ghost_key(before: Setting | None, language: str) -> Any:
    return None if before is None else (before.key, language)
