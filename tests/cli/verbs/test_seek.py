"""Goals sought from the command line."""

from pathlib import Path

import pytest
from command_line import Call, done, read, refusal

from foresight.cli.verbs import seek

pytestmark = pytest.mark.usefixtures("english")

#: A goal that is reached at once.
EASY = ("seek", "historical-pace", "--target", "trust >= 0", "--settings", "1", "--replicates", "16")


def test_a_setting_is_found_said_and_saved_as_a_scenario(call: Call, tmp_path: Path):
    answer = call(*EASY, "--out", str(tmp_path / "found"))
    assert answer.code == 0
    assert "trust >= 0" in answer.out
    found = read((tmp_path / "found" / "seek.json").read_text("utf-8"))
    assert found == done(call(*EASY, "--json"))
    assert found["reachable"]
    (path,) = (tmp_path / "found").glob("*.toml")
    assert call("check", str(path)).code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("historical-pac",), ["historical-pace"]),
        (("--target", "mean_deliverd >= 2"), ["mean_delivered"]),
        (("--target", "mean_delivered"), ["mean_delivered >= 2"]),
        (("--share", "2"), ["share", "2"]),
        (("--share", "nan"), ["share", "nan"]),
        (("--share", "most"), ["--share", '"most"']),
        (("--cap", "-3"), ["cap", "-3"]),
        (("--lever", "delivry_effort"), ["delivery_effort"]),
        (("--lever", "delivery_rate"), ['"delivery_rate"']),
        (("--settings", "0"), ["settings", "0"]),
        (("--settings", "50"), ["settings", "20"]),
        (("--replicates", "0"), ["replicates", "0"]),
        (("--seed", "-1"), ["seed", "-1"]),
        (("--set", "levers.linkin=1"), ["linking"]),
    ],
    ids=" ".join,
)
def test_a_goal_that_cannot_be_sought_is_one_line(call: Call, words: tuple[str, ...], told: list[str]):
    (line,) = refusal(call("seek", *words))
    assert all(word in line for word in told)


@pytest.mark.parametrize("replicates", ["100001", "5000000"])
def test_a_search_is_no_larger_than_memory(call: Call, replicates: str, monkeypatch: pytest.MonkeyPatch):

    monkeypatch.setattr(seek, "sought", lambda *_, **__: pytest.fail("it began"))
    (line,) = refusal(call("seek", "--replicates", replicates))
    assert line.startswith("--replicates: ")
