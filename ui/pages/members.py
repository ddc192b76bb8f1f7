"""Members: one's own country, its path, its peers, what holds it up, and its facts."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pandas as pd

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.bodies import memberships
from foresight.fact_tables import dictionary
from foresight.members import member_table
from foresight.obstacles import SIDES, obstacles
from foresight.outcomes import ALL_ACTIONS, outcome_table
from foresight.results import Results

from ..live import LIVE
from ..state import AppState
from ..tiles import tiles
from ..words import Words
from .blocks import Block, fan, grid, heading, prose, series, table
from .explore import map_label, pictured
from .together import together

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
    subregion = str(row["subregion"])
    results = LIVE.results(state.setting, "members")
    progress(1, 3)
    peers = [str(one) for one in state.setting.scenario.members().query("subregion == @subregion").index]
    own, circle = results.series((code,)), results.series((subregion, "region"))
    blocks = [
        prose(_who(code, row, said), "lead"),
        grid(*_paths(code, own, said, state)),
        heading(said.say("members.peers")),
        _peers(code, subregion, own, circle, said),
        heading(said.say("members.obstacles")),
        *_obstacles(code, results, said),
    ]
    progress(2, 3)
    name = said.member(code)
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


def paths_of(summary: Any, outcome: str, scope: str, **labels: Any) -> list[list[float | None]]:
    """Return the band of an outcome of a scope in every year."""
    rows = outcome_table(summary, outcome)
    for name, value in {"scope": scope, **labels}.items():
        rows = rows[rows[name] == value]
    found = rows.sort_values("year")[["p10", "median", "p90"]].round(4).to_numpy().tolist()
    return [[None if value != value else value for value in triple] for triple in found]


def paths(scope: str, name: str, summary: Any, n: int, said: Words) -> Iterator[Block]:
    """Yield the charts of a member's or a body's own path."""
    lines = {one: paths_of(summary, "mean_delivered", scope, action=one) for one in (*ACTIONS, ALL_ACTIONS)}
    whole = lines[ALL_ACTIONS][-1]
    write = [said.number(value or 0.0) for value in whole]
    sentence = said.say("members.delivered", name=name, low=write[0], middle=write[1], high=write[2])
    colours = [series(one, said.action(one), at, band=False) for at, one in enumerate(ACTIONS, start=1)]
    chart = fan(
        "own-delivered",
        said.say("chart.delivered"),
        said.say("unit.rung"),
        [*colours, series(ALL_ACTIONS, said.action(ALL_ACTIONS), 0)],
        y=[0, 4],
        n=n,
        sentence=sentence,
    )
    yield {**chart, "data": {"series": lines, "ghost": None, "sentence": sentence}}
    for outcome, colour in (("trust", 2), ("overdue_share", 1), ("capacity", 4)):
        labels = {"action": ALL_ACTIONS} if outcome == "overdue_share" else {}
        found = paths_of(summary, outcome, scope, **labels)
        ends = [said.share(value or 0.0) for value in found[-1]]
        words_of = said.say(
            "members.path", outcome=said.say(f"outcome.{outcome}"), low=ends[0], middle=ends[1], high=ends[2]
        )
        chart = fan(
            f"own-{outcome}",
            said.say(f"outcome.{outcome}"),
            said.say("unit.share"),
            [series(outcome, said.say(f"outcome.{outcome}"), colour)],
            y=[0, 1],
            percent=True,
            n=n,
            sentence=words_of,
        )
        yield {**chart, "data": {"series": {outcome: found}, "ghost": None, "sentence": words_of}}


def _paths(code: str, summary: Any, said: Words, state: AppState) -> list[Block]:
    return list(paths(code, said.member(code), summary, state.setting.replicates, said))


def _peers(code: str, subregion: str, own: Any, circle: Any, said: Words) -> Block:
    """Return the member beside its subregion and the region."""
    lines = {
        code: paths_of(own, "mean_delivered", code, action=ALL_ACTIONS),
        subregion: paths_of(circle, "mean_delivered", subregion, action=ALL_ACTIONS),
        "region": paths_of(circle, "mean_delivered", "region", action=ALL_ACTIONS),
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
    found = obstacles(results, (code,))
    found = found[found["year"] == LAST_YEAR - 1]
    for side in SIDES:
        rows = found[found["side"] == side]
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
    known = dictionary().loc["members.csv"]
    rows = []
    for name in FACTS:
        column = "income_group_wb" if name == "income_group" else name
        described = known.loc[column]
        value = row[name]
        shown = said.say("members.missing") if pd.isna(value) or value == "" else _written(name, value, said)
        year = row.get(f"{name}_year", row.get(f"{name.rpartition('_')[0]}_year"))
        when = str(int(year)) if year is not None and not pd.isna(year) else str(described["year"] or "–")
        language = "en" if said.draft else said.language
        rows.append(
            [
                _begun(str(described[f"meaning_{language}"])),
                shown,
                described[f"unit_{language}"],
                when,
                described["source"],
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


def codes_in(codes: Sequence[str], state: AppState) -> list[str]:
    """Return the members of a set that take part."""
    return [code for code in codes if code in state.setting.scenario.members().index]


def _begun(words: str) -> str:
    """Begin with a capital."""
    return words[:1].upper() + words[1:]
