"""The member table, its groups and the numbers that follow from it."""

import math

import numpy as np
import pandas as pd
import pytest

from foresight.actions import ACTIONS, GROUPS, RUNGS, SUBREGIONS
from foresight.facts import axes, bodies, members, tables
from foresight.facts.members import base_capacity, fiscal_capacity, group_members, member_table
from foresight.facts.tables import digest

TABLES = [
    member_table,
    bodies.body_table,
    axes.rung_table,
    axes.axis_table,
    axes.group_table,
    tables.dictionary,
]


def test_the_member_table_has_58_members_sorted_by_code():
    table = member_table()
    assert len(table) == 58
    assert table.index.name == "iso3"
    assert table.index.is_monotonic_increasing
    assert table.index.is_unique


def test_every_column_has_its_type():
    table = member_table()
    assert all(table[flag].dtype == np.bool_ for flag in ("ldc", "lldc", "sids"))
    assert table["iso_num"].dtype == np.int64
    assert table["government_effectiveness"].dtype == np.float64
    assert math.isnan(table.loc["NIU", "government_effectiveness"])
    assert table.loc["CHN", "income_group_wb"] == "Upper middle income"
    assert table.loc["HKG", "capital"] == ""


@pytest.mark.parametrize("read", TABLES)
def test_a_caller_cannot_corrupt_a_table(read):
    before = read()
    spoilt = read()
    spoilt.iloc[:, 0] = spoilt.iloc[::-1, 0].to_numpy()
    spoilt["added"] = 0
    pd.testing.assert_frame_equal(read(), before)


def test_a_caller_cannot_corrupt_the_memberships():
    bodies.memberships().clear()
    assert len(bodies.memberships()) == 24


def test_no_text_is_taken_for_a_missing_value():
    for read in TABLES:
        assert not read().select_dtypes(exclude="number").isna().any(axis=None)


def test_every_member_has_an_income_group_and_both_capacities():
    for member in member_table().itertuples():
        assert fiscal_capacity(member.income_group, member.ldc) > 0
        assert 0 < base_capacity(member.government_effectiveness, member.income_group) < 1


def test_the_income_group_is_the_world_banks_where_it_has_one():
    table = member_table()
    basis = table["income_group_basis"]
    assert basis.eq("World Bank").equals(table["income_group_wb"].ne(""))
    assert table.loc[["AUS", "CHN", "IRN", "AFG"], "income_group"].tolist() == [
        "high",
        "upper-middle",
        "lower-middle",
        "low",
    ]


def test_gapminder_fills_seven_associate_members():
    table = member_table()
    filled = table[table["income_group_basis"] == "Gapminder"]
    assert filled.index.tolist() == ["ASM", "GUM", "HKG", "MAC", "MNP", "NCL", "PYF"]
    assert filled["kind"].eq("associate").all()
    assert filled["income_group"].tolist() == ["upper-middle", *["high"] * 6]


def test_only_the_cook_islands_and_niue_are_filled_by_the_rule():
    table = member_table()
    filled = table[table["income_group_basis"] == "rule: upper middle"]
    assert filled["name_en"].tolist() == ["Cook Islands", "Niue"]
    assert filled["income_group"].eq("upper-middle").all()


@pytest.mark.parametrize(("group", "units"), [("high", 5), ("upper-middle", 2.5), ("lower-middle", 1), ("low", 0.6)])
def test_fiscal_capacity_follows_the_income_group(group, units):
    assert fiscal_capacity(group, ldc=False) == units


@pytest.mark.parametrize("group", members.FISCAL_CAPACITY)
def test_a_least_developed_country_has_the_least_fiscal_capacity_whatever_its_income(group):
    assert fiscal_capacity(group, ldc=True) == 0.6


@pytest.mark.parametrize(
    ("effectiveness", "capacity"), [(0, 0.5), (1, 0.66), (-1, 0.34), (2.5, 0.9), (-2.5, 0.15), (2.4, 0.884)]
)
def test_base_capacity_is_linear_in_effectiveness_within_its_limits(effectiveness, capacity):
    assert base_capacity(effectiveness, "low") == pytest.approx(capacity, abs=1e-15)


@pytest.mark.parametrize("missing", [None, math.nan, np.float64("nan")])
@pytest.mark.parametrize(
    ("group", "capacity"), [("high", 0.75), ("upper-middle", 0.55), ("lower-middle", 0.45), ("low", 0.33)]
)
def test_base_capacity_follows_the_income_group_where_effectiveness_is_missing(missing, group, capacity):
    assert base_capacity(missing, group) == capacity


def test_an_unknown_income_group_is_an_error_that_names_the_known_ones():
    with pytest.raises(ValueError, match=r"'Low income'.*high, upper-middle, lower-middle, low"):
        fiscal_capacity("Low income", ldc=True)
    with pytest.raises(ValueError, match="unknown income group 'middle'"):
        base_capacity(0.0, "middle")


def test_subregions_divide_the_region():
    table = member_table()
    masks = np.array([group_members(code, table) for code in SUBREGIONS])
    assert masks.sum(axis=0).tolist() == [1] * len(table)
    assert masks.sum(axis=1).tolist() == [7, 9, 21, 10, 11]


def test_the_rest_is_every_member_in_no_special_situation():
    table = member_table()
    special = np.any([group_members(code, table) for code in ("LDC", "LLDC", "SIDS")], axis=0)
    assert np.array_equal(group_members("REST", table), ~special)
    assert group_members("region", table).all()


def test_groups_follow_flags_that_a_scenario_has_changed():
    table = member_table()
    table.loc["BGD", "ldc"] = False
    assert not group_members("LDC", table)[table.index.get_loc("BGD")]
    assert group_members("REST", table)[table.index.get_loc("BGD")]


def test_every_named_group_can_be_asked_for():
    table = member_table()
    assert axes.group_table().index.tolist() == ["region", *SUBREGIONS, *GROUPS]
    assert all(group_members(code, table).any() for code in axes.group_table().index)


def test_an_unknown_group_is_an_error_that_names_the_known_ones():
    with pytest.raises(ValueError, match=r"'ASEAN'.*region, ENEA.*REST"):
        group_members("ASEAN", member_table())


def test_bodies_count_their_members():
    table = bodies.body_table()
    assert table["members"].to_dict() == {slug: len(iso3) for slug, iso3 in bodies.memberships().items()}
    assert table.loc["PIF", "members"] == 18
    assert table["members"].min() >= 2


def test_memberships_are_sorted_and_known():
    known = set(member_table().index)
    for iso3 in bodies.memberships().values():
        assert list(iso3) == sorted(set(iso3))
        assert set(iso3) <= known


def test_every_rung_of_every_action_can_be_looked_up():
    rungs = axes.rung_table()
    assert rungs.index.tolist() == [(action, rung) for action in ACTIONS for rung in range(1, RUNGS + 1)]
    assert rungs.loc[("transparency", 1), "sentence_en"].startswith("Publishes environmental data")


def test_actions_bear_the_documents_names():
    assert axes.axis_table().loc["action", "name_zh"].tolist() == [
        "团结一致",
        "信息、数据共享、透明度和行动证据",
        "问责措施",
        "经济制度和筹资干预",
        "协调一致、网络化的参与性行动",
    ]


def test_the_data_digest_is_a_stable_sha256():
    tables.data_digest.cache_clear()
    first = tables.data_digest()
    tables.data_digest.cache_clear()
    assert tables.data_digest() == first
    assert len(bytes.fromhex(first)) == 32


@pytest.mark.parametrize(
    "changed",
    [
        {"a.csv": b"x,y\n1,3\n", "b.csv": b"z\n"},
        {"a.csv": b"x,y\n1,2\n", "c.csv": b"z\n"},
        {"a.csv": b"x,y\n1,2\n"},
        {"a.csv": b"z\n", "b.csv": b"x,y\n1,2\n"},
        {"a.csv": b"x,y\n1,2\nz\n", "b.csv": b""},
    ],
)
def test_the_digest_changes_with_a_byte_a_name_or_a_boundary(changed):
    assert digest(changed) != digest({"a.csv": b"x,y\n1,2\n", "b.csv": b"z\n"})


def test_the_digest_ignores_order_and_line_ends():
    original = {"a.csv": b"x\n1\n", "b.csv": b"z\n"}
    assert digest({"b.csv": b"z\r\n", "a.csv": b"x\r\n1\r\n"}) == digest(original)
