"""Words for what a scenario file says in identifiers: its settings, their values and its events."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from foresight.actions import ACTIONS, SUBREGIONS
from foresight.axes import group_table
from foresight.bodies import body_table
from foresight.members import member_table
from foresight.names import named, said, written
from foresight.parameters import all_parameters
from foresight.scenario import Scenario
from foresight.settings import EVERYBODY, Event
from foresight.texts import keys, text

#: Settings whose values are identifiers, and the section of the text catalogue that has words for these.
_NAMED_VALUES: Final[Mapping[str, str]] = {
    "structure.gate": "gate",
    "structure.members": "taking_part",
}


class Happening(NamedTuple):
    """An event in words, with the name it has in the file."""

    name: str
    title: str
    year: str
    scope: str
    effects: str


def setting(path: str, language: str) -> str:
    """Say what a dotted path sets."""
    table, _, rest = path.partition(".")
    if table in ("levers", "uncertainties"):
        return _parameter(rest, language)
    if table == "coalition":
        return _of_coalition(rest, language)
    if table == "members":
        code, _, fact = rest.partition(".")
        return _joined([_member(code, language), text(f"fact.{fact}", language)], language)
    return text(f"{table}.{rest}", language)


def value_of(path: str, given: Any, language: str) -> str:
    """Say what a setting is set to."""
    section = "income_group" if path.endswith(".income_group") else _NAMED_VALUES.get(path)
    return text(f"{section}.{given}", language) if section and given else written(given)


def meaning(path: str, given: Any, language: str) -> str:
    """Say what a dotted path sets, and what its value means where that is an identifier."""
    what, words = setting(path, language), value_of(path, given, language)
    return what if words == written(given) else text("show.means", language, what=what, value=words)


def happenings(shown: Scenario, language: str) -> Iterator[Happening]:
    """Yield every event of a scenario, in the order of the years."""
    for event in sorted(shown.events, key=lambda event: event.year):
        title, scope = event_title(event.name, language), _scope(event.scope, language)
        yield Happening(event.name, title, str(event.year), scope, _joined(effects(event, language), language))


def _parameter(rest: str, language: str) -> str:
    """Name a lever or uncertainty, with the action if it has one."""
    name, *actions = rest.split(".")
    names = [said(all_parameters()[name].label, f"parameter.{name}.label", language)]
    names += [text(f"action.{action}", language) for action in actions]
    return _joined(names, language)


def _of_coalition(rest: str, language: str) -> str:
    """Name what a coalition sets; its own name may have dots in it."""
    name, _, last = rest.rpartition(".")
    if last in ACTIONS:
        name, _, effort = name.rpartition(".")
        what = _parameter(f"{effort}.{last}", language)
    else:
        what = text(f"coalition.{last}", language)
    return text("coalition.of", language, name=name, what=what)


def event_title(name: str, language: str) -> str:
    """Return the name of an event that ships in the reader's language, any other as its author wrote it."""
    key = f"event.{name}"
    return text(key, language) if key in keys(language) else name


def _scope(scope: str | tuple[str, ...], language: str) -> str:
    """Say whom an event reaches."""
    if scope == EVERYBODY:
        return text("scope.all", language)
    if isinstance(scope, tuple):
        return _joined([_member(code, language) for code in scope], language)
    kind, table = ("group", group_table()) if scope in SUBREGIONS else ("body", body_table())
    return " ".join(dict.fromkeys([scope, named(table.loc[scope], f"{kind}.{scope}", language)]))


def _in_percent(share: float) -> str:
    return f"{100 * share:g}%"


def effects(
    event: Event,
    language: str,
    write: Callable[[float], str] = "{:+g}".format,
    share: Callable[[float], str] = _in_percent,
) -> Iterator[str]:
    """Say one by one what an event does; changes and shares as they are written in the language."""
    if event.resources_lost:
        yield text("effect.resources_lost", language, change=share(-event.resources_lost))
    for name in ("trust", "capacity"):
        if change := getattr(event, name):
            yield text(f"effect.{name}", language, change=write(change))
    for name in ("pledged", "delivered"):
        for action, change in getattr(event, name):
            if change:
                what = text(f"action.{action}", language)
                yield text(f"effect.{name}", language, action=what, change=f"{change:+d}")


def _member(code: str, language: str) -> str:
    return f"{code} {named(member_table().loc[code], f'member.{code}', language)}"


def _joined(words: Iterable[str], language: str) -> str:
    return text("table.comma", language).join(words)
