"""Every method is scored on the same rows, with what was known at the time and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from adoption import CODES, agreement, at, fit, records

from foresight.calibration.baselines import BASELINES
from foresight.calibration.fit import Fit
from foresight.calibration.forecast import FUTURES
from foresight.calibration.hindcast import (
    COMPARISONS,
    CRPS,
    DECLARED,
    HORIZONS,
    METHODS,
    MODEL,
    MODES,
    Case,
    Hindcast,
    hindcast,
)
from foresight.calibration.scores import LEVELS, brier, coverage, crps, log_score, pit
from foresight.observed.records import Records

ABLE = CODES[::3]

#: What is learnt from: two agreements of the nineties.
TRAINING = records(
    {"X": {ABLE[n]: 1990 + n for n in range(8)}, "Y": {ABLE[n]: 1992 + n // 2 for n in range(12)}},
    agreement("X", 1990, 1999),
    agreement("Y", 1992, 1999),
    able=ABLE,
)

ACTS = {"A": {ABLE[n]: 2000 + n // 2 for n in range(9)}, "B": {ABLE[n]: 2001 + n for n in range(4)}}

FIT = fit(-2.0, draws=20, peer_effect=0.6, sd_action=0.8, sd_subregion_action=0.2)


def known(acts: Mapping[str, Mapping[str, int]] = ACTS) -> Records:
    return records(acts, agreement("A", 2000, 2005), agreement("B", 2001, 2006), able=ABLE)


def cases(acts: Mapping[str, Mapping[str, int]] = ACTS, start: int = 0, own: Fit = FIT) -> list[Case]:
    of = known(acts)
    return [Case(own, TRAINING, of, k, max(start, one.opened), "left_out") for k, one in enumerate(of.agreements)]


#: How far the hindcast of both agreements said it was.
PROGRESS: list[tuple[int, int]] = []


@cache
def scored() -> Hindcast:
    return hindcast(cases(), progress=lambda done, todo: PROGRESS.append((done, todo)))


def columns(mode: str) -> list[str]:
    return [f"{mode}.{method}" for method in METHODS]


@pytest.mark.costly
def test_the_rows_are_the_members_and_years_at_risk():
    found = scored().rows
    of = known()
    expected = [
        (one.name, year, code, int(of.year[k, at(code)] == year))
        for k, one in enumerate(of.agreements)
        for year in range(one.opened, one.last + 1)
        for code in ABLE
        if of.year[k, at(code)] >= year
    ]
    assert list(found[["treaty", "year", "iso3", "adopted"]].itertuples(index=False, name=None)) == expected


def test_rows_are_the_same_for_every_method_and_mode():
    """One table holds all chances side by side, and every chance is one."""
    found = scored().rows[[name for mode in MODES for name in columns(mode)]]
    assert found.notna().all(axis=None)
    assert ((found >= 0) & (found <= 1)).all(axis=None)
    assert set(scored().scores["rows"]) == {len(found)}


def test_methods_are_the_model_its_declared_numbers_and_all_baselines():
    assert (MODEL, DECLARED, *BASELINES) == METHODS
    assert set(zip(scored().scores["mode"], scored().scores["method"], strict=True)) == {
        (mode, method) for mode in MODES for method in METHODS
    }


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", METHODS)
def test_scores_are_the_means_over_the_rows(mode: str, method: str):
    rows = scored().rows
    found = scored().scores.set_index(["mode", "method"]).loc[(mode, method)]
    chance, happened = rows[f"{mode}.{method}"].to_numpy(), rows["adopted"].to_numpy()
    assert found["brier"] == pytest.approx(brier(chance, happened).mean(), abs=1e-15)
    assert found["log_score"] == pytest.approx(log_score(chance, happened).mean(), abs=1e-15)


def test_the_scores_of_agreements_weighed_by_their_rows_are_the_scores_of_all():
    parts = scored().by_agreement
    weighed = parts.assign(brier=parts["brier"] * parts["rows"]).groupby(["mode", "method"])[["brier", "rows"]].sum()
    whole = scored().scores.set_index(["mode", "method"])["brier"]
    assert (weighed["brier"] / weighed["rows"]).loc[whole.index].to_numpy() == pytest.approx(whole.to_numpy())
    assert parts[["treaty", "start", "last"]].drop_duplicates().values.tolist() == [
        ["A", 2000, 2005],
        ["B", 2001, 2006],
    ]


@pytest.mark.parametrize(("mode", "score"), COMPARISONS)
def test_the_best_baseline_is_the_one_with_the_smallest_score(mode: str, score: str):
    whole = scored().means(mode, score)
    best = scored().best_baseline(mode, score)
    assert whole[best] == min(whole[name] for name in BASELINES)
    found = scored().gain(mode, score)
    assert found["gain"] == pytest.approx(whole[best] - whole[MODEL], abs=1e-14)
    assert found["baseline"] == best
    assert found["low"] <= found["gain"] <= found["high"]


def test_the_interval_of_a_gain_is_that_of_whole_agreements():
    """Of two agreements a resample has both, or one twice: the ends are the gains on one alone."""
    found = scored().gain("start", "brier")
    parts = scored().by_agreement.set_index(["mode", "method", "treaty"])["brier"]
    alone = [parts["start", found["baseline"], name] - parts["start", MODEL, name] for name in ("A", "B")]
    assert (found["low"], found["high"]) == (pytest.approx(min(alone)), pytest.approx(max(alone)))


def test_the_interval_of_the_number_of_parties_is_that_of_whole_agreements_too():
    found = scored().gain(MODES[0], CRPS)
    parts = scored().counts.groupby(["method", "treaty"])["crps"].mean()
    alone = [parts[found["baseline"], name] - parts[MODEL, name] for name in ("A", "B")]
    assert (found["low"], found["high"]) == (pytest.approx(min(alone)), pytest.approx(max(alone)))


def test_counts_are_those_of_the_records_once_a_method_and_year():
    found = scored().counts
    of = known()
    for k, one in enumerate(of.agreements):
        own = found[found["treaty"] == one.name]
        assert own.groupby("method").size().to_dict() == dict.fromkeys(METHODS, one.last - one.opened + 1)
        for row in own.itertuples():
            assert row.seen == (of.year[k] <= row.year).sum()
            assert row.age == row.year - one.opened + 1


def test_wider_bands_hold_narrower_ones():
    found = scored().counts
    names = [f"{level:.0%}" for level in LEVELS]
    for inner, outer in pairwise(names):
        assert (found[f"low_{outer}"] <= found[f"low_{inner}"]).all()
        assert (found[f"high_{outer}"] >= found[f"high_{inner}"]).all()


def test_a_band_is_covered_once_an_agreement():
    found = scored().coverage()
    assert set(found["horizon"]) == {HORIZONS[0]}
    assert set(found["n"]) == {2}
    model = scored().counts.query("method == @MODEL and age == 5")
    for row in found.itertuples():
        inside = model["seen"].between(model[f"low_{row.level:.0%}"], model[f"high_{row.level:.0%}"]).tolist()
        exact = coverage(inside, row.level, ["A", "B"])
        assert (row.inside, row.low, row.high, row.holds) == (exact.inside, exact.low, exact.high, exact.holds)


def test_chances_rise_with_the_years_and_are_of_everybody_who_could():
    found = scored().chances
    for (_, _), own in found.groupby(["treaty", "iso3"]):
        assert own["year"].is_monotonic_increasing
        assert own["chance"].is_monotonic_increasing
    assert set(found["iso3"]) == set(ABLE)


@pytest.mark.costly
def test_a_certain_forecast_has_the_error_of_its_count():
    """Nobody adopts where the hazard is next to nothing: every future has the count of the start."""
    slow = hindcast(cases(own=fit(-40.0, draws=5))[:1]).counts.query("method == @MODEL")
    for row in slow.itertuples():
        assert row.crps == crps(np.zeros(5), row.seen) == row.seen
        assert (row.below, row.upto) == pit(np.zeros(5), row.seen)
        assert row.median == 0


@pytest.mark.costly
def test_nothing_from_the_start_on_changes_a_forecast():
    starts = {"A": 2004, "B": 2002}
    other = {
        name: {code: year for code, year in ACTS[name].items() if year < start} | {ABLE[-1]: start, ABLE[-2]: start + 1}
        for name, start in starts.items()
    }
    one, two = (hindcast([replace(case, start=starts[case.name]) for case in cases(acts)]) for acts in (ACTS, other))
    shared = ["treaty", "iso3", "year"]
    both = one.rows.merge(two.rows, on=shared)
    assert (both["treaty"].value_counts() > 20).all()
    for name in columns("start"):
        assert (both[f"{name}_x"] == both[f"{name}_y"]).all()
    known_before = both[both["year"] == both["treaty"].map(starts)]
    assert set(known_before["treaty"]) == set(starts)
    for name in columns("year_ahead"):
        assert (known_before[f"{name}_x"] == known_before[f"{name}_y"]).all()
    fixed = ["median", *(f"{side}_{level:.0%}" for side in ("low", "high") for level in LEVELS)]
    pd.testing.assert_frame_equal(one.counts[fixed], two.counts[fixed])


@pytest.mark.costly
def test_the_same_seed_makes_the_same_hindcast():
    """An agreement alone has the rows that it has beside another."""
    again = hindcast(cases()[:1])
    pd.testing.assert_frame_equal(again.rows, scored().rows.query("treaty == 'A'"))
    pd.testing.assert_frame_equal(again.counts, scored().counts.query("treaty == 'A'"))


def test_progress_is_told_after_each_agreement():
    assert len(scored().cases) == 2
    assert PROGRESS == [(1, 2), (2, 2)]


def test_worlds_are_the_futures_of_the_members_that_can_adopt():
    """In each, members wait until it happens and no longer, and on average as the chances say."""
    for case, worlds in zip(scored().cases, scored().worlds, strict=True):
        shape = (FUTURES, len(case.years), len(ABLE))
        waiting, happened = worlds.waiting.reshape(shape), worlds.happened.reshape(shape)
        assert waiting[:, 0].all()
        assert np.array_equal(waiting[:, 1:], waiting[:, :-1] & ~happened[:, :-1])
        assert not (happened & ~waiting).any()
        share = worlds.happened.sum() / worlds.waiting.sum()
        assert share == pytest.approx((worlds.chance * worlds.waiting).sum() / worlds.waiting.sum(), abs=0.01)


def test_bars_hold_that_members_of_one_agreement_are_alike():
    """Bars of the model's futures are wider than those of independent rows, which year ahead still has."""
    alone = replace(scored(), worlds=())
    wide, narrow = (one.reliability("start")["high"].mean() for one in (scored(), alone))
    assert wide > narrow
    pd.testing.assert_frame_equal(scored().reliability("year_ahead"), alone.reliability("year_ahead"))


def test_the_diagram_and_the_histogram_are_of_the_model():
    assert scored().reliability("start")["n"].sum() == len(scored().rows)
    assert scored().rank_histogram().shape == (10,)
