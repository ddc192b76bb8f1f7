"""About: what this is not, what it is, and where everything comes from; weaknesses first."""

from collections.abc import Callable
from typing import Any, Final

from foresight.facts.tables import data_digest
from foresight.results.money import LITTLE
from foresight.runs import EFFECTS
from foresight.version import program_version

from ..parts.blocks import heading, listed, prose
from ..visit.state import AppState
from ..words import Words

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
KEYS: Final = ("undo", "redo", "slider", "marks", "reset", "year", "charts", "present")


def page(_state: AppState, words: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return what a reader should know before believing a number."""
    ranges = {effects: words.say(f"effects.range_{effects}") for effects in EFFECTS}
    version = words.say("about.version", version=program_version(), data=data_digest()[:12])
    blocks = [
        prose(words.say("about.lead"), "lead"),
        heading(words.say("about.weaknesses")),
        listed([words.say(f"weakness.{name}", little=words.share(LITTLE.share)) for name in WEAKNESSES]),
        heading(words.say("about.what")),
        listed([words.say(f"what.{name}") for name in WHAT]),
        heading(words.say("about.bands")),
        prose(words.say("about.bands_meaning", **ranges)),
        heading(words.say("about.keys")),
        listed([words.say(f"keys.{name}") for name in KEYS]),
        heading(words.say("about.source")),
        prose(words.say("about.source_meaning")),
        prose(version, "hint"),
    ]
    return {"kind": "blocks", "title": words.say("menu.about"), "blocks": blocks}
