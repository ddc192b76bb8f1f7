"""Evidence on the calibration: predictions of what was left out, simulated panels, and what was recovered."""

import adoption
import numpy as np
import pandas as pd
import pytest

from foresight.calibration.at_risk import at_risk
from foresight.calibration.evidence import compared, numbers, predicted, recovery, simulated
from foresight.observed.records import NEVER

RECORDS = adoption.records(
    {"A": {"FJI": 2001, "JPN": 2003}, "B": {"NZL": 2002}},
    adoption.agreement("A", domain="seas"),
    adoption.agreement("B", opened=2001, last=2006),
)
FITS = {name: adoption.fit(base=-1.5, opening_year=-2.0) for name in ("A", "B")}


def test_rows_that_are_predicted_are_those_at_risk():
    found, panel = predicted(RECORDS, FITS), at_risk(RECORDS)
    assert len(found) == len(panel)
    assert found["adopted"].tolist() == panel.adopted.tolist()
    assert found["treaty"].tolist() == np.array(["A", "B"])[panel.agreement].tolist()


def test_agreements_of_one_domain_are_a_family_and_others_stand_alone():
    found = predicted(RECORDS, FITS)
    assert set(zip(found["treaty"], found["family"], strict=True)) == {("A", "seas"), ("B", "B")}


def test_without_effects_both_modes_predict_the_hazard():
    found = predicted(RECORDS, FITS)
    later = at_risk(RECORDS).covariates["first"] == 0
    chance = -np.expm1(-np.exp(-1.5))
    assert found.loc[later, ["start", "year_ahead"]].to_numpy() == pytest.approx(chance, abs=1e-9)


def test_the_better_variant_gains_and_the_reference_nothing():
    table = pd.DataFrame({"family": ["A", "B"] * 5, "adopted": 0, "start": 0.2, "year_ahead": 0.2})
    found = compared({"main": table, "other": table.assign(start=0.1)}, "main").set_index(["variant", "mode", "score"])
    assert found.loc[("other", "start", "brier"), "gain"] == pytest.approx(0.04 - 0.01)
    assert (found.loc["main"][["gain", "low", "high"]] == 0).all(axis=None)


def test_a_simulated_panel_has_the_same_agreements_and_members_at_risk():
    made = simulated(FITS["A"], 0, RECORDS, seed=1)
    assert made.agreements == RECORDS.agreements
    assert ((made.year >= made.since) | (made.year == NEVER)).all()
    assert ((made.year <= 2006) | (made.year == NEVER)).all()


def test_what_is_recovered_is_counted_by_its_rank():
    table = pd.DataFrame({"parameter": "x", "panel": range(4), "planted": 0.0, "mean": 0.1, "sd": 1.0})
    found = recovery(table.assign(rank=[0.5, 0.3, 0.05, 0.999])).set_index("level")
    assert found["inside"].to_dict() == {0.5: 2, 0.8: 2, 0.95: 3}
    assert found["bias"].tolist() == pytest.approx([0.1] * 3)


def test_numbers_leave_effects_aside():
    assert set(numbers(FITS["A"])) == {
        *("base", "peer_effect", "ldc_penalty", "opening_year"),
        *("sd_member", "sd_action", "sd_subregion_action"),
    }
