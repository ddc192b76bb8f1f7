"""Tables of the page of trust: forecasts beside what happened."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from foresight.document import Table
from foresight.findings import MAIN, SCORES, families, gain_of, size_of
from foresight.hindcast import METHODS, MODES, Hindcast
from foresight.misses import differences
from foresight.misses import looks as seen_beside
from foresight.scoring import FLOOR, LEVELS, verdict
from foresight.tabling import (
    Row,
    agreement_name,
    better_by,
    between,
    heads,
    level_name,
    made_table,
    signed,
    span,
)
from foresight.texts import in_a_row, percent, text

#: Columns of a comparison with the best baseline, with the form of their numbers.
_PARTS = (("model", ".3f"), ("base", ".3f"), ("gain", "+.3f"))


def scores(hindcast: Hindcast, language: str) -> Table:
    """Return the mean scores of the model and all it is held against, in both modes, on the same chances."""
    found = {(row["method"], row["mode"]): row for row in hindcast.scores.to_dict("records")}
    columns = [_of_mode(score, mode, language) for mode in MODES for score in SCORES]
    rows = [
        (
            text(f"hindcast.{method}", language),
            *(f"{found[method, mode][score]:.4f}" for mode in MODES for score in SCORES),
        )
        for method in METHODS
    ]
    return made_table("scores", [text("column.method", language), *columns], rows, _rested(hindcast, language))


def gains(hindcast: Hindcast, language: str) -> Table:
    """Return how much better the model is than the best baseline, with intervals."""
    rows = [_gain(hindcast, mode, score, language) for mode in MODES for score in SCORES]
    note = in_a_row([text("trust.note_gains", language, families=families(hindcast)), size_of(hindcast, language)])
    return made_table("gains", heads("mode score baseline gain interval verdict", language), rows, note)


def coverage(hindcast: Hindcast, language: str) -> Table:
    """Return how often bands held the number of parties."""
    rows = [_covered(row, language) for row in hindcast.coverage().to_dict("records")]
    note = text("trust.note_coverage", language)
    return made_table("coverage", heads("level horizon held share interval verdict", language), rows, note)


def agreements(hindcast: Hindcast, language: str) -> Table:
    """Return the score of each agreement beside that of the baseline that was best on all."""
    found = {mode: differences(hindcast, mode) for mode in MODES}
    spans = hindcast.by_agreement.drop_duplicates("treaty").set_index("treaty")
    columns = [text(f"column.{head}", language) for head in ("agreement", "years")]
    columns += [_of_mode(name, mode, language) for mode in MODES for name in ("model", "baseline", "difference")]
    rows = []
    for treaty in found[MODES[0]].index:
        numbers = (signed(found[mode].loc[treaty, name], form) for mode in MODES for name, form in _PARTS)
        rows.append(
            (
                agreement_name(str(treaty), language),
                f"{spans.loc[treaty, 'start']}–{spans.loc[treaty, 'last']}",
                *numbers,
            )
        )
    return made_table("agreements", columns, rows, text("trust.note_agreements", language))


def looks(hindcast: Hindcast, language: str) -> Table:
    """Return the number of parties at each horizon beside the band that should hold 8 of 10."""
    rows = [
        (
            *(agreement_name(row["treaty"], language), str(row["age"]), str(row["seen"]), f"{row['median']:g}"),
            *(between(row["low"], row["high"], "g"), text(f"trust.standing_{row['standing']}", language)),
        )
        for row in seen_beside(hindcast).to_dict("records")
    ]
    note = text("trust.measured", language)
    return made_table("looks", heads("agreement horizon parties median band verdict", language), rows, note)


def variants(table: pd.DataFrame, language: str) -> Table:
    """Return the scores of other hazards and their gains over the main one."""
    rows = [_variant(row, language) for row in table.to_dict("records")]
    note = text("trust.note_variants", language)
    return made_table("variants", heads("variant mode score mean gain interval verdict", language), rows, note)


def reliability(points: pd.DataFrame, language: str) -> Table:
    """Return the points of a reliability diagram."""
    rows = [
        (f"{row['forecast']:.3f}", f"{row['observed']:.3f}", between(row["low"], row["high"], ".3f"), str(row["n"]))
        for row in points.to_dict("records")
    ]
    note = text("trust.measured", language)
    return made_table("reliability", heads("forecast observed consistent count", language), rows, note)


def ranks(found: Iterable[float], language: str) -> Table:
    """Return the share of forecasts in each bin of the rank histogram."""
    rows = [(f"{at / 10:.1f}–{(at + 1) / 10:.1f}", f"{share:.1%}") for at, share in enumerate(found)]
    return made_table("ranks", heads("rank share", language), rows, text("trust.measured", language))


def parties(years: pd.DataFrame, language: str) -> Table:
    """Return the number of parties to one agreement by year, as forecast and as seen."""
    rows = [
        (
            *(str(row["year"]), str(row["seen"]), f"{row['median']:g}"),
            *(between(row[f"low_{level:.0%}"], row[f"high_{level:.0%}"], "g") for level in LEVELS),
        )
        for row in years.to_dict("records")
    ]
    columns = [*heads("year parties median", language), *(level_name(level, language) for level in LEVELS)]
    return made_table("parties", columns, rows, text("trust.measured", language))


def _gain(hindcast: Hindcast, mode: str, score: str, language: str) -> Row:
    found = gain_of(hindcast, mode, score)
    names = (f"trust.mode_{mode}", f"trust.score_{score}", f"hindcast.{found['baseline']}")
    told = text(f"trust.verdict_{found['verdict']}", language)
    words = (text(name, language) for name in names)
    return *words, better_by(found["gain"], language), span(found["low"], found["high"], language), told


def _covered(row: Mapping[Any, Any], language: str) -> Row:
    counts = f"{row['inside']} / {row['n']}", percent(row["inside"] / row["n"])
    interval = between(row["low"], row["high"], ".0%")
    told = text(f"trust.verdict_{'holds' if row['holds'] else 'misses'}", language)
    return percent(row["level"]), str(row["horizon"]), *counts, interval, told


def _variant(row: Mapping[Any, Any], language: str) -> Row:
    names = (f"variant.{row['variant']}", f"trust.mode_{row['mode']}", f"trust.score_{row['score']}")
    words = *(text(name, language) for name in names), f"{row['mean']:.4f}"
    if row["variant"] == MAIN:
        return *words, "", "", ""
    told = text(f"trust.verdict_{verdict(row['low'], row['high'])}", language)
    gain, ends = better_by(row["gain"], language, _written), span(row["low"], row["high"], language, _written)
    return *words, gain, ends, told


def _written(size: float) -> str:
    return f"{size:.4f}"


def _of_mode(name: str, mode: str, language: str) -> str:
    """Name a column that each mode has."""
    shown = text(f"trust.score_{name}" if name in SCORES else f"column.{name}", language)
    return text("trust.of_mode", language, name=shown, mode=text(f"trust.mode_{mode}", language))


def _rested(hindcast: Hindcast, language: str) -> str:
    numbers = {"rows": len(hindcast.rows), "agreements": len(hindcast.cases), "floor": FLOOR}
    return text("trust.note_scores", language, **numbers)
