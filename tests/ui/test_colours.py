"""Lines, steps and tiles that stand together are told apart by everybody, also where one kind of cones is missing."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from foresight_ui.menu import PAGES, page_of
from foresight_ui.visit.state import CURRENT, AppState
from foresight_ui.words import words
from sight import SIGHTS, ciede2000, contrast_with_white, seen

from foresight.scenario.loading import shipped

#: The least that lines may be apart, in CIEDE2000: about five times what an eye can just see of colours side by side.
LEAST = 12.0
#: The least that steps of one hue are apart, each of which also says its number.
SHADES = 10.0
#: What text needs against its ground (WCAG 2.2, 1.4.3): lines are named in their colours.
READ = 4.5

#: Lines in the fullest chart of each page that has any, with six scenarios to compare.
MOST = {"explore": 5, "compare": 6, "members/FJI": 3, "bodies/ASEAN": 6}

ASSETS = files("foresight_ui") / "assets"
STYLE = (ASSETS / "charts.css").read_text()


def ramp(name: str) -> list[str]:
    """Return the colours that a ramp of the map goes through."""
    (stops,) = re.findall(rf"const {name} = rampOf\((\[.*?\])\)", (ASSETS / "charts" / "tiles.js").read_text())
    return re.findall(r"#[0-9a-f]{6}", stops)


PALETTE = dict(enumerate(re.findall(r"--c\d: (#[0-9a-f]{6});", STYLE)))
STEPS = re.findall(r"\.rung-\d \{ --series: (#[0-9a-f]{6}); \}", STYLE)


def apart(one: str, other: str) -> float:
    """Return how far apart two colours are for whom they are nearest."""
    return min(ciede2000(seen(one, sight), seen(other, sight)) for sight in SIGHTS)


def fans(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every chart of lines in what a browser gets."""
    if isinstance(part, dict):
        if part.get("type") == "fan":
            yield part
        part = list(part.values())
    if isinstance(part, list | tuple):
        for one in part:
            yield from fans(one)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (58, 24, 15), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
    ids=["blue", "grey", "opposite", "far", "green", "dark"],
)
def test_distances_are_those_of_the_published_pairs(one: Any, other: Any, distance: float):
    assert ciede2000(np.array(one, float), np.array(other, float)) == pytest.approx(distance, abs=5e-5)


def test_all_colours_of_lines_are_told_apart_and_can_be_read():
    assert len(PALETTE) == 6
    near = {pair: apart(PALETTE[pair[0]], PALETTE[pair[1]]) for pair in combinations(PALETTE, 2)}
    assert {pair: distance for pair, distance in near.items() if distance < LEAST} == {}
    assert all(contrast_with_white(colour) >= READ for colour in PALETTE.values())


def test_no_two_colours_have_the_same_mark_or_more_than_two_the_same_stroke():
    (marks,) = re.findall(r"const MARKS = \[.*?\n(.*?)\];", (ASSETS / "charts" / "fan.js").read_text(), re.DOTALL)
    shapes = re.findall(r'"(M[^"]+)"', marks)
    assert len(set(shapes)) == len(shapes) == len(PALETTE)
    dashes = re.findall(r"\.patterned \.median\.(\w+) \{ stroke-dasharray: ([\d ]+); \}", STYLE)
    assert [name for name, _ in dashes] == ["c2", "c3", "c4", "c5", "dashed"]
    assert len({dash for _, dash in dashes}) == len(dashes)
    assert apart(PALETTE[0], PALETTE[1]) > 2 * LEAST  # of which neither has one


@pytest.mark.costly
@pytest.mark.parametrize("path", [*PAGES, "members/FJI", "bodies/ASEAN"])
def test_lines_of_one_chart_differ_in_colour_or_stroke(path: str):
    state = AppState()
    state.move("effort.solidarity", {"levers.pledge_effort.solidarity": [2.0, 2.5, 3.0]})
    for name in ("a", "b"):
        state.keep(name, state.setting.scenario)
    state.compared = [CURRENT, *list(shipped())[:3], "a", "b"]
    state.page = path
    charts = list(fans(page_of(state, words("en"), lambda *_: None)))
    lines = [[(one["color"], bool(one.get("dash"))) for one in chart["series"]] for chart in charts]
    assert all(len(set(one)) == len(one) for one in lines)
    assert max(map(len, lines), default=0) == MOST.get(path, 0)


def test_shades_of_steps_grow_darker_for_everybody():
    assert len(STEPS) == 3
    assert all(apart(one, other) >= SHADES for one, other in combinations(STEPS, 2))
    for sight in SIGHTS:
        light = [seen(one, sight)[0] for one in STEPS]
        assert light == sorted(light, reverse=True)


def test_more_on_the_map_is_darker_and_gains_are_no_losses_for_everybody():
    levels, changes = ramp("LEVELS"), ramp("CHANGES")
    middle = len(changes) // 2
    for sight in SIGHTS:
        light = [seen(one, sight)[0] for one in levels]
        assert light == sorted(light, reverse=True)
        light = [seen(one, sight)[0] for one in changes]
        assert light[: middle + 1] == sorted(light[: middle + 1])
        assert light[middle:] == sorted(light[middle:], reverse=True)
    mirrored = [apart(one, other) for one, other in zip(changes[:middle], reversed(changes), strict=False)]
    assert len(mirrored) == 3
    assert min(mirrored) >= LEAST
