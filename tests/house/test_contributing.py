"""What the guide for contributors names is there."""

import re

import pytest
from places import ROOT

WORDS = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

#: Names of files and folders, and targets of make.
PATHS = sorted(set(re.findall(r"`((?:[\w.]+/)+[\w.*]*)`|\]\(([\w.]+)\)", WORDS)))
TARGETS = sorted(set(re.findall(r"`make ([\w-]+)`", WORDS)))


@pytest.mark.parametrize("path", [inner or outer for inner, outer in PATHS])
def test_a_path_leads_somewhere(path: str):
    assert list(ROOT.glob(path.rstrip("/")))


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_one_of_the_makefile(target: str):
    assert re.search(rf"(?m)^[\w -]*\b{target}\b[\w -]*:", (ROOT / "Makefile").read_text("utf-8"))


def test_there_are_such_names():
    assert len(PATHS) > 10
    assert {"test", "golden"} <= set(TARGETS)
