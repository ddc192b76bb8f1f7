"""How pages of a workshop name things and write numbers."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from foresight.facts.axes import group_table
from foresight.facts.members import REGION, member_table
from foresight.facts.names import named, said
from foresight.facts.parameters import levers
from foresight.scenario.schema import EVERYBODY
from foresight.texts import Words
from foresight.workshop.delegations import Delegation
from foresight.workshop.hands import Lever, levers_of
from foresight.workshop.room import Room
from foresight.workshop.words import delegation_name


class SheetWords(Words):
    """Words of a page about a room."""

    minus: ClassVar[str] = "−"

    def title(self, room: Room) -> str:
        """Name a room: by its title, or by its code."""
        return room.opened.title or room.opened.code

    def delegation(self, one: Delegation) -> str:
        """Name a delegation."""
        return delegation_name(one, self)

    def scope(self, room: Room, scope: str | tuple[str, ...]) -> str:
        """Name whom a card reaches, or whose number it is."""
        if not isinstance(scope, str):
            return self.members(scope)
        if scope in room.delegations:
            return self.delegation(room.delegations[scope])
        if scope in (EVERYBODY, REGION):
            return self.say("session.everybody")
        return named(group_table().loc[scope], f"group.{scope}", self)

    def members(self, codes: Sequence[str]) -> str:
        """Name members, one after the other."""
        table = member_table()
        names = (named(table.loc[code], f"member.{code}", self) for code in codes)
        return self.listed(names, "session.semicolon")

    def group(self, group: str) -> str:
        """Name a group of the survey."""
        return self.say(f"session.group_{group or 'unsaid'}")

    def lever(self, lever: Lever) -> str:
        """Name a lever."""
        parameters = levers()
        if lever.name in parameters:
            return said(parameters[lever.name].label, f"parameter.{lever.name}.label", self)
        return self.say(f"action.{lever.name}")

    def spent(self, delegation: str, points: Sequence[int]) -> str:
        """Say what a delegation spends its points on."""
        pairs = zip(levers_of(delegation), points, strict=True)
        spent = self.listed(f"{self.lever(lever)} {own}" for lever, own in pairs if own)
        return spent or self.say("session.nothing")

    def heads(self, names: str) -> tuple[str, ...]:
        """Return the heads of columns by their keys, one word each."""
        return tuple(self.say(f"session.column.{name}") for name in names.split())

    def ranked(self, numbers: Mapping[str, float]) -> dict[str, int]:
        """Return the places of things by their numbers, the greatest first; what is written the same shares one."""
        written = {name: round(value, 2) for name, value in numbers.items()}
        return {name: 1 + sum(other > own for other in written.values()) for name, own in written.items()}
