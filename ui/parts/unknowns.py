"""What came of an experiment: what nobody knows and chance as two bands, and what moves an outcome."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from foresight.analysis.sensitivity import Sensitivity
from foresight.experiments.experiment import Experiment
from foresight.results.series import series_called
from foresight.runs import POSTERIOR, Effects
from foresight.scenario.factors import factors

from ..runs.trial import Trial, runs_of
from ..visit.inquiry import Asked, Bands, asked_of, bands, moves
from ..visit.laboratory import Laboratory, fits, resized
from ..words import Words
from .blocks import Block, button, choice, heading, prose, row
from .circumstances import CHOOSE, again, circumstances, told
from .naming import DIGITS, SCALES, series_label, title_of, writer_of

#: Colours of what nobody knows and of chance, in charts.
_UNKNOWN, _CHANCE = 2, 1

#: Decimals of sensitivity indices.
_DIGITS: Final = 2

#: What the columns of the table of indices say.
_COLUMNS: Final = ("factor", "estimate", "index_low", "index_high", "chance_low", "chance_high")

#: Most factors that are named as moving an outcome most.
_NAMED: Final = 3


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
    spread = bands(trial.store, asked)
    yield _bands(spread, asked, trial.experiment.effects, words)
    yield prose(_shares(spread, words))
    yield heading(words.say("experiments.moves"))
    yield from told(answer, words, lambda sensitivity: _moves(trial.experiment, asked, sensitivity, words))
    yield from circumstances(trial, asked, words)
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


def _bands(spread: Bands, asked: Asked, effects: Effects, words: Words) -> Block:
    series = series_called(asked.outcome)
    numbers = {"points": words.count(spread.points), "replicates": words.count(spread.replicates)}
    rows = [
        _band(words.say("experiments.band_unknown", **numbers), spread.unknown, _UNKNOWN),
        _band(words.say("experiments.band_chance", **numbers), spread.chance, _CHANCE),
    ]
    more = [words.say("effects.in_chance")] if effects == POSTERIOR else []
    text = _in_words(spread, asked, words)
    spec = {
        "id": "bands",
        "type": "intervals",
        "title": series_label(asked.outcome, words),
        "unit": words.say(f"unit.{series.unit}"),
        "sentence": text,
        "note": words.joined(words.say("experiments.bands_note"), *more),
        "digits": DIGITS[series.unit],
        "percent": series.unit == "share",
        "plain": True,
        "n": spread.points * spread.replicates,
        "columns": [words.say(f"experiments.{one}") for one in ("band", "middle", "ten", "ninety")],
    }
    data = {"rows": rows, "domain": SCALES.get(series.unit), "zero": False, "sentence": text}
    return {"kind": "chart", "spec": spec, "data": data}


def _band(label: str, band: Sequence[float], color: int) -> dict[str, Any]:
    low, middle, high = (None if math.isnan(value) else float(value) for value in band)
    return {"label": label, "mean": middle, "low": low, "high": high, "color": color}


def _in_words(spread: Bands, asked: Asked, words: Words) -> str:
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
    yield prose(_verdict(sensitivity, words), "lead" if sensitivity.converged else "warning")
    yield from _larger(experiment, sensitivity, words)
    if not sensitivity.table["value"].isna().all():
        yield _indices(asked, sensitivity, words)


def _verdict(sensitivity: Sensitivity, words: Words) -> str:
    """Say whether factors can be ranked, and which come first; without a ranking, how they stand."""
    sizes = {name: words.count(size) for name, size in sensitivity.sizes.items()}
    verdict = words.say(f"sensitivity.{sensitivity.verdict}", **sizes)
    sentences = [words.say("experiments.verdict", verdict=verdict)]
    if not sensitivity.converged:
        sentences += [words.say("experiments.no_order")] if sensitivity.verdict != "constant" else []
    elif sensitivity.ranking:
        first = [_label(name, words) for group in sensitivity.ranking for name in group if name not in sensitivity.idle]
        sentences += [words.say("experiments.first", names=words.listed(first[:_NAMED]))] if first else []
        counts = {"count": words.count(len(sensitivity.idle)), "factors": words.count(len(sensitivity.factors))}
        sentences += [words.say("experiments.idle", **counts)] if sensitivity.idle else []
    return words.joined(*sentences)


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
    """Return the main index of each factor: in order if they can be ranked, else as the model has them."""
    table = sensitivity.main
    if sensitivity.converged:
        table = table.sort_values("value", ascending=False, kind="stable")
    title = words.say("experiments.moves_title", outcome=series_label(asked.outcome, words), year=asked.year)
    text = words.say("experiments.moves_ranked" if sensitivity.converged else "experiments.moves_unranked")
    spec = {
        "id": "moves",
        "type": "intervals",
        "title": title,
        "unit": words.say(f"sensitivity.index_{table['index'].iloc[0]}"),
        "sentence": text,
        "note": words.say("experiments.moves_note"),
        "digits": _DIGITS,
        "plain": True,
        "columns": [words.say(f"experiments.{one}") for one in _COLUMNS],
    }
    rows = [_index(one, sensitivity, words) for one in table.to_dict("records")]
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": False, "sentence": text}}


def _index(record: dict[Any, Any], sensitivity: Sensitivity, words: Words) -> dict[str, Any]:
    """Return a factor's lane: its index, the interval, and the wider one with chance in it."""
    value, low, high, noise = (float(record[name]) for name in ("value", "low", "high", "noise"))
    lane: dict[str, Any] = {"label": _label(record["factor"], words), "mean": value, "low": low, "high": high}
    if not math.isnan(noise):
        reach = math.hypot(high - value, noise)
        lane |= {"p10": max(value - reach, 0.0), "p90": value + reach}
    known = {name: None if isinstance(one, float) and math.isnan(one) else one for name, one in lane.items()}
    return {**known, "hollow": not sensitivity.converged or record["factor"] in sensitivity.idle}


def _label(name: str, words: Words) -> str:
    return factors()[name].label(words.language)
