"""Targets: what a run should have reached by a year, as people write it."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from foresight.actions import FIRST_YEAR, LAST_YEAR
from foresight.arrays import Floats
from foresight.errors import InputError, Problem, shown
from foresight.results.series import COMPLETED, series_called

#: Relations of a target; the other signs people type mean the same.
RELATIONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_SAME: Final = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<="}

#: Targets as they may be written, for messages.
_FORMS: Final = "completed, not completed, mean_delivered >= 2, trust.Pacific >= 0.6 in 2035"

_NOT: Final = "not"
_FORM: Final = re.compile(
    rf"(?:(?P<negated>{_NOT})\s+)?(?P<outcome>[^\s<>=≤≥]+)"
    r"(?:\s*(?P<relation>>=|<=|=>|=<|[<>≥≤])\s*(?P<value>[^\s<>=≤≥]\S*?))?"
    r"(?:\s+in\s+(?P<year>\S+))?"
)


class Target(NamedTuple):
    """What a run should have reached by a year.

    Parameters
    ----------
    outcome : str
        Name of a series, see `series.series_called`; "completed" alone can be asked as yes or no.
    relation : str
        ">=", "<=", ">" or "<"; empty for yes or no.
    value : float
        In the unit of the outcome; 1 for yes and 0 for no.
    year : int
        The state of this year counts.
    """

    outcome: str
    relation: str
    value: float
    year: int

    def __str__(self) -> str:
        if self.relation:
            said = f"{self.outcome} {self.relation} {self.value:.12g}"
        else:
            said = self.outcome if self.value else f"{_NOT} {self.outcome}"
        return said if self.year == LAST_YEAR else f"{said} in {self.year}"

    def margins(self, values: Floats) -> Floats:
        """Return how far values are beyond the target: not below 0 where it is reached, else below.

        Parameters
        ----------
        values : float64[...]
            Of the series, in its unit. NaN, where there is nothing to speak of, has not reached anything.

        Returns
        -------
        float64[...]
            In the same unit; -inf where a value is missing, or equals what has to be passed.
        """
        if not self.relation:
            return np.where(values == self.value, 1.0, -1.0)
        beyond = values - self.value if ">" in self.relation else self.value - values
        fails = (beyond >= 0) & ~RELATIONS[self.relation](values, self.value)
        return np.where(fails | np.isnan(values), -np.inf, beyond)


def parse_target(words: str) -> Target:
    """Read a target.

    Parameters
    ----------
    words : str
        "completed", "not completed", or an outcome, a relation and a number, and a year if it is not the last:
        "mean_delivered >= 2", "trust.Pacific >= 0.6 in 2035".

    Raises
    ------
    InputError
        If it has not this form, or the outcome, the number or the year cannot be used.
    """
    match = _FORM.fullmatch(words.strip()) if isinstance(words, str) else None
    if match is None or (match["negated"] and match["relation"]):
        raise InputError([Problem("Python", "target", "not_a_target", shown(words), _FORMS)])
    relation = match["relation"] or ""
    value = float(not match["negated"]) if not relation else _number(match["value"])
    year = LAST_YEAR if match["year"] is None else _year(match["year"])
    return checked_target(Target(match["outcome"], _SAME.get(relation, relation), value, year))


def checked_target(target: Target) -> Target:
    """Return a target with the full name of its series; InputError if it asks for nothing there is."""
    name = str(series_called(target.outcome, field="target"))
    if target.relation not in RELATIONS and (target.relation or name != COMPLETED):
        raise InputError([Problem("Python", "target", "not_a_target", shown(str(target)), _FORMS)])
    if not math.isfinite(target.value):
        raise InputError([Problem("Python", "target", "not_finite", shown(target.value))])
    if target.year not in range(FIRST_YEAR, LAST_YEAR + 1):
        years = f"{FIRST_YEAR}..{LAST_YEAR}"
        raise InputError([Problem("Python", "target", "out_of_range", shown(target.year), years)])
    return target._replace(outcome=name)


def _number(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        raise InputError([Problem("Python", "target", "not_a_number", shown(words))]) from None


def _year(words: str) -> int:
    try:
        return int(words)
    except ValueError:
        raise InputError([Problem("Python", "target", "not_whole", shown(words))]) from None
