"""A scenario is frozen and closed, has one digest for what it does, and builds what the engine reads."""

import ast
import inspect
import tomllib
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.actions import ACTIONS, FIRST_YEAR, GROUPS
from foresight.engine.inputs import Gate
from foresight.facts.bodies import memberships
from foresight.facts.members import base_capacity, group_members, member_table
from foresight.facts.parameters import levers, uncertainties
from foresight.scenario import layer, schema
from foresight.scenario.building import build, lever_values
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import RungChanges

BASE = {"id": "a", "title": {"en": "A", "zh": "甲"}}
STORM = {"name": "storm", "year": 2030}
CALM = {"name": "calm", "year": 2030}


def scenario(**tables: Any) -> Scenario:
    return Scenario.model_validate({**BASE, **tables})


def position(iso3: str, of: Scenario | None = None) -> int:
    return int((of or scenario()).members().index.get_loc(iso3))


def test_a_scenario_cannot_change():
    with pytest.raises(pydantic.ValidationError):
        scenario().levers.linking = 1.0


def test_rung_changes_name_the_five_actions_in_order():
    assert tuple(RungChanges.model_fields) == ACTIONS


def test_every_field_says_what_it_means():
    """In the source, where those who change it read; those that parameters.toml declares have theirs there."""
    tables = [node for room in (layer, schema) for node in ast.parse(inspect.getsource(room)).body]
    lines = [pair for table in tables if isinstance(table, ast.ClassDef) for pair in pairwise(table.body)]
    fields = [(ast.unparse(one), after) for one, after in lines if isinstance(one, ast.AnnAssign)]
    assert len(fields) > 40
    for field, after in fields:
        assert isinstance(after, ast.Expr), field
        assert isinstance(ast.literal_eval(after.value), str), field


# --- The four scenarios that ship


def test_four_scenarios_ship_named_by_their_files():
    assert set(bundled()) == {"baiji-returns", "drifting-apart", "historical-pace", "paper-promises"}
    assert all(load_scenario(name).id == name for name in bundled())


def test_only_the_title_of_the_pathway_is_the_documents_own():
    origins = {name: load_scenario(name).origin for name in bundled()}
    assert {name for name, origin in origins.items() if origin.title != "project"} == {"baiji-returns"}
    assert origins["baiji-returns"].title == "document ¶37"
    assert {origin.storyline for origin in origins.values()} == {"project"}


@pytest.mark.parametrize("name", bundled())
def test_texts_are_there_in_both_languages(name: str):
    loaded = load_scenario(name)
    assert all([loaded.author, loaded.storyline.en, loaded.storyline.zh])
    assert all(event.tag == "judgement" for event in loaded.events)


@pytest.mark.parametrize("name", bundled())
def test_history_up_to_2026_is_the_same_in_all_four(name: str):
    base, built = build(load_scenario("historical-pace")), build(load_scenario(name))
    past = 2027 - FIRST_YEAR
    for part in ("members", "events"):
        for field, expected in getattr(base, part)._asdict().items():
            given = getattr(getattr(built, part), field)
            if expected.ndim > 1:
                expected, given = expected[:past], given[:past]
            np.testing.assert_array_equal(given, expected, field)
    for expected, given in zip(base.uncertainties, built.uncertainties, strict=True):
        np.testing.assert_array_equal(given, expected)
    assert built.structure.levers_from == 2027
    assert built.structure.gate == Gate.INFRASTRUCTURE or built.structure.gate_from >= 2027


def test_the_pandemic_takes_resources_in_2020_and_2021_and_trust_in_2020():
    events = build(load_scenario("historical-pace")).events
    step = 2020 - FIRST_YEAR
    np.testing.assert_allclose(events.resources_kept[step : step + 3].T, np.tile([0.7, 0.85, 1], (58, 1)))
    np.testing.assert_array_equal(events.trust[step - 1 : step + 2].T, np.tile([0, -0.03, 0], (58, 1)))


# --- Levers and uncertainties


def test_what_is_not_said_has_its_declared_default():
    plain = scenario()
    for name, declared in uncertainties().items():
        assert getattr(plain.uncertainties, name) == declared.default
    for name, declared in levers().items():
        if not declared.by_action and not declared.by_phase:
            assert getattr(plain.levers, name) == declared.default


def test_one_value_holds_in_all_phases():
    assert scenario(levers={"assistance": 0.5}) == scenario(levers={"assistance": [0.5, 0.5, 0.5]})


def test_a_lever_not_set_has_the_value_of_the_uncertainty_it_replaces():
    values = lever_values(scenario(uncertainties={"outside_peer_effect": 0.3}))
    assert (values.linking, values.solidarity_share, values.performance_share) == (0.3, 0.5, 0.0)
    assert lever_values(scenario(levers={"linking": -0.4})).linking == -0.4


def test_levers_have_the_axes_of_the_inputs():
    coalitions = [{"name": "one", "members": ["FJI"]}, {"name": "two", "members": ["CHN"]}]
    values = lever_values(scenario(coalition=coalitions))
    assert values.pledge_effort.shape == values.delivery_effort.shape == (3, 5, 3, 1)
    assert values.support_multiplier.shape == values.assistance.shape == (3, 1)
    assert {getattr(values, name).shape for name in ("linking", "review_deadline", "solidarity_share")} == {(1,)}


def test_the_offset_moves_the_base_of_the_pledge_hazard():
    base = build(scenario(uncertainties={"peer_effect": 1.0, "pledge_offset": -0.2}))
    np.testing.assert_allclose(base.uncertainties.pledge_log_hazard_base, [-1.67 - 0.33 - 0.2], rtol=1e-15)


def test_a_fixed_uncertainty_may_be_written_with_its_value():
    assert scenario(uncertainties={"sd_gate": 0.05}) == scenario()


# --- Members


def test_members_are_sorted_by_code_and_all_or_states():
    assert list(scenario().members().index) == sorted(member_table().index)
    states = scenario(structure={"members": "states"})
    assert len(states.members()) == 49
    assert set(states.members()["kind"]) == {"member"}


@pytest.mark.parametrize("who", ["all", "states"])
def test_arrays_have_a_row_for_each_member_and_step(who: str):
    chosen = scenario(structure={"members": who})
    built, count = build(chosen), len(chosen.members())
    for name, array in [*built.members._asdict().items(), *built.events._asdict().items()]:
        if array.ndim > 1:
            assert array.shape[:2] == (23, count), name
    assert built.members.code.tolist() == chosen.members()["iso_num"].tolist()
    assert built.members.body_offset.shape == (count + 1,)


@pytest.mark.parametrize("who", ["all", "states"])
def test_bodies_count_the_members_that_take_part(who: str):
    chosen = scenario(structure={"members": who})
    table, built = chosen.members(), build(chosen).members
    for number, (slug, codes) in enumerate(memberships().items()):
        within = [
            code
            for i, code in enumerate(table.index)
            if number in built.body_index[built.body_offset[i] : built.body_offset[i + 1]]
        ]
        assert within == sorted(set(codes) & set(table.index)), slug
        assert built.body_size[number] == len(within)


def test_a_graduation_changes_the_facts_from_its_year_on():
    changed = build(scenario(members={"BGD": {"ldc": False, "from": 2030}})).members
    plain, bgd, step = build(scenario()).members, position("BGD"), 2030 - FIRST_YEAR
    assert changed.ldc[:, bgd].tolist() == [1.0] * step + [0.0] * (23 - step)
    assert changed.assisted[-1, bgd] == 0.0
    assert changed.income[[step - 1, step], bgd].tolist() == [0.6, 1.0]  # a lower-middle-income country
    others = np.arange(58) != bgd
    np.testing.assert_array_equal(changed.income[:, others], plain.income[:, others])


def test_a_change_of_facts_starts_with_the_levers_if_no_year_is_given():
    changed = scenario(members={"TUV": {"ldc": False}}, structure={"levers_from": 2030})
    assert build(changed).members.ldc[:, position("TUV")].sum() == 2030 - FIRST_YEAR
    assert build(changed).members.assisted[-1, position("TUV")] == 1.0  # still a small island


def test_a_change_of_effectiveness_changes_capacity():
    changed = build(scenario(members={"FJI": {"government_effectiveness": 1.0, "from": 2017}})).members
    assert changed.base_capacity[0, position("FJI")] == base_capacity(1.0, "upper-middle")


def test_facts_of_a_member_that_does_not_take_part_are_left_aside():
    states = {"structure": {"members": "states"}}
    left = build(scenario(members={"GUM": {"sids": False}}, **states))
    np.testing.assert_array_equal(left.members.assisted, build(scenario(**states)).members.assisted)


# --- Coalitions


def test_a_coalition_has_its_own_efforts_and_otherwise_the_common_ones():
    built = build(
        scenario(
            levers={"pledge_effort": {"transparency": 2}},
            coalition=[{"name": "club", "members": ["FJI"], "bodies": ["MRC"], "pledge_effort": {"solidarity": 3}}],
        )
    )
    assert built.levers.pledge_effort[:, :2, 0, 0].tolist() == [[1, 2], [3, 2]]
    members = {"FJI", *memberships()["MRC"]}
    assert set(scenario().members().index[built.members.group == 1]) == members


def test_associates_of_a_coalition_are_left_out_where_states_alone_take_part():
    chosen = scenario(structure={"members": "states"}, coalition=[{"name": "p", "members": ["GUM", "FJI"]}])
    assert chosen.members().index[build(chosen).members.group == 1].tolist() == ["FJI"]


# --- Events


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        ("all", 58),
        ("Pacific", int((member_table()["subregion"] == "Pacific").sum())),
        ("ASEAN", len(memberships()["ASEAN"])),
        *((group, int(group_members(group, member_table()).sum())) for group in GROUPS),
        (["FJI", "TON"], 2),
    ],
)
def test_an_event_reaches_its_scope_in_its_year(scope: object, reached: int):
    events = build(scenario(event=[{**STORM, "scope": scope, "trust": -0.1, "delivered": {"financing": -1}}])).events
    step = 2030 - FIRST_YEAR
    assert np.count_nonzero(events.trust) == np.count_nonzero(events.trust[step]) == reached
    assert np.count_nonzero(events.delivered[step, :, ACTIONS.index("financing")] == -1) == reached
    assert np.count_nonzero(events.delivered) == reached


def test_an_event_for_a_group_reaches_who_is_in_it_by_the_member_table():
    """Whoever graduates in the scenario stays in it, as in all tables of groups."""
    facts = {"NPL": {"ldc": False, "from": 2027}}
    chosen = scenario(members=facts, event=[{**STORM, "scope": "LDC", "trust": -0.1}])
    reached = build(chosen).events.trust[2030 - FIRST_YEAR] != 0
    assert reached.tolist() == chosen.members()["ldc"].tolist()
    assert reached[chosen.members().index.get_loc("NPL")]


def test_events_of_one_year_add_up_and_multiply_on_resources():
    effects = {"resources_lost": 0.5, "trust": -0.1, "capacity": 0.2, "pledged": {"solidarity": 1}}
    events = build(scenario(event=[{**STORM, **effects}, {**STORM, **effects, "name": "another"}])).events
    step = 2030 - FIRST_YEAR
    assert set(events.resources_kept[step]) == {0.25}
    assert set(events.trust[step]) == {-0.2}
    assert set(events.capacity[step]) == {0.4}
    assert set(events.pledged[step, :, 0]) == {2}
    assert events.pledged.dtype == np.int8


# --- Digest


def test_texts_do_not_touch_the_digest():
    event = {**STORM, "trust": -0.1}
    told = scenario(
        id="b",
        author="B",
        title={"en": "B", "zh": "乙"},
        storyline={"en": "Once"},
        origin={"title": "document ¶37"},
        event=[{**event, "name": "gale", "tag": "literature", "source": "somebody"}],
    )
    assert told.digest() == scenario(event=[event]).digest()


@pytest.mark.parametrize(
    "tables",
    [
        {"levers": {"pledge_effort": {"solidarity": 1.0}, "assistance": [0, 0, 0], "review_deadline": -0.0}},
        {"structure": {"gate": "infrastructure", "gate_from": 2017, "members": "all", "levers_from": 2027}},
        {"uncertainties": {name: declared.default for name, declared in uncertainties().items()}},
        {"coalition": [], "event": [], "members": {}},
    ],
)
def test_a_default_written_out_does_not_touch_the_digest(tables: Mapping[str, Any]):
    assert scenario(**tables).digest() == scenario().digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"levers": {"assistance": 1}}, {"levers": {"assistance": [1.0, 1, 1.0]}}),
        ({"members": {"BGD": {"ldc": False}}}, {"members": {"BGD": {"ldc": False, "from": 2027}}}),
        (
            {
                "event": [
                    {**STORM, "trust": 0.1, "scope": ["FJI", "TON"]},
                    {**STORM, "name": "b", "capacity": 0.1},
                ]
            },
            {
                "event": [
                    {**STORM, "capacity": 0.1},
                    {**STORM, "name": "c", "trust": 0.1, "scope": ["TON", "FJI"]},
                ]
            },
        ),
        (
            {"coalition": [{"name": "a", "members": ["FJI", "TON"]}, {"name": "b", "bodies": ["MRC"]}]},
            {"coalition": [{"name": "x", "bodies": ["MRC"]}, {"name": "y", "members": ["TON", "FJI"]}]},
        ),
        (
            {"members": {"BGD": {"ldc": False}, "NPL": {"ldc": False}}},
            {"members": {"NPL": {"ldc": False}, "BGD": {"ldc": False}}},
        ),
    ],
)
def test_other_ways_to_say_the_same_do_not_touch_the_digest(one: Mapping[str, Any], other: Mapping[str, Any]):
    assert scenario(**one).digest() == scenario(**other).digest()


@pytest.mark.parametrize(
    "tables",
    [
        {"levers": {"pledge_effort": {"solidarity": [1, 1, 1.1]}}},
        {"levers": {"linking": 0.8}},  # it no longer follows the uncertain value
        {"structure": {"gate_from": 2018}},
        {"uncertainties": {"delivery_rate": 0.41}},
        {"event": [{**STORM, "trust": 0.1}]},
        {"coalition": [{"name": "a", "members": ["FJI"]}]},
        {"members": {"BGD": {"ldc": False}}},
    ],
)
def test_everything_that_moves_a_number_moves_the_digest(tables: Mapping[str, Any]):
    assert scenario(**tables).digest() != scenario().digest()


effort = st.floats(0.25, 6)
efforts = st.dictionaries(st.sampled_from(ACTIONS), effort | st.lists(effort, min_size=3, max_size=3))


@settings(max_examples=50, deadline=None)
@given(efforts, st.floats(-0.4, 1.6), st.floats(0.2, 0.8), st.integers(2025, 2040))
def test_a_scenario_survives_being_written(effort: dict[str, Any], linking: float, rate: float, year: int):
    one = scenario(
        levers={"pledge_effort": effort, "linking": linking},
        uncertainties={"delivery_rate": rate},
        structure={"levers_from": year},
        members={"BGD": {"ldc": False, "from": 2029}},
        coalition=[{"name": 'a "b"\\', "members": ["FJI"], "delivery_effort": effort}],
        event=[{**STORM, "scope": ["FJI"], "pledged": {"solidarity": 1}}],
    )
    assert Scenario.model_validate(tomllib.loads(one.to_toml())) == one
