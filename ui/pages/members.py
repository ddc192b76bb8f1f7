"""Members: one's own country, its path, its peers, what holds it up, and its facts."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pandas as pd

from foresight.actions import LAST_YEAR
from foresight.members import dictionary, member_table, memberships
from foresight.obstacles import SIDES, obstacles
from foresight.outcomes import ALL_ACTIONS
from foresight.results import Results

from ..parts.blocks import Block, fan, grid, heading, prose, series, table
from ..parts.frame import map_label, pictured
from ..parts.paths import own_paths, path_of
from ..parts.tiles import tiles
from ..parts.together import together
from ..runs.live import LIVE
from ..visit.state import AppState
from ..words import Words

Progress = Callable[[int, int], None]

#: Facts of a member that are shown, in order: columns of the member table.
FACTS: Final = (
    "income_group",
    "population_mln",
    "gdp_pc_ppp",
    "government_effectiveness",
    "vulnerability",
    "ghg_mt",
    "ldc_since",
    "ldc_until",
    "sovereign_since",
)


def page(state: AppState, said: Words, rest: str, progress: Progress) -> dict[str, Any]:
    """Return all members, or the one that the path names."""
    table_of_members = state.setting.scenario.members()
    return _all(state, said) if rest not in table_of_members.index else _one(rest, state, said, progress)


def _all(state: AppState, said: Words) -> dict[str, Any]:
    what = state.view["map"]
    _, values = pictured(state.setting, what)
    spec = {
        **tiles(state.setting.scenario, said),
        "id": "members-map",
        "title": map_label(what, said),
        "goes": "members/",
        "sentence": said.say("members.map"),
        "year": LAST_YEAR,
    }
    top = 4 if what.startswith(("delivered", "pledged")) else 1
    data = {"values": values, "domain": [0, top], "sentence": said.say("members.map")}
    rows = [
        [
            {"text": said.member(str(code)), "page": f"members/{code}"},
            said.group(row["subregion"]),
            _groups(row, said),
            said.number(values[str(code)][-1]),
        ]
        for code, row in state.setting.scenario.members().iterrows()
    ]
    columns = [
        said.say("members.member"),
        said.say("members.subregion"),
        said.say("members.groups"),
        map_label(what, said),
    ]
    blocks = [
        prose(said.say("members.lead"), "lead"),
        {"kind": "chart", "spec": spec, "data": data},
        table(said.say("menu.members"), columns, sorted(rows, key=lambda row: row[0]["text"]), save="members"),
    ]
    return {"kind": "blocks", "title": said.say("menu.members"), "blocks": blocks}


def _one(code: str, state: AppState, said: Words, progress: Progress) -> dict[str, Any]:
    row = member_table().loc[code].to_dict()
    name, subregion = said.member(code), str(row["subregion"])
    results = LIVE.results(state.setting, "members")
    progress(1, 3)
    peers = [str(one) for one in state.setting.scenario.members().query("subregion == @subregion").index]
    own, circle = results.series((code,)), results.series((subregion, "region"))
    blocks = [
        prose(_who(code, row, said), "lead"),
        grid(*own_paths(code, name, own, state.setting.replicates, said)),
        heading(said.say("members.peers")),
        _peers(code, subregion, own, circle, said),
        heading(said.say("members.obstacles")),
        *_obstacles(code, results, said),
    ]
    progress(2, 3)
    blocks += [
        heading(said.say("members.coalition")),
        *together(peers, said.group(subregion), (code,), state, said),
    ]
    progress(3, 3)
    blocks += [
        heading(said.say("members.bodies")),
        _bodies(code, said),
        heading(said.say("members.facts")),
        *_facts(code, row, said),
    ]
    return {
        "kind": "blocks",
        "title": name,
        "up": {"page": "members", "label": said.say("menu.members")},
        "blocks": blocks,
    }


def _groups(row: Any, said: Words) -> str:
    return said.listed(said.say(f"group_short.{name}") for name in ("LDC", "LLDC", "SIDS") if row[name.lower()]) or "–"


def _who(code: str, row: Any, said: Words) -> str:
    special = _groups(row, said)
    kind = said.say(f"members.kind_{row['kind']}")
    return said.say(
        "members.who", name=said.member(code), kind=kind, subregion=said.group(row["subregion"]), groups=special
    )


def _peers(code: str, subregion: str, own: Any, circle: Any, said: Words) -> Block:
    """Return the member beside its subregion and the region."""
    lines = {
        code: path_of(own, "mean_delivered", code, action=ALL_ACTIONS),
        subregion: path_of(circle, "mean_delivered", subregion, action=ALL_ACTIONS),
        "region": path_of(circle, "mean_delivered", "region", action=ALL_ACTIONS),
    }
    names = {code: said.member(code), subregion: said.group(subregion), "region": said.group("region")}
    each = said.listed(
        said.say("compare.each", name=names[one], value=said.number(path[-1][1] or 0.0)) for one, path in lines.items()
    )
    sentence = said.say("members.peers_sentence", year=LAST_YEAR, each=each)
    parts = [series(one, name, at, band=one == code) for at, (one, name) in zip((1, 2, 0), names.items(), strict=True)]
    chart = fan("peers", said.say("members.peers"), said.say("unit.rung"), parts, y=[0, 4], sentence=sentence)
    return {**chart, "data": {"series": lines, "ghost": None, "sentence": sentence}}


def _obstacles(code: str, results: Results, said: Words) -> Iterator[Block]:
    """Yield what holds up deliveries and pledges, in the last year that has a step."""
    whole = obstacles(results, (code,))
    last = whole[whole["year"] == LAST_YEAR - 1]
    for side in SIDES:
        rows = last[last["side"] == side]
        if not len(rows) or rows["n"].max() == 0:
            continue
        lanes = [
            {
                "label": said.say(f"obstacle.{row['obstacle']}"),
                "mean": row["mean"],
                "low": row["p10"],
                "high": row["p90"],
                "p10": row["p10"],
                "p90": row["p90"],
            }
            for row in rows.to_dict("records")
            if row["n"]
        ]
        most = max(lanes, key=lambda lane: lane["mean"])
        sentence = said.say(f"members.obstacles_{side}", most=most["label"], share=said.share(most["mean"]))
        spec = {
            "id": f"obstacles-{side}",
            "type": "intervals",
            "title": said.say(f"members.side_{side}"),
            "unit": said.say("unit.share"),
            "percent": True,
            "sentence": sentence,
        }
        yield {"kind": "chart", "spec": spec, "data": {"rows": lanes, "zero": True, "sentence": sentence}}
    yield prose(said.say("members.obstacles_meaning"), "hint")


def _bodies(code: str, said: Words) -> Block:
    mine = [slug for slug, codes in memberships().items() if code in codes]
    rows = [[{"text": said.body(slug), "page": f"bodies/{slug}"}, str(len(memberships()[slug]))] for slug in mine]
    return table(said.say("members.bodies"), [said.say("bodies.body"), said.say("bodies.size")], rows)


def _facts(code: str, row: Any, said: Words) -> Iterator[Block]:
    """Yield the facts of a member with unit, year and source; what is missing is said to be."""
    facts = dictionary().loc["members.csv"]
    rows = []
    for name in FACTS:
        column = "income_group_wb" if name == "income_group" else name
        fact = facts.loc[column]
        value = row[name]
        shown = said.say("members.missing") if pd.isna(value) or value == "" else _written(name, value, said)
        year = row.get(f"{name}_year", row.get(f"{name.rpartition('_')[0]}_year"))
        when = str(int(year)) if year is not None and not pd.isna(year) else str(fact["year"] or "–")
        language = "en" if said.draft else said.language
        rows.append(
            [
                _begun(str(fact[f"meaning_{language}"])),
                shown,
                fact[f"unit_{language}"],
                when,
                fact["source"],
            ]
        )
    columns = [said.say(f"members.{one}") for one in ("fact", "value", "unit", "year", "source")]
    yield table(said.say("members.facts"), columns, rows, save=code)
    if said.draft:
        yield prose(said.say("members.english_sources"), "hint")


def _written(name: str, value: Any, said: Words) -> str:
    if name == "income_group":
        return said.say(f"income_group.{value}")
    if isinstance(value, str):
        return value
    return str(int(value)) if name.endswith(("since", "until")) else said.value(float(value))


def _begun(sentence: str) -> str:
    """Begin with a capital."""
    return sentence[:1].upper() + sentence[1:]
