"""Early signs: planted thresholds are found, and how often they mislead is counted where they were not chosen."""

import numpy as np
import pandas as pd
import pytest

from foresight.analysis.watch import signs
from foresight.errors import InputError

POINTS, REPLICATES = 400, 5
GROUPS = np.repeat(np.arange(POINTS), REPLICATES)


def planted(wrong: float = 0.0, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """Return runs that arrive where "rising" is above 0.6 and "falling" below -0.6, but for some told wrongly."""
    rng = np.random.default_rng(seed)
    rising = rng.random(GROUPS.size)
    arrived = (rising > 0.6) ^ (rng.random(GROUPS.size) < wrong)
    return pd.DataFrame({"noise": rng.random(GROUPS.size), "rising": rising, "falling": -rising}), arrived


def test_a_planted_threshold_is_found_and_never_misleads():
    table = signs(*planted(), GROUPS).set_index("observable")
    assert list(table["relation"][["rising", "falling"]]) == [">=", "<="]
    assert table["threshold"]["rising"] == pytest.approx(0.6, abs=0.01)
    assert table["threshold"]["falling"] == pytest.approx(-0.6, abs=0.01)
    assert (table.loc[["rising", "falling"], ["false_alarm", "miss"]].to_numpy() <= 0.01).all()
    assert list(table.index[-1:]) == ["noise"]


def test_what_misleads_is_counted_as_often_as_it_does():
    table = signs(*planted(0.1), GROUPS).set_index("observable")
    share = 0.4 * 0.9 + 0.6 * 0.1  # that arrive
    false_alarm, miss = 0.4 * 0.1 / (1 - share), 0.6 * 0.1 / share
    row = table.loc["rising"]
    assert row["false_alarm_low"] < false_alarm < row["false_alarm_high"]
    assert row["miss_low"] < miss < row["miss_high"]
    assert row["tells"]


def test_noise_tells_nothing_and_is_not_flattered():
    """As often as chance alone, and as its threshold was not chosen where it is counted."""
    runs = [(observables[["noise"]], arrived) for observables, arrived in map(planted, [0.0] * 40, range(40))]
    rows = [signs(*one, GROUPS).iloc[0] for one in runs]
    assert sum(row["tells"] for row in rows) <= 4  # one in forty by chance
    assert np.mean([row["false_alarm"] + row["miss"] for row in rows]) == pytest.approx(1, abs=0.02)


def test_runs_of_one_point_are_worth_less_than_runs_of_their_own():
    """Runs that are all the same within a point widen intervals by the root of their number."""
    rng = np.random.default_rng(2)
    value, arrives = rng.random(POINTS), rng.random(POINTS) < 0.5
    copies = pd.DataFrame({"noise": np.repeat(value, REPLICATES)}), np.repeat(arrives, REPLICATES)
    together, alone = signs(*copies, GROUPS).iloc[0], signs(*copies).iloc[0]
    widths = [row["miss_high"] - row["miss_low"] for row in (together, alone)]
    assert widths[0] / widths[1] == pytest.approx(np.sqrt(REPLICATES), rel=0.15)


def test_a_sign_that_never_misleads_still_has_an_interval():
    row = signs(*planted(), GROUPS).set_index("observable").loc["rising"]
    assert 0 <= row["miss_low"] <= row["miss"] < row["miss_high"] < 0.05


def test_whole_numbers_have_a_threshold_between_them():
    steps = pd.DataFrame({"steps": np.tile([0.0, 1.0, 2.0, 3.0, 4.0], POINTS)})
    row = signs(steps, (steps["steps"] >= 3).to_numpy(), GROUPS).iloc[0]
    assert (row["relation"], row["threshold"], row["miss"], row["false_alarm"]) == (">=", 2.5, 0, 0)


def test_a_run_without_a_value_shows_no_sign():
    observables, arrived = planted()
    observables.loc[arrived, "rising"] = np.nan
    row = signs(observables[["rising"]], arrived, GROUPS).iloc[0]
    assert row["miss"] == 1
    nothing = signs(pd.DataFrame({"nothing": np.full(GROUPS.size, np.nan)}), arrived, GROUPS).iloc[0]
    assert (nothing["miss"], nothing["false_alarm"], bool(nothing["tells"])) == (1, 0, False)


@pytest.mark.parametrize("arrived", [np.zeros(GROUPS.size, bool), np.ones(GROUPS.size, bool), GROUPS < 1])
def test_where_hardly_any_run_arrives_nothing_is_told(arrived: np.ndarray):
    with pytest.raises(InputError, match="watch"):
        signs(planted()[0], arrived, GROUPS)
