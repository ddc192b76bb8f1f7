"""Tables of the page of trust: estimates, delivery, the first phase, and the calibration."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from foresight import first_phase
from foresight.document import Table
from foresight.findings import name_of
from foresight.ignorance import BandParts
from foresight.scoring import LEVELS
from foresight.sentences import band_in_words
from foresight.tabling import Row, agreement_name, between, heads, level_name, listed, made_table, signed
from foresight.texts import percent, text


def estimates(table: pd.DataFrame, language: str) -> Table:
    """Return what the records tell of the estimated numbers beside the declared defaults."""
    rows = [_estimate(row, language) for row in table.to_dict("records")]
    note = text("trust.note_estimates", language)
    return made_table("estimates", heads("name default mean interval verdict", language), rows, note)


def shares(parts: BandParts, language: str) -> Table:
    """Return the shares of the variance of a run."""
    rows = [
        (text(f"trust.part_{row['part']}", language), *_share(row, "first"), *_share(row, "total"))
        for row in parts.shares.to_dict("records")
    ]
    note = text("trust.measured_runs", language)
    return made_table("band_shares", heads("part first interval total interval", language), rows, note)


def delivered(table: pd.DataFrame, language: str) -> Table:
    """Return what records tell of follow-ups."""
    rows = [_delivered(row, language) for row in table.astype(object).to_dict("records")]
    note = text("trust.note_delivered", language)
    return made_table(
        "delivery", heads("measure quantity scope estimate interval members events", language), rows, note
    )


def members(table: pd.DataFrame, language: str) -> Table:
    """Return how well runs tell which members filed."""
    rows = [
        (
            *(text(f"first_phase.record_{record}", language), f"{row['year']:.0f}", f"{row['members']:.0f}"),
            *(percent(row[name]) for name in ("observed", "simulated")),
            *(signed(row[name], ".3f") for name in ("brier", "brier_of_share", "skill")),
        )
        for record, row in table.iterrows()
    ]
    columns = heads("record year members observed simulated brier brier_of_share skill", language)
    return made_table("first_phase_members", columns, rows, text("trust.note_members", language))


def records(language: str) -> Table:
    """Return what each record of the first phase stands for, and why."""
    found = first_phase.records(language)
    rows = [
        (
            *(row["name"], text(f"action.{row['action']}", language), text(f"trust.state_{row['state']}", language)),
            *(text(f"tag.{row['tag']}", language), row["reason"], row["coverage"]),
        )
        for _, row in found.iterrows()
    ]
    return made_table("records", heads("record action state tag reason coverage", language), rows)


def left_out(language: str) -> Table:
    """Return the pledges that stand for nothing, and why."""
    rows = list(first_phase.left_out(language)[["pledge", "reason"]].itertuples(index=False, name=None))
    return made_table("left_out", heads("pledge reason", language), rows)


def recovery(table: pd.DataFrame, language: str) -> Table:
    """Return how often bands held the numbers that were planted."""
    rows = [_recovered(str(name), found, language) for name, found in table.groupby("parameter", sort=False)]
    columns = [*heads("name bias", language), *(level_name(level, language) for level in LEVELS)]
    return made_table(
        "recovery", [*columns, text("column.verdict", language)], rows, text("trust.note_recovery", language)
    )


def made(facts: Mapping[str, Any], language: str) -> Table:
    """Return how the posterior was made."""
    rows = [(str(name), _fact(value, language)) for name, value in facts.items() if not isinstance(value, Mapping)]
    return replace(made_table("posterior", heads("name value", language), rows), code=(0, 1))


def observed(table: pd.DataFrame, language: str) -> Table:
    """Return the last year of the first phase in the region, as observed and in runs."""
    rows = [
        (
            *(text(f"first_phase.record_{row['record']}", language), str(row["year"]), percent(row["observed"])),
            *(percent(row["median"]), f"{percent(row['p10'])}\u00a0…\u00a0{percent(row['p90'])}"),
            text(f"trust.phase_{row['standing']}", language),
        )
        for row in table.to_dict("records")
    ]
    columns = heads("record year observed median eight_in_ten verdict", language)
    note = text("trust.note_phase", language, range=band_in_words(table, language))
    return made_table("first_phase", columns, rows, note)


def band(parts: BandParts, language: str) -> Table:
    """Return the bands with some of what nobody knows varied."""
    rows = [
        (
            text(f"trust.varied_{row['varied']}", language),
            f"{row['median']:.2f}",
            between(row["p10"], row["p90"], ".2f"),
            percent(row["of_everything"]),
            f"{row['runs']}",
        )
        for row in parts.bands.to_dict("records")
    ]
    note = text("trust.measured_runs", language)
    return made_table("band", heads("varied median eight_in_ten of_everything runs", language), rows, note)


def _fact(value: object, language: str) -> str:
    """Write one fact; names of agreements in the language."""
    if not isinstance(value, list | tuple):
        return str(value)
    return listed((agreement_name(str(one), language) for one in value), language)


def _recovered(name: str, found: pd.DataFrame, language: str) -> Row:
    cells = (f"{row['inside']} / {row['n']}" for row in found.sort_values("level").to_dict("records"))
    kind = "holds" if found["holds"].astype(bool).all() else "misses"
    bias = signed(float(found["bias"].iloc[0]), ".3f")
    return name_of(name, language), bias, *cells, text(f"trust.verdict_{kind}", language)


def _estimate(row: Mapping[Any, Any], language: str) -> Row:
    numbers = (signed(row[name], ".2f") for name in ("default", "mean"))
    kind = "open" if row["default"] != row["default"] else _place(row)
    told = text(f"trust.default_{kind}", language)
    return name_of(row["parameter"], language), *numbers, between(row["low"], row["high"], ".2f"), told


def _place(row: Mapping[Any, Any]) -> str:
    return "inside" if row["low"] <= row["default"] <= row["high"] else "outside"


def _share(row: Mapping[Any, Any], name: str) -> Iterator[str]:
    yield percent(row[name])
    yield f"{percent(row[f'{name}_low'])}\u00a0…\u00a0{percent(row[f'{name}_high'])}"


def _delivered(row: Mapping[Any, Any], language: str) -> Row:
    words = text(f"delivery.measure_{row['measure']}", language), text(f"trust.quantity_{row['quantity']}", language)
    group = text(f"trust.group_{row['group']}", language)
    events = "–" if pd.isna(row["events"]) else str(row["events"])
    estimate = signed(row["estimate"], ".2f"), between(row["low"], row["high"], ".2f")
    return *words, group, *estimate, str(row["at_risk"]), events
