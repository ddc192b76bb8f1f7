"""Briefs for tests, and the numbers that they cite, worked out without them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pandas as pd

from foresight.documents.webpage import html
from foresight.facts.scopes import SCOPES
from foresight.reports.brief.numbers import Grounds, gathered
from foresight.reports.brief.page import document
from foresight.results.results import Results
from foresight.results.simulation import simulate

#: Scenarios of the brief of tests, the base first.
PATHS = ("historical-pace", "baiji-returns", "paper-promises", "drifting-apart")
MEMBERS = ("FJI", "VNM")
RUNS = 40


class Cited(NamedTuple):
    """A number as a page has it."""

    value: str
    table: str
    labels: dict[str, str]
    column: str
    words: str


@cache
def results() -> tuple[Results, ...]:
    return tuple(simulate(path, RUNS, effects="posterior") for path in PATHS)


@cache
def grounds() -> Grounds:
    return gathered(results(), MEMBERS)


@cache
def page(language: str) -> str:
    return html(document(grounds(), language, ["foresight brief --seed 1"]))


_DATA = re.compile(r'<(?:data |tspan data-)value="([^"]*)" data-source="([^"]*)">([^<]*)</')


def cited(page: str) -> Iterator[Cited]:
    """Yield all numbers of a page that are bound to results."""
    for value, source, words in _DATA.findall(page):
        address, _, column = unescape(source).rpartition("#")
        table, _, labels = address.partition("?")
        yield Cited(unescape(value), table, dict(parse_qsl(labels)), column, unescape(words))


def picked(table: pd.DataFrame, labels: dict[str, str], column: str) -> Any:
    """Return the one value of a column in the rows with these labels."""
    for name, label in labels.items():
        table = table[table[name].astype(str) == label]
    (value,) = table[column]
    return value


def of_each(make: Any, scenarios: Sequence[Results]) -> pd.DataFrame:
    """Return a table of each scenario, one below the other."""
    return pd.concat([make(one).assign(scenario=one.scenario.id) for one in scenarios])


def scopes() -> tuple[str, ...]:
    return (*SCOPES, *MEMBERS)
