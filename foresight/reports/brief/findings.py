"""What the numbers of a brief say, in short sentences; the numbers decide which sentence it is."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from foresight.actions import ACTIONS
from foresight.analysis.unknowns import AS_IT_IS, own_numbers
from foresight.facts.members import REGION
from foresight.reports.brief.writing import BriefWords, Write
from foresight.results.headline import CALENDAR
from foresight.results.left_behind import SPECIAL
from foresight.runs import POSTERIOR

#: Groups whose gains are told apart: all of them are in `REGION`.
_GROUPS: Final = (*SPECIAL, "REST")

#: Shares of draws from which on an order of paths is called sure, and likely.
_SURE, _LIKELY = 0.95, 0.75

#: The least that two decimals show.
_SEEN: Final = 0.005

#: A share of runs from which on a pathway is no exception.
_HALF: Final = 0.5

Finding = tuple[str, str, str]


def in_short(words: BriefWords) -> tuple[Finding, ...]:
    """Answer in a few lines: what came out, for whom, how sure that is, and what to watch."""
    rows = {
        "answer": words.joined(answer(words), *close_second(words)),
        "pathway": pathway(words),
        "behind": gap(words),
        "sure": words.joined(stays_ahead(words), turns(words)),
        "watch": first_sign(words),
    }
    told = ((words.scope(code), of_member(code, words), "") for code in words.grounds.members[:1])
    return (*told, *((words.say(f"brief.label_{name}"), sentence, "") for name, sentence in rows.items()))


def answer(words: BriefWords) -> str:
    """Say which path goes furthest, or that none goes further than the base."""
    grounds = words.grounds
    row = _difference(words, grounds.best, grounds.base)
    kind = "best" if row["low"] > 0 else "worst" if row["high"] < 0 else "level"
    return words.say(f"brief.answer_{kind}", **_both(words, grounds.best), **_years(words))


def close_second(words: BriefWords) -> list[str]:
    """Say if luck alone cannot tell the two that go furthest apart."""
    first, *others = words.grounds.others
    if not others:
        return []
    second = others[0]
    row = _pair(words, "difference", first, second, REGION)
    if row["low"] > 0 or row["high"] < 0:
        return []
    return [words.say("brief.close", first=words.path(first), second=words.path(second))]


def pathway(words: BriefWords) -> str:
    """Say how often the path that goes furthest completes the pathway."""
    best = words.grounds.best
    if words.grounds.scenarios[best].structure.gate == CALENDAR:
        return words.say("brief.pathway_calendar", path=words.path(best))
    share = words.value("completed", "share", scenario=best)
    kind = "never" if not share else "seldom" if share < _HALF else "often"
    told = words.cite("completed", "share", words.share, scenario=best)
    return words.say(f"brief.pathway_{kind}", path=words.path(best), share=told, **_years(words))


def gap(words: BriefWords) -> str:
    """Say how far least developed countries stand behind, and whether the path that goes furthest changes that."""
    best, base = words.grounds.best, words.grounds.base
    labels = {"scope": "LDC", "outcome": "mean_delivered"}
    sizes = {
        name: words.cite("left_behind", "median", words.small, scenario=scenario, **labels)
        for name, scenario in {"gap": best, "before": base}.items()
    }
    row = _pair(words, "gap", best, base, "LDC")
    kind = "narrower" if row["low"] > 0 else "wider" if row["high"] < 0 else "same"
    return words.say(f"brief.gap_{kind}", path=words.path(best), base=words.path(base), **sizes)


def gains(words: BriefWords) -> str:
    """Say which subregion gains or loses most and least from the path that goes furthest."""
    best, base = words.grounds.best, words.grounds.base
    table = words.grounds.tables["difference"]
    rows = table[(table["scenario"].isin([best, base])) & (table["other"].isin([best, base]))]
    apart = rows[~rows["scope"].isin([REGION, *_GROUPS, *words.grounds.members])].set_index("scope")["mean"]
    told = {
        name: words.say("brief.gain", scope=words.scope(scope), gain=difference(words, best, base, scope))
        for name, scope in {"most": str(apart.idxmax()), "least": str(apart.idxmin())}.items()
    }
    kind = "losses" if apart.max() < 0 else "gains"
    return words.say(f"brief.{kind}", path=words.path(best), **told)


def deeds(words: BriefWords) -> str:
    """Say which actions did most of what the path that goes furthest adds, or takes away."""
    best = words.grounds.best
    table = words.grounds.tables["actions"]
    own = table[(table["scenario"] == best) & table["part"].isin(ACTIONS)].set_index("part")["mean"]
    total = words.value("actions", "mean", scenario=best, part="total")
    first, second = (own.nlargest(2) if total > 0 else own.nsmallest(2)).index
    parts = {name: words.part(part) for name, part in {"first": first, "second": second}.items()}
    sizes = {
        f"{name}_mean": words.cite("actions", "mean", words.small, scenario=best, part=part)
        for name, part in {"first": first, "second": second, "other": "other", "total": "total"}.items()
    }
    paths = {"path": words.path(best), "base": words.path(words.grounds.base)}
    kind = "deeds" if own.abs().max() >= _SEEN else "deeds_none"
    return words.say(f"brief.{kind}", **paths, **parts, **sizes)


def bands(words: BriefWords) -> str:
    """Say how far chance and ignorance spread the path that goes furthest."""
    best = words.grounds.best
    ends = {name: words.spread("surety", scenario=best, varied=name) for name in ("chance", "ignorance", "everything")}
    told = words.say("brief.bands", path=words.path(best), **ends, band=words.constant("band", words.share))
    return words.joined(told, *_aside(words))


def _aside(words: BriefWords) -> Iterator[str]:
    """Yield in what runs that tell how sure this is differ from those that tell what comes out."""
    if words.grounds.results[0].effects == POSTERIOR:
        yield words.say("brief.bands_drawn")
    if held := own_numbers(list(words.grounds.scenarios.values())):
        yield words.say("brief.held", names=words.listed(map(words.parameter, held), "brief.semicolon"))


def stays_ahead(words: BriefWords) -> str:
    """Say in how many draws of unknown numbers the path that goes furthest stays ahead of the base."""
    best, base = words.grounds.best, words.grounds.base
    share = words.value("ahead", "share", scenario=best, other=base)
    kinds = {"sure": share >= _SURE, "likely": share >= _LIKELY, "behind": share <= 1 - _LIKELY, "open": True}
    kind = next(name for name, is_so in kinds.items() if is_so)
    cites = {
        "share": words.cite("ahead", "share", words.share, scenario=best, other=base),
        "points": words.cite("ahead", "points", words.count, scenario=best, other=base),
    }
    return words.say(f"brief.ahead_{kind}", path=words.path(best), base=words.path(base), **cites)


def turns(words: BriefWords) -> str:
    """Say which single number would turn the order round, or comes nearest to that."""
    rows = _leads(words)
    lead = float(rows.loc[rows["place"] == AS_IT_IS, "lead"].iloc[0])
    ends = rows[rows["place"] != AS_IT_IS]
    if ends.empty:
        return words.say("brief.turned_nothing")
    turned = ends[ends["lead"] * lead < 0]
    if len(turned):
        names = words.listed(dict.fromkeys(words.parameter(name) for name in turned["parameter"]), "brief.semicolon")
        return words.say("brief.turned", names=names)
    least = ends.iloc[int((ends["lead"] * lead).argmin())]
    return words.say("brief.turned_none", name=words.parameter(least["parameter"]), **_lead(words, least))


def first_sign(words: BriefWords) -> str:
    """Say what to look at first, and how often it misleads."""
    watched = words.grounds.tables.get("watch")
    if watched is None or watched.empty:
        return words.say("brief.watch_nothing", **_years(words))
    name = watched["observable"].iloc[0]
    return words.say(
        f"brief.watch_{'above' if watched['relation'].iloc[0] == '>=' else 'below'}",
        name=words.observable(name),
        threshold=threshold(words, name),
        false_alarm=words.cite("watch", "false_alarm", words.share, observable=name),
        miss=words.cite("watch", "miss", words.share, observable=name),
        **_years(words),
    )


def goal(words: BriefWords) -> str:
    """Say what it means that a run arrives, and how many do."""
    level = words.cite("goal", "level", words.exact)
    numbers = {"share": words.cite("goal", "share", words.share), "runs": words.cite("goal", "runs", words.count)}
    return words.say("brief.goal", level=level, **numbers, **_years(words))


def of_member(code: str, words: BriefWords) -> str:
    """Say what the path that goes furthest brings to a member."""
    best, base = words.grounds.best, words.grounds.base
    row = _pair(words, "difference", best, base, code)
    kind = "more" if row["low"] > 0 else "less" if row["high"] < 0 else "same"
    return words.say(
        f"brief.member_{kind}",
        member=words.scope(code),
        own=words.in_the_end(best, scope=code),
        gain=difference(words, best, base, code, words.number if kind == "more" else words.small),
        **_both(words, best),
        **_years(words),
    )


def holds_back(code: str, words: BriefWords) -> str:
    """Say what holds a member's deliveries back most on the path that goes furthest."""
    best = words.grounds.best
    table = words.grounds.tables["obstacles"]
    labels = {"scenario": best, "scope": code, "side": "delivery"}
    rows = table
    for name, label in labels.items():
        rows = rows[rows[name] == label]
    if not rows["mean"].notna().any():
        return words.say("brief.obstacle_none", member=words.scope(code))
    most = rows.iloc[int(rows["mean"].argmax())]["obstacle"]
    share = words.cite("obstacles", "mean", words.share, **labels, obstacle=most)
    return words.say(f"brief.obstacle_{most}", member=words.scope(code), share=share)


def threshold(words: BriefWords, name: str) -> str:
    """Write where runs are told apart."""
    return words.cite("watch", "threshold", words.writer(name), observable=name)


def difference(words: BriefWords, scenario: str, other: str, scope: str, write: Write | None = None) -> str:
    """Write how far a scenario lies from another that stands before it, with its sign unless told how."""
    return words.cite("difference", "mean", write or words.small, scenario=scenario, other=other, scope=scope)


def _difference(words: BriefWords, scenario: str, other: str) -> Any:
    return _pair(words, "difference", scenario, other, REGION)


def _pair(words: BriefWords, table: str, scenario: str, other: str, scope: str) -> Any:
    """Return the interval of what a scenario has more than another; a pair stands in the table once."""
    rows = words.grounds.tables[table]
    for name, label in {"scenario": scenario, "other": other, "scope": scope}.items():
        rows = rows[rows[name] == label]
    if len(rows):
        return rows.iloc[0]
    turned = _pair(words, table, other, scenario, scope)
    return pd.Series({"mean": -turned["mean"], "low": -turned["high"], "high": -turned["low"]})


def _leads(words: BriefWords) -> pd.DataFrame:
    table = words.grounds.tables["turning"]
    return table[(table["scenario"] == words.grounds.best) & (table["other"] == words.grounds.base)]


def _lead(words: BriefWords, row: Any) -> dict[str, str]:
    """Write the lead as things are, and with one number at an end of its range."""
    labels = {"scenario": row["scenario"], "other": row["other"]}
    moved = {**labels, "parameter": row["parameter"], "place": row["place"]}
    as_it_is = {**labels, "parameter": AS_IT_IS, "place": AS_IT_IS}
    return {
        "at": words.cite("turning", "at", words.exact, **moved),
        "lead": words.cite("turning", "lead", words.small, **moved),
        "before": words.cite("turning", "lead", words.small, **as_it_is),
    }


def _both(words: BriefWords, best: str) -> dict[str, str]:
    base = words.grounds.base
    return {
        "path": words.path(best),
        "base": words.path(base),
        "delivered": words.in_the_end(best),
        "before": words.in_the_end(base),
        "rungs": words.constant("rungs"),
    }


def _years(words: BriefWords) -> dict[str, str]:
    return {"year": words.constant("last_year"), "watch_year": words.constant("watch_year")}
