"""Rules as equations: the code itself, written as mathematics.

Each rule is first written in Python that reads like mathematics and gives the same numbers, which a test asks for, then
as TeX by latexify, with the symbols that parameters have.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Final

from latexify.codegen import ExpressionCodegen
from latexify.exceptions import LatexifyError

from foresight.actions import ACTIONS
from foresight.documents.sources import Rule
from foresight.engine import rules
from foresight.facts.parameters import all_parameters

#: Arguments that stand for a parameter of another name, or for none though they share its name.
ARGUMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "action_part": {"weight": "action_weights"},
    "circle_mean": {"own_weight": "own_subregion_weight"},
    "deadline": {"strength": "review_deadline"},
    "delivery_hazard": {"rate": "delivery_rate"},
    "effort_log_hazard": {"effort": "pledge_effort"},
    "grant_weight": {"accountability_effect": ""},
    "heading": {"recovery": "recovery_rate", "pressure": ""},
    "member_effect": {"sd": "sd_member"},
    "member_log_hazard": {"reference": "reference_coverage"},
    "next_capacity": {"gain": "capacity_gain", "decay": "capacity_decay"},
    "next_condition": {"recovery": "recovery_rate", "pressure": ""},
    "next_offer": {"delivery_needed": "gate_delivery"},
    "next_trust": {"gain": "trust_gain", "asymmetry": "trust_asymmetry"},
    "place_effect": {"sd_place": "sd_subregion_action"},
    "pledge_log_hazard_base": {"offset": "pledge_offset"},
    "visibility": {"least": "least_visibility"},
}

#: Letters of states.
STATES: Final = {"condition": "X", "coverage": "s", "delivered": "D", "pledged": "P", "trust": "T"}

_NAME: Final = re.compile(r"\\mathrm\{((?:\w|\\_)+)\}")

#: What stands in one row between brackets, which then need not grow.
_LOW: Final = re.compile(r"\\left\( ((?:(?!\\left|\\right|\\frac|\\begin|\^).)*) \\right\)")

_SYMBOL: Final = re.compile(r"([^\W\d_]+)_?(.*)")

#: What latexify writes, and what is read and drawn more easily.
_PLAINER: Final = {
    r"\mathopen{}": "",
    r"\mathclose{}": "",
    r"\mathbin{\%}": r"\bmod",
    r"\log": r"\ln\,",
    r"\mathrm{if} \ ": r"\text{if } ",
    r"\mathrm{otherwise}": r"\text{otherwise}",
}


def equation(rule: Rule) -> str:
    """Return a rule as TeX, a line for each name in it; nothing where it goes step by step."""
    try:
        lines = [_line(line, rule) for line in readable(rule)]
    except LatexifyError:
        return ""
    joined = r" \\ ".join(lines)
    return rf"\begin{{array}}{{rcl}} {joined} \end{{array}}"


def parameters(rule: Rule) -> dict[str, str]:
    """Return the parameters that a rule takes, by their arguments."""
    names = {name: ARGUMENTS.get(rule.name, {}).get(name, name) for name in rule.arguments}
    return {name: parameter for name, parameter in names.items() if parameter in all_parameters()}


def symbol(written: str) -> str:
    """Write the symbol of a parameter as TeX."""
    if found := re.fullmatch(r"(\w+)(\(\w\))", written):
        return rf"\mathrm{{{found[1]}}}{found[2]}"
    if "/" in written:
        above, below = map(symbol, written.split("/"))
        return rf"\frac{{{above}}}{{{below}}}"
    letters, below = _SYMBOL.fullmatch(written.translate(_SIGNS)).groups()
    letters = letters if len(letters) == 1 else rf"\mathrm{{{letters}}}"
    below = below if len(below) < 2 else rf"\mathrm{{{below}}}"
    return f"{letters}_{{{below}}}" if below else letters


def readable(rule: Rule) -> list[ast.stmt]:
    """Return the lines of a rule in Python that reads like mathematics."""
    lines = [ast.fix_missing_locations(_Plain().visit(line)) for line in ast.parse(rule.computed).body]
    return list(_with_names_once(lines))


class _Plain(ast.NodeTransformer):
    """Write what is there for machines as people write it."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Write 1 for 1.0."""
        whole = isinstance(node.value, float) and node.value.is_integer()
        return ast.Constant(int(node.value)) if whole else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Write the number that a constant is."""
        known = getattr(rules, node.id, None) if node.id.isupper() else None
        return ast.Constant(known) if isinstance(known, int | float) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Write the number that a part of a constant is."""
        return ast.Constant(getattr(rules, ast.unparse(node.value))[ast.literal_eval(node.slice)])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Write "and" and "or" for operations on bits, and no sum with a negative number."""
        self.generic_visit(node)
        match node:
            case ast.BinOp(ast.Constant(), ast.Add() | ast.Sub(), ast.Constant()):
                return ast.Constant(eval(ast.unparse(node)))
            case ast.BinOp(op=ast.BitAnd()):
                return ast.BoolOp(ast.And(), [node.left, node.right])
            case ast.BinOp(op=ast.BitOr()):
                return ast.BoolOp(ast.Or(), [node.left, node.right])
            case ast.BinOp(op=ast.Add(), right=ast.BinOp(ast.Constant(value), ast.Mult(), factor)) if value < 0:
                return ast.BinOp(node.left, ast.Sub(), ast.BinOp(ast.Constant(-value), ast.Mult(), factor))
            case ast.BinOp(op=ast.Div(), right=ast.IfExp(test, body, ast.Constant(1))):
                return ast.IfExp(test, ast.BinOp(node.left, ast.Div(), body), node.left)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Write powers for functions of machines, and numbers for their types."""
        if found := re.fullmatch(r"np.int64\(_BIAS - (\w+) << _MANTISSA\).view\(np.float64\)", ast.unparse(node)):
            return ast.BinOp(ast.Constant(2), ast.Pow(), ast.UnaryOp(ast.USub(), ast.Name(found[1])))
        self.generic_visit(node)
        match ast.unparse(node.func):
            case "exponential" | "math.exp":
                return ast.BinOp(ast.Name("e"), ast.Pow(), node.args[0])
            case "math.log":
                return ast.Call(ast.Name("log"), node.args, [])
            case "np.int16":
                return ast.Call(ast.Name("floor"), node.args, [])
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """Write the smaller and the larger of two."""
        self.generic_visit(node)
        match node.test:
            case ast.Compare(left, [ast.Lt() | ast.Gt() as sign], [right]):
                smaller = isinstance(sign, ast.Lt)
                sides, ends = (
                    (ast.unparse(left), ast.unparse(right)),
                    (ast.unparse(node.body), ast.unparse(node.orelse)),
                )
                if ends in (sides, sides[::-1]):
                    name = "min" if smaller == (ends == sides) else "max"
                    return ast.Call(ast.Name(name), [node.body, node.orelse], [])
                if ends == (f"{sides[0]} - {sides[1]}", "0") and not smaller:
                    return ast.Call(ast.Name("max"), [node.body, node.orelse], [])
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Say that a number is missing, which is not equal to itself."""
        self.generic_visit(node)
        itself = isinstance(node.ops[0], ast.NotEq) and ast.unparse(node.left) == ast.unparse(node.comparators[0])
        return ast.Call(ast.Name("missing"), [node.left], []) if itself else node


class _Filled(ast.NodeTransformer):
    """Put what names are in their place."""

    def __init__(self, values: Mapping[str, ast.expr]):
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Return what a name is, if it is known."""
        return deepcopy(self._values.get(node.id, node))


def _with_names_once(lines: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Leave out lines whose name gets a value again, which no equation can have."""
    counts = Counter(target for line in lines for target in _targets(line))
    values: dict[str, ast.expr] = {}
    for line in lines:
        if isinstance(line, ast.Assign | ast.Return) and line.value:
            line.value = _Plain().visit(_Filled(values).visit(line.value))
        again = [name for name in _targets(line) if counts[name] > 1 or name in values]
        counts.subtract(again)
        if again and isinstance(line, ast.Assign):
            values[again[0]] = line.value
        else:
            yield ast.fix_missing_locations(line)


def _targets(line: ast.stmt) -> list[str]:
    targets = line.targets if isinstance(line, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _line(line: ast.stmt, rule: Rule) -> str:
    """Write one line; the last is what the rule itself comes to."""
    match line:
        case ast.Return(value):
            left: ast.expr = ast.Name(rule.name)
        case ast.Assign([ast.Name() as left], value):
            pass
        case _:
            raise LatexifyError("a loop, or several at once")
    if any(isinstance(node, ast.Attribute) for node in ast.walk(value)):
        raise LatexifyError("bits of a machine")
    return f"{_tex(left, rule)} & = & {_tex(value, rule)}"


def _tex(node: ast.expr | None, rule: Rule) -> str:
    written = ExpressionCodegen().visit(node)
    for before, after in _PLAINER.items():
        written = written.replace(before, after)
    while (lower := _LOW.sub(r"( \1 )", written)) != written:
        written = lower
    signs = {name: symbol(all_parameters()[parameter].symbol) for name, parameter in parameters(rule).items()}
    return _NAME.sub(lambda found: _sign(found[1].replace(r"\_", "_"), signs, rule), written)


def _sign(name: str, signs: Mapping[str, str], rule: Rule) -> str:
    """Write a name: the symbol of a parameter, the letter of a state, what an action brings, or words."""
    action = name.removesuffix("_effect")
    if name in signs:
        return signs[name]
    if name in rule.arguments and name in STATES:
        return STATES[name]
    if name in rule.arguments and name != action in ACTIONS:
        return rf"e(D_{{\text{{{action}}}}})"
    return rf"\text{{{name.replace('_', ' ')}}}"


#: Digits and signs below a letter that symbols have in one row with it.
_SIGNS: Final = str.maketrans({"₊": "_+", "₋": "_-"})
