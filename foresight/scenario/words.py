"""Words for what a scenario file says in identifiers: its settings, their values and its events."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from foresight.actions import ACTIONS, GROUPS, SUBREGIONS
from foresight.facts.axes import group_table
from foresight.facts.bodies import body_table
from foresight.facts.members import member_table
from foresight.facts.names import named, said, written
from foresight.facts.parameters import all_parameters
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import EVERYBODY, Event
from foresight.texts import Words

#: Settings whose values are identifiers, and how keys of the words for these begin.
_NAMED_VALUES: Final[Mapping[str, str]] = {
    "structure.gate": "gate.",
    "structure.members": "taking_part.",
}


class Happening(NamedTuple):
    """An event in words, with the name it has in the file."""

    name: str
    title: str
    year: str
    scope: str
    effects: str


def setting(path: str, words: Words) -> str:
    """Say what a dotted path sets."""
    table, _, rest = path.partition(".")
    if table in ("levers", "uncertainties"):
        return _parameter(rest, words)
    if table == "coalition":
        return _of_coalition(rest, words)
    if table == "members":
        code, _, fact = rest.partition(".")
        return words.listed((_member(code, words), words.say(f"fact.{fact}")))
    return words.say(f"structure.{rest}")


def value_of(path: str, given: Any, words: Words) -> str:
    """Say what a setting is set to."""
    words_of = "income_group." if path.endswith(".income_group") else _NAMED_VALUES.get(path)
    return words.say(words_of + given) if words_of and given else written(given)


def meaning(path: str, given: Any, words: Words) -> str:
    """Say what a dotted path sets, and what its value means where that is an identifier."""
    what, value = setting(path, words), value_of(path, given, words)
    return what if value == written(given) else words.say("show.means", what=what, value=value)


def happenings(shown: Scenario, words: Words) -> Iterator[Happening]:
    """Yield every event of a scenario, in the order of the years."""
    for event in sorted(shown.events, key=lambda event: event.year):
        title, scope = event_title(event.name, words), _scope(event.scope, words)
        yield Happening(event.name, title, str(event.year), scope, words.listed(effects(event, words)))


def _parameter(rest: str, words: Words) -> str:
    """Name a lever or uncertainty, with the action if it has one."""
    name, *actions = rest.split(".")
    names = [said(all_parameters()[name].label, f"parameter.{name}.label", words)]
    names += [words.say(f"action.{one}") for one in actions]
    return words.listed(names)


def _of_coalition(rest: str, words: Words) -> str:
    """Name what a coalition sets; its own name may have dots in it."""
    name, _, last = rest.rpartition(".")
    if last in ACTIONS:
        name, _, effort = name.rpartition(".")
        what = _parameter(f"{effort}.{last}", words)
    else:
        what = words.say(f"coalition.{last}")
    return words.say("coalition.of", name=name, what=what)


def event_title(name: str, words: Words) -> str:
    """Return the name of an event that ships in the reader's language, any other as its author wrote it."""
    key = f"event.{name}"
    return words.say(key) if words.has(key) else name


def _scope(scope: str | tuple[str, ...], words: Words) -> str:
    """Say whom an event reaches."""
    if scope == EVERYBODY:
        return words.say("scope.all")
    if isinstance(scope, tuple):
        return words.listed(_member(code, words) for code in scope)
    if scope in (*SUBREGIONS, *GROUPS):
        name = named(group_table().loc[scope], f"group.{scope}", words)
    else:
        name = named(body_table().loc[scope], f"body.{scope}", words)
    return " ".join(dict.fromkeys([scope, name]))


def effects(event: Event, words: Words) -> Iterator[str]:
    """Say one by one what an event does."""
    if event.resources_lost:
        yield words.say("effect.resources_lost", change=words.exact_share(-event.resources_lost))
    for name in ("trust", "capacity"):
        if change := getattr(event, name):
            yield words.say(f"effect.{name}", change=words.change(change))
    for name in ("pledged", "delivered"):
        for action, change in getattr(event, name):
            if change:
                what = words.say(f"action.{action}")
                yield words.say(f"effect.{name}", action=what, change=words.change(change))


def _member(code: str, words: Words) -> str:
    return f"{code} {named(member_table().loc[code], f'member.{code}', words)}"
