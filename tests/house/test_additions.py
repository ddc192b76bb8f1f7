"""What the guides "add a …" say is done in a copy of the sources: it works, and the tests that they name notice it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from copies import applied, blocks, checked, environment
from places import ROOT, TESTS

GUIDES = ROOT / "notebooks" / "guides"
PAGES = sorted(GUIDES.glob("add-*.md"))

#: What a file of tests has that goes through all languages, begun ones among them.
EVERY_LANGUAGE = re.compile(r"\bLANGUAGES\b|\bdrafts\(\)")

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
    copy = applied(GUIDES / "add-a-mechanism.md", tmp_path)
    asleep, awake = delivered(copy, "{}"), delivered(copy, "{'uncertainties.overstretch_effect': -1}")
    assert delivered(ROOT, "{}") == asleep != awake


@pytest.mark.slow  # all tests of these files
def test_a_language_that_is_begun_passes_every_test_that_goes_through_languages(tmp_path: Path):
    copy = applied(GUIDES / "add-a-language.md", tmp_path / "sources")
    subprocess.run([sys.executable, ".github/draft.py", "id"], cwd=copy, env=environment(copy), check=True)
    files = [
        file.relative_to(ROOT)
        for file in sorted(TESTS.rglob("test_*.py"))
        if EVERY_LANGUAGE.search(file.read_text("utf-8"))
    ]
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-n", "logical", "--maxprocesses", "4", *files]
    compiled = {**environment(copy), "NUMBA_DISABLE_JIT": "0", "FORESIGHT_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(command, cwd=copy, env=compiled, capture_output=True, encoding="utf-8")
    assert len(files) > 30
    assert done.returncode == 0, done.stdout[-20_000:]


def delivered(sources: Path, changes: str) -> str:
    """Return the digest of two runs of a scenario with changes, by the program of a folder of sources."""
    command = [sys.executable, "-c", RUNS, changes]
    options = {"cwd": sources, "env": environment(sources), "capture_output": True, "text": True, "check": True}
    return subprocess.run(command, **options).stdout
