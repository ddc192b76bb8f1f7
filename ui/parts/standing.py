"""What stands clear of what moves an outcome: groups that intervals tell apart, in a sentence."""

from collections.abc import Sequence
from typing import Final

from foresight.analysis.sensitivity import Sensitivity
from foresight.scenario.factors import factors

from ..words import Words

#: Decimals of sensitivity indices.
DIGITS: Final = 2

#: The most that are named of one group.
_NAMED: Final = 3


def standing(sensitivity: Sensitivity, words: Words) -> str:
    """Say what moves an outcome most as far as intervals tell, and that the others cannot be told apart."""
    first, *others = sensitivity.tiers or ((),)
    if not first:
        return words.say("standing.constant" if sensitivity.verdict == "constant" else "standing.few")
    if len(first) > _NAMED:
        return words.say("standing.open", **_of(sensitivity, first[0], words), count=words.count(len(first)))
    second = others[0] if others and _can_be_named(others) else ()
    key = "standing.one" if len(first) == 1 else "standing.some"
    head = words.say(key, names=_names(first, words), **_of(sensitivity, first[0], words))
    then = [words.say("standing.then", names=_names(second, words))] if second else []
    rest = len(sensitivity.factors) - len(first) - len(second)
    tail = [words.say("standing.rest", count=words.count(rest))] if rest else []
    return words.joined(head, *then, *tail)


def clear(sensitivity: Sensitivity) -> set[str]:
    """Return the factors that stand clear of the last group."""
    return {name for group in sensitivity.tiers[:-1] for name in group}


def _can_be_named(groups: Sequence[Sequence[str]]) -> bool:
    """Say whether the first of some groups stands for itself: few, and not all that is left but for one."""
    return len(groups[0]) == 1 or (len(groups[0]) <= _NAMED and len(groups) > 1)


def label_of(name: str, words: Words) -> str:
    """Name a factor."""
    return factors()[name].label(words.language)


def _names(group: Sequence[str], words: Words) -> str:
    return words.listed(label_of(name, words) for name in group)


def _of(sensitivity: Sensitivity, name: str, words: Words) -> dict[str, str]:
    """Write the index of a factor with its interval, and its name."""
    (found,) = sensitivity.main[sensitivity.main["factor"] == name].to_dict("records")
    numbers = {one: words.number(float(found[one]), DIGITS) for one in ("value", "low", "high")}
    return {"name": label_of(name, words), **numbers}
