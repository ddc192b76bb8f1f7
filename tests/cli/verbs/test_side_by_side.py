"""Scenarios side by side: what is said of opening years."""

import re
from dataclasses import replace

import pytest
import xarray as xr

from foresight import Results, simulate
from foresight.actions import SUBREGIONS
from foresight.cli.screen import Screen
from foresight.cli.verbs.side_by_side import outcomes

RUNS = 41


@pytest.fixture(scope="module")
def results() -> Results:
    return simulate("drifting-apart", RUNS, keep="summary")


def opened(results: Results, years: dict[int, int], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the briefing's row on phase 4 where runs, counted over the subregions, open it in steps of these years."""
    offer = xr.ones_like(results.dataset["offer"])
    for place, year in years.items():
        run, subregion = divmod(place, len(SUBREGIONS))
        offer[{"replicate": run, "subregion": subregion}] = xr.where(offer["year"] > year, 4, 1)
    outcomes(Screen("en"), [replace(results, dataset=results.dataset.assign(offer=offer))])
    (row,) = (line for line in capsys.readouterr().out.splitlines() if "Phase 4" in line)
    return re.sub(r" +", " ", row.partition("Phase 4, 2035")[2]).strip()


@pytest.mark.parametrize("odd", [2037, 2038])
def test_the_delay_is_that_of_the_year_that_is_shown(results: Results, odd: int, capsys: pytest.CaptureFixture[str]):
    """The middle of all 205 is the later of two years; year and delay are rounded together."""
    years = {place: odd if place % 2 else odd + 1 for place in range(150)}
    assert opened(results, years, capsys) == f"{odd + 1} +{odd + 1 - 2035} y, 73%"


def test_a_year_is_that_of_all_runs(results: Results, capsys: pytest.CaptureFixture[str]):
    """Of 205 places 103 are more than half, and the last of them to open is the middle one."""
    years = {place: 2035 if place else 2039 for place in range(103)}
    assert opened(results, years, capsys) == "2039 +4 y, 50%"
    assert opened(results, dict.fromkeys(range(102), 2035), capsys) == "in 50%"


def test_an_opening_in_few_runs_has_no_year(results: Results, capsys: pytest.CaptureFixture[str]):
    assert opened(results, {}, capsys) == "never"
    assert opened(results, {0: 2035}, capsys) == "in <1%"  # 1 of 205
    assert opened(results, {0: 2035, 7: 2035, 9: 2035}, capsys) == "in 1%"
