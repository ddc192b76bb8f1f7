"""A run that starts from years that are known is the whole run, bit for bit."""

from typing import Any

import numpy as np
import pytest
from cases import BASE, CASES, LONG_SEED, coalitions
from worlds import same_bits

from foresight.engine.ensemble import Past, new_history, new_tally, simulate_blocks
from foresight.engine.inputs import Inputs
from foresight.engine.state import History, new_luck
from foresight.engine.tally import Tally
from foresight.runs import DRAWN, Runs

RUNS = 5
STEPS = (0, 10, 22)


def blank(inputs: Inputs) -> tuple[History, Tally]:
    half = np.arange(len(inputs.members.code)) % 2 == 0
    return new_history(inputs, RUNS), new_tally(inputs, [half | True, half, ~half], RUNS)


def simulated(inputs: Inputs, made: tuple[History, Tally], past: Past | None = None, **more: Any) -> None:
    runs = Runs(DRAWN, LONG_SEED, range(RUNS))
    for _ in simulate_blocks(inputs, runs, whole=made[0], tally=made[1], past=past, **more):
        pass


def spoilt(made: Any, step: int) -> None:
    """Write nonsense over all years after a step."""
    for array in made:
        array[step + 1 :] = 77


def differing(one: tuple[History, Tally], other: tuple[History, Tally]) -> list[str]:
    return same_bits(one[0], other[0]) + same_bits(one[1].series, other[1].series)


@pytest.mark.costly
@pytest.mark.parametrize("name", CASES)
def test_going_on_from_known_years_gives_the_whole_run(name: str):
    inputs = CASES[name]
    whole, again, luck = blank(inputs), blank(inputs), new_luck(len(inputs.members.code), RUNS)
    simulated(inputs, whole)
    simulated(inputs, again, luck=luck)
    for step in (step for step in STEPS if step < len(inputs.years) - 1):
        spoilt(again[0], step)
        spoilt(again[1].series, step)
        kept = luck if step == STEPS[1] else None  # else drawn anew
        simulated(inputs, again, Past(again[0], step), luck=kept, block=2, threads=2)
        assert differing(whole, again) == []


def test_draws_that_are_kept_are_read_and_not_drawn_again():
    made, luck = blank(BASE), new_luck(len(BASE.members.code), RUNS)
    simulated(BASE, made, luck=luck)
    before = made[0].pledged[-1].sum()
    luck.member[:] = 3.0
    simulated(BASE, made, Past(made[0], STEPS[1]), luck=luck)
    assert made[0].pledged[-1].sum() > before


@pytest.mark.parametrize("since", [2025, 2027, 2033, 2040])
def test_other_levers_go_on_from_the_year_in_which_they_act(since: int):
    before = BASE.replace(levers_from=since)
    after = before.replace(**coalitions(), linking=1.6, assistance=1.0)
    made, whole = blank(before), blank(after)
    simulated(before, made)
    simulated(after, made, Past(made[0], since - before.structure.first_year))
    simulated(after, whole)
    assert differing(whole, made) == []


def test_the_comparison_would_notice_levers_that_act_a_year_earlier():
    before, after = (BASE.replace(levers_from=since, assistance=1.0, linking=1.6) for since in (2040, 2027))
    made, whole = blank(before), blank(after)
    simulated(before, made)
    simulated(after, made, Past(made[0], 2028 - before.structure.first_year))
    simulated(after, whole)
    assert differing(whole, made) != []
