"""One visitor's session: what each message of the browser asks for, and the page that answers it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

import panel as pn
from panel.custom import JSComponent

from foresight.errors import InputError, shown
from foresight.scenario.scenario import Scenario

from . import sharing
from .desk import Desk, Means
from .drawing import Drawing
from .inbox import Inbox
from .menu import page_of
from .messages import check_page, checked
from .pages import explore
from .parts import country
from .parts.closer import closer
from .parts.differences import told_shortly
from .parts.levers import controls, values_of
from .parts.lists import LISTS
from .post import Message, Post
from .visit import files
from .visit.brief import BRIEF, brief_of, paths_of
from .visit.futures import fitted, title_of
from .visit.link import Shared, check_view, decode
from .visit.memory import unpacked
from .visit.state import AppState
from .visit.uploads import scenario_from_text
from .words import LANGUAGES, Words, words


class Session(JSComponent):
    """The session of one visitor, as Panel keeps it."""

    _esm: ClassVar[str] = "export function render({ model }) { window.foresight.connect(model); }"

    def __init__(self, language: str = "en", place: str = "", **params: Any) -> None:
        super().__init__(**params)  # type: ignore[no-untyped-call]  # Panel has no types here
        self.state, self._place = AppState(language), place
        self._post = Post(self.state, self._send_msg)
        means = Means(self._show, self._post.tell, self._post.send, self._post.file, self._load, self._post.soon)
        self._desk = Desk(self.state, means)
        self._drawing = Drawing(self.state, self._post)
        self._page_count = 0
        self._stamp: float | None = None  # of the newest move
        self._inbox = Inbox(self._answer)

    # From the browser --------------------------------------------------------------------------------------------

    def hear(self, data: object) -> None:
        """Answer what the browser says."""
        if not self._post.is_open:
            document: Any = pn.state.curdoc
            self._post.open(document)
            document.on_session_destroyed(self._left)
        try:
            self._inbox.take(checked(data))
        except InputError as error:
            self._post.complain(error)

    def _answer(self, data: Message) -> None:
        try:
            self._answers[data["type"]](self, data)
        except InputError as error:
            self._post.complain(error)
        except Exception:
            self._post.fault("a message of the browser could not be answered")

    def _left(self, _context: Any) -> None:
        """Forget the page of a visitor who does not come back; what is still being made for it has no reader."""
        self._post.close()
        self._desk.close()

    def _load(self, make: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Make something beside of what the browser sent, and hand it on before the next message is answered."""
        self._inbox.hold()
        self._post.later("load", make, then, after=self._inbox.go_on)

    def _opened(self, data: Message) -> None:
        """Show what the address or the memory of the browser says."""
        link, memory, language = (str(data.get(name) or "") for name in ("link", "memory", "language"))
        if language in LANGUAGES:
            self.state.language = language
        arrived = partial(self._arrived, str(data.get("page") or ""), str(data.get("country") or ""))
        if memory or link:
            self._load(partial(_loaded, memory, link), arrived)
        else:
            arrived(None)

    def _arrived(self, page: str, own: str, content: AppState | Shared | InputError | None) -> None:
        """Show what was found in the memory or the link."""
        if isinstance(content, AppState):
            self.state.take_over(content)
            self._desk.come_back(content.laboratory, content.questions.awaited)
        elif isinstance(content, Shared):
            self.state.follow(content)
        if page:
            self.state.page = page
        if own and not list(check_view({"country": own})):
            self.state.view = {**self.state.view, "country": own}
        self._show()
        if isinstance(content, InputError):
            self._post.complain(content, self._words.say("message.link_refused"))

    def _moved(self, data: Message) -> None:
        final, self._stamp = bool(data.get("final", True)), data.get("stamp")
        try:
            self.state.move(str(data["what"]), data["values"], final)
        except InputError:
            self._send_controls()
            raise
        if self._is_live:
            self._drawing.draw(data.get("stamp"), self._rested if final else None)
        else:
            self._show()  # the member that the page was of takes no part any more
        if data["what"] in LISTS:
            self._send_controls()

    def _changed(self, data: Message) -> None:
        """Change values from a form: the whole page is shown anew."""
        try:
            self.state.move(str(data["what"]), data["values"])
        finally:
            self._show()  # what was refused is put back too

    def _went(self, data: Message) -> None:
        check_page(data["page"])
        self.state.page = data["page"]
        self._show()

    def _viewed(self, data: Message) -> None:
        """Look at something else: an outcome, a year."""
        view = {**self.state.view, str(data["name"]): data["value"]}
        if problems := list(check_view(view)):
            raise InputError(problems)
        self.state.view = view
        if data.get("quiet"):
            self._settled()
        elif self._is_live:
            self._drawing.draw(then=self._rested)
        else:
            self._show()

    def _spoke(self, data: Message) -> None:
        if (language := str(data["language"])) in LANGUAGES:
            self.state.language = language
        self._show()

    def _undone(self, _data: Message) -> None:
        history = self.state.history
        if history.before is not None:
            self._tell_change("undone", history.position)
        self.state.undo()
        self._show()

    def _redone(self, _data: Message) -> None:
        history = self.state.history
        if history.after is not None:
            self._tell_change("redone", history.after)
        self.state.redo()
        self._show()

    def _tell_change(self, how: str, at: int) -> None:
        """Tell which change of the log was undone or done again."""
        self._post.tell("good", self._words.say(f"log.{how}", what=told_shortly(self.state.history, at, self._words)))

    def _jumped(self, data: Message) -> None:
        self.state.jump(int(data["position"]))
        self._show()

    def _chose(self, data: Message) -> None:
        """Open a scenario by name, and say how what was open comes back."""
        scenario = self.state.scenario_called(str(data["name"]))
        self.state.open(scenario)
        self._post.tell("good", self._words.say("log.opened", title=title_of(scenario, self._words)))
        self._show()

    def _checkpointed(self, data: Message) -> None:
        future, name = self.state.future.scenario, str(data.get("name") or "").strip()[:60]
        self._keep(name or future.id, future, "message.kept")
        self._show()

    def _compared(self, data: Message) -> None:
        self.state.compare([str(name) for name in data["names"]])
        self._show()

    def _uploaded(self, data: Message) -> None:
        name = str(data.get("name") or "scenario.toml")
        self._load(partial(scenario_from_text, name, str(data["text"])), self._taken)

    def _taken(self, scenario: Scenario) -> None:
        """Open a scenario that was uploaded."""
        self.state.open(self._keep(scenario.id, scenario, "message.loaded"))
        self._show()

    def _keep(self, name: str, scenario: Scenario, told: str) -> Scenario:
        """Keep a scenario, say so, and return it with the title that it has here."""
        kept = self.state.kept[self.state.keep(name, scenario)]
        self._post.tell("good", self._words.say(told, name=fitted(title_of(kept, self._words))))
        return kept

    def _exported(self, data: Message) -> None:
        kind, state, member = str(data["format"]), self.state, country.code_of(self.state)
        if kind == BRIEF:
            own = member or state.view["country"]
            self._post.file(kind, partial(brief_of, paths_of(state), self._words.language, own))
        else:
            self._post.file(kind, partial(files.file_of, state.future, kind, member))

    def _shared(self, data: Message) -> None:
        make = partial(sharing.addresses, self.state.snapshot(), str(data["at"]), self._place)
        self._post.later("share", make, lambda ways: self._post.send({"type": "share", **ways}))

    def _reproduced(self, _data: Message) -> None:
        make = partial(sharing.reproduction, self.state.future)
        self._post.later("reproduce", make, lambda ways: self._post.send({"type": "reproduce", **ways}))

    def _experimented(self, data: Message) -> None:
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
        "share": _shared,
        "experiment": _experimented,
    }

    # To the browser ----------------------------------------------------------------------------------------------

    @property
    def _words(self) -> Words:
        return words(self.state.language)

    def _show(self) -> None:
        """Send the page that is open; the newest wins."""
        self._desk.begin()
        self._page_count += 1
        number, state = self._page_count, self.state.snapshot()
        self._drawing.begin_anew()
        make = partial(page_of, state, self._words, partial(self._progress, number))
        then = partial(self._send_page, number, state)
        if self._is_live:
            then(make())  # at once: there is nothing to compute
        else:
            self._post.later("page", make, then)

    def _send_page(self, number: int, state: AppState, page: Mapping[str, Any]) -> None:
        if number != self._page_count:
            return
        if page["missing"]:
            self._post.tell("warning", self._words.say("country.missing", page=shown(state.page), shown=page["title"]))
        self.state.page = page["path"]
        self._post.send({"type": "page", **page, **self._status(), "words": self._words.client()})
        if self._is_live:
            self._drawing.draw(then=self._rested)
            return
        if page.get("waits"):
            self._post.once_ready("page", partial(self._show_again, number))
        self._settled()

    def _show_again(self, number: int) -> None:
        """Send a page again that had to wait for the engine, if it is still open."""
        if number == self._page_count:
            self._show()

    def _send_controls(self) -> None:
        self._post.send({"type": "controls", "controls": controls(self.state, self._words), **self._status()})

    @property
    def _is_live(self) -> bool:
        """Whether the page that is open follows the levers."""
        return self.state.page == explore.PATH or country.code_of(self.state) is not None

    def _rested(self) -> None:
        """Send what comes of a change, and what a page tells once the levers rest."""
        self._settled()
        if (code := country.code_of(self.state)) is not None:
            progress = partial(self._progress, self._page_count)
            make = partial(closer, self.state.snapshot(), code, self._words, progress)
            self._post.later("closer", make, lambda told: self._post.send({"type": "closer", **told}))

    def _settled(self) -> None:
        """Send what comes of a change that has been made: the link, the memory, what can be undone."""
        make = partial(sharing.settled, self.state.snapshot())
        self._post.later("settled", make, self._send_settled, quiet=True)

    def _send_settled(self, rest: Mapping[str, Any]) -> None:
        values = {"stamp": self._stamp, "values": values_of(self.state.setting)}
        self._post.send({"type": "settled", **rest, **self._status(), **values})

    def _status(self) -> dict[str, Any]:
        history = self.state.history
        return {
            "undo": history.before is not None,
            "redo": history.after is not None,
            "log": len(history.entries),
            "kept": len(self.state.kept),
        }

    def _progress(self, number: int, done: int, total: int) -> None:
        """Tell from another thread how far a page is."""
        if number == self._page_count:
            self._post.soon(partial(self._post.send, {"type": "progress", "done": done, "total": total}))


def _loaded(memory: str, link: str) -> AppState | Shared | InputError:
    """Return what is in the memory, or else in the link, or what is wrong with it."""
    try:
        return unpacked(memory) if memory else decode(link)
    except InputError as error:
        return error
