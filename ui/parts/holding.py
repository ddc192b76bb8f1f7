"""Which of several futures holds up best, whatever comes of what nobody knows."""

import math
from collections.abc import Iterator
from typing import Any, Final

from foresight.analysis.robustness import MEASURES
from foresight.analysis.stress import Stress
from foresight.results.series import series_called

from ..runs.trial import Trial
from ..visit.futures import title_of
from ..visit.inquiry import SHARE, Asked, holds_several, holds_up
from ..words import Words
from .blocks import Block, heading, listed, prose, table
from .circumstances import condition_label, told

#: The measure that the chart is of, as a share of futures.
_CHARTED: Final = "satisficing"

#: What the columns of the table behind the chart say.
_COLUMNS: Final = ("compare.scenario", "experiments.estimate", "experiments.index_low", "experiments.index_high")

#: Decimals of measures in the unit of the outcome.
_DIGITS: Final = 2


def holding(trial: Trial, asked: Asked, words: Words) -> Iterator[Block]:
    """Yield how robust the futures of an experiment are, where it has several and can tell."""
    if not holds_several(trial.experiment):
        return
    yield heading(words.say("experiments.holds_up"))
    goal = condition_label(asked.condition, trial, asked, words)
    yield prose(words.say("experiments.holds_up_goal", share=words.share(SHARE), goal=goal))
    yield from told(holds_up(trial, asked), words, lambda stress: _found(trial, stress, words))


def _found(trial: Trial, stress: Stress, words: Words) -> Iterator[Block]:
    titles = {scenario.id: title_of(scenario, words) for scenario in trial.experiment.scenarios}
    yield prose(words.joined(*stress.sentence(words.language, titles).splitlines()), "lead")
    yield _chart(stress, titles, words)
    columns = [words.say("compare.scenario"), *(words.say(f"stress.{name}") for name in MEASURES)]
    rows = [[titles[name], *(_cell(stress, name, measure, words) for measure in MEASURES)] for name in titles]
    yield table(words.say("experiments.holds_up_table"), columns, rows, save="robustness")
    yield listed([stress.why(failure, words.language, titles) for failure in stress.failures])
    yield from (prose(remark, "hint") for remark in stress.remarks(words.language))
    unit = words.say(f"unit.{series_called(stress.target.outcome).unit}")
    yield prose(words.say("stress.words", unit=unit), "hint")


def _chart(stress: Stress, titles: dict[str, str], words: Words) -> Block:
    """Return the share of futures that meet the goal, filled for those not told apart from the best."""
    best = stress.best(_CHARTED)
    rows: list[dict[str, Any]] = [
        {
            "label": titles[row["strategy"]],
            **{end: float(row[name]) for end, name in (("mean", "value"), ("low", "low"), ("high", "high"))},
            "hollow": row["strategy"] not in best,
        }
        for row in stress.rows_of(_CHARTED).to_dict("records")
    ]
    spec = {
        "id": "robustness",
        "type": "intervals",
        "title": words.say(f"stress.{_CHARTED}"),
        "unit": words.say("unit.share"),
        "sentence": "",
        "note": words.say("experiments.holds_up_note"),
        "digits": 0,
        "percent": True,
        "plain": True,
        "n": stress.futures * stress.replicates,
        "columns": [words.say(key) for key in _COLUMNS],
    }
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": False}}


def _cell(stress: Stress, strategy: str, measure: str, words: Words) -> str:
    """Write a measure with its interval, if it has one."""
    rows = stress.rows_of(measure).set_index("strategy")
    value, low, high = (float(rows[name][strategy]) for name in ("value", "low", "high"))
    if measure == _CHARTED:
        return words.say("seek.share", share=words.share(value), low=words.share(low), high=words.share(high))
    written = [words.number(one, _DIGITS) for one in (value, low, high)]
    return written[0] if math.isnan(low) else words.say("seek.share", share=written[0], low=written[1], high=written[2])
