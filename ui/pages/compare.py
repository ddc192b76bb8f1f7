"""Compare: up to six scenarios side by side, under the same luck."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.comparison import Comparison, settings_apart
from foresight.efforts import effort_points
from foresight.loading import shipped
from foresight.members import REGION
from foresight.outcomes import ALL_ACTIONS, OUTCOMES
from foresight.results import Results
from foresight.scenario import Scenario

from ..parts.blocks import Block, choice, fan, heading, prose, series, table
from ..parts.paths import path_of
from ..runs.live import LIVE
from ..runs.setting import Setting
from ..visit.state import CURRENT, MOST_COMPARED, AppState
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


def page(state: AppState, said: Words, _rest: str, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return the scenarios chosen, set side by side."""
    blocks = [prose(said.say("compare.lead", most=MOST_COMPARED), "lead"), _chooser(state, said)]
    results = []
    for done, name in enumerate(state.compared):
        results.append(LIVE.results(_setting(state, name)))
        progress(done + 1, len(state.compared))
    names = [_name(one, state, said) for one in state.compared]
    blocks += [*_charts(results, names, state, said)]
    if len(results) > 1:
        blocks += [*_tables(Comparison(tuple(results)), names, state, said)]
    return {"kind": "blocks", "title": said.say("menu.compare"), "blocks": blocks}


def _setting(state: AppState, name: str) -> Setting:
    """Return a scenario with a name that no other of the session has, and the luck of the screen."""
    scenario = state.scenario_called(name)
    return replace(state.setting, scenario=scenario)


def _name(name: str, state: AppState, said: Words) -> str:
    if name == CURRENT:
        return said.say("compare.current")
    return said.title(state.scenario_called(name)) if name in shipped() else name


def _chooser(state: AppState, said: Words) -> Block:
    names = [CURRENT, *shipped(), *state.kept]
    options = [{"value": name, "label": _name(name, state, said), "chosen": name in state.compared} for name in names]
    return {
        "kind": "chooser",
        "label": said.say("compare.choose"),
        "options": options,
        "most": MOST_COMPARED,
        "upload": said.say("compare.upload"),
    }


def _chosen(state: AppState) -> str:
    what = str(state.view.get("outcome"))
    return what if what in COMPARED else next(iter(COMPARED))


def outcome_label(what: str, said: Words) -> str:
    """Name an outcome that can be compared."""
    outcome, _, action = what.partition(".")
    label = said.say(f"outcome.{outcome}")
    return said.say("compare.of_action", outcome=label, action=said.action(action)) if action else label


def _charts(results: Sequence[Results], names: Sequence[str], state: AppState, said: Words) -> Iterator[Block]:
    what = _chosen(state)
    options = [(one, outcome_label(one, said)) for one in COMPARED]
    yield choice(said.say("compare.outcome"), "outcome", options, what)
    outcome = what.partition(".")[0]
    unit = OUTCOMES[outcome].unit
    look = {"y": _SCALES[unit], "percent": unit == "share", "n": results[0].replicates}
    rows = [path_of(one.summary, outcome, REGION, **COMPARED[what]) for one in results]
    last = [path[-1][1] for path in rows]
    write = said.share if unit == "share" else said.number
    each = said.listed(
        said.say("compare.each", name=name, value="–" if value is None else write(value))
        for name, value in zip(names, last, strict=True)
    )
    sentence = said.say("compare.sentence", outcome=outcome_label(what, said), year=LAST_YEAR, each=each)
    lines = [series(str(at), name, at, band=len(names) <= 3) for at, name in enumerate(names)]
    whole = fan("overlaid", outcome_label(what, said), said.say(f"unit.{unit}"), lines, sentence=sentence, **look)
    yield {
        **whole,
        "data": {"series": {str(at): path for at, path in enumerate(rows)}, "ghost": None, "sentence": sentence},
    }
    if len(names) > 1:
        yield heading(said.say("compare.multiples"), 3)
        small = []
        for at, (name, path) in enumerate(zip(names, rows, strict=True)):
            words_of = said.say(
                "compare.one", name=name, value="–" if path[-1][1] is None else write(path[-1][1]), year=LAST_YEAR
            )
            chart = fan(
                f"multiple-{at}", name, said.say(f"unit.{unit}"), [series("0", name, at)], sentence=words_of, **look
            )
            small.append({**chart, "data": {"series": {"0": path}, "ghost": None, "sentence": words_of}})
        yield {"kind": "grid", "blocks": small}


def _tables(comparison: Comparison, names: Sequence[str], state: AppState, said: Words) -> Iterator[Block]:
    scenarios = [one.scenario for one in comparison.results]
    yield heading(said.say("compare.settings"))
    rows = settings_rows(scenarios, said)
    points = [said.say("explore.points_label"), *(said.number(effort_points(one), 1) for one in scenarios)]
    yield table(said.say("compare.settings"), [said.say("compare.setting"), *names], [*rows, points])
    yield heading(said.say("compare.differences", base=names[0]))
    yield prose(said.say("compare.paired", n=comparison.results[0].replicates), "hint")
    intervals = differences(comparison, names, said)
    what = _chosen(state)
    unit = OUTCOMES[what.partition(".")[0]].unit
    of_outcome = [row for row in intervals if row["what"] == what]
    sentence = said.say(
        "compare.difference_sentence",
        base=names[0],
        each=said.listed(
            said.say("compare.each", name=row["name"], value=said.signed(row["mean"], 3)) for row in of_outcome
        ),
    )
    data = {"rows": [{**row, "label": row["name"]} for row in of_outcome], "zero": True, "sentence": sentence}
    spec = {
        "id": "differences",
        "type": "intervals",
        "digits": 3,
        "title": outcome_label(what, said),
        "unit": said.say(f"unit.{unit}"),
        "sentence": sentence,
        "n": comparison.results[0].replicates,
    }
    yield {"kind": "chart", "spec": spec, "data": data}
    columns = [said.say(f"compare.{one}") for one in ("scenario", "outcome", "mean", "interval", "band")]
    yield table(
        said.say("compare.differences", base=names[0]),
        columns,
        [_written(row, said) for row in intervals],
        save="differences",
    )


def settings_rows(scenarios: Sequence[Scenario], said: Words) -> list[list[str]]:
    """Return exactly the settings in which scenarios differ, in words; an event is one setting."""
    apart = settings_apart(scenarios)
    plain = apart[~apart.index.str.startswith("event.")]
    rows = [
        [said.setting(str(path)), *(said.named_value(str(path), value) for value in row)]
        for path, row in zip(plain.index, plain.to_numpy(), strict=True)
    ]
    return [*rows, *_event_rows(scenarios, said)]


def _event_rows(scenarios: Sequence[Scenario], said: Words) -> Iterator[list[str]]:
    """Yield a row for each event that the scenarios do not share, with what it does in each."""
    by_name = [{event.name: event for event in scenario.events} for scenario in scenarios]
    for name in dict.fromkeys(name for events in by_name for name in events):
        if any(events.get(name) != by_name[0].get(name) for events in by_name):
            cells = [said.happening(events[name]) if name in events else "–" for events in by_name]
            yield [said.say("compare.event", name=said.event(name)), *cells]


def differences(comparison: Comparison, names: Sequence[str], said: Words) -> list[dict[str, Any]]:
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
            lines.append({"name": name, "what": what, "outcome": outcome_label(what, said), **numbers})
    return lines


def _last(comparison: Comparison, outcome: str) -> pd.DataFrame:
    rows = comparison.differences(outcome, (REGION,))
    last: pd.DataFrame = rows[rows["year"] == rows["year"].max()]
    return last


def _written(row: Mapping[str, Any], said: Words) -> list[str]:
    interval = said.say("compare.from_to", low=said.signed(row["low"], 3), high=said.signed(row["high"], 3))
    band = said.say("compare.from_to", low=said.signed(row["p10"], 3), high=said.signed(row["p90"], 3))
    return [row["name"], row["outcome"], said.signed(row["mean"], 3), interval, band]
