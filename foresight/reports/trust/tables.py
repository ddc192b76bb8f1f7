"""Tables of the page of trust: estimates, delivery, the first phase, and the calibration."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from foresight.analysis.band_parts import BandParts
from foresight.calibration.scores import LEVELS
from foresight.documents.document import Table
from foresight.observed import first_phase
from foresight.reports.trust.filed import band_in_words
from foresight.reports.trust.writing import PageWords, Row, made_table


def estimates(table: pd.DataFrame, words: PageWords) -> Table:
    """Return what the records tell of the estimated numbers beside the declared defaults."""
    rows = [_estimate(row, words) for row in table.to_dict("records")]
    note = words.say("trust.note_estimates")
    return made_table("estimates", words.heads("name default mean interval verdict"), rows, note)


def shares(parts: BandParts, words: PageWords) -> Table:
    """Return the shares of the variance of a run."""
    rows = [
        (words.say(f"trust.part_{row['part']}"), *_share(row, "first", words), *_share(row, "total", words))
        for row in parts.shares.to_dict("records")
    ]
    note = words.say("trust.measured_runs")
    return made_table("band_shares", words.heads("part first interval total interval"), rows, note)


def delivered(table: pd.DataFrame, words: PageWords) -> Table:
    """Return what records tell of follow-ups."""
    rows = [_delivered(row, words) for row in table.astype(object).to_dict("records")]
    note = words.say("trust.note_delivered")
    return made_table("delivery", words.heads("measure quantity scope estimate interval members events"), rows, note)


def members(table: pd.DataFrame, words: PageWords) -> Table:
    """Return how well runs tell which members filed."""
    rows = [
        (
            *(words.record(str(record)), f"{row['year']:.0f}", f"{row['members']:.0f}"),
            *(words.share(row[name]) for name in ("observed", "simulated")),
            *(words.number(row[name], 3) for name in ("brier", "brier_of_share", "skill")),
        )
        for record, row in table.iterrows()
    ]
    columns = words.heads("record year members observed simulated brier brier_of_share skill")
    return made_table("first_phase_members", columns, rows, words.say("trust.note_members"))


def records(words: PageWords) -> Table:
    """Return what each record of the first phase stands for, and why."""
    described = first_phase.records(words.language)
    rows = [
        (
            *(row["name"], words.say(f"action.{row['action']}"), words.say(f"trust.state_{row['state']}")),
            words.say(f"trust.round_{'yes' if row['round'] else 'no'}"),
            *(words.say(f"tag.{row['tag']}"), row["reason"], row["coverage"]),
        )
        for _, row in described.iterrows()
    ]
    return made_table("records", words.heads("record action state round tag reason coverage"), rows)


def left_out(words: PageWords) -> Table:
    """Return the pledges that stand for nothing, and why."""
    rows = list(first_phase.left_out(words.language)[["pledge", "reason"]].itertuples(index=False, name=None))
    return made_table("left_out", words.heads("pledge reason"), rows)


def recovery(table: pd.DataFrame, words: PageWords) -> Table:
    """Return how often bands held the numbers that were planted."""
    rows = [_recovered(str(name), panels, words) for name, panels in table.groupby("parameter", sort=False)]
    columns = [*words.heads("name bias"), *(words.level(level) for level in LEVELS)]
    return made_table("recovery", [*columns, words.say("column.verdict")], rows, words.say("trust.note_recovery"))


def made(facts: Mapping[str, Any], words: PageWords) -> Table:
    """Return how the posterior was made."""
    rows = [(str(name), _fact(value, words)) for name, value in facts.items() if not isinstance(value, Mapping)]
    return replace(made_table("posterior", words.heads("name value"), rows), code=(0, 1))


def observed(table: pd.DataFrame, words: PageWords) -> Table:
    """Return the last year of the first phase in the region, as observed and in runs."""
    rows = [
        (
            *(words.record(row["record"]), str(row["year"]), words.seen(row)),
            *(words.share(row["median"]), words.between(row["p10"], row["p90"], words.share)),
            words.say(f"trust.phase_{row['standing']}"),
        )
        for row in table.to_dict("records")
    ]
    columns = words.heads("record year observed median eight_in_ten verdict")
    note = words.say("trust.note_phase", range=band_in_words(table, words))
    return made_table("first_phase", columns, rows, note)


def band(parts: BandParts, words: PageWords) -> Table:
    """Return the bands with some of what nobody knows varied."""
    rows = [
        (
            words.say(f"trust.varied_{row['varied']}"),
            words.number(row["median"]),
            words.between(row["p10"], row["p90"], words.number),
            words.share(row["of_everything"]),
            f"{row['runs']}",
        )
        for row in parts.bands.to_dict("records")
    ]
    note = words.say("trust.measured_runs")
    return made_table("band", words.heads("varied median eight_in_ten of_everything runs"), rows, note)


def _fact(value: object, words: PageWords) -> str:
    """Write one fact; names of agreements in the language."""
    if not isinstance(value, list | tuple):
        return str(value)
    return words.listed(words.agreement(str(treaty)) for treaty in value)


def _recovered(name: str, panels: pd.DataFrame, words: PageWords) -> Row:
    cells = (f"{row['inside']} / {row['n']}" for row in panels.sort_values("level").to_dict("records"))
    kind = "holds" if panels["holds"].astype(bool).all() else "misses"
    bias = words.number(float(panels["bias"].iloc[0]), 3)
    return words.estimate(name), bias, *cells, words.verdict(kind)


def _estimate(row: Mapping[Any, Any], words: PageWords) -> Row:
    numbers = (words.number(row[name]) for name in ("default", "mean"))
    kind = "open" if row["default"] != row["default"] else _place(row)
    standing = words.say(f"trust.default_{kind}")
    return words.estimate(row["parameter"]), *numbers, words.between(row["low"], row["high"], words.number), standing


def _place(row: Mapping[Any, Any]) -> str:
    return "inside" if row["low"] <= row["default"] <= row["high"] else "outside"


def _share(row: Mapping[Any, Any], name: str, words: PageWords) -> Iterator[str]:
    yield words.share(row[name])
    yield words.between(row[f"{name}_low"], row[f"{name}_high"], words.share)


def _delivered(row: Mapping[Any, Any], words: PageWords) -> Row:
    names = words.say(f"delivery.measure_{row['measure']}"), words.say(f"trust.quantity_{row['quantity']}")
    group = words.say(f"trust.group_{row['group']}")
    events = "–" if pd.isna(row["events"]) else str(row["events"])
    estimate = words.number(row["estimate"]), words.between(row["low"], row["high"], words.number)
    return *names, group, *estimate, str(row["at_risk"]), events
