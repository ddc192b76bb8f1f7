"""What paths set, as a table: settings that are alike in all paths stand in one row."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from foresight.actions import ACTIONS
from foresight.documents.document import Table
from foresight.reports.brief.writing import BriefWords
from foresight.scenario.words import setting, value_of

#: What each path sets, as a file has it.
Values = tuple[str, ...]


class Row(NamedTuple):
    """Settings that are told together.

    Parameters
    ----------
    of : str
        A whole setting, or the table that efforts stand in: that of all members, or of a coalition.
    efforts, actions : tuple of str
        What is set alike, and for which actions; both may be empty.
    """

    of: str
    efforts: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def path(self) -> str:
        """The first of them, as a dotted path."""
        return ".".join((self.of, *self.efforts[:1], *self.actions[:1]))


def settings(words: BriefWords) -> Table:
    """Return everything in which paths differ."""
    table = words.grounds.tables["settings"]
    table = table[~table["setting"].str.startswith("event.")]
    values = {str(path): tuple(own["value"]) for path, own in table.groupby("setting", sort=False)}
    given = table.set_index(["setting", "scenario"])["given"]
    rows = (
        (_name(row, words), *(_given(row.path, one, given[row.path, one], words) for one in words.grounds.scenarios))
        for row in alike(values)
    )
    columns = (words.say("brief.column.setting"), *map(words.path, words.grounds.scenarios))
    return words.table("settings", columns, rows, words.say("brief.note_settings"))


def alike(values: Mapping[str, Values]) -> Iterator[Row]:
    """Yield settings, those of several efforts and actions that have the same values as one."""
    efforts: dict[tuple[str, str, Values], list[str]] = {}
    for path, own in values.items():
        of, effort, action = _parts(path)
        efforts.setdefault((of, action, own), []).append(effort)
    actions: dict[tuple[str, tuple[str, ...], Values], list[str]] = {}
    for (of, action, own), several in efforts.items():
        actions.setdefault((of, tuple(several), own), []).append(action)
    for (of, names, _), those in actions.items():
        yield Row(of, tuple(filter(None, names)), tuple(sorted(filter(None, those), key=ACTIONS.index)))


def _parts(path: str) -> tuple[str, str, str]:
    """Part a setting of an action into table, effort and action; any other has neither."""
    rest, _, action = path.rpartition(".")
    if action not in ACTIONS:
        return path, "", ""
    of, _, effort = rest.rpartition(".")
    return of, effort, action


def _name(row: Row, words: BriefWords) -> str:
    """Say what is set, and by which coalition."""
    if row.of.startswith("coalition."):
        name = row.of.removeprefix("coalition.")
        name, what = (name, _efforts(row, words)) if row.efforts else _of_whom(name, words)
        return words.say("coalition.of", name=words.names.get(name, name), what=what)
    return _efforts(row, words) if row.efforts else setting(row.of, words)


def _efforts(row: Row, words: BriefWords) -> str:
    efforts = (setting(f"levers.{effort}", words) for effort in row.efforts)
    return words.listed((*efforts, *map(words.part, row.actions)))


def _of_whom(rest: str, words: BriefWords) -> tuple[str, str]:
    """Part the name of a coalition from what else it sets."""
    name, _, field = rest.rpartition(".")
    return name, words.say(f"coalition.{field}")


def _given(path: str, scenario: str, value: object, words: BriefWords) -> str:
    """Write what a path sets, bound to where the file has it."""
    shown = _shown(path, value, words)
    return words.cite("settings", "value", lambda _: shown, setting=path, scenario=scenario) if shown else ""


def _shown(path: str, value: Any, words: BriefWords) -> str:
    """Write a value, its numbers as the language has them; three equal ones of the phases as one."""
    match value:
        case None | "":
            return ""
        case float():
            return words.exact(value)
        case (float(), *_):
            return words.listed(map(words.exact, value if len(set(value)) > 1 else value[:1]), "brief.phases")
        case _:
            return value_of(path, value, words)
