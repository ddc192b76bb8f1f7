"""Runs with unknown numbers drawn: what is drawn, which luck runs share, and what a number moved alone does."""

import numpy as np
import pytest

from foresight.actions import LAST_YEAR
from foresight.analysis.unknowns import LUCKY_RUNS, POINTS, RUNS_OF_POINT, one_at_a_time, own_numbers, unknowns
from foresight.analysis.varied import drawn, varied_names
from foresight.facts.parameters import uncertainties
from foresight.results.outcomes import outcome_values
from foresight.results.simulation import simulate
from foresight.scenario.loading import load_scenario

pytestmark = pytest.mark.costly

PACE = load_scenario("historical-pace")


def ends(scenario, replicates: int) -> np.ndarray:
    found = outcome_values(simulate(scenario, replicates).summary, "mean_delivered")
    return found.sel(scope="region", action="all", year=LAST_YEAR).values


def test_chance_is_what_a_plain_run_gives():
    found = unknowns(PACE, ["mean_delivered", "trust"], 1)
    assert found.chance.shape == (2, 24, LUCKY_RUNS)
    assert found.everything.shape == (2, 24, POINTS, RUNS_OF_POINT)
    np.testing.assert_array_equal(found.chance[0, -1, :16], ends(PACE, 16))


def test_unknown_numbers_make_the_band_wider():
    found = unknowns(PACE, ["mean_delivered"], 1)
    assert found.everything[0, -1].std() > 1.3 * found.chance[0, -1].std()


def test_a_number_moved_alone_does_what_a_scenario_with_it_does():
    table = one_at_a_time(PACE, "mean_delivered", LAST_YEAR, 1).set_index(["parameter", "place"])
    low = uncertainties()["delivery_rate"].low
    moved = load_scenario("historical-pace", set={"uncertainties.delivery_rate": low})
    assert table.loc[("delivery_rate", "low"), "at"] == low
    assert table.loc[("delivery_rate", "low"), "outcome"] == pytest.approx(ends(moved, 32).mean())
    assert table.loc[("as_it_is", "as_it_is"), "outcome"] == pytest.approx(ends(PACE, 32).mean())
    assert len(table) == 1 + 2 * len(varied_names())


def test_what_a_path_sets_is_held_and_all_else_drawn_as_before():
    slow = load_scenario("historical-pace", set={"uncertainties.delivery_rate": 0.3})
    held = own_numbers([PACE, slow])
    assert held == ("delivery_rate",)
    assert own_numbers([PACE]) == ()
    table = one_at_a_time(slow, "mean_delivered", LAST_YEAR, 1, held).set_index(["parameter", "place"])
    assert "delivery_rate" not in table.index.get_level_values("parameter")
    assert table.loc[("as_it_is", "as_it_is"), "outcome"] == pytest.approx(ends(slow, 32).mean())
    pace, moved = (unknowns(one, ["mean_delivered"], 1, held).everything[0, -1].mean(axis=1) for one in (PACE, slow))
    assert (moved < pace).all()
    every = unknowns(PACE, ["mean_delivered"], 1).everything[0, -1].mean(axis=1)
    assert np.corrcoef(pace, every)[0, 1] > 0.5


def test_draws_lie_within_the_declared_range():
    for name in varied_names():
        one = uncertainties()[name]
        values = drawn(name, np.linspace(0.001, 0.999, 99))
        assert one.low <= values.min() < values.max() <= one.high
