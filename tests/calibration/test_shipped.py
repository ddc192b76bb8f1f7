"""The calibration that ships: sound, of the records that ship, and what a run takes is what was fitted."""

import numpy as np
import pandas as pd
import pytest

from foresight.calibration.baselines import BASELINES
from foresight.calibration.cases import cases_from, forward_cases, own_cases
from foresight.calibration.declared_fit import default_fit
from foresight.calibration.evidence import compared, numbers
from foresight.calibration.fit import SHORT, calibrate
from foresight.calibration.hazards import VARIANTS
from foresight.calibration.shipped import (
    described,
    estimates,
    fit_of,
    left_out_fits,
    posterior_of,
    recovery_table,
    variant_table,
)
from foresight.engine.rules import pledge_log_hazard_base
from foresight.errors import InputError
from foresight.facts.members import member_table
from foresight.facts.parameters import uncertainties
from foresight.facts.posterior import ESTIMATED, posterior
from foresight.observed.records import FORWARD, TRAINING, own_records

TRAINED = own_records().used_for(TRAINING)


def test_the_chains_of_the_posterior_mixed_and_none_diverged():
    found = fit_of(posterior()).diagnostics
    assert found.sound
    assert (found.r_hat < 1.01, found.effective >= 400, found.divergences) == (True, True, 0)


def test_the_posterior_is_of_the_records_that_ship():
    facts = posterior().facts
    assert facts["records"] == TRAINED.digest
    assert facts["agreements"] == [one.name for one in TRAINED.agreements]


def test_members_that_cannot_be_parties_have_no_effect_of_their_own():
    able = (TRAINED.since < 9999).any(axis=0)
    assert set(posterior().codes) == set(member_table().index[able])
    assert len(posterior().codes) == 51


def test_a_fit_becomes_draws_and_draws_become_the_fit():
    fit = fit_of(posterior())
    again = fit_of(posterior_of(fit, {"method": "test"}))
    assert again.base == pytest.approx(fit.base, abs=1e-12)
    assert np.array_equal(again.member_effects, fit.member_effects, equal_nan=True)
    assert all(np.array_equal(again.coefficients[term], fit.coefficients[term]) for term in fit.variant.terms)


def test_what_a_run_takes_adds_up_to_the_base_that_was_fitted():
    draws = posterior().parameters
    on_ridge = pledge_log_hazard_base(draws["peer_effect"][7], draws["pledge_offset"][7])
    assert fit_of(posterior()).base[7] == pytest.approx(on_ridge, abs=1e-12)


def test_every_training_agreement_has_a_fit_that_has_not_seen_it():
    assert list(left_out_fits()) == [one.name for one in TRAINED.agreements]
    for case in own_cases():
        assert case.name not in [one.name for one in case.training.agreements]
        assert len(case.training.agreements) == len(TRAINED.agreements) - 1


def test_the_fits_that_leave_one_out_are_near_the_posterior_and_differ_from_it():
    whole = fit_of(posterior())
    for name, values in numbers(whole).items():
        others = np.array([numbers(fit)[name].mean() for fit in left_out_fits().values()])
        assert (np.abs(others - values.mean()) < 1.5 * values.std()).all()
        assert len(np.unique(others.round(4))) > 1


def test_the_fits_that_leave_one_out_mixed():
    assert max(fit.diagnostics.r_hat for fit in left_out_fits().values()) < 1.03
    assert sum(fit.diagnostics.divergences for fit in left_out_fits().values()) == 0


def test_the_open_test_set_is_never_learnt_from():
    cases = forward_cases()
    assert {case.name for case in cases} == {one.name for one in own_records().used_for(FORWARD).agreements}
    assert {case.kind for case in cases} == {"forward"}
    assert not {case.name for case in cases} & {one.name for case in cases for one in case.training.agreements}


def test_an_agreement_that_was_learnt_from_is_forecast_by_the_fit_that_left_it_out():
    (case,) = forward_cases(own_records().only(["CITES"]))
    assert case.kind == "left_out"
    assert case.fit is left_out_fits()["CITES"]


def test_estimates_stand_beside_the_declared_values():
    table = estimates().set_index("parameter")
    assert list(table.index) == list(posterior().parameters)
    assert set(table.index) == set(ESTIMATED)
    assert table.loc["peer_effect", "default"] == uncertainties()["peer_effect"].default
    assert table.loc["opening_year", "default"] == -2.0
    assert ((table["low"] < table["mean"]) & (table["mean"] < table["high"])).all()


def test_described_numbers_are_those_of_the_draws():
    (row,) = described({"x": np.arange(101.0)}).to_dict("records")
    assert row == {"parameter": "x", "mean": 50.0, "sd": pytest.approx(np.arange(101).std()), "low": 2.5, "high": 97.5}


def test_the_declared_model_is_one_draw_of_nameless_members():
    fit = default_fit()
    assert fit.base == pytest.approx([-1.67 - 0.33 * 1.1 - 0.5])
    assert np.isnan(fit.member_effects).all()
    assert fit.coefficients["opening_year"].tolist() == [-2.0]


def test_every_variant_is_compared_with_the_main_one_in_both_modes_and_scores():
    table = variant_table()
    assert set(table["variant"]) == set(VARIANTS)
    assert len(table) == len(VARIANTS) * 2 * 2
    main = table[table["variant"] == "main"]
    assert (main[["gain", "low", "high"]] == 0).all(axis=None)


def test_a_variant_gains_what_its_mean_is_smaller():
    table = variant_table().set_index(["variant", "mode", "score"])
    for (name, mode, score), row in table.iterrows():
        assert table.loc[("main", mode, score), "mean"] - row["mean"] == pytest.approx(row["gain"], abs=2e-7), name


def test_planted_numbers_were_recovered_from_a_hundred_panels():
    table = recovery_table()
    assert set(table["parameter"]) == set(numbers(fit_of(posterior())))
    assert (table["n"] == 100).all()
    assert table["holds"].mean() >= 0.9


def test_too_early_a_year_to_learn_from_is_refused():
    with pytest.raises(InputError) as error:
        cases_from(1960, TRAINED)
    assert [(one.field, one.file, one.kind) for one in error.value.problems] == [("", "--from", "out_of_range")]


def test_there_are_the_baselines_that_are_asked_for():
    assert {"constant", "constant_ldc", "bass", "logistic", "persistence"} <= set(BASELINES)


def test_comparing_a_prediction_with_itself_gains_nothing():
    table = pd.DataFrame({"family": ["A", "B"], "adopted": [1, 0], "start": [0.4, 0.2], "year_ahead": [0.5, 0.1]})
    same = compared({"main": table}, "main")
    assert (same[["gain", "low", "high"]] == 0).all(axis=None)


@pytest.mark.slow
def test_a_short_refit_gives_the_shipped_posterior():
    """Means within the error of a short fit: four standard errors at the effective number it reports."""
    short, whole = calibrate(TRAINED, VARIANTS["main"], SHORT, seed=5), fit_of(posterior())
    allowed = 4.0 / np.sqrt(short.diagnostics.effective) + 4.0 / np.sqrt(whole.diagnostics.effective)
    for name, values in numbers(whole).items():
        assert abs(numbers(short)[name].mean() - values.mean()) < allowed * values.std(), name
    assert short.diagnostics.divergences == 0


@pytest.mark.slow
def test_only_what_was_known_is_learnt_from_a_later_start():
    cases = cases_from(1995, TRAINED.only(["CITES", "Stockholm Convention", "UNCCD"]))
    assert {case.name: (case.kind, case.start) for case in cases} == {
        "CITES": ("going_on", 1995),
        "UNCCD": ("going_on", 1995),
        "Stockholm Convention": ("forecast", 2001),
    }
    assert all(one.opened < 1995 and one.last < 1995 for case in cases for one in case.training.agreements)
