"""Metrics: every table against its definition, taken over members with plain numpy."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from foresight import InputError, Results, load_scenario, simulate
from foresight.actions import ACTIONS, DOMAINS, LAST_YEAR, SUBREGIONS
from foresight.facts.members import REGION
from foresight.facts.scopes import scope_masks
from foresight.results import metrics
from foresight.results.bands import BAND, band_of, difference
from foresight.results.headline import headline, sentence
from foresight.results.intervals import wilson_interval
from foresight.results.obstacles import SIDES, obstacle_shares, obstacles
from foresight.results.outcomes import ALL_ACTIONS, OUTCOMES, bands, labels_of, outcome_table, outcome_values
from foresight.results.pathway import opening_year_values, openings_of_all
from foresight.texts import languages

RUNS = 12
SCOPES = (REGION, "Pacific", "LDC", "REST", "ASEAN", "FJI")

#: Group figures equal the aggregates of members to this.
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def results() -> Results:
    return simulate("drifting-apart", RUNS)


def of_members(results: Results, scope: str) -> xr.Dataset:
    (mask,) = scope_masks([scope], results.scenario.members())
    return results.dataset.isel(member=mask)


def overdue(members: xr.Dataset, results: Results) -> xr.DataArray:
    unmet = members["delivered"] < members["pledged"]
    return unmet & (members["waiting"] >= results.scenario.uncertainties.grace_years)


def share_overdue(members: xr.Dataset, results: Results) -> xr.DataArray:
    dims = ("member", "action")
    pledged = (members["pledged"] > 0).sum(dims)
    return (overdue(members, results).sum(dims) / pledged).where(pledged > 0, 0)


def covered(members: xr.Dataset, _: Results) -> xr.DataArray:
    gap = (members["need"] - members["own"]).clip(0).sum("member")
    return (members["grant"].sum("member") / gap).where(gap > 0)


def index(members: xr.Dataset, _: Results) -> xr.DataArray:
    return 100 * members["condition"].mean("member").prod("domain") ** (1 / len(DOMAINS))


def mean_of(name: str) -> Callable[[xr.Dataset, Results], xr.DataArray]:
    return lambda members, _: members[name].mean("member")


#: Table, labels of its rows, and what stands in them, [replicate, year].
DEFINITIONS = [
    (metrics.trust, {}, mean_of("trust")),
    (metrics.capacity, {}, mean_of("capacity")),
    (metrics.condition, {"domain": "people"}, lambda m, _: m["condition"].sel(domain="people").mean("member")),
    (metrics.baiji_index, {}, index),
    (metrics.overdue_share, {"action": ALL_ACTIONS}, share_overdue),
    (metrics.mean_delivered, {"action": ALL_ACTIONS}, lambda m, _: m["delivered"].mean(("member", "action"))),
    (
        metrics.mean_delivered,
        {"action": "financing"},
        lambda m, _: m["delivered"].sel(action="financing").mean("member"),
    ),
    (metrics.pledged, {"action": ALL_ACTIONS, "rung": 2}, lambda m, _: (m["pledged"] >= 2).mean(("member", "action"))),
    (
        metrics.delivered,
        {"action": "transparency", "rung": 1},
        lambda m, _: (m["delivered"].sel(action="transparency") >= 1).mean("member"),
    ),
]


@pytest.mark.costly
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("table", "labels", "definition"), DEFINITIONS)
def test_tables_are_bands_of_what_members_do(results: Results, scope: str, table, labels, definition):
    assert_bands(table(results, [scope]), labels, definition(of_members(results, scope), results))


@pytest.mark.parametrize("scope", ["Pacific", "LDC", "ASEAN", "FJI"])
def test_coverage_of_a_scope_is_of_its_gap_and_counts_the_runs_that_have_one(results: Results, scope: str):
    assert_bands(metrics.coverage(results, [scope]), {}, covered(of_members(results, scope), results))


def test_coverage_of_the_region_is_s_itself(results: Results):
    assert_bands(metrics.coverage(results, [REGION]), {}, results.dataset["coverage"])


def test_fund_and_offer_are_those_of_the_model(results: Results):
    assert_bands(metrics.fund(results), {"scope": REGION}, results.dataset["fund"])
    for subregion in SUBREGIONS:
        offer = results.dataset["offer"].sel(subregion=subregion)
        assert_bands(metrics.offer(results), {"scope": subregion}, offer)


def test_every_outcome_has_its_labels_then_the_year_then_the_band(results: Results):
    for name, band in bands(results.summary).items():
        table = band.table()
        assert list(table.columns[-5:]) == ["year", "n", *BAND], name
        assert table.columns[0] == "scope"
        assert ((table["p10"] <= table["median"]) & (table["median"] <= table["p90"]) | (table["n"] == 0)).all()


def test_bands_are_the_quantiles_of_numpy():
    values = np.random.default_rng(1).normal(size=(3, 4, 21))
    band = band_of(values, {"x": [1, 2, 3], "y": [1, 2, 3, 4]})
    for name, share in BAND.items():
        np.testing.assert_allclose(getattr(band, name), np.quantile(values, share, axis=-1), rtol=1e-14)


def test_bands_leave_out_runs_without_a_value():
    nan = math.nan
    band = band_of(np.array([[3.0, nan, 1.0], [nan, nan, nan], [nan, 5.0, nan]]), {"x": [1, 2, 3]})
    assert band.n.tolist() == [2, 0, 1]
    np.testing.assert_array_equal(band.median, [2.0, nan, 5.0])


def test_a_band_between_numbers_that_cancel_out_is_nothing():
    """The tenth of 30 runs lies nine tenths of the way from -9 to 1."""
    runs = np.array([[-9, -9, -9, *[1] * 27]])
    for values in (runs, runs / 58):
        assert band_of(values, {"x": [1]}).p10 == [0]


def test_a_difference_that_rounding_alone_makes_is_none():
    after = np.array([0.1 + 0.2, -0.3, math.nan, 0.0, 1e-300, 1.0])
    before = np.array([0.3, -0.1 - 0.2, 1.0, -0.0, 0.0, 1.0 + 2**-30])
    found = difference(after, before)
    np.testing.assert_array_equal(found, [0, 0, math.nan, 0, 1e-300, -(2**-30)])
    assert not np.signbit(found[:2]).any()


def test_one_run_is_its_own_band():
    table = metrics.trust(simulate("historical-pace", 1), [REGION])
    assert (table["n"] == 1).all()
    assert (table["p10"] == table["p90"]).all()


@pytest.mark.costly
def test_outcomes_of_every_run_have_the_bands_of_the_table(results: Results):
    for name in OUTCOMES:
        values = outcome_values(results.summary, name)
        assert values.dims[:2] == ("replicate", "year")
        band = bands(results.summary)[name]
        with np.errstate(all="ignore"):
            expected = np.nanmedian(values, axis=0) if np.isfinite(values).all() else band.median
        np.testing.assert_allclose(band.median, expected, rtol=ROUNDING, err_msg=name)


#: Tables that take scopes.
OF_SCOPES = [
    metrics.pledged,
    metrics.delivered,
    metrics.mean_delivered,
    metrics.overdue_share,
    metrics.trust,
    metrics.capacity,
    metrics.coverage,
    metrics.condition,
    metrics.baiji_index,
    metrics.baiji_heading,
    metrics.contributors,
    metrics.obstacles,
]


@pytest.mark.parametrize("table", OF_SCOPES)
@pytest.mark.parametrize(
    ("scopes", "kind", "nearest"),
    [
        ([], "empty", ""),
        ("LCD", "no_such_scope", "LDC"),
        (["region", "Pacfic"], "no_such_scope", "Pacific"),
        ([None], "no_such_scope", ""),
        (5, "no_such_scope", ""),
    ],
)
def test_no_scope_and_unknown_scopes_are_refused(results: Results, table, scopes: object, kind: str, nearest: str):
    with pytest.raises(InputError) as caught:
        table(results, scopes)
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.nearest) == ("scope", kind, nearest)


@pytest.mark.parametrize("ask", [outcome_values, outcome_table, labels_of])
def test_an_unknown_outcome_is_refused(results: Results, ask: Callable[[xr.Dataset, str], object]):
    with pytest.raises(InputError) as caught:
        ask(results.summary, "baiji-index")
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.nearest) == ("outcome", "unknown_name", "baiji_index")


def test_a_fund_that_is_spent_holds_nothing(results: Results):
    table = metrics.fund(results)[list(BAND)].to_numpy()
    assert results.dataset["fund"].where(lambda fund: fund > 0).min() < 1e-12  # else this shows nothing
    assert not ((table > 0) & (table < 1e-12)).any()


# The pathway -----------------------------------------------------------------------------------------------------


def with_offers(results: Results, offers: dict[tuple[int, str], dict[int, int]]) -> Results:
    """Return results in which rungs open as told: {(run, subregion): {first year of the state: rung}}."""
    offer = xr.ones_like(results.dataset["offer"])
    for (run, subregion), raised in offers.items():
        for year, rung in raised.items():
            offer.loc[{"replicate": run, "subregion": subregion, "year": slice(year, None)}] = rung
    return replace(results, dataset=results.dataset.assign(offer=offer))


def test_a_rung_opens_in_the_year_of_the_step_that_raised_the_offer(results: Results):
    """The state of 2029 is the first with rung 2 on offer: the step of 2028 raised it."""
    made = with_offers(results, {(0, "SEA"): {2029: 2, 2036: 3}, (1, "SEA"): {2031: 2}, (2, "NCA"): {2026: 2}})
    values = opening_year_values(made)
    sea, nca = SUBREGIONS.index("SEA"), SUBREGIONS.index("NCA")
    assert values[sea, 0, :2].tolist() == [2028, 2030]
    assert values[sea, 1, 0] == 2035
    assert values[nca, 0, 2] == 2025
    assert np.isfinite(values).sum() == 4
    table = metrics.opening_years(made).set_index(["scope", "rung"])
    row = table.loc[("SEA", 2)]
    assert (row["n"], row["runs"], row["share"]) == (2, RUNS, 2 / RUNS)
    assert (row["median"], row["milestone"], row["delay"]) == (2029, 2025, 4)
    region = table.loc[(REGION, 2)]
    assert (region["n"], region["runs"], region["median"]) == (3, 5 * RUNS, 2028)
    assert table.loc[("SEA", 4)][["n", "share"]].tolist() == [0, 0]
    assert math.isnan(table.loc[("SEA", 4)]["median"])


def test_a_year_counts_never_as_the_latest(results: Results):
    """Without it, three runs that open early look better than all that open a little later."""
    few = metrics.opening_years(with_offers(results, {(run, "SEA"): {2030: 2} for run in range(3)}))
    later = {(run, "SEA"): {2036: 2} for run in range(RUNS // 2 + 1)}
    most = metrics.opening_years(with_offers(results, later))
    one, other = (table.set_index(["scope", "rung"]).loc[("SEA", 2)] for table in (few, most))
    assert (one["median"], other["median"]) == (2029, 2035)
    assert (other["opens"], other["late"]) == (2035, 10)
    assert math.isnan(one["opens"])
    assert math.isnan(one["late"])
    assert math.isnan(other["opens_p90"])


def test_a_step_that_opens_in_half_of_the_runs_has_no_year(results: Results):
    half = with_offers(results, {(run, subregion): {2036: 2} for subregion in SUBREGIONS for run in range(RUNS // 2)})
    table = metrics.opening_years(half).set_index(["scope", "rung"])
    assert RUNS % 2 == 0
    assert table["share"].xs(2, level="rung").tolist() == [0.5] * 6
    assert table["opens"].isna().all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=9))
def test_no_year_falls_as_runs_open_later(places: list[tuple[int, int]]):
    """Each run opens at some place of a row that ends with never, and then so much later."""
    row = np.array([2025, 2030, 2039, math.nan])
    first, more = np.array(places).T
    years, later = row[first], row[np.minimum(first + more, 3)]
    before, then = (openings_of_all(part, {}) for part in (years, later))
    for name in BAND:
        assert np.nan_to_num(getattr(then, name), nan=9999) >= np.nan_to_num(getattr(before, name), nan=9999)
    assert np.isnan(then.median) == (np.isfinite(later).mean() <= 0.5)


def test_the_calendar_opens_every_rung_on_its_milestone():
    changes = {"structure.gate": "calendar", "structure.gate_from": 2017}
    table = metrics.opening_years(simulate(load_scenario("historical-pace", set=changes), 3))
    assert (table["delay"] == 0).all()
    assert (table["share"] == 1).all()


def test_the_pathway_is_completed_where_rung_4_is_on_offer_everywhere(results: Results):
    everywhere = {(0, subregion): {2040: 4} for subregion in SUBREGIONS}
    almost = {(1, subregion): {2040: 4} for subregion in SUBREGIONS[1:]}
    row = metrics.completed(with_offers(results, everywhere | almost)).iloc[0]
    assert (row["n"], row["completed"], row["share"]) == (RUNS, 1, 1 / RUNS)
    assert 0 < row["low"] < row["share"] < row["high"] < 1


def test_the_interval_of_a_share_is_that_of_wilson():
    """Newcombe (1998), table I: 81 of 263 gives .2553 to .3662; 0 of 20 gives 0 to .1611."""
    np.testing.assert_allclose(wilson_interval(81, 263), (0.2553, 0.3662), atol=5e-5)
    np.testing.assert_allclose(wilson_interval(0, 20), (0, 0.1611), atol=5e-5)


# Obstacles -------------------------------------------------------------------------------------------------------


@pytest.mark.costly
def test_obstacles_follow_the_hazards_of_the_model(results: Results):
    """By hand, for one member: logs of hazards with and without each obstacle."""
    code, u = "BGD", results.scenario.uncertainties
    member = results.dataset.sel(member=code)
    m = ((member["own"] + member["grant"]) / member["need"].where(member["need"] > 0)).clip(max=1).fillna(1)
    resources = -np.log(m.isel(year=slice(1, None)).values)
    now = member.isel(year=slice(None, -1))
    capacity = np.log(0.9 / now["capacity"]).clip(0).values
    effect = 1 - 0.5 ** now["delivered"].sel(action="accountability").values
    accountability = u.accountability_effect * (0.9375 - effect)
    gains = np.array([resources, capacity, accountability])
    unmet = (now["delivered"] < now["pledged"]).any("action").values
    found = obstacle_shares(results, scope_masks([code], results.scenario.members()))[:, 0].swapaxes(1, 2)
    np.testing.assert_allclose(found[:3][:, unmet], (gains / gains.sum(axis=0))[:, unmet], rtol=ROUNDING)
    assert np.isnan(found[:3][:, ~unmet]).all()
    covered = -u.ldc_penalty * (1 - now["coverage"].values) / (1 - u.reference_coverage)
    trusting = 2 * u.trust_effect * (1 - now["trust"].values)
    gains = np.array([covered, trusting])
    held = ~np.isnan(found[3])
    np.testing.assert_allclose(found[3:][:, held], (gains / gains.sum(axis=0))[:, held], rtol=ROUNDING)


def test_shares_of_obstacles_add_up_to_one(results: Results):
    table = obstacles(results, ["LDC", REGION, "CHN"])
    means = table[table["n"] > 0].groupby(["scope", "side", "year"], observed=True)["mean"].sum()
    np.testing.assert_allclose(means, 1, rtol=ROUNDING)
    assert set(zip(table["side"], table["obstacle"], strict=True)) == {
        (s, o) for s, names in SIDES.items() for o in names
    }


def test_coverage_holds_up_the_pledges_of_least_developed_countries_alone(results: Results):
    table = obstacles(results).query("obstacle == 'coverage' and n > 0")
    ldc = table["scope"].astype(str).isin(results.scenario.members().query("ldc").index)
    assert (table.loc[~ldc, "mean"] == 0).all()
    assert (table.loc[ldc, "mean"] > 0).any()


def test_what_rounding_makes_of_a_hazard_holds_nobody_up(results: Results, monkeypatch: pytest.MonkeyPatch):
    gains = np.zeros((5, 23, 58, RUNS))
    gains[0] = 2e-16
    gains[3:, 1:] = 0.5
    monkeypatch.setattr("foresight.results.obstacles.obstacle_gains", lambda *_: gains)
    shares = obstacle_shares(results, scope_masks([REGION, "FJI"], results.scenario.members()))
    assert np.isnan(shares[:3]).all()
    assert (shares[3:, :, 1:] == 0.5).all()


@pytest.mark.parametrize(("table", "kind"), [(obstacles, "members_needed"), (metrics.contributors, "needs_members")])
def test_tables_of_every_member_need_the_members_and_say_so_once(table, kind: str):
    with pytest.raises(InputError) as caught:
        table(simulate("historical-pace", 1, keep="summary"))
    (problem,) = caught.value.problems
    assert problem.kind == kind
    assert "results that keep the members" in problem.message()


# Money, groups, effort ---------------------------------------------------------------------------------------------


def test_what_members_give_and_get_is_summed_over_the_years(results: Results):
    table = metrics.contributors(results)
    assert_flow = {"contribution": results.dataset["contribution"], "grant": results.dataset["grant"]}
    for flow, values in assert_flow.items():
        rows = table[table["flow"] == flow].set_index("scope")
        expected = values.sum("year").median("replicate")
        np.testing.assert_allclose(
            rows.loc[expected["member"].values, "median"], expected, rtol=ROUNDING, atol=ROUNDING
        )
    assert len(table) == 58 * 3


def test_left_behind_is_the_difference_to_the_rest_run_by_run(results: Results):
    table = metrics.left_behind(results).query("scope == 'SIDS' and outcome == 'mean_delivered'")
    mean = [of_members(results, scope)["delivered"].mean(("member", "action")) for scope in ("SIDS", "REST")]
    assert_bands(table, {}, mean[0] - mean[1])


def test_groups_whose_gaps_are_covered_alike_differ_by_nothing(results: Results):
    """Without repair: 1e-17, for sums of grants and gaps round differently."""
    table = metrics.left_behind(results)[list(BAND)].to_numpy()
    assert not ((table != 0) & (np.abs(table) < 1e-12)).any()
    assert not np.signbit(table[table == 0]).any()


def test_effort_points_count_doublings():
    assert metrics.effort_points(load_scenario("historical-pace")) == 0
    doubled = load_scenario("historical-pace", set={"levers.pledge_effort.solidarity": 2.0})
    assert metrics.effort_points(doubled) == pytest.approx(1.5)  # half a point in each of three phases
    halved = load_scenario("historical-pace", set={"levers.delivery_effort.solidarity": [0.5, 1.0, 4.0]})
    assert metrics.effort_points(halved) == pytest.approx(1.0)


def test_effort_points_of_a_scenario_are_known_by_its_name_too():
    assert metrics.effort_points("baiji-returns") == metrics.effort_points(load_scenario("baiji-returns"))
    with pytest.raises(InputError):
        metrics.effort_points(None)  # type: ignore[arg-type]


def test_effort_points_of_a_coalition_weigh_by_its_members():
    club = [{"name": "club", "members": ["FJI", "TON"], "pledge_effort": {"solidarity": 2.0}}]
    assert metrics.effort_points(load_scenario("historical-pace", set={"coalitions": club})) == pytest.approx(
        1.5 * 2 / 58
    )


# Headline --------------------------------------------------------------------------------------------------------


def test_the_headline_repeats_the_tables(results: Results):
    table = headline(results).set_index(["outcome", "scope", "action", "rung"]).sort_index()
    delivered = metrics.mean_delivered(results).set_index(["scope", "action", "year"])
    for action in (ALL_ACTIONS, *ACTIONS):
        row = table.loc[("mean_delivered", REGION, action, 0)]
        assert row["median"] == delivered.loc[(REGION, action, LAST_YEAR)]["median"]
    opened = metrics.opening_years(results).set_index(["scope", "rung"]).loc[(REGION, 2)]
    assert table.loc[("opening_share", REGION, "", 2)]["median"] == opened["share"]
    assert table.loc[("completed", REGION, "", 0)]["median"] == metrics.completed(results)["share"][0]


@pytest.mark.parametrize("language", languages())
def test_the_sentence_says_what_the_numbers_are_and_that_bands_are_chance(results: Results, language: str):
    said = sentence(results, language)
    assert getattr(results.scenario.title, language) in said
    assert f"{headline(results)['median'].iloc[0]:.2f}" in said
    assert {"en": "the range is chance alone and leaves out", "zh": "该区间仅反映偶然性，不包括"}[language] in said


@pytest.mark.parametrize("language", languages())
def test_the_sentence_never_calls_the_range_of_a_posterior_chance_alone(language: str):
    said = sentence(simulate("paper-promises", 2, effects="posterior"), language)
    known = {"en": "chance and what treaty records leave open", "zh": "反映偶然性，以及条约记录"}
    assert known[language] in said
    assert {"en": "alone", "zh": "仅反映"}[language] not in said


@pytest.mark.parametrize("language", ["fr", "", None])
def test_a_sentence_in_an_unknown_language_is_refused(results: Results, language: object):
    with pytest.raises(InputError) as caught:
        sentence(results, language)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.allowed) == ("language", "unknown_name", "en, zh")


def test_goals_that_open_by_the_calendar_are_not_told_as_achievements():
    said = sentence(simulate("paper-promises", 2))
    assert "calendar" in said


def assert_bands(table: pd.DataFrame, labels: dict[str, object], values: xr.DataArray) -> None:
    """Compare a table's rows of these labels with the quantiles of [replicate, year]."""
    for name, value in labels.items():
        table = table[table[name] == value]
    rows, values = table.set_index("year"), values.transpose("replicate", "year")
    assert rows.index.tolist() == values["year"].values.tolist()
    assert rows["n"].tolist() == values.notnull().sum("replicate").values.tolist()
    for name, share in BAND.items():
        for year, sample in zip(rows.index, values.values.T, strict=True):
            present = sample[~np.isnan(sample)]
            expected = np.quantile(present, share) if len(present) else math.nan
            np.testing.assert_allclose(rows.loc[year, name], expected, rtol=ROUNDING, atol=ROUNDING)
