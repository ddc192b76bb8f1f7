"""The page of the notebooks on which Mesa shows the model: it steps, begins anew as asked, and ends by itself."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from places import ROOT
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.costly,
    pytest.mark.skipif(find_spec("solara") is None, reason="needs the extra solara, and offline solara-assets"),
]

HOST = "127.0.0.1"

#: Seconds that a server may take to start, which may compile the engine, and a run of all years to be shown.
START, A_RUN = 180, 120


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where a server of the page answers."""
    port, log = free_port(), tmp_path / "log"
    command = ["solara", "run", str(ROOT / "notebooks/solara_page.py"), "--no-open", "--production"]
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--host", HOST, "--port", str(port)], stdout=written, stderr=written
        )
    try:
        yield answering(f"http://{HOST}:{port}/", log)
        assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def answering(url: str, log: Path) -> str:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=START):
                return url
        except OSError:
            time.sleep(0.1)
    return pytest.fail(f"the server did not start:\n{log.read_text()}")


def shows(page: Page, run: str) -> None:
    expect(page.get_by_text(run).first).to_be_visible(timeout=A_RUN * 1000)


def test_a_run_steps_begins_anew_as_asked_and_ends_by_itself(browser: Browser, address: str):
    with browser.new_page(viewport={"width": 1280, "height": 800}) as page:
        page.goto(address)
        shows(page, "Historical pace, 2017: one run, seed 1")
        page.get_by_role("button", name="Step").click()
        shows(page, "Historical pace, 2018: one run, seed 1")
        page.get_by_text("historical-pace").click()
        page.get_by_role("option", name="baiji-returns").click()
        page.get_by_role("button", name="Reset").click()
        shows(page, "Baiji returns, 2017: one run, seed 1")
        page.get_by_role("button", name="▶").click()
        shows(page, "Baiji returns, 2040: one run, seed 1")
        expect(page.get_by_role("button", name="Step")).to_be_disabled()
