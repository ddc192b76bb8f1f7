"""Figures of the page of trust, each followed by the table of its numbers."""

from typing import Any

import pandas as pd
from scipy.stats import binom

from foresight.analysis.band_parts import BandParts
from foresight.calibration.hindcast import HORIZONS, MODEL, Hindcast
from foresight.calibration.scores import BINS, LEVELS
from foresight.documents import drawings
from foresight.documents.document import Figure, Part
from foresight.documents.drawings import Caption, Row
from foresight.facts.members import REGION
from foresight.observed.first_phase import latest
from foresight.reports.trust import failures, score_tables, tables
from foresight.reports.trust.findings import MAIN, SCORES, consistent
from foresight.reports.trust.writing import PageWords

Parts = tuple[Part, ...]


def reliability(hindcast: Hindcast, mode: str, words: PageWords) -> Parts:
    """Draw how often what the model forecast came about."""
    points = hindcast.reliability(mode)
    numbers = {"held": consistent(points), "points": len(points)}
    caption = _caption("reliability", words, mode, bars=words.say(f"trust.bars_{mode}"), **numbers)
    drawn = drawings.diagonal(caption, points, *(words.say(f"trust.axis_{name}") for name in _CHANCES))
    return _figure(caption, drawn), words.folded(score_tables.reliability(points, words), caption.title)


def ranks(hindcast: Hindcast, words: PageWords) -> Parts:
    """Draw where the number of parties lay among the futures, at the first horizon."""
    rows, shares = hindcast.counts, hindcast.rank_histogram()
    count = int(((rows["method"] == MODEL) & (rows["age"] == HORIZONS[0])).sum())
    low, high = binom.ppf([0.025, 0.975], count, 1 / BINS) / count
    caption = _caption("ranks", words, n=count, years=HORIZONS[0])
    axes = (words.say(f"trust.axis_{name}") for name in ("rank", "share"))
    drawn = drawings.columns(caption, list(shares), float(low), float(high), *axes)
    return _figure(caption, drawn), words.folded(score_tables.ranks(shares, words), caption.title)


def coverage(hindcast: Hindcast, words: PageWords) -> Parts:
    """Draw how often bands held the number of parties, beside what they promise."""
    rows = [_covered(row, words) for row in hindcast.coverage().to_dict("records")]
    caption = _caption("coverage", words)._replace(write=words.share)
    drawn = drawings.intervals(caption, rows)
    return _figure(caption, drawn), words.folded(score_tables.coverage(hindcast, words), caption.title)


def differences(hindcast: Hindcast, mode: str, words: PageWords) -> Figure:
    """Draw by agreement how much better than the best baseline the model was."""
    gains = failures.differences(hindcast, mode)["gain"]
    rows = [Row(words.agreement(str(name)), words.signed(gain, 3), gain) for name, gain in gains.items()]
    caption = _caption("differences", words, mode, better=int((gains > 0).sum()), agreements=len(gains))
    return _figure(caption, drawings.intervals(caption, rows, zero=True))


def parties(hindcast: Hindcast, treaty: str, words: PageWords) -> Parts:
    """Draw the number of parties to one agreement by year, as forecast and as seen."""
    rows = hindcast.counts
    years = rows[(rows["method"] == MODEL) & (rows["treaty"] == treaty)]
    last = years.iloc[-1]
    numbers = {"year": last["year"], "seen": last["seen"], "median": words.exact(last["median"])}
    caption = _caption("parties", words, treaty=words.agreement(treaty), **numbers)
    axes = (words.say(f"trust.axis_{name}") for name in ("year", "parties"))
    drawn = drawings.fan(caption, years, [f"{level:.0%}" for level in LEVELS], *axes)
    return _figure(caption, drawn), words.folded(score_tables.parties(years, words), caption.title)


def variants(table: pd.DataFrame, mode: str, words: PageWords) -> Figure:
    """Draw the gains of other hazards over the main one."""
    others = table[(table["mode"] == mode) & (table["score"] == SCORES[0]) & (table["variant"] != MAIN)]
    rows = [_gained(row, words) for row in others.to_dict("records")]
    caption = _caption("variants", words, mode)
    return _figure(caption, drawings.intervals(caption, rows, zero=True))


def band(parts: BandParts, words: PageWords) -> Parts:
    """Draw the bands with some of what nobody knows varied."""
    rows = [
        Row(
            words.say(f"trust.varied_{row['varied']}"),
            words.between(row["p10"], row["p90"], words.number),
            *(row[name] for name in ("median", "p10", "p90")),
        )
        for row in parts.bands.to_dict("records")
    ]
    caption = _caption("band", words)
    drawn = drawings.intervals(caption, rows)
    return _figure(caption, drawn), words.folded(tables.band(parts, words), caption.title)


def phase(table: pd.DataFrame, words: PageWords) -> Parts:
    """Draw the shares of the first phase in the region: runs, and what was observed."""
    last = latest(table)
    region = last[last["scope"] == REGION]
    rows = [
        Row(
            words.record(row["record"]),
            words.seen(row),
            *(row[name] for name in ("median", "p10", "p90", "observed")),
        )
        for row in region.to_dict("records")
    ]
    caption = _caption("phase", words)._replace(write=words.share)
    drawn = drawings.intervals(caption, rows)
    return _figure(caption, drawn), words.folded(tables.observed(region, words), caption.title)


#: Words of the axes of a reliability diagram.
_CHANCES = ("forecast", "observed")


def _covered(row: dict[Any, Any], words: PageWords) -> Row:
    label = words.say("trust.row_coverage", level=words.share(row["level"]), years=row["horizon"])
    share = row["inside"] / row["n"]
    return Row(label, f"{row['inside']} / {row['n']}", share, row["low"], row["high"], row["level"])


def _gained(row: dict[Any, Any], words: PageWords) -> Row:
    return Row(words.variant(row["variant"]), words.signed(row["gain"], 4), row["gain"], row["low"], row["high"])


def _caption(name: str, words: PageWords, mode: str = "", **numbers: object) -> Caption:
    """Return the words of a figure; those of one mode name it."""
    shown = words.mode(mode) if mode else ""
    title = words.say(f"trust.figure_{name}")
    titled = words.say("trust.of_mode", name=title, mode=shown) if mode else title
    sentence = words.say(f"trust.figure_{name}_words", **numbers)
    return Caption(f"{name}-{mode}" if mode else name, titled, sentence, words.exact)


def _figure(caption: Caption, drawn: str) -> Figure:
    return Figure(caption.title, caption.words, drawn)
