"""How a brief names things and writes numbers: each with the address of the result that it cites."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar
from urllib.parse import urlencode

import numpy as np

from foresight.actions import ACTIONS
from foresight.documents.cited import cited
from foresight.documents.document import Table
from foresight.facts.axes import group_table
from foresight.facts.members import REGION, member_table
from foresight.facts.names import named, said
from foresight.facts.parameters import uncertainties
from foresight.reports.brief.numbers import DELIVERED, Grounds
from foresight.results.outcomes import ALL_ACTIONS
from foresight.results.series import series_called
from foresight.scenario.loading import shipped
from foresight.texts import Words

#: Writes a value of a table.
Write = Callable[[Any], str]


@dataclass(frozen=True)
class BriefWords(Words):
    """Words of a brief.

    Parameters
    ----------
    language : str
    grounds : Grounds
        The numbers that are cited.
    """

    grounds: Grounds = None  # type: ignore[assignment]  # a field after one with a default

    minus: ClassVar[str] = "−"

    # Numbers ---------------------------------------------------------------------------------------------------

    def value(self, table: str, column: str, **labels: Any) -> Any:
        """Return the one value of a column in the rows that have these labels."""
        rows = self.grounds.tables[table]
        wanted = np.logical_and.reduce([np.ones(len(rows), bool), *(rows[name] == own for name, own in labels.items())])
        (value,) = rows.loc[wanted, column]
        return value

    def cite(self, table: str, column: str, write: Write | None = None, **labels: Any) -> str:
        """Write a value, bound to where it stands: ``table?label=…#column``; with two decimals unless told how."""
        value = self.value(table, column, **labels)
        address = f"{table}?{urlencode(labels)}#{column}" if labels else f"{table}#{column}"
        return cited(str(value), address, (write or self.number)(value))

    def constant(self, name: str, write: Write = str) -> str:
        """Write a number that all briefs have, such as the last year."""
        return self.cite("constants", name, write)

    def spread(self, table: str, write: Write | None = None, ends: str = "p10 p90", **labels: Any) -> str:
        """Write the ends of a band or an interval."""
        low, high = (self.cite(table, end, write, **labels) for end in ends.split())
        return f"{low}\u00a0…\u00a0{high}"

    def in_the_end(self, scenario: str, table: str = DELIVERED, scope: str = REGION) -> str:
        """Write what a scenario comes to in the last year: the middle of the runs, of a member their mean."""
        if scope in self.grounds.members:
            return self.cite("means", table, self.writer(table), scenario=scenario, scope=scope)
        return self.cite(table, "median", self.writer(table), **self.end(scenario, table, scope))

    def end_band(self, scenario: str, table: str = DELIVERED, scope: str = REGION) -> str:
        """Write where eight runs in ten end."""
        return self.spread(table, self.writer(table), **self.end(scenario, table, scope))

    def end(self, scenario: str, table: str, scope: str) -> dict[str, Any]:
        """Return the labels of the last year of an outcome."""
        action = {"action": ALL_ACTIONS} if "action" in self.grounds.tables[table] else {}
        return {"scenario": scenario, "scope": scope, **action, "year": self.value("constants", "last_year")}

    def writer(self, series: str) -> Write:
        """Return what writes values of a series."""
        return self.share if series_called(series).unit == "share" else self.number

    @property
    def small(self) -> Write:
        """Return what writes a difference: with its sign."""
        return partial(self.signed, digits=2)

    # Names -----------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What is called otherwise than in files."""
        return self.grounds.names(self)

    def path(self, scenario: str) -> str:
        """Name a scenario; one that ships has a name in all languages."""
        if scenario in self.names:
            return self.names[scenario]
        key = f"scenario.{scenario}.title"
        title, own = self.grounds.scenarios[scenario].title, shipped().get(scenario)
        if self.has(key) and own is not None and own.title == title:
            return self.say(key)
        return str(getattr(title, self.language, title.en))

    def scope(self, scope: str) -> str:
        """Name the region, a group or a member."""
        if scope == REGION:
            return self.say("brief.region")
        if scope in group_table().index:
            return named(group_table().loc[scope], f"group.{scope}", self)
        return named(member_table().loc[scope], f"member.{scope}", self)

    def part(self, part: str) -> str:
        """Name an action, or what is none."""
        return self.say(f"action.{part}" if part in ACTIONS else f"brief.part_{part}")

    def parameter(self, name: str) -> str:
        """Name a number that nobody knows; some names have a year in them."""
        label = said(uncertainties()[name].label, f"parameter.{name}.label", self)
        return self.cite("parameters", "parameter", lambda _: label, parameter=name)

    def observable(self, name: str) -> str:
        """Name what is watched."""
        series = series_called(name)
        labels = {key: label for key, label in series.labels.items() if label not in (REGION, ALL_ACTIONS)}
        rung = f"_{labels.pop('rung')}" if "rung" in labels else ""
        whose = [self.part(label) if key == "action" else self.scope(label) for key, label in labels.items()]
        return self.listed([self.say(f"brief.observable_{series.outcome}{rung}"), *whose], "brief.of")

    # Tables ----------------------------------------------------------------------------------------------------

    def heads(self, names: str) -> tuple[str, ...]:
        """Return the heads of columns by their keys, one word each."""
        return tuple(self.say(f"brief.column.{name}") for name in names.split())

    def table(self, topic: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]], note: str = "") -> Table:
        """Return a table, with what its rows rest on under a key."""
        return Table(topic, tuple(columns), tuple(rows), note=note)
