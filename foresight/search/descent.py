"""The search behind goal seek: cheap places in a box that still reach a share of runs, and other ones as cheap.

Every place is judged under the same luck. A place is shrunk by successive linear programs in a region of trust
(Griffith and Stewart 1961; Fletcher 1985): its neighbours tell what each lever adds to the share and to the price, a
linear program takes the cheapest step that should still reach the share, and only steps that do are taken. Other
places are found by searching again without some of the levers that were used: modelling to generate alternatives
(Brill, Chang and Hopkins 1982). `places` says what lacking, surplus, luck and patience are.
"""

import dataclasses
from collections.abc import Iterator
from itertools import combinations, repeat
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.stats import qmc

from foresight.arrays import Floats
from foresight.search.places import APART, Bounds, Judged, Task, admissible, judge, scores_of

#: Places of a Sobol' sequence that a search starts with, and places on the way from home to the upper corner.
_SPREAD: Final = 64
_ON_THE_WAY: Final = 8

#: How much farther than needed from places that are taken a search starts.
_CLEAR: Final = 2.0

#: Width of a step around a place, at first and at last, in the unit of the coordinates (doublings).
_FIRST_STEP: Final = 1.0
_LAST_STEP: Final = 0.1

#: Most steps of one search; it ends before in all but odd cases.
_MOST_STEPS: Final = 16

#: Parts of the step that linear programs may use, and how far (in standard deviations) they aim beyond the share.
_RADII: Final = (1.0, 0.5, 0.25)
_BEYOND: Final = (-0.15, 0.0, 0.15, 0.3)

#: A step has to save this part of its width, in price, to be worth another of the same width.
_WORTH: Final = 0.2

#: What missing the share costs in a linear program: more than any price.
_PENALTY: Final = 1e4

#: Lengths, of the way from home, at which a place is weighed once more.
_LADDER: Final = (*np.linspace(0.9, 1.2, 13), 1.3, 1.4, 1.6, 2.0)

#: Parts of the way from there to the upper corner, for shares that take much more.
_FURTHER: Final = (0.1, 0.2, 0.35, 0.5, 1.0)


def shrink(task: Task, box: Bounds, patience: float = np.inf) -> Judged:
    """Return the cheapest place found in a box that reaches the share, or else the one that comes nearest to it.

    Parameters
    ----------
    task : Task
        What is searched for.
    box : Bounds
        Within that of the task.
    patience : float
        Standard deviations that the best place of a first look may lack of the share; nothing follows if it lacks more.

    Returns
    -------
    Judged
        One place; `lacking` is above 0 if it does not reach the share, or the box holds none under the cap.
    """
    first = judge(task, _starts(task, box), max(task.draws // 2, 1))
    here = judge(task, _start(task, first).places, task.draws)
    width = _FIRST_STEP if here.lacking[0] <= patience else 0.0
    for _ in range(_MOST_STEPS):
        if width < _LAST_STEP or (_at_home(box, here) and not here.lacking[0]):
            break
        around = judge(task, _around(task, box, here, width), task.draws)
        steps = judge(task, _steps(task, box, here, around, width), task.draws)
        judged = _joined(here, around, steps)
        best = judged.at(judged.best())
        saved = here.costs[0] - best.costs[0] if best.lacking[0] == here.lacking[0] else np.inf
        here, width = best, width if saved > _WORTH * width else width / 2
    return here


def with_luck(task: Task, place: Floats, draws: int) -> Task:
    """Return a task that knows how lucky the replicates of its search are: at a place, by those of many more."""
    few, many = (scores_of(task.evaluate(place[np.newaxis], number))[0] for number in (task.draws, draws))
    return dataclasses.replace(task, luck=float(few - many))


def weigh(task: Task, box: Bounds, place: Floats, draws: int) -> tuple[Floats, Floats, Floats]:
    """Weigh a place once more, and shorter and longer ways from home in its direction and up, under more luck.

    Parameters
    ----------
    task, box
        As in `shrink`.
    place : float64[lever]
        What was found.
    draws : int
        Replicates.

    Returns
    -------
    tuple of float64[place, lever], float64[place], float64[place]
        Places that are admissible from the cheapest on, their prices, and the shares of replicates that reach the
        target.
    """
    longer = box.home + np.asarray(_LADDER)[:, np.newaxis] * (place - box.home)
    further = place + np.asarray(_FURTHER)[:, np.newaxis] * (box.high - place)
    places = _within(task, box, np.vstack([place, longer, further]))
    prices = task.price(places)
    kept = np.flatnonzero(admissible(task, places, prices))
    order = kept[np.argsort(prices[kept], kind="stable")]
    places, prices = places[order], prices[order]
    return places, prices, (task.evaluate(places, draws) >= 0).mean(axis=1)


def others(task: Task, place: Floats) -> Iterator[Bounds]:
    """Yield boxes in which to look for other places: without levers that a place uses, then the whole box.

    Parameters
    ----------
    task : Task
        Its groups are left out first, then single levers, then two of these; what the place uses more goes first,
        and what makes up little of all it does is passed over.
    place : float64[lever]
        What was found first.
    """
    used = np.abs(place - task.box.home)
    kinds = [*task.groups.values(), *np.eye(len(used), dtype=bool)]
    bans = [ban for ban in kinds if used[ban].sum() > APART * used.sum()]
    bans.sort(key=lambda ban: (ban.sum() == 1, -float(used[ban].sum())))
    two = (one | other for one, other in combinations(bans, 2))
    for left_out in dict.fromkeys(tuple(ban.tolist()) for ban in [*bans, *two]):  # each once
        low, high = (np.where(left_out, task.box.home, bound) for bound in (task.box.low, task.box.high))
        if (low < high).any():
            yield Bounds(low, high, task.box.home)
    yield from repeat(task.box)


def _starts(task: Task, box: Bounds) -> Floats:
    """Return places all over a box, shortened to the cap."""
    spread = qmc.Sobol(len(box.home), scramble=False).random(_SPREAD)
    way = np.linspace(0.0, 1.0, _ON_THE_WAY)[:, np.newaxis]
    places = np.vstack([box.low + spread * (box.high - box.low), box.home + way * (box.high - box.home)])
    base, prices = task.price(box.home[np.newaxis])[0], task.price(places)
    too_dear = prices > task.cap
    part = np.ones(len(places))
    part[too_dear] = (task.cap - base) / (prices[too_dear] - base)
    return _within(task, box, box.home + part[:, np.newaxis] * (places - box.home))


def _start(task: Task, first: Judged) -> Judged:
    """Return the best place of a first look, well apart from those taken if one there will do.

    Near those that are taken the way to cheaper places may be barred.
    """
    best = first.at(first.best())
    far = first.at(admissible(task, first.places, task.price(first.places), _CLEAR * APART))
    return far.at(far.best()) if far.lacking.size and far.lacking.min() <= best.lacking[0] else best


def _within(task: Task, box: Bounds, places: Floats) -> Floats:
    """Return places that people can set in a box, each once."""
    held = np.clip(task.settable(np.clip(places, box.low, box.high)), box.low, box.high)
    return np.asarray(np.unique(held, axis=0))


def _around(task: Task, box: Bounds, here: Judged, width: float) -> Floats:
    """Return a place with each lever moved up and then with each moved down, [2 lever, lever]."""
    shifts = width * np.eye(len(box.home))
    moved = np.clip(here.places + np.vstack([shifts, -shifts]), box.low, box.high)
    return np.clip(task.settable(moved), box.low, box.high)


def _steps(task: Task, box: Bounds, here: Judged, around: Judged, width: float) -> Floats:
    """Return where linear programs would go from here."""
    ends = [_step(task, box, here, around, width * part, beyond) for part in _RADII for beyond in _BEYOND]
    return _within(task, box, np.array(ends))


def _step(task: Task, box: Bounds, here: Judged, around: Judged, radius: float, beyond: float) -> Floats:
    """Return the cheapest place near by that should reach the share, by a linear program in steps up and down."""
    place, count = here.places[0], len(box.home)
    up, down = (places.diagonal() - place for places in np.split(around.places, 2))
    moves = zip(np.split(around.costs, 2), (up, down), strict=True)
    rise, fall = (_per(costs - here.costs[0], np.abs(by)) for costs, by in moves)
    slope = _per(np.subtract(*np.split(around.scores, 2)), up - down)
    needed = task.needed(task.draws) + beyond - here.scores[0]
    rows, limits = [np.concatenate([-slope, slope, [-1.0]])], [-needed]
    if np.isfinite(task.cap):
        rows, limits = [*rows, np.concatenate([rise, fall, [0.0]])], [*limits, task.cap - here.costs[0]]
    room = np.minimum(radius, np.concatenate([box.high - place, place - box.low]))
    bounds = [*((0.0, most) for most in np.maximum(room, 0.0)), (0.0, None)]
    solution = linprog(np.concatenate([rise, fall, [_PENALTY]]), np.array(rows), limits, bounds=bounds)
    return place if solution.x is None else np.asarray(place + solution.x[:count] - solution.x[count:-1])


def _per(change: Floats, by: Floats) -> Floats:
    """Return change for each unit, 0 where there is no step or no finite change."""
    usable = (by > 0) & np.isfinite(change)
    return np.where(usable, np.where(usable, change, 0.0) / np.where(usable, by, 1.0), 0.0)


def _joined(*parts: Judged) -> Judged:
    return Judged(*(np.concatenate(values) for values in zip(*parts, strict=True)))


def _at_home(box: Bounds, here: Judged) -> bool:
    return bool((here.places[0] == box.home).all())
