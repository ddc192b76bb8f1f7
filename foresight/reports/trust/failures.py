"""Where the model failed: agreements that it forecast worse than the best baseline, and numbers outside their bands."""

from typing import Any, Final

import pandas as pd

from foresight.calibration.hindcast import HORIZONS, MODEL, MODES, Hindcast
from foresight.reports.trust.findings import SCORES, Finding
from foresight.reports.trust.writing import PageWords

#: Agreements that are named, the worst first.
MOST: Final = 3

#: The agreement that people ask for first.
PARIS: Final = "Paris Agreement"

#: The band that is looked at, as columns name it.
LEVEL: Final = "80%"


def differences(hindcast: Hindcast, mode: str) -> pd.DataFrame:
    """Return how much better the model forecast each agreement than the baseline that was best on all.

    Returns
    -------
    pandas.DataFrame
        Index ``treaty``, rising; ``model`` and ``base`` (the scores that decide), and ``gain``, below 0 where the model
        was worse.
    """
    best = hindcast.best_baseline(mode, SCORES[0])
    rows = hindcast.by_agreement
    scores = rows[rows["mode"] == mode].pivot(index="treaty", columns="method", values=SCORES[0])
    table = pd.DataFrame({"model": scores[MODEL], "base": scores[best]})
    return table.assign(gain=table["base"] - table["model"]).sort_values("gain")


def looks(hindcast: Hindcast) -> pd.DataFrame:
    """Return the number of parties at each horizon beside the band of 8 in 10 futures.

    Returns
    -------
    pandas.DataFrame
        ``treaty``, ``age`` (years after the start), ``seen``, ``median``, ``low``, ``high`` and ``standing``: "slow",
        "fast" or "inside".
    """
    rows = hindcast.counts
    model = rows[(rows["method"] == MODEL) & rows["age"].isin(HORIZONS)]
    table = model[["treaty", "age", "seen", "median"]].assign(low=model[f"low_{LEVEL}"], high=model[f"high_{LEVEL}"])
    standings = [_standing(row) for row in table.to_dict("records")]
    return table.assign(standing=standings).reset_index(drop=True)


def outside(hindcast: Hindcast, words: PageWords) -> str:
    """Say how often the number of parties lay outside the band, and on which side."""
    standings = looks(hindcast)["standing"]
    counts = {kind: int((standings == kind).sum()) for kind in ("slow", "fast")}
    total = sum(counts.values())
    if not total:
        return words.say("trust.outside_none", looks=len(standings))
    return words.say("trust.outside_some", outside=total, looks=len(standings), **counts)


def lost(hindcast: Hindcast, mode: str) -> pd.DataFrame:
    """Return the rows of `differences` of agreements on which the model was worse, the worst first."""
    return differences(hindcast, mode).query("gain < 0")


def counted(hindcast: Hindcast, words: PageWords) -> str:
    """Say on how many agreements the model lost in each mode, and how many of them are named."""
    sizes = {mode: len(lost(hindcast, mode)) for mode in MODES}
    if not any(sizes.values()):
        return words.say("trust.lost_none")
    sentence = words.say("trust.lost_counted", agreements=len(hindcast.cases), **sizes)
    lost_first = sizes[MODES[0]]
    if not lost_first:
        return sentence
    return words.joined(sentence, words.say(f"trust.lost_{'first' if lost_first > MOST else 'all'}", named=MOST))


def worst(hindcast: Hindcast, mode: str, words: PageWords) -> tuple[Finding, ...]:
    """Name the agreements on which the model lost most against the best baseline, and what went wrong."""
    measured = words.say("trust.measured")
    return tuple(
        (words.agreement(str(treaty)), _loss(row, str(treaty), hindcast, words), measured)
        for treaty, row in lost(hindcast, mode).head(MOST).iterrows()
    )


def where(hindcast: Hindcast, treaty: str, words: PageWords) -> str:
    """Say whether the model was too slow or too fast: at the first horizon outside, or else the last."""
    table = looks(hindcast)
    rows = table[table["treaty"] == treaty]
    if rows.empty:
        return words.say("trust.where_short", years=HORIZONS[0])
    off = rows[rows["standing"] != "inside"]
    row = off.iloc[0] if len(off) else rows.iloc[-1]
    numbers = {"years": row["age"], "seen": row["seen"], "low": row["low"], "high": row["high"]}
    return words.say(f"trust.where_{row['standing']}", **numbers)


def _standing(row: dict[Any, Any]) -> str:
    return "slow" if row["seen"] > row["high"] else "fast" if row["seen"] < row["low"] else "inside"


def _loss(row: "pd.Series[float]", treaty: str, hindcast: Hindcast, words: PageWords) -> str:
    size = words.share(-row["gain"] / row["base"])
    numbers = {"model": words.number(row["model"], 3), "base": words.number(row["base"], 3), "size": size}
    return words.say("trust.loss", where=where(hindcast, treaty, words), **numbers)
