"""Pictures of a brief."""

from collections.abc import Callable, Mapping

import numpy as np

from foresight.actions import RUNGS
from foresight.documents.document import Figure
from foresight.documents.drawings import Caption, Course, Row, courses, intervals
from foresight.facts.members import REGION
from foresight.reports.brief.numbers import DELIVERED
from foresight.reports.brief.writing import BriefWords
from foresight.results.attribution import PARTS, TOTAL
from foresight.results.outcomes import ALL_ACTIONS

#: The most that there can be of an outcome that has a picture over the years.
_MOST = {DELIVERED: float(RUNGS), "trust": 1.0}


def over_years(outcome: str, words: BriefWords) -> Figure:
    """Draw an outcome of all scenarios over the years, with the band of eight runs in ten."""
    table = words.grounds.tables[outcome]
    table = table[table["scope"] == REGION]
    if "action" in table:
        table = table[table["action"] == ALL_ACTIONS]
    years = sorted(set(table["year"]))
    lines = []
    for scenario in words.grounds.scenarios:
        own = table[table["scenario"] == scenario].sort_values("year")
        label = f"{words.path(scenario)} {words.in_the_end(scenario, outcome)}"
        lines.append(Course(label, *(own[name].to_numpy(np.float64) for name in ("median", "p10", "p90"))))
    caption = _caption(outcome, words, words.writer(outcome) if outcome != DELIVERED else words.exact)
    axes = (words.say("brief.axis_year"), words.say(f"brief.axis_{outcome}", rungs=RUNGS))
    return _figure(caption, courses(caption, years, lines, *axes, _MOST[outcome]))


def overdue(words: BriefWords) -> Figure:
    """Draw the share of pledges overdue in the last year."""
    outcome = "overdue_share"
    rows = [
        _row(words, words.path(one), words.in_the_end(one, outcome), outcome, words.end(one, outcome, REGION))
        for one in words.grounds.scenarios
    ]
    caption = _caption(outcome, words, words.share)
    return _figure(caption, intervals(caption, rows))


def deeds(words: BriefWords) -> Figure:
    """Draw what each action did of what the path that goes furthest adds."""
    labels = {"scenario": words.grounds.best}
    rows = []
    for part in PARTS:
        if part != TOTAL:
            own = {**labels, "part": part}
            told = words.cite("actions", "mean", words.small, **own)
            rows.append(_row(words, words.part(part), told, "actions", own, "mean low high"))
    caption = _caption("actions", words, words.exact)
    return _figure(caption, intervals(caption, rows, zero=True))


def surety(words: BriefWords) -> Figure:
    """Draw the bands of chance, ignorance and both, of the path that goes furthest and of the base."""
    table = words.grounds.tables["surety"]
    rows = []
    for scenario in (words.grounds.best, words.grounds.base):
        for varied in dict.fromkeys(table["varied"]):
            own = {"scenario": scenario, "varied": varied}
            name = words.say("brief.varied", path=words.path(scenario), varied=words.say(f"brief.varied_{varied}"))
            rows.append(_row(words, name, words.spread("surety", **own), "surety", own))
    caption = _caption("surety", words, words.exact)
    return _figure(caption, intervals(caption, rows))


def _row(
    words: BriefWords, name: str, told: str, table: str, labels: Mapping[str, object], columns: str = "median p10 p90"
) -> Row:
    return Row(name, told, *(float(words.value(table, column, **labels)) for column in columns.split()))


def _caption(name: str, words: BriefWords, write: Callable[[float], str]) -> Caption:
    band = words.constant("band", words.share)
    told = {"band": band, "year": words.constant("last_year"), "confidence": words.constant("confidence", words.share)}
    title, sentence = (
        words.say(f"brief.figure_{name}{part}", path=words.path(words.grounds.best), **told) for part in ("", "_words")
    )
    return Caption(f"brief-{name}", title, sentence, write)


def _figure(caption: Caption, drawn: str) -> Figure:
    return Figure(caption.title, caption.words, drawn)


def all_three(words: BriefWords) -> tuple[Figure, ...]:
    """Return the pictures of results."""
    return over_years(DELIVERED, words), over_years("trust", words), overdue(words)
