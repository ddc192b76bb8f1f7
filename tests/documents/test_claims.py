"""The claims of the source document: which rules state them, and what switches them off."""

import numpy as np
import pytest
from awake import awake, differs
from drafted import WHOLE

from foresight.documents.claims import CLAIMS, claim_table, stated_by
from foresight.documents.sources import rules
from foresight.engine.inputs import Inputs
from foresight.errors import InputError
from foresight.scenario.building import build
from foresight.scenario.layering import parse_assignments
from foresight.scenario.loading import check_values, load_scenario
from foresight.texts import Words, keys

SETTINGS = [setting for claim in CLAIMS.values() for setting in claim.settings]
REPLACEMENTS = [replacement for claim in CLAIMS.values() for replacement in claim.replacements]


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return build(load_scenario("historical-pace"))


def test_the_claims_are_h1_to_h8():
    assert list(CLAIMS) == [f"H{number}" for number in range(1, 9)]


def test_every_claim_is_stated_by_a_rule_and_every_mark_of_a_claim_is_known():
    assert {name for rule in rules() for name in rule.claims} == set(CLAIMS)
    assert all(stated_by(name) for name in CLAIMS)


def test_every_claim_can_be_switched_off_somehow():
    assert all(claim.settings or claim.replacements for claim in CLAIMS.values())


@pytest.mark.costly
@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_against_a_claim_move_the_numbers_of_a_scenario_in_which_it_is_awake(setting: str):
    assert differs(awake(parse_assignments([setting])), awake())


def test_a_setting_that_no_scenario_may_have_would_be_noticed():
    with pytest.raises(InputError):
        check_values(parse_assignments(["uncertainties.trust_gain=0"]))


@pytest.mark.parametrize("replacement", REPLACEMENTS)
def test_replacements_against_a_claim_are_values_of_the_inputs(replacement: str, inputs: Inputs):
    name, _, value = replacement.partition("=")
    changed = inputs.replace(**{name: float(value)})
    homes = (changed.uncertainties, changed.levers, changed.members, changed.events, changed.structure)
    (placed,) = (getattr(home, name) for home in homes if name in home._fields)
    assert (np.asarray(placed) == float(value)).all()


@pytest.mark.parametrize("language", WHOLE)
def test_every_claim_has_words(language: str):
    assert {key.removeprefix("claim.") for key in keys(language) if key.startswith("claim.")} == set(CLAIMS)
    assert [row[0] for row in claim_table(Words(language)).rows] == [*CLAIMS]
