"""Goal seek: the search on problems with known answers, and settings that do what they are said to do."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from foresight import InputError, Scenario, load_scenario, simulate
from foresight.actions import ACTIONS, LAST_YEAR
from foresight.results.outcomes import outcome_values
from foresight.results.targets import RELATIONS, Target, parse_target
from foresight.scenario.efforts import effort_points
from foresight.search.alternatives import Alternative, Alternatives
from foresight.search.confirm import MARGINS
from foresight.search.controls import Controls
from foresight.search.descent import others, shrink, weigh, with_luck
from foresight.search.places import APART, Bounds, Judged, Task, apart, scores_of
from foresight.search.seek import seek
from foresight.texts import languages

BASE = load_scenario("historical-pace")

#: Reached by many settings, and by a year that saves half the runs' time.
TARGET = "mean_delivered >= 0.65 in 2032"
REPLICATES = 24

#: Most runs of a search of the usual size: 60 s on two cores of 5,000 runs a second.
MOST_RUNS = 600_000

DRAWS = 200


# A problem with a known answer -----------------------------------------------------------------------------------


def task_of(gain: Any, prices: Any, high: float = 2.5, **more: Any) -> Task:
    """Return the task to raise the sum of gains over normal luck in 84 of 100 draws, levers in steps of 0.05."""
    prices, levers = np.asarray(prices, float), len(prices)
    luck = np.random.default_rng(1).normal(size=1000)
    box = Bounds(np.zeros(levers), np.full(levers, high), np.zeros(levers))
    task = {
        "box": box,
        "groups": {f"lever {lever}": np.eye(levers, dtype=bool)[lever] for lever in range(levers)},
        "settable": lambda places: np.round(places * 20) / 20,
        "price": lambda places: places @ prices,
        "evaluate": lambda places, draws: gain(places).sum(axis=1)[:, np.newaxis] - 3 + 0.5 * luck[:draws],
        "share": 0.84,
        "draws": DRAWS,
    }
    return Task(**{**task, **more})


def needed_gain(task: Task) -> float:
    """Return the sum of gains from which a share of the draws is reached."""
    margins = task.evaluate(task.box.home[np.newaxis], DRAWS)[0]
    return float(-np.quantile(margins, 1 - task.share))


def linear(*rates: float) -> Any:
    return lambda places: places * np.asarray(rates)


def test_where_gains_are_linear_the_best_lever_goes_first():
    """The second lever gains most for its price, and is used to its end before the next best is."""
    task = task_of(linear(1.0, 1.0, 0.5, 1.0), [2.0, 1.0, 1.0, 1.5])
    found = shrink(task, task.box)
    rest = needed_gain(task) - 2.5
    np.testing.assert_allclose(found.places[0], [0.0, 2.5, 0.0, rest], atol=0.1)  # two steps of a lever
    assert found.lacking[0] == 0


@pytest.mark.costly
@pytest.mark.parametrize("seed", range(5))
def test_where_gains_diminish_the_search_comes_close_to_the_least_price(seed: int):
    luck = np.random.default_rng(seed)
    rates, prices = luck.uniform(0.5, 1.5, 6), luck.uniform(0.5, 1.5, 6)
    task = task_of(lambda places: rates * (1 - np.exp2(-places)) * 2, prices)
    needed = needed_gain(task)
    reach = {"type": "ineq", "fun": lambda place: (rates * (1 - np.exp2(-place)) * 2).sum() - needed}
    best = minimize(lambda place: place @ prices, np.full(6, 2.0), bounds=[(0, 2.5)] * 6, constraints=[reach])
    found = shrink(task, task.box)
    price = task.price(found.places)[0]
    assert found.lacking[0] == 0
    assert 0.98 * best.fun < price < 1.05 * best.fun  # below it by what smoothing the share may forgive


def test_a_lever_that_does_harm_stays_at_home():
    task = task_of(linear(1.0, -1.0, 1.0), [1.0, 0.0, 1.0])
    assert shrink(task, task.box).places[0][1] == 0


def test_a_lever_without_price_is_used_to_its_end_and_one_without_effect_stays_at_home():
    task = task_of(linear(1.0, 1.0, 0.0), [1.0, 0.0, 0.0])
    assert shrink(task, task.box).places[0][1:].tolist() == [2.5, 0.0]


def test_where_the_cap_forbids_the_target_the_search_comes_as_near_as_the_cap_allows():
    task = task_of(linear(1.0, 0.5), [1.0, 1.0], cap=1.5)
    found = shrink(task, task.box)
    assert found.lacking[0] > 0
    np.testing.assert_allclose(found.places[0], [1.5, 0.0], atol=0.1)
    assert task.price(found.places)[0] <= 1.5


def test_where_nothing_helps_nothing_is_asked():
    task = task_of(linear(0.0, 0.0), [1.0, 1.0])
    found = shrink(task, task.box)
    assert found.lacking[0] > 0
    assert (found.places == 0).all()


def test_other_places_reach_the_target_and_are_apart():
    task = task_of(linear(1.0, 0.9, 0.8, 0.9), [1.0, 1.0, 1.0, 1.0])
    first = shrink(task, task.box).places[0]
    taken = [first]
    for box, _ in zip(others(task, first), range(3), strict=False):
        found = shrink(Task(**{**vars(task), "taken": tuple(taken)}), box)
        assert found.lacking[0] == 0
        taken.append(found.places[0])
    assert all(
        apart(one[np.newaxis], two, task.box.home)[0] >= APART for one in taken for two in taken if one is not two
    )


def test_boxes_leave_out_what_the_first_place_uses_most():
    task = task_of(linear(1.0, 1.0, 1.0), [1.0, 1.0, 1.0])
    boxes = [box for box, _ in zip(others(task, np.array([0.5, 2.0, 0.0])), range(9), strict=False)]
    left_out = [tuple(np.flatnonzero(box.high == 0)) for box in boxes]
    assert left_out[:2] == [(1,), (0,)]
    assert left_out[2] == (0, 1)
    assert left_out[3:] == [()] * 6
    assert not any(2 in levers for levers in left_out)


def test_places_are_weighed_from_the_cheapest_on_and_none_is_above_the_cap():
    task = task_of(linear(1.0, 1.0), [1.0, 1.0], cap=4.0)
    places, prices, shares = weigh(task, task.box, np.array([2.0, 1.5]), 500)
    assert (np.diff(prices) >= 0).all()
    assert prices[0] < 3.5 < prices[-1] <= 4
    assert (np.diff(shares) >= 0).all()
    assert ((places >= 0) & (places <= 2.5)).all()


def test_the_search_judges_all_places_under_the_same_first_draws():
    seen: list[int] = []
    task = task_of(linear(1.0), [1.0])

    def evaluate(places: Any, draws: int) -> Any:
        seen.append(draws)
        return task.evaluate(places, draws)

    shrink(Task(**{**vars(task), "evaluate": evaluate}), task.box)
    assert set(seen) == {DRAWS // 2, DRAWS}


def test_a_search_with_lucky_replicates_aims_higher():
    """The first draws are a standard deviation of luck better here; a thousand are not."""
    plain = task_of(linear(1.0), [1.0], high=5.0)
    lucky = Task(
        **{**vars(plain), "evaluate": lambda places, draws: plain.evaluate(places, draws) + (draws < 1000) / 2}
    )
    found = shrink(lucky, lucky.box).places
    aware = with_luck(lucky, found[0], 1000)
    again = shrink(aware, aware.box).places
    shares = [(plain.evaluate(places, 1000) >= 0).mean() for places in (found, again)]
    assert aware.luck == pytest.approx(1, abs=0.3)  # the kernel, and a sample of 200
    assert shares[0] < 0.6
    assert shares[1] == pytest.approx(0.84, abs=0.06)  # as much


def test_a_score_rises_with_the_share_and_is_finite_at_its_ends():
    margins = np.array([[-1.0] * 8, [-1.0] * 4 + [1.0] * 4, [1.0] * 8])
    scores = scores_of(margins)
    assert np.isfinite(scores).all()
    assert (np.diff(scores) > 0).all()
    assert scores[1] == pytest.approx(0, abs=1e-9)


def test_in_a_score_what_is_just_reached_counts_and_what_is_missing_does_not():
    reached, missing = scores_of(np.array([[0.0, 0.0, -1.0, -1.0], [1.0, 1.0, -np.inf, -np.inf]]))
    assert reached == pytest.approx(missing, abs=1e-2)


def test_places_that_share_nothing_are_wholly_apart():
    home = np.array([0.0, 1.0])
    same, none, half = np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 1.0]]), np.array([2.0, 1.0]), 1 / 3
    np.testing.assert_allclose(apart(same, none, home), [0.0, 1.0, half])
    assert apart(home[np.newaxis], home, home)[0] == 0


def test_the_best_place_is_the_cheapest_of_those_that_lack_least():
    places, costs = np.array([[1.0], [2.0], [3.0], [0.0]]), np.array([1.0, 2.0, 3.0, 0.0])
    judged = Judged(places, costs, costs, np.array([0.1, 0.0, 0.0, np.inf]))
    assert judged.at(judged.best()).costs == [2.0]


# Targets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("completed", Target("completed", "", 1.0, LAST_YEAR)),
        ("not completed", Target("completed", "", 0.0, LAST_YEAR)),
        (" completed  in 2035 ", Target("completed", "", 1.0, 2035)),
        ("mean_delivered >= 2", Target("mean_delivered", ">=", 2.0, LAST_YEAR)),
        ("mean_delivered>=2", Target("mean_delivered", ">=", 2.0, LAST_YEAR)),
        ("mean_delivered ≥ 2", Target("mean_delivered", ">=", 2.0, LAST_YEAR)),
        ("trust.Pacific > 0.6 in 2035", Target("trust.Pacific", ">", 0.6, 2035)),
        ("overdue_share <= 1e-1", Target("overdue_share", "<=", 0.1, LAST_YEAR)),
        ("delivered_share.rung_2.financing.LDC < 0.5", Target("delivered_share.LDC.financing.rung_2", "<", 0.5, 2040)),
    ],
)
def test_targets_are_read_as_people_write_them(words: str, target: Target):
    assert parse_target(words) == target
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    ("words", "kind", "near"),
    [
        ("mean_deliverd >= 2", "unknown_name", "mean_delivered"),
        ("compleated", "unknown_name", "completed"),
        ("trust.Pacfic >= 0.6", "unknown_label", "Pacific"),
        ("delivered_share >= 0.5", "needs_label", ""),
        ("trust", "not_a_target", ""),
        ("not trust", "not_a_target", ""),
        ("not trust >= 0.5", "not_a_target", ""),
        ("trust >= ", "not_a_target", ""),
        ("trust == 0.5", "not_a_target", ""),
        ("0.5 <= trust <= 0.6", "not_a_target", ""),
        ("", "not_a_target", ""),
        (5, "not_a_target", ""),
        ("trust >= half", "not_a_number", ""),
        ("trust >= nan", "not_finite", ""),
        ("trust >= 0.5 in spring", "not_whole", ""),
        ("trust >= 0.5 in 2050", "out_of_range", ""),
        (Target("trust", "==", 0.5, 2040), "not_a_target", ""),
        (Target("trust", ">=", float("inf"), 2040), "not_finite", ""),
    ],
)
def test_a_target_that_cannot_be_is_one_clear_problem(words: Any, kind: str, near: str):
    with pytest.raises(InputError) as caught:
        seek(BASE, words)
    (problem,) = caught.value.problems
    assert (problem.kind, problem.nearest, problem.field) == (kind, near, "target")
    assert all(problem.message(language) for language in languages())


@pytest.mark.parametrize("relation", RELATIONS)
def test_margins_are_not_below_zero_exactly_where_the_relation_holds(relation: str):
    values = np.array([-np.inf, 1.0, 2.0, np.nextafter(2.0, 3.0), 5.0, np.nan])
    margins = Target("trust", relation, 2.0, 2040).margins(values)
    np.testing.assert_array_equal(margins >= 0, RELATIONS[relation](values, 2.0))


# Controls --------------------------------------------------------------------------------------------------------


def test_by_default_the_efforts_on_each_action_move():
    names = [control.factor.name for control in Controls.of(BASE).controls]
    assert names == [f"{kind}.{action}" for kind in ("pledge_effort", "delivery_effort") for action in ACTIONS]


def test_what_is_set_is_in_steps_of_a_twentieth_and_never_below_the_scenario():
    base = load_scenario("baiji-returns")
    controls = Controls.of(base, ("delivery_effort", "support_multiplier", "linking"))
    low, high, home = controls.bounds()
    luck = np.random.default_rng(1).uniform(low, high, (50, len(low)))
    places = controls.settable(luck)
    np.testing.assert_array_equal(controls.settable(places), places)
    assert ((places >= low) & (places <= high)).all()
    for column, values in controls.design(places).items():
        off = np.abs(values * 20 - np.round(values * 20))
        assert off.max() < 1e-9, column
        if column != "linking":
            name, *rest, phase = column.split(".")
            before = getattr(base.levers, name)
            before = getattr(before, rest[0]) if rest else before
            assert (values >= before[int(phase[-1]) - 2]).all()
    assert controls.settings(home) == {}


def test_an_effort_is_a_floor_below_which_phases_keep_what_they_have():
    controls = Controls.of(load_scenario("baiji-returns"), ["delivery_effort.accountability"])  # 1.2, 2.5 and 3
    assert controls.settings(np.log2([2.0])) == {"levers.delivery_effort.accountability": [2.0, 2.5, 3.0]}
    assert controls.settings(np.log2([4.0])) == {"levers.delivery_effort.accountability": 4.0}


def test_levers_that_share_a_part_of_their_names_are_a_group():
    names = (
        "pledge_effort.transparency",
        "delivery_effort.transparency",
        "delivery_effort.financing.phase_3",
        "linking",
    )
    groups = {name: group.tolist() for name, group in Controls.of(BASE, names).groups().items()}
    assert groups["transparency"] == [True, True, False, False]
    assert groups["delivery_effort"] == [False, True, True, False]
    assert groups["phase_3"] == [False, False, True, False]
    assert groups["linking"] == [False, False, False, True]


@pytest.mark.parametrize(
    ("levers", "kind"),
    [
        (["delivery_efort"], "unknown_name"),
        (["delivery_rate"], "unknown_name"),
        ([], "empty"),
        (["assistance", "assistance.phase_2"], "also_set"),
    ],
)
def test_levers_that_cannot_move_are_refused(levers: list[str], kind: str):
    with pytest.raises(InputError) as caught:
        seek(BASE, "completed", levers=levers)
    assert {problem.kind for problem in caught.value.problems} == {kind}


# Goal seek -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> Alternatives:
    return seek(BASE, TARGET, replicates=REPLICATES)


def place_of(setting: Alternative, controls: Controls) -> Any:
    """Return where a setting lies, from its scenario alone."""
    own = Controls.of(setting.scenario, [control.factor.name for control in controls.controls])
    return own.bounds()[2]


def check_settings(found: Alternatives, base: Scenario, levers: Any = None) -> None:
    """Check all that has to hold of settings that were found, as somebody else would compute it."""
    controls = Controls.of(base, levers)
    home = controls.bounds()[2]
    places = [place_of(setting, controls) for setting in found.settings]
    for position, (setting, place) in enumerate(zip(found.settings, places, strict=True)):
        assert setting.points == pytest.approx(effort_points(setting.scenario), abs=1e-9)
        assert min(setting.confirmed, setting.searched) >= found.share
        assert setting.low < setting.confirmed <= setting.high
        assert (apart(np.array(places[:position]).reshape(-1, len(home)), place, home) >= APART).all()
    points = [setting.points for setting in found.settings]
    assert points == sorted(points)


@pytest.mark.costly
def test_a_reachable_target_has_five_settings_that_are_pairwise_different(found: Alternatives):
    assert found.reachable
    assert len(found.settings) == 5
    assert found.best is None
    check_settings(found, BASE)


@pytest.mark.costly
def test_what_was_confirmed_is_what_anybody_gets_from_the_scenario_with_the_seed_that_is_given(found: Alternatives):
    for setting in found.settings:
        results = simulate(setting.scenario, setting.n, setting.seed, keep="summary")
        values = outcome_values(results.summary, "mean_delivered").sel(scope="region", action="all", year=2032)
        assert setting.confirmed == (values.values >= 0.65).mean()


@pytest.mark.costly
def test_settings_are_confirmed_with_luck_that_the_search_has_not_used(found: Alternatives):
    assert all(setting.seed in range(2, 2 + len(MARGINS)) for setting in found.settings)
    assert {setting.n for setting in found.settings} == {REPLICATES}


@pytest.mark.costly
def test_the_values_of_a_setting_make_its_scenario(found: Alternatives):
    for number, setting in enumerate(found.settings, start=1):
        again = load_scenario("historical-pace", set=setting.values)
        assert again.digest() == setting.scenario.digest()
        assert setting.scenario.id == f"historical-pace-seek-{number}"
        assert {setting.scenario.title.en, setting.scenario.title.zh}.isdisjoint(set(vars(BASE.title).values()))


@pytest.mark.costly
def test_what_was_found_can_be_written_as_json(found: Alternatives):
    plain = json.loads(json.dumps(found.plain(), allow_nan=False))
    assert plain["reachable"] is True
    assert [setting["points"] for setting in plain["settings"]] == [setting.points for setting in found.settings]


@pytest.mark.parametrize("language", languages())
@pytest.mark.costly
def test_the_sentence_tells_how_many_and_how_sure(found: Alternatives, language: str):
    sentence = found.sentence(language)
    assert TARGET in sentence
    assert f"{found.settings[0].points:.1f}" in sentence
    assert "80%" in sentence


@pytest.mark.parametrize(
    ("target", "moved", "members"),
    [
        ("trust.KAZ >= 0.6", "delivery_effort.transparency", "KAZ"),
        ("trust.NCA >= 0.6", "delivery_effort.transparency", "KAZ, UZB"),
        ("trust.FJI >= 0.6", "delivery_effort.transparency", ""),
        ("trust.KAZ >= 0.6", "delivery_effort.solidarity", ""),
    ],
)
def test_efforts_that_a_coalition_has_of_its_own_are_told_where_the_target_asks_for_its_members(
    target: str, moved: str, members: str
):
    club = {"name": "club", "members": ["UZB", "KAZ"], "delivery_effort": {"transparency": 1.5}}
    base = load_scenario("historical-pace", set={"coalitions": [club]})
    one = Alternative({f"levers.{moved}": 2.0}, 1.0, 0.9, 0.9, 0.8, 0.95, 60, 2, (), base)
    said = Alternatives(base, parse_target(target), 0.8, None, "drawn", (one,), None, 60).sentence()
    assert (f"Not moved for {members}:" in said) == bool(members)
    assert ("club" in said) == bool(members)


#: Levers that move alone, the last two without a price.
NAMED = ("delivery_effort", "support_multiplier", "assistance")


@cache
def named(threads: int) -> Alternatives:
    """Return two settings of a few levers."""
    return seek(BASE, "overdue_share <= 0.2 in 2032", levers=NAMED, settings=2, replicates=12, threads=threads)


@pytest.mark.costly
def test_equal_seeds_find_equal_settings_whatever_the_threads():
    assert named(1) == named(2)
    assert len(named(1).settings) == 2


def test_a_cap_holds_and_what_it_forbids_is_told():
    told: list[tuple[int, int]] = []
    found = seek(BASE, "completed", cap=3, replicates=20, progress=lambda done, total: told.append((done, total)))
    assert not found.reachable
    assert found.settings == ()
    assert found.best is not None
    assert found.best.points <= 3
    assert found.best.confirmed < found.share
    assert found.best.low < 1e-12 < found.best.high
    assert "3" in found.sentence("en")
    assert found.sentence("zh")
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({total for _, total in told}) == 1
    assert told[-1][0] == told[-1][1]


def test_a_target_that_the_scenario_reaches_asks_for_nothing():
    found = seek(BASE, "not completed", replicates=20)
    (setting,) = found.settings
    assert (setting.values, setting.points, setting.confirmed) == ({}, 0.0, 1.0)
    assert setting.scenario.digest() == BASE.digest()


@pytest.mark.costly
def test_levers_that_are_not_named_stay_and_those_without_price_are_told():
    moved = [{path.split(".")[1] for path in setting.values} for setting in named(1).settings]
    assert all(names <= set(NAMED) for names in moved)
    assert [set(setting.unpriced) for setting in named(1).settings] == [names - {"delivery_effort"} for names in moved]
    assert any(setting.unpriced for setting in named(1).settings)
    assert all(name in named(1).sentence("en") for setting in named(1).settings for name in setting.unpriced)


@pytest.mark.costly
def test_coalitions_keep_their_own_efforts_and_are_counted_under_a_cap_that_leaves_room(found: Alternatives):
    club = {"name": "club", "bodies": ["ASEAN"], "delivery_effort": {"transparency": 1.5}}
    base = load_scenario("historical-pace", set={"coalitions": [club]})
    cap = 1.5 * found.settings[0].points
    (setting,) = seek(base, TARGET, cap=cap, settings=1, replicates=12).settings
    assert setting.points <= cap
    assert setting.scenario.coalitions == base.coalitions
    assert setting.points == pytest.approx(effort_points(setting.scenario), abs=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": 1.5},
        {"share": "most"},
        {"share": float("nan")},
        {"cap": -1},
        {"settings": 0},
        {"replicates": 0},
        {"seed": -1},
        {"threads": 0},
    ],
)
def test_arguments_out_of_range_are_refused(wrong: dict[str, Any]):
    with pytest.raises(InputError) as caught:
        seek(BASE, "completed", **wrong)
    (problem,) = caught.value.problems
    assert problem.field == next(iter(wrong))


def test_a_cap_below_what_the_scenario_asks_already_is_refused():
    with pytest.raises(InputError, match="cap"):
        seek("baiji-returns", "completed", cap=1)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "share"), [("mean_delivered >= 1.75", 0.8), ("completed", 0.05)])
def test_five_settings_of_the_usual_size_are_found_in_few_enough_runs_for_a_minute(target: str, share: float):
    found = seek(BASE, target, share=share)
    assert len(found.settings) == 5
    assert found.runs < MOST_RUNS / 2
    check_settings(found, BASE)
