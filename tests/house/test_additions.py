"""What the guides "add a …" say is done in a copy of the sources: it works, and the tests that they name notice it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from copies import applied, blocks, checked, environment
from places import ROOT

PAGES = sorted((ROOT / "notebooks" / "guides").glob("add-*.md"))

#: Prints the digest of two runs, which does not know of settings but of what came.
RUNS = """
import ast, sys
from foresight import load_scenario, simulate
scenario = load_scenario("historical-pace", set=ast.literal_eval(sys.argv[1]))
print(simulate(scenario, replicates=2).dataset.attrs["result_digest"])
"""

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)

pytestmark = pytest.mark.skipif(
    not shutil.which("git") or not shutil.which("bash"), reason="git applies the changes, and bash runs the lines"
)


@every_page
def test_a_page_changes_something_and_looks_at_it(page: Path):
    assert {"diff", "console"} <= {block.kind for block in blocks(page)}


@pytest.mark.costly
@every_page
def test_all_changes_of_a_page_apply(page: Path, tmp_path: Path):
    applied(page, tmp_path)


@pytest.mark.costly
@every_page
def test_a_page_does_what_it_says(page: Path, tmp_path: Path):
    checked(page, tmp_path)


@pytest.mark.costly
def test_the_mechanism_of_the_guide_moves_nothing_at_0_and_something_beyond(tmp_path: Path):
    copy = applied(ROOT / "notebooks" / "guides" / "add-a-mechanism.md", tmp_path)
    asleep, awake = delivered(copy, "{}"), delivered(copy, "{'uncertainties.overstretch_effect': -1}")
    assert delivered(ROOT, "{}") == asleep != awake


def delivered(sources: Path, changes: str) -> str:
    """Return the digest of two runs of a scenario with changes, by the program of a folder of sources."""
    command = [sys.executable, "-c", RUNS, changes]
    options = {"cwd": sources, "env": environment(sources), "capture_output": True, "text": True, "check": True}
    return subprocess.run(command, **options).stdout
