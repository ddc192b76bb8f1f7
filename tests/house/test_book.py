"""Every block of code in the README, the guides and the pages of the book runs, and names what is there."""

import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
import tomllib
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from command_line import hearing
from places import ROOT

from foresight.cli.main import app

#: Pages by hand. Those that tell how to add something have diffs, which a test of their own applies and looks at.
BOOK = [page for page in (ROOT / "notebooks").rglob("*.md") if not page.match("guides/add-*")]
PAGES = sorted([*BOOK, *(ROOT / "scenarios").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])

BLOCK = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)

#: A link or picture that leads to no other host, its path, and the heading.
LINK = re.compile(r"\]\(((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?)\)")

#: What a block may be of: what runs here, and what is shown alone. SQL and what starts clusters have tests elsewhere or
#: say that they have none.
RUNS = {"python", "console", "toml"}
SHOWN = {"text", "sql", "yaml", "bash", "bibtex"}

#: What serves until it is interrupted, and what no test of pages starts: it sets up or opens other programs, takes
#: minutes, or asks for a round that people have played.
SERVES = ("foresight ui", "foresight room")
NOT_RUN = ("make ", "python3 -m venv", "pip install", "jupyter ", "foresight calibrate", "foresight brief suva.room")

#: What a call says in place of what the reader has.
STANDS_FOR = re.compile(r"\b(FILE|STORE|FOLDER|ADDRESS|CODE)\b")

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BIN = Path(sys.executable).parent
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


class Block(NamedTuple):
    """A block of code of a page."""

    kind: str
    words: str


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, directives of MyST left out."""
    found = BLOCK.findall(page.read_text("utf-8"))
    return [Block(kind, textwrap.dedent(words)) for _, kind, words in found if not kind.startswith("{")]


def typed(page: Path) -> list[Block]:
    """Return what somebody types who follows a page: its blocks that run, and whole calls in its sentences."""
    sentences, *rest = BLOCK.split(page.read_text("utf-8"))
    found = whole(sentences)
    for kind, words, after in zip(rest[1::4], rest[2::4], rest[3::4], strict=True):
        found += [Block(kind, textwrap.dedent(words))] if kind in RUNS else []
        found += whole(after)
    return found


def whole(sentences: str) -> list[Block]:
    """Return the calls in sentences that say more than a verb and can be typed as they are."""
    found = (call for call in re.findall(r"`(foresight [^\s`]+ [^`]+)`", sentences) if not STANDS_FOR.search(call))
    return [Block("console", call) for call in found]


def lines(words: str) -> list[str]:
    """Return the commands of a block; a backslash at the end of a line goes on in the next."""
    return [line for line in words.replace("\\\n", "").splitlines() if line and not line.startswith("#")]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=name)


# What is named is there --------------------------------------------------------------------------------------------


@every_page
def test_every_block_says_what_it_is_of(page: Path):
    assert {block.kind for block in blocks(page)} <= RUNS | SHOWN
    outside = BLOCK.sub("", page.read_text("utf-8"))
    assert "```" not in outside
    assert [line for before, line in pairwise(outside.splitlines()) if not before and line.startswith("    ")] == []


def calls(page: Path) -> list[str]:
    """Return all calls of the program that a page shows, in blocks and in sentences."""
    words = BLOCK.sub("", page.read_text("utf-8"))
    shown = [line for block in blocks(page) if block.kind in {"console", "bash"} for line in lines(block.words)]
    return [call for call in [*shown, *re.findall(r"`([^`]+)`", words)] if call.startswith("foresight ")]


def unknown(call: str) -> list[str]:
    """Return the verb of a call if there is none of that name, and its options that the verb has not."""
    _, *given = shlex.split(call, comments=True)
    verb = next((word for word in given if not word.startswith("-")), "")
    known = {option for one in (COMMANDS.get(verb), typer.main.get_command(app)) if one for option in options(one)}
    missing = [] if not verb or verb in COMMANDS or not verb.islower() else [verb]
    return missing + [word for word in given if word.startswith("--") and word not in known]


def options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)


@every_page
def test_every_call_is_of_a_verb_with_its_options(page: Path):
    assert [word for call in calls(page) for word in unknown(call)] == []


def test_every_verb_is_shown():
    named = {word for page in PAGES for call in calls(page) for word in call.split()[1:2]}
    assert COMMANDS.keys() - named == set()


@every_page
def test_every_target_of_make_is_there(page: Path):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"(?:^|`)make ([\w-]+)", page.read_text("utf-8"), re.MULTILINE)
    assert [one for one in targets if not re.search(rf"(?m)^[\w -]*\b{one}\b[\w -]*:", makefile)] == []


@every_page
def test_every_extra_is_there(page: Path):
    asked = re.findall(r"(?:\.|foresight-escap)\[([\w,-]+)\]", page.read_text("utf-8"))
    assert {extra for one in asked for extra in one.split(",")} <= PROJECT["optional-dependencies"].keys()


def pages_that_are_shipped() -> Iterator[Path]:
    """Yield every page that somebody may read on disk."""
    yield from ROOT.glob("*.md")
    found = (page for folder in ("notebooks", "scenarios", "findings") for page in (ROOT / folder).rglob("*"))
    yield from (page for page in found if page.suffix in {".md", ".ipynb"} and page.parent.name[0] != ".")


def dead(page: Path) -> Iterator[str]:
    """Yield links of a page that lead nowhere in this tree, or to no heading of a page."""
    for link, path, place in LINK.findall(BLOCK.sub("", page.read_text("utf-8"))):
        there = page.parent / path if path else page
        if not there.exists() or (place and place not in places(there)):
            yield link


def places(page: Path) -> set[str]:
    """Return the headings of a page as links name them."""
    heads = re.findall(r"(?m)^#+ (.+)$", page.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_link_leads_somewhere_where_it_is_written():
    found = {name(page): list(dead(page)) for page in pages_that_are_shipped()}
    assert len(found) > 30
    assert {page: links for page, links in found.items() if links} == {}


# What is shown runs ------------------------------------------------------------------------------------------------


class Reader:
    """Somebody who types a page from its first block to its last, in an empty folder.

    Parameters
    ----------
    folder : Path
        Where.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, Any] = {"__name__": "page"}
        (folder / ".venv").symlink_to(sys.prefix)
        self._environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}

    def python(self, words: str) -> None:
        exec(compile(words, "page", "exec"), self._names)

    def toml(self, words: str) -> None:
        tomllib.loads(words)
        if titled := re.match(r"# file: (\S+)\n", words):
            (self._folder / titled[1]).write_text(words, "utf-8")

    def console(self, words: str) -> None:
        for line in lines(words):
            if line.removeprefix(".venv/bin/").startswith(SERVES):
                self._serve(line)
            elif not any(part in line for part in NOT_RUN):
                done = subprocess.run(["bash", "-e", "-c", line], **self._kept(), capture_output=True, text=True)
                assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"

    def _serve(self, line: str) -> None:
        """Start what serves, at a free port, look at its page, and interrupt it."""
        with hearing():
            call = [*shlex.split(line, comments=True), "--port", "0", "--json"]
            server = subprocess.Popen(call, **self._kept(), stdout=subprocess.PIPE, text=True)
        with server:
            told = "".join(iter(server.stdout.readline, "}\n")) if server.stdout else ""
            found = re.search(r'^  "url": "(.+)"', told, re.MULTILINE)
            assert found, told
            with urllib.request.urlopen(found[1]) as answer:
                assert answer.status == 200
            server.send_signal(signal.SIGINT)
            assert server.wait() == 0

    def _kept(self) -> dict[str, Any]:
        return {"cwd": self._folder, "env": self._environment}


RUN = [page for page in PAGES if typed(page)]


@pytest.mark.costly
@pytest.mark.parametrize("page", RUN, ids=name)
def test_a_page_runs_from_its_first_block_to_its_last(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    reader = Reader(tmp_path)
    for block in typed(page):
        getattr(reader, block.kind)(block.words)
