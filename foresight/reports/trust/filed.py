"""Sentences on what members filed: how far runs agree with the first phase, and what records say of delivery.

They follow the numbers of `first_phase` and `delivery`, which know no words.
"""

import pandas as pd

from foresight.facts.members import REGION
from foresight.observed.first_phase import STANDINGS, latest
from foresight.runs import NAME
from foresight.texts import Words


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
    """Say what the estimates are, and what each says and does not say about delivery.

    Parameters
    ----------
    table : pandas.DataFrame
        As `delivery.estimates` returns it.
    words : Words
        Of one of `texts.languages` or `texts.drafts`.
    """
    return [words.say("delivery.bound"), *(_measured(name, words) for name in table["measure"].unique())]


def _names(records: "pd.Series[str]", standing: str, words: Words) -> str:
    """List the records of a standing."""
    return words.listed(words.say(f"first_phase.record_{record}") for record in records[records.index == standing])


def _measured(measure: str, words: Words) -> str:
    """Name a measure and what it says about delivery."""
    told = {"measure": words.say(f"delivery.measure_{measure}"), "says": words.say(f"delivery.says_{measure}")}
    return words.say("delivery.measured", **told)
