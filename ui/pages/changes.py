"""What changed: the log, and checkpoints."""

from collections.abc import Iterator
from typing import Any

from foresight.runs import Progress

from ..parts.blocks import Block, button, heading, prose, table
from ..parts.log import log
from ..parts.signature import name_of
from ..visit.state import AppState
from ..words import Words


def page(state: AppState, words: Words, _rest: str, _progress: Progress) -> dict[str, Any]:
    """Return the log of this session."""
    return {
        "kind": "blocks",
        "title": words.say("menu.changes"),
        "blocks": [
            prose(words.say("changes.lead"), "lead"),
            button(words.say("changes.why"), {"type": "go", "page": "why"}, page="why"),
            *log(state.history, words),
            *_kept(state, words),
            heading(words.say("log.sessions")),
            prose(words.say("log.sessions_meaning"), "hint"),
            {"kind": "sessions"},
        ],
    }


def _kept(state: AppState, words: Words) -> Iterator[Block]:
    yield heading(words.say("changes.checkpoints"))
    if not state.kept:
        yield prose(words.say("changes.no_checkpoints"), "hint")
        return
    rows = [[name_of(name, state, words), kept.id, _opens(name, words)] for name, kept in state.kept.items()]
    yield table(
        words.say("changes.checkpoints"), [words.say(f"changes.{one}") for one in ("name", "title", "go")], rows
    )


def _opens(name: str, words: Words) -> dict[str, Any]:
    return {"text": words.say("changes.open"), "button": {"type": "scenario", "name": name}}
