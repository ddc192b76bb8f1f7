"""My country: the member that one looks for, found by its name, on the map or in the list of all."""

from typing import Any

from foresight.actions import LAST_YEAR
from foresight.facts.members import member_table
from foresight.facts.states import names_of
from foresight.runs import Progress
from foresight.texts import UNKNOWN

from ..parts import country
from ..parts.blocks import Block, fold, table
from ..parts.facts import bodies, facts, special
from ..parts.frame import map_label, pictured
from ..parts.levers import controls
from ..parts.tiles import tiles
from ..runs.live import LIVE
from ..visit.futures import title_of
from ..visit.state import AppState
from ..words import LANGUAGES, Words
from ..words import words as words_of


def page(state: AppState, words: Words, rest: str, _progress: Progress) -> dict[str, Any]:
    """Return all members, or the one that the path names."""
    return _one(rest, state, words) if rest in state.setting.scenario.codes() else _all(state, words)


def finder(state: AppState, words: Words) -> Block:
    """Return the field in which a member is found by its name in this language or another, or by its code."""
    scenario = state.setting.scenario
    others = [words_of(language) for language in LANGUAGES if language != words.language]
    members = [
        {
            "code": code,
            "name": words.member(code),
            "more": words.group(subregion),
            "also": sorted({code, *(said.member(code) for said in others), *names_of(code)}),
        }
        for code, subregion in zip(scenario.codes(), scenario.members()["subregion"], strict=True)
    ]
    members.sort(key=lambda member: str(member["name"]))
    return {"kind": "finder", "members": members, "mine": state.view["country"]}


# All of them ---------------------------------------------------------------------------------------------------------


def _all(state: AppState, words: Words) -> dict[str, Any]:
    what = state.view["map"]
    _, values = pictured(state.setting, what)
    top = 4 if what.startswith(("delivered", "pledged")) else 1
    sentence = words.say("members.map")
    spec = {
        **tiles(state.setting.scenario, words),
        "id": "members-map",
        "title": map_label(what, words),
        "goes": f"{country.PATH}/",
        "sentence": sentence,
        "year": LAST_YEAR,
        "digits": 2 if top > 1 else 0,
        "percent": top == 1,
    }
    data = {"values": values, "domain": [0, top], "sentence": sentence}
    blocks = [
        finder(state, words),
        {"kind": "chart", "spec": spec, "data": data},
        _list(what, values, state, words),
    ]
    return {"kind": "blocks", "title": words.say("menu.members"), "blocks": blocks}


def _list(what: str, values: dict[str, list[float]], state: AppState, words: Words) -> Block:
    """Return the table of all members with what the map shows of each in the last year."""
    write = words.number if what.startswith(("delivered", "pledged")) else words.share
    rows: list[list[Any]] = [
        [
            {"text": words.member(str(code)), "page": f"{country.PATH}/{code}"},
            words.group(row["subregion"]),
            words.listed(special(row, words)) or UNKNOWN,
            {"text": write(values[str(code)][-1]), "value": values[str(code)][-1]},
        ]
        for code, row in state.setting.scenario.members().iterrows()
    ]
    columns = [words.say(f"members.{one}") for one in ("member", "subregion", "groups")]
    rows.sort(key=lambda row: row[0]["text"])
    return table(words.say("country.list"), [*columns, map_label(what, words)], rows, save="members", sorts=True)


# One of them ---------------------------------------------------------------------------------------------------------


def _one(code: str, state: AppState, words: Words) -> dict[str, Any]:
    """Return the page of a member without what follows the levers: a picture fills it."""
    row = member_table().loc[code].to_dict()
    return {
        "kind": "country",
        "waits": "" if LIVE.readiness.is_ready else words.say("small.waits"),
        "title": words.member(code),
        "code": code,
        "who": _who(row, words),
        "up": {"page": country.PATH, "label": words.say("menu.members")},
        "finder": finder(state, words),
        "controls": controls(state, words),
        "ladders": country.ladders(words),
        "base": title_of(state.base, words),
        "order": words.say("country_page.order"),
        "charts": country.charts(state, code, words),
        "blocks": [
            fold("own-bodies", words.say("members.bodies"), bodies(code, words)),
            fold("own-facts", words.say("members.facts"), *facts(code, words)),
        ],
    }


def _who(row: Any, words: Words) -> str:
    """Say in a line what a member is."""
    parts = [words.group(row["subregion"]), words.say(f"members.kind_{row['kind']}")]
    situations = [words.say(f"country.situation_{name}") for name in ("LDC", "LLDC", "SIDS") if row[name.lower()]]
    return " · ".join([*parts, *situations])
