"""How far a question of a visitor is, and what was answered."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..runs.quest import Quest
from ..runs.trial import FAILED, WAITING
from ..visit.questions import Question
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, button, listed, prose, row


def told_of(
    question: Question, state: AppState, words: Words, tell: Callable[[Any], Iterable[Block]]
) -> Iterator[Block]:
    """Yield what was answered, or how far it is, or what went wrong, with a button where it can be asked."""
    answer, quest = state.questions.answer(question), state.questions.quest(question)
    if answer is not None:
        yield from tell(answer)
    elif quest is not None and quest.under_way:
        message = {"type": "experiment", "act": "give_up", "name": question.name}
        bar = {"kind": "progress", "label": words.say("why.progress"), **progress(quest, words)}
        yield row(bar, button(words.say("experiments.cancel"), message, focus=question.name))
    else:
        if quest is not None and quest.stage == FAILED:
            problems = [problem.message(words.language) for problem in quest.problem.problems]
            yield listed(problems) if problems else prose(words.say("message.fault"), "warning")
        message = {"type": "experiment", "act": "ask", "name": question.name}
        yield row(button(words.say(f"why.ask_{question.name}"), message, strong=True, focus=question.name))


def progress(quest: Quest, words: Words) -> dict[str, Any]:
    """Return how far a question is."""
    waits = quest.stage == WAITING
    text = (
        words.say("experiments.waiting")
        if waits
        else words.say("why.so_far", share=words.share(quest.done / quest.total))
    )
    return {"name": quest.key[0], "done": quest.done, "total": quest.total, "text": text}
