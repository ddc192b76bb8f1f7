"""Bodies: circles of peers, who is in each, how its members fare, and what they could change together."""

from collections.abc import Callable
from typing import Any

from foresight.actions import LAST_YEAR
from foresight.bodies import body_table, memberships
from foresight.outcomes import ALL_ACTIONS

from ..live import LIVE
from ..state import AppState
from ..words import Words
from .blocks import grid, heading, prose, table
from .members import codes_in, paths, paths_of
from .together import together


def page(state: AppState, said: Words, rest: str, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return all bodies, or the one that the path names."""
    if rest in body_table().index and codes_in(memberships()[rest], state):
        return _one(rest, state, said, progress)
    rows = []
    results = LIVE.results(state.setting, "members")
    progress(1, 2)
    present = [slug for slug, codes in memberships().items() if codes_in(codes, state)]
    summary = results.series(present)
    for slug in present:
        last = paths_of(summary, "mean_delivered", slug, action=ALL_ACTIONS)[-1][1]
        rows.append(
            [
                {"text": said.body(slug), "page": f"bodies/{slug}"},
                slug,
                str(len(memberships()[slug])),
                said.number(last or 0.0),
            ]
        )
    columns = [
        said.say("bodies.body"),
        said.say("bodies.code"),
        said.say("bodies.size"),
        said.say("bodies.delivered", year=LAST_YEAR),
    ]
    blocks = [prose(said.say("bodies.lead"), "lead"), table(said.say("menu.bodies"), columns, rows, save="bodies")]
    return {"kind": "blocks", "title": said.say("menu.bodies"), "blocks": blocks}


def _one(slug: str, state: AppState, said: Words, progress: Callable[[int, int], None]) -> dict[str, Any]:
    name = said.body(slug)
    codes = codes_in(memberships()[slug], state)
    summary = LIVE.results(state.setting, "members").series((slug,))
    progress(1, 2)
    blocks = [
        prose(said.say("bodies.who", name=name, n=len(codes)), "lead"),
        grid(*paths(slug, name, summary, state.setting.replicates, said)),
        heading(said.say("members.coalition")),
        *together(codes, name, (slug,), state, said),
        heading(said.say("bodies.members")),
        table(
            said.say("bodies.members"),
            [said.say("members.member"), said.say("members.subregion")],
            [
                [
                    {"text": said.member(code), "page": f"members/{code}"},
                    said.group(state.setting.scenario.members()["subregion"][code]),
                ]
                for code in codes
            ],
        ),
        prose(said.say("bodies.source"), "hint"),
    ]
    progress(2, 2)
    return {
        "kind": "blocks",
        "title": name,
        "up": {"page": "bodies", "label": said.say("menu.bodies")},
        "blocks": blocks,
    }
