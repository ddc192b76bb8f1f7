"""A server, a browser, and a screen that watches what the page does: errors, failures, and hosts that are asked."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from foresight_ui.visit.memory import unpacked
from foresight_ui.visit.state import AppState
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright
from room_served import ServedRoom, Voice
from visits import PATIENCE

HOST = "127.0.0.1"
WIDE = {"width": 1280, "height": 800}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = (
    "no Chromium found: install one (Debian, Ubuntu: `apt install chromium`; anywhere: `playwright install chromium`), "
    "or name its program in FORESIGHT_CHROMIUM"
)
START = 180.0  # seconds

expect.set_options(timeout=PATIENCE)


class Server:
    """A server of the interface in a process of its own, that can be stopped and started again at the same port.

    What stands in `before` is run before it serves.
    """

    def __init__(self, log: Path, before: str = "", environment: Mapping[str, str] = os.environ) -> None:
        self.log, self.before, self.environment = log, before, environment
        self.port = 0  # any that is free, the first time
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def start(self) -> None:
        serving = f"serve(port={self.port}, ready=lambda port: print(port, flush=True))"
        command = [sys.executable, "-c", f"{self.before}\nfrom foresight_ui.app import serve; {serving}"]
        pipe = subprocess.PIPE
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, env=self.environment)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline() or self.port)
        end = time.monotonic() + START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                pytest.fail(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def complaints(self) -> str:
        """What the server has logged of things that went wrong; each is told once."""
        text = self.log.read_text()
        os.truncate(self.log, 0)
        return text if "Traceback" in text or "ERROR" in text or "Error" in text else ""

    def _answers(self) -> bool:
        """Whether sessions are there; who has no ticket waits for them too, to be refused then."""
        try:
            with urllib.request.urlopen(f"{self.url}ws", timeout=START):
                return False
        except HTTPError as answer:
            return answer.code == HTTPStatus.FORBIDDEN
        except OSError:
            return False


class Screen:
    """What one visitor sees, with fresh storage; keeps what went wrong."""

    def __init__(self, page: Page, server: Server) -> None:
        self.server = server
        self.page = page
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        self.refused: list[str] = []
        self._watches: dict[str, Callable[[Any], None]] = {
            "pageerror": lambda error: self.errors.append(f"page: {error}"),
            "console": lambda one: self.errors.append(f"console: {one.text}") if one.type == "error" else None,
            "request": lambda request: self._asked(request.url),
            "websocket": lambda socket: self._asked(socket.url),
            "response": lambda answer: self.refused.append(answer.url) if answer.status >= 400 else None,
        }
        for event, watch in self._watches.items():
            cast(Any, page).on(event, watch)

    def _asked(self, url: str) -> None:
        if (host := urlsplit(url).netloc) and urlsplit(url).scheme not in ("blob", "data"):
            self.hosts.add(host)

    def open(self, fragment: str = "") -> "Screen":
        """Load the page as somebody does who types or follows an address."""
        return self.follow(f"{self.server.url}{'#' + fragment if fragment else ''}")

    def follow(self, address: str) -> "Screen":
        """Load what is at an address of the server."""
        self.page.goto("about:blank")
        self.page.goto(address)
        self.page.wait_for_function("Number(document.documentElement.dataset.settled) > 0")
        self.wait_drawn()
        return self

    def settled(self) -> int:
        return int(self.page.locator("html").get_attribute("data-settled") or 0)

    def wait_settled(self, than: int) -> None:
        """Wait until a change made after `settled()` gave `than` is in the address and in the memory."""
        self.page.wait_for_function("(than) => Number(document.documentElement.dataset.settled) > than", arg=than)

    def wait_kept(self, fits: Callable[[AppState], Any]) -> None:
        """Wait until a reload would bring back a state of which something is true."""
        while True:
            settled = self.settled()
            memory = self.page.evaluate("() => JSON.parse(sessionStorage.getItem('foresight')).memory")
            if fits(unpacked(memory)):
                return
            self.wait_settled(settled)

    def wait_drawn(self) -> None:
        """Wait until charts out of sight show what those in sight show."""
        self.page.wait_for_function("(({ drawn, stamp }) => drawn === stamp)(document.documentElement.dataset)")

    @property
    def headline(self) -> Locator:
        """The sentence above the charts."""
        return self.page.locator(".headline")

    @property
    def points(self) -> Locator:
        return self.page.locator(".points")

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def link(self) -> str:
        """What the address says after the question mark."""
        return self.page.url.partition("?")[2]

    def language(self) -> str:
        return str(self.page.locator("html").get_attribute("lang"))[:2]

    def sentence(self) -> str:
        expect(self.headline).to_contain_text("2040")
        return self.headline.inner_text()

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_role("spinbutton", name=name, exact=True)

    def chart(self, title: str) -> Locator:
        """The figure that has a title."""
        return self.page.locator("figure").filter(has=self.page.get_by_role("heading", name=title, exact=True))

    def set(self, name: str, value: float) -> str:
        """Type the value of a lever, and return the sentence that comes of it."""
        before, settled = self.sentence(), self.settled()
        self.field(name).fill(str(value))
        self.field(name).press("Enter")
        expect(self.headline).not_to_have_text(before)
        self.wait_settled(settled)
        self.wait_drawn()
        return self.sentence()

    def turn(self, name: str, title: str = "") -> None:
        """Choose a page in the menu."""
        self.menu_link(name).click()
        self.shows(title or name)

    def go(self, name: str, title: str = "") -> None:
        """Choose a page in the menu, and wait until it is in the address and in the memory."""
        settled = self.settled()
        self.turn(name, title)
        self.wait_settled(settled)

    def menu_link(self, name: str) -> Locator:
        """The link of a page in the menu, which is opened if it is not among the first."""
        menu = self.page.get_by_role("navigation", name="Pages")
        link = menu.get_by_role("link", name=name, exact=True)
        if not link.is_visible():
            menu.locator("summary").click()
        return link

    def wall(self) -> None:
        """Show all charts at once."""
        settled = self.settled()
        self.page.get_by_role("button", name="All charts").click()
        self.wait_settled(settled)
        self.wait_drawn()

    def shows(self, title: str) -> None:
        expect(self.main.get_by_role("heading", level=1)).to_have_text(title)

    def share(self, item: str) -> None:
        """Choose something in the menu of what is handed on."""
        self.page.locator("summary", has_text="Share").click()
        self.page.get_by_role("button", name=item, exact=True).click()

    def digest(self) -> str:
        """What "Reproduce this" gives as the digest of the numbers."""
        self.share("Reproduce this")
        dialog = self.page.get_by_role("dialog", name="Reproduce this")
        digest = dialog.locator("#digest").inner_text()
        dialog.get_by_role("button", name="Close", exact=True).click()
        expect(dialog).to_have_count(0)
        return digest

    def message(self) -> Locator:
        return self.page.get_by_role("region", name="Messages")

    def saved(self, act: Callable[[], None]) -> tuple[str, bytes]:
        """Return the name and the content of the file that something saves."""
        with self.page.expect_download() as got:
            act()
        return got.value.suggested_filename, Path(got.value.path()).read_bytes()

    def check(self) -> None:
        """Assert that nothing went wrong and that nobody but the server was asked."""
        assert not self.errors
        assert not self.refused
        assert self.hosts <= {urlsplit(self.server.url).netloc}
        assert not self.server.complaints()

    def leave(self) -> None:
        """Forget all that the page remembers: another visitor comes to the same window."""
        for event, watch in self._watches.items():
            self.page.remove_listener(event, watch)
        self.page.goto(f"{self.server.url}assets/app.css")  # of the same server, and remembers nothing itself
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.context.clear_cookies()


def _chromium(playwright: Playwright) -> str:
    named = os.environ.get("FORESIGHT_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUMS)), None) or playwright.chromium.executable_path
    if not Path(found).exists():
        pytest.skip(NO_CHROMIUM)
    return found


# A module at a time, not a session: while Playwright runs, no other event loop can be run in the same thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(playwright), args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a window of a browser of somebody's own."""
    # Without its own rules the page lets Playwright wait for expressions; test_safety_pages.py tests it with them.
    rules = {"bypass_csp": True}
    settings = {"viewport": WIDE, "locale": "en-GB", "accept_downloads": True, **rules, **options}
    with browser.new_context(**settings) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.fixture(scope="module")
def usual(browser: Browser) -> Iterator[Page]:
    """The window that visitors come to one after the other; programs of the page that it has read stay read."""
    with window(browser) as page:
        yield page


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server") / "log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may stop."""
    server = Server(tmp_path / "log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def early(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    """Make somebody who comes to a server of their own before its engine is ready."""
    with ExitStack() as stack:

        def come(**options: Any) -> Screen:
            server = Server(tmp_path / "log", **options)
            stack.callback(server.stop)
            server.start()
            screen = Screen(stack.enter_context(window(browser)), server)
            stack.callback(screen.check)
            return screen

        yield come


@pytest.fixture
def alone(browser: Browser, own_server: Server) -> Iterator[Screen]:
    """The one visitor of a server that a test may stop; only what the network says may go wrong."""
    with window(browser) as page:
        screen = Screen(page, own_server)
        yield screen
        screen.errors = [error for error in screen.errors if "net::" not in error and "WebSocket" not in error]
        screen.check()


@pytest.fixture
def visitor(browser: Browser, shared_server: Server) -> Iterator[Callable[..., Screen]]:
    """Make visitors, each with a browser of its own; at the end nothing must have gone wrong for any."""
    screens: list[Screen] = []

    def visit(**options: Any) -> Screen:
        screens.append(Screen(windows.enter_context(window(browser, **options)), shared_server))
        return screens[-1]

    with ExitStack() as windows:
        yield visit
        for screen in screens:
            screen.check()


@pytest.fixture
def screen(usual: Page, shared_server: Server) -> Iterator[Screen]:
    """What one visitor sees who has just come."""
    screen = Screen(usual, shared_server)
    yield screen
    screen.leave()
    screen.check()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ServedRoom]:
    """A room of a workshop on a server that a test may kill."""
    room = ServedRoom(tmp_path)
    room.start()
    yield room
    room.kill()


@pytest.fixture
def desk(room: ServedRoom) -> Voice:
    """The desk of a room, without a screen."""
    return room.desk_voice()
