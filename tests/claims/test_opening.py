"""The slow opening year: it acts in the step that opens a rung, for every gate, from any start and after a branch."""

import numpy as np
import pytest
from drivers import INTEGERS, state
from histories import simulate_history

from foresight.agents.model import ForesightModel
from foresight.engine.ensemble import Past, new_history, simulate_blocks
from foresight.engine.inputs import Gate, Start
from foresight.runs import Runs
from foresight.scenario.building import build
from foresight.scenario.loading import load_scenario

RUNS = range(30)

#: So slow that nobody pledges in the year of an opening.
NEVER = -50.0


def inputs(**changes):
    """Return historical pace without events, eager enough for every gate to open, changed."""
    eager = {"pledge_log_hazard_base": 0.0, "gate_delivery": 0.2, "gate_trust": 0.3, "opening_year": NEVER}
    return build(load_scenario("historical-pace", set={"events": []})).replace(**{**eager, **changes})


@pytest.mark.parametrize("gate", list(Gate))
def test_nobody_pledges_a_rung_in_the_step_that_opens_it(gate: Gate):
    given = inputs(gate=int(gate))
    history = simulate_history(given, 1, RUNS)
    opened = history.offer[1:] > history.offer[:-1]
    opened[0] = True
    assert opened[1:].any()
    home = given.members.subregion
    rung = history.offer[1:][:, home][:, :, np.newaxis]
    gained = (history.pledged[1:] > history.pledged[:-1]) & (history.pledged[1:] == rung)
    at_opening = gained & opened[:, home][:, :, np.newaxis]
    assert not at_opening.any()
    assert gained.any()


def test_the_step_after_the_opening_is_as_any_other():
    """Without the term somebody pledges at once; with it, in the year after."""
    slow, usual = (simulate_history(inputs(opening_year=size), 1, RUNS).pledged for size in (NEVER, 0.0))
    assert (slow[1] == 0).all()
    assert (usual[1] == 1).any()
    assert (slow[2] == 1).mean() == pytest.approx(0.6, abs=0.2)


@pytest.mark.parametrize("offer", [1, 2, 3])
def test_the_rung_on_offer_at_the_start_opens_in_the_first_step(offer: int):
    count = len(inputs().members.code)
    start = Start(offer=np.full(5, offer, np.int8), pledged=np.full((count, 5), offer - 1, np.int8))
    given = inputs(start=start, exit_rate=0.0)
    pledged = simulate_history(given, 1, RUNS).pledged
    assert (pledged[1] == offer - 1).all()
    assert (pledged[2] == offer).any()


def test_lower_rungs_than_the_one_that_opens_are_pledged_all_the_same():
    given = inputs(start=Start(offer=np.full(5, 2, np.int8)))
    pledged = simulate_history(given, 1, RUNS).pledged
    assert (pledged[1] == 1).any()


def test_a_branch_opens_nothing_anew():
    given, runs = inputs(), Runs("drawn", 1, RUNS)
    whole = new_history(given, len(RUNS))
    list(simulate_blocks(given, runs, whole=whole))
    again = new_history(given, len(RUNS))
    for one, other in zip(again, whole, strict=True):
        one[:11] = other[:11]
    list(simulate_blocks(given, runs, whole=again, past=Past(again, 10)))
    for one, other in zip(again, whole, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("gate", list(Gate))
def test_the_drivers_agree_on_it(gate: Gate):
    given = inputs(gate=int(gate), opening_year=-2.0)
    history, model = simulate_history(given, 1, [3])._asdict(), ForesightModel(given, 1, 3)
    for year in range(1, len(given.years)):
        model.step()
        for part in INTEGERS:
            np.testing.assert_array_equal(state(model)[part], history[part][year, ..., 0], part)
