"""What a change changed, in words: which lever, of which part and phase, from which value to which."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from foresight.actions import ACTIONS
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Coalition

from ..runs.setting import SEED, Setting
from ..visit.futures import title_of
from ..visit.history import Entry, History
from ..words import Words

#: The efforts, which have a value for each action and phase.
PARTS: Final = ("pledge_effort", "delivery_effort")

#: The phases that levers act in.
PHASES: Final = (2, 3, 4)

#: Differences of one entry that are told in full.
MOST: Final = 3


class Difference(NamedTuple):
    """One thing that differs: what it is, which part of it, and how it was and is."""

    what: str
    part: str
    before: str
    after: str


def told(history: History, at: int, words: Words) -> tuple[str, str]:
    """Say what an entry of the log changed, and from what to what."""
    entry = history.entries[at]
    if entry.what == "open" or entry.parent is None:
        return words.say("changes.opened", title=title_of(entry.setting.scenario, words)), ""
    found = list(differences(history.entries[entry.parent].setting, entry.setting, words))
    whole = list(dict.fromkeys(one.what for one in found))
    if len(found) == 1:
        return words.listed(filter(None, found[0][:2])), _step(found[0], words)
    steps = [_named_step(one, words, alone=len(whole) == 1) for one in found[:MOST]]
    steps += [words.say("log.more", n=words.count(len(found) - MOST))] if len(found) > MOST else []
    return words.listed(whole[:MOST]) or _named(entry, words), "; ".join(steps)


def told_shortly(history: History, at: int, words: Words) -> str:
    """Say what an entry of the log changed in one line."""
    what, values = told(history, at, words)
    return words.say("log.line", what=what, values=values) if values else what


def differences(before: Setting, after: Setting, words: Words) -> Iterator[Difference]:
    """Yield what differs between two settings, in the order of the levers."""
    for action in ACTIONS:
        yield from _of_effort(before.scenario, after.scenario, action, words)
    then, now = (_plain(setting) for setting in (before, after))
    for path, value in now.items():
        if then[path] != value:
            yield from _of_value(path, then[path], value, words)
    for kind in ("coalitions", "events"):
        yield from _of_entries(kind, getattr(before.scenario, kind), getattr(after.scenario, kind), words)


def efforts_of(coalition: Coalition, words: Words) -> str:
    """Say which efforts a coalition has of its own."""
    own = {action: [getattr(getattr(coalition, part), action) for part in PARTS] for action in ACTIONS}
    named = {action: values for action, values in own.items() if values != [None, None]}
    if len(named) == len(ACTIONS) and all(values == own[ACTIONS[0]] for values in named.values()):
        return words.say("log.all_actions", effort=_efforts(own[ACTIONS[0]], words))
    each = (words.say("log.action", action=words.action(one), effort=_efforts(named[one], words)) for one in named)
    return words.listed(each) or words.say("log.no_efforts")


def _efforts(values: Sequence[Any], words: Words) -> str:
    """Write the efforts of pledging and delivering, once if they are the same."""
    if values[0] == values[1]:
        return _times(values[0], words)
    each = zip(PARTS, values, strict=True)
    return words.listed(f"{words.say(f'levers.{part}')} {_times(one, words)}" for part, one in each if one is not None)


def _times(value: Any, words: Words) -> str:
    return words.say("client.times", value=words.value(value))


def _named(entry: Entry, words: Words) -> str:
    """Name what was moved, where nothing came to differ by it."""
    return words.listed(words.setting(path) for path in entry.values)


def _step(one: Difference, words: Words) -> str:
    return words.say("log.step", before=one.before, after=one.after) if one.before else one.after


def _named_step(one: Difference, words: Words, alone: bool) -> str:
    """Write a difference under its name; what all have in common is said elsewhere."""
    names = [one.part] if alone else [one.what, one.part]
    return words.say("log.of", what=words.listed(filter(None, names)), step=_step(one, words))


def _of_effort(before: Scenario, after: Scenario, action: str, words: Words) -> Iterator[Difference]:
    then, now = ([getattr(getattr(one.levers, part), action) for part in PARTS] for one in (before, after))
    name = words.say("changes.effort", action=words.action(action))
    if then[0] == then[1] and now[0] == now[1]:
        yield from _by_phase(name, "", then[0], now[0], words)
        return
    for part, was, value in zip(PARTS, then, now, strict=True):
        yield from _by_phase(name, words.say(f"levers.{part}"), was, value, words)


def _by_phase(
    name: str, part: str, before: Sequence[float], after: Sequence[float], words: Words
) -> Iterator[Difference]:
    """Yield what differs of an effort: once for all phases that go the same way."""
    pairs = list(zip(before, after, strict=True))
    for pair in dict.fromkeys(one for one in pairs if one[0] != one[1]):
        phases = [str(phase) for phase, one in zip(PHASES, pairs, strict=True) if one == pair]
        of = {1: "log.phase", 2: "log.phases"}.get(len(phases))
        when = words.say(of, n=words.listed(phases)) if of else ""
        yield Difference(name, words.listed(filter(None, (part, when))), *(_times(value, words) for value in pair))


def _plain(setting: Setting) -> dict[str, Any]:
    """Return every value but efforts and entries, by dotted path; what nobody set is None."""
    scenario = setting.scenario
    luck = {"run.replicates": str(setting.replicates), SEED: str(setting.seed), "run.effects": setting.effects}
    tables = ((name, getattr(scenario, name).model_dump()) for name in ("levers", "structure", "uncertainties"))
    flat = {f"{name}.{key}": value for name, table in tables for key, value in table.items() if key not in PARTS}
    return flat | luck


def _of_value(path: str, before: Any, after: Any, words: Words) -> Iterator[Difference]:
    if isinstance(before, tuple) and isinstance(after, tuple) and len(set(before)) == len(set(after)) == 1:
        before, after = before[0], after[0]
    yield Difference(words.setting(path), "", words.named_value(path, before), words.named_value(path, after))


def _of_entries(kind: str, before: Iterable[Any], after: Iterable[Any], words: Words) -> Iterator[Difference]:
    """Yield which coalitions or events came, went, or became others."""
    then, now = ({one.name: one for one in entries} for entries in (before, after))
    for name in [*then, *(one for one in now if one not in then)]:
        if then.get(name) != now.get(name):
            act = "gone" if name not in now else "changed" if name in then else "new"
            title = words.event(name) if kind == "events" else name
            gist = _gist(now.get(name) or then[name], words)
            yield Difference(words.say(f"log.{kind}", name=title), "", "", words.say(f"log.{act}", gist=gist))


def _gist(one: Any, words: Words) -> str:
    """Say what a coalition or an event is."""
    if isinstance(one, Coalition):
        return words.say("log.coalition_gist", n=len(one.codes), efforts=efforts_of(one, words))
    return words.happening(one)
