"""The ODD protocol names exactly what there is, and can be written in every form."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import contents
import pytest

from foresight.cli.verbs.protocol import WRITERS, check_page
from foresight.documents import inventory, sources
from foresight.documents.document import Document, Section, Table
from foresight.documents.markdown import markdown
from foresight.documents.protocol import CONCEPTS, document
from foresight.documents.webpage import html
from foresight.engine import rules
from foresight.engine.inputs import Members, Start
from foresight.engine.state import History, Luck
from foresight.errors import InputError
from foresight.facts.parameters import levers, uncertainties
from foresight.results.datasets import SERIES
from foresight.results.simulation import simulate
from foresight.texts import drafts, languages

LANGUAGES = [*languages(), *drafts()]

ELEMENTS = (
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
)


def there_is() -> dict[str, set[str]]:
    """Return what the code has, by topic, asked of the modules themselves and not of what reads their sources."""
    functions = {name: getattr(one, "py_func", None) for name, one in vars(rules).items()}
    folder = files("foresight.data")
    return {
        "rules": {name for name, one in functions.items() if one and one.__module__ == rules.__name__},
        "state": set(History._fields),
        "luck": set(Luck._fields),
        "attributes": set(Members._fields),
        "uncertainties": set(uncertainties()),
        "levers": set(levers()),
        "draws": {"ACTIONS", *sources.purposes()},
        "outcomes": set(SERIES),
        "starts": set(Start._fields),
        "data": {one.name for one in folder.iterdir() if one.name.endswith((".csv", ".toml", ".parquet"))},
        "claims": {f"H{number}" for number in range(1, 9)},
    }


def differences(shown: Document) -> dict[str, set[str]]:
    """Return by topic what a protocol lacks and what it names that is not there, or names twice."""
    found = {}
    for topic, wanted in there_is().items():
        names = contents.names(shown, topic)
        found[topic] = set(names) ^ wanted | {name for name in names if names.count(name) > 1}
    return {topic: names for topic, names in found.items() if names}


def without(parts: tuple[str | Table | Section, ...], name: str) -> tuple[str | Table | Section, ...]:
    """Leave the row of a name out of every table."""
    return tuple(
        replace(part, parts=without(part.parts, name))
        if isinstance(part, Section)
        else replace(part, rows=tuple(row for row in part.rows if row[0] != name))
        if isinstance(part, Table)
        else part
        for part in parts
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_protocol_names_exactly_what_there_is(language: str):
    assert differences(document(language)) == {}


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("next_trust", "rules"),
        ("trust", "state"),
        ("delivery_rate", "uncertainties"),
        ("linking", "levers"),
        ("CRISIS", "draws"),
        ("members.csv", "data"),
    ],
)
def test_what_is_left_out_of_the_protocol_is_noticed(name: str, topic: str):
    whole = document()
    assert name in differences(replace(whole, parts=without(whole.parts, name)))[topic]


def test_what_is_named_and_not_there_is_noticed():
    whole = document()
    more = Table("rules", ("Name",), (("no_such_rule",), ("next_trust",)))
    assert differences(replace(whole, parts=(*whole.parts, more))) == {"rules": {"no_such_rule", "next_trust"}}


def test_the_seven_elements_have_the_headings_of_the_protocol():
    assert tuple(part.heading for part in document().parts if isinstance(part, Section)) == ELEMENTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_seven_elements_and_eleven_design_concepts(language: str):
    elements = [part for part in document(language).parts if isinstance(part, Section)]
    assert [element.heading[0] for element in elements] == list("1234567")
    assert len(elements[3].parts) == len(CONCEPTS) == 11


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_have_a_cell_for_every_column(language: str):
    assert all(len(row) == len(table.columns) for table in contents.tables(document(language)) for row in table.rows)


def test_headings_columns_and_sentences_are_chinese_in_chinese():
    shown = document("zh")
    named = set(inventory.described_files())
    words = [section.heading for section in shown.sections() if section.heading not in named]
    words += [column for table in contents.tables(shown) for column in table.columns]
    words += [part for section in shown.sections() for part in section.parts if isinstance(part, str)]
    assert [one for one in words if not re.search("[\u4e00-\u9fff]", one)] == []


def test_columns_of_every_table_of_facts_are_described():
    shown = document()
    for name in inventory.described_files():
        with files("foresight.data").joinpath(name).open(encoding="utf-8") as stream:
            assert contents.names(shown, f"columns of {name}") == stream.readline().strip().split(",")


def test_states_start_where_the_protocol_says():
    first = simulate("historical-pace", replicates=1).dataset.isel(year=0, replicate=0)
    known = {name: one.default for name, one in uncertainties().items()}
    for name, source in inventory.STARTS.items():
        if source != "base_capacity":
            assert (first[name] == float(known.get(source, source if source.isdigit() else "nan"))).all()


def test_markdown_has_every_heading_and_rows_of_equal_width():
    shown = document()
    written = markdown(shown)
    assert [line.lstrip("# ") for line in written.splitlines() if line.startswith("##")] == [
        section.heading for section in shown.sections()
    ]
    rows = [line for line in written.splitlines() if line.startswith("|")]
    assert len(rows) == sum(len(table.rows) + 2 for table in contents.tables(shown))


def test_markdown_keeps_bars_out_of_the_way_of_tables():
    table = Table("rules", ("Name", "Code"), (("either", "a | b\nc"),), code=(1,))
    assert "| either | `a \\| b`<br>`c` |" in markdown(Document("t", "en", (table,)))


class Tags(HTMLParser):
    """Check that tags close in order, and collect addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        self.anchors |= {value or "" for name, value in attrs if name == "id"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_else_and_its_links_lead_somewhere(language: str):
    tags = Tags()
    tags.feed(html(document(language)))
    assert tags.open == []
    assert tags.addresses
    assert {address.removeprefix("#") for address in tags.addresses} <= tags.anchors


def test_the_page_shows_signs_as_they_are():
    shown = Document("a < b", "en", (Table("rules", ("Name",), (("x & y",),)), "1 < 2"))
    assert all(words in html(shown) for words in ("a &lt; b", "x &amp; y", "1 &lt; 2"))


@pytest.mark.parametrize("ending", WRITERS)
def test_a_file_that_is_there_is_replaced_only_if_one_says_so(ending: str, tmp_path: Path):
    path = tmp_path / f"model{ending}"
    path.write_text("mine", "utf-8")
    with pytest.raises(InputError) as caught:
        check_page(path, force=False)
    assert [problem.kind for problem in caught.value.problems] == ["file_exists"]
    check_page(path, force=True)
    check_page(tmp_path / f"other{ending}", force=False)


def test_another_ending_is_refused_with_those_there_are(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        check_page(tmp_path / "model.htm", force=False)
    problem = caught.value.problems[0]
    assert (problem.kind, problem.nearest) == ("other_ending", ".html")
