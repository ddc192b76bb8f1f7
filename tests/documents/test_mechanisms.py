"""The arrows of each action are counted, and are those of the rules."""

import pytest
from awake import awake, differs

from foresight.actions import ACTIONS
from foresight.documents.mechanisms import ARROWS, arrow_counts
from foresight.documents.sources import Rule, rules
from foresight.scenario.layering import parse_assignments

#: Arguments by which a rule takes the accountability that `safeguard` has weighed.
SAFEGUARD = {"safeguard_factor": "accountability"}

#: Rules that take all five actions alike.
SHARED = {"ready_share"}


def entered(rule: Rule) -> set[str]:
    """Return the actions whose delivery is an argument of a rule."""
    named = {action for action in ACTIONS for argument in rule.arguments if is_delivery(argument, action)}
    return named | {action for argument, action in SAFEGUARD.items() if argument in rule.arguments}


def is_delivery(argument: str, action: str) -> bool:
    return argument in (action, f"{action}_effect", f"mean_{action}")


def test_arrows_are_those_of_the_rules():
    own = [rule for rule in rules() if rule.name not in {*SHARED, "safeguard"}]
    assert {(action, rule.name) for rule in own for action in entered(rule)} == {
        (arrow.action, arrow.rule) for arrow in ARROWS.values()
    }


def test_the_shared_rules_take_every_action():
    assert all(entered(rule) == set(ACTIONS) for rule in rules() if rule.name in SHARED)


def test_an_arrow_that_is_not_declared_would_be_noticed():
    rule = Rule("new", (9,), ("solidarity_effect", "trust"), "", "", ())
    assert entered(rule) == {"solidarity"}


def test_accountability_has_more_arrows_than_any_other_action():
    counts = arrow_counts()
    assert counts == {"solidarity": 1, "transparency": 1, "accountability": 5, "financing": 1, "networking": 2}


@pytest.mark.costly
@pytest.mark.parametrize("name", ARROWS)
def test_what_removes_an_arrow_moves_the_numbers_of_a_scenario_in_which_all_are_awake(name: str):
    assert differs(awake(parse_assignments(ARROWS[name].settings)), awake())


def test_without_its_arrow_solidarity_gives_nothing():
    given = awake(parse_assignments(ARROWS["contribution"].settings)).dataset.contribution
    assert (given == 0).all()
    assert (awake().dataset.contribution > 0).any()
