"""What stands clear of what moves an outcome: groups that intervals tell apart, in a sentence."""

from collections.abc import Iterator, Sequence
from typing import Final

from foresight.analysis.sensitivity import Sensitivity
from foresight.scenario.factors import factors

from ..words import Words

#: Decimals of sensitivity indices.
DIGITS: Final = 2

#: The most that are named of one group.
_NAMED: Final = 5


def standing(sensitivity: Sensitivity, words: Words) -> str:
    """Say what moves an outcome most as far as intervals tell, and that the others cannot be told apart."""
    first, *others = sensitivity.tiers or ((),)
    if not first:
        return _nothing(sensitivity, words)
    if len(first) > _NAMED:
        return words.say("standing.open", **_of(sensitivity, first[0], words), count=words.count(len(first)))
    key = "standing.one" if len(first) == 1 else "standing.some"
    head = words.say(key, names=_names(first, words), **_of(sensitivity, first[0], words))
    return words.joined(head, *_others(others, words))


def _nothing(sensitivity: Sensitivity, words: Words) -> str:
    """Say why it cannot be told what moves the outcome."""
    if sensitivity.verdict == "nearly_constant":
        counts = {"odd": words.count(sensitivity.odd), "used": words.count(sensitivity.used)}
        return words.say("standing.nearly_constant", **counts)
    return words.say("standing.constant" if sensitivity.verdict == "constant" else "standing.few")


def _others(groups: Sequence[Sequence[str]], words: Words) -> Iterator[str]:
    """Yield what is said of the groups after the first, until one is too large for names."""
    for at, group in enumerate(groups):
        count, after = words.count(len(group)), sum(map(len, groups[at + 1 :]))
        if len(group) > 1 and not after:
            yield words.say("standing.rest", count=count)
        elif len(group) <= _NAMED:
            yield words.say("standing.then", names=_names(group, words))
        else:
            yield words.say("standing.next", count=count, rest=words.count(after))
            return


def clear(sensitivity: Sensitivity) -> set[str]:
    """Return the factors that stand clear of the last group."""
    return {name for group in sensitivity.tiers[:-1] for name in group}


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
