"""Explore: levers on one side, the future on the other, and one plain sentence above."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from foresight.actions import ACTIONS, LAST_YEAR, MILESTONES, SUBREGIONS
from foresight.headline import worded
from foresight.outcomes import ALL_ACTIONS
from foresight.parameters import all_parameters

from ..levers import controls
from ..live import LIVE
from ..picture import GROUPS, MAP, Picture, map_of, picture_of
from ..setting import Setting, shipped
from ..state import CURRENT, AppState
from ..tiles import tiles
from ..words import Words
from .blocks import Block, fan, series

__all__ = ["PATH", "controls", "frame", "page", "pictured"]

PATH: Final = "explore"

#: Parameters that move the environment alone: all others move every chart.
ENVIRONMENT: Final = ("recovery_rate", "pressure", "action_effect", "spillover", "initial_condition", "action_weights")

_TOP: Final = 4.0  # the highest rung
_CONDITION: Final = "condition"


def page(state: AppState, said: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return levers and empty charts; `frame` fills these."""
    return {
        "kind": PATH,
        "title": said.say("menu.explore"),
        "scenarios": scenarios(state, said),
        "controls": controls(state, said),
        "charts": charts(state, said),
        "maps": [{"value": name, "label": map_label(name, said)} for name in MAP],
        "map": state.view["map"],
        "edited": edited_note(state, said),
    }


def scenarios(state: AppState, said: Words) -> dict[str, Any]:
    """Return what can be opened, and what is."""
    names = [*shipped(), *state.kept]
    options = [{"value": name, "label": said.title(state.scenario_called(name))} for name in shipped()]
    options += [{"value": name, "label": name} for name in state.kept]
    now = state.setting.scenario
    same = next((name for name in names if state.scenario_called(name).digest() == now.digest()), CURRENT)
    return {
        "options": options,
        "value": same,
        "title": said.title(now),
        "storyline": said.storyline(now),
        "origin": said.say(
            "explore.origin", title=_origin(now.origin.title, said), story=_origin(now.origin.storyline, said)
        ),
        "base": said.title(state.base),
    }


def charts(state: AppState, said: Words) -> list[Block]:
    """Return the charts of the page, without numbers."""
    actions = [series(name, said.action(name), at) for at, name in enumerate(ACTIONS, start=1)]
    rung, share, index = (said.say(f"unit.{name}") for name in ("rung", "share", "index"))
    every = edited_note(state, said)
    climate = edited_note(state, said, environment=True)
    one = {"percent": True, "y": [0, 1], "note": every, "n": state.setting.replicates}
    return [
        fan(
            "delivered",
            said.say("chart.delivered"),
            rung,
            [*actions, series(ALL_ACTIONS, said.action(ALL_ACTIONS), 0)],
            y=[0, _TOP],
            note=every,
            n=state.setting.replicates,
        ),
        {"kind": "chart", "spec": {**_timeline(said, every), "n": state.setting.replicates}},
        fan("trust", said.say("chart.trust"), share, [series("trust", said.say("chart.trust"), 2)], **one),
        fan("overdue", said.say("chart.overdue"), share, [series("overdue", said.say("chart.overdue"), 1)], **one),
        fan("coverage", said.say("chart.coverage"), share, [series("coverage", said.say("chart.coverage"), 4)], **one),
        fan(
            _CONDITION,
            said.say("chart.condition"),
            index,
            [series("index", said.say("chart.index"), 0), series("heading", said.say("chart.heading"), 4, dash=True)],
            y=[40, 100],
            digits=1,
            note=climate,
            n=state.setting.replicates,
        ),
        fan(
            "behind",
            said.say("chart.behind"),
            rung,
            [
                series(name, said.say(f"group_short.{name}"), color)
                for name, color in zip(GROUPS, (1, 3, 2, 0), strict=True)
            ],
            y=[0, _TOP],
            note=every,
            n=state.setting.replicates,
        ),
        {
            "kind": "chart",
            "spec": {
                **tiles(state.setting.scenario, said),
                "id": "map",
                "year": state.view["year"],
                "note": map_note(state, said),
            },
        },
    ]


def _timeline(said: Words, note: str) -> Block:
    marks = [{"year": year, "label": str(rung)} for rung, year in enumerate(MILESTONES, start=2)]
    return {
        "id": "opening",
        "type": "timeline",
        "title": said.say("chart.opening"),
        "unit": said.say("unit.year"),
        "years": [2020, LAST_YEAR],
        "milestones": marks,
        "rungs": [2, 3, 4],
        "rows": [{"id": code, "label": said.group(code)} for code in SUBREGIONS],
        "note": note,
    }


def pictured(setting: Setting, what: str) -> tuple[Picture, dict[str, list[float]]]:
    """Return what the charts and the map show of a setting; `what` is one of `MAP`."""
    found: tuple[Picture, dict[str, list[float]]]
    found = LIVE.picture(setting, what, lambda run: (picture_of(run), map_of(run, what)))
    return found


def frame(state: AppState, said: Words, ghost: Setting | None) -> dict[str, Any]:
    """Return the numbers of every chart, and what they say; those of the setting before where they are asked for."""
    setting, what = state.setting, state.view["map"]
    picture, members = pictured(setting, what)
    made = {
        "sentence": worded(
            picture.findings,
            said.title(setting.scenario),
            setting.scenario.structure.gate,
            said,
        ),
        "glance": said.say(
            "explore.glance",
            delivered=said.number(picture.findings.delivered),
            trust=said.share(picture.findings.trust),
            overdue=said.share(picture.findings.overdue),
        ),
        "points": said.say("explore.points", points=said.number(picture.points, 1)),
        "runs": said.say("explore.runs", n=picture.runs, seed=setting.seed),
        "effects": said.say(f"explore.effects_{setting.effects}"),
        "bands": said.say("explore.bands"),
        "charts": drawn(picture, said),
        "map": _map(members, what, state, said),
    }
    if ghost is not None:
        before, _ = pictured(ghost, what)
        made["ghosts"] = ghosts(before)
    return made


def drawn(picture: Picture, said: Words) -> dict[str, Any]:
    """Return the numbers and the sentence of every chart but the map."""
    last = picture.findings
    by_action = {name: picture.delivered[name][-1][1] or 0.0 for name in ACTIONS}
    most, least = (f(by_action, key=lambda name: by_action[name]) for f in (max, min))
    whole = picture.delivered[ALL_ACTIONS][-1]
    index, to = (part[-1][1] or 0.0 for part in (picture.baiji, picture.heading))
    gaps = {name: picture.groups[name][-1][1] or 0.0 for name in GROUPS}
    return {
        "delivered": {
            "series": picture.delivered,
            "sentence": said.say(
                "sentence.delivered",
                **_band(whole, said),
                most=said.action(most),
                most_rung=said.number(by_action[most]),
                least=said.action(least),
                least_rung=said.number(by_action[least]),
            ),
        },
        "opening": {"rows": _openings(picture), "sentence": _opened(picture, said)},
        "trust": {
            "series": {"trust": picture.trust},
            "sentence": said.say(
                "sentence.trust", start=said.share(last.start), **_band(picture.trust[-1], said, said.share)
            ),
        },
        "overdue": {
            "series": {"overdue": picture.overdue},
            "sentence": said.say("sentence.overdue", **_band(picture.overdue[-1], said, said.share)),
        },
        "coverage": {
            "series": {"coverage": picture.coverage},
            "sentence": said.say("sentence.coverage", **_band(picture.coverage[-1], said, said.share)),
        },
        _CONDITION: {
            "series": {"index": picture.baiji, "heading": picture.heading},
            "heading": {"from": index, "to": to, "label": said.number(to, 0)},
            "sentence": _condition(picture, index, to, said),
        },
        "behind": {
            "series": picture.groups,
            "sentence": said.say("sentence.behind", **{name: said.number(value) for name, value in gaps.items()}),
        },
    }


def ghosts(picture: Picture) -> dict[str, Any]:
    """Return what every chart showed before, medians alone."""
    lines: dict[str, Mapping[str, Any]] = {
        "delivered": picture.delivered,
        "trust": {"trust": picture.trust},
        "overdue": {"overdue": picture.overdue},
        "coverage": {"coverage": picture.coverage},
        _CONDITION: {"index": picture.baiji, "heading": picture.heading},
        "behind": picture.groups,
    }
    medians = {
        chart: {name: [year[1] for year in years] for name, years in parts.items()} for chart, parts in lines.items()
    }
    return {**medians, "opening": _openings(picture)}


def edited_note(state: AppState, said: Words, environment: bool = False) -> str:
    """Say which assumptions have been changed that a chart depends on; empty where none has."""
    changed = edited(state)
    names = [name for name in changed if environment or name not in ENVIRONMENT]
    labels = [said.label(all_parameters()[name]) for name in names]
    return said.say("explore.edited", names=said.listed(labels)) if labels else ""


def map_note(state: AppState, said: Words) -> str:
    """Say which assumptions have been changed that the map depends on."""
    return edited_note(state, said, environment=state.view["map"] == _CONDITION)


def edited(state: AppState) -> list[str]:
    """Return the uncertainties that differ from those of the scenario that changes are counted from."""
    now, base = (one.uncertainties.model_dump() for one in (state.setting.scenario, state.base))
    return [name for name, value in now.items() if value != base[name]]


def map_label(name: str, said: Words) -> str:
    """Name what the map shows."""
    outcome, _, action = name.partition(".")
    return said.say(f"map.{outcome}", action=said.action(action)) if action else said.say(f"map.{outcome}")


def _map(members: Mapping[str, list[float]], what: str, state: AppState, said: Words) -> dict[str, Any]:
    ordered = sorted(members, key=lambda code: members[code][-1])
    top = _TOP if what.startswith(("delivered", "pledged")) else 1.0
    ends = {"most": ordered[::-1][:3], "least": ordered[:3]}
    names = {end: said.listed(said.member(code) for code in codes) for end, codes in ends.items()}
    return {
        "values": members,
        "domain": [0, top],
        "title": map_label(what, said),
        "percent": top == 1.0,
        "sentence": said.say("sentence.map", **names),
        "note": map_note(state, said),
    }


def _openings(picture: Picture) -> dict[str, Any]:
    return {
        code: {str(rung): opening._asdict() for rung, opening in rungs.items()}
        for code, rungs in picture.opening.items()
    }


def _opened(picture: Picture, said: Words) -> str:
    """Say when each rung opens, over all subregions."""
    parts = []
    for rung, milestone in enumerate(MILESTONES, start=2):
        rows = [rungs[rung] for rungs in picture.opening.values()]
        share = sum(row.share for row in rows) / len(rows)
        weights = [(row.median, row.share) for row in rows if row.median is not None]
        if share < 0.005 or not weights:  # in fewer than one of 200: a year says nothing
            parts.append(said.say("sentence.never", rung=rung))
            continue
        year = round(sum(median * weight for median, weight in weights) / sum(weight for _, weight in weights))
        late = said.signed(year - milestone, 0)
        parts.append(said.say("sentence.opens", rung=rung, year=year, late=late, share=said.share(share)))
    return said.say("sentence.stop").join(parts) + said.say("sentence.end")


def _condition(picture: Picture, index: float, to: float, said: Words) -> str:
    now = picture.domains
    alike = len(set(now.values())) == 1
    parts = [said.say("sentence.condition", index=said.number(index, 1), to=said.number(to, 1))]
    if alike:
        parts.append(said.say("sentence.alike"))
    else:
        parts += [
            said.say(
                "sentence.domain", domain=said.domain(name), now=said.number(100 * a, 1), to=said.number(100 * b, 1)
            )
            for name, (a, b) in now.items()
        ]
    return said.joined(*parts)


def _band(triple: list[float | None], said: Words, write: Callable[[float], str] | None = None) -> dict[str, str]:
    """Return a band in words."""
    names = ("low", "middle", "high")
    put = write or said.number
    return {name: "–" if value is None else put(value) for name, value in zip(names, triple, strict=True)}


def _origin(origin: str, said: Words) -> str:
    kind, _, paragraph = origin.partition(" ")
    return said.say(f"origin.{kind}", paragraph=paragraph)
