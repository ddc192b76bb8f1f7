"""Tables of the page of trust: forecasts beside what happened."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from foresight.calibration.hindcast import COMPARISONS, METHODS, MODES, Hindcast
from foresight.calibration.scores import FLOOR, LEVELS, verdict
from foresight.documents.document import Table
from foresight.reports.trust.failures import differences
from foresight.reports.trust.failures import looks as seen_beside
from foresight.reports.trust.findings import MAIN, SCORES, families, gain_of, size_of
from foresight.reports.trust.writing import PageWords, Row, made_table

#: Columns of a comparison with the best baseline.
_PARTS: Final = ("model", "base", "gain")


def scores(hindcast: Hindcast, words: PageWords) -> Table:
    """Return the mean scores of the model and all it is held against, in both modes, on the same chances."""
    means = {(row["method"], row["mode"]): row for row in hindcast.scores.to_dict("records")}
    columns = [_of_mode(score, mode, words) for mode in MODES for score in SCORES]
    rows = [
        (
            words.method(method),
            *(words.number(means[method, mode][score], 4) for mode in MODES for score in SCORES),
        )
        for method in METHODS
    ]
    return made_table("scores", [words.say("column.method"), *columns], rows, _rested(hindcast, words))


def gains(hindcast: Hindcast, words: PageWords) -> Table:
    """Return how much better the model is than the best baseline, with intervals."""
    rows = [_gain(hindcast, *compared, words) for compared in COMPARISONS]
    note = words.joined(words.say("trust.note_gains", families=families(hindcast)), size_of(hindcast, words))
    return made_table("gains", words.heads("mode score baseline gain interval verdict"), rows, note)


def coverage(hindcast: Hindcast, words: PageWords) -> Table:
    """Return how often bands held the number of parties."""
    rows = [_covered(row, words) for row in hindcast.coverage().to_dict("records")]
    note = words.say("trust.note_coverage")
    return made_table("coverage", words.heads("level horizon held share interval verdict"), rows, note)


def agreements(hindcast: Hindcast, words: PageWords) -> Table:
    """Return the score of each agreement beside that of the baseline that was best on all."""
    compared = {mode: differences(hindcast, mode) for mode in MODES}
    spans = hindcast.by_agreement.drop_duplicates("treaty").set_index("treaty")
    columns = words.heads("agreement years")
    columns += [_of_mode(name, mode, words) for mode in MODES for name in ("model", "baseline", "difference")]
    rows = []
    for treaty in compared[MODES[0]].index:
        numbers = (_score(name, compared[mode].loc[treaty, name], words) for mode in MODES for name in _PARTS)
        rows.append(
            (
                words.agreement(str(treaty)),
                f"{spans.loc[treaty, 'start']}–{spans.loc[treaty, 'last']}",
                *numbers,
            )
        )
    return made_table("agreements", columns, rows, words.say("trust.note_agreements"))


def looks(hindcast: Hindcast, words: PageWords) -> Table:
    """Return the number of parties at each horizon beside the band that should hold 8 of 10."""
    rows = [
        (
            *(words.agreement(row["treaty"]), str(row["age"]), str(row["seen"]), words.exact(row["median"])),
            *(words.between(row["low"], row["high"], words.exact), words.say(f"trust.standing_{row['standing']}")),
        )
        for row in seen_beside(hindcast).to_dict("records")
    ]
    note = words.say("trust.measured")
    return made_table("looks", words.heads("agreement horizon parties median band verdict"), rows, note)


def variants(table: pd.DataFrame, words: PageWords) -> Table:
    """Return the scores of other hazards and their gains over the main one."""
    rows = [_variant(row, words) for row in table.to_dict("records")]
    note = words.say("trust.note_variants")
    return made_table("variants", words.heads("variant mode score mean gain interval verdict"), rows, note)


def reliability(points: pd.DataFrame, words: PageWords) -> Table:
    """Return the points of a reliability diagram."""
    rows = [
        (
            *(words.number(row[name], 3) for name in ("forecast", "observed")),
            words.between(row["low"], row["high"], partial(words.number, digits=3)),
            str(row["n"]),
        )
        for row in points.to_dict("records")
    ]
    note = words.say("trust.measured")
    return made_table("reliability", words.heads("forecast observed consistent count"), rows, note)


def ranks(shares: Iterable[float], words: PageWords) -> Table:
    """Return the share of forecasts in each bin of the rank histogram."""
    ends = [words.number(at / 10, 1) for at in range(11)]
    rows = [(f"{low}–{high}", words.share(part, 1)) for (low, high), part in zip(pairwise(ends), shares, strict=True)]
    return made_table("ranks", words.heads("rank share"), rows, words.say("trust.measured"))


def parties(years: pd.DataFrame, words: PageWords) -> Table:
    """Return the number of parties to one agreement by year, as forecast and as seen."""
    rows = [
        (
            *(str(row["year"]), str(row["seen"]), words.exact(row["median"])),
            *(words.between(row[f"low_{level:.0%}"], row[f"high_{level:.0%}"], words.exact) for level in LEVELS),
        )
        for row in years.to_dict("records")
    ]
    columns = [*words.heads("year parties median"), *(words.level(level) for level in LEVELS)]
    return made_table("parties", columns, rows, words.say("trust.measured"))


def _score(name: str, value: float, words: PageWords) -> str:
    """Write a score, a gain with its sign."""
    return words.signed(value, 3) if name == "gain" else words.number(value, 3)


def _gain(hindcast: Hindcast, mode: str, score: str, words: PageWords) -> Row:
    gain = gain_of(hindcast, mode, score)
    names = words.mode(mode), words.score(score), words.method(gain["baseline"])
    size, ends = words.better_by(gain["gain"]), words.span(gain["low"], gain["high"])
    return *names, size, ends, words.verdict(gain["verdict"])


def _covered(row: Mapping[Any, Any], words: PageWords) -> Row:
    counts = f"{row['inside']} / {row['n']}", words.share(row["inside"] / row["n"])
    interval = words.between(row["low"], row["high"], words.share)
    outcome = words.verdict("holds" if row["holds"] else "misses")
    return words.share(row["level"]), str(row["horizon"]), *counts, interval, outcome


def _variant(row: Mapping[Any, Any], words: PageWords) -> Row:
    names = words.variant(row["variant"]), words.mode(row["mode"]), words.score(row["score"])
    cells = *names, words.number(row["mean"], 4)
    if row["variant"] == MAIN:
        return *cells, "", "", ""
    outcome = words.verdict(verdict(row["low"], row["high"]))
    write = partial(words.number, digits=4)
    return *cells, words.better_by(row["gain"], write), words.span(row["low"], row["high"], write), outcome


def _of_mode(name: str, mode: str, words: PageWords) -> str:
    """Name a column that each mode has."""
    shown = words.score(name) if name in SCORES else words.say(f"column.{name}")
    return words.say("trust.of_mode", name=shown, mode=words.mode(mode))


def _rested(hindcast: Hindcast, words: PageWords) -> str:
    numbers = {"rows": len(hindcast.rows), "agreements": len(hindcast.cases), "floor": words.exact(FLOOR)}
    return words.say("trust.note_scores", **numbers)
