"""What the guide for contributors names is there."""

import re

import pytest
from places import ROOT

from foresight.experiments.loading import load_experiment
from foresight.scenario.loading import bundled

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


def test_what_is_kept_before_a_change_is_an_experiment_on_all_that_ships():
    (file,) = re.findall(r"`.venv/bin/foresight sweep (\S+) --out", WORDS)
    assert {one.id for one in load_experiment(ROOT / file).scenarios} == set(bundled())


def test_there_are_such_names():
    assert len(PATHS) > 10
    assert {"test", "golden"} <= set(TARGETS)
