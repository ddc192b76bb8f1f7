"""Settings of all kinds, made by chance."""

from random import Random
from typing import Any

from foresight_ui.runs.setting import Setting, first_setting
from hypothesis import strategies as st

from foresight.actions import ACTIONS, LAST_YEAR, SUBREGIONS
from foresight.facts.bodies import memberships
from foresight.facts.members import member_codes
from foresight.facts.parameters import levers, uncertainties
from foresight.runs import EFFECTS
from foresight.scenario.schema import GATES

PHASES = 3

#: Names that a careless format would break on.
NAMES = ("front.runners", '“quoted” "twice"', "前行者", "it's = [odd]", "back\\slash")

#: Uncertainties that can be edited.
FREE = tuple(name for name, one in uncertainties().items() if not one.fixed)


def number(rng: Random, name: str) -> float:
    """Return a value of a parameter within its range, to three decimals, the ends among them."""
    one = {**uncertainties(), **levers()}[name]
    value = rng.choice([one.low, one.high, rng.uniform(one.low, one.high), rng.uniform(one.low, one.high)])
    return float(round(value)) if one.whole else min(max(round(value, 3), one.low), one.high)


def lever(rng: Random, name: str) -> Any:
    """Return a value of a lever, for all phases at once or one by one."""
    if levers()[name].by_phase and rng.random() < 0.5:
        return [number(rng, name) for _ in range(PHASES)]
    return number(rng, name)


def levers_moved(rng: Random) -> dict[str, Any]:
    """Return some levers by path."""
    paths = []
    for name, one in levers().items():
        paths += [f"levers.{name}.{action}" for action in ACTIONS] if one.by_action else [f"levers.{name}"]
    return {path: lever(rng, path.split(".")[1]) for path in paths if rng.random() < 0.25}


def assumptions(rng: Random) -> dict[str, Any]:
    """Return some uncertainties by path."""
    return {f"uncertainties.{name}": number(rng, name) for name in FREE if rng.random() < 0.08}


def rules(rng: Random) -> dict[str, Any]:
    """Return rules of the run by path."""
    made = {
        "structure.gate": rng.choice(list(GATES)),
        "structure.gate_from": rng.choice([2017, 2027, 2033, LAST_YEAR]),
        "structure.members": rng.choice(["all", "states"]),
        "structure.levers_from": rng.choice([2025, 2027, 2031, LAST_YEAR]),
        "members.NPL.ldc": False,
        "members.FJI.income_group": "high",
    }
    return {path: value for path, value in made.items() if rng.random() < 0.2}


def event(rng: Random, name: str) -> dict[str, Any]:
    """Return an event."""
    scope = rng.choice(["all", rng.choice(SUBREGIONS), rng.choice(list(memberships())), ["FJI", "NPL"]])
    effects = {
        "resources_lost": round(rng.uniform(0, 0.99), 2),
        "trust": round(rng.uniform(-1, 1), 2),
        "capacity": round(rng.uniform(-1, 1), 2),
        "pledged": {rng.choice(ACTIONS): rng.choice([-1, 1])},
        "delivered": {rng.choice(ACTIONS): rng.choice([-1, 1])},
    }
    chosen = {key: value for key, value in effects.items() if value and rng.random() < 0.5}
    return {"name": name, "year": rng.randint(2017, LAST_YEAR - 1), "scope": scope, "trust": -0.25, **chosen}


def events(rng: Random) -> list[dict[str, Any]]:
    """Return up to three events."""
    return [event(rng, name) for name in rng.sample(NAMES, rng.randint(0, 3))]


def coalitions(rng: Random) -> list[dict[str, Any]]:
    """Return up to two coalitions, which share no members."""
    first = {"name": rng.choice(NAMES), "bodies": [rng.choice(["ASEAN", "SAARC"])]}
    outside = [code for code in member_codes() if code not in {*memberships()["ASEAN"], *memberships()["SAARC"]}]
    second = {"name": "second", "members": ["FJI", *rng.sample([code for code in outside if code != "FJI"], 4)]}
    made = [{**one, "pledge_effort": {rng.choice(ACTIONS): lever(rng, "pledge_effort")}} for one in (first, second)]
    return made[: rng.randint(0, 2)]


def luck(rng: Random) -> dict[str, Any]:
    """Return a seed, and where the effects of members come from."""
    return {"run.seed": rng.choice([0, 1, 7, 2**40 + 12345, 2**64 - 1]), "run.effects": rng.choice(EFFECTS)}


def changes(rng: Random) -> dict[str, Any]:
    """Return changes of everything that can be changed, by path."""
    made = {**levers_moved(rng), **assumptions(rng), **rules(rng)}
    if rng.random() < 0.3:
        made["events"] = events(rng)
    if rng.random() < 0.4:
        made["coalitions"] = coalitions(rng)
    return made | (luck(rng) if rng.random() < 0.3 else {})


def setting_of(number: int) -> Setting:
    """Return a setting, always the same for a number."""
    return first_setting().changed(changes(Random(number)))


def settings_by_chance() -> st.SearchStrategy[Setting]:
    """Return settings for hypothesis."""
    return st.integers(0, 2**32).map(setting_of)
