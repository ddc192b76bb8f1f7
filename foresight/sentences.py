"""Sentences on what members filed: how far runs agree with the first phase, and what records say of delivery.

They follow the numbers of `first_phase`, `delivery` and `ignorance`, which know no words.
"""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, Final

import pandas as pd

from foresight.effects import NAME
from foresight.first_phase import STANDINGS, latest
from foresight.follow_up import FOLLOW_UPS
from foresight.ignorance import DELIVERY, BandParts
from foresight.members import REGION
from foresight.parameters import uncertainties
from foresight.texts import in_a_row, percent, text
from foresight.wording import said

_LISTING: Final = "table.comma"


def phase_verdict(table: pd.DataFrame, language: str = "en") -> str:
    """Say how far runs agree with the first phase, from the last year of each record.

    Parameters
    ----------
    table : pandas.DataFrame
        As `first_phase.compared` returns it.
    language : str
        One of `texts.languages` or `texts.drafts`.
    """
    last = latest(table)
    region = last[last["scope"] == REGION].set_index("standing")["record"]
    names = {standing: _names(region, standing, language) for standing in STANDINGS}
    told, inside = (region.index != "open").sum(), (region.index == "inside").sum()
    parts = last[(last["scope"] != REGION) & (last["standing"] != "open")]
    words = {"range": band_in_words(table, language)}
    counts = {"cells": len(parts), "cells_inside": int(parts["standing"].eq("inside").sum())}
    start = text("first_phase.verdict", language, told=told, inside=inside, **counts, **words)
    listings = [text(f"first_phase.standing_{at}", language, names=listing) for at, listing in names.items() if listing]
    return in_a_row([start, *listings, text("first_phase.caveat", language)])


def band_in_words(table: pd.DataFrame, language: str = "en") -> str:
    """Say what the band of runs in a table of `first_phase.compared` is made of."""
    return text(f"effects.range_{table[NAME].iloc[0]}", language)


def delivery_sentences(table: pd.DataFrame, language: str = "en") -> list[str]:
    """Say what the estimates are, and what they say and do not say about delivery.

    Parameters
    ----------
    table : pandas.DataFrame
        As `delivery.estimates` returns it.
    language : str
        One of `texts.languages` or `texts.drafts`.
    """
    rows = table[table["group"] == REGION].astype(object).to_dict("records")
    told = [_told({str(name): cell for name, cell in row.items()}, language) for row in rows]
    return [text("delivery.bound", language), *told, *_priors(language)]


def band_sentences(parts: BandParts, language: str = "en") -> list[str]:
    """Say how much of the band the delivery side makes.

    Parameters
    ----------
    parts : BandParts
        As `ignorance.band_parts` returns it.
    language : str
        As for `delivery_sentences`.
    """
    bands = parts.bands.set_index("varied")
    widths = {
        f"{name}_width": percent(float(part)) for name, part in zip(bands.index, bands["of_everything"], strict=True)
    }
    ends = {f"everything_{end}": f"{bands[end].iloc[0]:.2f}" for end in ("p10", "p90")}
    shares = parts.shares[parts.shares["part"] == "delivery"].drop(columns="part")
    numbers = {str(name): percent(float(share)) for name, share in shares.iloc[0].items()}
    return [text(f"delivery.{key}", language, **widths, **ends, **numbers) for key in ("bands", "shares")]


def _names(records: "pd.Series[str]", standing: str, language: str) -> str:
    """List the records of a standing."""
    named = [text(f"first_phase.record_{record}", language) for record in records[records.index == standing]]
    return text(_LISTING, language).join(named)


def _told(row: Mapping[str, Any], language: str) -> str:
    """Say one estimate, and after the main one of a measure what it says about delivery."""
    measure, quantity = row["measure"], row["quantity"]
    numbers = {name: _number(row[name]) for name in ("estimate", "low", "high")}
    counts = {name: row[name] for name in ("at_risk", "events", "censored")}
    name = text(f"delivery.measure_{measure}", language)
    key = f"quantity_{quantity}" if measure in FOLLOW_UPS else f"{measure}_{quantity}"
    found = text(f"delivery.{key}", language, measure=name, **numbers, **counts)
    if quantity not in ("rate", "effect"):
        return found
    return in_a_row([found, text(f"delivery.says_{measure}", language)])


def _number(value: float) -> str:
    return "∞" if value == inf else f"{value:.2f}".replace("-", "−")


def _priors(language: str) -> Iterator[str]:
    """Yield what stays as declared."""
    for name in DELIVERY:
        one = uncertainties()[name]
        sizes = {"value": f"{one.default:g}", "low": f"{one.low:g}", "high": f"{one.high:g}"}
        label = said(one.label, f"parameter.{name}.label", language)
        yield text("delivery.prior", language, label=label, symbol=one.symbol, **sizes)
