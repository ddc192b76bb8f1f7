"""Delegations: who decides for whom, and nobody twice."""

import pytest

from foresight.actions import SUBREGIONS
from foresight.errors import InputError
from foresight.facts.members import member_codes
from foresight.texts import Words, drafts, languages
from foresight.workshop.delegations import BESIDE, MOST, Delegation, checked, of_bodies, subregional
from foresight.workshop.words import delegation_name

MEMBERS = member_codes()


def group(name: str, *members: str) -> Delegation:
    return Delegation(id=name, name=name.title(), members=members)


def test_the_five_subregions_hold_every_member_once():
    made = checked(subregional())
    assert [one.id for one in made] == [*SUBREGIONS, *BESIDE]
    assert sorted(code for one in made for code in one.members) == sorted(MEMBERS)


def test_bodies_without_a_common_member_are_delegations():
    made = of_bodies(["ASEAN", "PIF"])
    assert [one.id for one in made] == ["ASEAN", "PIF", *BESIDE]
    assert "FJI" in made[1].members


NO_DELEGATIONS = {
    "a member in two": (lambda: of_bodies(["SPREP", "PIF"]), "FJI: SPREP, PIF"),
    "no such body": (lambda: of_bodies(["ASAEN"]), "ASEAN"),
    "nobody": (lambda: checked(()), str(MOST)),
    "without members": (lambda: checked((group("us"),)), "us"),
    "one id for two": (lambda: checked((group("us", "FJI"), group("us", "TON"))), "us"),
    "one name for two": (lambda: checked((group("us", "FJI"), group("US", "TON"))), "Us"),
    "the region": (lambda: checked((group("region", "FJI"),)), "region"),
    "too many": (lambda: checked(tuple(group(f"g{at}", MEMBERS[at]) for at in range(MOST + 1))), str(MOST + 1)),
}


@pytest.mark.parametrize("kind", NO_DELEGATIONS)
def test_delegations_that_cannot_be_played_are_told(kind: str):
    make, named = NO_DELEGATIONS[kind]
    with pytest.raises(InputError) as error:
        make()
    assert named in str(error.value)


@pytest.mark.parametrize("language", [*languages(), *drafts()])
def test_every_delegation_has_a_name_of_its_own_in_every_language(language: str):
    made = [*subregional(), *of_bodies(["ASEAN", "PIF"])[:2], group("us", "FJI")]
    names = [delegation_name(one, Words(language)) for one in made]
    assert len(set(names)) == len(made)
    assert names[-1] == "Us"
