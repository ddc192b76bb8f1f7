"""Surprise cards: what may happen between a decision and its consequence, as events of a scenario."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from foresight.actions import SUBREGIONS
from foresight.scenario.schema import EVERYBODY, RungChanges
from foresight.workshop.events import Dealt
from foresight.workshop.hands import years_of

#: The year of a phase in which a card acts, from 0.
_WITHIN: Final = 2


class Card(NamedTuple):
    """A card; its sizes are judgements of the project, none is from the source document.

    Parameters
    ----------
    effects : Mapping[str, Any]
        Fields of `schema.Event`, in its units.
    wide : bool
        Whether it reaches every member; otherwise those of a subregion that is drawn with it.
    """

    effects: Mapping[str, Any]
    wide: bool


#: All cards by name; what they are called and tell stands in the catalogue.
CARDS: Final[Mapping[str, Card]] = {
    "crisis": Card({"resources_lost": 0.3, "trust": -0.05}, wide=True),
    "exit": Card({"pledged": RungChanges(networking=-1), "trust": -0.05}, wide=False),
    "breakthrough": Card({"capacity": 0.1}, wide=True),
    "harvest": Card({"resources_lost": 0.4}, wide=False),
    "election": Card({"trust": 0.1}, wide=False),
}


def dealt(card: str, branch: int, phase: int, pick: int) -> Dealt:
    """Return that a card was drawn for a phase of a branch.

    Parameters
    ----------
    card : str
        A key of `CARDS`.
    branch, phase : int
    pick : int
        A random whole number, which a subregion is drawn with.
    """
    scope = EVERYBODY if CARDS[card].wide else SUBREGIONS[pick % len(SUBREGIONS)]
    return Dealt(branch=branch, phase=phase, card=card, year=years_of(phase)[_WITHIN], scope=scope)
