"""The pages of the book for facilitators: commands are code, and every picture is there and small."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from drafted import WHOLE

ROOT = Path(__file__).parents[2]

#: Bytes of a picture.
SMALL = 60_000


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / ".github"))
    import facilitator

    yield facilitator
    del sys.modules["facilitator"]


def test_whole_languages_have_a_page(book: Any):
    assert set(book.LANGUAGES) == set(WHOLE)


@pytest.mark.parametrize("language", WHOLE)
def test_commands_are_code_in_every_language(book: Any, language: str):
    code = re.findall(r"`([^`]+)`", book.facilitator(language))
    assert sum(one.startswith("foresight ") for one in code) >= 8
    assert "--agenda 45" in code
    assert not re.search(r"[“«]\s*foresight", book.facilitator(language))


@pytest.mark.parametrize("language", WHOLE)
def test_every_picture_is_there_and_small(book: Any, language: str):
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", book.facilitator(language))
    assert pictures == [f"{language}-{face}.png" for face in ("phone", "wall", "desk")]
    for name in pictures:
        assert 0 < (ROOT / "notebooks" / "workshop" / name).stat().st_size < SMALL
