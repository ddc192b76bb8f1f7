"""Pages of the book that are generated: they follow the program, and a built book needs nothing else."""

import ast
import math
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from grounds import made_up
from places import ROOT

from foresight.cli.main import app
from foresight.documents.sources import Rule, rules
from foresight.facts.bodies import body_table
from foresight.facts.members import member_codes
from foresight.facts.parameters import all_parameters
from foresight.facts.tables import dictionary

#: Rules that go step by step: with a loop, several values at once, or the bits of a number.
ALONE = {"exponential", "best_three", "external_inflow", "growth_ratio"}

#: Arguments that are rungs, and those that are true or false; but for the year all others are shares.
RUNGS = {
    "rung",
    "pledged",
    "delivered",
    "next_pledged",
    "next_delivered",
    "offer",
    "calendar_phase",
    "shift",
    "highest",
}
TRUTHS = {"late", "rises", "newly_delivered", "opens", "any_three", "all_five", "is_first_year"}

#: Megabytes that a built book may have.
LARGEST = 40


@pytest.fixture(scope="module")
def book() -> Iterator[SimpleNamespace]:
    pytest.importorskip("latexify", reason="`make book` installs it")
    names = ("api", "equations", "links", "pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / ".github"))
        yield SimpleNamespace(**{name: __import__(name) for name in names})
        for name in names:
            del sys.modules[name]


# Equations ---------------------------------------------------------------------------------------------------------


def functions() -> dict[str, Any]:
    """Return the rules as plain functions of Python."""
    source = (ROOT / "foresight" / "engine" / "rules.py").read_text("utf-8")
    found: dict[str, Any] = {}
    exec(source.replace("@compiled\n", ""), found)
    return found


def as_written(rule: Rule, lines: list[ast.stmt], known: dict[str, Any]) -> Any:
    """Make a function of the lines that an equation is made of."""
    body = "\n    ".join(map(ast.unparse, lines))
    names = {**known, "e": math.e, "floor": math.floor, "log": math.log, "missing": math.isnan}
    exec(f"def written({', '.join(rule.arguments)}):\n    {body}", names)
    return names["written"]


def drawn(name: str, luck: random.Random) -> float:
    """Draw an argument."""
    if name == "year":
        return luck.randrange(2017, 2041)
    if name in TRUTHS:
        return luck.random() < 0.5
    return luck.randrange(5) if name in RUNGS else luck.choice([0.05, 0.3, luck.random(), 0.95])


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule.name not in ALONE], ids=lambda rule: rule.name)
def test_an_equation_says_what_its_rule_computes(rule: Rule, book: SimpleNamespace):
    known, luck = functions(), random.Random(rule.name)
    written = as_written(rule, book.equations.readable(rule), known)
    for _ in range(100):
        given = [drawn(name, luck) for name in rule.arguments]
        assert written(*given) == pytest.approx(known[rule.name](*given), rel=1e-12, abs=1e-12), given


def loses_brackets(node: ast.AST) -> bool:
    """Tell whether latexify leaves out brackets that decide, or what is said by cases stands before something else."""
    match node:
        case ast.BinOp(left=ast.IfExp()) | ast.BinOp(op=ast.Mult(), right=ast.BinOp(op=ast.Mod())):
            return True
        case ast.Compare(left, _, others):
            return any(isinstance(part, ast.Compare | ast.BoolOp) for part in (left, *others))
    return False


def test_no_equation_needs_brackets_that_it_has_not(book: SimpleNamespace):
    lines = {rule.name: book.equations.readable(rule) for rule in rules() if rule.name not in ALONE}
    nodes = ((name, node) for name, found in lines.items() for line in found for node in ast.walk(line))
    assert {name for name, node in nodes if loses_brackets(node)} == set()
    assert loses_brackets(ast.parse("x * (y % z)", mode="eval").body)
    assert loses_brackets(ast.parse("(x < y) == z", mode="eval").body)


def test_a_member_whose_effect_is_missing_has_an_anonymous_one(book: SimpleNamespace):
    (rule,) = (rule for rule in rules() if rule.name == "member_effect")
    assert as_written(rule, book.equations.readable(rule), {})(math.nan, 2, 3) == 6


def test_rules_have_equations_but_those_that_go_step_by_step(book: SimpleNamespace):
    assert {rule.name for rule in rules() if not book.equations.equation(rule)} == ALONE


def test_equations_are_mathematics_that_browsers_draw(book: SimpleNamespace):
    converter = pytest.importorskip("latex2mathml.converter")
    equations = {rule.name: tex for rule in rules() if (tex := book.equations.equation(rule))}
    for name, tex in equations.items():
        assert not re.findall(r"\\mathopen|\\mathbin|1\.0(?!\d)|_BIAS|np\.", tex), name
        drawn = converter.convert(tex)
        assert not re.findall(r"\\|&amp;", drawn), name


def test_arguments_that_stand_for_parameters_are_there(book: SimpleNamespace):
    known = {rule.name: rule.arguments for rule in rules()}
    for rule, names in book.equations.ARGUMENTS.items():
        assert set(names) <= set(known[rule])
        assert {name for name in names.values() if name} <= set(all_parameters())


@pytest.mark.parametrize(
    ("written", "tex"),
    [
        ("β_N", "β_{N}"),
        ("c_dev", r"c_{\mathrm{dev}}"),
        ("sd(u)", r"\mathrm{sd}(u)"),
        ("T0", "T_{0}"),
        ("λ₋/λ₊", r"\frac{λ_{-}}{λ_{+}}"),
        ("assist", r"\mathrm{assist}"),
        ("κ", "κ"),
    ],
)
def test_a_symbol_is_written_as_mathematics(written: str, tex: str, book: SimpleNamespace):
    assert book.equations.symbol(written) == tex


# Pages -------------------------------------------------------------------------------------------------------------


def test_the_equations_show_every_rule_and_its_code(book: SimpleNamespace):
    page = book.pages.equations()
    assert [rule.name for rule in rules() if f"### `{rule.name}`\n" not in page] == []
    assert [rule.name for rule in rules() if f"```python\ndef {rule.name}(" not in page] == []


def test_every_verb_and_option_is_on_the_page_of_commands(book: SimpleNamespace):
    page, program = book.pages.commands(), typer.main.get_command(app)
    parts = dict(part.split("\n", 1) for part in page.split("\n## "))
    for name, verb in program.commands.items():
        options = [option for one in verb.params if one.param_type_name == "option" for option in one.opts]
        assert [option for option in options if f"| `{option}" not in parts[name]] == []
    assert "`--language en\\|zh`" in parts["Everywhere"]


def test_every_parameter_column_member_and_body_has_its_place(book: SimpleNamespace):
    page = book.pages.parameter_page()
    assert [name for name in all_parameters() if f"### `{name}`\n" not in page or f"(#{name})" not in page] == []
    page = book.pages.dictionary()
    assert [column for _, column in dictionary().index if f"| `{column}` |" not in page] == []
    page = book.pages.codelists()
    assert [code for code in (*member_codes(), *body_table().index) if f"| `{code}` |" not in page] == []


@pytest.mark.costly
def test_the_page_of_trust_has_its_figures_beside_it(book: SimpleNamespace):
    (path, page), *drawings = book.pages.trust(made_up())
    assert path == "model/trust.md"
    assert drawings
    for name, drawing in drawings:
        assert f"]({Path(name).name})" in page
        assert drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')


def test_there_is_a_page_for_each_open_room_and_one_for_public_names(book: SimpleNamespace):
    pages = dict(book.api.written())
    assert set(pages) == {f"reference/api/{name}.md" for name in ("foresight", *book.api.rooms())}
    assert ".. autofunction:: foresight.simulate\n" in pages["reference/api/foresight.md"]
    assert ".. autoclass:: foresight.Results\n" in pages["reference/api/foresight.md"]


# Links -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "page", "before", "after"),
    [
        ("notebooks/a.md", "a.md", "[one](../scenarios/README.md#x)", "[one](guides/scenarios.md#x)"),
        ("scenarios/README.md", "guides/scenarios.md", "[b](../notebooks/b.ipynb)", "[b](../b.ipynb)"),
        ("scenarios/README.md", "guides/scenarios.md", "[x.toml](x.toml)", "`scenarios/x.toml`"),
        ("notebooks/a.md", "a.md", "[rules](../foresight/engine/rules.py)", "[rules](model/equations.md)"),
        ("CHANGELOG.md", "reference/changes.md", "[safe](SECURITY.md)", "safe (`SECURITY.md`)"),
        ("CHANGELOG.md", "reference/changes.md", "[the web](https://example.org/)", "[the web](https://example.org/)"),
        ("notebooks/a.md", "a.md", "![a](b.md) [here](#there)", "![a](b.md) [here](#there)"),
    ],
)
def test_a_link_leads_to_a_page_or_is_code(
    source: str, page: str, before: str, after: str, book: SimpleNamespace, tmp_path: Path
):
    for name in ("b.ipynb", "guides/scenarios.md", "model/equations.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    moved = {"scenarios/README.md": "guides/scenarios.md", **book.pages.SOURCES}
    assert book.links.rewritten(before, source, page, moved, tmp_path) == after


def test_what_pages_are_made_of_is_there(book: SimpleNamespace):
    assert set(book.pages.SOURCES.values()) <= book.pages.PAGES.keys()
    assert [source for source in book.pages.SOURCES if not (ROOT / source).is_file()] == []


# The book itself ---------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page is called, where one can go on it, where it leads and what a browser asks for."""

    def __init__(self, file: Path):
        super().__init__()
        self.places, self.links, self.asked = set[str](), list[str](), list[str]()
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        where = [given[name] for name in ("href", "src") if name in given]
        (self.links if tag == "a" else self.asked).extend(where)


def alone() -> list[str]:
    """Return what runs a program where no way leads out, if that can be had."""
    within = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']
    able = shutil.which("unshare") and shutil.which("ip") and not subprocess.run([*within, "true"]).returncode
    return within if able else []


@pytest.mark.slow  # executes all notebooks, and makes the forecasts of the page of trust
def test_a_book_is_built_without_a_network_and_leads_nowhere_else(tmp_path: Path):
    pytest.importorskip("sphinx", reason="`make book` installs it")
    made = subprocess.run(
        [*alone(), sys.executable, ROOT / ".github" / "book.py", tmp_path], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr[-5000:]
    folder = tmp_path / "html"
    assert made.stdout.splitlines()[-1].startswith(f"{folder / 'index.html'}: ")
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < LARGEST * 1e6
    pages = {file: Page(file) for file in folder.rglob("*.html")}
    assert {asked for page in pages.values() for asked in page.asked if "//" in asked} == set()
    assert [dead for file, page in pages.items() for dead in page.links if is_dead(dead, file, pages)] == []


def is_dead(link: str, file: Path, pages: dict[Path, Page]) -> bool:
    """Tell whether a link within the book leads nowhere."""
    if link.startswith(("http:", "https:", "mailto:")):
        return False
    path, _, place = link.partition("#")
    there = (file.parent / path).resolve() if path else file
    return not there.is_file() or (there in pages and place not in pages[there].places | {""})
