"""What things of a workshop are called in a language."""

from foresight.actions import SUBREGIONS
from foresight.facts.axes import group_table, rung_table
from foresight.facts.bodies import body_table, memberships
from foresight.facts.names import named, said
from foresight.facts.parameters import levers
from foresight.texts import Words
from foresight.workshop.delegations import BESIDE, Delegation
from foresight.workshop.events import FIRST, PRACTICE
from foresight.workshop.hands import round_of
from foresight.workshop.room import Room


def delegation_name(delegation: Delegation, words: Words) -> str:
    """Return what a delegation is called: as it was named, or as the catalogue or the tables have it."""
    if delegation.name:
        return delegation.name
    if delegation.id in BESIDE:
        return words.say(f"workshop.delegation.{delegation.id}")
    if delegation.id in SUBREGIONS:
        return named(group_table().loc[delegation.id], f"group.{delegation.id}", words)
    return (
        named(body_table().loc[delegation.id], f"body.{delegation.id}", words)
        if delegation.id in memberships()
        else delegation.id
    )


def meaning_of(lever: str, words: Words) -> str:
    """Say in a sentence what a lever means: of an action its first step."""
    parameters = levers()
    if lever in parameters:
        return said(parameters[lever].meaning, f"parameter.{lever}.meaning", words)
    sentence = named(rung_table().loc[(lever, 1)], f"rung_sentence.{lever}_1", words, "sentence")
    return words.say("workshop.first_step", sentence=sentence)


def branch_name(room: Room, branch: int, words: Words) -> str:
    """Return what a branch is called: as somebody named it, or by its number and where it begins."""
    own = room.branches[branch]
    if own.name:
        return own.name
    if branch in (PRACTICE, FIRST):
        return words.say("workshop.branch.practice" if branch == PRACTICE else "workshop.branch.first")
    return words.say("workshop.branch.other", number=branch, round=round_of(own.first))


def card_name(card: str, words: Words) -> str:
    """Return what a surprise card is called."""
    return words.say(f"workshop.card.{card}.title")
