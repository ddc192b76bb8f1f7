"""The first phase beside the runs: what was filed is counted right, and what is not known is never a no."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresight.actions import ACTIONS
from foresight.facts.members import member_table
from foresight.observed.filings import FILINGS, able, filings, pledge_table
from foresight.observed.first_phase import SCOPES, STANDINGS, YEARS, compared, latest, left_out, member_scores, records
from foresight.reports.trust.filed import phase_verdict
from foresight.results.results import Results
from foresight.results.simulation import simulate
from foresight.runs import EFFECTS
from foresight.scenario.loading import load_scenario
from foresight.texts import Words, drafts, languages

LANGUAGES = (*languages(), *drafts())


@cache
def results() -> Results:
    return simulate("historical-pace")


@cache
def table() -> pd.DataFrame:
    return compared(results())


@cache
def mapped() -> dict[str, Any]:
    return tomllib.loads(files("foresight.data.records").joinpath("first_phase.toml").read_text("utf-8"))


def row(record: str, scope: str = "region", year: int = 2022) -> "pd.Series[Any]":
    found = table()[(table()["record"] == record) & (table()["scope"] == scope) & (table()["year"] == year)]
    return found.iloc[0]


def made_up(standings: dict[str, str], effects: str = "drawn") -> pd.DataFrame:
    """Return a comparison in which records of the region stand so."""
    row_of = {"scope": "region", "year": 2022, "observed": 0.5, "effects": effects}
    return pd.DataFrame([{"record": name, "standing": one, **row_of} for name, one in standings.items()])


def test_every_record_is_a_judgement_on_a_known_kind_action_and_state():
    for one in mapped()["record"].values():
        assert one["filing"] in FILINGS
        assert one["action"] in ACTIONS
        assert one["state"] in ("pledged", "delivered")
        assert one["tag"] == "judgement"


def test_what_comes_in_common_rounds_is_told_and_updates_did():
    """The years 2020 and 2021, of the first deadline, brought the updates of 6 in 10 members."""
    rounds = {name for name, one in mapped()["record"].items() if one["round"]}
    assert rounds == {"ndc_first", "ndc_update", "review"}
    assert set(table().loc[table()["round"], "record"]) == rounds
    assert row("ndc_update", year=2022)["observed"] - row("ndc_update", year=2020)["observed"] > 0.6


@pytest.mark.parametrize("section", ["record", "left_out"])
def test_every_record_has_its_reason_in_both_languages(section: str):
    for one in mapped()[section].values():
        assert one["reason"].keys() == {"en", "zh"}
        assert one["reason"]["en"] != one["reason"]["zh"]


def test_every_pledge_of_the_table_is_taken_or_left_out_with_a_reason():
    taken = {FILINGS[one["filing"]].pledge for one in mapped()["record"].values()}
    others = set(left_out()["pledge"])
    assert taken | others == set(pledge_table()["pledge"])
    assert not taken & others


@pytest.mark.parametrize("language", LANGUAGES)
def test_records_are_described_in_every_language(language: str):
    described = records(language)
    assert list(described.index) == list(mapped()["record"])
    assert described.drop(columns="round").map(bool).all(axis=None)
    assert left_out(language).map(bool).all(axis=None)


def test_the_table_has_every_record_scope_and_year():
    assert len(table()) == len(mapped()["record"]) * len(SCOPES) * len(YEARS)
    assert (YEARS[0], YEARS[-1]) == (2017, 2025)


def test_members_are_those_that_could_file_and_had_not_before():
    earlier = filings("ndc_first")["latest"] <= 2017
    assert row("ndc_first")["members"] == len(able("ndc_first")) - earlier.sum() == 15
    assert row("review")["members"] == 49 - 5
    assert row("methane")["members"] == 51


def test_shares_are_those_of_the_records():
    """Two counted by hand in the table of pledges, before a date."""
    named = pledge_table()[pledge_table()["pledge"] == "NDC update or later submission"]
    by_2022 = named.loc[named["date"] < "2022", "iso3"].nunique()
    assert row("ndc_update")["observed"] == by_2022 / 51
    assert row("methane")["observed"] == 23 / 51


def test_simulated_shares_are_those_of_the_same_members():
    dataset, table_of_members = results().dataset, member_table()
    chosen = table_of_members.index.isin(able("methane")) & (table_of_members["subregion"] == "Pacific").to_numpy()
    reached = dataset["pledged"].sel(year=2022, action="networking").transpose("replicate", "member") >= 1
    shares = reached.values[:, chosen].mean(axis=1)
    assert row("methane", "Pacific")["median"] == np.median(shares)
    assert row("methane", "Pacific")["p90"] == np.quantile(shares, 0.9)


def test_after_a_list_ends_nothing_is_known():
    for record, last in (("ndc_first", 2024), ("ndc_update", 2024), ("review", 2021), ("methane", 2022)):
        known = table()[(table()["record"] == record) & (table()["scope"] == "region")].set_index("year")["observed"]
        assert known[known.notna()].index.max() == last
        assert known[known.index > last].isna().all()


def test_what_is_not_known_stands_open():
    assert set(table().loc[table()["observed"].isna(), "standing"]) == {"open"}
    assert set(table()["standing"]) <= set(STANDINGS)


def test_before_a_pledge_was_there_nobody_failed_to_join():
    assert np.isnan(row("forests", year=2021)["observed"])


def test_a_partial_list_never_says_that_a_member_did_not_file():
    for record in ("review", "coalition"):
        own = table()[(table()["record"] == record) & table()["observed"].notna()]
        assert (own["possible"] == 1).all()
        assert "below" not in set(own["standing"])
        assert (own.loc[own["standing"] == "inside", "p90"] == 1).all()


def test_a_share_lies_where_it_is_told_to_lie():
    told = table()[table()["standing"] != "open"]
    within = (told["observed"] >= told["p10"]) & (told["possible"] <= told["p90"])
    assert (within == told["standing"].eq("inside")).all()
    assert (told.loc[told["standing"] == "above", "observed"] > told.loc[told["standing"] == "above", "p90"]).all()


def test_shares_never_fall_from_year_to_year():
    for _, own in table()[table()["observed"].notna()].groupby(["record", "scope"]):
        assert own.sort_values("year")["observed"].is_monotonic_increasing


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_is_said_from_the_numbers(language: str):
    said = phase_verdict(made_up({"ndc_first": "inside", "ndc_update": "above", "review": "open"}), Words(language))
    names = records(language)["name"]
    assert all(names[record] in said for record in ("ndc_first", "ndc_update", "review"))
    assert names["methane"] not in said
    assert "{" not in said


def test_the_verdict_follows_the_numbers():
    slow, fast = (phase_verdict(made_up({"ndc_first": one}), Words()) for one in ("above", "below"))
    assert "too slow for: first nationally determined contribution" in slow
    assert "too fast for: first nationally determined contribution" in fast
    assert "0 of 1 kinds" in slow
    assert "1 of 1 kinds" in phase_verdict(made_up({"methane": "inside", "coalition": "open"}), Words())


def test_the_verdict_says_what_the_band_is_made_of():
    drawn, posterior = (phase_verdict(made_up({"ndc_first": "inside"}, effects), Words()) for effects in EFFECTS)
    assert "The band is chance alone" in drawn
    assert "The band is chance and what treaty records leave open" in posterior
    assert "alone" not in posterior


def test_a_comparison_knows_where_the_effects_of_its_runs_come_from():
    assert set(table()["effects"]) == {"drawn"}
    assert set(compared(simulate("historical-pace", 5, effects="posterior"))["effects"]) == {"posterior"}


def test_the_verdict_is_told_of_the_last_year_of_each_record():
    last = latest(table()).groupby("record")["year"].agg(["min", "max"])
    assert last["max"].to_dict() == last["min"].to_dict()
    assert last["max"]["review"] == 2021


def test_scores_of_members_are_those_of_shares_of_runs():
    scores = member_scores(results())
    assert set(scores.index) == {"ndc_first", "ndc_update", "forests", "methane"}
    own = scores.loc["methane"]
    assert own["observed"] == 23 / 51
    assert own["brier_of_share"] == pytest.approx(own["observed"] * (1 - own["observed"]))
    assert (scores["skill"] == 1 - scores["brier"] / scores["brier_of_share"]).all()


def test_a_comparison_of_states_alone_leaves_associates_out():
    states = load_scenario("historical-pace", set={"structure.members": "states"})
    alone = compared(simulate(states, replicates=20))
    found = alone[(alone["record"] == "methane") & (alone["scope"] == "region")]
    assert set(found["members"]) == {49}
