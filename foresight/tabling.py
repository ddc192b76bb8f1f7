"""How numbers, names and tables of the page of trust are written."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from foresight.document import Table
from foresight.records import names_in
from foresight.texts import SMALL, percent, text

Row = tuple[str, ...]


def heads(names: str, language: str) -> list[str]:
    """Return the heads of columns by their keys, one word each."""
    return [text(f"column.{name}", language) for name in names.split()]


def level_name(level: float, language: str) -> str:
    """Name a band by its level."""
    return text("trust.level", language, level=percent(level))


def agreement_name(treaty: str, language: str) -> str:
    """Return the name of an agreement; in English where there is none in that language."""
    return names_in(language).get(treaty, treaty)


def made_table(topic: str, columns: Iterable[str], rows: Iterable[Row], note: str = "") -> Table:
    """Return a table with what its rows rest on."""
    return Table(topic, tuple(columns), tuple(rows), note=note)


def folded(table: Table, name: str, language: str) -> Table:
    """Return a table that a page has closed at first, under a name."""
    return replace(table, folded=text("trust.numbers", language, name=name))


def listed(names: Iterable[str], language: str, mark: str = "table.comma") -> str:
    """Return names one after the other."""
    return text(mark, language).join(names)


def signed(value: float, form: str) -> str:
    """Write a number with the sign of a minus, and 0 with none; one that is not known as a dash."""
    if np.isnan(value):
        return "–"
    shown = format(value, form).replace("inf", "∞")
    return shown.replace("-", "−") if set(shown) & set("123456789∞") else shown.lstrip("+-")


def between(low: float, high: float, form: str) -> str:
    """Write an interval; one that is not known as a dash."""
    ends = signed(low, form), signed(high, form)
    return ends[0] if np.isnan([low, high]).all() else "\u00a0…\u00a0".join(ends)


def in_percent(value: float) -> str:
    """Write a gain in per cent without its sign, with one digit more of a small one, so that it can be told from 0."""
    return f"{abs(value):.{1 if abs(value) >= SMALL else 2}%}"


def better_by(gain: float, language: str, write: Callable[[float], str] = in_percent) -> str:
    """Say how much better or worse, by the sign of a gain; `write` writes sizes."""
    return text(f"trust.by_{'worse' if gain < 0 else 'better'}", language, size=write(abs(gain)))


def span(low: float, high: float, language: str, write: Callable[[float], str] = in_percent) -> str:
    """Say how much better or worse the ends of the interval of a gain are."""
    kind = "better" if low >= 0 else "worse" if high <= 0 else "both"
    near, far = sorted((abs(low), abs(high))) if kind != "both" else (-low, high)
    return text(f"trust.span_{kind}", language, low=write(near), high=write(far))
