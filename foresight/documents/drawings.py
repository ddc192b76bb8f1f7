"""Small drawings as SVG that stands in a page: no script, no style sheet, a title and a description of each.

All are `WIDTH` units wide, so that their words stay readable on a telephone, and grow with the page.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import cycle
from typing import Final, NamedTuple
from unicodedata import east_asian_width

import numpy as np
import pandas as pd

from foresight.arrays import Floats
from foresight.documents.cited import plain, rendered

#: Units across.
WIDTH: Final = 360

_MAIN: Final = "#00607a"
_OTHER: Final = "#b4530a"
_INK: Final = "#1d2b33"
_SOFT: Final = "#52636d"
_LINE: Final = "#d5dde1"
_WASH: Final = "#dcebf0"

#: Colours of lines, one after the other; those of a picture are told apart in grey too.
_COLOURS: Final = ("#52636d", _MAIN, _OTHER, "#6b3fa0", "#2e7d32", "#a0285a")

_SMALL: Final = 10.5  # size of letters
_EDGE: Final = 8.0  # kept free at the sides of rows
_HALF_NUMBER: Final = 16.0  # half the room that a number below a row takes
_ROW: Final = 30.0  # height of a row with its name above
_LETTERS: Final = 11.0  # where the letters of a name stand in its row
_LANE: Final = (15.0, 29.0)  # where the bar or interval of a row lies in it, and no letters
_LEFT: Final = 46.0  # of a field with two axes
_TOP: Final = 12.0
_SIDE: Final = 250.0  # its height
_RIGHT: Final = WIDTH - 12.0
_LOW: Final = 150.0  # height of a field with several lines
_NAMES: Final = 104.0  # room for their names at its right
_APART: Final = 12.5  # between two names


class Caption(NamedTuple):
    """What a drawing is called, its title and what it shows; the name is its own in a page."""

    name: str
    title: str
    words: str
    write: Callable[[float], str]  # how numbers of its axes are written


class Row(NamedTuple):
    """One row of a drawing of intervals."""

    label: str
    told: str  # the value in words
    value: float
    low: float = np.nan
    high: float = np.nan
    mark: float = np.nan  # what the interval is held against


class Course(NamedTuple):
    """A line over the years, and the band about it."""

    label: str
    middle: Floats  # [year]
    low: Floats  # [year]
    high: Floats  # [year]


class _Scale(NamedTuple):
    """Where a number lies."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return three to six round numbers within."""
        rough = (self.high - self.low) / 4
        unit = 10.0 ** np.floor(np.log10(rough))
        step = min((unit * size for size in (1, 2, 5, 10)), key=lambda size: abs(size - rough))
        first, last = np.ceil(self.low / step - 1e-9), np.floor(self.high / step + 1e-9)
        return [round(step * count, 12) for count in np.arange(first, last + 1)]


def intervals(caption: Caption, rows: Sequence[Row], zero: bool = False) -> str:
    """Draw one row below the other: a bar from zero, or a dot with its interval where there is one.

    Parameters
    ----------
    caption : Caption
    rows : sequence of Row
        What has a `mark` has a stroke there.
    zero : bool
        Whether a line is drawn at 0; bars to the left of it have another colour.
    """
    numbers = [number for row in rows for number in row[2:] if np.isfinite(number)] + ([0.0] if zero else [])
    scale = _Scale(*_room(numbers), _EDGE, WIDTH - _EDGE)
    bottom = _ROW * len(rows) + 2
    parts = [*_numbers(scale, bottom, caption)]
    for number, row in enumerate(rows):
        parts += [*_rules(scale, _ROW * number, zero), *_row(row, scale, _ROW * number)]
    return _svg(caption, bottom + 18, parts)


def diagonal(caption: Caption, points: pd.DataFrame, across: str, upward: str) -> str:
    """Draw a reliability diagram with its consistency bars, Bröcker & Smith (2007).

    Parameters
    ----------
    caption : Caption
    points : pandas.DataFrame
        As `scores.reliability` returns it.
    across, upward : str
        Words of the axes.
    """
    top = float(points[["forecast", "observed", "high"]].max().max()) * 1.05 or 1.0
    x, y = _Scale(0, top, _LEFT, _RIGHT), _Scale(0, top, _TOP + _SIDE, _TOP)
    parts = [*_field(x, y, across, upward, caption), _line(x.at(0), y.at(0), x.at(top), y.at(top), _SOFT, "4 3")]
    bars = (_thick(x.at(one["forecast"]), y.at(one["low"]), y.at(one["high"])) for one in points.to_dict("records"))
    return _svg(caption, _TOP + _SIDE + 36, [*parts, *bars, *_dots(x, y, points)])


def columns(caption: Caption, shares: Sequence[float], low: float, high: float, across: str, upward: str) -> str:
    """Draw a histogram of equal bins from 0 to 1, and where its columns lie in 95 of 100 cases if all is even."""
    x = _Scale(0, 1, _LEFT, _RIGHT)
    y = _Scale(0, max(*shares, high) * 1.1, _TOP + _SIDE, _TOP)
    band = _box(x.at(0), y.at(high), x.at(1) - x.at(0), y.at(low) - y.at(high), _WASH)
    wide = (x.at(1) - x.at(0)) / len(shares)
    drawn = [
        _box(x.at(0) + wide * at + 3, y.at(share), wide - 6, y.at(0) - y.at(share), _MAIN)
        for at, share in enumerate(shares)
    ]
    even = _line(x.at(0), y.at(1 / len(shares)), x.at(1), y.at(1 / len(shares)), _SOFT, "4 3")
    return _svg(caption, _TOP + _SIDE + 36, [band, *_field(x, y, across, upward, caption), *drawn, even])


def fan(caption: Caption, years: pd.DataFrame, levels: Sequence[str], across: str, upward: str) -> str:
    """Draw bands of a number over the years, their median, and what was seen.

    Parameters
    ----------
    caption : Caption
    years : pandas.DataFrame
        ``year``, ``median``, ``seen``, and for each level ``low_`` and ``high_``.
    levels : sequence of str
        The widest last.
    across, upward : str
        Words of the axes.
    """
    most = float(years[[f"high_{levels[-1]}", "seen"]].max().max())
    first, last = float(years["year"].min()), float(years["year"].max())
    x = _Scale(first, max(last, first + 1), _LEFT + 8, _RIGHT - 8)
    y = _Scale(0, most * 1.05 or 1.0, _TOP + _SIDE, _TOP)
    parts = [_band(x, y, years, level) for level in reversed(levels)]
    middle = _path(x, y, zip(years["year"], years["median"], strict=True))
    parts += [*_field(x, y, across, upward, caption, years=True), _stroke(middle, _MAIN)]
    seen = (_dot(x.at(year), y.at(count), _OTHER) for year, count in zip(years["year"], years["seen"], strict=True))
    return _svg(caption, _TOP + _SIDE + 36, [*parts, *seen])


def courses(
    caption: Caption, years: Sequence[int], lines: Sequence[Course], across: str, upward: str, most: float
) -> str:
    """Draw lines over the years with their bands, each with its name where it ends.

    Parameters
    ----------
    caption : Caption
    years : sequence of int
    lines : sequence of Course
    across, upward : str
        Words of the axes.
    most : float
        The greatest number that there can be; the field ends there, or a little above all bands.
    """
    top = min(most, 1.05 * max(float(line.high.max()) for line in lines))
    x, y = _Scale(years[0], years[-1], _LEFT, WIDTH - _NAMES), _Scale(0, top, _TOP + _LOW, _TOP)
    parts = [*_field(x, y, across, upward, caption, years=True)]
    for line, colour in zip(lines, cycle(_COLOURS), strict=False):
        upper, lower = (list(zip(years, ends, strict=True)) for ends in (line.high, line.low))
        parts.append(_area(x, y, upper, lower, colour, 0.1))
    for line, colour in zip(lines, cycle(_COLOURS), strict=False):
        parts.append(_stroke(_path(x, y, zip(years, line.middle, strict=True)), colour))
    for line, colour, level in zip(
        lines, cycle(_COLOURS), _spread([y.at(line.middle[-1]) for line in lines]), strict=False
    ):
        parts.append(_fitted(line.label, x.end + 5, level + 3.5, colour, _NAMES - 7))
    return _svg(caption, _TOP + _LOW + 36, parts)


def _spread(levels: Sequence[float]) -> list[float]:
    """Move levels apart, each as little as need be, from the lowest in the picture upward."""
    order = np.argsort(levels)[::-1]
    placed = dict.fromkeys(order.tolist(), 0.0)
    before = _TOP + _LOW + _APART
    for at in order.tolist():
        before = placed[at] = min(levels[at], before - _APART)
    return [placed[at] for at in range(len(levels))]


def _room(numbers: Sequence[float]) -> tuple[float, float]:
    """Return ends that leave some room beside all numbers."""
    low, high = min(numbers), max(numbers)
    more = (high - low) * 0.04 or 1.0
    return low - more, high + more


def _row(row: Row, scale: _Scale, top: float) -> Iterable[str]:
    """Draw the name and value of a row, and below them its bar, or its interval."""
    yield _fitted(row.label, _EDGE, top + _LETTERS, _INK, WIDTH - 3 * _EDGE - _wide(row.told))
    yield _text(row.told, WIDTH - _EDGE, top + _LETTERS, _SOFT, "end")
    at, level = scale.at(row.value), top + sum(_LANE) / 2
    if np.isfinite(row.low):
        yield _line(scale.at(row.low), level, scale.at(row.high), level, _MAIN, width=3)
        yield _dot(at, level, _MAIN)
    else:
        zero = scale.at(0)
        yield _box(min(at, zero), level - 4, abs(at - zero), 8, _OTHER if row.value < 0 else _MAIN)
    if np.isfinite(row.mark):
        yield _upright(scale.at(row.mark), top, _OTHER, width=2.5)


def _rules(scale: _Scale, top: float, zero: bool) -> Iterable[str]:
    """Draw faint lines at round numbers where the bar of a row lies, and a stronger one at 0."""
    for tick in scale.ticks():
        yield _upright(scale.at(tick), top, _LINE)
    if zero:
        yield _upright(scale.at(0), top, _SOFT)


def _numbers(scale: _Scale, bottom: float, caption: Caption) -> Iterable[str]:
    """Write round numbers below all rows."""
    for tick in scale.ticks():
        if _HALF_NUMBER < scale.at(tick) < WIDTH - _HALF_NUMBER:
            yield _text(caption.write(tick), scale.at(tick), bottom + 13, _SOFT, "middle")


def _upright(x: float, top: float, colour: str, width: float = 1) -> str:
    """Draw a stroke as high as the lane of a row."""
    return _line(x, top + _LANE[0], x, top + _LANE[1], colour, width=width)


def _field(x: _Scale, y: _Scale, across: str, upward: str, caption: Caption, years: bool = False) -> Iterable[str]:
    """Draw faint lines and the words of two axes; plain numbers across where they are years."""
    for tick in y.ticks():
        yield _line(x.start, y.at(tick), x.end, y.at(tick), _LINE)
        yield _text(caption.write(tick), x.start - 6, y.at(tick) + 3.5, _SOFT, "end")
    for tick in x.ticks():
        if not years or tick == round(tick):
            yield _text(f"{tick:.0f}" if years else caption.write(tick), x.at(tick), y.start + 16, _SOFT, "middle")
    yield _text(across, (x.start + x.end) / 2, y.start + 30, _SOFT, "middle")
    yield _text(upward, 12, (y.start + y.end) / 2, _SOFT, "middle", turned=True)


def _band(x: _Scale, y: _Scale, years: pd.DataFrame, level: str) -> str:
    """Draw one band as an area; bands within it make it darker."""
    upper, lower = (list(zip(years["year"], years[f"{end}_{level}"], strict=True)) for end in ("high", "low"))
    return _area(x, y, upper, lower, _MAIN, 0.16)


def _area(
    x: _Scale,
    y: _Scale,
    upper: Sequence[tuple[float, float]],
    lower: Sequence[tuple[float, float]],
    colour: str,
    opacity: float,
) -> str:
    """Draw what lies between two lines."""
    return f'<path d="{_path(x, y, [*upper, *reversed(lower)])}Z" fill="{colour}" fill-opacity="{opacity:g}"/>'


def _dots(x: _Scale, y: _Scale, points: pd.DataFrame) -> Iterable[str]:
    """Draw what was observed; what lies outside its bar in another colour."""
    for one in points.to_dict("records"):
        held = one["low"] <= one["observed"] <= one["high"]
        yield _dot(x.at(one["forecast"]), y.at(one["observed"]), _MAIN if held else _OTHER)


def _path(x: _Scale, y: _Scale, points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x.at(across):.1f} {y.at(up):.1f}" for across, up in points)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "", width: float = 1) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"{dashed}/>'


def _thick(x: float, low: float, high: float) -> str:
    return _line(x, low, x, high, _WASH, width=9)


def _stroke(path: str, colour: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _box(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{colour}"/>'


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}" stroke="#fff"/>'


def _wide(words: str) -> float:
    """Return about how wide letters are: Chinese ones are the widest, Latin ones the narrowest."""
    shares = (1.0 if east_asian_width(one) in "WF" else 0.57 if one.isascii() else 0.65 for one in plain(words))
    return sum(_SMALL * share for share in shares)


def _fitted(words: str, x: float, y: float, colour: str, room: float) -> str:
    """Write words as small as a room needs them."""
    return _text(words, x, y, colour, size=min(_SMALL, _SMALL * room / max(_wide(words), 1.0)))


def _text(
    words: str, x: float, y: float, colour: str, anchor: str = "start", turned: bool = False, size: float = _SMALL
) -> str:
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}'
    place += f' font-size="{size:.1f}"' if size < _SMALL else ""
    shown = rendered(escape(words), '<tspan data-value="{}" data-source="{}">{}</tspan>'.format)
    return f'<text {place} fill="{colour}" stroke="#fff" stroke-width="3" paint-order="stroke">{shown}</text>'


def _svg(caption: Caption, height: float, parts: Iterable[str]) -> str:
    """Put a drawing together."""
    name, title, words = caption.name, escape(plain(caption.title)), escape(plain(caption.words))
    head = f'viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-labelledby="{name}-title {name}-words"'
    told = f'<title id="{name}-title">{title}</title><desc id="{name}-words">{words}</desc>'
    return f'<svg {head} font-size="{_SMALL}">{told}{"".join(parts)}</svg>'
