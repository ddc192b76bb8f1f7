"""What the first screen says before any chart: a sentence, its range, four results, and the effort that they take."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from foresight.actions import ACTIONS, RUNGS
from foresight.facts.parameters import all_parameters, levers
from foresight.results.bands import difference
from foresight.results.comparison import mean_and_reach
from foresight.scenario.efforts import effort_points
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario

from ..runs.picture import Picture
from ..runs.setting import RIVAL, Setting, first_setting
from ..words import Words

#: Levers of efforts.
_EFFORTS: Final = ("pledge_effort", "delivery_effort")


class Tile(NamedTuple):
    """One of the results: what one unit of its change is written as, and whether more of it is better."""

    scale: float
    digits: int
    better: int


#: The results, by what a picture keeps of every run.
TILES: Final[Mapping[str, Tile]] = {
    "delivered": Tile(1, 2, 1),
    "overdue": Tile(100, 1, -1),
    "trust": Tile(100, 1, 1),
    "lag": Tile(1, 2, -1),
}

#: Results that get smaller by themselves where less is done: that is not good.
_OF_LESS: Final = ("overdue", "lag")

#: What each result rests on: the assumptions that are closest to it.
RESTS: Final[Mapping[str, tuple[str, ...]]] = {
    "delivered": ("delivery_rate", "pledge_offset", "trust_effect"),
    "overdue": ("grace_years", "delivery_rate", "accountability_effect"),
    "trust": ("initial_trust", "trust_gain", "trust_asymmetry"),
    "lag": ("ldc_penalty", "capacity_gain", "external_support"),
}


def tiles_of_page(words: Words) -> list[dict[str, str]]:
    """Return the tiles without numbers."""
    units = {"delivered": words.say("first.of_steps", top=RUNGS), "lag": words.say("first.steps")}
    return [
        {"id": name, "label": words.say(f"first.{name}"), "unit": units.get(name, ""), **_about(name, words)}
        for name in TILES
    ]


def _about(name: str, words: Words) -> dict[str, str]:
    """Say what a result is, and what it rests on."""
    names = words.listed(words.label(all_parameters()[one]) for one in RESTS[name])
    return {"meaning": words.say(f"tile.{name}"), "rests": words.say("tile.rests", names=names)}


def told(picture: Picture, before: Picture, setting: Setting, base: Scenario, words: Words) -> dict[str, Any]:
    """Return the sentence, its range with what was changed, the tiles and the effort asked; `before` is the base's."""
    findings = picture.findings
    changes = None if picture is before else changes_between(picture, before)
    low, high = words.number(findings.low, 1), words.number(findings.high, 1)
    band = words.say("first.range", low=low, high=high)
    effect = "" if changes is None else _effect(changes["delivered"], setting.scenario, base, words)
    return {
        "claim": claim(picture, words),
        "range": words.joined(band, effect) if effect else band,
        "tiles": [_tile(name, picture, changes, words) for name in TILES],
        "points": _asked(picture.points, setting.scenario, words),
    }


def claim(picture: Picture, words: Words) -> str:
    """Say in one sentence where members stand; its number is between asterisks."""
    delivered = words.number(picture.findings.delivered, 1)
    return words.say("first.claim", year=picture.years[1], delivered=delivered, top=RUNGS)


# Changes -------------------------------------------------------------------------------------------------------------


def changes_between(picture: Picture, before: Picture) -> dict[str, tuple[float, float]]:
    """Return the mean change of each result over pairs of runs, and how far its 95 % interval reaches."""
    pairs = [difference(picture.last[name], before.last[name]) for name in TILES]
    values = np.stack(pairs, axis=1)  # [run, result]
    means, reaches = mean_and_reach(values, np.isfinite(values).sum(axis=0))
    return dict(zip(TILES, zip(means.tolist(), reaches.tolist(), strict=True), strict=True))


def _visible(change: tuple[float, float], tile: Tile) -> float:
    """Return a change as it is written, 0 where it is within its interval or too small to be written."""
    mean, reach = change
    return round(mean * tile.scale, tile.digits) if abs(mean) > reach else 0.0


def _tile(name: str, picture: Picture, changes: Mapping[str, Any] | None, words: Words) -> dict[str, str]:
    findings, tile = picture.findings, TILES[name]
    values = {
        "delivered": words.number(findings.delivered, 1),
        "overdue": words.share(findings.overdue),
        "trust": words.share(findings.trust),
        "lag": words.number(-findings.ahead, 1),
    }
    if changes is None:
        return {"value": values[name], "change": "", "tone": ""}
    change = _visible(changes[name], tile)
    if not change:
        return {"value": values[name], "change": words.say("first.no_change"), "tone": "none"}
    arrow, tone = "▲" if change > 0 else "▼", "good" if change * tile.better > 0 else "bad"
    if tone == "good" and name in _OF_LESS and _visible(changes["delivered"], TILES["delivered"]) < 0:
        tone = "plain"
    written = words.signed(change, tile.digits).replace("-", "−")
    return {"value": values[name], "change": f"{arrow} {written}", "tone": tone}


def _effect(change: tuple[float, float], now: Scenario, base: Scenario, words: Words) -> str:
    """Say what was changed, and what that does to the steps delivered."""
    what = _changed(now, base, words)
    size = _visible(change, TILES["delivered"])
    if not size:
        return words.say("first.changes_nothing", what=what)
    key = "first.added" if size > 0 else "first.took"
    return words.say(key, what=what, change=words.number(abs(size), TILES["delivered"].digits))


def _changed(now: Scenario, base: Scenario, words: Words) -> str:
    """Name what differs: more or less of one action, or all that was changed."""
    moved = {action: moves for action in ACTIONS if (moves := _moves(now, base, action)) != {0}}
    same = {name: getattr(base.levers, name) for name in _EFFORTS}
    rest = now.levers.model_copy(update=same) == base.levers and now.model_copy(update={"levers": base.levers}) == base
    if rest and len(moved) == 1:
        ((action, moves),) = moved.items()
        if len(moves - {0}) == 1:
            key = "first.more" if 1 in moves else "first.less"
            return words.say(key, action=words.action(action).lower())
    return words.say("first.changes")


def _moves(now: Scenario, base: Scenario, action: str) -> set[int]:
    """Return the signs of what was changed of an action, in pledging and delivering and by phase."""
    after, before = (
        [value for name in _EFFORTS for value in getattr(getattr(one.levers, name), action)] for one in (now, base)
    )
    return {(new > old) - (new < old) for new, old in zip(after, before, strict=True)}


# Effort --------------------------------------------------------------------------------------------------------------


def _asked(points: float, scenario: Scenario, words: Words) -> str:
    """Say how much effort is asked of so much that can be, beside what the scenario of the document asks."""
    less = any(_moves(scenario, first_setting().scenario, action) - {0, 1} for action in ACTIONS)
    if not points and less:
        asked = words.say("first.effort_less")
    else:
        asked = words.say("first.effort", points=words.number(points, 0), most=words.number(_most(), 0))
    if scenario.id == RIVAL:
        return asked
    title = words.title(shipped()[RIVAL])
    return words.say("first.effort_rival", asked=asked, title=title, points=words.number(_points(RIVAL), 0))


@cache
def _points(name: str) -> float:
    return effort_points(shipped()[name])


@cache
def _most() -> float:
    """Return the effort points of all that can be asked of all members."""
    high = levers()["pledge_effort"].high
    whole = {f"levers.{name}.{action}": high for name in _EFFORTS for action in ACTIONS}
    return effort_points(first_setting().changed(whole).scenario)
