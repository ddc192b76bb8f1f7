"""The records of adoption that ship are what they say, and years at risk begin and end where they should."""

import csv
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest
from adoption import agreement, at, records

from foresight.facts.members import member_table
from foresight.observed.acts import Kind, kind_of
from foresight.observed.records import (
    FORWARD,
    NEVER,
    TRAINING,
    circles,
    least_developed,
    load_records,
    own_records,
    sovereign_from,
    subregions,
)

Rows = list[dict[str, str]]

OWN = own_records()

#: States or territories that cannot become parties for themselves.
NOT_ELIGIBLE = {"ASM", "GUM", "HKG", "MAC", "MNP", "NCL", "PYF"}


def read(name: str) -> Rows:
    with files("foresight.data.records").joinpath(name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


ACTS = read("ratifications.csv")
AGREEMENTS = {row["treaty"]: row for row in read("agreements.csv")}
PARTIES = [row for row in ACTS if row["action_date"]]


def position(name: str) -> int:
    return [one.name for one in OWN.agreements].index(name)


def test_every_member_has_one_row_for_every_agreement():
    pairs = Counter((row["treaty"], row["iso3"]) for row in ACTS)
    assert set(pairs) == {(name, code) for name in AGREEMENTS for code in member_table().index}
    assert set(pairs.values()) == {1}


def test_there_are_30_agreements_with_names_in_both_languages():
    assert len(AGREEMENTS) == 30
    assert len({row["name_zh"] for row in AGREEMENTS.values()}) == 30


def test_nineteen_agreements_calibrate_and_four_look_forward():
    assert len(OWN.used_for(TRAINING).agreements) == 19
    forward = {one.name for one in OWN.used_for(FORWARD).agreements}
    assert forward == {"Paris Agreement", "Nagoya Protocol", "ITPGRFA", "Basel Ban Amendment"}


def test_no_agreement_serves_two_purposes():
    assert {one.use for one in OWN.agreements} == {TRAINING, FORWARD, "use with care", "small-club side test"}


@pytest.mark.parametrize(
    ("name", "opened", "last"),
    [
        ("Paris Agreement", 2016, 2022),  # opened after its year of adoption; list of 13 February 2023
        ("Nagoya Protocol", 2011, 2017),  # list of 20 November 2018
        ("UNFCCC", 1992, 2019),  # list of 21 August 2020
        ("Espoo Convention", 1991, 2014),  # list of 14 March 2015
        ("Basel Ban Amendment", 1995, 2017),  # an amendment: never open for signature
        ("World Heritage Convention", 1972, 2019),  # adopted, not signed
    ],
)
def test_years_at_risk_run_from_the_opening_to_the_last_full_year_of_the_list(name: str, opened: int, last: int):
    about = OWN.agreements[position(name)]
    assert (about.opened, about.last) == (opened, last)


def test_agreements_come_in_the_order_of_their_opening():
    opened = [one.opened for one in OWN.agreements]
    assert opened == sorted(opened)


@pytest.mark.parametrize("name", AGREEMENTS)
def test_an_agreement_is_adopted_then_opened_then_in_force_or_listed(name: str):
    row = AGREEMENTS[name]
    opened = row["open_for_signature"] or row["adopted"]
    assert row["adopted"] <= opened <= min(row["entry_into_force"], row["list_as_of"])


def test_dates_of_opening_say_where_they_are_from():
    assert all(bool(row["open_for_signature"]) == bool(row["open_source"]) for row in AGREEMENTS.values())


def test_a_fund_says_which_it_is():
    assert all((row["fund"] == "1") == bool(row["fund_basis"]) for row in AGREEMENTS.values())
    assert sum(one.fund for one in OWN.agreements) == sum(row["fund"] == "1" for row in AGREEMENTS.values())


@pytest.mark.parametrize("name", ["Montreal Protocol", "ITPGRFA"])
def test_a_fund_that_came_after_the_opening_does_not_count(name: str):
    """Those of 1991 and 2009: a forecast from the opening could not know them."""
    assert AGREEMENTS[name]["fund"] == "0"


def test_every_act_has_a_source_and_a_date_of_its_list():
    assert all(row["source"] and row["date_precision"] == "day" for row in PARTIES)
    assert all(row["source_as_of"] for row in ACTS)
    assert all(row["source_as_of"] == AGREEMENTS[row["treaty"]]["list_as_of"] for row in ACTS if not row["action_date"])


def test_no_act_comes_after_the_date_of_its_own_list():
    assert [row for row in PARTIES if row["action_date"] > row["source_as_of"]] == []


def test_no_act_comes_before_the_opening_but_by_succession():
    early = []
    for row in PARTIES:
        about = AGREEMENTS[row["treaty"]]
        opened = about["open_for_signature"] or about["adopted"]
        explained = kind_of(row["action"]) == Kind.SUCCESSION
        early += [row] if row["action_date"] < opened and not explained else []
    assert early == []


def test_every_party_could_become_one():
    assert all(row["eligible"] == "1" for row in PARTIES)
    assert (OWN.since[OWN.year < NEVER] < NEVER).all()


def test_global_agreements_are_open_to_the_states_and_two_associate_members():
    able = {row["iso3"] for row in ACTS if row["treaty"] == "Paris Agreement" and row["eligible"] == "1"}
    assert able == set(member_table().index) - NOT_ELIGIBLE
    assert len(able) == 51


def test_nobody_is_at_risk_before_the_opening_or_its_own_independence():
    opened = np.array([one.opened for one in OWN.agreements])[:, np.newaxis]
    waiting = (OWN.since < NEVER) & (OWN.year >= OWN.since)
    earliest = np.minimum(np.maximum(opened, sovereign_from()), OWN.year)
    assert (OWN.since[waiting] == earliest[waiting]).all()


@pytest.mark.parametrize(
    ("code", "name", "since"),
    [
        ("KAZ", "Vienna Convention (ozone)", 1991),
        ("PLW", "UNFCCC", 1994),
        ("TLS", "Stockholm Convention", 2002),
        ("FJI", "UNCLOS", 1982),
        ("RUS", "Montreal Protocol", 1987),
        ("RUS", "CITES", 1973),
    ],
)
def test_a_state_is_at_risk_from_its_independence_and_russia_from_the_opening(code: str, name: str, since: int):
    assert OWN.since[position(name), at(code)] == since


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("MDV", 1972, 2010),  # graduated on 1 January 2011
        ("WSM", 1972, 2013),  # on 1 January 2014
        ("VUT", 1986, 2020),  # on 4 December 2020
        ("BTN", 1972, 2023),  # on 13 December 2023
        ("KHM", 1992, 2030),
        ("BGD", 1976, 2030),
        ("TLS", 2004, 2030),
    ],
)
def test_a_member_is_least_developed_at_the_start_of_these_years_and_no_others(code: str, first: int, last: int):
    listed = [year for year in range(1960, 2031) if least_developed(year)[at(code)]]
    assert listed == list(range(first, last + 1))


def test_members_that_never_were_least_developed_never_are():
    never = member_table()["ldc_since"].isna().to_numpy()
    assert not any(least_developed(year)[never].any() for year in range(1960, 2031))


def test_what_comes_after_the_last_full_year_is_censored_not_lost():
    """Four acts of 2018 under the Nagoya Protocol lie between its last full year and the date of its list."""
    k = position("Nagoya Protocol")
    late = (OWN.year[k] > OWN.agreements[k].last) & (OWN.year[k] < NEVER)
    assert late.sum() == 4
    assert set(OWN.year[k][late]) == {2018}


@pytest.mark.parametrize(
    ("code", "name", "year"),
    [("CHN", "Paris Agreement", 2016), ("IRN", "Paris Agreement", NEVER), ("HKG", "UNFCCC", NEVER)],
)
def test_known_acts_are_there(code: str, name: str, year: int):
    assert OWN.year[position(name), at(code)] == year


def test_no_row_is_of_a_state_that_is_no_regional_member():
    assert OWN.left_aside == ()


def test_there_is_nothing_to_remark_on_the_records_that_ship():
    assert OWN.remarks == ()


def test_a_table_of_parties_alone_is_remarked_with_the_states_that_are_lacking(tmp_path):
    joined = {row["treaty"] for row in PARTIES}
    some = [row for name, row in AGREEMENTS.items() if name in joined]
    for name, rows in (("acts.csv", PARTIES), ("agreements.csv", some)):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    found = load_records(tmp_path / "acts.csv", tmp_path / "agreements.csv")
    states = set(member_table().index[member_table()["kind"] == "member"])
    parties = {row["iso3"] for row in PARTIES if row["treaty"] == "Nagoya Protocol"}
    (remark,) = found.remarks
    assert remark.kind == "no_row"
    assert f"Nagoya Protocol ({len(states - parties)})" in str(remark.details["names"])
    assert np.array_equal(found.year, OWN.only(joined).year)


def test_only_chosen_agreements_stay_with_their_own_acts():
    kept = OWN.only(["UNFCCC", "Paris Agreement"])
    assert [one.name for one in kept.agreements] == ["UNFCCC", "Paris Agreement"]
    assert np.array_equal(kept.year, OWN.year[[position("UNFCCC"), position("Paris Agreement")]])
    assert np.array_equal(kept.since, OWN.since[[position("UNFCCC"), position("Paris Agreement")]])


def test_what_was_known_at_the_start_of_a_year_has_nothing_of_that_year_or_later():
    known = OWN.known_by(1992)
    assert {one.name for one in known.agreements} == {one.name for one in OWN.agreements if one.opened <= 1991}
    assert max(one.last for one in known.agreements) == 1991
    assert known.year[known.year < NEVER].max() == 1991


def test_what_was_known_is_the_same_whatever_came_later():
    one, other = (records({"A": {"FJI": 2001, "TON": year}}, agreement()) for year in (2003, 2005))
    assert np.array_equal(one.known_by(2003).year, other.known_by(2003).year)
    assert one.known_by(2003).agreements == other.known_by(2003).agreements


def test_what_is_known_after_the_list_ends_is_the_whole_list():
    assert OWN.known_by(2100).agreements == OWN.agreements
    assert np.array_equal(OWN.known_by(2100).year, OWN.year)


def test_every_member_has_one_subregion_and_its_bodies():
    assert subregions().shape == (58,)
    assert circles().shape == (24, 58)
    assert circles()[:, at("ARM")].sum() == 0


def test_the_digest_is_that_of_both_tables(tmp_path):
    folder = files("foresight.data.records")
    for name in ("ratifications.csv", "agreements.csv"):
        (tmp_path / name).write_bytes(folder.joinpath(name).read_bytes())
    same = load_records(tmp_path / "ratifications.csv", tmp_path / "agreements.csv")
    assert same.digest == OWN.digest
    with (tmp_path / "agreements.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert load_records(tmp_path / "ratifications.csv", tmp_path / "agreements.csv").digest != OWN.digest
