"""What is told of a member once the levers rest: what would help it most, and what it gains alone or with others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from foresight.actions import LAST_YEAR
from foresight.facts.bodies import memberships
from foresight.results.obstacles import SIDES, obstacles
from foresight.runs import Progress

from ..runs.country import change, country
from ..runs.live import LIVE
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, fold, prose
from .gains import gains_chart, gains_of, gains_table, ties_of
from .lists import COALITION_EFFORT
from .together import ahead

#: A mean share this near to none or to all tells nothing: it is so in every run.
_ALWAYS: Final = 0.005

#: A lane of a chart of intervals: its label, the mean and the ends of its lines.
Lane = dict[str, Any]


def closer(state: AppState, code: str, words: Words, progress: Progress) -> dict[str, Any]:
    """Return what takes a moment: what would help most, and what circles would change."""
    lanes = _obstacles(state, code, words)
    progress(1, 2)
    help_lines = [_helpful(side, ties_of(rows), words) for side, rows in lanes.items()]
    bars = [_bars(side, rows, words) for side, rows in lanes.items()]
    gained = gains_of(state, code, words)
    circles = list(_circles(state, code, words))
    sure = [*gains_chart(gained, state.setting.replicates, words), *bars, *([_meaning(words)] if bars else [])]
    progress(2, 2)
    return {
        "code": code,
        "gains": list(gains_table(gained, words)),
        "help": help_lines or [words.say("country.help_nothing")],
        "bars": [fold("help-bars", words.say("country.help_bars"), *sure)] if sure else [],
        "blocks": circles,
    }


# What would help most ------------------------------------------------------------------------------------------------


def _obstacles(state: AppState, code: str, words: Words) -> dict[str, list[Lane]]:
    """Return the obstacles of each side that tell anything: what always gives all or nothing is left out."""
    whole = obstacles(LIVE.results(state.setting, "members"), (code,))
    last = whole[(whole["year"] == LAST_YEAR - 1) & (whole["n"] > 0)]
    told = last[(last["mean"] > _ALWAYS) & (last["mean"] < 1 - _ALWAYS)].sort_values("mean", ascending=False)
    lanes: dict[str, list[Lane]] = {}
    for row in told.to_dict("records"):
        ends = {"low": row["p10"], "high": row["p90"], "p10": row["p10"], "p90": row["p90"]}
        lane = {"label": words.say(f"obstacle.{row['obstacle']}"), "mean": row["mean"], **ends}
        lanes.setdefault(str(row["side"]), []).append(lane)
    return {side: lanes[side] for side in SIDES if side in lanes}


def _helpful(side: str, groups: Sequence[Sequence[Lane]], words: Words) -> str:
    """Say what would help most, with ties told as ties."""
    first, *rest = (_named([row["label"][:1].lower() + row["label"][1:] for row in group], words) for group in groups)
    then = [words.say("country.then", name=name) for name in rest]
    return " · ".join([words.say(f"country.help_{side}", first=first), *then])


def _named(names: Sequence[str], words: Words) -> str:
    """Name what cannot be told apart."""
    *others, last = names
    if not others:
        return last
    return words.say("country.tied", names=words.say("country.and", others=words.listed(others), last=last))


def _bars(side: str, rows: Sequence[Lane], words: Words) -> Block:
    title = words.say(f"members.side_{side}")
    spec = {
        "id": f"obstacles-{side}",
        "type": "intervals",
        "title": title,
        "unit": words.say("unit.share"),
        "percent": True,
        "plain": True,
        "columns": [title, words.say("country.mean"), words.say("country.low"), words.say("country.high")],
    }
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": True, "domain": [0, 1]}}


def _meaning(words: Words) -> Block:
    return prose(words.say("members.obstacles_meaning"), "hint")


# Alone or together ---------------------------------------------------------------------------------------------------


def _circles(state: AppState, code: str, words: Words) -> Iterator[Block]:
    """Yield what the member would gain if it moved ahead alone, with its subregion, or with each of its bodies."""
    now = country(state.setting, code)
    lanes = []
    for label, codes in _companies(state, code, words).items():
        after = ahead(state.setting, codes)
        if after is None:
            continue
        lanes.append({"label": label, **change(country(after, code), now)._asdict()})
    if not lanes:
        yield prose(words.say("together.bound"), "hint")
        return
    alone, circle, *_ = [*lanes, lanes[-1]]
    sentence = words.say(
        "country.together",
        effort=words.value(COALITION_EFFORT),
        name=words.member(code),
        circle=words.signed(circle["mean"], 2),
        alone=words.signed(alone["mean"], 2),
    )
    spec = {
        "id": "together",
        "type": "intervals",
        "digits": 2,
        "title": words.say("country.circles"),
        "unit": words.say("country.circles_unit", effort=words.value(COALITION_EFFORT), year=LAST_YEAR),
        "sentence": sentence,
        "n": state.setting.replicates,
    }
    yield {"kind": "chart", "spec": spec, "data": {"rows": lanes, "zero": True, "sentence": sentence}}


def _companies(state: AppState, code: str, words: Words) -> Mapping[str, Sequence[str]]:
    """Return who would move together, by what they are called: the member alone first, then its subregion."""
    table = state.setting.scenario.members()
    subregion = str(table.loc[code, "subregion"])
    here = set(table.index)
    bodies = {words.body(slug): sorted(here & set(codes)) for slug, codes in memberships().items() if code in codes}
    peers = [str(one) for one in table.index[table["subregion"] == subregion]]
    return {words.say("country.alone", name=words.member(code)): [code], words.group(subregion): peers, **bodies}
