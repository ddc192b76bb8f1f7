"""Members: one's own country, its path, its peers, what holds it up, and its facts."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from foresight.actions import LAST_YEAR
from foresight.facts.bodies import memberships
from foresight.facts.members import member_table
from foresight.facts.tables import dictionary
from foresight.results.obstacles import SIDES, obstacles
from foresight.results.outcomes import ALL_ACTIONS
from foresight.results.results import Results
from foresight.runs import Progress

from ..parts.blocks import Block, fan, grid, heading, prose, series, table
from ..parts.frame import map_label, pictured
from ..parts.paths import own_paths, path_of
from ..parts.tiles import tiles
from ..parts.together import together
from ..runs.live import LIVE
from ..visit.state import AppState
from ..words import Words

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


def page(state: AppState, words: Words, rest: str, progress: Progress) -> dict[str, Any]:
    """Return all members, or the one that the path names."""
    table_of_members = state.setting.scenario.members()
    return _all(state, words) if rest not in table_of_members.index else _one(rest, state, words, progress)


def _all(state: AppState, words: Words) -> dict[str, Any]:
    what = state.view["map"]
    _, values = pictured(state.setting, what)
    spec = {
        **tiles(state.setting.scenario, words),
        "id": "members-map",
        "title": map_label(what, words),
        "goes": "members/",
        "sentence": words.say("members.map"),
        "year": LAST_YEAR,
    }
    top = 4 if what.startswith(("delivered", "pledged")) else 1
    data = {"values": values, "domain": [0, top], "sentence": words.say("members.map")}
    rows = [
        [
            {"text": words.member(str(code)), "page": f"members/{code}"},
            words.group(row["subregion"]),
            _groups(row, words),
            words.number(values[str(code)][-1]),
        ]
        for code, row in state.setting.scenario.members().iterrows()
    ]
    columns = [
        words.say("members.member"),
        words.say("members.subregion"),
        words.say("members.groups"),
        map_label(what, words),
    ]
    blocks = [
        prose(words.say("members.lead"), "lead"),
        {"kind": "chart", "spec": spec, "data": data},
        table(words.say("menu.members"), columns, sorted(rows, key=lambda row: row[0]["text"]), save="members"),
    ]
    return {"kind": "blocks", "title": words.say("menu.members"), "blocks": blocks}


def _one(code: str, state: AppState, words: Words, progress: Progress) -> dict[str, Any]:
    row = member_table().loc[code].to_dict()
    name, subregion = words.member(code), str(row["subregion"])
    results = LIVE.results(state.setting, "members")
    progress(1, 3)
    peers = [str(one) for one in state.setting.scenario.members().query("subregion == @subregion").index]
    own, circle = results.series((code,)), results.series((subregion, "region"))
    blocks = [
        prose(_who(code, row, words), "lead"),
        grid(*own_paths(code, name, own, state.setting.replicates, words)),
        heading(words.say("members.peers")),
        _peers(code, subregion, own, circle, words),
        heading(words.say("members.obstacles")),
        *_obstacles(code, results, words),
    ]
    progress(2, 3)
    blocks += [
        heading(words.say("members.coalition")),
        *together(peers, words.group(subregion), (code,), state, words),
    ]
    progress(3, 3)
    blocks += [
        heading(words.say("members.bodies")),
        _bodies(code, words),
        heading(words.say("members.facts")),
        *_facts(code, row, words),
    ]
    return {
        "kind": "blocks",
        "title": name,
        "up": {"page": "members", "label": words.say("menu.members")},
        "blocks": blocks,
    }


def _groups(row: Any, words: Words) -> str:
    return (
        words.listed(words.say(f"group_short.{name}") for name in ("LDC", "LLDC", "SIDS") if row[name.lower()]) or "–"
    )


def _who(code: str, row: Any, words: Words) -> str:
    special = _groups(row, words)
    kind = words.say(f"members.kind_{row['kind']}")
    return words.say(
        "members.who", name=words.member(code), kind=kind, subregion=words.group(row["subregion"]), groups=special
    )


def _peers(code: str, subregion: str, own: Any, circle: Any, words: Words) -> Block:
    """Return the member beside its subregion and the region."""
    lines = {
        code: path_of(own, "mean_delivered", code, action=ALL_ACTIONS),
        subregion: path_of(circle, "mean_delivered", subregion, action=ALL_ACTIONS),
        "region": path_of(circle, "mean_delivered", "region", action=ALL_ACTIONS),
    }
    names = {code: words.member(code), subregion: words.group(subregion), "region": words.group("region")}
    each = words.listed(
        words.say("compare.each", name=names[one], value=words.number(path[-1][1] or 0.0))
        for one, path in lines.items()
    )
    sentence = words.say("members.peers_sentence", year=LAST_YEAR, each=each)
    parts = [series(one, name, at, band=one == code) for at, (one, name) in zip((1, 2, 0), names.items(), strict=True)]
    chart = fan("peers", words.say("members.peers"), words.say("unit.rung"), parts, y=[0, 4], sentence=sentence)
    return {**chart, "data": {"series": lines, "ghost": None, "sentence": sentence}}


def _obstacles(code: str, results: Results, words: Words) -> Iterator[Block]:
    """Yield what holds up deliveries and pledges, in the last year that has a step."""
    whole = obstacles(results, (code,))
    last = whole[whole["year"] == LAST_YEAR - 1]
    for side in SIDES:
        rows = last[last["side"] == side]
        if not len(rows) or rows["n"].max() == 0:
            continue
        lanes = [
            {
                "label": words.say(f"obstacle.{row['obstacle']}"),
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
        sentence = words.say(f"members.obstacles_{side}", most=most["label"], share=words.share(most["mean"]))
        spec = {
            "id": f"obstacles-{side}",
            "type": "intervals",
            "title": words.say(f"members.side_{side}"),
            "unit": words.say("unit.share"),
            "percent": True,
            "sentence": sentence,
        }
        yield {"kind": "chart", "spec": spec, "data": {"rows": lanes, "zero": True, "sentence": sentence}}
    yield prose(words.say("members.obstacles_meaning"), "hint")


def _bodies(code: str, words: Words) -> Block:
    mine = [slug for slug, codes in memberships().items() if code in codes]
    rows = [[{"text": words.body(slug), "page": f"bodies/{slug}"}, str(len(memberships()[slug]))] for slug in mine]
    return table(words.say("members.bodies"), [words.say("bodies.body"), words.say("bodies.size")], rows)


def _facts(code: str, row: Any, words: Words) -> Iterator[Block]:
    """Yield the facts of a member with unit, year and source; what is missing is said to be."""
    facts = dictionary().loc["members.csv"]
    rows = []
    for name in FACTS:
        column = "income_group_wb" if name == "income_group" else name
        fact = facts.loc[column]
        value = row[name]
        shown = words.say("members.missing") if pd.isna(value) or value == "" else _written(name, value, words)
        year = row.get(f"{name}_year", row.get(f"{name.rpartition('_')[0]}_year"))
        when = str(int(year)) if year is not None and not pd.isna(year) else str(fact["year"] or "–")
        language = "en" if words.draft else words.language
        rows.append(
            [
                _begun(str(fact[f"meaning_{language}"])),
                shown,
                fact[f"unit_{language}"],
                when,
                fact["source"],
            ]
        )
    columns = [words.say(f"members.{one}") for one in ("fact", "value", "unit", "year", "source")]
    yield table(words.say("members.facts"), columns, rows, save=code)
    if words.draft:
        yield prose(words.say("members.english_sources"), "hint")


def _written(name: str, value: Any, words: Words) -> str:
    if name == "income_group":
        return words.say(f"income_group.{value}")
    if isinstance(value, str):
        return value
    return str(int(value)) if name.endswith(("since", "until")) else words.value(float(value))


def _begun(sentence: str) -> str:
    """Begin with a capital."""
    return sentence[:1].upper() + sentence[1:]
