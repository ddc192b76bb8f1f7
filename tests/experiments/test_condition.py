"""Conditions on points: what may be said, and that nothing else is."""

import pandas as pd
import pytest

from foresight.errors import InputError
from foresight.experiments.condition import points_where

POINTS = pd.DataFrame(
    {
        "point": [0, 1, 2, 3],
        "scenario": ["a", "a", "b-c", "b-c"],
        "delivery_rate": [0.1, 0.4, 0.6, 0.9],
        "pledge_effort.phase_2": [1.0, -2.0, 3.0, 4.0],
    }
)


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("delivery_rate > 0.5", [2, 3]),
        ("0.1 < delivery_rate <= 0.6", [1, 2]),
        ("scenario == 'a' and not delivery_rate < 0.2", [1]),
        ('scenario != "a" or point == 0', [0, 2, 3]),
        ("`pledge_effort.phase_2` == -2", [1]),
        (" pledge_effort.phase_2 >= +3 and (delivery_rate > 0.8 or point < 1)", [3]),
        ("delivery_rate > point", [0]),
    ],
)
def test_a_condition_keeps_the_points_it_holds_of(where: str, kept: list[int]):
    assert POINTS.loc[points_where(POINTS, where, "store"), "point"].tolist() == kept


@pytest.mark.parametrize(
    "where",
    [
        "",
        "delivery_rate",
        "delivery_rate >",
        "delivery_rat > 1",
        "delivery_rate > 0.5; point",
        "delivery_rate.max() > 0.5",
        "delivery_rate + 1 > 0.5",
        "delivery_rate > @limit",
        "delivery_rate > '1'",
        "scenario > 1",
        "scenario in ['a']",
        "delivery_rate.values == 1",
        "delivery_rate[0] > 1",
        "delivery_rate > True",
        "delivery_rate > -True",
        "delivery_rate > -False",
        "delivery_rate > 1j",
        "len(scenario) == 1",
        "(lambda: point == 1)()",
        "delivery_rate > (point := 1)",
        "f'{point}' == 'a'",
        "1 < 2",
        "not " * 200 + "point",
    ],
)
def test_everything_else_is_refused_in_a_line_that_says_what_may_be(where: str):
    with pytest.raises(InputError, match="is no condition on points: names of columns, numbers and quoted") as caught:
        points_where(POINTS, where, "store")
    assert caught.value.problems[0].allowed == "point, scenario, delivery_rate, pledge_effort.phase_2"
    assert str(caught.value).count("\n") == 0


def test_a_long_condition_is_not_looked_at():
    with pytest.raises(InputError, match="at most 1,000 characters; given 1,001"):
        points_where(POINTS, " " * 1_001, "store")
