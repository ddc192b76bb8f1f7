"""A text is found by searching the code for its key, and every text has a use."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import foresight_ui
from foresight_ui.words import catalogue

import foresight
from foresight.texts import drafts, keys

ROOMS = [Path(package.__file__ or "").parent for package in (foresight, foresight_ui)]

#: Sections whose keys end in what tables, scenarios or benchmarks name, and not the code.
NAMED_BY_TABLES = {"bench", "body", "event", "mark", "member", "parameter", "scenario", "state", "unit"}

#: Sections of the browser; those of rooms are for pages of their own, see tests/ui/test_room_texts.py.
OF_BROWSER = {"client", "room", "phone", "desk", "wall"}


class Said(NamedTuple):
    """What the code has of keys: whole ones, beginnings of those put together, and what may stand after these."""

    whole: set[str]
    begun: set[str]
    endings: set[str]


@cache
def in_python() -> Said:
    nodes = [node for room in ROOMS for path in room.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    put_together = [node.values for node in nodes if isinstance(node, ast.JoinedStr)]
    begun = {parts[0].value for parts in put_together if isinstance(parts[0], ast.Constant)}
    begun |= {text for text in texts if text.endswith((".", "_"))}
    names = {name for node in nodes for name in named(node)}
    words = {word for text in texts for word in text.split()}
    return Said(texts, {start for start in begun if "." in start}, names | words | {text.strip("_") for text in texts})


def named(node: ast.AST) -> Iterator[str]:
    """Yield the names of functions, arguments and fields: options and kinds of a file are called like them."""
    match node:
        case ast.arg():
            yield node.arg
        case ast.keyword(arg=str(name)) | ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def in_browser() -> Said:
    scripts = "".join(path.read_text("utf-8") for path in (ROOMS[1] / "assets").rglob("*.js"))
    whole = {*re.findall(r'"(\w+)"', scripts), *re.findall(r"\bwords\.(\w+)", scripts)}
    return Said(whole, {*re.findall(r"`(\w+)\$\{", scripts)}, set())


def all_keys() -> set[str]:
    return {*catalogue("en"), *(key for language in ("en", *drafts()) for key in keys(language))}


def test_every_key_or_its_beginning_stands_whole_in_the_code():
    code = in_python()
    sought = {key for key in all_keys() if key.partition(".")[0] not in OF_BROWSER} - code.whole
    assert {key for key in sought if not key.startswith(tuple(code.begun))} == set()


def test_what_a_key_ends_in_is_named_in_the_code_too():
    code = in_python()
    sought = {key for key in all_keys() if key.partition(".")[0] not in NAMED_BY_TABLES | OF_BROWSER} - code.whole
    assert {key for key in sought if not any(is_named(ending, code) for ending in endings(key, code))} == set()


def endings(key: str, code: Said) -> Iterator[str]:
    return (key.removeprefix(start) for start in code.begun if key.startswith(start))


def is_named(ending: str, code: Said) -> bool:
    """Tell whether the code names an ending, its parts, or parts before or after a number."""
    parts = [ending.rpartition("_")[::2], ending.split("."), [re.sub(r"^\d+_?|_\d+$", "", ending)]]
    return ending in code.endings or any(all(not part or part in code.endings for part in cut) for cut in parts)


def test_keys_of_the_browser_stand_in_its_scripts():
    scripts = in_browser()
    own = {key.removeprefix("client.") for key in catalogue("en") if key.startswith("client.")}
    assert {key for key in own - scripts.whole if not key.startswith(tuple(scripts.begun))} == set()
