"""Scenario files for tests."""

import textwrap
from pathlib import Path

from foresight.errors import Problem

HEADER = 'id = "mine"\ntitle = { en = "Mine", zh = "我的" }\n'
EVENT = '[[event]]\nname = "storm"\nyear = 2030\n'
COALITION = '[[coalition]]\nname = "club"\n'


def write(folder: Path, body: str, name: str = "mine.toml", header: str = HEADER) -> Path:
    """Write a scenario file of a header and a body."""
    path = folder / name
    path.write_text(header + textwrap.dedent(body), "utf-8")
    return path


def near(folder: Path) -> str:
    """Write a scenario so much like one that ships that few runs explain the difference; return where it is."""
    return str(write(folder, "[levers]\nlinking = 1.2\n", "near.toml", f'{HEADER}extends = "historical-pace"\n'))


def only(problems: list[Problem]) -> Problem:
    """Take the one problem there should be."""
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]
