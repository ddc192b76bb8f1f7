"""Numbers in texts that say which result they are, and how pages write them."""

import re

import numpy as np
import pytest

from foresight.documents.cited import cited, plain, rendered
from foresight.documents.document import Document, Table
from foresight.documents.drawings import Caption, Course, Row, courses, intervals
from foresight.documents.markdown import markdown
from foresight.documents.webpage import html

HALF = cited("0.5", "trust?scope=LDC&year=2040#median", "<50%")


def test_a_reader_sees_what_is_written_alone():
    assert plain(f"Trust is {HALF}.") == "Trust is <50%."


def test_what_is_rendered_has_value_and_source():
    assert rendered(HALF, "{} {} {}".format) == "0.5 trust?scope=LDC&year=2040#median <50%"


def test_a_page_binds_numbers_wherever_they_stand():
    page = html(Document(f"T {HALF}", "en", (f"P {HALF}", Table("t", (f"H {HALF}",), ((HALF,),)))))
    element = '<data value="0.5" data-source="trust?scope=LDC&amp;year=2040#median">&lt;50%</data>'
    assert page.count(element) == 4
    assert "<title>T &lt;50%</title>" in page
    assert 'data-head="H &lt;50%"' in page


def test_markdown_has_plain_numbers():
    assert markdown(Document("T", "en", (HALF,))) == "# T\n\n<50%\n"


@pytest.mark.parametrize("labels", [["a", "b", "c"], ["a", "a", "a"]])
def test_lines_have_their_names_apart_and_their_numbers_bound(labels: list[str]):
    flat = np.ones(3)
    lines = [Course(f"{label} {HALF}", flat, flat - 0.1, flat + 0.1) for label in labels]
    drawing = courses(Caption("c", "C", "W", str), [2030, 2035, 2040], lines, "Year", "Steps", 4.0)
    assert drawing.count('<tspan data-value="0.5"') == 3
    levels = sorted(float(y) for y in re.findall(r'<text x="261.0" y="([\d.]+)"', drawing))
    assert np.diff(levels).min() >= 12


def test_a_row_is_as_wide_as_what_is_seen_of_it():
    caption = Caption("r", "R", "W", str)
    assert intervals(caption, [Row("a", HALF, 1.0, 0.5, 1.5)]).count("font-size=") == intervals(
        caption, [Row("a", "<50%", 1.0, 0.5, 1.5)]
    ).count("font-size=")
