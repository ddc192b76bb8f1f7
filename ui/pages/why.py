"""Why: what makes one future better than another, what it would take, how sure that is, and how far to trust it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from foresight.arguments import check_name
from foresight.runs import Progress

from ..parts import split, ways
from ..parts.blocks import Block, heading, prose
from ..parts.country import PATH as MEMBERS
from ..parts.surety import surety
from ..parts.trusting import trusting
from ..visit.questions import SPLIT, TRUST, WAYS, Question, how_trusted
from ..visit.state import AppState
from ..words import Words

PATH: Final = "why"

#: What is asked of what is on the screen and chosen, by name.
_ASKED: Final[Mapping[str, Callable[[AppState], Question]]] = {
    SPLIT: split.asked,
    WAYS: ways.asked,
    TRUST: lambda _state: how_trusted(),
}


def page(state: AppState, words: Words, _rest: str, _progress: Progress) -> dict[str, Any]:
    """Return the four questions with what is known of their answers."""
    blocks: list[Block] = [
        heading(words.say("why.split")),
        prose(words.say("why_for.split"), "hint"),
        *split.split(state, words),
        heading(words.say("why.take")),
        prose(words.say("why_for.take"), "hint"),
        *ways.ways(state, words),
        _of_a_country(state, words),
        heading(words.say("why.sure")),
        *surety(state, words),
        heading(words.say("why.trusted")),
        *trusting(state, words),
    ]
    return {"kind": "blocks", "title": words.say("menu.why"), "blocks": blocks}


def _of_a_country(state: AppState, words: Words) -> Block:
    """Return the way to what would help one country: one's own, or one that is to be chosen."""
    code = state.view["country"]
    text = words.say("why_for.country", name=words.member(code)) if code else words.say("why_for.any_country")
    return {"kind": "foot", "page": f"{MEMBERS}/{code}" if code else MEMBERS, "text": text}


def question_called(name: str, state: AppState) -> Question:
    """Return the question of a name, about what is on the screen and chosen; InputError if there is no such."""
    check_name("name", name, tuple(_ASKED))
    return _ASKED[name](state)


def begin(state: AppState) -> None:
    """Ask what needs nobody to press anything: what takes a few seconds at most."""
    state.questions.ask(split.asked(state))
