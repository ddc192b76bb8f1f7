"""What changed, and why: the log, checkpoints, and what each of the five actions did."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from foresight.actions import ACTIONS
from foresight.results.attribution import EXPLAINED, OTHER, TOTAL, explain
from foresight.runs import Progress

from ..parts.blocks import Block, heading, prose, table
from ..parts.log import log
from ..parts.naming import title_of
from ..parts.signature import name_of
from ..runs.live import LIVE
from ..visit.state import AppState
from ..words import Words


def page(state: AppState, words: Words, _rest: str, progress: Progress) -> dict[str, Any]:
    """Return the log of this session and the split of the difference from the base."""
    return {
        "kind": "blocks",
        "title": words.say("menu.changes"),
        "blocks": [
            prose(words.say("changes.lead"), "lead"),
            *log(state.history, words),
            *_kept(state, words),
            heading(words.say("log.sessions")),
            prose(words.say("log.sessions_meaning"), "hint"),
            {"kind": "sessions"},
            *split(state, words, progress),
        ],
    }


def split(state: AppState, words: Words, progress: Progress) -> Iterator[Block]:
    """Yield what each action did of the difference from the scenario that changes are counted from."""
    setting, base = state.setting, state.base
    yield heading(words.say("changes.split"))
    if setting.scenario.digest() == base.digest():
        yield prose(words.say("changes.nothing", base=title_of(base, words)), "hint")
        return
    key = ("split", *setting.key, base.digest())
    luck = (setting.replicates, setting.seed)
    make = partial(explain, base, setting.scenario, *luck, effects=setting.effects, progress=progress)
    parts: pd.DataFrame = LIVE.kept.get(key, make)
    for outcome in EXPLAINED[:3]:
        yield _chart(parts[parts["outcome"] == outcome].set_index("part"), outcome, state, words)
    yield prose(words.say("changes.other_meaning"), "hint")


def _chart(parts: pd.DataFrame, outcome: str, state: AppState, words: Words) -> Block:
    rows: list[dict[str, Any]] = [
        {"label": _part(name, words), **{k: float(parts[k][name]) for k in ("mean", "low", "high", "p10", "p90")}}
        for name in (*ACTIONS, OTHER, TOTAL)
    ]
    total = rows[-1]["mean"]
    largest = max(rows[:-1], key=lambda row: abs(row["mean"]))
    unit = str(parts["unit"].iloc[0])
    sentence = words.say(
        "changes.sentence",
        total=words.signed(total, 3),
        largest=largest["label"],
        part=words.signed(largest["mean"], 3),
        base=title_of(state.base, words),
    )
    spec = {
        "id": f"split-{outcome}",
        "type": "intervals",
        "digits": 3,
        "title": words.say(f"outcome.{outcome}"),
        "unit": words.say(f"unit.{unit}"),
        "sentence": sentence,
        "n": state.setting.replicates,
    }
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": True, "sentence": sentence}}


def _part(name: str, words: Words) -> str:
    return words.action(name) if name in ACTIONS else words.say(f"changes.{name}")


def _kept(state: AppState, words: Words) -> Iterator[Block]:
    yield heading(words.say("changes.checkpoints"))
    if not state.kept:
        yield prose(words.say("changes.no_checkpoints"), "hint")
        return
    rows = [[name_of(name, state, words), kept.id, _opens(name, words)] for name, kept in state.kept.items()]
    yield table(
        words.say("changes.checkpoints"), [words.say(f"changes.{one}") for one in ("name", "title", "go")], rows
    )


def _opens(name: str, words: Words) -> dict[str, Any]:
    return {"text": words.say("changes.open"), "button": {"type": "scenario", "name": name}}
