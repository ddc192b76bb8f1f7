"""Conditions found from the command line."""

from pathlib import Path

import pandas as pd
import pytest
from batches import ANSWERABLE
from command_line import Call, done, read, refusal

from foresight.experiments.store import Store
from foresight.scenario.loading import load_scenario
from foresight.texts import languages

pytestmark = pytest.mark.usefixtures("english", "small_parts")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("discover", "--outcome", "nope"), ['"nope"']),
        (("discover", "--outcome", "mean_deliverd >= 2"), ['"mean_deliverd"', "mean_delivered"]),
        (("discover", "--outcome", "mean_delivered"), ['"mean_delivered"', "mean_delivered >= 2"]),
        (("discover", "--outcome", ""), ['""', "completed"]),
        (("discover", "--outcome", "trust.SEA >= 0.5"), ['"trust.SEA"', "trust.Pacific"]),
        (("discover", "--outcome", "completed in 2035"), ["2035", "2030, 2040"]),
        (("discover", "--outcome", "completed in 2050"), ["2050", "2040"]),
        (("discover", "--outcome", "mean_delivered >= 99"), ["60"]),
        (("discover", "--outcome", "mean_delivered >= 0"), ["60"]),
        (("discover", "--share", "half"), ["--share", '"half"']),
        (("discover", "--density", "2"), ["density", "2"]),
        (("discover", "--density", "nan"), ["density", "nan"]),
        (("discover", "--conditions", "0"), ["conditions", "0"]),
        (("discover", "--method", "prin"), ['"prin"', "prim, cart"]),
        (("discover", "--scenario", "baiji"), ['"baiji"', "baiji-returns"]),
    ],
    ids=" ".join,
)
def test_a_question_that_cannot_be_answered_is_one_line(
    call: Call, single: Store, words: tuple[str, ...], told: list[str]
):
    (line,) = refusal(call(words[0], str(single.path), *words[1:]))
    assert all(word in line for word in told)
    assert "Python" not in line
    assert "interesting:" not in line


@pytest.mark.parametrize("share", ["5", "-1", "nan"])
def test_a_share_beyond_all_is_refused_as_such(call: Call, single: Store, share: str):
    (line,) = refusal(call("discover", str(single.path), "--share", share))
    assert line.startswith("--share: ")


@pytest.mark.costly
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("method", ["prim", "cart"])
def test_conditions_are_found_said_and_saved_as_scenarios(
    call: Call, single: Store, tmp_path: Path, method: str, language: str
):
    words = ("discover", str(single.path), "--outcome", ANSWERABLE["discover"], "--method", method)
    answer = call(*words, "--language", language, "--out", str(tmp_path / "boxes"))
    assert answer.code == 0
    assert ANSWERABLE["discover"] in answer.out
    found = read((tmp_path / "boxes" / "discovery.json").read_text("utf-8"))
    assert found == done(call(*words, "--json"))
    assert found["boxes"]
    assert 0 < found["interesting"] < found["points"] == 60
    assert found["scenarios"] == [f"baiji-returns-box-{number}" for number in range(1, len(found["boxes"]) + 1)]
    paths = [tmp_path / "boxes" / f"{name}.toml" for name in found["scenarios"]]
    assert call("check", *map(str, paths)).code == 0
    assert [load_scenario(path).id for path in paths] == found["scenarios"]


@pytest.mark.costly
@pytest.mark.parametrize("language", languages())
def test_what_to_watch_is_told_with_how_often_it_misleads(call: Call, single: Store, tmp_path: Path, language: str):
    words = ("discover", str(single.path), "--outcome", ANSWERABLE["discover"], "--watch", "2030")
    answer = call(*words, "--language", language, "--out", str(tmp_path / "report"))
    assert answer.code == 0
    assert "2030" in answer.out
    found = done(call(*words, "--json"))["watch"]
    assert found["year"] == 2030
    assert {row["observable"] for row in found["signs"]} == {"mean_delivered", "trust.Pacific", "completed"}
    table = pd.read_csv(tmp_path / "report" / "watch.csv")
    pd.testing.assert_frame_equal(table, pd.DataFrame(found["signs"]))


@pytest.mark.costly
def test_several_scenarios_are_looked_at_together_unless_one_is_named(call: Call, store: Store):
    words = ("discover", str(store.path), "--outcome", "mean_delivered >= 1.5", "--json")
    together, alone = done(call(*words)), done(call(*words, "--scenario", "mine"))
    assert (together["scenario"], alone["scenario"]) == ("historical-pace, mine", "mine")
    assert (together["points"], alone["points"]) == (32, 16)
    assert together["boxes"][0]["limits"]["scenario"] == ["mine"]
    assert together["scenarios"] == ["mine-box-1"]


@pytest.mark.costly
def test_a_box_over_several_scenarios_is_told_with_one_of_each(call: Call, store: Store, tmp_path: Path):
    words = ("discover", str(store.path), "--outcome", "mean_delivered >= 1.1", "--json")
    found = read(call(*words, "--out", str(tmp_path / "report")).out)
    (box,) = found["boxes"]
    assert "scenario" not in box["limits"]
    assert found["scenarios"] == ["historical-pace-box-1", "mine-box-1"]
    saved = [load_scenario(tmp_path / "report" / f"{name}.toml") for name in found["scenarios"]]
    assert [scenario.id for scenario in saved] == found["scenarios"]
    assert len({scenario.title.en for scenario in saved}) == 2


@pytest.mark.parametrize("year", ["2029", "2040", "soon"])
def test_a_year_to_watch_is_kept_and_before_that_of_the_condition(call: Call, single: Store, year: str):
    (line,) = refusal(call("discover", str(single.path), "--outcome", ANSWERABLE["discover"], "--watch", year))
    assert line.startswith("--watch: ")
    assert year in line
