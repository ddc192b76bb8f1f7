"""Show what there is: what needs no engine."""

import os

from foresight.actions import ACTIONS
from foresight.cli.screen import Screen
from foresight.cli.verbs import listings
from foresight.errors import InputError, Problem, listed, shown
from foresight.facts.bodies import memberships
from foresight.facts.members import member_codes, member_table
from foresight.facts.parameters import all_parameters, levers, uncertainties
from foresight.facts.scopes import SCOPES
from foresight.facts.states import member_called, proposal
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.scenario import Scenario


def show(screen: Screen, name: str) -> None:
    """Show the scenarios, members, bodies or parameters, or one thing by its name."""
    parameter, member = _parameter_at(name), member_called(name)
    if name == "scenarios":
        listings.scenarios(screen, [load_scenario(other) for other in bundled()])
    elif name == "members":
        listings.members(screen, member_table())
    elif name == "bodies":
        listings.bodies(screen)
    elif name == "parameters":
        listings.parameters(screen)
    elif name.lower() in ACTIONS:
        listings.action(screen, name.lower())
    elif parameter:
        listings.parameter(screen, all_parameters()[parameter])
    elif member:
        listings.member(screen, member)
    elif circle := next((other for other in (*SCOPES, *memberships()) if other.lower() == name.lower()), ""):
        listings.circle(screen, circle)
    else:
        listings.scenario(screen, _scenario_called(name))


def _parameter_at(name: str) -> str:
    """Return the lever or uncertainty of a name or of a path such as `--set` takes, or an empty text."""
    table, *path = name.split(".")
    listings = {"levers": levers(), "uncertainties": uncertainties()}
    known = listings.get(table, {}) if path else all_parameters()
    return next((word for word in [*path, table][:1] if word in known), "")


def _scenario_called(name: str) -> Scenario:
    """Load the scenario of a name; where there is nothing of that name, say what comes nearest."""
    if name in bundled() or name.endswith(".toml") or os.path.exists(name):
        return load_scenario(name)
    topics = ("scenarios", "members", "bodies", "parameters")
    names = (*topics, *bundled(), *ACTIONS, *all_parameters(), *member_codes(), *SCOPES, *memberships())
    raise InputError([Problem("", "", "unknown_topic", shown(name), listed(topics), proposal(name, names))])
