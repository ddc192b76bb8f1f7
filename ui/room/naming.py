"""What things of a room are called, for one face in its language."""

from functools import lru_cache
from typing import Any

import segno

from foresight.actions import ACTIONS, RUNGS, SUBREGIONS
from foresight.facts.bodies import memberships
from foresight.facts.parameters import levers
from foresight.scenario.schema import EVERYBODY
from foresight.workshop.cards import CARDS
from foresight.workshop.hands import PARTNERS, SECRETARIAT, levers_of
from foresight.workshop.roles import aim_of
from foresight.workshop.room import Room
from foresight.workshop.words import card_name, delegation_name, meaning_of

from ..words import Words


def names_of(room: Room, words: Words) -> dict[str, Any]:
    """Return the names that a face needs."""
    delegations = room.opened.delegations
    own = {home.id: delegation_name(home, words) for home in delegations}
    return {
        "delegations": own,
        "short": {code: _short(code, name) for code, name in own.items()},
        "levers": _levers(words),
        "meanings": {lever: meaning_of(lever, words) for lever in _levers(words)},
        "step": words.say("workshop.step"),
        "scopes": {**{scope: words.scope(scope) for scope in (EVERYBODY, *SUBREGIONS)}, **own},
        "cards": {card: _card(card, words) for card in CARDS},
        "steps": [words.say("first.nothing_yet"), *(words.phase(phase) for phase in range(1, RUNGS + 1))],
        "aims": {home.id: aim_of(home, words) for home in delegations},
        "members": {home.id: [words.member(code) for code in home.members] for home in delegations},
    }


def _short(code: str, name: str) -> str:
    """Return what a delegation is called where there is little room: a body by its letters."""
    return code.replace("_", " ") if code in memberships() else name


def _levers(words: Words) -> dict[str, str]:
    beside = [lever.name for home in (PARTNERS, SECRETARIAT) for lever in levers_of(home)]
    actions = {action: words.action(action) for action in ACTIONS}
    return {**actions, **{name: words.label(levers()[name]) for name in beside}}


def _card(card: str, words: Words) -> dict[str, str]:
    return {"title": card_name(card, words), "text": words.say(f"workshop.card.{card}.text")}


@lru_cache(256)
def way_in(code: str, place: str) -> dict[str, str]:
    """Return how phones come in: an address to type, one with the code, and that as a picture to point a camera at.

    Parameters
    ----------
    code : str
    place : str
        The address of the server, such as ``http://192.168.0.2:5006``.
    """
    url = f"{place}/join?c={code}"
    return {"code": code, "address": f"{place}/join", "url": url, "picture": _picture(url)}


def way_to_desk(secret: str, place: str) -> dict[str, Any]:
    """Return how another facilitator comes to the desk: a link, and that as a picture; nothing of it is kept."""
    link = f"{place}/desk#{secret}"
    return {"link": link, "picture": _picture(link)}


def _picture(address: str) -> str:
    """Draw an address to point a camera at."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=2))
