"""The briefing: what it says of opening years."""

import re
from dataclasses import replace

import pytest
import xarray as xr

from foresight import Results, simulate
from foresight.actions import SUBREGIONS
from foresight.cli.screen import Screen
from foresight.cli.verbs.briefing import outcomes

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
    """The middle lies between two years, 2037.5 or 2038.5: year and delay are rounded together."""
    years = {place: odd if place % 2 else odd + 1 for place in range(100)}
    assert opened(results, years, capsys) == "2038 +3 y, 49%"


def test_an_opening_in_fewer_than_one_run_in_a_hundred_has_no_year(
    results: Results, capsys: pytest.CaptureFixture[str]
):
    assert opened(results, {}, capsys) == "never"
    assert opened(results, {0: 2035}, capsys) == "never <1%"  # 1 of 205
    assert opened(results, {0: 2035, 7: 2035}, capsys) == "never <1%"
    assert opened(results, {0: 2035, 7: 2035, 9: 2035}, capsys) == "2035 +0 y, 1%"
