"""What stands at the head of a printed page: which future it is, what was changed for it, and what made its numbers."""

from collections.abc import Iterator
from typing import Any, Final

from foresight.actions import ACTIONS
from foresight.facts.tables import data_digest
from foresight.results.comparison import flat_settings
from foresight.scenario.scenario import Scenario

from ..visit.futures import title_of
from ..visit.state import AppState
from ..words import Words
from .signature import signature

#: Digits of the digest of the facts that are shown.
_DIGITS: Final = 12

#: Lists whose entries have names, and what each is called.
_LISTS: Final = {"coalition": "levers.coalition", "event": "levers.events"}

_EFFORTS: Final = ("pledge_effort", "delivery_effort")


def print_head(state: AppState, words: Words) -> dict[str, Any]:
    """Return the head of a printed page; the browser adds the date and the address."""
    setting, own, base = state.setting, signature(state, words), title_of(state.base, words)
    facts = words.say("paper.facts", data=data_digest()[:_DIGITS])
    return {
        "name": own["name"],
        "base": words.say("paper.base", base=base),
        "levers": [list(one) for one in changed(state.base, setting.scenario, words)],
        "nothing": words.say("paper.nothing", base=base),
        "digest": own["digest"],
        "made": " · ".join([own["made"], words.say(f"explore.effects_{setting.effects}"), facts]),
    }


def changed(base: Scenario, now: Scenario, words: Words) -> Iterator[tuple[str, str, str]]:
    """Yield what differs in a scenario from its base: what it is, its value, and the value of the base."""
    before, after = (dict(flat_settings(one)) for one in (base, now))
    paths = [path for path in after | before if after.get(path) != before.get(path)]
    for action in ACTIONS:
        pair = [f"levers.{effort}.{action}" for effort in _EFFORTS]
        if set(pair) <= set(paths) and all(len({one[path] for path in pair}) == 1 for one in (before, after)):
            paths = [path for path in paths if path not in pair]
            yield words.action(action), _times(after[pair[0]], words), _times(before[pair[0]], words)
    for name, title in _LISTS.items():
        of_list = [path for path in paths if path.startswith(f"{name}.")]
        paths = [path for path in paths if path not in of_list]
        if of_list:
            yield words.say(title), _entries(now, name, words), _entries(base, name, words)
    for path in paths:
        yield words.setting(path), _value(path, after.get(path), words), _value(path, before.get(path), words)


def _value(path: str, value: Any, words: Words) -> str:
    return _times(value, words) if path.split(".")[1] in _EFFORTS else words.named_value(path, value)


def _times(value: Any, words: Words) -> str:
    return words.say("client.times", value=words.value(value))


def _entries(scenario: Scenario, name: str, words: Words) -> str:
    """Name the coalitions or the events that a scenario has."""
    if name == "coalition":
        return words.listed(one.name for one in scenario.coalitions) or "–"
    return words.listed(words.event(one.name) for one in scenario.events) or "–"
