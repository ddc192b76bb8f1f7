"""How numbers, names and tables of the page of trust are written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from foresight.documents.document import Table
from foresight.observed.records import names_in
from foresight.texts import SMALL, Words

Row = tuple[str, ...]


class PageWords(Words):
    """Words of the page of trust: a typeset minus, and names of what is compared."""

    minus: ClassVar[str] = "−"

    def heads(self, names: str) -> list[str]:
        """Return the heads of columns by their keys, one word each."""
        return [self.say(f"column.{name}") for name in names.split()]

    def level(self, level: float) -> str:
        """Name a band by its level."""
        return self.say("trust.level", level=self.share(level))

    def mode(self, mode: str) -> str:
        """Name what is known when a forecast is made."""
        return self.say(f"trust.mode_{mode}")

    def score(self, score: str) -> str:
        """Name a score."""
        return self.say(f"trust.score_{score}")

    def verdict(self, kind: str) -> str:
        """Say what a comparison comes to."""
        return self.say(f"trust.verdict_{kind}")

    def method(self, method: str) -> str:
        """Name a method of forecasting."""
        return self.say(f"hindcast.{method}")

    def variant(self, variant: str) -> str:
        """Name a hazard."""
        return self.say(f"variant.{variant}")

    def estimate(self, number: str) -> str:
        """Name an estimated number."""
        return self.say(f"estimate.{number}")

    def record(self, record: str) -> str:
        """Name a record of the first phase."""
        return self.say(f"first_phase.record_{record}")

    def seen(self, row: Mapping[Any, Any]) -> str:
        """Write the share that was observed; at least so much where the list is partial."""
        return ("≥ " if row["possible"] > row["observed"] else "") + self.share(row["observed"])

    def agreement(self, treaty: str) -> str:
        """Name an agreement; in English where it has no name in the language."""
        return names_in(self.language).get(treaty, treaty)

    def size(self, gain: float) -> str:
        """Write a gain in per cent without its sign; a small one has a digit more, so that it can be told from 0."""
        return self.share(abs(gain), 1 if abs(gain) >= SMALL else 2)

    def better_by(self, gain: float, write: Callable[[float], str] | None = None) -> str:
        """Say how much better or worse, by the sign of a gain; `write` writes sizes, `size` by default."""
        return self.say(f"trust.by_{'worse' if gain < 0 else 'better'}", size=(write or self.size)(abs(gain)))

    def span(self, low: float, high: float, write: Callable[[float], str] | None = None) -> str:
        """Say how much better or worse the ends of the interval of a gain are."""
        kind = "better" if low >= 0 else "worse" if high <= 0 else "both"
        near, far = sorted((abs(low), abs(high))) if kind != "both" else (-low, high)
        return self.say(f"trust.span_{kind}", low=(write or self.size)(near), high=(write or self.size)(far))

    def folded(self, table: Table, name: str) -> Table:
        """Return a table that the page has closed at first, under a name."""
        return replace(table, folded=self.say("trust.numbers", name=name))


def made_table(topic: str, columns: Iterable[str], rows: Iterable[Row], note: str = "") -> Table:
    """Return a table with what its rows rest on."""
    return Table(topic, tuple(columns), tuple(rows), note=note)
