"""Pages of HTML and Markdown from parts of documents, where no document of the program has them all."""

import pytest
from papers import Elements

from foresight.documents.document import Cards, Document, Findings, Section
from foresight.documents.markdown import markdown
from foresight.documents.webpage import html

DOCUMENT = Document(
    "Title",
    "en",
    (
        Section("One", (Findings((("subject", "what was found", "basis"), ("other", "a < b", ""))),)),
        Section("Two", (Cards((("A & B", "What it <does>.", "remark"),)),), apart=True),
    ),
)


def test_a_section_that_begins_a_sheet_is_marked():
    assert '<section id="s1"><h2>One</h2>' in html(DOCUMENT)
    assert '<section id="s2" class="apart"><h2>Two</h2>' in html(DOCUMENT)


def test_cards_are_text():
    assert "<b>A &amp; B</b><p>What it &lt;does&gt;.</p><small>remark</small>" in html(DOCUMENT)
    elements = Elements()
    elements.feed(html(DOCUMENT))
    assert elements.open == []


def test_a_finding_without_a_basis_has_none():
    assert "<dd>what was found <small>basis</small></dd>" in html(DOCUMENT)
    assert "<dd>a &lt; b</dd>" in html(DOCUMENT)


@pytest.mark.parametrize(
    "line",
    ["- **subject**: what was found (basis)", "- **other**: a < b", "- **A & B**: What it <does>. remark"],
    ids=["finding", "without a basis", "card"],
)
def test_markdown_has_the_same(line: str):
    assert line in markdown(DOCUMENT).splitlines()
