"""Conditions on points: a small language of comparisons, that is looked at and never run.

::

    condition   comparison | condition and condition | condition or condition | not condition | (condition)
    comparison  value < value, also <= > >= == != and several in a row: 0.2 < delivery_rate <= 0.5
    value       the name of a column | a number, also with a sign | a text in quotation marks

Names of columns may have dots, and may stand between backticks. A number is compared with numbers, a text with texts.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_numeric_dtype

from foresight import bounds
from foresight.errors import InputError, Problem, listed, shown

_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

_QUOTED_NAME: Final = re.compile(r"`([\w.]+)`")


class _StrangeError(Exception):
    """Something that a condition has not."""


def points_where(points: pd.DataFrame, where: str, file: str) -> "pd.Series[bool]":
    """Tell of which points a condition holds.

    Raises
    ------
    InputError
        If it is no condition, with the columns that there are.
    """
    bounds.CONDITION.check(len(where), file, "where")
    try:
        tree = ast.parse(_QUOTED_NAME.sub(r"\1", where).strip(), mode="eval")
        return pd.Series(_truth(tree.body, points), index=points.index)
    except (_StrangeError, SyntaxError, ValueError, RecursionError, MemoryError):
        names = listed(tuple(points.columns))
        raise InputError([Problem(file, "where", "no_condition", shown(where), names)]) from None


def _truth(node: ast.expr, points: pd.DataFrame) -> Any:
    """Tell of which points an expression holds."""
    match node:
        case ast.BoolOp(op, parts):
            both = operator.and_ if isinstance(op, ast.And) else operator.or_
            return reduce(both, [_truth(part, points) for part in parts])
        case ast.UnaryOp(ast.Not(), part):
            return ~_truth(part, points)
        case ast.Compare(first, signs, others):
            values = [_value(one, points) for one in (first, *others)]
            pairs = zip(signs, pairwise(values), strict=True)
            return reduce(operator.and_, [_compared(sign, *pair) for sign, pair in pairs])
    raise _StrangeError


def _compared(sign: ast.cmpop, left: Any, right: Any) -> Any:
    if type(sign) not in _COMPARISONS or _is_text(left) != _is_text(right):
        raise _StrangeError
    if not isinstance(left, pd.Series) and not isinstance(right, pd.Series):
        raise _StrangeError  # says nothing of any point
    return _COMPARISONS[type(sign)](left, right)


def _value(node: ast.expr, points: pd.DataFrame) -> Any:
    """Return a column, a number or a text."""
    match node:
        case ast.Constant(bool()) | ast.UnaryOp(_, ast.Constant(bool())):
            raise _StrangeError
        case ast.Constant(str(value) | int(value) | float(value)):
            return value
        case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, ast.Constant(int(value) | float(value))):
            return -value if isinstance(sign, ast.USub) else value
        case ast.Name() | ast.Attribute() if (name := ast.unparse(node)) in points:
            return points[name]
    raise _StrangeError


def _is_text(value: Any) -> bool:
    return not is_numeric_dtype(value) if isinstance(value, pd.Series) else isinstance(value, str)
