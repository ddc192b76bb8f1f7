"""The notebooks run from start to end, are stored clean, and read well for somebody new."""

import json
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from forked import Forks
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import local_provisioner
from kernels import launching
from nbclient import NotebookClient
from nbformat import NotebookNode
from places import ROOT
from traitlets import default

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

#: All that a notebook says of itself: no version of anybody's Python, no state of anybody's screen.
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}

#: Seconds that one cell may take: the first may compile the engine.
PATIENCE = 300

#: What the engine says where it has to be compiled first; nothing else may come on stderr.
COMPILING = "Compiling the engine"

MACHINE_PATH = re.compile(r"/(?:home|root|tmp|work|usr|var|mnt|opt|Users)\b|\b[A-Za-z]:\\")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")

#: Numbers in prose that no run makes.
VERSIONS = re.compile(r"Mesa \d\.\d")

#: What a cell has that ends in a picture.
DRAWING = re.compile(r"plt\.subplots\(|^figures\.", re.MULTILINE)

every_notebook = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=nbformat.NO_CONVERT)


def prose(book: NotebookNode) -> list[str]:
    return [cell.source for cell in book.cells if cell.cell_type == "markdown"]


def test_the_eight_notebooks_are_those_of_their_readme():
    listed = re.findall(r"^\| \[(.+?)\]\(\1\)", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert listed == [file.name for file in NOTEBOOKS]
    assert [name[:2] for name in listed] == [f"{number:02d}" for number in range(1, 9)]


# Stored clean ------------------------------------------------------------------------------------------------------


@every_notebook
def test_a_notebook_is_stored_without_output(file: Path):
    """See notebooks/README.md for the command that cleans one."""
    book = read(file)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata == METADATA
    assert {str(cell.metadata) for cell in book.cells} == {"{}"}
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [None] * len(code)
    assert [cell.outputs for cell in code] == [[]] * len(code)


@every_notebook
def test_a_notebook_is_written_as_jupyter_writes_it(file: Path):
    """So that saving it changes no line that nobody changed."""
    words = file.read_text("utf-8")
    assert words == json.dumps(json.loads(words), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@every_notebook
def test_cells_have_short_names_of_their_own(file: Path):
    ids = [cell.id for cell in read(file).cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(rf"{file.stem[3:]}-\d\d", name) for name in ids)


@every_notebook
def test_no_notebook_knows_a_path_of_a_machine(file: Path):
    assert MACHINE_PATH.findall(file.read_text("utf-8")) == []


# For somebody new --------------------------------------------------------------------------------------------------


@every_notebook
def test_a_notebook_has_a_title_and_says_where_to_go_next(file: Path):
    first, *_, last = prose(read(file))
    assert first.startswith("# ")
    assert "You will" in first
    assert "## Where to go next\n" in last
    assert read(file).cells[-1].cell_type == "markdown"


@every_notebook
def test_prose_stands_before_and_after_every_cell_of_code(file: Path):
    kinds = [cell.cell_type for cell in read(file).cells]
    assert ("code", "code") not in pairwise(kinds)


@every_notebook
def test_prose_quotes_no_result_that_may_change(file: Path):
    words = VERSIONS.sub("", re.sub(r"`[^`]+`", "", "\n".join(prose(read(file)))))
    assert re.findall(r"\d+\.\d+", words) == []


@every_notebook
def test_links_lead_to_files(file: Path):
    links = LINK.findall("\n".join(prose(read(file))))
    assert links
    assert [link for link in links if not (FOLDER / link).is_file()] == []


# From start to end -------------------------------------------------------------------------------------------------


class NativeKernel(AsyncKernelManager):
    """A kernel of the Python that runs the tests, whatever kernels are installed."""

    @default("kernel_spec_manager")
    def _native_alone(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


def complaints(book: NotebookNode) -> list[str]:
    """Return what cells wrote to stderr, warnings for instance."""
    outputs = (output for cell in book.cells for output in cell.get("outputs", []))
    written = (output.text for output in outputs if output.get("name") == "stderr")
    return [words for words in written if not words.startswith(COMPILING)]


def pictures(book: NotebookNode) -> int:
    outputs = (output for cell in book.cells for output in cell.get("outputs", []))
    return sum("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.costly
@every_notebook
def test_a_notebook_runs_from_start_to_end(file: Path, tmp_path: Path, forks: Forks, monkeypatch: pytest.MonkeyPatch):
    for name in ("TMPDIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "work"):
        (tmp_path / name).mkdir()
    for name in ("TMPDIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr(local_provisioner, "launch_kernel", launching(forks))
    book = read(file)
    resources = {"metadata": {"path": str(tmp_path / "work")}}
    NotebookClient(book, kernel_manager_class=NativeKernel, timeout=PATIENCE, resources=resources).execute()
    assert complaints(book) == []
    assert pictures(book) == sum(bool(DRAWING.search(cell.source)) for cell in book.cells)
    assert [left.name for name in ("TMPDIR", "work") for left in (tmp_path / name).iterdir()] == []
