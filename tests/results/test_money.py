"""Money: how much is asked for, what of it is paid, and where a share that is covered says nothing."""

import numpy as np
import pytest

from foresight import Results, simulate
from foresight.actions import ACTIONS
from foresight.engine import rules
from foresight.facts.members import REGION
from foresight.facts.parameters import TAGS
from foresight.results.money import LITTLE, NOTHING, UNPAID, first_rungs, is_enough, is_next_to_nothing, paid
from foresight.results.outcomes import arrays_of


@pytest.fixture(scope="module")
def results() -> Results:
    return simulate("drifting-apart", 5)


def test_what_is_paid_is_what_members_can_and_what_the_fund_adds(results: Results):
    data = results.dataset
    expected = np.minimum(data["need"], data["own"]).sum("member") + data["grant"].sum("member")
    shown = paid(arrays_of(results.series((REGION,))))[:, 0]
    np.testing.assert_allclose(shown, expected.transpose("year", "replicate").values, rtol=0, atol=1e-9)


def test_what_is_paid_is_never_more_than_what_is_needed(results: Results):
    arrays = arrays_of(results.series((REGION, "LDC", "FJI")))
    assert (paid(arrays) <= arrays["need"] + 1e-9).all()


def test_the_first_rung_of_an_action_costs_a_unit():
    assert first_rungs(58) == 58 * sum(rules.cost(0, 1, 1.5) for _ in ACTIONS)


@pytest.mark.parametrize(
    ("need", "paid", "enough"),
    [
        (97.0, 96.0, True),
        (115.9, 115.9, True),
        (116.0, 116.0, False),
        (79.0, 70.0, False),
        (290.0, 165.0, False),
        (0.0, 0.0, True),
    ],
)
def test_money_stops_nothing_where_little_is_asked_for_and_nearly_all_is_paid(need: float, paid: float, enough: bool):
    assert is_enough(need, paid, 58) is enough


def test_a_share_of_next_to_nothing_says_nothing():
    assert is_next_to_nothing(np.array([0.0, 4.0, 28.9, 29.0, 97.0]), 58).tolist() == [True, True, True, False, False]


def test_thresholds_are_declared_as_judgement():
    assert {one.tag for one in (LITTLE, NOTHING, UNPAID)} == {TAGS[-1]} == {"judgement"}
    assert NOTHING.share < LITTLE.share
