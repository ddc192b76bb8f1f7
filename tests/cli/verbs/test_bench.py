"""What `foresight bench` measures and shows."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Answer
from foresight._benchmarks.driver import Build, Spent, in_turn
from foresight._benchmarks.figures import Figure, Row, multiple
from places import ROOT

from foresight.cli.screen import Screen
from foresight.cli.verbs.bench import speeds
from foresight.engine.compiled import cache_folder

SPEED = Figure("ten 1", "engine_one", "runs_per_second", "cpu")
COST = Figure("scopes 5", "scopes", "microseconds_a_run", "wall", runs=5)


def spent(runs: int, *cpu: float) -> list[Spent]:
    """Return what some rounds took; on the clock, twice as long."""
    return [Spent(runs, seconds, 2 * seconds, 0.0, 0.0) for seconds in cpu]


def test_a_figure_is_the_median_of_the_rounds():
    row = SPEED.row({"ten 1": spent(10, 1.0, 5.0, 2.0)})
    assert row == Row("engine_one", 5.0, "runs_per_second")
    assert COST.row({"scopes 5": spent(1000, 0.5, 1.0, 2.0)}) == Row("scopes", 2000.0, "microseconds_a_run", runs=5)


def test_another_build_is_compared_round_by_round():
    row = SPEED.row({"ten 1": spent(10, 1.0, 1.0, 4.0)}, {"ten 1": spent(10, 2.0, 3.0, 4.0)})
    assert row is not None
    assert (row.value, row.before, row.ratio) == (10.0, 10 / 3, 2.0)


def test_what_there_were_no_runs_of_is_left_out():
    assert SPEED.row({"ten 1": spent(0, 1.0)}) is None
    row = SPEED.row({"ten 1": spent(1, 1.0)}, {"ten 1": spent(0, 1.0)})
    assert row is not None
    assert row.before is None
    assert list(multiple("against_ema", "blocks", "one", "cpu", {"blocks": spent(0, 1.0), "one": spent(1, 1.0)})) == []


def test_a_multiple_is_the_median_of_ratios_of_a_round():
    (row,) = multiple("against_mesa", "a", "b", "cpu", {"a": spent(100, 1.0, 2.0, 4.0), "b": spent(1, 1.0, 1.0, 1.0)})
    assert row.value == 50.0


ROWS = [
    Row("engine_one", 12_345.6, "runs_per_second", before=6_172.8, ratio=2.0),
    Row("waiting", 50.0, "milliseconds", "at_most", 100, 40, runs=200),
    Row("scopes", 110.0, "microseconds_a_run", runs=1_000),
]


def test_rows_are_shown_with_those_of_the_other_build(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", "160")
    speeds(Screen("en"), ROWS)
    shown = capsys.readouterr().out
    assert "2.00 ×" in shown
    assert "6,173" in shown
    assert "at most 100, aim 40" in shown
    assert "What a run costs, by scopes kept" in shown
    assert "1,000" in shown


def test_rows_are_shown_for_machines(capsys: pytest.CaptureFixture[str]):
    speeds(Screen("en", json=True), ROWS)
    assert json.loads(capsys.readouterr().out)[0]["ratio"] == 2.0


def test_a_folder_without_a_build_is_refused(call: Callable[..., Answer], tmp_path: Path):
    answer = call("bench", "--against", str(tmp_path))
    assert answer.code == 2
    assert "there is no checkout of the program in this folder" in answer.err


@pytest.mark.costly
def test_builds_take_turns():
    """This build as it is installed, and as a checkout."""
    cache = cache_folder().parent
    builds = [Build(None, cache), Build(ROOT, cache)]
    names = ["ten 1", "scopes 11", "members 2", "replicates 3", "screen levers.linking", "store 10", "bands 3"]
    taken = in_turn(builds, names, ["mesa"], rounds=2)
    assert [sorted(one) for one in taken] == [sorted([*names, "mesa"]), sorted(names)]
    assert all(
        len(some) == 2 and all(one.runs and one.cpu > 0 for one in some) for one in taken for some in one.values()
    )


@pytest.mark.costly
def test_a_worker_that_fails_says_why():
    with (
        Build(None, cache_folder().parent).worker() as worker,
        pytest.raises(RuntimeError, match="KeyError: 'strange'"),
    ):
        worker.measure("strange")
