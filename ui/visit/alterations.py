"""What somebody changed of a scenario: each change in a few words, the largest first."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from foresight.actions import ACTIONS
from foresight.facts.parameters import Parameter, levers, uncertainties
from foresight.scenario.scenario import Scenario

from ..words import Words

#: What a change counts for that has no size: half of the way from one end of a lever to the other.
UNSIZED: Final = 0.5

#: Texts of entries of a scenario, which do nothing.
_TEXTS: Final = {"tag", "source"}

#: The two sides of an effort.
_EFFORTS: Final = tuple(one for one in levers().values() if one.by_action)


class Alteration(NamedTuple):
    """One change.

    Parameters
    ----------
    size : float
        As a share of the way from one end of a lever to the other.
    text : str
        What is how now.
    """

    size: float
    text: str


def alterations(base: Scenario, scenario: Scenario, words: Words) -> list[str]:
    """Return in words what a scenario does otherwise than its base, the largest first."""
    every = [
        *_efforts(base, scenario, words),
        *_numbers(base, scenario, words),
        *_rules(base, scenario, words),
        *_entries("coalition", base.coalitions, scenario.coalitions, words),
        *_entries("event", base.events, scenario.events, words),
        *_facts(base, scenario, words),
    ]
    return [one.text for one in sorted(every, key=lambda one: -one.size)]


def _efforts(base: Scenario, scenario: Scenario, words: Words) -> Iterator[Alteration]:
    """Yield the changed effort of each action: of pledging and delivering together, unless one alone was changed."""
    if base.levers == scenario.levers:
        return
    for action in ACTIONS:
        pairs = [(one, *(getattr(getattr(of.levers, one.name), action) for of in (base, scenario))) for one in _EFFORTS]
        changed = [(one, now) for one, before, now in pairs if before != now]
        if changed:
            size = sum(_way(one, before, now) for one, before, now in pairs) / len(pairs)
            side = "" if len(changed) == len(pairs) else words.say(f"levers.{changed[0][0].name}")
            name = words.say("future.side", what=words.action(action), side=lowered(side)) if side else ""
            values = [value for _, now in changed for value in now]
            yield _alteration(size, name or words.action(action), _written(changed[0][0], values, words), words)


def _numbers(base: Scenario, scenario: Scenario, words: Words) -> Iterator[Alteration]:
    """Yield the changed levers that are no efforts, and the changed uncertainties."""
    for kind, declared in (("levers", levers()), ("uncertainties", uncertainties())):
        if getattr(base, kind) == getattr(scenario, kind):
            continue
        for one in declared.values():
            given = [getattr(getattr(of, kind), one.name) for of in (base, scenario)]
            if not one.by_action and given[0] != given[1]:
                before, now = (_acting(one, of, value) for of, value in zip((base, scenario), given, strict=True))
                yield _alteration(_way(one, before, now), words.label(one), _written(one, now, words), words)


def _acting(one: Parameter, scenario: Scenario, value: Any) -> Sequence[float]:
    """Return the values that act: that of the uncertainty where a lever is not set."""
    if value is None:
        value = getattr(scenario.uncertainties, str(one.replaces))
    return value if isinstance(value, tuple) else (value,)


def _way(one: Parameter, before: Sequence[float], now: Sequence[float]) -> float:
    """Return how far a lever went, as a share of its range; multiples that cannot be nothing by their logarithms."""
    at = math.log if one.unit == "multiple" and one.low > 0 else float
    steps = [abs(at(new) - at(old)) for old, new in zip(before, now, strict=True)]
    return sum(steps) / len(steps) / (at(one.high) - at(one.low))


def _written(one: Parameter, values: Sequence[float], words: Words) -> str:
    """Write a value, or the lowest and the highest of several."""
    write = words.exact_share if one.unit == "share" else words.exact
    low, high = min(values), max(values)
    written = write(low) if low == high else f"{words.exact(100 * low if one.unit == 'share' else low)}–{write(high)}"
    return f"×{written}" if one.unit == "multiple" else written


def _rules(base: Scenario, scenario: Scenario, words: Words) -> Iterator[Alteration]:
    for name in type(scenario.structure).model_fields:
        value = getattr(scenario.structure, name)
        if value != getattr(base.structure, name):
            path = f"structure.{name}"
            what, now = lowered(words.setting(path)), words.named_value(path, value)
            yield Alteration(UNSIZED, words.say("future.rule", what=what, value=now))


def _entries(kind: str, before: Sequence[Any], now: Sequence[Any], words: Words) -> Iterator[Alteration]:
    """Yield the coalitions or events that came, went or do something else."""
    if before == now:
        return
    old, new = ({one.name: one.model_dump(exclude=_TEXTS) for one in entries} for entries in (before, now))
    for name in dict.fromkeys([*new, *old]):
        if old.get(name) != new.get(name):
            how = "without" if name not in new else "new" if name not in old else "other"
            what, called = f"{how}_{kind}", words.event(name) if kind == "event" else name
            yield Alteration(UNSIZED, words.say(f"future.{what}", name=called))


def _facts(base: Scenario, scenario: Scenario, words: Words) -> Iterator[Alteration]:
    for code in dict.fromkeys([*scenario.facts, *base.facts]):
        if base.facts.get(code) != scenario.facts.get(code):
            yield Alteration(UNSIZED, words.say("future.other_facts", name=words.member(code)))


def _alteration(size: float, what: str, value: str, words: Words) -> Alteration:
    return Alteration(size, words.say("future.set", what=lowered(what), value=value))


def lowered(name: str) -> str:
    """Write a name as it stands within a line: the first letter small, unless it is an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
