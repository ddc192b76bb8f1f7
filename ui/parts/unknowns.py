"""What came of an experiment: what nobody knows and chance as two bands, and what moves an outcome."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from foresight.effects import POSTERIOR, Effects
from foresight.experiment import Experiment
from foresight.factors import factors
from foresight.sensitivity import Sensitivity
from foresight.series import series_called

from ..runs.trial import Trial, runs_of
from ..visit.inquiry import Asked, Bands, asked_of, bands, moves
from ..visit.laboratory import Laboratory, fits, resized
from ..words import Words
from .blocks import Block, button, choice, heading, prose, row
from .circumstances import CHOOSE, again, circumstances, told
from .naming import DIGITS, SCALES, series_label, writer_of

#: Colours of what nobody knows and of chance, in charts.
_UNKNOWN, _CHANCE = 2, 1

#: Decimals of sensitivity indices.
_DIGITS: Final = 2

#: What the columns of the table of indices say.
_COLUMNS: Final = ("factor", "estimate", "index_low", "index_high", "chance_low", "chance_high")

#: Most factors that are named as moving an outcome most.
_NAMED: Final = 3


def results(lab: Laboratory, trial: Trial, said: Words, changed: bool) -> Iterator[Block]:
    """Yield what came of an experiment.

    Parameters
    ----------
    lab : Laboratory
        Knows what was chosen to look at.
    trial : Trial
        Done.
    said : Words
    changed : bool
        Whether another experiment is planned by now.
    """
    asked = asked_of(lab, trial.experiment)
    answer = moves(trial, asked)
    yield heading(said.say("experiments.results"))
    if changed:
        yield prose(said.say("experiments.changed"), "warning")
    yield row(*_choices(trial.experiment, asked, said))
    spread = bands(trial.store, asked)
    yield _bands(spread, asked, trial.experiment.effects, said)
    yield prose(_shares(spread, said))
    yield heading(said.say("experiments.moves"))
    yield from told(answer, said, lambda sensitivity: _moves(trial.experiment, asked, sensitivity, said))
    yield from circumstances(trial, asked, said)
    yield from again(trial, asked, said)


def _choices(experiment: Experiment, asked: Asked, said: Words) -> Iterator[Block]:
    """Yield the choice of an outcome, and of year and scenario where there are several."""
    outcomes = [(str(name), series_label(str(name), said)) for name in experiment.outcomes]
    yield choice(said.say("compare.outcome"), "outcome", outcomes, asked.outcome, message=CHOOSE)
    if len(experiment.years) > 1:
        years = [(str(year), str(year)) for year in sorted(experiment.years)]
        yield choice(said.say("experiments.year"), "year", years, str(asked.year), message=CHOOSE)
    if len(experiment.scenarios) > 1:
        scenarios = [(one.id, said.title(one)) for one in experiment.scenarios]
        yield choice(said.say("compare.scenario"), "scenario", scenarios, asked.scenario, message=CHOOSE)


# Two bands -------------------------------------------------------------------------------------------------------


def _bands(spread: Bands, asked: Asked, effects: Effects, said: Words) -> Block:
    series = series_called(asked.outcome)
    numbers = {"points": said.count(spread.points), "replicates": said.count(spread.replicates)}
    rows = [
        _band(said.say("experiments.band_unknown", **numbers), spread.unknown, _UNKNOWN),
        _band(said.say("experiments.band_chance", **numbers), spread.chance, _CHANCE),
    ]
    more = [said.say("effects.in_chance")] if effects == POSTERIOR else []
    text = _in_words(spread, asked, said)
    spec = {
        "id": "bands",
        "type": "intervals",
        "title": series_label(asked.outcome, said),
        "unit": said.say(f"unit.{series.unit}"),
        "sentence": text,
        "note": said.joined(said.say("experiments.bands_note"), *more),
        "digits": DIGITS[series.unit],
        "percent": series.unit == "share",
        "plain": True,
        "n": spread.points * spread.replicates,
        "columns": [said.say(f"experiments.{one}") for one in ("band", "middle", "ten", "ninety")],
    }
    data = {"rows": rows, "domain": SCALES.get(series.unit), "zero": False, "sentence": text}
    return {"kind": "chart", "spec": spec, "data": data}


def _band(label: str, band: Sequence[float], color: int) -> dict[str, Any]:
    low, middle, high = (None if math.isnan(value) else float(value) for value in band)
    return {"label": label, "mean": middle, "low": low, "high": high, "color": color}


def _in_words(spread: Bands, asked: Asked, said: Words) -> str:
    """Say how far what nobody knows, and chance, move the outcome."""
    write = writer_of(series_called(asked.outcome), said)
    low, _, high = map(write, spread.unknown)
    ends = {"low": low, "high": high, "year": asked.year, "outcome": series_label(asked.outcome, said)}
    unknown = said.say("experiments.unknown_sentence", **ends)
    if math.isnan(spread.chance[0]):
        return said.joined(unknown, said.say("experiments.chance_missing"))
    low, _, high = map(write, spread.chance)
    return said.joined(unknown, said.say("experiments.chance_sentence", low=low, high=high))


def _shares(spread: Bands, said: Words) -> str:
    """Say what the variance of a run comes from."""
    if any(map(math.isnan, spread.shares.values())):
        return said.say("experiments.no_shares")
    return said.say("experiments.shares", **{name: said.share(value) for name, value in spread.shares.items()})


# What moves it ---------------------------------------------------------------------------------------------------


def _moves(experiment: Experiment, asked: Asked, sensitivity: Sensitivity, said: Words) -> Iterator[Block]:
    yield prose(_verdict(sensitivity, said), "lead" if sensitivity.converged else "warning")
    yield from _larger(experiment, sensitivity, said)
    if not sensitivity.table["value"].isna().all():
        yield _indices(asked, sensitivity, said)


def _verdict(sensitivity: Sensitivity, said: Words) -> str:
    """Say whether factors can be ranked, and which come first; without a ranking, how they stand."""
    sizes = {name: said.count(size) for name, size in sensitivity.sizes.items()}
    verdict = said.say(f"sensitivity.{sensitivity.verdict}", **sizes)
    sentences = [said.say("experiments.verdict", verdict=verdict)]
    if not sensitivity.converged:
        sentences += [said.say("experiments.no_order")] if sensitivity.verdict != "constant" else []
    elif sensitivity.ranking:
        first = [_label(name, said) for group in sensitivity.ranking for name in group if name not in sensitivity.idle]
        sentences += [said.say("experiments.first", names=said.listed(first[:_NAMED]))] if first else []
        counts = {"count": said.count(len(sensitivity.idle)), "factors": said.count(len(sensitivity.factors))}
        sentences += [said.say("experiments.idle", **counts)] if sensitivity.idle else []
    return said.joined(*sentences)


def _larger(experiment: Experiment, sensitivity: Sensitivity, said: Words) -> Iterator[Block]:
    """Yield a button that runs the experiment as large as the verdict asks for."""
    larger = resized(experiment, sensitivity.needed)
    if sensitivity.needed <= sensitivity.n or larger is experiment:
        return
    if fits(larger):
        numbers = {"n": said.count(sensitivity.needed), "runs": said.count(runs_of(larger))}
        message = {"type": "experiment", "act": "grow", "n": sensitivity.needed}
        yield row(button(said.say("experiments.grow", **numbers), message, strong=True, focus="trial"))
    else:
        yield prose(said.say("experiments.grow_elsewhere", n=said.count(sensitivity.needed)), "hint")


def _indices(asked: Asked, sensitivity: Sensitivity, said: Words) -> Block:
    """Return the main index of each factor: in order if they can be ranked, else as the model has them."""
    table = sensitivity.main
    if sensitivity.converged:
        table = table.sort_values("value", ascending=False, kind="stable")
    title = said.say("experiments.moves_title", outcome=series_label(asked.outcome, said), year=asked.year)
    text = said.say("experiments.moves_ranked" if sensitivity.converged else "experiments.moves_unranked")
    spec = {
        "id": "moves",
        "type": "intervals",
        "title": title,
        "unit": said.say(f"sensitivity.index_{table['index'].iloc[0]}"),
        "sentence": text,
        "note": said.say("experiments.moves_note"),
        "digits": _DIGITS,
        "plain": True,
        "columns": [said.say(f"experiments.{one}") for one in _COLUMNS],
    }
    rows = [_index(one, sensitivity, said) for one in table.to_dict("records")]
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": False, "sentence": text}}


def _index(record: dict[Any, Any], sensitivity: Sensitivity, said: Words) -> dict[str, Any]:
    """Return a factor's lane: its index, the interval, and the wider one with chance in it."""
    value, low, high, noise = (float(record[name]) for name in ("value", "low", "high", "noise"))
    lane: dict[str, Any] = {"label": _label(record["factor"], said), "mean": value, "low": low, "high": high}
    if not math.isnan(noise):
        reach = math.hypot(high - value, noise)
        lane |= {"p10": max(value - reach, 0.0), "p90": value + reach}
    known = {name: None if isinstance(one, float) and math.isnan(one) else one for name, one in lane.items()}
    return {**known, "hollow": not sensitivity.converged or record["factor"] in sensitivity.idle}


def _label(name: str, said: Words) -> str:
    return factors()[name].label(said.language)
