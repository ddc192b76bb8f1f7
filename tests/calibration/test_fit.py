"""A calibration runs, says how well it mixed, and finds what was planted."""

import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from adoption import CODES, at, fit

from foresight.calibration.evidence import numbers, simulated
from foresight.calibration.fit import FULL, PRIOR_SD, SHORT, Diagnostics, Effort, Fit, calibrate
from foresight.calibration.hazards import VARIANTS
from foresight.errors import InputError
from foresight.observed.records import TRAINING, Records, own_records

#: Long enough to see that it runs, not to use what it finds.
TINY = Effort(chains=2, warmup=100, samples=100, draws=50)

#: Draws of a planted world that all have the same numbers.
PLANTED = {
    "peer_effect": 0.9,
    "ldc_penalty": -0.5,
    "opening_year": -0.4,
    "sd_member": 0.5,
    "sd_action": 0.7,
    "sd_subregion_action": 0.3,
}


def few() -> Records:
    """Return three agreements of the records that ship, one of them of ten members alone."""
    return own_records().only(["Rotterdam Convention", "UN Fish Stocks Agreement", "Aarhus Convention"])


@cache
def tiny(variant: str = "main", seed: int = 1) -> Fit:
    return calibrate(few(), VARIANTS[variant], TINY, seed)


@pytest.mark.slow  # compiling the model takes longer than sampling it
@pytest.mark.parametrize("variant", ["main", "bodies"])
def test_a_short_calibration_has_draws_of_every_number(variant: str):
    found = tiny(variant)
    assert set(found.coefficients) == set(VARIANTS[variant].terms)
    assert set(found.sds) == set(PRIOR_SD)
    for drawn in numbers(found).values():
        assert drawn.shape == (TINY.draws,)
        assert np.isfinite(drawn).all()
        assert drawn.std() > 0
    assert all((drawn > 0).all() for drawn in found.sds.values())
    assert found.member_effects.shape == (TINY.draws, len(CODES))
    inside = found.body_weight
    assert ((inside > 0) & (inside < 1)).all() if variant == "bodies" else (inside == 0).all()


@pytest.mark.costly
def test_a_calibration_runs_and_tells_how_well_it_mixed():
    found = tiny()
    assert np.isfinite(found.base).all()
    assert found.diagnostics.r_hat >= 0.99
    assert found.diagnostics.effective > 0
    assert found.diagnostics.divergences >= 0
    assert not found.diagnostics.sound  # two hundred draws are too few to be used


@pytest.mark.costly
def test_members_without_records_have_no_effect_of_their_own():
    known = ~np.isnan(tiny().member_effects).all(axis=0)
    assert {CODES[i] for i in np.nonzero(~known)[0]} == {"ASM", "GUM", "HKG", "MAC", "MNP", "NCL", "PYF"}
    assert np.isfinite(tiny().member_effects[:, known]).all()


@pytest.mark.slow  # compiles the model again
def test_the_same_seed_draws_the_same():
    again = calibrate(few(), VARIANTS["main"], TINY, 1)
    assert np.array_equal(again.base, tiny().base)
    assert np.array_equal(again.member_effects, tiny().member_effects, equal_nan=True)


@pytest.mark.slow  # compiles the model twice
def test_a_fit_of_many_is_that_of_its_own_records():
    first, other = (few().without(name) for name in ("Aarhus Convention", "Rotterdam Convention"))
    steps = Effort(chains=2, warmup=5, samples=5, draws=10)  # so few that rounding cannot grow
    many = [calibrate(each, VARIANTS["main"], steps._replace(many=True)) for each in (first, other, first)]
    alone = calibrate(first, VARIANTS["main"], steps)
    assert np.array_equal(many[0].base, many[2].base)
    assert not np.array_equal(many[0].base, many[1].base)
    assert many[0].base == pytest.approx(alone.base, rel=1e-6)
    assert np.allclose(many[0].member_effects, alone.member_effects, rtol=1e-5, equal_nan=True)


@pytest.mark.costly
def test_who_adopts_early_everywhere_has_the_greater_effect():
    mean = np.nanmean(tiny().member_effects[:, [at("JPN"), at("PRK")]], axis=0)
    acts = few().year[:, [at("JPN"), at("PRK")]]
    assert (mean[0] > mean[1]) == (acts[:, 0].sum() < acts[:, 1].sum())


@pytest.mark.parametrize("library", ["numpyro", "jax"])
def test_without_its_library_a_calibration_names_the_extra(monkeypatch: pytest.MonkeyPatch, library: str):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputError) as caught:
        calibrate(few(), VARIANTS["main"], TINY)
    (problem,) = caught.value.problems
    assert (problem.kind, problem.field, problem.details) == ("needs_extra", library, {"extra": "calibrate"})
    assert "foresight-escap[calibrate]" in str(problem)


@pytest.mark.parametrize(
    ("r_hat", "effective", "divergences", "sound"),
    [(1.001, 900.0, 0, True), (1.01, 900.0, 0, False), (1.001, 399.0, 0, False), (1.001, 900.0, 1, False)],
)
def test_draws_are_sound_where_chains_agree_and_are_long_enough(
    r_hat: float, effective: float, divergences: int, sound: bool
):
    assert Diagnostics(r_hat, effective, divergences).sound is sound


def test_the_posterior_that_ships_is_of_the_full_effort():
    assert FULL == (4, 1000, 2000, 1000, False)
    assert SHORT.draws <= SHORT.chains * SHORT.samples


def planted() -> tuple[Fit, Records]:
    """Return numbers, and records of the real size that they would have made."""
    effects = 0.5 * np.random.default_rng([3, 0]).standard_normal((1, len(CODES)))  # those that `simulated` draws anew
    truth = replace(fit(-2.2, draws=1, **PLANTED), member_effects=effects)
    return truth, simulated(truth, 0, own_records().used_for(TRAINING), seed=3)


@pytest.mark.costly
def test_simulated_records_keep_who_could_adopt_and_when():
    truth, made = planted()
    real = own_records().used_for(TRAINING)
    assert made.agreements == real.agreements
    assert np.array_equal(made.since, real.since)
    acted = made.year < 9999
    assert (made.year[acted] >= real.since[acted]).all()
    assert acted.sum() > 400
    assert np.array_equal(simulated(truth, 0, real, seed=3).year, made.year)


@pytest.mark.slow
def test_numbers_that_were_planted_are_found_again():
    truth, made = planted()
    found = calibrate(made, VARIANTS["main"], SHORT)
    for name, drawn in numbers(found).items():
        assert abs(drawn.mean() - numbers(truth)[name][0]) < 4 * drawn.std(), name
    known = ~np.isnan(found.member_effects).all(axis=0)
    away = (found.member_effects.mean(axis=0) - truth.member_effects[0])[known]
    assert (np.abs(away) < 4 * found.member_effects.std(axis=0)[known]).all()
    assert np.corrcoef(found.member_effects.mean(axis=0)[known], truth.member_effects[0][known])[0, 1] > 0.6
