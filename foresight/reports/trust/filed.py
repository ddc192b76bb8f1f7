"""Sentences on what members filed: how far runs agree with the first phase, and what records say of delivery.

They follow the numbers of `first_phase`, `delivery` and `band_parts`, which know no words.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from foresight.analysis.band_parts import DELIVERY, BandParts
from foresight.facts.members import REGION
from foresight.facts.names import said
from foresight.facts.parameters import uncertainties
from foresight.observed.first_phase import STANDINGS, latest
from foresight.runs import NAME
from foresight.texts import Words

#: How keys begin of measures that have sentences of their own.
_BEGUN: Final[Mapping[str, str]] = {"reviewed": "delivery.reviewed_", "cop26": "delivery.cop26_"}


def phase_verdict(table: pd.DataFrame, words: Words) -> str:
    """Say how far runs agree with the first phase, from the last year of each record.

    Parameters
    ----------
    table : pandas.DataFrame
        As `first_phase.compared` returns it.
    words : Words
        Of one of `texts.languages` or `texts.drafts`.
    """
    last = latest(table)
    region = last[last["scope"] == REGION].set_index("standing")["record"]
    names = {standing: _names(region, standing, words) for standing in STANDINGS}
    told, inside = (region.index != "open").sum(), (region.index == "inside").sum()
    parts = last[(last["scope"] != REGION) & (last["standing"] != "open")]
    counts = {"cells": len(parts), "cells_inside": int(parts["standing"].eq("inside").sum())}
    start = words.say("first_phase.verdict", told=told, inside=inside, **counts, range=band_in_words(table, words))
    listings = [words.say(f"first_phase.standing_{at}", names=listing) for at, listing in names.items() if listing]
    return words.joined(start, *listings, words.say("first_phase.caveat"))


def band_in_words(table: pd.DataFrame, words: Words) -> str:
    """Say what the band of runs in a table of `first_phase.compared` is made of."""
    return words.say(f"effects.range_{table[NAME].iloc[0]}")


def delivery_sentences(table: pd.DataFrame, words: Words) -> list[str]:
    """Say what the estimates are, and what they say and do not say about delivery.

    Parameters
    ----------
    table : pandas.DataFrame
        As `delivery.estimates` returns it.
    words : Words
        Of one of `texts.languages` or `texts.drafts`.
    """
    rows = table[table["group"] == REGION].astype(object).to_dict("records")
    estimates = [_estimate({str(name): cell for name, cell in row.items()}, words) for row in rows]
    return [words.say("delivery.bound"), *estimates, *_priors(words)]


def band_sentences(parts: BandParts, words: Words) -> list[str]:
    """Say how much of the band the delivery side makes.

    Parameters
    ----------
    parts : BandParts
        As `band_parts.band_parts` returns it.
    words : Words
        As for `delivery_sentences`.
    """
    bands = parts.bands.set_index("varied")
    widths = {
        f"{name}_width": words.share(float(part))
        for name, part in zip(bands.index, bands["of_everything"], strict=True)
    }
    ends = {f"everything_{end}": words.number(bands[end].iloc[0]) for end in ("p10", "p90")}
    shares = parts.shares[parts.shares["part"] == "delivery"].drop(columns="part")
    numbers = {str(name): words.share(float(share)) for name, share in shares.iloc[0].items()}
    return [words.say(f"delivery.{key}", **widths, **ends, **numbers) for key in ("bands", "shares")]


def _names(records: "pd.Series[str]", standing: str, words: Words) -> str:
    """List the records of a standing."""
    return words.listed(words.say(f"first_phase.record_{record}") for record in records[records.index == standing])


def _estimate(row: Mapping[str, Any], words: Words) -> str:
    """Say one estimate, and after the main one of a measure what it says about delivery."""
    measure, quantity = row["measure"], row["quantity"]
    numbers = {name: words.number(row[name]) for name in ("estimate", "low", "high")}
    counts = {name: row[name] for name in ("at_risk", "events", "censored")}
    name = words.say(f"delivery.measure_{measure}")
    sentence = words.say(_BEGUN.get(measure, "delivery.quantity_") + quantity, measure=name, **numbers, **counts)
    if quantity not in ("rate", "effect"):
        return sentence
    return words.joined(sentence, words.say(f"delivery.says_{measure}"))


def _priors(words: Words) -> Iterator[str]:
    """Yield what stays as declared."""
    for name in DELIVERY:
        declared = uncertainties()[name]
        numbers = {"value": declared.default, "low": declared.low, "high": declared.high}
        label = said(declared.label, f"parameter.{name}.label", words)
        sizes = {which: words.exact(number) for which, number in numbers.items()}
        yield words.say("delivery.prior", label=label, symbol=declared.symbol, **sizes)
