"""Simulate scenarios: whole, in parts, or from the year on in which levers begin to act.

What levers do begins in that year. The years before it are the same whatever they are, so that a run with other levers
can go on from there; the result is that of the whole run, bit for bit.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final, get_args

import numpy as np
import xarray as xr

from foresight.arguments import MOST_REPLICATES, check_name, check_whole, runs_from
from foresight.engine.ensemble import Past, new_history, new_tally, simulate_blocks
from foresight.engine.inputs import Inputs
from foresight.engine.state import History
from foresight.facts.scopes import SCOPES, scope_masks
from foresight.results.datasets import members_dataset, provenance, result_digest, series_dataset
from foresight.results.results import Keep, Results
from foresight.runs import DRAWN, Effects, Progress, Runs
from foresight.scenario.building import build, with_design
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario

#: Runs in each part that `stream` yields: a tenth of a second's work and some tens of megabytes.
STREAM_BLOCK: Final = 1024


def simulate(
    scenario: Scenario | str | Path,
    replicates: int = 200,
    seed: int = 1,
    keep: Keep = "members",
    *,
    effects: Effects = DRAWN,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, the id of a bundled one, or a file.
    replicates : int
        Runs, 1 to 2**32, which differ by chance and what ``effects`` draws. Run r is the same in a batch of any size.
    seed : int
        0 to 2**64 - 1. Scenarios run with one seed share their luck.
    keep : "members" or "summary"
        The history of every member, about 106 kB a run, or series of scopes, about 40 kB. For batches of any
        size at constant memory see `stream`.
    effects : "drawn" or "posterior"
        Anonymous effects of members, and the estimated uncertainties of the scenario; or of every run those of one
        draw of the posterior of treaty records, where the scenario leaves an uncertainty at its default.
    threads : int, optional
        All cores by default. The results do not depend on it.
    progress : callable, optional
        Called with the runs done and the runs to do.

    Raises
    ------
    InputError
        If the scenario cannot be used or an argument is out of its range.
    """
    runs = runs_from(replicates, seed, effects)
    _check(keep, threads)
    chosen = scenario_of(scenario)
    inputs = build(chosen, runs=runs)
    return Results(_run(chosen, inputs, runs, keep, threads, progress), chosen, inputs)


def stream(
    scenario: Scenario | str | Path,
    replicates: int,
    seed: int = 1,
    block: int = STREAM_BLOCK,
    *,
    effects: Effects = DRAWN,
    threads: int | None = None,
) -> Iterator[xr.Dataset]:
    """Run a scenario in parts, so that memory does not grow with the number of runs.

    Parameters
    ----------
    scenario, replicates, seed, effects, threads
        As in `simulate`.
    block : int
        Runs a part.

    Yields
    ------
    xarray.Dataset
        As `simulate` gives with keep="summary", for the next replicates.

    Raises
    ------
    InputError
        As `simulate` does.
    """
    runs = runs_from(replicates, seed, effects)
    _check("summary", threads)
    check_whole("block", block, 1, MOST_REPLICATES)
    chosen = scenario_of(scenario)
    built = build(chosen)
    numbers = (range(start, min(start + block, replicates)) for start in range(0, replicates, block))
    parts = (runs._replace(replicates=some) for some in numbers)
    return (_run(chosen, with_design(built, chosen, {}, some), some, "summary", threads, None) for some in parts)


def before_levers(history: History, inputs: Inputs) -> Past:
    """Return the years of runs that other levers leave as they are.

    Parameters
    ----------
    history : History
        Of all runs, known at least up to the year from which levers act.
    inputs : Inputs
        Of the runs that go on.
    """
    return Past(history, inputs.structure.levers_from - inputs.structure.first_year)


def simulate_before_levers(inputs: Inputs, runs: Runs, threads: int | None = None) -> Past | None:
    """Simulate the years before levers act, and keep the state of the last; None where levers never act.

    Parameters
    ----------
    inputs, runs, threads
        As for `engine.simulate_blocks`.
    """
    since, last = inputs.structure.levers_from, inputs.structure.last_year
    if since >= last:
        return None
    early = inputs.replace(last_year=since)
    history = new_history(early, len(runs.replicates))
    deque(simulate_blocks(early, runs, whole=history, threads=threads), maxlen=0)
    return repeated(before_levers(history, inputs), 1)


def repeated(past: Past, times: int) -> Past:
    """Return a past of as many copies of its runs, one after the other, of which the last year alone is kept."""
    last = (np.tile(states[past.step], times) for states in past.history)
    return past._replace(history=History(*(np.broadcast_to(state, (past.step + 1, *state.shape)) for state in last)))


def _check(keep: object, threads: object) -> None:
    """Refuse arguments that no simulation can have."""
    if threads is not None:
        check_whole("threads", threads, 1, MOST_REPLICATES)
    check_name("keep", keep, get_args(Keep))


def _run(
    scenario: Scenario,
    inputs: Inputs,
    runs: Runs,
    keep: Keep,
    threads: int | None,
    progress: Progress | None,
) -> xr.Dataset:
    """Simulate runs."""
    numbers, count = runs.replicates, len(runs.replicates)
    attributes = provenance(scenario, runs.seed, count, keep, runs.effects)
    run = partial(simulate_blocks, inputs, runs, threads=threads)
    if keep == "members":
        history = new_history(inputs, count)
        _watch(run(whole=history), count, progress)
        dataset = members_dataset(history, scenario, inputs, numbers, attributes)
    else:
        tally = new_tally(inputs, scope_masks(SCOPES, scenario.members()), count)
        _watch(run(tally=tally), count, progress)
        dataset = series_dataset(tally, SCOPES, inputs, numbers, attributes)
    return dataset.assign_attrs(result_digest=result_digest(dataset))


def _watch(parts: Iterable[slice], runs: int, progress: Progress | None) -> None:
    """Run all blocks and tell how far they got."""
    for part in parts:
        if progress is not None:
            progress(part.stop, runs)
