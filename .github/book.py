"""Build the book: the pages of `notebooks/`, the guides beside scenarios, and what is generated from declarations.

Run as `make book`, or `python .github/book.py FOLDER`. Sphinx gets one folder of pages, executes every notebook, and
fails on a warning.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

from sphinx.cmd.build import build_main

ROOT: Final = Path(__file__).parent.parent

#: Pages that stand beside what they are of, and where they come in the book.
GUIDES: Final = {
    "scenarios/README.md": "guides/scenarios.md",
    "scenarios/EXPERIMENTS.md": "guides/experiments.md",
    "CHANGELOG.md": "reference/changes.md",
}


def put_together(pages: Path) -> None:
    """Put all pages into one folder."""
    shutil.copytree(ROOT / "notebooks", pages, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"))
    for source, page in GUIDES.items():
        (pages / page).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / source, pages / page)


def main(folder: Path) -> int:
    """Build the book in a folder, and return the exit code."""
    shutil.rmtree(folder, ignore_errors=True)
    pages = folder / "pages"
    put_together(pages)
    return build_main(["-b", "html", "-W", "--keep-going", "--jobs", "auto", str(pages), str(folder / "html")])


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
