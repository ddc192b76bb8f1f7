"""Bodies: circles of peers, who is in each, how its members fare, and what they could change together."""

from collections.abc import Callable, Sequence
from typing import Any

from foresight.actions import LAST_YEAR
from foresight.facts.bodies import body_table, memberships
from foresight.results.outcomes import ALL_ACTIONS

from ..parts.blocks import grid, heading, prose, table
from ..parts.paths import own_paths, path_of
from ..parts.together import together
from ..runs.live import LIVE
from ..visit.state import AppState
from ..words import Words


def page(state: AppState, words: Words, rest: str, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return all bodies, or the one that the path names."""
    if rest in body_table().index and _codes_in(memberships()[rest], state):
        return _one(rest, state, words, progress)
    rows = []
    results = LIVE.results(state.setting, "members")
    progress(1, 2)
    present = [slug for slug, codes in memberships().items() if _codes_in(codes, state)]
    summary = results.series(present)
    for slug in present:
        last = path_of(summary, "mean_delivered", slug, action=ALL_ACTIONS)[-1][1]
        rows.append(
            [
                {"text": words.body(slug), "page": f"bodies/{slug}"},
                slug,
                str(len(memberships()[slug])),
                words.number(last or 0.0),
            ]
        )
    columns = [
        words.say("bodies.body"),
        words.say("bodies.code"),
        words.say("bodies.size"),
        words.say("bodies.delivered", year=LAST_YEAR),
    ]
    blocks = [prose(words.say("bodies.lead"), "lead"), table(words.say("menu.bodies"), columns, rows, save="bodies")]
    return {"kind": "blocks", "title": words.say("menu.bodies"), "blocks": blocks}


def _one(slug: str, state: AppState, words: Words, progress: Callable[[int, int], None]) -> dict[str, Any]:
    name = words.body(slug)
    codes = _codes_in(memberships()[slug], state)
    summary = LIVE.results(state.setting, "members").series((slug,))
    progress(1, 2)
    blocks = [
        prose(words.say("bodies.who", name=name, n=len(codes)), "lead"),
        grid(*own_paths(slug, name, summary, state.setting.replicates, words)),
        heading(words.say("members.coalition")),
        *together(codes, name, (slug,), state, words),
        heading(words.say("bodies.members")),
        table(
            words.say("bodies.members"),
            [words.say("members.member"), words.say("members.subregion")],
            [
                [
                    {"text": words.member(code), "page": f"members/{code}"},
                    words.group(state.setting.scenario.members()["subregion"][code]),
                ]
                for code in codes
            ],
        ),
        prose(words.say("bodies.source"), "hint"),
    ]
    progress(2, 2)
    return {
        "kind": "blocks",
        "title": name,
        "up": {"page": "bodies", "label": words.say("menu.bodies")},
        "blocks": blocks,
    }


def _codes_in(codes: Sequence[str], state: AppState) -> list[str]:
    """Return the members of a set that take part."""
    return [code for code in codes if code in state.setting.scenario.codes()]
