"""Pictures are those of the library, however fast they were made."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import numpy as np
import pytest
from foresight_ui.runs import live
from foresight_ui.runs.live import Live
from foresight_ui.runs.picture import DECIMALS, GROUPS, MAP, Picture, map_of, picture_of
from foresight_ui.runs.setting import Setting, first_setting
from futures import assumptions, coalitions, levers_moved, setting_of

from foresight import simulate
from foresight.actions import ACTIONS, DOMAINS, LAST_YEAR, SUBREGIONS
from foresight.facts.members import REGION
from foresight.results.headline import findings
from foresight.results.outcomes import ALL_ACTIONS, outcome_table
from foresight.results.pathway import opening_years
from foresight.results.results import Results
from foresight.scenario.efforts import effort_points

#: Changes of everything that pictures depend on.
SETTINGS = {
    "as it opens": {},
    "levers from 2033": {"structure.levers_from": 2033, "levers.pledge_effort.financing": 4.0},
    "levers in the last year": {"structure.levers_from": LAST_YEAR, "levers.linking": 1.6},
    "no events": {"events": []},
    "an event": {"events": [{"name": "storm", "year": 2030, "scope": "Pacific", "resources_lost": 0.5}]},
    "assumptions": {"uncertainties.delivery_rate": 0.25, "uncertainties.grace_years": 7.0},
    "states": {"structure.members": "states", "levers.assistance": 1.0},
    "calendar": {"structure.gate": "calendar"},
    "all five from 2030": {"structure.gate": "all_five", "structure.gate_from": 2030},
    "another seed": {"run.seed": 2**64 - 1},
    "anonymous draws": {"run.effects": "drawn"},
    "a spread that is set": {"uncertainties.sd_member": 0.45},
    "more runs": {"run.replicates": 500},
    "facts": {"members.NPL.ldc": False, "levers.solidarity_share": 1.0},
    "a coalition": {"coalitions": [{"name": "c", "bodies": ["ASEAN"], "pledge_effort": {"solidarity": 6.0}}]},
}


def both(live_one: Live, setting: Setting, name: str = "test") -> Any:
    """Draw charts and a map."""
    what = MAP[int(setting.key[0], 16) % len(MAP)]
    return live_one.picture(setting, (name, what), lambda run: (picture_of(run), map_of(run, what)))


def same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)  # numbers that are missing equal themselves


@pytest.mark.costly
@pytest.mark.parametrize("name", SETTINGS)
def test_a_bench_that_goes_on_draws_what_a_new_one_draws(name: str):
    rng, going_on = Random(name), Live()
    setting = first_setting().changed(SETTINGS[name])
    both(going_on, setting)
    for _ in range(3):
        setting = setting.changed({**levers_moved(rng), "coalitions": coalitions(rng)})
        assert same(both(going_on, setting), both(Live(), setting))


@pytest.mark.costly
def test_a_bench_that_goes_on_after_everything_draws_what_a_new_one_draws():
    going_on, base = Live(), first_setting()
    for number in range(12):
        rng = Random(number)
        setting = base.changed({**assumptions(rng), **levers_moved(rng)} if number % 3 == 0 else levers_moved(rng))
        assert same(both(going_on, setting), both(Live(), setting))


def test_a_bench_of_other_effects_is_another():
    """Years before levers act are known of both, and neither goes on from those of the other."""
    going_on, rng = Live(), Random(5)
    for effects in ("posterior", "drawn", "posterior", "drawn"):
        setting = first_setting().changed({**levers_moved(rng), "run.effects": effects})
        assert same(both(going_on, setting), both(Live(), setting))


def test_other_effects_are_another_picture():
    base, one = first_setting(), Live()
    pictures = [both(one, base.changed({"run.effects": effects})) for effects in ("drawn", "posterior", "drawn")]
    assert same(pictures[0], pictures[2])
    assert not same(pictures[0], pictures[1])


def test_results_say_of_themselves_what_the_setting_says_that_asks_for_them():
    one, base = Live(), first_setting()
    renamed = base.changed({"title": {"en": "Renamed", "zh": "改名"}})
    titles = [one.results(setting).scenario.title.en for setting in (base, renamed, base)]
    assert titles == [base.scenario.title.en, "Renamed", base.scenario.title.en]


def test_a_bench_forgets_what_was_drawn_before():
    going_on, base = Live(), first_setting()
    first = both(going_on, base, "one")
    both(going_on, base.changed({"levers.pledge_effort.solidarity": 6.0}), "two")
    assert same(both(going_on, base, "three"), first)


@pytest.mark.costly
@pytest.mark.parametrize("number", range(6))
def test_charts_are_the_numbers_of_the_library(number: int):
    setting = setting_of(number)
    agrees(Live().picture(setting, "charts", picture_of), run_of(setting))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(6, 60))
def test_charts_are_the_numbers_of_the_library_always(number: int):
    setting = setting_of(number)
    going_on = Live()
    going_on.picture(setting.changed({"levers.linking": 0.1, "coalitions": []}), "charts", picture_of)
    agrees(going_on.picture(setting, "charts", picture_of), run_of(setting))


def run_of(setting: Setting) -> Results:
    return simulate(setting.scenario, setting.replicates, setting.seed, keep="summary", effects=setting.effects)


def agrees(picture: Picture, results: Results) -> None:
    """Compare every part of a picture with what the library says."""
    for action in (ALL_ACTIONS, *ACTIONS):
        assert picture.delivered[action] == rows(results, "mean_delivered", action=action)
    for group in GROUPS:
        assert picture.groups[group] == rows(results, "mean_delivered", group, action=ALL_ACTIONS)
    assert picture.trust == rows(results, "trust")
    assert picture.overdue == rows(results, "overdue_share", action=ALL_ACTIONS)
    assert picture.coverage == rows(results, "coverage")
    assert picture.money["need"] == rows(results, "need")
    assert picture.money["paid"] == paid_rows(results)
    assert picture.members == len(results.scenario.codes())
    assert picture.baiji == rows(results, "baiji_index")
    assert picture.heading == rows(results, "baiji_heading")
    assert picture.years == (results.dataset["year"].values[0], results.dataset["year"].values[-1])
    assert picture.runs == results.replicates
    assert picture.points == effort_points(results.scenario)
    *shown, effects = picture.findings
    *computed, known = findings(results)
    assert effects == known
    assert same([*map(float, shown)], [*map(float, computed)])
    opened = opening_years(results).set_index(["scope", "rung"])
    for scope in (REGION, *SUBREGIONS):
        for rung, opening in picture.opening[scope].items():
            expected = opened.loc[(scope, rung), ["opens", "opens_p10", "opens_p90", "share"]].tolist()
            assert [np.nan if part is None else part for part in opening] == pytest.approx(expected, abs=0, nan_ok=True)
    for at, domain in enumerate(DOMAINS):
        ends = [results.summary[name].sel(scope=REGION).values[:, -1, at] for name in ("condition", "heading")]
        assert picture.domains[domain] == tuple(np.round(np.median(end), DECIMALS) for end in ends)


def rows(results: Results, outcome: str, scope: str = REGION, **labels: str) -> list[list[float | None]]:
    table = outcome_table(results.summary, outcome)
    for name, value in {"scope": scope, **labels}.items():
        table = table[table[name] == value]
    found = table.sort_values("year")[["p10", "median", "p90"]].round(DECIMALS).to_numpy().tolist()
    return [[None if np.isnan(value) else value for value in row] for row in found]


def paid_rows(results: Results) -> list[list[float]]:
    """Return what is paid in the region by members themselves, of what they need, and by the fund."""
    data = results.dataset if "member" in results.dataset.dims else None
    series = results.summary.sel(scope=REGION)
    own = series["need"] - series["gap"] if data is None else np.minimum(data["need"], data["own"]).sum("member")
    whole = (own + series["grant"]).transpose("year", "replicate").values
    return np.quantile(whole, [0.1, 0.5, 0.9], axis=1).T.round(DECIMALS).tolist()


@pytest.mark.costly
@pytest.mark.parametrize("what", MAP)
def test_the_map_is_the_mean_of_the_runs(what: str):
    setting = setting_of(3)
    values = Live().picture(setting, what, lambda run: map_of(run, what))
    expected = means(simulate(setting.scenario, setting.replicates, setting.seed, effects=setting.effects), what)
    assert list(values) == setting.scenario.members().index.tolist()
    np.testing.assert_allclose(np.array([*values.values()]).T, expected, rtol=0, atol=0.51 * 10**-DECIMALS)


def means(results: Results, what: str) -> Any:
    """Return the means that a map shows, [year, member], from every member's own history."""
    outcome, _, action = what.partition(".")
    data = results.dataset
    if outcome == "overdue":
        late = (data["delivered"] < data["pledged"]) & (data["waiting"] >= results.scenario.uncertainties.grace_years)
        due = (data["pledged"] > 0).sum(["replicate", "action"])
        return (late.sum(["replicate", "action"]) / due.where(due > 0, 1)).values
    chosen = data[outcome]
    if action and action != ALL_ACTIONS:
        chosen = chosen.sel(action=action)
    return chosen.mean([dim for dim in chosen.dims if dim not in ("year", "member")]).values


def test_pages_have_the_numbers_of_the_library():
    setting, one = setting_of(4), Live()
    for keep in ("summary", "members"):
        expected = simulate(setting.scenario, setting.replicates, setting.seed, keep, effects=setting.effects)
        assert one.results(setting, keep).dataset.equals(expected.dataset)


@pytest.mark.costly
def test_many_who_ask_at_once_get_what_they_asked_for():
    base, shared = first_setting(), Live()
    wanted = [base.changed({"levers.pledge_effort.solidarity": 1 + number % 7 / 2}) for number in range(14)]
    wanted += [base.changed({"uncertainties.delivery_rate": 0.2 + number / 100}) for number in range(4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda setting: both(shared, setting), wanted))
    for setting, picture in zip(wanted, found, strict=True):
        assert same(picture, both(Live(), setting))


def test_what_is_remembered_is_not_made_twice():
    made, shared = [], Live()
    for _ in range(2):
        shared.picture(first_setting(), "once", made.append)
    assert len(made) == 1


def test_what_could_not_be_made_is_not_remembered():
    shared = Live()
    with pytest.raises(ZeroDivisionError):
        shared.picture(first_setting(), "x", lambda _: 1 / 0)
    assert shared.picture(first_setting(), "x", lambda _: 1) == 1


def test_nothing_grows_without_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "NUMBERS", dict.fromkeys(live.NUMBERS, 2))
    shared = Live()
    for seed in range(5):
        setting = first_setting().changed({"run.seed": seed})
        shared.picture(setting, "charts", picture_of)
        shared.results(setting)
    assert sorted(key[0] for key in shared.kept._kept) == ["bench"] * 2 + ["picture"] * 2 + ["results"] * 2
