"""A scenario: one future, fully resolved, frozen and closed."""

import hashlib
import json
from collections.abc import Iterator, Sequence, Set
from typing import Annotated, Any, Self

import pandas as pd
import tomlkit
from pydantic import Field, PlainValidator, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from foresight.members import member_table
from foresight.settings import (
    Coalition,
    Event,
    Levers,
    Member,
    MemberFacts,
    Origin,
    Storyline,
    Structure,
    Table,
    Title,
    Uncertainties,
    fault,
    wrong,
)

#: Fields that name and tell; they are not inherited from a base and do not touch the digest.
HEADER = ("id", "extends", "author", "title", "storyline", "origin")

_TEXTS_OF_ENTRIES = {"name", "tag", "source"}


def _chain(value: object) -> tuple[str, ...]:
    """Take the base a file names, or the chain of bases a loaded scenario came from."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, tuple):
        raise wrong("not_text")
    return value


class Scenario(Table):
    """One future: levers, structure, uncertainties, coalitions, events and changed facts of members."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    """Short name of lower-case letters, digits and hyphens."""
    extends: Annotated[tuple[str, ...], PlainValidator(_chain)] = ()
    """The bases it was resolved from, nearest first; in a file the one it builds on."""
    author: str = ""
    """Who wrote it."""
    title: Title
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
    coalitions: tuple[Coalition, ...] = Field(default=(), alias="coalition")
    """Members with efforts of their own."""
    events: tuple[Event, ...] = Field(default=(), alias="event")
    """What happens in certain years."""
    facts: dict[Member, MemberFacts] = Field(default={}, alias="members")
    """Changed facts, by code of the member."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        found = [
            *_clashes("coalition", [coalition.name for coalition in self.coalitions]),
            *_clashes("event", [event.name for event in self.events]),
            *_overlaps(self.coalitions),
            *self._deserted(),
        ]
        if found:
            raise ValidationError.from_exception_data("Scenario", found)
        return self

    def _deserted(self) -> Iterator[InitErrorDetails]:
        """Find coalitions none of whose members takes part in the run."""
        present = set(self.members().index)
        for position, coalition in enumerate(self.coalitions):
            if not present & coalition.codes:
                codes = _listed(coalition.codes)
                yield fault("nobody_takes_part", ("coalition", position), codes, rule=self.structure.members)

    def members(self) -> pd.DataFrame:
        """Return the members that take part, as `member_table` has them: the order of every member axis."""
        table = member_table()
        return table[table["kind"] == "member"] if self.structure.members == "states" else table

    def digest(self) -> str:
        """Return the SHA-256 of what the scenario does, in hexadecimal; its texts play no part.

        Defaults count as if written out, numbers by value, and the order of coalitions, events and members in
        a list does not matter. Facts of members are not included: `members.data_digest` covers them.
        """
        plain = json.loads(json.dumps(self._effects()), parse_float=_unsigned_zero)
        canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _effects(self) -> dict[str, Any]:
        """Return everything that moves a number, in one order."""
        since = self.structure.levers_from
        facts = {code: {**item.changes, "from": item.since or since} for code, item in self.facts.items()}
        return {
            "levers": self.levers.model_dump(),
            "structure": self.structure.model_dump(),
            "uncertainties": self.uncertainties.model_dump(),
            "coalitions": _unordered(self.coalitions),
            "events": _unordered(self.events),
            "members": facts,
        }

    def to_toml(self) -> str:
        """Return the scenario as a file that needs no base and says only what differs from the defaults."""
        table = self.model_dump(by_alias=True, exclude_defaults=True, exclude={"extends"})
        return tomlkit.dumps(table)


def _unordered(entries: tuple[Coalition, ...] | tuple[Event, ...]) -> list[dict[str, Any]]:
    """Sort entries, and the lists of names within them."""
    dumped = [entry.model_dump(exclude=_TEXTS_OF_ENTRIES) for entry in entries]
    plain = [{key: _sorted_names(value) for key, value in entry.items()} for entry in dumped]
    return sorted(plain, key=lambda entry: json.dumps(entry, sort_keys=True))


def _sorted_names(value: Any) -> Any:
    """Sort a list of members or bodies; pass anything else through."""
    return sorted(set(value)) if isinstance(value, tuple) else value


def _unsigned_zero(digits: str) -> float:
    """Read a number, -0.0 as 0.0."""
    return float(digits) + 0.0


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
            yield fault("overlap", ("coalition", position), _listed(common), other=others)
        taken = dict.fromkeys(coalition.codes, coalition.name) | taken


def _listed(codes: Set[str]) -> str:
    return ", ".join(sorted(codes))
