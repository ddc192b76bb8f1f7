"""Drawings show where numbers lie, and need nothing but themselves."""

import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from foresight.documents.drawings import WIDTH, Caption, Row, columns, diagonal, fan, intervals

CAPTION = Caption("name", "Title & <sign>", "What it shows", "{:g}".format)

POINTS = pd.DataFrame(
    {"forecast": [0.1, 0.2], "observed": [0.1, 0.9], "low": [0.05, 0.1], "high": [0.15, 0.3], "n": [9, 9]}
)


def shapes(drawn: str, tag: str) -> list[dict[str, str]]:
    return [one.attrib for one in ET.fromstring(drawn).iter(tag)]


def years() -> pd.DataFrame:
    return pd.DataFrame({"year": [2000, 2001], "median": [1, 2], "seen": [2, 3], "low_80%": [0, 1], "high_80%": [2, 4]})


def every_kind() -> list[str]:
    rows = [Row("one", "1", 1.0, 0.5, 2.0, 1.5), Row("two", "2", 2.0, 1.0, 3.0)]
    return [
        intervals(CAPTION, rows),
        diagonal(CAPTION, POINTS, "across", "up"),
        columns(CAPTION, [0.1] * 10, 0.0, 0.2, "across", "up"),
        fan(CAPTION, years(), ["80%"], "across", "up"),
    ]


@pytest.mark.parametrize("drawn", every_kind())
def test_all_shapes_lie_within_the_drawing(drawn: str):
    wide, high = map(float, ET.fromstring(drawn).attrib["viewBox"].split()[2:])
    assert wide == WIDTH
    for one in ET.fromstring(drawn).iter():
        across = [float(one.attrib[name]) for name in ("x", "x1", "x2", "cx") if name in one.attrib]
        down = [float(one.attrib[name]) for name in ("y", "y1", "y2", "cy") if name in one.attrib]
        assert all(0 <= at <= wide for at in across)
        assert all(0 <= at <= high for at in down)


@pytest.mark.parametrize("drawn", every_kind())
def test_signs_of_a_title_are_its_own(drawn: str):
    assert ET.fromstring(drawn)[0].text == CAPTION.title


def test_bars_go_to_both_sides_of_zero_in_two_colours():
    drawn = intervals(CAPTION, [Row("worse", "", -1.0), Row("better", "", 2.0)], zero=True)
    left, right = shapes(drawn, "rect")
    assert float(left["x"]) + float(left["width"]) == pytest.approx(float(right["x"]), abs=0.1)
    assert float(right["width"]) == pytest.approx(2 * float(left["width"]), abs=0.2)
    assert left["fill"] != right["fill"]


def test_what_is_not_consistent_has_another_colour():
    held, off = shapes(diagonal(CAPTION, POINTS, "", ""), "circle")
    assert held["fill"] != off["fill"]
    assert float(off["cy"]) < float(held["cy"])


def test_columns_are_as_high_as_their_shares():
    drawn = shapes(columns(CAPTION, [0.1, 0.3, *[0.0] * 8], 0.0, 0.2, "", ""), "rect")
    first, second = (float(one["height"]) for one in drawn[1:3])
    assert second == pytest.approx(3 * first, abs=0.2)


def test_every_year_that_was_seen_has_a_dot():
    assert len(shapes(fan(CAPTION, years(), ["80%"], "", ""), "circle")) == len(years())


def test_nothing_is_drawn_at_what_is_not_known():
    drawn = intervals(CAPTION, [Row("one", "1", 1.0, 0.5, 2.0, np.nan)])
    assert Counter(tag.tag for tag in ET.fromstring(drawn).iter())["circle"] == 1
    assert "nan" not in drawn


def test_names_and_numbers_cross_no_line_bar_or_dot():
    rows = [Row("one", "1", -1.0), Row("two", "2", 1.0, 0.5, 2.0, 1.5), Row("three", "3", 0.2, 0.1, 0.3)]
    drawn = intervals(CAPTION, rows, zero=True)
    levels = {float(one["y"]) for one in shapes(drawn, "text")}
    spans = [(float(one["y1"]), float(one["y2"])) for one in shapes(drawn, "line")]
    spans += [(float(one["y"]), float(one["y"]) + float(one["height"])) for one in shapes(drawn, "rect")]
    spans += [(float(one["cy"]) - 4, float(one["cy"]) + 4) for one in shapes(drawn, "circle")]
    assert not any(top < level + 3 and level - 8 < bottom for level in levels for top, bottom in spans)


def test_a_long_name_leaves_room_for_its_number():
    short, told, long, _ = shapes(
        intervals(CAPTION, [Row("one", "1", 1.0), Row("long " * 20, "2", 1.0)], zero=True), "text"
    )[-4:]
    assert not [one for one in (short, told) if "font-size" in one]
    assert float(long["font-size"]) < 10
