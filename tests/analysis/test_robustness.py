"""Robustness measures against what they are by hand, and what holds whatever the performance is."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight.analysis.robustness import FEWEST_FUTURES, MEASURES, SAMPLED, Luck, Performance, measured

FUTURES = 200


def drawn(strategies: int = 3, seed: int = 1) -> Performance:
    """Return strategies that share futures and differ in their own luck."""
    rng = np.random.default_rng(seed)
    value = rng.normal(size=FUTURES) + np.arange(strategies)[:, np.newaxis] / 4 + rng.normal(size=(strategies, FUTURES))
    return Performance(value, value > 0)


def tables(performance: Performance, names: str = "abc", seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    return measured(performance, tuple(names), seed)


def test_measures_are_what_they_are_by_hand():
    """Of ten futures in which one strategy is best in the last alone."""
    rising, level = np.arange(10.0), np.full(10, 8.0)
    performance = Performance(np.stack([rising, level]), np.stack([rising >= 4, level >= 4]))
    found = {name: measure.of(performance).tolist() for name, measure in MEASURES.items()}
    assert found == {
        "satisficing": [0.6, 1.0],
        "regret_90": [pytest.approx(7.1), pytest.approx(0.1)],
        "worst_decile": [0.0, 8.0],
        "minimax_regret": [8.0, 1.0],
        "maximin": [0.0, 8.0],
    }


def test_the_best_strategy_of_a_future_has_no_regret_there():
    performance = drawn()
    regret = performance.regret()
    assert (regret >= 0).all()
    assert (regret.min(axis=0) == 0).all()
    assert (regret[performance.value.argmax(axis=0), np.arange(FUTURES)] == 0).all()


def test_a_strategy_against_itself_has_no_regret_and_is_not_told_apart():
    one = drawn(1)
    twice = Performance(np.repeat(one.value, 2, axis=0), np.repeat(one.met, 2, axis=0))
    table, pairs = tables(twice, "ab")
    regrets = table[table["measure"].isin(["regret_90", "minimax_regret"])]
    assert (regrets["value"] == 0).all()
    assert (pairs["difference"] == 0).all()
    assert not pairs["apart"].any()


def test_the_order_of_strategies_plays_no_part():
    performance, order = drawn(), [2, 0, 1]
    table, _ = tables(performance)
    turned, _ = tables(Performance(performance.value[order], performance.met[order]), "cab")
    keys = ["measure", "strategy"]
    pd.testing.assert_frame_equal(table.set_index(keys).sort_index(), turned.set_index(keys).sort_index())


def test_the_same_seed_gives_the_same_tables():
    for one, other in zip(tables(drawn(), seed=4), tables(drawn(), seed=4), strict=True):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(("met", "share"), [(False, 0.0), (True, 1.0)])
def test_a_goal_that_is_never_or_always_met_still_has_an_interval(met: bool, share: float):
    value = drawn(1).value
    table, _ = tables(Performance(value, np.full_like(value, met, np.bool_)), "a")
    row = table[table["measure"] == "satisficing"].iloc[0]
    assert row["value"] == share
    assert abs({False: row["high"], True: row["low"]}[met] - share) == pytest.approx(
        3.841 / (FUTURES + 3.841), abs=1e-4
    )


def test_intervals_hold_their_values_and_extremes_have_none():
    table, _ = tables(drawn())
    extremes = ~table["measure"].isin(SAMPLED)
    assert table.loc[extremes, ["low", "high"]].isna().all(axis=None)
    rows = table[~extremes]
    assert ((rows["low"] < rows["value"]) & (rows["value"] < rows["high"])).all()


def test_pairs_are_told_apart_where_one_is_always_better():
    value = drawn(1).value
    better = Performance(np.vstack([value, value + 1]), np.vstack([value > 0, value + 1 > 0]))
    _, pairs = tables(better, "ab")
    assert pairs["apart"].all()
    shift = pairs.set_index("measure").loc["worst_decile", "difference"]
    assert shift == pytest.approx(-1)


@pytest.mark.slow
def test_intervals_of_few_futures_hold_what_they_say():
    """Of as few futures as are taken, nearly as often as they say."""
    rng, samples = np.random.default_rng(3), 100
    many = rng.exponential(size=(1, 1_000_000))
    (truth,) = MEASURES["worst_decile"].of(Performance(many, many > 1))
    held: list[Any] = []
    for sample in range(samples):
        value = rng.exponential(size=(1, FEWEST_FUTURES))
        table, _ = tables(Performance(value, value > 1), "a", seed=sample)
        row = table[table["measure"] == "worst_decile"].iloc[0]
        held.append(row["low"] <= truth <= row["high"])
    assert 0.85 < np.mean(held) < 1


def by_luck_alone(seed: int) -> tuple[Performance, Luck]:
    """Return two strategies that are alike in every future, but for the luck of twenty runs that all futures share."""
    rng, runs = np.random.default_rng(seed), 20
    values = rng.normal(size=(1, FUTURES, 1)) + rng.normal(size=(2, 1, runs))
    some = rng.integers(runs, size=(250, runs))
    performances = [Performance(mean, mean > 0) for mean in (values[..., one].mean(axis=-1) for one in some)]
    mean = values.mean(axis=-1)
    return Performance(mean, mean > 0), Luck(performances, runs)


def test_who_differs_by_luck_alone_is_not_told_apart():
    """Of 40 experiments on strategies that are alike, three measures each, few find a difference; without luck most."""
    found, blind = [], []
    for seed in range(40):
        performance, luck = by_luck_alone(seed)
        found += measured(performance, "ab", seed, luck)[1]["apart"].tolist()
        blind += measured(performance, "ab", seed)[1]["apart"].tolist()
    assert np.mean(found) < 0.1
    assert np.mean(blind) > 0.5


def test_of_one_run_a_future_nobody_is_told_apart():
    performance = drawn()
    table, pairs = measured(performance, "abc", 1, Luck([performance] * 2, 1))
    assert not pairs["apart"].any()
    assert table["low"].isna().all()
