"""Members at risk, and what was so around them, in worlds small enough to count by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from adoption import CODES, agreement, at, fit, records

from foresight.actions import ACTIONS, DOMAINS, SUBREGIONS
from foresight.agents.circles import Peers, Subregion
from foresight.calibration.at_risk import Panel, at_risk, exposure
from foresight.calibration.fit import _merged
from foresight.calibration.hazards import VARIANTS, columns, log_hazard
from foresight.facts.bodies import memberships
from foresight.facts.members import member_table
from foresight.observed.records import TRAINING, Records, own_records, subregions

#: Three members of the Pacific, two of South-East Asia.
FEW = ("FJI", "TON", "KIR", "SGP", "VNM")


def panel(acts: dict[str, int], able: tuple[str, ...] = FEW, **changes: int) -> Panel:
    return at_risk(records({"A": acts}, agreement(**changes), able=able))


def of(found: Panel, code: str, year: int, name: str) -> float:
    row = (found.member == at(code)) & (found.year == year)
    assert row.sum() == 1
    return float(found.covariates[name][row][0])


def years(found: Panel, code: str) -> list[int]:
    return found.year[found.member == at(code)].tolist()


def test_a_member_is_at_risk_until_it_adopts_or_the_list_ends():
    found = panel({"FJI": 2002, "TON": 2000}, last=2003)
    assert years(found, "FJI") == [2000, 2001, 2002]
    assert years(found, "TON") == [2000]
    assert years(found, "SGP") == [2000, 2001, 2002, 2003]
    assert years(found, "WSM") == []


def test_a_member_adopts_in_its_last_year_and_in_no_other():
    found = panel({"FJI": 2002}, last=2003)
    assert found.adopted[found.member == at("FJI")].tolist() == [0, 0, 1]
    assert found.adopted.sum() == 1


def test_an_act_after_the_last_full_year_is_censored():
    found = panel({"FJI": 2004}, last=2003)
    assert years(found, "FJI") == [2000, 2001, 2002, 2003]
    assert found.adopted.sum() == 0


def test_a_party_by_succession_before_the_opening_is_never_at_risk_but_seen_by_others():
    found = panel({"FJI": 1998})
    assert years(found, "FJI") == []
    assert of(found, "TON", 2000, "near") == 1 / 2


def test_near_is_the_share_of_the_others_of_the_subregion_at_the_start_of_the_year():
    found = panel({"FJI": 2001, "SGP": 2000})
    assert [of(found, "TON", year, "near") for year in (2000, 2001, 2002)] == [0, 0, 1 / 2]
    assert of(found, "FJI", 2001, "near") == 0
    assert [of(found, "VNM", year, "near") for year in (2000, 2001)] == [0, 1]


def test_far_is_the_share_of_those_outside_the_subregion():
    found = panel({"FJI": 2001, "SGP": 2000})
    assert [of(found, "TON", year, "far") for year in (2000, 2001)] == [0, 1 / 2]
    assert [of(found, "VNM", year, "far") for year in (2001, 2002)] == [0, 1 / 3]


def test_bodies_are_the_mean_share_of_the_others_of_each_body():
    """Fiji is in bodies with both other islands, alone, and for the others of each body half or none adopted."""
    found = panel({"TON": 2000})
    joined = [members for members in memberships().values() if "FJI" in members]
    shares = [len({"TON"} & {*one}) / max(len({*one} & {*FEW} - {"FJI"}), 1) for one in joined]
    assert 0 < np.mean(shares) < 1
    assert of(found, "FJI", 2001, "bodies") == pytest.approx(np.mean(shares), abs=1e-15)


def test_the_share_in_one_body_is_that_of_its_others():
    """Viet Nam and Singapore share ASEAN, its haze agreement, COBSEA and PEMSEA; in MRC Viet Nam has nobody here."""
    joined = [slug for slug, members in memberships().items() if "VNM" in members]
    together = [slug for slug in joined if "SGP" in memberships()[slug]]
    assert {"ASEAN", "COBSEA"} <= {*together}
    found = panel({"SGP": 2000}, able=("SGP", "VNM"))
    assert of(found, "VNM", 2001, "bodies") == pytest.approx(len(together) / len(joined), abs=1e-15)


def test_a_member_of_no_body_has_its_subregion_alone():
    found = panel({"GEO": 2000}, able=("ARM", "GEO", "KAZ"))
    assert of(found, "ARM", 2001, "bodies") == of(found, "ARM", 2001, "near") == 1 / 2


def test_who_cannot_adopt_counts_nowhere():
    whole, part = panel({"FJI": 2000}), panel({"FJI": 2000}, able=("FJI", "TON"))
    assert of(whole, "TON", 2001, "near") == 1 / 2
    assert of(part, "TON", 2001, "near") == 1
    assert of(part, "TON", 2001, "far") == 0


def test_facts_are_those_of_the_member_and_the_year():
    found = at_risk(records({"A": {}}, agreement(opened=2009, last=2012, fund=True), able=("MDV", "SGP")))
    assert [of(found, "MDV", year, "ldc") for year in range(2009, 2013)] == [1, 1, 0, 0]
    assert [of(found, "MDV", year, "first") for year in range(2009, 2013)] == [1, 0, 0, 0]
    assert [of(found, "MDV", year, "decades") for year in range(2009, 2013)] == pytest.approx([0, 0.1, 0.2, 0.3])
    assert (of(found, "SGP", 2009, "rich"), of(found, "MDV", 2009, "rich")) == (1, 0)
    assert found.covariates["fund"].tolist() == [1] * len(found)
    assert found.covariates["sids"].mean() == 1  # both are on the list of small island developing States


def test_rows_come_by_agreement_year_and_member():
    found = at_risk(own_records().used_for(TRAINING))
    keys = list(zip(found.agreement.tolist(), found.year.tolist(), found.member.tolist(), strict=True))
    assert keys == sorted(set(keys))
    assert set(map(len, found.covariates.values())) == {len(found)}


def test_every_share_lies_between_none_and_all():
    found = at_risk(own_records())
    for name in ("near", "bodies", "far"):
        assert 0 <= found.covariates[name].min() < found.covariates[name].max() <= 1


def test_the_calibration_set_has_these_rows_and_adoptions():
    found = at_risk(own_records().used_for(TRAINING))
    assert (len(found), found.adopted.sum()) == (10_622, 858)


def seen_by_the_model(adopted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return near and far of each member as the Mesa model has them, where all 58 could adopt."""
    places = [object.__new__(Subregion) for _ in SUBREGIONS]
    region = Peers()
    for place in places:
        Peers.__init__(place)
    for i, g in enumerate(subregions().tolist()):
        rungs = [int(adopted[i])] * len(ACTIONS)
        member = SimpleNamespace(pledged=rungs, kept=0.0, broken=0.0, acted=[0.0] * len(DOMAINS))
        for peers in (region, places[g]):
            peers.members.append(member)
    for peers in (region, *places):
        peers.observe()
    for place in places:
        place.compare(region)
    near, far = (np.array([getattr(place, name)[0][0] for place in places]) for name in ("near", "far"))
    return near[subregions()], far[subregions()]


@pytest.mark.parametrize("seed", range(5))
def test_shares_are_those_of_the_model_for_who_has_not_adopted(seed: int):
    adopted = np.random.default_rng(seed).random(len(CODES)) < seed / 4
    found = exposure(np.ones((1, len(CODES)), dtype=bool), adopted[np.newaxis], ("near", "far"))
    near, far = seen_by_the_model(adopted)
    assert found["near"][0][~adopted] == pytest.approx(near[~adopted], abs=1e-15)
    assert found["far"][0] == pytest.approx(far, abs=1e-15)


def test_shares_of_many_futures_are_those_of_each():
    luck = np.random.default_rng(3)
    able, adopted = luck.random((1, len(CODES))) < 0.8, luck.random((20, len(CODES))) < 0.4
    wanted = ("near", "bodies", "far")
    together = exposure(able, adopted, wanted)
    for n in range(20):
        alone = exposure(able, adopted[n : n + 1], wanted)
        assert all(np.array_equal(together[name][n], alone[name][0]) for name in wanted)


def test_only_what_is_wanted_is_counted():
    all_of_them = np.ones((1, len(CODES)), dtype=bool)
    assert set(exposure(all_of_them, all_of_them, ("ldc", "far"))) == {"far"}
    assert set(exposure(all_of_them, all_of_them, ("bodies",))) == {"near", "bodies"}


def likelihood(
    variant: str, member: np.ndarray, adopted: np.ndarray, times: np.ndarray, known: dict[str, np.ndarray]
) -> float:
    """Return the log likelihood of rows at made-up numbers."""
    chosen = VARIANTS[variant]
    slopes = {term: 0.3 + 0.1 * n for n, term in enumerate(chosen.terms)}
    effects = 0.5 * np.sin(np.arange(len(CODES)))[member]
    hazard = np.exp(log_hazard(-2.0, slopes, columns(chosen, known, 0.4), effects))
    return float((times * np.where(adopted == 1, np.log(-np.expm1(-hazard)), -hazard)).sum())


@pytest.mark.parametrize("variant", VARIANTS)
def test_rows_that_are_taken_together_are_as_likely_as_before(variant: str):
    found = at_risk(own_records().used_for(TRAINING))
    rows = _merged(found, VARIANTS[variant])
    assert rows.times.sum() == len(found)
    assert len(rows.times) < len(found) or variant == "duration"
    apart = likelihood(variant, found.member, found.adopted, np.ones(len(found)), dict(found.covariates))
    # Sums of ten thousand terms of either sign of zero: the order of summing moves the last digits.
    assert likelihood(variant, rows.member, rows.adopted, rows.times, dict(rows.covariates)) == pytest.approx(
        apart, rel=1e-12
    )


def test_made_up_records_are_like_those_that_are_read():
    """The hand that makes worlds for tests keeps the promises of `Records`."""
    made: Records = records({"A": {"FJI": 2002}}, agreement())
    assert made.year.shape == made.since.shape == (1, len(member_table()))
    assert fit().member_effects.shape == (50, len(CODES))
