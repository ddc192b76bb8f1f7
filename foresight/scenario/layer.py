"""Layers: what is said of a future in one place, by itself, before it is laid over anything."""

from collections.abc import Iterator, Sequence, Set
from typing import Annotated, Self

import pandas as pd
from pydantic import Field, PlainValidator, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from foresight import bounds
from foresight.facts.members import member_codes, member_table, state_codes
from foresight.scenario.schema import (
    Coalition,
    Event,
    Levers,
    Member,
    MemberFacts,
    Origin,
    Storyline,
    Structure,
    Table,
    Text,
    Title,
    TitlePart,
    Uncertainties,
    at_most,
    fault,
    wrong,
)

#: Fields that name and tell; they are not inherited from a base and do not touch the digest.
HEADER = ("id", "extends", "author", "title", "storyline", "origin")

#: How the name of a scenario or an experiment is written.
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9-]+$"), at_most(bounds.IDENTIFIER)]


def _chain(value: object) -> tuple[str, ...]:
    """Take the base a file names, or the chain of bases a loaded scenario came from."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, tuple):
        raise wrong("not_text")
    return value


class Layer(Table):
    """What is said on top of a scenario: any part of one. Whatever it leaves out is as below it."""

    id: Identifier = ""
    """Short name of lower-case letters, digits and hyphens."""
    extends: Annotated[tuple[str, ...], PlainValidator(_chain)] = ()
    """The bases it was resolved from, nearest first; in a file the one it builds on."""
    author: Text = ""
    """Who wrote it."""
    title: TitlePart = TitlePart()
    """Its name."""
    storyline: Storyline = Storyline()
    """What happens."""
    origin: Origin = Origin()
    """Whose words title and storyline are."""
    levers: Levers = Levers()
    """What people choose."""
    structure: Structure = Structure()
    """Rules of the run."""
    uncertainties: Uncertainties = Uncertainties()
    """What nobody knows."""
    coalitions: Annotated[tuple[Coalition, ...], at_most(bounds.COALITIONS)] = Field(default=(), alias="coalition")
    """Members with efforts of their own."""
    events: Annotated[tuple[Event, ...], at_most(bounds.EVENTS)] = Field(default=(), alias="event")
    """What happens in certain years."""
    facts: Annotated[dict[Member, MemberFacts], at_most(bounds.LIST)] = Field(default={}, alias="members")
    """Changed facts, by code of the member."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        faults = [
            *_clashes("coalition", [coalition.name for coalition in self.coalitions]),
            *_clashes("event", [event.name for event in self.events]),
            *_overlaps(self.coalitions),
            *self._deserted(),
        ]
        if faults:
            raise ValidationError.from_exception_data(type(self).__name__, faults)
        return self

    def _deserted(self) -> Iterator[InitErrorDetails]:
        """Find coalitions none of whose members takes part in the run."""
        present = set(self.codes())
        for position, coalition in enumerate(self.coalitions):
            if not present & coalition.codes:
                codes = _listed(coalition.codes)
                yield fault("nobody_takes_part", ("coalition", position), codes, rule=self.structure.members)

    def codes(self) -> tuple[str, ...]:
        """Return the codes of the members that take part: the order of every member axis."""
        return state_codes() if self.structure.members == "states" else member_codes()

    def members(self) -> pd.DataFrame:
        """Return the members that take part, as `member_table` has them, in the order of `codes`."""
        table = member_table()
        return table[table["kind"] == "member"] if self.structure.members == "states" else table


class FileLayer(Layer):
    """What one scenario file says; it has a header of its own, whatever it builds on."""

    id: Identifier
    """Short name of lower-case letters, digits and hyphens."""
    title: Title
    """Its name."""


def _clashes(kind: str, names: Sequence[str]) -> Iterator[InitErrorDetails]:
    """Find entries of the same name."""
    first: dict[str, int] = {}
    for position, name in enumerate(names):
        earlier = first.setdefault(name, position)
        if earlier != position:
            yield fault("same_name", (kind, position, "name"), name, other=f"{kind}[{earlier + 1}]")


def _overlaps(coalitions: tuple[Coalition, ...]) -> Iterator[InitErrorDetails]:
    """Find coalitions with members of an earlier one."""
    taken: dict[str, str] = {}
    for position, coalition in enumerate(coalitions):
        if common := coalition.codes & taken.keys():
            others = ", ".join(sorted({taken[code] for code in common}))
            yield fault("overlap", ("coalition", position), _listed(common), name=coalition.name, other=others)
        taken = dict.fromkeys(coalition.codes, coalition.name) | taken


def _listed(codes: Set[str]) -> str:
    return ", ".join(sorted(codes))
