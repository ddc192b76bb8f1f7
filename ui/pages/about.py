"""About: what this is not, what it is, and where everything comes from; weaknesses first."""

from collections.abc import Callable
from typing import Any, Final

from foresight.effects import EFFECTS
from foresight.fact_tables import data_digest
from foresight.version import program_version

from ..state import AppState
from ..words import Words
from .blocks import heading, listed, prose

#: Weaknesses of the model, in the order they are told.
WEAKNESSES: Final = (
    "proxy",
    "dominant",
    "peers",
    "trust",
    "gate",
    "accountability",
    "missing",
    "environment",
    "money",
    "chance",
)

#: What the program does, one line each.
WHAT: Final = ("members", "actions", "years", "engine", "same")

#: Keys that do something, one line each.
KEYS: Final = ("undo", "redo", "slider", "marks", "reset", "year", "room")


def page(_state: AppState, said: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return what a reader should know before believing a number."""
    ranges = {effects: said.say(f"effects.range_{effects}") for effects in EFFECTS}
    version = said.say("about.version", version=program_version(), data=data_digest()[:12])
    blocks = [
        prose(said.say("about.lead"), "lead"),
        heading(said.say("about.weaknesses")),
        listed([said.say(f"weakness.{name}") for name in WEAKNESSES]),
        heading(said.say("about.what")),
        listed([said.say(f"what.{name}") for name in WHAT]),
        heading(said.say("about.bands")),
        prose(said.say("about.bands_meaning", **ranges)),
        heading(said.say("about.keys")),
        listed([said.say(f"keys.{name}") for name in KEYS]),
        heading(said.say("about.source")),
        prose(said.say("about.source_meaning")),
        prose(version, "hint"),
    ]
    return {"kind": "blocks", "title": said.say("menu.about"), "blocks": blocks}
