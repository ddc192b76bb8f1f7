"""Compare: up to six scenarios side by side, under the same luck."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.bounds import SIDE_BY_SIDE
from foresight.facts.members import REGION
from foresight.results.comparison import Comparison, settings_apart
from foresight.results.outcomes import ALL_ACTIONS, OUTCOMES
from foresight.results.results import Results
from foresight.scenario.efforts import effort_points
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario

from ..parts.blocks import Block, choice, fan, heading, prose, series, table
from ..parts.paths import path_of
from ..parts.signature import name_of, signature_of_several
from ..runs.live import LIVE
from ..runs.setting import Setting
from ..visit.state import CURRENT, AppState
from ..words import Words

#: What can be compared: an outcome of the region, with the action it is of.
COMPARED: Final[Mapping[str, Mapping[str, str]]] = {
    "mean_delivered": {"action": ALL_ACTIONS},
    **{f"mean_delivered.{name}": {"action": name} for name in ACTIONS},
    "overdue_share": {"action": ALL_ACTIONS},
    "trust": {},
    "coverage": {},
    "baiji_index": {},
    "baiji_heading": {},
}

#: Ends of the scale by unit.
_SCALES: Final = {"rung": [0, 4], "share": [0, 1], "index": [40, 100]}


def page(state: AppState, words: Words, _rest: str, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return the scenarios chosen, set side by side."""
    blocks = [prose(words.say("compare.lead", most=SIDE_BY_SIDE.most), "lead"), _chooser(state, words)]
    results = []
    for done, name in enumerate(state.compared):
        results.append(LIVE.results(_setting(state, name)))
        progress(done + 1, len(state.compared))
    names = [_name(one, state, words) for one in state.compared]
    blocks += [*_charts(results, names, state, words)]
    if len(results) > 1:
        blocks += [*_tables(Comparison(tuple(results)), names, state, words)]
    future = signature_of_several(names, [one.scenario for one in results], state, words)
    return {"kind": "blocks", "title": words.say("menu.compare"), "future": future, "blocks": blocks}


def _setting(state: AppState, name: str) -> Setting:
    """Return a scenario with a name that no other of the session has, and the luck of the screen."""
    scenario = state.scenario_called(name)
    return replace(state.setting, scenario=scenario)


def _name(name: str, state: AppState, words: Words) -> str:
    """Name a scenario; what is on the screen says so where it stands beside the one that it is."""
    called = name_of(name, state, words)
    twice = name == CURRENT and state.name in state.compared
    return words.say("future.on_screen", name=called) if twice else called


def _chooser(state: AppState, words: Words) -> Block:
    on_screen = words.say("future.on_screen", name=name_of(CURRENT, state, words))
    others = {name: name_of(name, state, words) for name in (*shipped(), *state.kept)}
    named = {CURRENT: on_screen, **others}
    return {
        "kind": "chooser",
        "label": words.say("compare.choose"),
        "options": [{"value": one, "label": label, "chosen": one in state.compared} for one, label in named.items()],
        "most": SIDE_BY_SIDE.most,
        "upload": words.say("compare.upload"),
    }


def _chosen(state: AppState) -> str:
    what = str(state.view.get("outcome"))
    return what if what in COMPARED else next(iter(COMPARED))


def outcome_label(what: str, words: Words) -> str:
    """Name an outcome that can be compared."""
    outcome, _, action = what.partition(".")
    label = words.say(f"outcome.{outcome}")
    return words.say("compare.of_action", outcome=label, action=words.action(action)) if action else label


def _charts(results: Sequence[Results], names: Sequence[str], state: AppState, words: Words) -> Iterator[Block]:
    what = _chosen(state)
    options = [(one, outcome_label(one, words)) for one in COMPARED]
    yield choice(words.say("compare.outcome"), "outcome", options, what)
    outcome = what.partition(".")[0]
    unit = OUTCOMES[outcome].unit
    look = {"y": _SCALES[unit], "percent": unit == "share", "n": results[0].replicates}
    rows = [path_of(one.summary, outcome, REGION, **COMPARED[what]) for one in results]
    last = [path[-1][1] for path in rows]
    write = words.share if unit == "share" else words.number
    each = words.listed(
        words.say("compare.each", name=name, value="–" if value is None else write(value))
        for name, value in zip(names, last, strict=True)
    )
    sentence = words.say("compare.sentence", outcome=outcome_label(what, words), year=LAST_YEAR, each=each)
    lines = [series(str(at), name, at, band=len(names) <= 3) for at, name in enumerate(names)]
    whole = fan("overlaid", outcome_label(what, words), words.say(f"unit.{unit}"), lines, sentence=sentence, **look)
    yield {
        **whole,
        "data": {"series": {str(at): path for at, path in enumerate(rows)}, "ghost": None, "sentence": sentence},
    }
    if len(names) > 1:
        yield heading(words.say("compare.multiples"), 3)
        small = []
        for at, (name, path) in enumerate(zip(names, rows, strict=True)):
            words_of = words.say(
                "compare.one", name=name, value="–" if path[-1][1] is None else write(path[-1][1]), year=LAST_YEAR
            )
            chart = fan(
                f"multiple-{at}", name, words.say(f"unit.{unit}"), [series("0", name, at)], sentence=words_of, **look
            )
            small.append({**chart, "data": {"series": {"0": path}, "ghost": None, "sentence": words_of}})
        yield {"kind": "grid", "blocks": small}


def _tables(comparison: Comparison, names: Sequence[str], state: AppState, words: Words) -> Iterator[Block]:
    scenarios = [item.scenario for item in comparison.results]
    yield heading(words.say("compare.settings"))
    rows = settings_rows(scenarios, words)
    points = [words.say("explore.points_label"), *(words.number(effort_points(item), 1) for item in scenarios)]
    yield table(words.say("compare.settings"), [words.say("compare.setting"), *names], [*rows, points])
    yield heading(words.say("compare.differences", base=names[0]))
    yield prose(words.say("compare.paired", n=comparison.results[0].replicates), "hint")
    intervals = differences(comparison, names, words)
    what = _chosen(state)
    unit = OUTCOMES[what.partition(".")[0]].unit
    of_outcome = [row for row in intervals if row["what"] == what]
    sentence = words.say(
        "compare.difference_sentence",
        base=names[0],
        each=words.listed(
            words.say("compare.each", name=row["name"], value=words.signed(row["mean"], 3)) for row in of_outcome
        ),
    )
    data = {"rows": [{**row, "label": row["name"]} for row in of_outcome], "zero": True, "sentence": sentence}
    spec = {
        "id": "differences",
        "type": "intervals",
        "digits": 3,
        "title": outcome_label(what, words),
        "unit": words.say(f"unit.{unit}"),
        "sentence": sentence,
        "n": comparison.results[0].replicates,
    }
    yield {"kind": "chart", "spec": spec, "data": data}
    columns = [words.say(f"compare.{item}") for item in ("scenario", "outcome", "mean", "interval", "band")]
    yield table(
        words.say("compare.differences", base=names[0]),
        columns,
        [_written(row, words) for row in intervals],
        save="differences",
    )


def settings_rows(scenarios: Sequence[Scenario], words: Words) -> list[list[str]]:
    """Return exactly the settings in which scenarios differ, in words; an event is one setting."""
    apart = settings_apart(scenarios)
    plain = apart[~apart.index.str.startswith("event.")]
    rows = [
        [words.setting(str(path)), *(words.named_value(str(path), value) for value in row)]
        for path, row in zip(plain.index, plain.to_numpy(), strict=True)
    ]
    return [*rows, *_event_rows(scenarios, words)]


def _event_rows(scenarios: Sequence[Scenario], words: Words) -> Iterator[list[str]]:
    """Yield a row for each event that the scenarios do not share, with what it does in each."""
    by_name = [{event.name: event for event in scenario.events} for scenario in scenarios]
    for name in dict.fromkeys(name for events in by_name for name in events):
        if any(events.get(name) != by_name[0].get(name) for events in by_name):
            cells = [words.happening(events[name]) if name in events else "–" for events in by_name]
            yield [words.say("compare.event", name=words.event(name)), *cells]


def differences(comparison: Comparison, names: Sequence[str], words: Words) -> list[dict[str, Any]]:
    """Return how far each scenario differs from the first in the last year, by outcome."""
    lines = []
    tables: dict[str, pd.DataFrame] = {}
    for what, labels in COMPARED.items():
        outcome = what.partition(".")[0]
        if outcome not in tables:
            tables[outcome] = _last(comparison, outcome)
        rows = tables[outcome]
        for label, value in labels.items():
            rows = rows[rows[label] == value]
        for name, row in zip(names[1:], rows.to_dict("records"), strict=True):
            numbers = {one: float(row[one]) for one in ("mean", "low", "high", "p10", "p90")}
            lines.append({"name": name, "what": what, "outcome": outcome_label(what, words), **numbers})
    return lines


def _last(comparison: Comparison, outcome: str) -> pd.DataFrame:
    rows = comparison.differences(outcome, (REGION,))
    last: pd.DataFrame = rows[rows["year"] == rows["year"].max()]
    return last


def _written(row: Mapping[str, Any], words: Words) -> list[str]:
    interval = words.say("compare.from_to", low=words.signed(row["low"], 3), high=words.signed(row["high"], 3))
    band = words.say("compare.from_to", low=words.signed(row["p10"], 3), high=words.signed(row["p90"], 3))
    return [row["name"], row["outcome"], words.signed(row["mean"], 3), interval, band]
