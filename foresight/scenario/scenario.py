"""A scenario: one future, fully resolved, frozen and closed."""

import hashlib
import json
from typing import Any, Final

from foresight.scenario.layer import FileLayer
from foresight.scenario.schema import Coalition, Event

_TEXTS_OF_ENTRIES: Final = {"name", "tag", "source"}


class Scenario(FileLayer):
    """One future: levers, structure, uncertainties, coalitions, events and changed facts of members.

    It is the layer that nothing has to be laid under: what it leaves out has its default.
    """

    def digest(self) -> str:
        """Return the SHA-256 of what the scenario does, in hexadecimal; its texts play no part.

        Defaults count as if written out, numbers by value, and the order of coalitions, events and members in
        a list does not matter. Facts of members are not included: `tables.data_digest` covers them.
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
        import tomlkit  # late: a scenario that is run need not be written

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
