"""The tables keep what they promise: complete, described, consistent with each other."""

import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

from foresight.actions import ACTIONS, DOMAINS, GROUPS, LAST_YEAR, PHASE_STARTS, RUNGS, SUBREGIONS

Rows = list[dict[str, str]]


def read(folder: str) -> dict[str, Rows]:
    """Read every table of a folder."""
    tables = {}
    for file in files(folder).iterdir():
        if file.name.endswith(".csv"):
            with file.open(encoding="utf-8") as stream:
                tables[file.name] = list(csv.DictReader(stream))
    return tables


TABLES = read("foresight.data")
COLUMNS = [(name, column) for name, rows in sorted(TABLES.items()) for column in rows[0]]
DICTIONARY = {(row["file"], row["column"]): row for row in TABLES["dictionary.csv"]}

#: The records have a dictionary of their own, which does not describe itself.
RECORDS = read("foresight.data.records")
DESCRIBED = RECORDS.pop("dictionary.csv")
EVERYWHERE = [*TABLES["dictionary.csv"], *DESCRIBED]
MEMBERS = {row["iso3"]: row for row in TABLES["members.csv"]}


def codes_in(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]{3}\b", text)) & set(MEMBERS)


def without(column: str) -> set[str]:
    return {iso3 for iso3, row in MEMBERS.items() if not row[column]}


def test_the_dictionary_covers_exactly_every_column_of_every_table():
    assert sorted(DICTIONARY) == sorted(COLUMNS)
    assert len(DICTIONARY) == len(TABLES["dictionary.csv"])


def test_the_dictionary_of_the_records_covers_exactly_every_column_of_them_in_order():
    columns = [(name, column) for name, rows in RECORDS.items() for column in rows[0]]
    assert sorted((row["file"], row["column"]) for row in DESCRIBED) == sorted(columns)
    for name, rows in RECORDS.items():
        assert [row["column"] for row in DESCRIBED if row["file"] == name] == list(rows[0])


@pytest.mark.parametrize("row", DESCRIBED, ids=lambda row: f"{row['file']}-{row['column']}")
def test_the_number_of_missing_cells_is_that_of_the_record(row):
    assert int(row["missing"]) == sum(not one[row["column"]] for one in RECORDS[row["file"]])


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_the_number_of_missing_cells_is_that_of_the_file(name, column):
    assert int(DICTIONARY[name, column]["missing"]) == sum(not row[column] for row in TABLES[name])


@pytest.mark.parametrize("column", ["meaning_en", "unit_en", "source", "licence", "rule_en"])
def test_every_column_has_its_meaning_unit_source_licence_and_rule(column):
    assert all(row[column] for row in EVERYWHERE)


def test_a_rule_for_gaps_is_given_where_there_are_gaps():
    complete = [row for row in EVERYWHERE if row["missing"] == "0"]
    assert complete == [row for row in EVERYWHERE if row["rule_en"] == "none: no cell is empty"]


@pytest.mark.parametrize(("folder", "name"), [(f, name) for f in (TABLES, RECORDS) for name in sorted(f)])
def test_no_table_has_stray_blanks_or_machine_paths(folder, name):
    cells = [cell for row in folder[name] for cell in row.values()]
    assert all(cell == cell.strip() for cell in cells)
    assert not any("&" in cell or re.search(r"(^|\s)(/|[A-Z]:\\)\w", cell) for cell in cells)


def test_there_are_58_members_of_which_49_are_states():
    assert Counter(row["kind"] for row in MEMBERS.values()) == {"member": 49, "associate": 9}
    assert len(TABLES["members.csv"]) == len(MEMBERS) == 58


def test_iso_codes_are_unique_and_the_table_is_sorted():
    assert len({int(row["iso_num"]) for row in MEMBERS.values()}) == len(MEMBERS)
    assert list(MEMBERS) == sorted(MEMBERS)


def test_every_member_is_in_a_known_subregion_and_none_is_empty():
    assert {row["subregion"] for row in MEMBERS.values()} == set(SUBREGIONS)


@pytest.mark.parametrize("flag", ["ldc", "lldc", "sids"])
def test_flags_are_zero_or_one(flag):
    assert {row[flag] for row in MEMBERS.values()} == {"0", "1"}


def test_a_member_is_least_developed_where_it_was_included_and_has_not_graduated():
    included = {iso3 for iso3, row in MEMBERS.items() if row["ldc_since"] and not row["ldc_until"]}
    assert included == {iso3 for iso3, row in MEMBERS.items() if row["ldc"] == "1"}


@pytest.mark.parametrize(
    ("value", "year"),
    [
        ("population_mln", "population_year"),
        ("gdp_pc_usd", "gdp_pc_usd_year"),
        ("gdp_pc_ppp", "gdp_pc_ppp_year"),
        ("government_effectiveness", "government_effectiveness_year"),
        ("vulnerability", "vulnerability_year"),
        ("co2_mt", "co2_year"),
        ("ghg_mt", "ghg_year"),
    ],
)
def test_a_value_has_a_year_and_a_year_has_a_value(value, year):
    assert without(value) == without(year)


@pytest.mark.parametrize(
    ("column", "lowest", "highest"),
    [
        ("lat", -90, 90),
        ("lon", -180, 180),
        ("government_effectiveness", -2.5, 2.5),
        ("vulnerability", 0, 1),
        ("population_mln", 0, 2000),
    ],
)
def test_numbers_lie_within_their_scale(column, lowest, highest):
    assert all(lowest <= float(row[column]) <= highest for row in MEMBERS.values() if row[column])


def test_the_income_rule_names_exactly_the_members_that_it_fills():
    by_gapminder, by_rule = DICTIONARY["members.csv", "income_group_wb"]["rule_en"].split("else upper middle")
    unclassified = without("income_group_wb") & without("income_group_gapminder")
    assert codes_in(by_rule) == unclassified
    assert codes_in(by_gapminder) == without("income_group_wb") - unclassified


def test_the_capacity_rule_names_exactly_the_members_that_it_fills():
    rule = DICTIONARY["members.csv", "government_effectiveness"]["rule_en"]
    assert codes_in(rule) == without("government_effectiveness")


def test_rules_name_the_same_members_in_both_languages():
    assert all(codes_in(row["rule_zh"]) == codes_in(row["rule_en"]) for row in DICTIONARY.values())


@pytest.mark.parametrize("kind", ["meaning", "unit", "rule"])
def test_what_is_said_once_in_english_is_said_once_in_chinese(kind: str):
    said = {(row[f"{kind}_en"], row[f"{kind}_zh"]) for row in EVERYWHERE}
    assert len(said) == len({english for english, _ in said}) == len({chinese for _, chinese in said})


def test_memberships_join_known_members_and_known_bodies_once_and_sorted():
    pairs = [(row["body"], row["iso3"]) for row in TABLES["memberships.csv"]]
    assert {body for body, _ in pairs} == {row["slug"] for row in TABLES["bodies.csv"]}
    assert {iso3 for _, iso3 in pairs} <= set(MEMBERS)
    assert pairs == sorted(set(pairs))


def test_there_are_24_bodies_sorted_by_slug():
    slugs = [row["slug"] for row in TABLES["bodies.csv"]]
    assert slugs == sorted(set(slugs))
    assert len(slugs) == 24


def test_every_action_has_its_four_rungs_in_order():
    expected = [(action, str(rung)) for action in ACTIONS for rung in range(1, RUNGS + 1)]
    assert [(row["action"], row["rung"]) for row in TABLES["rungs.csv"]] == expected
    assert {row["origin"] for row in TABLES["rungs.csv"]} == {"project"}


@pytest.mark.parametrize("column", ["name_en", "name_zh", "sentence_en", "sentence_zh"])
def test_no_two_rungs_say_the_same(column):
    texts = [row[column] for row in TABLES["rungs.csv"]]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rung_is_one_sentence(language):
    stop = {"en": ".", "zh": "。"}[language]
    sentences = [row[f"sentence_{language}"] for row in TABLES["rungs.csv"]]
    assert all(sentence.endswith(stop) and sentence.count(stop) == 1 for sentence in sentences)


@pytest.mark.parametrize(("name", "column"), [c for c in COLUMNS if c[1].endswith(("_en", "_zh"))])
def test_texts_are_given_in_both_languages(name, column):
    stem = column[:-3]
    assert {(name, f"{stem}_en"), (name, f"{stem}_zh")} <= set(COLUMNS)
    assert all(row[column] for row in TABLES[name])


@pytest.mark.parametrize(("name", "column"), [c for c in COLUMNS if c[1].endswith("_zh")])
def test_chinese_texts_are_in_chinese(name, column):
    assert all(re.search(r"[\u4e00-\u9fff]", row[column]) for row in TABLES[name])


@pytest.mark.parametrize("column", ["meaning_zh", "rule_zh"])
def test_chinese_texts_on_the_records_are_in_chinese(column):
    assert all(re.search(r"[\u4e00-\u9fff]", row[column]) for row in DESCRIBED)
    assert all(re.search(r"[\u4e00-\u9fff]", row["name_zh"]) for row in RECORDS["agreements.csv"])


@pytest.mark.parametrize("name", ["axes.csv", "rungs.csv"])
def test_paragraphs_are_those_of_the_document(name):
    last = 51
    cited = [p for row in TABLES[name] if row["paragraph"] for p in row["paragraph"].split(", ")]
    assert all(p.startswith("¶") and 1 <= int(p[1:]) <= last for p in cited)


@pytest.mark.parametrize(
    ("axis", "codes"),
    [("action", ACTIONS), ("domain", DOMAINS), ("phase", tuple(str(k) for k in range(1, RUNGS + 1)))],
)
def test_every_axis_is_named_in_the_order_of_the_arrays(axis, codes):
    assert tuple(row["code"] for row in TABLES["axes.csv"] if row["axis"] == axis) == codes


def test_phases_follow_each_other_to_the_last_year():
    phases = [row for row in TABLES["axes.csv"] if row["axis"] == "phase"]
    starts = [int(row["first_year"]) for row in phases]
    assert tuple(starts) == PHASE_STARTS
    assert [int(row["last_year"]) + 1 for row in phases] == [*starts[1:], LAST_YEAR + 1]


def test_only_the_phases_are_named_by_the_project():
    assert all((row["origin"] == "project") == (row["axis"] == "phase") for row in TABLES["axes.csv"])


def test_every_scope_has_a_name():
    assert tuple(row["code"] for row in TABLES["groups.csv"]) == ("region", *SUBREGIONS, *GROUPS)
