"""Tables that the page itself saves hold no formula, by the rule of the tables that the program writes."""

from typing import Any

import pytest

from foresight.cells import guarded

NUMBERS = ["-1.5", "+0.25", "-1,234.5", "+12%", "-0.3 … -0.1"]
CELLS = ["=1+1", "+cell", "-cell", "@cell", "\t=1", "＝1", "-", "–", "a=b", *NUMBERS]


@pytest.mark.costly
def test_the_page_guards_the_cells_that_the_program_guards(screen: Any):
    text = screen.open().page.evaluate(
        """async (cells) => {
          const { csvText } = await import(new URL("assets/save.js", location.href));
          return csvText({ columns: ["=name"], rows: cells.map((cell) => [cell]) });
        }""",
        CELLS,
    )
    lines = text.removeprefix("\ufeff").split("\r\n")
    assert lines[0] == "'=name"
    assert [line.strip('"') for line in lines[1:-1]] == [guarded(cell) for cell in CELLS]
