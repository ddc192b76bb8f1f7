"""What runs come to, for somebody who decides: scenarios side by side, and how they differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from rich.table import Table
from rich.text import Text

from foresight.actions import ACTIONS, LAST_YEAR, RUNGS
from foresight.cli.layout import columned, grid, heading, hint, paragraph
from foresight.cli.plain import rows
from foresight.cli.prose import Prose
from foresight.cli.screen import Screen
from foresight.cli.verbs.listings import title, words_of
from foresight.facts.members import REGION
from foresight.facts.parameters import all_parameters
from foresight.results.comparison import Comparison
from foresight.results.headline import CALENDAR, sentence
from foresight.results.left_behind import left_behind
from foresight.results.outcomes import ALL_ACTIONS, outcome_table
from foresight.results.pathway import completed, opening_years
from foresight.results.results import Results
from foresight.runs import NAME
from foresight.scenario.efforts import effort_points
from foresight.scenario.scenario import Scenario
from foresight.scenario.words import Happening, happenings, setting, value_of

#: The parameter that moves the outcomes most.
DOMINANT: Final = "delivery_rate"

#: Groups in special situations that the briefing tells apart from the rest.
GROUPS: Final = ("LDC", "SIDS")

#: Rows of the briefing that are outcomes of the region or a group: their outcome and its labels.
MEASURES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    **{f"delivered.{name}": ("mean_delivered", {"scope": REGION, "action": name}) for name in (*ACTIONS, ALL_ACTIONS)},
    "trust": ("trust", {"scope": REGION}),
    "overdue": ("overdue_share", {"scope": REGION, "action": ALL_ACTIONS}),
    "coverage": ("coverage", {"scope": REGION}),
}

#: The outcomes of `MEASURES`, each once.
_OUTCOMES: Final = tuple(dict.fromkeys(name for name, _ in MEASURES.values()))

Number = dict[str, Any]
Numbers = Mapping[str, Number]
Writer = Callable[[Screen, Number], str | Text]


def outcomes(screen: Screen, results: Sequence[Results]) -> None:
    """Show what scenarios come to by the last year, side by side."""
    scenarios, numbers = [result.scenario for result in results], [_numbers(result) for result in results]
    sentences = [sentence(result, screen.language) for result in results]
    plain = map(_plain, results, numbers, sentences)
    screen.emit(
        {"year": LAST_YEAR, "scenarios": list(plain)},
        heading(screen.say("briefing.title", year=LAST_YEAR, n=results[0].replicates)),
        _side_by_side(screen, scenarios, numbers),
        *map(paragraph, sentences),
        heading(screen.say("briefing.caution")),
        *(hint(words) for words in _cautions(screen, results)),
        hint(screen.say(f"effects.{results[0].effects}")),
    )


def differences(screen: Screen, comparison: Comparison) -> None:
    """Show what scenarios do differently, and how far their outcomes differ under the same luck."""
    first, *others = [result.scenario for result in comparison.results]
    settings, numbers = comparison.settings(), _differences(comparison)
    plain = {
        "base": first.id,
        NAME: comparison.results[0].effects,
        "settings": settings.reset_index().to_dict("records"),
        "differences": {scenario.id: numbers[scenario.id] for scenario in others},
    }
    rows = [
        *_setting_rows(screen, settings),
        *_event_rows(screen, [first, *others]),
    ]
    screen.emit(
        plain,
        heading(screen.say("briefing.settings")),
        grid(screen, ("setting",), rows, [title(screen, scenario) for scenario in (first, *others)]),
        heading(screen.say("briefing.differences", year=LAST_YEAR, base=title(screen, first))),
        _columns(
            screen, others, [numbers[scenario.id] for scenario in others], dict.fromkeys(MEASURES, _mean_difference)
        ),
        hint(screen.say("briefing.paired", n=comparison.results[0].replicates)),
        hint(screen.say(f"effects.{comparison.results[0].effects}")),
    )


def _side_by_side(screen: Screen, scenarios: Sequence[Scenario], found: Sequence[Numbers]) -> Table:
    """Make the table of outcomes with a column a scenario."""
    table = _columns(screen, scenarios, found, _ROWS)
    table.add_section()
    points = (f"{effort_points(one):.1f}" for one in scenarios)
    table.add_row(Prose(screen.say("table.effort_points")), *points)
    return table


def _columns(
    screen: Screen, scenarios: Sequence[Scenario], numbers: Sequence[Numbers], rows: Mapping[str, Writer]
) -> Table:
    """Make a table with a column a scenario, its rows in sections."""
    table = columned(["", *(title(screen, scenario) for scenario in scenarios)])
    for key, write in rows.items():
        if key in _SECTIONS:
            table.add_section()
            table.add_row(Prose(screen.say(f"briefing_part.{_SECTIONS[key]}"), "bold"))
        table.add_row(Prose(_row_name(screen, key)), *(Prose(write(screen, number[key])) for number in numbers))
    return table


def _row_name(screen: Screen, key: str) -> str:
    kind, _, name = key.partition(".")
    return screen.say(f"action.{name}" if kind == "delivered" else f"briefing_row.{key.replace('.', '_')}")


def _rung(screen: Screen, one: Number) -> str | Text:  # noqa: ARG001  # all writers take the screen
    return _banded(f"{one['median']:.2f}", f"{one['p10']:.2f}–{one['p90']:.2f}")


def _percent(screen: Screen, one: Number) -> str | Text:
    return _banded(screen.words.share(one["median"]), f"{one['p10'] * 100:.0f}–{one['p90']:.0%}")


def _difference(screen: Screen, one: Number) -> str | Text:  # noqa: ARG001  # as above
    return _banded(f"{one['median']:+z.2f}", f"{one['p10']:+z.2f}…{one['p90']:+z.2f}")


def _mean_difference(screen: Screen, one: Number) -> str | Text:  # noqa: ARG001  # as above
    known = one["low"] is not None  # a single run has no interval
    return _banded(f"{one['mean']:+z.3f}", f"{one['low']:+z.3f}…{one['high']:+z.3f}" if known else "")


def _opening(screen: Screen, number: Number) -> str | Text:
    """Write when a phase opened and how late, or in how few of the subregions of all runs where it mostly did not."""
    if not number["n"]:
        return screen.say("briefing.never")
    share = screen.words.share(number["share"])
    if number["opens"] is None:
        return screen.say("briefing.rare", share=share)
    year = round(number["opens"])
    late = screen.say("briefing.late", years=f"{year - number['milestone']:+}", share=share)
    return _banded(str(year), late)


def _share_of_runs(screen: Screen, one: Number) -> str | Text:
    return _banded(screen.words.share(one["share"]), f"{one['low'] * 100:.0f}–{one['high']:.0%}")


def _banded(middle: str, band: str) -> Text:
    return Text.assemble(middle, " ", (band, "dim"))


_ROWS: Final[Mapping[str, Writer]] = {
    **{f"delivered.{name}": _rung for name in (*ACTIONS, ALL_ACTIONS)},
    **{f"opened.{rung}": _opening for rung in range(2, RUNGS + 1)},
    "completed": _share_of_runs,
    **{f"behind.{group}": _difference for group in GROUPS},
    "trust": _percent,
    "overdue": _percent,
    "coverage": _percent,
}

#: Headings, by the row that each stands before.
_SECTIONS: Final = {
    f"delivered.{ACTIONS[0]}": "delivered",
    "opened.2": "opened",
    f"behind.{GROUPS[0]}": "behind",
    "trust": "state",
}


def _setting_rows(screen: Screen, settings: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield a row for each setting that is not that of an event."""
    for path, row in settings.iterrows():
        if not str(path).startswith("event."):
            cells = (value_of(str(path), given, screen.words) for given in row)
            yield setting(str(path), screen.words), *cells


def _event_rows(screen: Screen, scenarios: Sequence[Scenario]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each event that the scenarios do not share, with what it does in each."""
    found = [{one.title: one for one in happenings(scenario, screen.words)} for scenario in scenarios]
    for name in dict.fromkeys(name for one in found for name in one):
        cells = [_event(screen, one.get(name)) for one in found]
        if len(set(cells)) > 1:
            yield screen.say("briefing.event", name=name), *cells


def _event(screen: Screen, one: Happening | None) -> str:
    """Say when an event happens, to whom and what it does."""
    return screen.say("briefing.happening", **one._asdict()) if one else ""


def _numbers(results: Results) -> dict[str, Number]:
    """Return what a scenario comes to in the last year, by the name of a row of the briefing.

    Returns
    -------
    dict
        Each with ``n`` runs, ``median``, ``p10``, ``p90``; opening years also with ``share``, ``opens``, ``late``.
    """
    behind, opened = left_behind(results), opening_years(results)
    tables = {name: outcome_table(results.summary, name) for name in _OUTCOMES}
    return {
        **{key: _pick(tables[name], labels) for key, (name, labels) in MEASURES.items()},
        **{f"opened.{rung}": _pick(opened, {"scope": REGION, "rung": rung}) for rung in range(2, RUNGS + 1)},
        **{f"behind.{group}": _pick(behind, {"scope": group, "outcome": "mean_delivered"}) for group in GROUPS},
        "completed": _pick(completed(results), {}),
    }


def _differences(comparison: Comparison) -> dict[str, dict[str, Number]]:
    """Return how far each scenario differs from the first, by scenario and row of the briefing."""
    tables = {name: comparison.differences(name) for name in _OUTCOMES}
    others = [result.scenario.id for result in comparison.results[1:]]
    return {
        other: {key: _pick(tables[name], {"scenario": other, **labels}) for key, (name, labels) in MEASURES.items()}
        for other in others
    }


def _pick(table: pd.DataFrame, labels: Mapping[str, object]) -> Number:
    """Return one row of a metric, of the last year where it has years; None for a number that is missing."""
    labels = {**labels, **({"year": LAST_YEAR} if "year" in table else {})}
    for name, value in labels.items():
        table = table[table[name] == value]
    (row,) = rows(table.drop(columns=list(labels)))
    return row


def _plain(results: Results, numbers: Numbers, words: str) -> dict[str, Any]:
    """Return what is known of one scenario and its runs, for machines."""
    scenario = results.scenario
    return {
        **scenario.model_dump(include={"id", "title", "storyline", "origin"}),
        "effort_points": effort_points(scenario),
        "sentence": words,
        "outcomes": numbers,
        "provenance": dict(results.dataset.attrs),
    }


def _cautions(screen: Screen, results: Sequence[Results]) -> Iterator[str]:
    """Say what the numbers are not, what dominates them, and whose words the texts are."""
    scenarios, dominant = [item.scenario for item in results], all_parameters()[DOMINANT]
    tag, name = screen.say(f"tag.{dominant.tag}"), dominant.label[screen.language]
    yield screen.say("briefing.band", range=screen.say(f"effects.range_{results[0].effects}"))
    yield screen.say("briefing.dominant", name=name, symbol=dominant.symbol, tag=tag)
    yield screen.say("briefing.behind")
    if any(item.structure.gate == CALENDAR for item in scenarios):
        yield screen.say("briefing.calendar")
    origins = dict.fromkeys(words_of(screen, item.origin.storyline) for item in scenarios)
    yield screen.say("briefing.words", origins=screen.say("table.comma").join(origins))
