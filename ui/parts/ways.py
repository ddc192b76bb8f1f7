"""What it would take: different ways to a step, each of which can be loaded into the levers."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.search.alternatives import Alternative, Alternatives

from ..visit.questions import SHARE, STEPS, WHOSE, Question, which_ways
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, button, choice, fold, prose, row, table
from .circumstances import CHOOSE
from .quests import told_of

#: The step that is aimed at first.
_FIRST: Final = "2"


def asked(state: AppState) -> Question:
    """Return the question that is asked."""
    return which_ways(state.setting, *_aim(state))


def ways(state: AppState, words: Words) -> Iterator[Block]:
    """Yield the choice of an aim, and the ways that were found to it."""
    whose, step = _aim(state)
    members = [(name, words.scope(name)) for name in WHOSE]
    steps = [(one, words.say("why.step", step=words.exact(float(one)))) for one in STEPS]
    yield row(
        choice(words.say("why.whose"), "whose", members, whose, message=CHOOSE),
        choice(words.say("why.aim"), "step", steps, step, message=CHOOSE),
    )
    aim = {
        "whose": words.scope(whose),
        "step": words.exact(float(step)),
        "year": LAST_YEAR,
        "share": words.share(SHARE),
    }
    yield from told_of(asked(state), state, words, lambda found: _told(found, aim, words))


def _aim(state: AppState) -> tuple[str, str]:
    chosen = state.laboratory.chosen
    whose, step = chosen.get("whose", ""), chosen.get("step", "")
    return whose if whose in WHOSE else WHOSE[0], step if step in STEPS else _FIRST


def _told(answer: Alternatives, aim: dict[str, Any], words: Words) -> Iterator[Block]:
    yield prose(_sentence(answer, aim, words), "lead")
    tried = [one for one in answer.settings if one.values]
    if tried:
        yield table(words.say("why.ways"), *_columns_and_rows(tried, words))
        labels = [words.say("why.load", n=number) for number, _ in enumerate(tried, start=1)]
        load = {"type": "experiment", "act": "load_way"}
        yield row(
            *(
                button(label, {**load, "n": number}, strong=number == 1, page="explore")
                for number, label in enumerate(labels, start=1)
            )
        )
    yield fold("why-ways", words.say("why.how"), prose(words.say("why.ways_how", **aim, runs=words.count(answer.runs))))


def _sentence(answer: Alternatives, aim: dict[str, Any], words: Words) -> str:
    if answer.best is not None:
        return words.say("why.not_found", **aim, best=words.share(answer.best.confirmed))
    first, last = answer.settings[0], answer.settings[-1]
    reached = {**aim, "confirmed": words.share(first.confirmed)}
    if not first.values:
        return words.say("why.there_already", **reached)
    points, most = (words.number(one.points, 0) for one in (first, last))
    span = points if points == most else words.say("compare.from_to", low=points, high=most)
    key = "why.one_way" if len(answer.settings) == 1 else "why.several_ways"
    return words.say(key, **reached, n=words.count(len(answer.settings)), points=span)


def _columns_and_rows(ways: Sequence[Alternative], words: Words) -> tuple[list[str], list[list[str]]]:
    """Return a column for each way: what it asks, how often it gets there, and what it does of each action."""
    columns = [words.say("access.way"), *(words.say("why.way", n=number) for number, _ in enumerate(ways, start=1))]
    rows = [
        [words.say("why.asked_for"), *(words.number(one.points, 0) for one in ways)],
        [words.say("why.reached"), *(_reached(one, words) for one in ways)],
        *([words.action(action), *(_efforts(one, action, words) for one in ways)] for action in ACTIONS),
    ]
    return columns, rows


def _reached(way: Alternative, words: Words) -> str:
    ends = {"low": words.share(way.low), "high": words.share(way.high)}
    return words.say("why.share_of", share=words.share(way.confirmed), **ends)


def _efforts(way: Alternative, action: str, words: Words) -> str:
    """Write what a way pledges and delivers of an action, "as before" where it leaves both."""
    pledged, delivered = (way.values.get(f"levers.{kind}.{action}") for kind in ("pledge_effort", "delivery_effort"))
    if pledged is None and delivered is None:
        return words.say("why.as_before")
    each = (words.say("why.as_before") if one is None else f"×{words.value(one)}" for one in (pledged, delivered))
    return words.say("why.both_sides", **dict(zip(("pledged", "delivered"), each, strict=True)))
