"""Chinese texts fill their lines, and nothing is cut off."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Column, Table

from foresight.cli.prose import Prose

CHINESE = "自 2027 年起，各成员补齐基础设施：共享数据（和行动证据），加强联系。“白鳍豚回归”见 levers.linking=1.2。"
ENGLISH = "From 2027 on members share data and evidence, link their bodies and stand by the frontline states."


def printed(shown: RenderableType, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize("width", range(16, 60))
@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
def test_nothing_is_lost_and_no_line_is_too_long(words: str, width: int):
    lines = printed(Prose(words), width)
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", range(20, 60))
def test_chinese_lines_are_full_and_keep_their_marks(width: int):
    lines = printed(Prose(CHINESE), width)
    longest_word = cell_len("levers.linking=1.2。")  # which only narrower lines would break
    assert all(cell_len(line) >= width - longest_word for line in lines[:-1])
    assert not any(line[0] in "，。：）”" or line[-1] in "（“" for line in lines)


@pytest.mark.parametrize("width", range(12, 60))
def test_english_breaks_as_rich_breaks_it(width: int):
    assert printed(Prose(ENGLISH), width) == printed(ENGLISH, width)


def test_a_word_longer_than_the_line_is_folded_in_a_table():
    table = Table(Column(overflow="fold"), box=None, show_header=False, padding=0)
    table.add_row(Prose("见 levers.pledge_effort.transparency"))
    assert "".join(printed(table, 12)).replace(" ", "") == "见levers.pledge_effort.transparency"


def test_lines_of_the_text_stay_lines():
    assert printed(Prose("一\n\n二"), 20) == ["一", "", "二"]
