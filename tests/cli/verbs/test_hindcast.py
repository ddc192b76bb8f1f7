"""The commands that calibrate and hindcast: what they answer, and what they refuse."""

import json
from dataclasses import replace
from fnmatch import fnmatch
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from command_line import Call
from grounds import FORWARD
from grounds import OWN as OWN_NAMES
from grounds import hindcast as scored

from foresight.calibration.hazards import VARIANTS
from foresight.calibration.hindcast import COMPARISONS, METHODS, MODES
from foresight.calibration.shipped import columns_of
from foresight.cli.screen import Screen
from foresight.cli.verbs.hindcast import gain_sentence, note_on
from foresight.facts.posterior import read_posterior
from foresight.observed.records import load_records
from foresight.texts import Words

OWN = files("foresight.data.records")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return tables that the program has never seen: two agreements of the records under other names and dates."""
    folder = tmp_path_factory.mktemp("tables")
    acts, agreements = (pd.read_csv(str(OWN / f"{name}.csv"), dtype=str) for name in ("ratifications", "agreements"))
    names = {"Nagoya Protocol": "Treaty of Rivers", "ITPGRFA": "Treaty of Seeds"}
    acts, agreements = (
        table[table["treaty"].isin(list(names))].replace({"treaty": names}) for table in (acts, agreements)
    )
    acts[["iso3", "treaty", "eligible", "action_date"]].to_csv(folder / "acts.csv", index=False)
    columns = ["treaty", "adopted", "open_for_signature", "list_as_of"]
    agreements[columns].to_csv(folder / "agreements.csv", index=False)
    return folder / "acts.csv", folder / "agreements.csv"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict], Path]:
    """Return where the one answer to machines is kept, and the folder of the report."""
    return [], tmp_path_factory.mktemp("report")


@pytest.fixture
def answered(call: Call, tables: tuple[Path, Path], answers: tuple[list[dict], Path]) -> tuple[dict, Path]:
    """Return what machines are told of the tables, and the folder of the report."""
    (acts, agreements), (kept, folder) = tables, answers
    if not kept:
        words = ["hindcast", "--records", str(acts), "--meta", str(agreements), "--json", "--out", str(folder)]
        answer = call(*words)
        assert answer.code == 0
        kept.append(json.loads(answer.out))
    return kept[0], folder


@pytest.mark.costly
def test_agreements_that_the_program_has_never_seen_are_forecast(answered: tuple[dict, Path]):
    told, _ = answered
    assert [(one["treaty"], one["kind"], one["start"]) for one in told["agreements"]] == [
        ("Treaty of Seeds", "forward", 2001),
        ("Treaty of Rivers", "forward", 2011),
    ]


@pytest.mark.costly
def test_every_eligible_member_has_a_rising_chance_by_each_later_year(answered: tuple[dict, Path]):
    for one in answered[0]["agreements"]:
        assert len(one["members"]) == 51
        for by_year in one["members"].values():
            years, chances = list(map(int, by_year)), list(by_year.values())
            assert years == list(range(one["start"], one["last"] + 2))
            assert all(0 <= low <= high <= 1 for low, high in pairwise(chances))


@pytest.mark.costly
def test_all_methods_are_scored_in_both_modes_on_the_same_rows(answered: tuple[dict, Path]):
    told, folder = answered
    assert {(one["mode"], one["method"]) for one in told["scores"]} == {(a, b) for a in MODES for b in METHODS}
    assert {one["rows"] for one in told["scores"]} == {told["rows"]} == {len(pd.read_csv(folder / "rows.csv"))}
    assert {(one["mode"], one["score"]) for one in told["gains"]} == set(COMPARISONS)


@pytest.mark.costly
def test_scores_can_be_computed_again_from_the_rows(answered: tuple[dict, Path]):
    told, folder = answered
    rows = pd.read_csv(folder / "rows.csv")
    for one in told["scores"]:
        error = ((rows[f"{one['mode']}.{one['method']}"] - rows["adopted"]) ** 2).mean()
        assert error == pytest.approx(one["brier"])


@pytest.mark.costly
def test_the_report_has_every_table(answered: tuple[dict, Path]):
    names = {"rows", "chances", "counts", "scores", "by_agreement", "coverage", "bands", "columns"}
    assert {path.name for path in answered[1].iterdir()} == {*(f"{name}.csv" for name in names), "hindcast.json"}


@pytest.mark.costly
def test_the_report_says_what_every_column_is(answered: tuple[dict, Path]):
    """Of every table, with nothing said of columns that are not there."""
    folder = answered[1]
    told = pd.read_csv(folder / "columns.csv")
    assert told.notna().all(axis=None)
    for name in {path.name for path in folder.glob("*.csv")} - {"columns.csv"}:
        given, said = pd.read_csv(folder / name, nrows=1).columns, told.loc[told["file"] == name, "column"]
        assert all(any(fnmatch(column, one) for one in said) for column in given), name
        assert all(any(fnmatch(column, one) for column in given) for one in said), name


def test_what_columns_are_is_told_in_both_languages():
    english, chinese, french = (columns_of(language) for language in ("en", "zh", "fr"))
    pd.testing.assert_frame_equal(english, french)
    assert (english["meaning"] != chinese["meaning"]).all()


@pytest.mark.parametrize(("names", "verdict"), [(OWN_NAMES, "better"), (FORWARD, "few")])
def test_a_sentence_says_which_score_is_smaller(names: tuple[str, ...], verdict: str):
    good, bad = (gain_sentence(Screen("en"), scored(names, model=chance), "start") for chance in (0.1, 0.3))
    assert "smaller" in good
    assert "larger" in bad
    for told in (good, bad):
        assert "-0." not in told
        assert ("too few for a verdict" in told) == (verdict == "few")


def test_a_sentence_says_what_was_known_of_agreements_that_go_on():
    found = scored(OWN_NAMES)
    first, *others = found.cases
    going = replace(found, cases=(replace(first, start=2004, kind="going_on"), *others))
    assert gain_sentence(Screen("en"), found, "start").startswith("Nothing of the agreement known:")
    assert gain_sentence(Screen("en"), going, "start").startswith("Known until the start of 2004")


@pytest.mark.parametrize("quiet", [False, True])
def test_readings_that_scores_hang_on_are_told_also_where_notes_are_not(tmp_path: Path, capsys, quiet: bool):
    (tmp_path / "acts.csv").write_text(
        "iso3,treaty,eligible,action_date,action\nTMP,Seas,1,2001,\nBUR,Seas,1,2001,Signature\nEUU,Seas,1,,\nUSA,Seas,1,,\n"
    )
    (tmp_path / "agreements.csv").write_text(
        "treaty,adopted,open_for_signature,list_as_of\nSeas,1999,2000,2006-01-31\n"
    )
    note_on(Screen(quiet=quiet), load_records(tmp_path / "acts.csv", tmp_path / "agreements.csv"))
    said = " ".join(capsys.readouterr().err.split())
    assert "Read as members: TMP → TLS; BUR → MMR." in said
    assert "(number of rows in brackets): Signature (1)." in said
    assert ("no regional members: EUU (European Union), USA." in said) != quiet


def test_a_start_that_nothing_follows_leaves_no_folder(call, tmp_path: Path):
    answer = call("hindcast", "--from", "2300", "--out", str(tmp_path / "late"))
    assert answer.code == 2
    assert not (tmp_path / "late").exists()


@pytest.fixture(scope="module")
def short(tables: tuple[Path, Path]) -> tuple[Path, Path]:
    """Return the tables with lists that end some years after the opening."""
    agreements = pd.read_csv(tables[1], dtype=str)
    opened = agreements["open_for_signature"].str[:4].astype(int)
    agreements["list_as_of"] = (opened + 3).astype(str) + "-12-31"
    acts = pd.read_csv(tables[0], dtype=str, keep_default_na=False)
    last = acts["treaty"].map(agreements.set_index("treaty")["list_as_of"])
    acts["action_date"] = acts["action_date"].where(acts["action_date"] <= last, "")
    for name, table in (("acts", acts), ("agreements", agreements)):
        table.to_csv(tables[0].with_name(f"short-{name}.csv"), index=False)
    return tables[0].with_name("short-acts.csv"), tables[0].with_name("short-agreements.csv")


@pytest.mark.costly
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_person_reads_who_forecasts_better(call, short: tuple[Path, Path], language: str):
    acts, agreements = map(str, short)
    answer = call("hindcast", "--records", acts, "--meta", agreements, "--language", language)
    assert answer.code == 0
    assert "Treaty of Seeds" in answer.out
    assert Words(language).say("hindcast.life_table")[:6] in answer.out


def test_one_table_without_the_other_is_refused(call, tables: tuple[Path, Path]):
    for given, lacking in (("--records", "--meta"), ("--meta", "--records")):
        answer = call("hindcast", given, str(tables[0]))
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith(f"{lacking}: ")
        assert given in answer.err


def test_options_that_exclude_each_other_are_refused(call):
    answer = call("hindcast", "--from", "2000", "--leave-one-out")
    assert (answer.code, answer.out) == (2, "")
    assert "--from" in answer.err
    assert "--leave-one-out" in answer.err


def test_everything_wrong_with_tables_is_told_at_once(call, tables: tuple[Path, Path], tmp_path: Path):
    acts = pd.read_csv(tables[0], dtype=str, keep_default_na=False)
    acts.loc[0, "iso3"], acts.loc[1, "eligible"], acts.loc[2, "action_date"] = "AFQ", "maybe", "soon"
    acts.loc[2, "eligible"] = "1"
    acts.to_csv(tmp_path / "bad.csv", index=False)
    answer = call("hindcast", "--records", str(tmp_path / "bad.csv"), "--meta", str(tables[1]))
    assert (answer.code, answer.out) == (2, "")
    assert [line.split(": ")[1] for line in answer.err.splitlines()] == ["iso3[2]", "eligible[3]", "action_date[4]"]


def test_lists_that_cover_no_full_year_are_refused_if_there_is_nothing_else(call, tables: tuple[Path, Path], tmp_path):
    agreements = pd.read_csv(tables[1], dtype=str, keep_default_na=False)
    agreements["list_as_of"] = agreements["open_for_signature"]
    agreements.to_csv(tmp_path / "young.csv", index=False)
    acts = pd.read_csv(tables[0], dtype=str, keep_default_na=False).assign(action_date="")
    acts.to_csv(tmp_path / "acts.csv", index=False)
    answer = call("hindcast", "--records", str(tmp_path / "acts.csv"), "--meta", str(tmp_path / "young.csv"))
    assert answer.code == 2
    assert Words().say("problem.no_full_year") in answer.err


def test_one_young_agreement_is_forecast_without_a_verdict(call, tables: tuple[Path, Path], tmp_path: Path):
    acts, agreements = (pd.read_csv(path, dtype=str, keep_default_na=False) for path in tables)
    young = agreements[agreements["treaty"] == "Treaty of Rivers"].assign(list_as_of="2013-12-31")
    young.to_csv(tmp_path / "young.csv", index=False)
    acts[acts["treaty"] == "Treaty of Rivers"].to_csv(tmp_path / "acts.csv", index=False)
    words = ["hindcast", "--records", str(tmp_path / "acts.csv"), "--meta", str(tmp_path / "young.csv"), "--json"]
    answer = call(*words)
    assert answer.code == 0
    told = json.loads(answer.out)
    assert {gain["verdict"] for gain in told["gains"]} == {"few"}
    assert (told["coverage"], told["bands"]) == ([], [])


def test_too_few_agreements_to_leave_one_out_are_refused(call, tables: tuple[Path, Path]):
    acts, agreements = map(str, tables)
    answer = call("hindcast", "--records", acts, "--meta", agreements, "--leave-one-out")
    assert (answer.code, answer.out) == (2, "")
    assert Words().say("problem.too_few_agreements") in answer.err


def test_a_hazard_that_does_not_exist_is_refused_with_the_nearest(call):
    answer = call("calibrate", "--variant", "bodys")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean bodies?" in answer.err
    assert all(name in answer.err for name in VARIANTS)


def test_evidence_needs_a_place(call):
    answer = call("calibrate", "--evidence")
    assert answer.code == 2
    assert answer.err.startswith("--out: ")


@pytest.mark.slow
def test_a_calibration_writes_draws_that_a_run_can_take(call, tmp_path: Path):
    answer = call("calibrate", "--out", str(tmp_path), "--json")
    assert answer.code == 0
    told = json.loads(answer.out)
    assert told["diagnostics"]["sound"]
    assert read_posterior(tmp_path / "posterior.parquet").size == 1000
    assert {path.name for path in tmp_path.iterdir()} == {"posterior.parquet", "estimates.csv", "calibrate.json"}
