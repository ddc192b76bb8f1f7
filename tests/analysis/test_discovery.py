"""What is planted in points is found, said as it was counted, and can be run."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight.analysis.box import Box, box_of, told
from foresight.analysis.discovery import METHODS, Discovery, discover, scenario_inside, sentence
from foresight.errors import InputError
from foresight.scenario.factors import factor_called, settings_from_factors
from foresight.scenario.loading import load_scenario, save_scenario
from foresight.scenario.scenario import Scenario
from foresight.texts import Words

BASE = load_scenario("baiji-returns")
IDS = ("baiji-returns", "drifting-apart", "historical-pace")

#: The box of these tests: three factors decide, one of each kind that can be varied.
PLANTED = {"delivery_rate": (0.45, None), "linking": (None, 0.9), "support_multiplier.phase_3": (1.3, 3.5)}

#: Factors that play no part, a whole number among them.
NOISE = (
    "grace_years",
    "trust_gain",
    "initial_trust",
    "capacity_gain",
    "pledge_effort.transparency.phase_2",
    "peer_effect",
)

#: A limit of a box that is found may be off by as much, in parts of the range: PRIM peels 5 % of the points at a time
#: and of the boxes that are dense enough takes the widest, which may miss by a peel or two a side.
NEAR = 0.15


def drawn(names: Any, count: int = 1500, seed: int = 1) -> pd.DataFrame:
    """Return points drawn evenly over the declared ranges."""
    rng = np.random.default_rng(seed)
    items = {name: factor_called(name).parameter for name in names}
    return pd.DataFrame(
        {
            name: rng.integers(int(item.low), int(item.high) + 1, count).astype(float)
            if item.whole
            else rng.uniform(item.low, item.high, count)
            for name, item in items.items()
        }
    )


def within(points: pd.DataFrame, limits: dict[str, Any]) -> np.ndarray:
    """Tell which points are within limits, written here once more."""
    ends = [
        (points[name], -np.inf if low is None else low, np.inf if high is None else high)
        for name, (low, high) in limits.items()
    ]
    return np.all([(low <= column) & (column <= high) for column, low, high in ends], axis=0)


@cache
def planted(method: str, luck: float = 0.03) -> tuple[pd.DataFrame, np.ndarray, Discovery]:
    """Return points in which a box is planted, which of them are of interest, and what is found.

    A few, drawn by chance, are told wrongly.
    """
    points = drawn([*PLANTED, *NOISE])
    wrong = np.random.default_rng(2).random(len(points)) < luck
    interesting = within(points, PLANTED) ^ wrong
    return points, interesting, discover(points, interesting, method=method)


def problems(*args: Any, **kwargs: Any) -> list[tuple[str, str]]:
    """Return field and kind of all that is refused."""
    with pytest.raises(InputError) as caught:
        discover(*args, **kwargs)
    return [(problem.field, problem.kind) for problem in caught.value.problems]


# What is found ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_a_planted_box_is_found(method: str):
    box = planted(method)[2].boxes[0]
    assert set(box.limits) == set(PLANTED)
    assert min(box.coverage, box.density) >= 0.8
    for name, ends in PLANTED.items():
        item = factor_called(name).parameter
        for found, meant, open_end in zip(box.limits[name], ends, (item.low, item.high), strict=True):
            off = (open_end if found is None else found) - (open_end if meant is None else meant)
            assert abs(off) <= NEAR * (item.high - item.low)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_counted_is_what_the_limits_hold(method: str):
    points, interesting, found = planted(method)
    for box in found.boxes:
        held = within(points, box.limits)
        np.testing.assert_array_equal(box.inside(points), held)
        assert box.coverage == (held & interesting).sum() / interesting.sum()
        assert box.density == (held & interesting).sum() / held.sum()
        assert box.mass == held.mean()


@pytest.mark.parametrize("method", METHODS)
def test_a_box_has_no_limit_that_may_be_chance(method: str):
    for box in planted(method)[2].boxes:
        assert set(box.quasi_p) == set(box.limits)
        assert all(0 <= chance <= 0.05 for chance in box.quasi_p.values())


@pytest.mark.parametrize("method", METHODS)
def test_the_same_points_give_the_same_boxes(method: str):
    points, interesting, found = planted(method)
    shuffled = points.set_index(np.arange(len(points))[::-1])
    assert discover(shuffled, interesting, method=method) == found


@pytest.mark.costly
def test_a_box_of_prim_is_dense_enough_and_the_widest_of_those():
    points, interesting, _ = planted("prim")
    boxes = [discover(points, interesting, least_density=density).boxes[0] for density in (0.5, 0.7, 0.9)]
    assert [box.density >= density for box, density in zip(boxes, (0.5, 0.7, 0.9), strict=True)] == [True] * 3
    assert sorted((box.coverage for box in boxes), reverse=True) == [box.coverage for box in boxes]


def test_few_conditions_are_few_and_the_best_there_are():
    """One condition cannot be dense enough here: the compromise is what is left."""
    points, interesting, found = planted("prim")
    (box,) = discover(points, interesting, most_conditions=1).boxes
    assert len(box.limits) == 1
    assert set(box.limits) <= set(PLANTED)
    assert interesting.mean() < box.density < 0.8
    assert discover(points, interesting, method="cart", most_conditions=1).boxes == ()
    assert len(found.boxes) == 1


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_found_in_noise(method: str):
    """Of so many points that no leaf of 5 % is as dense by chance."""
    points = drawn(NOISE, 3000)
    interesting = np.random.default_rng(5).random(len(points)) < 0.5
    found = discover(points, interesting, method=method)
    assert found.boxes == ()
    assert found.plain() == {"method": method, "boxes": [], "points": 3000, "interesting": int(interesting.sum())}


def test_a_tree_without_a_branch_has_no_box():
    points = pd.DataFrame({"delivery_rate": [0.4] * 40})
    assert discover(points, np.arange(40) < 20, method="cart").boxes == ()


@pytest.mark.parametrize("method", METHODS)
def test_one_factor_is_enough(method: str):
    points = drawn(["delivery_rate"], 300)
    interesting = (points["delivery_rate"] > 0.5).to_numpy()
    (box,) = discover(points, interesting, method=method).boxes
    assert set(box.limits) == {"delivery_rate"}
    assert min(box.coverage, box.density) >= 0.8


def test_two_regions_are_two_leaves():
    points = drawn(["delivery_rate", "trust_gain"])
    low, high = (0.2, 0.35), (0.65, 0.8)
    interesting = within(points, {"delivery_rate": low}) | within(points, {"delivery_rate": high})
    boxes = discover(points, interesting, method="cart").boxes
    assert [set(box.limits) for box in boxes] == [{"delivery_rate"}] * 2
    assert sum(box.coverage for box in boxes) > 0.95
    assert {box.limits["delivery_rate"].index(None) for box in boxes} == {0, 1}


@pytest.mark.parametrize("method", METHODS)
def test_whole_numbers_have_whole_limits(method: str):
    points = drawn(["grace_years", "trust_gain"])
    interesting = (points["grace_years"] >= 5).to_numpy()
    (box,) = discover(points, interesting, method=method).boxes
    assert box.limits == {"grace_years": (5.0, None)}
    assert (box.coverage, box.density) == (1.0, 1.0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["str", "category"])
@pytest.mark.parametrize("meant", [IDS[:1], IDS[1:]])
def test_scenarios_can_be_a_condition(method: str, kind: str, meant: tuple[str, ...]):
    points = drawn(["delivery_rate", "trust_gain"], 900).assign(scenario=np.resize(IDS, 900)).astype({"scenario": kind})
    interesting = (points["scenario"].isin(meant) & (points["delivery_rate"] > 0.5)).to_numpy()
    box = discover(points, interesting, method=method).boxes[0]
    assert set(box.limits) == {"scenario", "delivery_rate"}
    assert box.limits["scenario"] == meant
    assert min(box.coverage, box.density) >= 0.8


@pytest.mark.parametrize("method", METHODS)
def test_categories_can_be_conditions_beside_each_other(method: str):
    rng = np.random.default_rng(1)
    names = {"structure.gate": ("calendar", "all_five", "infrastructure"), "structure.members": ("all", "states")}
    columns = {path: rng.choice(values, 1200) for path, values in names.items()}
    points = drawn(["delivery_rate"], 1200).assign(**columns, scenario=rng.choice(IDS, 1200))
    limits = {"structure.gate": ("all_five", "calendar"), "structure.members": ("states",), "scenario": IDS[:2]}
    interesting = np.all([points[name].isin(values) for name, values in limits.items()], axis=0)
    box = discover(points, interesting, method=method).boxes[0]
    assert box.limits == limits
    assert (box.coverage, box.density) == (1.0, 1.0)
    said = sentence(box)
    assert "“Who takes part” is 49 member States" in said
    assert "trust, and all five actions or the calendar alone" in said
    made = scenario_inside(box, points, BASE, "inside")
    assert (made.structure.gate, made.structure.members) == ("all_five", "states")
    assert BASE.structure.gate not in limits["structure.gate"]


@pytest.mark.parametrize("method", METHODS)
def test_one_scenario_alone_is_no_condition(method: str):
    points, interesting, found = planted(method)
    assert discover(points.assign(scenario="baiji-returns"), interesting, method=method).boxes == found.boxes


def test_a_found_box_is_plain_json():
    found = planted("prim")[2]
    plain = json.loads(json.dumps(found.plain(), allow_nan=False))
    assert plain == found.plain()
    assert plain["points"] == 1500
    assert plain["boxes"][0]["limits"]["delivery_rate"] == list(found.boxes[0].limits["delivery_rate"])


# Limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ((0.45, 0.45678), (0.45, 0.457)),
        ((0.45678, 5.0), (0.456, None)),
        ((0.2, 0.6789), (None, 0.679)),
        ((-9.0, 9.0), None),
    ],
)
def test_limits_are_rounded_outward_and_open_where_nothing_is_beyond(limit: tuple[float, float], said: Any):
    points = pd.DataFrame({"delivery_rate": [0.2, 0.5, 0.8]})
    assert told({"delivery_rate": limit}, points) == ({} if said is None else {"delivery_rate": said})


def test_whole_limits_are_rounded_inward():
    points = pd.DataFrame({"grace_years": [3.0, 5.0, 7.0]})
    assert told({"grace_years": (3.5, 6.5)}, points) == {"grace_years": (4.0, 6.0)}


def test_a_limit_of_zero_is_a_limit():
    points = drawn(["linking"])
    interesting = within(points, {"linking": (0.0, None)})
    box = box_of({"linking": (0.0, 1.5)}, points, interesting)
    assert box.limits == {"linking": (0.0, None)}


# The sentence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("method", METHODS)
def test_the_numbers_of_the_sentence_are_those_of_the_box(method: str, language: str):
    box = planted(method)[2].boxes[0]
    labels = {name: factor_called(name).label(language) for name in box.limits}
    said = sentence(box, language)
    bare = said
    for label in labels.values():
        assert label in said
        bare = bare.replace(label, "")
    ends = [f"{end:g}" for limit in box.limits.values() for end in limit if end is not None]
    shares = [Words(language).share(box.density), Words(language).share(box.coverage)]
    assert sorted(re.findall(r"-?\d+\.?\d*(?:e-\d+)?%?", bare)) == sorted([*ends, *shares])


def test_the_sentence_says_which_end_is_meant():
    limits = {
        "delivery_rate": (0.45, None),
        "linking": (None, 0.9),
        "grace_years": (5.0, 5.0),
        "peer_effect": (0.0, 1.0),
    }
    said = sentence(Box({**limits, "scenario": IDS[:2]}, 0.91, 0.87, 0.2, {}))
    assert said == (
        "The outcome holds in 87% of the points where “Pace of delivery” is at least 0.45, “Links between subregions” "
        "is at most 0.9, “Patience with pledges” is 5, “Peer effect” is between 0 and 1 and the scenario is "
        "baiji-returns or drifting-apart; these are 91% of all points where it holds."
    )


def test_a_language_without_texts_is_refused():
    with pytest.raises(InputError, match="language"):
        sentence(planted("prim")[2].boxes[0], "de")


# The scenario ----------------------------------------------------------------------------------------------------


def values_of(scenario: Scenario, names: Any) -> dict[str, float]:
    """Read the values of factors from a scenario."""
    found = {}
    for name in names:
        factor = factor_called(name)
        value = getattr(getattr(scenario, factor.section), factor.parameter.name)
        if factor.parameter.by_action:
            value = getattr(value, factor.action or "solidarity")
        found[name] = value[(factor.phase or 2) - 2] if factor.parameter.by_phase else value
    return found


def round_trip(box: Box, points: pd.DataFrame, folder: Path) -> Scenario:
    """Return a scenario inside a box after it was written to a file and read again."""
    made = scenario_inside(box, points, BASE, "inside")
    save_scenario(made, folder / "inside.toml")
    loaded = load_scenario(folder / "inside.toml")
    assert loaded.digest() == made.digest()
    return loaded


@pytest.mark.parametrize("method", METHODS)
def test_a_scenario_read_from_its_file_is_inside_the_box(method: str, tmp_path: Path):
    points, _, found = planted(method)
    loaded = round_trip(found.boxes[0], points, tmp_path)
    row = pd.DataFrame([values_of(loaded, PLANTED)])
    assert found.boxes[0].inside(row).all()
    assert within(row, PLANTED).all()
    assert loaded.levers.support_multiplier[::2] == BASE.levers.support_multiplier[::2]


@pytest.mark.parametrize(
    "limits",
    [
        {"grace_years": (4.0, 5.0)},
        {"grace_years": (6.0, None)},
        {"linking": (None, 0.0)},
        {"linking": (1.59, None)},
        {"exit_rate": (0.00123, 0.00124)},
        {"pledge_effort": (3.3, None)},
        {"pledge_effort.phase_4": (None, 0.5)},
        {"delivery_effort.networking": (5.0, 5.5)},
        {"delivery_effort.networking.phase_2": (5.0, 5.5), "delivery_effort.networking.phase_4": (None, 0.4)},
        {"support_multiplier": (2.0, 2.1), "assistance.phase_2": (0.4, 0.6), "solidarity_share": (0.9, None)},
    ],
    ids=lambda limits: "+".join(limits),
)
def test_a_scenario_is_inside_whatever_the_limits_are(limits: dict[str, Any], tmp_path: Path):
    points, box = drawn(limits), Box(limits, 1.0, 1.0, 1.0, {})
    loaded = round_trip(box, points, tmp_path)
    assert box.inside(pd.DataFrame([values_of(loaded, limits)])).all()
    only_these = load_scenario("baiji-returns", set=settings_from_factors(values_of(loaded, limits), BASE))
    assert loaded.digest() == only_these.digest()


def test_a_scenario_says_in_both_languages_what_it_is():
    points, _, found = planted("prim")
    made = scenario_inside(found.boxes[0], points, BASE, "inside")
    for language in ("en", "zh"):
        assert getattr(BASE.title, language) in getattr(made.title, language)
        assert sentence(found.boxes[0], language) in getattr(made.storyline, language)
    assert (made.id, made.extends[0], made.origin.title) == ("inside", "baiji-returns", "project")


def test_the_base_must_be_a_scenario_of_the_box():
    points = drawn(["delivery_rate"]).assign(scenario="historical-pace")
    limits = {"scenario": ("drifting-apart", "historical-pace"), "delivery_rate": (0.5, None)}
    box = Box(limits, 1.0, 1.0, 1.0, {})
    assert scenario_inside(box, points, load_scenario("historical-pace"), "inside").uncertainties.delivery_rate == 0.65
    with pytest.raises(InputError, match="base"):
        scenario_inside(box, points, BASE, "inside")


def test_a_scenario_needs_an_id_that_can_be_one():
    with pytest.raises(InputError, match="id"):
        scenario_inside(planted("prim")[2].boxes[0], planted("prim")[0], BASE, "No such id")


# What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "kind"), [(False, "none_interesting"), (True, "all_interesting")])
def test_points_that_are_all_alike_are_refused(value: bool, kind: str):
    points = drawn(["delivery_rate"], 10)
    assert problems(points, np.full(10, value)) == [("interesting", kind)]


@pytest.mark.parametrize("interesting", [np.ones(9, bool), np.ones((10, 1), bool), np.ones(10), [1] * 10])
def test_what_is_not_true_or_false_of_each_point_is_refused(interesting: Any):
    assert problems(drawn(["delivery_rate"], 10), interesting) == [("interesting", "one_a_point")]


def test_columns_that_are_no_factors_or_no_numbers_are_all_told():
    points = pd.DataFrame(
        {"deliveryrate": [0.3, 0.4], "sd_gate": [0.05, 0.05], "linking": ["a", "b"], "trust_gain": [0.1, np.nan]}
    )
    assert problems(points, np.array([True, False])) == [
        ("points.deliveryrate", "unknown_factor"),
        ("points.sd_gate", "unknown_factor"),
        ("points.linking", "not_a_number"),
        ("points.trust_gain", "not_finite"),
    ]
    assert problems(pd.DataFrame(index=[0, 1]), np.array([True, False])) == [("points", "empty")]


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"method": "rim"}, "unknown_name"),
        ({"least_density": 1.2}, "out_of_range"),
        ({"least_density": np.nan}, "out_of_range"),
        ({"most_conditions": 0}, "out_of_range"),
        ({"most_conditions": 2.5}, "not_whole"),
    ],
)
def test_arguments_out_of_range_are_refused(wrong: dict[str, Any], kind: str):
    assert problems(drawn(["delivery_rate"], 2), np.array([True, False]), **wrong) == [(*wrong, kind)]


def test_trees_name_the_extra_that_they_miss_and_peeling_needs_none(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("foresight.extras.import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'foresight-escap\[explore\]'") as caught:
        discover(drawn(["delivery_rate"], 20), np.arange(20) < 10, method="cart")
    assert caught.value.problems[0].field == "sklearn"
    assert discover(drawn(["delivery_rate"], 20), np.arange(20) < 10, method="prim").points == 20
