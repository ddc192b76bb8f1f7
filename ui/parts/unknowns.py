"""What came of an experiment: what nobody knows and chance as two bands, and what moves an outcome."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd

from foresight.analysis.sensitivity import Sensitivity
from foresight.experiments.experiment import Experiment
from foresight.results.series import series_called
from foresight.runs import POSTERIOR, Effects

from ..runs.trial import Trial, runs_of
from ..visit.futures import title_of
from ..visit.inquiry import Asked, Bands, asked_of, bands, moves
from ..visit.laboratory import Laboratory, fits, resized
from ..words import Words
from .blocks import Block, button, choice, fold, heading, prose, row
from .circumstances import CHOOSE, again, circumstances, told
from .holding import holding
from .naming import DIGITS, series_label, writer_of
from .standing import DIGITS as _DIGITS
from .standing import clear, label_of, standing

#: Colours of what nobody knows and of chance, in charts.
_UNKNOWN, _CHANCE = 2, 1

#: What the columns of the table of indices say.
_COLUMNS: Final = ("factor", "estimate", "index_low", "index_high", "chance_low", "chance_high")


def results(lab: Laboratory, trial: Trial, words: Words, changed: bool) -> Iterator[Block]:
    """Yield what came of an experiment.

    Parameters
    ----------
    lab : Laboratory
        Knows what was chosen to look at.
    trial : Trial
        Done.
    words : Words
    changed : bool
        Whether another experiment is planned by now.
    """
    asked = asked_of(lab, trial.experiment)
    answer = moves(trial, asked)
    yield heading(words.say("experiments.results"))
    if changed:
        yield prose(words.say("experiments.changed"), "warning")
    yield row(*_choices(trial.experiment, asked, words))
    yield heading(words.say("experiments.moves"))
    yield from told(answer, words, lambda sensitivity: _moves(trial.experiment, asked, sensitivity, words))
    yield heading(words.say("experiments.two_bands"))
    spread = bands(trial.store, asked)
    yield prose(in_words(spread, asked, words), "lead")
    yield two_bands(spread, asked, trial.experiment.effects, words)
    yield prose(_shares(spread, words), "hint")
    yield from circumstances(trial, asked, words)
    yield from holding(trial, asked, words)
    yield from again(trial, asked, words)


def _choices(experiment: Experiment, asked: Asked, words: Words) -> Iterator[Block]:
    """Yield the choice of an outcome, and of year and scenario where there are several."""
    outcomes = [(str(name), series_label(str(name), words)) for name in experiment.outcomes]
    yield choice(words.say("compare.outcome"), "outcome", outcomes, asked.outcome, message=CHOOSE)
    if len(experiment.years) > 1:
        years = [(str(year), str(year)) for year in sorted(experiment.years)]
        yield choice(words.say("experiments.year"), "year", years, str(asked.year), message=CHOOSE)
    if len(experiment.scenarios) > 1:
        scenarios = [(one.id, title_of(one, words)) for one in experiment.scenarios]
        yield choice(words.say("compare.scenario"), "scenario", scenarios, asked.scenario, message=CHOOSE)


# Two bands -------------------------------------------------------------------------------------------------------


def two_bands(spread: Bands, asked: Asked, effects: Effects, words: Words) -> Block:
    """Return the picture of what nobody knows and of chance, each by itself."""
    series = series_called(asked.outcome)
    numbers = {"points": words.count(spread.points), "replicates": words.count(spread.replicates)}
    rows = [
        _band(words.say("experiments.band_unknown", **numbers), spread.unknown, _UNKNOWN),
        _band(words.say("experiments.band_chance", **numbers), spread.chance, _CHANCE),
    ]
    more = [words.say("effects.in_chance")] if effects == POSTERIOR else []
    spec = {
        "id": "bands",
        "type": "intervals",
        "title": series_label(asked.outcome, words),
        "unit": words.say(f"unit.{series.unit}"),
        "sentence": "",
        "note": words.joined(words.say("experiments.bands_note"), *more),
        "digits": DIGITS[series.unit],
        "percent": series.unit == "share",
        "plain": True,
        "n": spread.points * spread.replicates,
        "columns": [words.say(f"experiments.{one}") for one in ("band", "middle", "ten", "ninety")],
    }
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": False}}


def _band(label: str, band: Sequence[float], color: int) -> dict[str, Any]:
    low, middle, high = (None if math.isnan(value) else float(value) for value in band)
    return {"label": label, "mean": middle, "low": low, "high": high, "color": color}


def in_words(spread: Bands, asked: Asked, words: Words) -> str:
    """Say how far what nobody knows, and chance, move the outcome."""
    write = writer_of(series_called(asked.outcome), words)
    low, _, high = map(write, spread.unknown)
    ends = {"low": low, "high": high, "year": asked.year, "outcome": series_label(asked.outcome, words)}
    unknown = words.say("experiments.unknown_sentence", **ends)
    if math.isnan(spread.chance[0]):
        return words.joined(unknown, words.say("experiments.chance_missing"))
    low, _, high = map(write, spread.chance)
    return words.joined(unknown, words.say("experiments.chance_sentence", low=low, high=high))


def _shares(spread: Bands, words: Words) -> str:
    """Say what the variance of a run comes from."""
    if any(map(math.isnan, spread.shares.values())):
        return words.say("experiments.no_shares")
    return words.say("experiments.shares", **{name: words.share(value) for name, value in spread.shares.items()})


# What moves it ---------------------------------------------------------------------------------------------------


def _moves(experiment: Experiment, asked: Asked, sensitivity: Sensitivity, words: Words) -> Iterator[Block]:
    yield prose(standing(sensitivity, words), "lead")
    if not sensitivity.table["value"].isna().all():
        yield _indices(asked, sensitivity, words)
    sizes = {name: words.count(size) for name, size in sensitivity.sizes.items()}
    verdict = words.say("experiments.verdict", verdict=words.say(f"sensitivity.{sensitivity.said}", **sizes))
    yield fold("firm", words.say("experiments.firm"), prose(verdict), *_larger(experiment, sensitivity, words))


def _larger(experiment: Experiment, sensitivity: Sensitivity, words: Words) -> Iterator[Block]:
    """Yield a button that runs the experiment as large as the verdict asks for."""
    larger = resized(experiment, sensitivity.needed)
    if sensitivity.needed <= sensitivity.n or larger is experiment:
        return
    if fits(larger):
        numbers = {"n": words.count(sensitivity.needed), "runs": words.count(runs_of(larger))}
        message = {"type": "experiment", "act": "grow", "n": sensitivity.needed}
        yield row(button(words.say("experiments.grow", **numbers), message, strong=True, focus="trial"))
    else:
        yield prose(words.say("experiments.grow_elsewhere", n=words.count(sensitivity.needed)), "hint")


def _indices(asked: Asked, sensitivity: Sensitivity, words: Words) -> Block:
    """Return the main index of each factor: those that stand clear in order, the others as the model has them."""
    in_front = clear(sensitivity)
    table = sensitivity.main.sort_values("value", ascending=False, kind="stable")
    table = pd.concat([table[table["factor"].isin(in_front)], table[~table["factor"].isin(in_front)].sort_index()])
    title = words.say("experiments.moves_title", outcome=series_label(asked.outcome, words), year=asked.year)
    text = words.say("experiments.moves_order")
    spec = {
        "id": "moves",
        "type": "intervals",
        "title": title,
        "unit": words.say("experiments.strength", index=words.say(f"sensitivity.index_{table['index'].iloc[0]}")),
        "sentence": text,
        "note": words.say("experiments.moves_note"),
        "digits": _DIGITS,
        "plain": True,
        "columns": [words.say(f"experiments.{one}") for one in _COLUMNS],
    }
    rows = [{**_index(one, words), "hollow": one["factor"] not in in_front} for one in table.to_dict("records")]
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": False, "sentence": text}}


def _index(record: dict[Any, Any], words: Words) -> dict[str, Any]:
    """Return a factor's lane: its index, the interval, and the wider one with chance in it."""
    value, low, high, noise = (float(record[name]) for name in ("value", "low", "high", "noise"))
    lane: dict[str, Any] = {"label": label_of(record["factor"], words), "mean": value, "low": low, "high": high}
    if not math.isnan(noise):
        reach = math.hypot(high - value, noise)
        lane |= {"p10": max(value - reach, 0.0), "p90": value + reach}
    return {name: None if isinstance(one, float) and math.isnan(one) else one for name, one in lane.items()}
