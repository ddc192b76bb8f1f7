"""What a process imports on its way to an answer: what it does not need would be waited for all the same."""

import subprocess
import sys

import pytest

#: Libraries that take a moment to import, and that neither runs nor the first page of the interface need.
LEFT_OUT = {"SALib", "h5netcdf", "h5py", "matplotlib", "mesa", "openpyxl", "pyarrow.dataset", "scipy.stats", "tomlkit"}

#: What the process does, and what it does not import.
WAYS = {
    "help": ("from foresight.cli.main import main; main(['--help'])", {"numpy", "pydantic", "importlib.metadata"}),
    "run": ("from foresight.cli.main import main; main(['run', '--replicates', '1'])", {*LEFT_OUT, "panel"}),
    "library": ("import foresight; foresight.simulate('historical-pace', 1)", {*LEFT_OUT, "rich", "typer"}),
    "interface": ("import foresight_ui.command", LEFT_OUT - {"pyarrow.dataset", "tomlkit"}),  # of experiments
}


def imported(code: str) -> set[str]:
    """Return the modules that a process has imported when it has run some code."""
    ending = "import sys; print('\\n', *sys.modules, file=sys.stderr)"
    words = f"import atexit; atexit.register(lambda: exec({ending!r}))\n{code}"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, encoding="utf-8", check=True)
    return set(done.stderr.rpartition("\n ")[2].split())


@pytest.mark.costly
@pytest.mark.parametrize("way", WAYS)
def test_what_an_answer_does_not_need_is_not_imported(way: str):
    code, left_out = WAYS[way]
    modules = imported(code)
    assert "foresight" in modules
    assert left_out & modules == set()


@pytest.mark.costly
def test_results_are_labelled_without_a_look_at_dask():
    """Where it is installed, xarray imports its arrays at the first that is not declared to be one of NumPy's."""
    pytest.importorskip("dask")
    assert "dask.array" not in imported(WAYS["library"][0])
