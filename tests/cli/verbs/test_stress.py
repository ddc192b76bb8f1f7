"""Strategies put under stress from the command line."""

from pathlib import Path

import pytest
from command_line import Call, done, read, refusal

from foresight.texts import languages

pytestmark = pytest.mark.usefixtures("english")

FUTURES = """
id = "futures"
scenarios = ["historical-pace"]
replicates = 2
uncertainties = "all"
[sampler]
method = "latin_hypercube"
n = 100
"""


@pytest.fixture
def futures(tmp_path: Path) -> str:
    path = tmp_path / "futures.toml"
    path.write_text(FUTURES, "utf-8")
    return str(path)


@pytest.mark.costly
@pytest.mark.parametrize("language", languages())
def test_strategies_are_compared_said_and_saved(call: Call, futures: str, tmp_path: Path, language: str):
    words = ("stress", "historical-pace", "baiji-returns", "--experiment", futures)
    answer = call(*words, "--language", language, "--out", str(tmp_path / "report"))
    assert answer.code == 0
    assert all(name in answer.out for name in ("mean_delivered >= 2", "historical-pace", "baiji-returns"))
    found = read((tmp_path / "report" / "stress.json").read_text("utf-8"))
    assert found == done(call(*words, "--json"))
    assert (found["futures"], found["replicates"], found["share"]) == (100, 2, 0.5)
    assert found["circumstances"] == []
    names = {path.name for path in (tmp_path / "report").iterdir()}
    tables = {"measures.csv", "pairs.csv", "futures.csv"}
    assert names == {"stress.json", *tables, "robustness.svg", "robustness.png"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("historical-pac",), ["historical-pace"]),
        (("historical-pace", "historical-pace"), ["historical-pace"]),
        (("historical-pace", "--target", "mean_deliverd >= 2"), ["--target", "mean_delivered"]),
        (("historical-pace", "--share", "2"), ["--share", "2"]),
        (
            ("historical-pace", "--target", "trust.GUM >= 0", "--set", "structure.members=states"),
            ["--target", "GUM", "historical-pace"],
        ),
        (("historical-pace", "--workers", "0"), ["--workers", "0"]),
        (("historical-pace", "--set", "levers.linkin=1"), ["linking"]),
    ],
    ids=" ".join,
)
def test_what_cannot_be_tried_is_one_line(call: Call, futures: str, words: tuple[str, ...], told: list[str]):
    (line,) = refusal(call("stress", *words, "--experiment", futures))
    assert all(word in line for word in told)
    assert "Python" not in line


def test_all_that_is_wrong_is_told_at_once(call: Call):
    words = ("stress", "historical-pac", "--experiment", "none.toml", "--target", "nothing >= 1", "--share", "0")
    told = refusal(call(*words, "--workers", "-1"))
    assert [line.partition(":")[0] for line in told] == [
        *("historical-pac", "none.toml", "--workers", "--target", "--share"),
    ]


def test_no_column_is_cut(call: Call, futures: str):
    answer = call("stress", "historical-pace", "--experiment", futures)
    assert answer.code == 0
    head = answer.out[: answer.out.index("───")]
    assert all(word in head for word in ("Largest", "Worst", "future"))
    assert "told apart" not in answer.out


def test_futures_have_to_be_named(call: Call, tmp_path: Path):
    (line,) = refusal(call("stress", "historical-pace"))
    assert line.startswith("--experiment: ")
    (line,) = refusal(call("stress", "historical-pace", "--experiment", str(tmp_path / "none.toml")))
    assert "none.toml" in line


def test_levers_are_the_strategies_own(call: Call, futures: str):
    with Path(futures).open("a", encoding="utf-8") as file:
        file.write("[levers]\npledge_effort = true\n")
    (line,) = refusal(call("stress", "historical-pace", "--experiment", futures))
    assert line.startswith(f"{futures}: ")
    assert "levers.pledge_effort" in line
