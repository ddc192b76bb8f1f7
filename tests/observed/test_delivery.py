"""What records say about follow-ups, what they do not say about delivery, and what hangs on it."""

from functools import cache
from math import inf, log

import numpy as np
import pandas as pd
import pytest
from worlds import circle

from foresight.analysis.band_parts import DELIVERY, GROUPS, PARTS, TREATIES, BandParts, band_parts
from foresight.engine.ensemble import new_history, simulate_blocks
from foresight.engine.rules import effect
from foresight.errors import InputError
from foresight.facts.parameters import uncertainties
from foresight.observed.delivery import estimates
from foresight.observed.filings import filings
from foresight.observed.follow_up import (
    FOLLOW_UPS,
    LDC,
    REVIEWED,
    after_first,
    after_intent,
    by_review,
    column,
    spells_of,
)
from foresight.observed.spells import Spells, rate_of
from foresight.reports.trust.filed import delivery_sentences
from foresight.runs import DRAWN, Runs
from foresight.texts import Words, drafts, languages

LANGUAGES = (*languages(), *drafts())

#: Base points of the tests: an eighth of what is shown, so that intervals are nearly three times as wide.
POINTS = 256


@cache
def table() -> pd.DataFrame:
    return estimates().set_index(["measure", "quantity", "group"]).sort_index()


@cache
def parts(points: int = POINTS, seed: int = 1) -> BandParts:
    return band_parts(points=points, seed=seed)


def model_waits(rate: float, seed: int) -> Spells:
    """Return the waits of runs from the first pledge to its delivery; money is no obstacle, capacity differs."""
    capacity = np.linspace(0.2, 0.9, 49)
    inputs = circle(49, steps=12, delivery_rate=rate, base_capacity=np.tile(capacity, (12, 1)))
    history = new_history(inputs, 4)
    for _ in simulate_blocks(inputs, Runs(DRAWN, seed, range(4)), whole=history):
        pass
    pledged, delivered = (state.reshape(state.shape[0], -1) > 0 for state in (history.pledged, history.delivered))
    last = len(pledged) - 1
    begun = np.where(pledged.any(axis=0), pledged.argmax(axis=0), last)
    done = np.where(delivered.any(axis=0), delivered.argmax(axis=0), last)
    event = delivered.any(axis=0)
    waited = (done - begun - event).astype(float)
    high = np.where(event, (done - begun).astype(float), inf)
    weight = np.broadcast_to(capacity[:, np.newaxis, np.newaxis], history.pledged.shape[1:]).ravel()
    there = waited + event > 0
    return Spells(np.zeros(there.sum()), waited[there], high[there], weight[there])


@pytest.mark.parametrize("rate", [0.2, 0.4, 0.8])
def test_the_delivery_rate_of_the_model_is_found_again_in_its_own_deliveries(rate: float):
    """The form is that of the model: where money is no obstacle, what is estimated is `delivery_rate`."""
    found = rate_of(model_waits(rate, seed=1))
    assert found.low <= rate <= found.high


def test_every_follow_up_is_estimated_for_all_for_ldcs_and_for_others():
    for measure in FOLLOW_UPS:
        rates = table().loc[measure, "rate"]
        assert set(rates.index) == {"region", "LDC", "not_LDC"}
        for name in ("at_risk", "events", "censored"):
            assert rates.loc["region", name] == rates.loc["LDC", name] + rates.loc["not_LDC", name]


def test_every_estimate_lies_in_its_interval_and_every_member_followed_up_or_waits():
    known = table().drop(index="cop26", level="measure")
    assert ((known["low"] < known["estimate"]) & (known["estimate"] < known["high"])).all()
    assert (known["at_risk"] == known["events"] + known["censored"]).all()


def test_the_estimates_of_follow_ups_are_these():
    """Counts are those of the records by hand; rates are follow-ups over years at risk times capacity."""
    region = table().xs("region", level="group").xs("rate", level="quantity")
    counts = region.loc[list(FOLLOW_UPS), ["at_risk", "events"]].to_numpy().tolist()
    assert counts == [[50, 49], [50, 43], [49, 39], [33, 8]]
    waits = spells_of(after_first())
    crude = waits.events / (waits.weight * np.where(np.isfinite(waits.high), waits.high, waits.low)).sum()
    assert region.loc["first_to_update", "estimate"] == pytest.approx(crude, rel=0.01)


def test_the_member_whose_first_contribution_came_before_the_intended_one_is_left_out():
    assert set(filings("indc").index) - set(after_intent().index) == {"PRK"}


def test_a_member_without_a_contribution_waits_until_the_list_ends():
    assert after_intent().loc["IRN", "high"] == inf
    assert "IRN" not in after_first().index


def test_waits_cut_at_reviews_are_the_whole_waits():
    cut, whole = by_review(), after_first()
    assert (cut["low"] - cut["entry"]).sum() == pytest.approx((whole["low"] - whole["entry"]).sum())
    assert (cut["low"] >= cut["entry"]).all()
    assert np.isfinite(cut["high"]).sum() == np.isfinite(whole["high"]).sum()
    assert rate_of(spells_of(cut)) == pytest.approx(rate_of(spells_of(whole)))
    assert set(column(cut, REVIEWED)) == set(column(cut, LDC)) == {0.0, 1.0}


def test_the_records_do_not_tell_whether_reviews_speed_updates_up():
    """The sentences say so; they have to change if the interval ever leaves 0, or the declared range, out."""
    declared, found = uncertainties()["accountability_effect"], table().loc["reviewed", "effect", "region"]
    assert found["low"] < declared.low
    assert found["high"] > declared.high
    ratio = table().loc["reviewed", "ratio", "region"]
    assert found["estimate"] == pytest.approx(log(ratio["estimate"]) / effect(1))


def test_regardless_of_the_moment_an_effect_would_have_been_made_up():
    assert table().loc["reviewed", "ratio_any_time", "region"]["low"] > 1


def test_updates_came_together_and_not_at_a_steady_pace():
    """As the sentence on them says."""
    assert table().loc["first_to_update", "clock_power", "region"]["low"] > 2


def test_of_the_pledges_of_2021_nothing_is_estimated():
    row = table().loc["cop26", "rate", "region"]
    assert row[["estimate", "low", "high", "events", "censored"]].isna().all()
    assert row["at_risk"] == 36


@pytest.mark.costly
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_said_in_every_language(language: str):
    said = delivery_sentences(estimates(), Words(language))
    assert len(said) == 1 + len(set(estimates()["measure"]))
    assert len(set(said)) == len(said)
    assert not any("nan" in one or "{" in one for one in said)


def test_groups_are_declared_uncertainties_without_overlap():
    assert {*DELIVERY, *TREATIES} <= uncertainties().keys()
    assert not set(DELIVERY) & set(TREATIES)
    assert {name for name in TREATIES if uncertainties()[name].tag != "estimated"} == set()


def test_bands_are_those_of_five_ways_to_vary():
    bands = parts().bands.set_index("varied")
    assert list(bands.index) == ["everything", "delivery", "not_delivery", "treaties", "chance"]
    assert ((bands["p10"] < bands["median"]) & (bands["median"] < bands["p90"])).all()
    assert bands.loc["everything", "of_everything"] == 1
    assert (bands["of_everything"] == bands["width"] / bands["width"].iloc[0]).all()


def test_to_vary_more_widens_the_band():
    width = parts().bands.set_index("varied")["width"]
    assert width["chance"] < width["delivery"] < width["everything"] * 1.1
    assert width["chance"] < width["not_delivery"] < width["everything"]


def test_shares_of_variance_hold_together():
    """A part does at least as much with the others as alone, and first shares of all parts are no more than all."""
    shares = parts().shares.set_index("part")
    assert tuple(shares.index) == PARTS == (*GROUPS, "others", "chance")
    assert (shares["total"] > shares["first"]).all()
    assert 0.5 < shares["first"].sum() < 1
    for name in ("first", "total"):
        assert ((shares[f"{name}_low"] <= shares[name]) & (shares[name] <= shares[f"{name}_high"])).all()


def test_the_delivery_side_makes_more_of_the_variance_than_what_is_estimated():
    shares = parts().shares.set_index("part")
    assert shares.loc["delivery", "first"] > 1.5 * shares.loc["treaties", "first"]


@pytest.mark.costly
def test_the_same_seed_gives_the_same_parts_and_another_others():
    pd.testing.assert_frame_equal(band_parts(points=64).bands, parts(64).bands)
    assert not band_parts(points=64, seed=2).bands.equals(parts(64).bands)


@pytest.mark.costly
def test_two_seeds_agree_within_their_intervals():
    one, other = (parts(seed=seed).shares.set_index("part") for seed in (1, 2))
    assert (one["total_low"] <= other["total_high"]).all()
    assert (other["total_low"] <= one["total_high"]).all()


def test_pledges_do_not_know_the_delivery_side_before_anything_is_delivered():
    """The negative control: what delivery cannot have moved yet has none of its variance."""
    shares = band_parts(outcome="pledged_share.rung_1", year=2018, points=64).shares.set_index("part")
    assert shares.loc["delivery", "total"] == 0


def test_a_year_that_no_run_has_is_refused():
    with pytest.raises(InputError, match="2041"):
        band_parts(year=2041, points=64)
