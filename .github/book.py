"""Build the book: the pages of `notebooks/`, the guides beside scenarios, and what is generated from declarations.

Run as `make book`, or `python .github/book.py FOLDER`. Sphinx gets one folder of pages, executes every notebook, and
fails on a warning.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Final

import api
import pages as generated
from facilitator import LANGUAGES, facilitator
from links import rewritten
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
    copied = {f"notebooks/{file.relative_to(pages)}": file.relative_to(pages).as_posix() for file in _pages(pages)}
    for source, page in GUIDES.items():
        _write(pages / page, (ROOT / source).read_text("utf-8"))
    for_facilitators = ((f"workshop/{language}.md", facilitator(language)) for language in LANGUAGES)
    for page, words in (*generated.written(), *api.written(), *for_facilitators):
        _write(pages / page, words)
    for source, page in {**copied, **GUIDES}.items():
        words = (pages / page).read_text("utf-8")
        _write(pages / page, rewritten(words, source, page, {**GUIDES, **generated.SOURCES}, pages))


def main(folder: Path) -> int:
    """Build the book in a folder, say where it is and how large, and return the exit code."""
    shutil.rmtree(folder, ignore_errors=True)
    pages, html, kept = folder / "pages", folder / "html", folder / "doctrees"
    put_together(pages)
    os.environ["IAM_UNITS_CACHE"] = str(folder / "units")  # the user's may be of an environment that is gone
    code = build_main(["-b", "html", "-W", "--keep-going", "--jobs", "auto", "-d", *map(str, (kept, pages, html))])
    size = sum(file.stat().st_size for file in html.rglob("*") if file.is_file())
    print(f"{html / 'index.html'}: {size / 1e6:.0f} MB")
    return code


def _pages(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.suffix in {".md", ".ipynb"}]


def _write(file: Path, words: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(words, "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
