"""Pages of the book that are written from what the program declares; none of them is stored."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import typer
import yaml
from equations import equation, parameters, symbol

from foresight.cli import main
from foresight.cli.help import sections, usage
from foresight.cli.screen import Screen
from foresight.documents import inventory, protocol
from foresight.documents import trace as trace_page
from foresight.documents.document import Document, Figure, Part, Section, Table
from foresight.documents.markdown import block, markdown
from foresight.documents.sources import Rule, schedule
from foresight.engine import rules
from foresight.facts.axes import group_table
from foresight.facts.bodies import body_table, memberships
from foresight.facts.members import member_table
from foresight.facts.parameters import Parameter, all_parameters, levers, uncertainties
from foresight.reports.trust import page as trust_page
from foresight.reports.trust.numbers import Grounds, gathered
from foresight.texts import Words

WORDS: Final = Words("en")

#: How the program ends, beside the codes that `foresight.cli.main` names.
_ENDS: Final = {
    0: "done; Ctrl-C ends what serves with it, too",
    main.FAULT: "a fault of the program or of the machine",
    main.WRONG_INPUT: "the input cannot be used, or the disk is full",
    main.INTERRUPTED: "interrupted (Ctrl-C)",
    main.READER_GONE: "the reader of stdout went away",
    main.TERMINATED: "terminated",
}


def written() -> Iterator[tuple[str, str]]:
    """Yield every page that is generated and every drawing on it, by its path in the book."""
    for path, write in PAGES.items():
        yield path, write()
    yield from trust(gathered())


def equations() -> str:
    """Write the rules of each sub-step, as mathematics and as code."""
    source = files("foresight.engine").joinpath("rules.py").read_text("utf-8")
    codes = {node.name: _code(node, source) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    parts = [_step(steps, codes) for steps in schedule()]
    shared = [_rule(rule, codes[rule.name]) for rule in inventory.rules_of(())]
    return "\n\n".join([_EQUATIONS, *parts, "## Shared by all steps", *shared]) + "\n"


def odd() -> str:
    """Write the ODD protocol."""
    return _safe(markdown(protocol.document()))


def trace() -> str:
    """Write TRACE: what each piece of evidence shows, and the tests behind it."""
    return _safe(markdown(trace_page.document()))


def trust(grounds: Grounds) -> Iterator[tuple[str, str]]:
    """Write the page of trust, and its figures beside it."""
    document = trust_page.document(grounds)
    drawings: dict[str, str] = {}
    parts = tuple(_drawn(document.parts, drawings))
    yield "model/trust.md", _safe(markdown(replace(document, parts=parts)))
    yield from ((f"model/{name}", drawing) for name, drawing in drawings.items())


def commands() -> str:
    """Write every verb with its arguments and options, and the codes that the program ends with."""
    screen, program = Screen("en"), typer.main.get_command(main.app)
    main.explain(program, screen)
    top = typer.Context(program, info_name="foresight")
    verbs = (_verb(screen, verb, top) for verb in program.commands.values())
    ends = _table(("Code", "Meaning"), ((f"{code}", words) for code, words in _ENDS.items()))
    everywhere = _rows(screen, program, top, "options")
    return "\n\n".join([_COMMANDS, "## Everywhere", everywhere, "## Exit codes", ends, *verbs]) + "\n"


def parameter_page() -> str:
    """Write what is declared of every parameter: in short in a table, in full below it."""
    parts = ["# Parameters", WORDS.say("show.tags")]
    for kind, found in (("uncertainties", uncertainties()), ("levers", levers())):
        rows = [tuple(map(_safe, row)) for row in inventory.parameter_table("", found, WORDS).rows]
        heads = ("Name", "Symbol", "Default", "Range", "Unit", "Known by")
        short = ((f"[`{name}`](#{name})", f"${symbol(sign)}$", *row[1:5]) for name, sign, *row in rows)
        parts += [f"## {WORDS.say(f'show.{kind}')}", _table(heads, short)]
        parts += [_parameter(found[row[0]], row) for row in rows]
    return "\n\n".join(parts) + "\n"


def dictionary() -> str:
    """Write what each column of each table of facts means, and where it is from."""
    tables = tuple(Section(name, (inventory.column_table(name, WORDS),)) for name in inventory.described_files())
    words = "Files in `foresight/data/`. What each column means, of which year it is, and who says so."
    return _safe(markdown(Document("Dictionary of data", "en", (words, inventory.data_files(WORDS), *tables))))


def codelists() -> str:
    """Write names and codes as files and tables of the IAMC have them."""
    members, bodies = member_table(), body_table()
    groups = [(f"`{code}`", row["name_en"], row["meaning_en"]) for code, row in group_table().iterrows()]
    marks = ("ldc", "lldc", "sids")
    people = [
        (f"`{code}`", row["name_en"], row["kind"], row["subregion"], ", ".join(m.upper() for m in marks if row[m]))
        for code, row in members.iterrows()
    ]
    circles = [(f"`{code}`", row["name_en"], ", ".join(memberships()[code])) for code, row in bodies.iterrows()]
    parts = (
        *("# Code lists", "What scenario files, results and tables of the IAMC call things."),
        *("## Region and groups", _table(("Code", "Name", "Who"), groups)),
        *("## Members", _table(("Code", "Name", "Kind", "Subregion", "Groups"), people)),
        *("## Bodies", _table(("Code", "Name", "Members"), circles)),
        *("## Variables", _VARIABLES, _table(("Variable", "Unit", "Meaning"), _variables())),
    )
    return _safe("\n\n".join(parts)) + "\n"


#: Pages by their paths; that of trust, which takes long, stands apart.
PAGES: Final[dict[str, Callable[[], str]]] = {
    "model/equations.md": equations,
    "model/odd.md": odd,
    "model/trace.md": trace,
    "reference/commands.md": commands,
    "reference/parameters.md": parameter_page,
    "reference/dictionary.md": dictionary,
    "reference/codelists.md": codelists,
}

#: Pages by what they are made of: links of the tree lead there, those of the book to the page.
SOURCES: Final = {
    "foresight/engine/rules.py": "model/equations.md",
    "foresight/cli/commands.py": "reference/commands.md",
    "foresight/data/parameters.toml": "reference/parameters.md",
}

_EQUATIONS: Final = """# Equations

Every number of a run comes from these functions of `foresight/engine/rules.py`. Each equation is made from the code
beside it, with the symbols of the [parameters](../reference/parameters.md).

$D$ and $P$ are the rungs that a member has delivered and pledged, and $e(D)$ is what delivered rungs bring. $T$ is
trust, $s$ the share of the region's gap that the fund covered, $X$ the condition of the environment."""

_COMMANDS: Final = """# Commands

`foresight VERB --help` says the same on the screen. Data goes to stdout, progress to stderr. Without `--language`, the
variables `FORESIGHT_LANGUAGE` and then `LANG` say in which language."""

_VARIABLES: Final = """A table has three lines of each, with `|Median`, `|P10` and `|P90` behind the name. One run in
ten lies below `P10`, one above `P90`."""

_ALONE: Final = "No equation: the code goes step by step."


def _step(steps: tuple[int, ...], codes: dict[str, str]) -> str:
    head = f"## {inventory.step_name(steps, WORDS)}"
    found = (_rule(rule, codes[rule.name]) for rule in inventory.rules_of(steps))
    return "\n\n".join([head, *inventory.step_words(steps, WORDS), *found])


def _rule(rule: Rule, code: str) -> str:
    """Write one rule: its words, its equation, what symbols stand for, and its code."""
    tex = equation(rule)
    words = _prose(getattr(rules, rule.name).__doc__)
    signs = (f"${symbol(all_parameters()[name].symbol)}$ {_link(name)}" for name in parameters(rule).values())
    shown = f"$$\n{tex}\n$$\n\n{', '.join(signs)}" if tex else _ALONE
    beside = _beside(shown.strip(), f"```python\n{code}\n```")
    return f"### `{rule.name}`\n\n{words}\n\n{beside}"


def _beside(left: str, right: str) -> str:
    """Put two parts side by side, where there is room."""
    items = "\n\n".join(f":::{{grid-item}}\n{part}\n:::" for part in (left, right))
    return f"::::{{grid}} 1\n:gutter: 2\n:class-container: rule\n\n{items}\n\n::::"


def _code(node: ast.FunctionDef, source: str) -> str:
    """Return the lines of a rule without its docstring."""
    lines, docstring = source.splitlines(), node.body[0]
    return "\n".join([*lines[node.lineno - 1 : docstring.lineno - 1], *lines[docstring.end_lineno : node.end_lineno]])


def _prose(docstring: str) -> str:
    """Write a docstring as Markdown, signs of mathematics as they are."""
    return re.sub(r"([*_|$<])", r"\\\1", " ".join(docstring.split()))


def _link(name: str) -> str:
    return f"[`{name}`](../reference/parameters.md#{name})"


def _parameter(one: Parameter, row: tuple[str, ...]) -> str:
    _, sign, meaning, _, _, _, tag, source = row
    marks = "".join(f"\n- {WORDS.exact(mark.value)}: {mark.label['en']} ({mark.source['en']})" for mark in one.marks)
    observed = f"\n\nObserved:\n{marks}" if marks else ""
    return f"### `{one.name}`\n\n${symbol(sign)}$: {meaning}\n\n{tag.capitalize()}: {source}{observed}"


def _drawn(parts: Iterable[Part], drawings: dict[str, str]) -> Iterator[Part]:
    """Put pictures where figures are, and folds where tables are closed at first; note the drawings."""
    for part in parts:
        match part:
            case Section():
                yield replace(part, parts=tuple(_drawn(part.parts, drawings)))
            case Figure():
                name = f"trust-{len(drawings) + 1}.svg"
                drawings[name] = part.drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
                yield f"![{part.title}]({name})\n\n{block(part)}"
            case Table(folded=folded) if folded:
                yield f":::{{dropdown}} {folded}\n{block(part)}\n:::"
            case _:
                yield part


def _verb(screen: Screen, verb: Any, top: Any) -> str:
    context = typer.Context(verb, parent=top, info_name=verb.name)
    rows = (_rows(screen, verb, context, name) for name in ("arguments", "options"))
    call = f"```text\n{usage(screen, verb, context)}\n```"
    return "\n\n".join([f"## {verb.name}", verb.help, call, *filter(None, rows)])


def _rows(screen: Screen, command: Any, context: Any, name: str) -> str:
    """Write the arguments or the options of a command as a table."""
    rows = sections(screen, command, context)[name]
    heads = (screen.say(f"help.{name}"), screen.say("column.meaning"))
    return _table(heads, ((f"`{one}`", words) for one, words in rows)) if rows else ""


def _variables() -> Iterator[tuple[str, ...]]:
    """Yield every variable of the IAMC table once, without its band."""
    listed = yaml.safe_load(files("foresight.definitions").joinpath("variable/variables.yaml").read_text("utf-8"))
    for entry in listed:
        ((name, about),) = entry.items()
        if name.endswith("|Median"):
            meaning = about["description"].rpartition(", ")[0]
            yield f"`{name.removesuffix('|Median')}`", about["unit"], meaning


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Write a table of cells that may hold code and links."""
    return block(Table("", heads, tuple(rows)))


def _safe(words: str) -> str:
    """Keep signs of money from being taken for mathematics."""
    return re.sub(r"(`[^`\n]*`)|\$", lambda found: found[1] or r"\$", words)
