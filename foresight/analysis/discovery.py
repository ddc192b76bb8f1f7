"""Scenario discovery: the few conditions under which points of an experiment are of interest."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.analysis.box import CATEGORICAL, SCENARIO, Bools, Box, Limit, box_of, told
from foresight.analysis.induction import leaves, peeled
from foresight.arguments import check_name, check_whole
from foresight.errors import InputError, Problem, nearest, shown
from foresight.experiments.categories import CATEGORIES
from foresight.scenario.factors import Factor, factor_called, factors, settings_from_factors
from foresight.scenario.layer import HEADER
from foresight.scenario.layering import assigned, nested
from foresight.scenario.loading import validated
from foresight.scenario.scenario import Scenario
from foresight.scenario.words import setting, value_of
from foresight.texts import Words, drafts, languages

#: How boxes are found: by peeling (Friedman and Fisher 1999) or with a tree (Breiman et al. 1984).
METHODS: Final = ("prim", "cart")

#: Part of its points of interest that a box of a tree must have to itself.
_OWN: Final = 0.5

#: Digits of a value in the middle of a box, if that leaves it within.
_DIGITS: Final = 3


@dataclass(frozen=True)
class Discovery:
    """What was found in a table of points.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    boxes : tuple[Box, ...]
        Greatest coverage first; none where no few conditions tell the points apart.
    points, interesting : int
        How many points there are, and how many are of interest.
    """

    method: str
    boxes: tuple[Box, ...]
    points: int
    interesting: int

    def plain(self) -> dict[str, Any]:
        """Return all of it as JSON has it: None for what is open, and no NaN."""
        limits = [{name: list(limit) for name, limit in box.limits.items()} for box in self.boxes]
        boxes = [{**asdict(box), "limits": own} for box, own in zip(self.boxes, limits, strict=True)]
        return {"method": self.method, "boxes": boxes, "points": self.points, "interesting": self.interesting}


def discover(
    points: pd.DataFrame,
    interesting: npt.NDArray[np.bool_],
    *,
    method: str = "prim",
    least_density: float = 0.8,
    most_conditions: int = 4,
) -> Discovery:
    """Find the few conditions under which points are of interest.

    Limits are rounded, outward to three digits and whole numbers inward, and open where no point is beyond. Limits
    whose quasi-p-value is above 0.05 are dropped, weakest first (Bryant and Lempert 2010). Only then is anything
    counted, so coverage and density are those of the limits that are told.

    With "prim", there is one box, of all that were peeled and have limits of no more than `most_conditions` factors:
    the one of greatest coverage among those of `least_density` or more; where there is none, the one with the
    greatest harmonic mean of coverage and density, unless that of all points together is as great. Nothing is pasted
    back (the second half of Friedman and Fisher 1999), which would widen the last and smallest box alone.

    With "cart", the boxes are the leaves of `least_density` or more and of no more than `most_conditions` factors,
    without those that have half of their points of interest in leaves of greater coverage.

    Of few points, a small box may be chance all the same: quasi-p-values do not know how many limits were tried.

    Parameters
    ----------
    points : pandas.DataFrame
        One row a point, one column a factor, see `factors.factors`; columns of `box.CATEGORICAL`, if there are any,
        have names: "scenario" the ids of the scenarios that the factors were varied on top of.
    interesting : bool[point]
        The points to be told apart.
    method : "prim" or "cart"
        By peeling, as EMA Workbench has it (Kwakkel 2017), or with a tree of scikit-learn.
    least_density : float
        0..1
    most_conditions : int
        1 or more.

    Raises
    ------
    InputError
        If all points are of interest or none is, a column is no factor or has no numbers, an argument is out of
        its range, or "cart" is asked for and the extra "explore" is missing.
    """
    _check(method, least_density, most_conditions)
    table, interest = _checked_points(points), _checked_interest(interesting, len(points))
    found = peeled(table, interest) if method == "prim" else leaves(table, interest, most_conditions)
    boxes = [box_of(told(limits, table), table, interest) for limits in found]
    few = [box for box in boxes if 0 < len(box.limits) <= most_conditions]
    dense = sorted((box for box in few if box.density >= least_density), key=_by_coverage)
    kept = _apart(dense, table, interest) if method == "cart" else dense[:1] or _compromise(few, interest)
    return Discovery(method, tuple(kept), len(table), int(interest.sum()))


def sentence(box: Box, language: str = "en") -> str:
    """Say in one plain sentence where the outcome holds, with the limits of the box.

    Raises
    ------
    InputError
        If there are no texts in the language.
    """
    check_name("language", language, (*languages(), *drafts()))
    words = Words(language)
    return words.say("discovery.sentence", **parts_of(box, words))


def parts_of(box: Box, words: Words) -> dict[str, str]:
    """Return what a sentence on a box mentions: its ``conditions``, ``density`` and ``coverage``."""
    conditions = [_condition(name, limit, words) for name, limit in box.limits.items()]
    shares = {"density": words.share(box.density), "coverage": words.share(box.coverage)}
    return {"conditions": _joined(conditions, "and", words), **shares}


def scenario_inside(box: Box, points: pd.DataFrame, base: Scenario, id: str) -> Scenario:  # noqa: A002
    """Return a scenario in the middle of a box.

    Parameters
    ----------
    box : Box
        With one limit or more.
    points : pandas.DataFrame
        The points it was found in: they bound what is open.
    base : Scenario
        Has everything that the box has no limits of; its coalitions keep their own efforts.
    id : str
        Short name of the new scenario.

    Raises
    ------
    InputError
        If the base is none of the scenarios of the box, or `id` cannot be one.
    """
    limits = dict(box.limits)
    if bases := limits.pop(SCENARIO, ()):
        check_name("base", base.id, bases)
    named = {path: _named(base, path, limits.pop(path)) for path in CATEGORIES if path in limits}
    values = {name: _middle(factor_called(name), limit, points[name]) for name, limit in limits.items()}
    body = {key: item for key, item in tomllib.loads(base.to_toml()).items() if key not in HEADER}
    header = {"id": id, "extends": (base.id, *base.extends), **_texts(box, base)}
    return validated(
        {**assigned(body, nested({**settings_from_factors(values, base), **named})[0]), **header}, "Python"
    )


# What is given ---------------------------------------------------------------------------------------------------


def _check(method: str, least_density: float, most_conditions: int) -> None:
    """Refuse arguments out of their range."""
    check_name("method", method, METHODS)
    check_whole("most_conditions", most_conditions, 1, len(factors()))
    if not 0 <= least_density <= 1:
        raise InputError([Problem("Python", "least_density", "out_of_range", shown(least_density), "0..1")])


def _checked_interest(interesting: Bools, count: int) -> Bools:
    """Return what is of interest, bool[point]; InputError if it tells nothing apart."""
    interest = np.asarray(interesting)
    if interest.dtype != np.bool_ or interest.shape != (count,):
        shape = f"{interest.dtype}{list(interest.shape)}"
        raise InputError([Problem("Python", "interesting", "one_a_point", shape, f"bool[{count}]")])
    if interest.all() or not interest.any():
        kind = "none_interesting" if not interest.any() else "all_interesting"
        raise InputError([Problem("Python", "interesting", kind, details={"count": count})])
    return interest


def _checked_points(points: pd.DataFrame) -> pd.DataFrame:
    """Return points with numbers in all columns but that of scenarios; InputError with all that is wrong."""
    problems = [problem for name in points.columns for problem in _strange(name, points[name])]
    if problems or points.empty:
        raise InputError(problems or [Problem("Python", "points", "empty")])
    columns = {name: points[name].astype(str if name in CATEGORICAL else np.float64) for name in points.columns}
    return pd.DataFrame(columns).reset_index(drop=True)


def _strange(name: str, column: pd.Series) -> Iterator[Problem]:
    """Find what is wrong with a column."""
    if name in CATEGORICAL:
        return
    field = f"points.{name}"
    if name not in factors():
        yield Problem("Python", field, "unknown_factor", shown(name), nearest=nearest(str(name), factors()))
    elif not pd.api.types.is_numeric_dtype(column):
        yield Problem("Python", field, "not_a_number", shown(column.iloc[0]))
    elif not np.isfinite(column.to_numpy(np.float64)).all():
        yield Problem("Python", field, "not_finite")


# Which are kept --------------------------------------------------------------------------------------------------


def _by_coverage(box: Box) -> tuple[float, float]:
    """Sort boxes, greatest coverage first, of equals the densest."""
    return (-box.coverage, -box.density)


def _compromise(boxes: Sequence[Box], interesting: Bools) -> list[Box]:
    """Return the box of the greatest harmonic mean of coverage and density; none if all points have as great a one."""
    everything = Box({}, 1.0, float(interesting.mean()), 1.0, {})
    best = max([everything, *boxes], key=_harmonic_mean)
    return [best] if best.limits else []


def _harmonic_mean(box: Box) -> float:
    return 2 * box.coverage * box.density / ((box.coverage + box.density) or 1.0)


def _apart(boxes: Sequence[Box], points: pd.DataFrame, interesting: Bools) -> list[Box]:
    """Return boxes but those that mostly repeat earlier ones."""
    kept: list[Box] = []
    covered = np.zeros(len(points), np.bool_)
    for box in boxes:
        own = box.inside(points) & interesting
        if (own & ~covered).sum() > _OWN * own.sum():
            kept.append(box)
            covered |= own
    return kept


# What is said ----------------------------------------------------------------------------------------------------


def _condition(name: str, limit: Limit, words: Words) -> str:
    """Say what a limit asks for."""
    if name == SCENARIO:
        return words.say("discovery.one_of", ids=_joined(limit, "or", words))
    if name in CATEGORIES:
        values = _joined([value_of(name, value, words) for value in limit], "or", words)
        return words.say("discovery.equal", label=setting(name, words), value=values)
    low, high = limit
    label, ends = factor_called(name).label(words.language), [words.short(end) for end in limit if end is not None]
    if low is not None and high is not None and low != high:
        return words.say("discovery.between", label=label, low=ends[0], high=ends[1])
    kind = "at_most" if low is None else "at_least" if high is None else "equal"
    return words.say(f"discovery.{kind}", label=label, value=ends[0])


def _joined(parts: Sequence[str], last: str, words: Words) -> str:
    """Join words with commas, the last one with "and" or "or"."""
    *others, final = parts
    before = words.listed(others)
    return words.say(f"discovery.{last}", others=before, last=final) if others else final


def _named(base: Scenario, path: str, names: Sequence[str]) -> str:
    """Return what a base sets, if that is within a box, else the first that is."""
    table, _, key = path.partition(".")
    present = str(getattr(getattr(base, table), key))
    return present if present in names else names[0]


def _texts(box: Box, base: Scenario) -> dict[str, dict[str, str]]:
    """Return title and storyline in all languages."""
    bases = {language: {"base": getattr(base.title, language)} for language in languages()}
    return {
        "title": {one: Words(one).say("discovery.title", **base) for one, base in bases.items()},
        "storyline": {
            one: Words(one).say("discovery.storyline", sentence=sentence(box, one), **base)
            for one, base in bases.items()
        },
    }


def _middle(factor: Factor, limit: Limit, column: pd.Series) -> float:
    """Return the value in the middle of a limit, whole or of few digits; points and range bound what is open."""
    item, (low, high) = factor.parameter, limit
    low = max(item.low, column.min() if low is None else low)
    high = min(item.high, column.max() if high is None else high)
    middle = float((low + high) / 2)
    short = float(round(middle)) if item.whole else float(f"{middle:.{_DIGITS}g}")
    return short if low <= short <= high else middle
