"""Why one future is better than another: what each part of what tells them apart does of the difference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import pandas as pd

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.results.attribution import EXPLAINED, OTHER, PARTS, TOTAL
from foresight.results.outcomes import OUTCOMES
from foresight.scenario.loading import shipped

from ..runs.setting import FIRST_SCENARIO
from ..visit.questions import Question, what_splits
from ..visit.state import CURRENT, AppState
from ..words import Words
from .blocks import Block, choice, fold, prose, row
from .circumstances import CHOOSE
from .gains import ties_of
from .naming import DIGITS
from .quests import told_of
from .signature import name_of

#: Parts that make less than this of the largest are told together.
_SMALL: Final = 0.1

#: The sentence names the largest parts, until they make this share of the difference.
_MOST: Final = 0.5


class Part(NamedTuple):
    """One part of a difference, as it is written: a whole number of its last decimal; the parts add up."""

    name: str  # of `PARTS`; empty for several together
    units: int


def pair(state: AppState) -> tuple[str, str]:
    """Return the names of the scenarios that are told apart: chosen, or else the one opened last and the screen's.

    Where these are the same it is the first scenario that ships and the screen's, or another one that ships.
    """
    digests = {name: state.scenario_called(name).digest() for name in names_of(state)}
    choice_of = {end: name for end, name in state.laboratory.chosen.items() if name in digests}
    opened = [name for name, digest in digests.items() if name != CURRENT and digest == state.base.digest()]
    first = opened[0] if opened and digests[CURRENT] != state.base.digest() else FIRST_SCENARIO
    before = choice_of.get("before", first)
    others = [name for name, digest in digests.items() if digest != digests[before]]
    return before, choice_of.get("after", others[0])


def names_of(state: AppState) -> list[str]:
    """Return the names of all scenarios that can be told apart."""
    return [CURRENT, *shipped(), *state.kept]


def asked(state: AppState) -> Question:
    """Return the question that is asked of two scenarios."""
    before, after = map(state.scenario_called, pair(state))
    return what_splits(before, replace(state.setting, scenario=after))


def split(state: AppState, words: Words) -> Iterator[Block]:
    """Yield the choice of two scenarios, and what makes the difference between them."""
    called = {name: name_of(name, state, words) for name in names_of(state)}
    labels = {**called, CURRENT: words.say("future.on_screen", name=called[CURRENT])}
    options = list(labels.items())
    ends = dict(zip(("before", "after"), pair(state), strict=True))
    effects = [(name, words.say(f"outcome.{name}")) for name in EXPLAINED]
    yield row(
        choice(words.say("why.after"), "after", options, ends["after"], message=CHOOSE),
        choice(words.say("why.before"), "before", options, ends["before"], message=CHOOSE),
        choice(words.say("why.effect"), "effect", effects, _effect(state), message=CHOOSE),
    )
    names = {end: called[name] for end, name in ends.items()}
    yield from told_of(asked(state), state, words, lambda parts: _told(parts, _effect(state), names, words))


def parts_of(found: pd.DataFrame, outcome: str) -> tuple[list[Part], Part]:
    """Return the parts of a difference as they are told, the largest first, and all of it.

    Each is rounded so that what is written adds up; small ones are one part of no name, the last.
    """
    means = found[found["outcome"] == outcome].set_index("part")["mean"]
    scale = 10 ** digits_of(outcome)
    exact = {name: float(means[name]) * scale for name in PARTS}
    total = round(exact.pop(TOTAL))
    whole = _rounded(exact, total)
    ordered = sorted(whole, key=lambda name: -abs(whole[name]))
    least = max(1.0, _SMALL * abs(whole[ordered[0]]))
    told = [Part(name, whole[name]) for name in ordered if abs(whole[name]) >= least]
    rest = total - sum(part.units for part in told)
    single = [name for name in ordered[len(told) :] if whole[name]]
    if len(single) == 1:
        return [*told, Part(single[0], rest)], Part(TOTAL, total)
    return [*told, *([Part("", rest)] if rest else [])], Part(TOTAL, total)


def digits_of(outcome: str) -> int:
    """Return the decimals of differences of an outcome; shares are differences in per cent."""
    unit = OUTCOMES[outcome].unit
    return DIGITS[unit] + (2 if unit == "share" else 0)


def _rounded(exact: Mapping[str, float], total: int) -> dict[str, int]:
    """Round numbers so that they add up to a whole one: up go those that lose most by being cut."""
    whole = {name: int(value // 1) for name, value in exact.items()}
    by_loss = sorted(exact, key=lambda name: whole[name] - exact[name])
    for name in by_loss[: total - sum(whole.values())]:
        whole[name] += 1
    return whole


def _effect(state: AppState) -> str:
    chosen = state.laboratory.chosen.get("effect", "")
    return chosen if chosen in EXPLAINED else EXPLAINED[0]


def _told(found: pd.DataFrame, outcome: str, names: Mapping[str, str], words: Words) -> Iterator[Block]:
    """Yield the sentence and, where anything can be seen, the picture."""
    parts, total = parts_of(found, outcome)
    level = _level(found[found["outcome"] == outcome], parts, total)
    sentence = _sentence(parts, total, level, outcome, names, words)
    yield prose(sentence, "lead")
    if parts:
        yield _chart(parts, total, outcome, words)
    yield fold("why-split", words.say("why.how"), prose(words.say("why.split_how"), "hint"))


def _level(rows: pd.DataFrame, parts: Sequence[Part], total: Part) -> list[Part]:
    """Return the parts that cannot be told from the largest, with that one."""
    sign = 1 if total.units >= 0 else -1
    lanes = []
    for one in rows[rows["part"] != TOTAL].to_dict("records"):
        low, high = sorted((sign * one["low"], sign * one["high"]))
        lanes.append({"part": one["part"], "mean": sign * one["mean"], "low": low, "high": high})
    lanes.sort(key=lambda lane: -lane["mean"])
    alike = {lane["part"] for lane in ties_of(lanes)[0]}
    return [part for part in parts if part.name in alike]


def _sentence(
    parts: Sequence[Part], total: Part, level: Sequence[Part], outcome: str, names: Mapping[str, str], words: Words
) -> str:
    values = {**names, "outcome": words.say(f"outcome.{outcome}"), "year": LAST_YEAR}
    if not parts:
        return words.say("why.no_difference", **values)
    key = "why.cancelled" if not total.units else "why.level" if len(level) > 1 else "why.difference"
    largest = words.listed(
        words.say("why.part", name=_label(part, words), size=written(part, outcome, words))
        for part in (level if key == "why.level" else _largest(parts, total))
    )
    return words.say(key, **values, total=written(total, outcome, words), parts=largest)


def _largest(parts: Sequence[Part], total: Part) -> Iterator[Part]:
    """Yield the parts that make most of a difference, the largest first; all that can be seen where it is nothing."""
    sign, left = (1 if total.units >= 0 else -1), _MOST * abs(total.units)
    for part in parts:
        if not total.units or sign * part.units > 0:
            yield part
            left -= sign * part.units
        if total.units and left <= 0:
            return


def written(part: Part, outcome: str, words: Words) -> str:
    """Write a part with its sign; of shares in per cent."""
    digits = digits_of(outcome)
    if OUTCOMES[outcome].unit == "share":
        return words.say("why.points", n=words.signed(part.units / 10 ** (digits - 2), digits - 2))
    return words.signed(part.units / 10**digits, digits)


def _label(part: Part, words: Words) -> str:
    if part.name in ACTIONS:
        return words.action(part.name)
    key = {OTHER: "why.other", TOTAL: "why.total", "": "why.rest"}[part.name]
    return words.say(key)


def _chart(parts: Sequence[Part], total: Part, outcome: str, words: Words) -> Block:
    """Return a picture in which each part begins where the one before ends, and the last is all of it."""
    digits, unit = digits_of(outcome), OUTCOMES[outcome].unit
    rows, at = [], 0
    for part in (*parts, total):
        start = 0 if part is total else at
        at = start + part.units
        ends = {"from": start / 10**digits, "to": at / 10**digits}
        rows.append({"label": _label(part, words), "mean": part.units / 10**digits, **ends, "whole": part is total})
    spec = {
        "id": "split",
        "type": "intervals",
        "title": words.say(f"outcome.{outcome}"),
        "unit": words.say("why.split_unit", year=LAST_YEAR, unit=words.say(f"unit.{unit}")),
        "sentence": "",
        "digits": digits - 2 if unit == "share" else digits,
        "percent": unit == "share",
        "steps": True,
        "columns": [words.say("why.part_column"), words.say("why.size_column")],
    }
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": True}}
