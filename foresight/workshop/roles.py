"""Role sheets: who a delegation decides for, what is known of its members, what it holds and should find out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from foresight.documents.document import Findings, Section, Table
from foresight.facts.members import FISCAL_CAPACITY, base_capacity, member_codes, member_table
from foresight.observed.records import NEVER, own_records
from foresight.texts import Words
from foresight.workshop.delegations import Delegation
from foresight.workshop.hands import EFFORTS, ROUNDS, budget_of, levers_of
from foresight.workshop.room import Room
from foresight.workshop.words import meaning_of
from foresight.workshop.writing import SheetWords

#: Countries in special situations, as columns of the table of members.
_SPECIAL: Final = ("ldc", "lldc", "sids")

#: How far above all members a delegation's capacity is a lead.
_LEAD: Final = 0.02

#: Share of members in special situations from which on they are most.
_MOST: Final = 0.5


class Facts(NamedTuple):
    """What is known of some members.

    Parameters
    ----------
    special : dict of str to int
        Members that are LDC, LLDC and SIDS; one may be several.
    any_special : int
        Members that are any of these.
    income : dict of str to int
        Members by income group, the highest first.
    population : float
        In millions.
    capacity : float
        Mean base capacity, 0..1.
    joined : float
        Share of the environmental agreements open to them that they joined, over members and agreements.
    """

    special: dict[str, int]
    any_special: int
    income: dict[str, int]
    population: float
    capacity: float
    joined: float


def facts_of(codes: Sequence[str]) -> Facts:
    """Return what is known of members."""
    table = member_table()
    own = table.loc[list(codes)]
    records = own_records()
    places = table.index.isin(codes)
    could, joined = ((years < NEVER)[:, places] for years in (records.since, records.year))
    return Facts(
        special={name: int(own[name].sum()) for name in _SPECIAL},
        any_special=int(own[list(_SPECIAL)].any(axis=1).sum()),
        income={group: int((own["income_group"] == group).sum()) for group in FISCAL_CAPACITY},
        population=float(own["population_mln"].sum()),
        capacity=float(np.mean([_capacity(one) for one in own.to_dict("records")])),
        joined=float((could & joined).sum() / could.sum()),
    )


def _capacity(member: Mapping[Any, Any]) -> float:
    effectiveness = float(member["government_effectiveness"])
    return base_capacity(None if np.isnan(effectiveness) else effectiveness, str(member["income_group"]))


def role_sheets(room: Room, words: SheetWords) -> tuple[Section, ...]:
    """Return what each delegation should know, each on a sheet of its own; the first goes on where it stands."""
    return tuple(_sheet(room, own, words, place > 0) for place, own in enumerate(room.opened.delegations))


def _sheet(room: Room, own: Delegation, words: SheetWords, apart: bool) -> Section:
    rows = (*_who(room, own, words), *_hand(room, own, words))
    known = tuple((words.say(f"kit.role.{name}"), said, basis) for name, said, basis in rows)
    return Section(words.delegation(own), (Findings(known), _ballot(own, words)), apart)


def _who(room: Room, own: Delegation, words: SheetWords) -> list[tuple[str, str, str]]:
    """Tell who a delegation decides for, and what is known of them."""
    if not own.members:
        return [("who", words.say(f"kit.role.is_{own.id}"), "")]
    facts, every = facts_of(own.members), facts_of(member_codes())
    records = own_records()
    special = {words.scope(room, name.upper()): count for name, count in facts.special.items() if count}
    income = {words.say(f"income_group.{group}"): count for group, count in facts.income.items() if count}
    numbers = {"own": words.number(facts.capacity), "all": words.number(every.capacity)}
    joined = {"own": words.share(facts.joined), "all": words.share(every.joined), "count": len(records.agreements)}
    return [
        ("who", words.members(own.members), words.say("session.members", count=len(own.members))),
        ("special", _counted(special, words) or words.say("kit.role.none"), ""),
        ("people", words.say("kit.role.millions", count=words.count(round(facts.population))), ""),
        ("income", _counted(income, words), "World Bank, Gapminder"),
        ("capacity", words.say("kit.role.compared", **numbers), words.say("kit.role.capacity_basis")),
        ("records", words.say("kit.role.joined", **joined), words.say("kit.role.records_basis", year=_last())),
    ]


def _last() -> int:
    """Return the last year that records of agreements cover."""
    return max(agreement.last for agreement in own_records().agreements)


def _counted(counts: dict[str, int], words: SheetWords) -> str:
    return words.listed(f"{name} {count}" for name, count in counts.items())


def _hand(room: Room, own: Delegation, words: SheetWords) -> list[tuple[str, str, str]]:
    """Tell what a delegation holds, and what it should find out."""
    paces = words.listed(f"{points} → × {words.exact(pace)}" for points, pace in enumerate(EFFORTS) if points)
    budget = words.say("kit.role.budget", budget=budget_of(own.id, room.opened.budget))
    effect = words.say("kit.role.paces", paces=paces) if own.members else words.say("kit.role.beside")
    return [
        ("find", aim_of(own, words), ""),
        ("points", words.joined(budget, effect), ""),
        ("step", words.say("workshop.step"), ""),
    ]


def aim_of(own: Delegation, words: Words) -> str:
    """Say what a delegation should find out."""
    return words.joined(words.say(f"kit.role.find_{_aim(own)}"), words.say("kit.role.find_free"))


def _aim(own: Delegation) -> str:
    """Return what a delegation should find out above all, by its facts."""
    if not own.members:
        return own.id
    facts = facts_of(own.members)
    if facts.capacity > facts_of(member_codes()).capacity + _LEAD:
        return "able"
    return "special" if facts.any_special / len(own.members) >= _MOST else "word"


def _ballot(own: Delegation, words: SheetWords) -> Table:
    """Return what levers mean, and where to write points, should a phone be missing."""
    rounds = [words.say("kit.role.round", number=number) for number in range(1, len(ROUNDS) + 1)]
    rows = tuple(
        (
            words.lever(lever),
            meaning_of(lever.name, words),
            *("–" if lever.lasting and number else "" for number in range(len(ROUNDS))),
        )
        for lever in levers_of(own.id)
    )
    return Table("ballot", (words.say("kit.role.ballot"), words.say("column.meaning"), *rounds), rows)
