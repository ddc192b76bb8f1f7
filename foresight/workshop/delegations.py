"""Who decides for whom: delegations of members, and two that are no members."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from foresight import bounds
from foresight.actions import SUBREGIONS
from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.facts.bodies import memberships
from foresight.facts.members import REGION, member_codes, member_table
from foresight.scenario.schema import Line, Member, Name, Table, at_most
from foresight.workshop.hands import PARTNERS, SECRETARIAT

#: Most delegations of members: what each did is worked out over all sets of them.
MOST: Final = 6

#: Delegations that are no members, after those that are.
BESIDE: Final = (PARTNERS, SECRETARIAT)

Codes = Annotated[tuple[Member, ...], Field(max_length=len(member_codes()))]


class Delegation(Table):
    """A delegation.

    What it is called comes from the catalogue where it is a subregion, a body or no member, and is given otherwise.
    """

    id: Name
    """A subregion, a body, `partners`, `secretariat`, or a word of its own."""
    name: Annotated[str, Line, at_most(bounds.NAME)] = ""
    """What it is called, where no catalogue knows."""
    members: Codes = ()
    """Members that it decides for."""


def subregional() -> tuple[Delegation, ...]:
    """Return the five subregions, development partners and the secretariat."""
    table = member_table()
    members = {code: tuple(table.index[table["subregion"] == code]) for code in SUBREGIONS}
    return (*(Delegation(id=code, members=own) for code, own in members.items()), *_beside())


def of_bodies(bodies: Sequence[str]) -> tuple[Delegation, ...]:
    """Return bodies as delegations, with development partners and the secretariat.

    Raises
    ------
    InputError
        If there is no such body, a member would be in two, or there are too many.
    """
    known = memberships()
    if unknown := [one for one in bodies if one not in known]:
        raise InputError([_unknown(one, tuple(known)) for one in unknown])
    return checked(tuple(Delegation(id=body, members=known[body]) for body in bodies) + _beside())


def checked(delegations: tuple[Delegation, ...]) -> tuple[Delegation, ...]:
    """Return delegations that can be played.

    Raises
    ------
    InputError
        If a member is in two, one of members has none, two have one id or name, there are none or too many, or one
        has the id of the region.
    """
    deciding = [own for own in delegations if own.id not in BESIDE]
    problems = [_problem(own.id, "no_members") for own in deciding if not own.members]
    if not 1 <= len(deciding) <= MOST:
        problems.append(Problem("--delegations", "", "out_of_range", str(len(deciding)), f"1..{MOST}"))
    ids, names = [own.id for own in delegations], [own.name for own in delegations if own.name]
    problems += [
        _problem(name, "named_twice") for name in {*ids, *names} if max(ids.count(name), names.count(name)) > 1
    ]
    problems += [_problem(REGION, "no_such_delegation")] if REGION in ids else []
    problems += [_problem(f"{code}: {listed(at)}", "named_twice") for code, at in _homes(deciding).items() if at[1:]]
    if problems:
        raise InputError(problems)
    return delegations


def _homes(deciding: Sequence[Delegation]) -> dict[str, list[str]]:
    """Return the delegations of each member."""
    homes: dict[str, list[str]] = {}
    for own in deciding:
        for code in own.members:
            homes.setdefault(code, []).append(own.id)
    return homes


def _beside() -> tuple[Delegation, ...]:
    return tuple(Delegation(id=one) for one in BESIDE)


def _problem(given: str, kind: str) -> Problem:
    return Problem("--delegations", "", kind, shown(given), details={"names": "members"})


def _unknown(body: str, known: Sequence[str]) -> Problem:
    return Problem("--delegations", "", "unknown_body", shown(body), listed(known), nearest(body, known))
