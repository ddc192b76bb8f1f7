"""Figures of the page of trust, each followed by the table of its numbers."""

from typing import Any

import pandas as pd
from scipy.stats import binom

from foresight import drawings, misses, score_tables, trust_tables
from foresight.document import Figure, Part
from foresight.drawings import Caption, Row
from foresight.findings import MAIN, SCORES, consistent
from foresight.first_phase import latest
from foresight.hindcast import HORIZONS, MODEL, Hindcast
from foresight.ignorance import BandParts
from foresight.members import REGION
from foresight.scoring import BINS, LEVELS
from foresight.tabling import agreement_name, between, folded, signed
from foresight.texts import percent, text

Parts = tuple[Part, ...]


def reliability(hindcast: Hindcast, mode: str, language: str) -> Parts:
    """Draw how often what the model forecast came about."""
    points = hindcast.reliability(mode)
    numbers = {"held": consistent(points), "points": len(points)}
    caption = _caption("reliability", language, mode, bars=text(f"trust.bars_{mode}", language), **numbers)
    drawn = drawings.diagonal(caption, points, *(text(f"trust.axis_{name}", language) for name in _CHANCES))
    return _figure(caption, drawn), folded(score_tables.reliability(points, language), caption.title, language)


def ranks(hindcast: Hindcast, language: str) -> Parts:
    """Draw where the number of parties lay among the futures, at the first horizon."""
    rows, found = hindcast.counts, hindcast.rank_histogram()
    looked = int(((rows["method"] == MODEL) & (rows["age"] == HORIZONS[0])).sum())
    low, high = binom.ppf([0.025, 0.975], looked, 1 / BINS) / looked
    caption = _caption("ranks", language, n=looked, years=HORIZONS[0])
    words = (text(f"trust.axis_{name}", language) for name in ("rank", "share"))
    drawn = drawings.columns(caption, list(found), float(low), float(high), *words)
    return _figure(caption, drawn), folded(score_tables.ranks(found, language), caption.title, language)


def coverage(hindcast: Hindcast, language: str) -> Parts:
    """Draw how often bands held the number of parties, beside what they promise."""
    rows = [_covered(row, language) for row in hindcast.coverage().to_dict("records")]
    caption = _caption("coverage", language)
    return _figure(caption, drawings.intervals(caption, rows, percent=True)), score_tables.coverage(hindcast, language)


def differences(hindcast: Hindcast, mode: str, language: str) -> Figure:
    """Draw by agreement how much better than the best baseline the model was."""
    found = misses.differences(hindcast, mode)["gain"]
    rows = [Row(agreement_name(str(name), language), signed(gain, "+.3f"), gain) for name, gain in found.items()]
    caption = _caption("differences", language, mode, better=int((found > 0).sum()), agreements=len(found))
    return _figure(caption, drawings.intervals(caption, rows, zero=True))


def parties(hindcast: Hindcast, treaty: str, language: str) -> Parts:
    """Draw the number of parties to one agreement by year, as forecast and as seen."""
    rows = hindcast.counts
    years = rows[(rows["method"] == MODEL) & (rows["treaty"] == treaty)]
    last = years.iloc[-1]
    numbers = {"year": last["year"], "seen": last["seen"], "median": f"{last['median']:g}"}
    caption = _caption("parties", language, treaty=agreement_name(treaty, language), **numbers)
    words = (text(f"trust.axis_{name}", language) for name in ("year", "parties"))
    drawn = drawings.fan(caption, years, [f"{level:.0%}" for level in LEVELS], *words)
    return _figure(caption, drawn), folded(score_tables.parties(years, language), caption.title, language)


def variants(table: pd.DataFrame, mode: str, language: str) -> Figure:
    """Draw the gains of other hazards over the main one."""
    chosen = table[(table["mode"] == mode) & (table["score"] == SCORES[0]) & (table["variant"] != MAIN)]
    rows = [_gained(row, text(f"variant.{row['variant']}", language)) for row in chosen.to_dict("records")]
    caption = _caption("variants", language, mode)
    return _figure(caption, drawings.intervals(caption, rows, zero=True))


def band(parts: BandParts, language: str) -> Parts:
    """Draw the bands with some of what nobody knows varied."""
    rows = [
        Row(
            text(f"trust.varied_{row['varied']}", language),
            between(row["p10"], row["p90"], ".2f"),
            *(row[name] for name in ("median", "p10", "p90")),
        )
        for row in parts.bands.to_dict("records")
    ]
    caption = _caption("band", language)
    return _figure(caption, drawings.intervals(caption, rows)), trust_tables.band(parts, language)


def phase(table: pd.DataFrame, language: str) -> Parts:
    """Draw the shares of the first phase in the region: runs, and what was observed."""
    last = latest(table)
    region = last[last["scope"] == REGION]
    rows = [
        Row(
            text(f"first_phase.record_{row['record']}", language),
            percent(row["observed"]),
            *(row[name] for name in ("median", "p10", "p90", "observed")),
        )
        for row in region.to_dict("records")
    ]
    caption = _caption("phase", language)
    return _figure(caption, drawings.intervals(caption, rows, percent=True)), trust_tables.observed(region, language)


#: Words of the axes of a reliability diagram.
_CHANCES = ("forecast", "observed")


def _covered(row: dict[Any, Any], language: str) -> Row:
    label = text("trust.row_coverage", language, level=percent(row["level"]), years=row["horizon"])
    share = row["inside"] / row["n"]
    return Row(label, f"{row['inside']} / {row['n']}", share, row["low"], row["high"], row["level"])


def _gained(row: dict[Any, Any], label: str) -> Row:
    return Row(label, signed(row["gain"], "+.4f"), row["gain"], row["low"], row["high"])


def _caption(name: str, language: str, mode: str = "", **numbers: object) -> Caption:
    """Return the words of a figure; those of one mode name it."""
    shown = text(f"trust.mode_{mode}", language) if mode else ""
    title = text(f"trust.figure_{name}", language)
    titled = text("trust.of_mode", language, name=title, mode=shown) if mode else title
    return Caption(f"{name}-{mode}" if mode else name, titled, text(f"trust.figure_{name}_words", language, **numbers))


def _figure(caption: Caption, drawn: str) -> Figure:
    return Figure(caption.title, caption.words, drawn)
