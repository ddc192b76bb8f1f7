"""What stands at the head of a printed page: which future it is, what was changed for it, and what made its numbers."""

from typing import Any, Final

from foresight.facts.tables import data_digest

from ..visit.futures import title_of
from ..visit.state import AppState
from ..words import Words
from .differences import differences
from .signature import signature

#: Digits of the digest of the facts that are shown.
_DIGITS: Final = 12


def print_head(state: AppState, words: Words) -> dict[str, Any]:
    """Return the head of a printed page, which tells changes as the log does; the browser adds the address."""
    setting, own, base = state.setting, signature(state, words), title_of(state.base, words)
    facts = words.say("paper.facts", data=data_digest()[:_DIGITS])
    changes = differences(state.unchanged, setting, words)
    return {
        "name": own["name"],
        "base": words.say("paper.base", base=base),
        "levers": [[words.listed(filter(None, one[:2])), one.after, one.before] for one in changes],
        "nothing": words.say("paper.nothing", base=base),
        "digest": own["digest"],
        "made": " · ".join([own["made"], words.say(f"explore.effects_{setting.effects}"), facts]),
    }
