"""How the book is built: Sphinx reads a folder that `make book` puts together of these pages and generated ones."""

import re
from typing import Any

from docutils.nodes import Element, SkipNode
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from foresight.version import program_version

project = "foresight"
author = "The foresight developers"
project_copyright = "the foresight developers, Apache-2.0"
release = program_version()

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "sphinx_design", "sphinx_copybutton"]
exclude_patterns = ["conf.py", "look", "solara_page.py"]

html_theme = "furo"
html_title = f"foresight {release}"
html_static_path = ["look"]
html_css_files = ["book.css"]
html_show_sourcelink = False
html_show_sphinx = False
html_math_renderer = "mathml"
smartquotes_action = "qe"  # no dashes: two hyphens begin an option

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

nb_execution_mode = "force"
nb_execution_show_tb = True
nb_execution_timeout = 300
nb_merge_streams = True

autodoc_typehints = "none"
numpydoc_show_class_members = False


def inline(writer: HTML5Translator, node: Element) -> None:
    """Write a formula as MathML, which browsers draw themselves: no script, and no other host."""
    writer.body.append(convert(node.astext()))
    raise SkipNode


def display(writer: HTML5Translator, node: Element) -> None:
    """Write a formula in a line of its own, which scrolls where a phone is too narrow."""
    writer.body.append(f'<div class="math">{convert(node.astext(), display="block")}</div>')
    raise SkipNode


def plain(_app: Sphinx, _kind: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Write what stands between backticks in docstrings as code, and stars elsewhere as they are."""
    for at, line in enumerate(lines):
        parts = re.split(r"(`+[^`]+`+)", line)
        shown = (f"``{part.strip('`')}``" if part[:1] == "`" else part.replace("*", r"\*") for part in parts)
        lines[at] = "".join(shown)


def speak(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Name the language of pages for facilitators, so that browsers read and break their lines as it does."""
    folder, _, name = page.partition("/")
    context["language"] = name if folder == "workshop" else "en"


def setup(app: Sphinx) -> None:
    """Tell Sphinx of it."""
    app.connect("autodoc-process-docstring", plain, priority=100)
    app.connect("html-page-context", speak)
    app.add_html_math_renderer("mathml", inline_renderers=(inline, None), block_renderers=(display, None))
