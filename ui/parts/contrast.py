"""How far scenarios are apart in the last year, for the region, a part of it, or one member."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from foresight.actions import ACTIONS
from foresight.facts.members import REGION
from foresight.results.comparison import Comparison
from foresight.results.outcomes import ALL_ACTIONS, OUTCOMES
from foresight.results.results import Results
from foresight.scenario.efforts import effort_points
from foresight.scenario.scenario import Scenario
from foresight.texts import UNKNOWN

from ..words import Words
from .apart import settings_rows
from .blocks import Block, fold, heading, prose, table

#: What can be compared: an outcome of a scope, with the action it is of.
COMPARED: Final[Mapping[str, Mapping[str, str]]] = {
    "mean_delivered": {"action": ALL_ACTIONS},
    **{f"mean_delivered.{name}": {"action": name} for name in ACTIONS},
    "overdue_share": {"action": ALL_ACTIONS},
    "trust": {},
    "coverage": {},
    "baiji_index": {},
    "baiji_heading": {},
}

#: Decimals by unit; differences of shares are written in points of a per cent.
DIGITS: Final = {"rung": 2, "share": 1, "index": 1}


class View(NamedTuple):
    """What is compared: the scenarios and their names, an outcome, and of whom."""

    results: Sequence[Results]
    names: Sequence[str]
    what: str
    scope: str
    words: Words

    @property
    def outcome(self) -> str:
        """The outcome without its action."""
        return self.what.partition(".")[0]

    @property
    def unit(self) -> str:
        """The unit of the outcome."""
        return OUTCOMES[self.outcome].unit

    @property
    def title(self) -> str:
        """What the outcome is called, and of whom it is unless that is everybody."""
        label = outcome_label(self.what, self.words)
        if self.scope == REGION:
            return label
        return self.words.say("scope.of", outcome=label, scope=self.words.scope(self.scope))


def outcome_label(what: str, words: Words) -> str:
    """Name an outcome that can be compared."""
    outcome, _, action = what.partition(".")
    label = words.say(f"outcome.{outcome}")
    return words.say("compare.of_action", outcome=label, action=words.action(action)) if action else label


def tables(view: View, scenarios: Sequence[Scenario]) -> Iterator[Block]:
    """Yield how far outcomes of scenarios are from those of the first, and in which settings they differ."""
    words, names = view.words, view.names
    title = words.say("compare.differences", base=names[0])
    lines = differences(Comparison(tuple(view.results)), names, words, view.scope)
    yield heading(title)
    yield _intervals(lines, view)
    columns = [words.say("compare.outcome"), *names[1:]]
    whole = [what for what in COMPARED if "." not in what]
    of_actions = [what for what in COMPARED if "." in what]
    yield table(title, columns, _by_outcome(lines, whole, words))
    by_action = words.say("scope.by_action")
    apart = table(f"{title} · {by_action}", columns, _by_outcome(lines, of_actions, words))
    yield fold("by-action", by_action, apart)
    yield fold("every-number", words.say("scope.every_number"), *_every_number(lines, view))
    yield heading(words.say("compare.settings"))
    rows = settings_rows(scenarios, words)
    points = [words.say("explore.points_label"), *(words.number(effort_points(item), 1) for item in scenarios)]
    yield table(words.say("compare.settings"), [words.say("compare.setting"), *names], [*rows, points])
    yield prose(words.say("scope.phases"), "hint")


def _intervals(lines: Sequence[Mapping[str, Any]], view: View) -> Block:
    """Return the chart of how far the outcome chosen is from that of the base."""
    words = view.words
    of_outcome = [line for line in lines if line["what"] == view.what]
    each = words.listed(
        words.say("compare.each", name=line["name"], value=_written(line, words)) for line in of_outcome
    )
    sentence = words.say("compare.difference_sentence", base=view.names[0], each=each)
    spec = {
        "id": "differences",
        "type": "intervals",
        "digits": DIGITS[view.unit],
        "percent": view.unit == "share",
        "title": view.title,
        "unit": words.say(f"unit.{view.unit}"),
        "sentence": sentence,
        "n": view.results[0].replicates,
    }
    rows = [{**line, "label": line["name"]} for line in of_outcome]
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": True, "sentence": sentence}}


def _by_outcome(lines: Sequence[Mapping[str, Any]], chosen: Sequence[str], words: Words) -> list[list[Any]]:
    """Return a row for each outcome, with the difference of each scenario."""
    rows: dict[str, list[Any]] = {what: [outcome_label(what, words)] for what in chosen}
    for line in lines:
        if line["what"] in rows:
            rows[line["what"]].append(_written(line, words))
    return list(rows.values())


def _every_number(lines: Sequence[Mapping[str, Any]], view: View) -> Iterator[Block]:
    """Yield what differences are, and the table of all their numbers."""
    words = view.words
    yield prose(words.say("compare.paired", n=words.count(view.results[0].replicates)), "hint")
    columns = [words.say(f"compare.{item}") for item in ("scenario", "outcome", "mean", "interval", "band")]
    rows = [
        [
            line["name"],
            line["outcome"],
            words.signed(line["mean"], 3),
            *(
                words.say("compare.from_to", low=words.signed(line[low], 3), high=words.signed(line[high], 3))
                for low, high in (("low", "high"), ("p10", "p90"))
            ),
        ]
        for line in lines
    ]
    yield table(words.say("scope.every_number"), columns, rows, save="differences")


def differences(
    comparison: Comparison, names: Sequence[str], words: Words, scope: str = REGION
) -> list[dict[str, Any]]:
    """Return how far each scenario differs from the first in the last year, by outcome."""
    lines = []
    tables: dict[str, pd.DataFrame] = {}
    for what, labels in COMPARED.items():
        outcome = what.partition(".")[0]
        if outcome not in tables:
            tables[outcome] = _last(comparison, outcome, scope)
        rows = tables[outcome]
        for label, value in labels.items():
            rows = rows[rows[label] == value]
        for name, one in zip(names[1:], rows.to_dict("records"), strict=True):
            numbers = {column: float(one[column]) for column in ("mean", "low", "high", "p10", "p90")}
            lines.append({"name": name, "what": what, "outcome": outcome_label(what, words), **numbers})
    return lines


def _last(comparison: Comparison, outcome: str, scope: str) -> pd.DataFrame:
    rows = comparison.differences(outcome, (scope,))
    last: pd.DataFrame = rows[rows["year"] == rows["year"].max()]
    return last


def _written(line: Mapping[str, Any], words: Words) -> str:
    """Write a difference with the interval of its mean; what is exactly nothing is 0, what nobody knows a dash."""
    unit = OUTCOMES[line["what"].partition(".")[0]].unit
    size, digits = (100 if unit == "share" else 1), DIGITS[unit]
    mean, low, high = (size * line[name] for name in ("mean", "low", "high"))
    if mean != mean:
        return UNKNOWN
    if not any((mean, low, high)):
        return words.say("scope.same")
    written = words.say(
        "scope.difference",
        mean=words.signed(mean, digits),
        low=words.number(low, digits),
        high=words.number(high, digits),
    )
    return words.say("scope.points", difference=written) if unit == "share" else written
