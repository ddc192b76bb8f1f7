"""The records of pledges are what they say: known members, known names, dates that hold together."""

import csv
import re
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from foresight.facts.members import member_table
from foresight.observed.filings import FILING_ASSOCIATES, FILINGS, able, filings, opened, pledge_table, stretch, until

TABLE = pledge_table()

NAMES = {
    *(one.pledge for one in FILINGS.values()),
    "COP26 ZEV declaration",
    "Global Coal to Clean Power Transition Statement",
    "Net-zero / carbon-neutral target",
    "New York Declaration on Forests",
    "Powering Past Coal Alliance",
}

#: How a date is written, by its precision.
WRITTEN = {"": "", "day": r"\d{4}-\d{2}-\d{2}", "month": r"\d{4}-\d{2}", "year": r"\d{4}", "approx": r"\d{4}-\d{2}"}

#: The registry has the intended contribution of the Democratic People's Republic of Korea four days after its first.
INTENT_AFTER_FIRST = {"PRK"}


def rows_of(kind: str) -> pd.DataFrame:
    return TABLE[TABLE["pledge"] == FILINGS[kind].pledge]


def dated(kind: str) -> "pd.Series[float]":
    return filings(kind)["latest"].dropna()


def test_records_are_of_regional_members_alone():
    assert set(TABLE["iso3"]) <= set(member_table().index)
    assert not set(TABLE["iso3"]) & {"FRA", "GBR", "NLD", "USA"}


def test_every_pledge_is_a_known_one():
    assert set(TABLE["pledge"]) == NAMES


def test_every_date_is_written_as_its_precision_says():
    assert all(
        re.fullmatch(WRITTEN[how], when) for how, when in zip(TABLE["date_precision"], TABLE["date"], strict=True)
    )
    assert TABLE.loc[TABLE["date"] != "", "latest"].notna().all()


def test_nothing_happened_after_the_date_of_its_list():
    begun, listed = (np.array([*map(stretch, TABLE[name])]) for name in ("date", "source_as_of"))
    known = ~np.isnan(begun[:, 0])
    assert (begun[known, 0] < listed[known, 1]).all()


def test_every_record_tells_by_when_it_happened():
    assert TABLE["latest"].notna().all()
    assert (TABLE["earliest"].dropna() < TABLE["latest"][TABLE["earliest"].notna()]).all()


@pytest.mark.parametrize("kind", FILINGS)
def test_no_filing_lies_outside_of_what_its_list_covers(kind: str):
    own = rows_of(kind)
    assert (own["latest"] <= until(kind)).all()
    assert (own["earliest"].dropna() >= opened(kind)).all()


@pytest.mark.parametrize("kind", FILINGS)
def test_only_those_that_could_file_did(kind: str):
    assert set(rows_of(kind)["iso3"]) <= set(able(kind))
    assert len(able(kind)) == 49 + len(FILING_ASSOCIATES) * FILINGS[kind].associates


@pytest.mark.parametrize("kind", ["indc", "ndc_first", "forests", "methane", "coalition"])
def test_a_member_files_once_what_can_be_filed_once(kind: str):
    assert rows_of(kind)["iso3"].is_unique


def test_no_record_stands_twice():
    assert not TABLE.duplicated(["iso3", "pledge", "date"]).any()


def test_no_update_comes_before_the_first_contribution():
    updates = dated("ndc_update")
    assert (updates > filings("ndc_first")["latest"][updates.index]).all()


def test_no_intended_contribution_comes_after_the_first_with_one_exception():
    first = dated("ndc_first")
    later = filings("indc")["latest"][first.index] > first
    assert set(later.index[later]) == INTENT_AFTER_FIRST


def test_second_filings_come_after_first_ones():
    for kind in ("ndc_update", "review"):
        second = filings(kind, 2)["latest"].dropna()
        assert (second > dated(kind)[second.index]).all()


def test_the_filings_of_the_latest_round_are_not_there():
    assert dated("ndc_first").max() < 2024
    assert rows_of("ndc_update")["latest"].max() < 2024


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2020", 2020.0, 2021.0),
        ("2021-12", 2021 + 334 / 365, 2022.0),
        ("2020-02-29", 2020 + 59 / 366, 2020 + 60 / 366),
        ("2021-12-31", 2021 + 364 / 365, 2022.0),
        ("2020/2021 (edition not stated)", 2021.0, 2022.0),
    ],
)
def test_a_date_is_a_stretch_of_years(words: str, first: float, last: float):
    assert stretch(words) == pytest.approx((first, last), abs=1e-9)


def test_words_without_a_date_have_no_stretch():
    assert np.isnan(stretch("unknown")).all()


def test_a_member_that_joined_by_a_date_may_have_joined_from_the_opening_on():
    undated = rows_of("coalition").query("date == ''")["iso3"]
    assert len(undated) == 9
    assert (filings("coalition").loc[undated, "earliest"] == opened("coalition")).all()


def test_a_table_that_is_changed_leaves_the_records_alone():
    mine = pledge_table()
    mine["iso3"] = ""
    assert pledge_table()["iso3"].all()


def test_the_dictionary_describes_every_column_with_its_gaps():
    with files("foresight.data.records").joinpath("dictionary.csv").open(encoding="utf-8") as stream:
        described = [row for row in csv.DictReader(stream) if row["file"] == "pledges.csv"]
    written = TABLE.drop(columns=["earliest", "latest"])
    assert [row["column"] for row in described] == list(written)
    assert [int(row["missing"]) for row in described] == written.eq("").sum().tolist()
    assert all(row[name] for row in described for name in ("meaning_en", "meaning_zh", "unit_en", "licence", "rule_zh"))


def test_no_cell_has_stray_blanks():
    written = TABLE.drop(columns=["earliest", "latest"])
    assert written.map(lambda cell: cell == " ".join(cell.split())).all(axis=None)
