"""Texts of phones, desks and walls: each is in a script of its face, and what a script says is there."""

import re
from collections.abc import Mapping
from pathlib import Path

import foresight_ui
import pytest
from foresight_ui.words import LANGUAGES, catalogue

from foresight.texts import Words
from foresight.workshop.events import STAGES

ASSETS = Path(foresight_ui.__file__).parent / "assets" / "room"
FACES = ("phone", "desk", "wall")


def script_of(face: str) -> str:
    return "".join(path.read_text("utf-8") for path in sorted(ASSETS.glob(f"{face}*.js")))


def texts_of(table: str) -> Mapping[str, str]:
    prefix = f"{table}."
    return {key.removeprefix(prefix): text for key, text in catalogue("en").items() if key.startswith(prefix)}


def is_named(key: str, script: str) -> bool:
    """Tell whether a script has a key, or the beginning of one that is put together."""
    begun = [*re.findall(r"`(\w+)\$\{", script), *re.findall(r'"(\w+_)" ?\+', script)]
    return bool(re.search(rf'["\'`.]{key}\b', script)) or key.startswith(tuple(begun))


@pytest.mark.parametrize("face", FACES)
def test_every_text_of_a_face_is_in_its_script(face: str):
    script = script_of(face)
    assert [key for key in texts_of(face) if not is_named(key, script)] == []


def test_every_text_of_all_faces_is_in_the_script_of_one():
    script = "".join(map(script_of, FACES))
    assert [key for key in texts_of("room") if not is_named(key, script)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_of_the_agenda_are_called_the_same_on_screens_and_in_the_kit(language: str):
    stages = [stage for stage in STAGES if stage != "round"]
    on_screen = [catalogue(language)[f"room.stage_{stage}"] for stage in stages]
    assert on_screen == [Words(language).say(f"kit.stage.{stage}") for stage in stages]


@pytest.mark.parametrize("face", FACES)
def test_every_text_that_a_script_says_is_there(face: str):
    said = set(re.findall(r'\bsay\("(\w+)"', script_of(face)))
    assert said - texts_of(face).keys() - texts_of("room").keys() == set()
