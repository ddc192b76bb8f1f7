"""Goal seek: several different settings of the levers that reach a target, at the least effort found."""

import dataclasses
from collections.abc import Callable, Sequence
from itertools import islice
from numbers import Real
from pathlib import Path
from typing import Final

import numpy as np

from foresight.arguments import LARGEST_SEED, MOST_REPLICATES, check_name, check_whole
from foresight.errors import InputError, Problem, shown
from foresight.results.targets import Target, checked_target, parse_target
from foresight.runs import DRAWN, EFFECTS, Effects, Progress
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Storyline, Title
from foresight.search.alternatives import Alternative, Alternatives
from foresight.search.confirm import MARGINS, Trial, standard_error
from foresight.search.controls import Controls
from foresight.search.descent import others, shrink
from foresight.search.evaluation import Evaluation
from foresight.search.places import Bounds, Task
from foresight.texts import Words, languages

#: Most settings that can be asked for, and how many searches are made for each at most.
MOST_SETTINGS: Final = 20
_SEARCHES: Final = 3

#: Standard deviations that a first look may lack of the share where something is left out, and that what is found
#: may have to spare: with more it was kept from cheaper places by those that are taken.
_PATIENCE: Final = 0.5

#: Replicates of a step of the search, as a part of those that confirm, and the least and most of them.
_PART: Final = 1 / 3
_DRAWS: Final = (16, 128)

#: Places that a search evaluates, about; for the progress alone.
_PLACES: Final = 600


def seek(
    scenario: Scenario | str | Path,
    target: Target | str,
    *,
    share: float = 0.8,
    cap: float | None = None,
    levers: Sequence[str] | None = None,
    settings: int = 5,
    replicates: int = 200,
    seed: int = 1,
    effects: Effects = DRAWN,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Alternatives:
    """Find different settings of the levers that reach a target in a share of replicates, at the least effort.

    The search compares settings under the same luck, that of `seed`; what it finds is confirmed under new luck, that
    of the next seeds: the share of the new replicates has to reach `share`. One that fails is tried again with more
    effort and newer luck, twice at most. A setting is different where it does without an action, a kind of effort
    or a lever that the cheapest uses, or without two, and at least `APART` of all they do is not done alike.

    Parameters
    ----------
    scenario : Scenario, str or Path
        What the settings start from; efforts and support never go below what it has.
    target : Target or str
        See `parse_target`.
    share : float
        0 to 1.
    cap : float, optional
        Most effort points; not below those of the scenario.
    levers : sequence of str, optional
        Names of the levers that may move, such as "delivery_effort", "pledge_effort.transparency.phase_2" or
        "assistance"; all efforts by default. An effort is the same in all its phases. The other levers have no
        price, so that the search takes what it likes of them, and `Alternative.unpriced` says so.
    settings : int
        How many are wanted, 1 to 20.
    replicates : int
        New replicates that confirm a setting; the search uses fewer a step.
    seed : int
        0 to 2**64 - 1; equal seeds find equal settings.
    effects : "drawn" or "posterior"
        As for `simulate`.
    threads : int, optional
        All cores by default. What is found does not depend on it.
    progress : callable, optional
        Called with the runs done and those expected.

    Raises
    ------
    InputError
        If the scenario or the target cannot be used, or an argument is out of its range.
    """
    goal = checked_target(target) if isinstance(target, Target) else parse_target(target)
    base = scenario_of(scenario)
    _check(share, settings, replicates, seed, threads)
    check_name("effects", effects, EFFECTS)
    watch = _watched(progress, settings * _PLACES * _draws(replicates))
    world = Evaluation(Controls.of(base, levers), goal, int(seed), threads, effects, watch)
    trial = Trial(world, _task(world, share, cap, replicates), float(share), replicates)
    kept, failed = _searched(trial, settings)
    alternatives = tuple(_numbered(setting, base, goal, number) for number, setting in enumerate(kept, start=1))
    best = None if alternatives else max(failed, key=lambda setting: setting.confirmed)
    watch(world.runs, finished=True)
    return Alternatives(base, goal, share, cap, effects, alternatives, best, world.runs)


def _check(share: object, settings: object, replicates: object, seed: object, threads: object) -> None:
    """Refuse arguments that no search can have."""
    _check_number("share", share, 0.0, 1.0)
    check_whole("settings", settings, 1, MOST_SETTINGS)
    check_whole("replicates", replicates, 1, MOST_REPLICATES)
    check_whole("seed", seed, 0, LARGEST_SEED)
    if threads is not None:
        check_whole("threads", threads, 1, MOST_REPLICATES)


def _check_number(name: str, value: object, low: float, high: float) -> None:
    """Refuse what is no number in a range."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise InputError([Problem("Python", name, "not_a_number", shown(value))])
    if not low <= float(value) <= high:
        raise InputError([Problem("Python", name, "out_of_range", shown(value), f"{low:g} … {high:g}")])


def _watched(progress: Progress | None, expected: int) -> Callable[..., None]:
    """Return what tells how many runs are done, of those expected; all are once it has finished."""

    def tell(runs: int, finished: bool = False) -> None:
        if progress is not None:
            progress(expected if finished else min(runs, expected - 1), expected)

    return tell


def _draws(replicates: int) -> int:
    """Return the replicates of a step of the search."""
    least, most = _DRAWS
    return max(least, min(round(_PART * replicates), most))


def _task(world: Evaluation, share: float, cap: float | None, replicates: int) -> Task:
    """Return what the search looks for; InputError if the cap is below what the scenario costs already."""
    box = Bounds(*world.controls.bounds())
    if cap is not None:
        _check_number("cap", cap, float(world.price(box.home[np.newaxis])[0]), np.inf)
    return Task(
        box=box,
        groups=world.controls.groups(),
        settable=world.controls.settable,
        price=world.price,
        evaluate=world.margins,
        share=min(share + MARGINS[0] * standard_error(share, replicates), 1.0),
        draws=_draws(replicates),
        cap=np.inf if cap is None else float(cap),
    )


def _searched(trial: Trial, wanted: int) -> tuple[list[Alternative], list[Alternative]]:
    """Return the settings that are confirmed, the cheapest first, and the others that were tried.

    All that is allowed is searched first, then parts of it, each time for places apart from all that were tried.
    """
    whole = trial.task.box
    first = shrink(trial.task, whole)
    if first.lacking[0] <= _PATIENCE:  # else no luck would help
        trial = trial.with_luck(first.places[0])
        first = shrink(trial.task, whole)
    place, setting = trial.confirmed(whole, first.places[0])
    tried = [setting]
    if first.lacking[0] or (place == whole.home).all():  # there is nothing else, or nothing else to be asked
        return _split(trial, tried)
    apart = trial.without(place)
    for box in islice(others(trial.task, place), _SEARCHES * wanted):
        if sum(map(trial.passes, tried)) == wanted:
            break
        cheapest = shrink(apart.task, box, _PATIENCE)
        if not cheapest.lacking[0] and apart.task.surplus(cheapest) <= _PATIENCE:
            place, setting = apart.confirmed(box, cheapest.places[0])
            apart = apart.without(place)
            tried.append(setting)
    return _split(trial, tried)


def _split(trial: Trial, tried: Sequence[Alternative]) -> tuple[list[Alternative], list[Alternative]]:
    """Return the settings that pass, the cheapest first, and those that do not."""
    passed = sorted(filter(trial.passes, tried), key=lambda setting: setting.points)
    return passed, [setting for setting in tried if not trial.passes(setting)]


def _numbered(setting: Alternative, base: Scenario, goal: Target, number: int) -> Alternative:
    """Give the scenario of a setting a name and a story of its own."""

    def say(key: str, words: Words) -> str:
        """Say what the setting is and comes to."""
        title = getattr(base.title, words.language)
        numbers = {"points": words.number(setting.points, 1), "confirmed": words.share(setting.confirmed)}
        return words.say(key, title=title, target=goal, number=number, **numbers)

    titles = {name: say("seek.title", Words(name)) for name in languages()}
    stories = {name: say("seek.storyline", Words(name)) for name in languages()}
    own = {"id": f"{base.id}-seek-{number}", "title": Title(**titles), "storyline": Storyline(**stories)}
    return dataclasses.replace(setting, scenario=setting.scenario.model_copy(update=own))
