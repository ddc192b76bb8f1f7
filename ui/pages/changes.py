"""What changed, and why: the log, checkpoints, and what each of the five actions did."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import pandas as pd

from foresight.actions import ACTIONS
from foresight.attribution import EXPLAINED, OTHER, TOTAL, explain

from ..parts.blocks import Block, heading, prose, table
from ..runs.cache import Cache
from ..visit.state import AppState, Entry
from ..words import Words

Progress = Callable[[int, int], None]

_SPLITS: Final[Cache[pd.DataFrame]] = Cache(32)


def page(state: AppState, said: Words, _rest: str, progress: Progress) -> dict[str, Any]:
    """Return the log of this session and the split of the difference from the base."""
    return {
        "kind": "blocks",
        "title": said.say("menu.changes"),
        "blocks": [
            prose(said.say("changes.lead"), "lead"),
            *split(state, said, progress),
            heading(said.say("changes.log")),
            table(
                said.say("changes.log"),
                [said.say(f"changes.{one}") for one in ("time", "change", "value", "go")],
                list(_log(state, said)),
            ),
            *_kept(state, said),
        ],
    }


def split(state: AppState, said: Words, progress: Progress) -> Iterator[Block]:
    """Yield what each action did of the difference from the scenario that changes are counted from."""
    setting, base = state.setting, state.base
    yield heading(said.say("changes.split"))
    if setting.scenario.digest() == base.digest():
        yield prose(said.say("changes.nothing", base=said.title(base)), "hint")
        return
    key = (*setting.key, base.digest())
    luck = (setting.replicates, setting.seed)
    make = partial(explain, base, setting.scenario, *luck, effects=setting.effects, progress=progress)
    parts = _SPLITS.get(key, make)
    for outcome in EXPLAINED[:3]:
        yield _chart(parts[parts["outcome"] == outcome].set_index("part"), outcome, state, said)
    yield prose(said.say("changes.other_meaning"), "hint")


def _chart(parts: pd.DataFrame, outcome: str, state: AppState, said: Words) -> Block:
    rows: list[dict[str, Any]] = [
        {"label": _part(name, said), **{k: float(parts[k][name]) for k in ("mean", "low", "high", "p10", "p90")}}
        for name in (*ACTIONS, OTHER, TOTAL)
    ]
    total = rows[-1]["mean"]
    largest = max(rows[:-1], key=lambda row: abs(row["mean"]))
    unit = str(parts["unit"].iloc[0])
    sentence = said.say(
        "changes.sentence",
        total=said.signed(total, 3),
        largest=largest["label"],
        part=said.signed(largest["mean"], 3),
        base=said.title(state.base),
    )
    spec = {
        "id": f"split-{outcome}",
        "type": "intervals",
        "digits": 3,
        "title": said.say(f"outcome.{outcome}"),
        "unit": said.say(f"unit.{unit}"),
        "sentence": sentence,
        "n": state.setting.replicates,
    }
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": True, "sentence": sentence}}


def _part(name: str, said: Words) -> str:
    return said.action(name) if name in ACTIONS else said.say(f"changes.{name}")


def _log(state: AppState, said: Words) -> Iterator[list[Any]]:
    for at in range(len(state.entries) - 1, -1, -1):
        entry = state.entries[at]
        here = at == state.position
        button = (
            {"text": said.say("changes.here"), "tag": "here"}
            if here
            else {"text": said.say("changes.go_there"), "button": {"type": "jump", "position": at}}
        )
        yield [entry.at, what_changed(entry, said), value_of(entry, said), button]


def what_changed(entry: Entry, said: Words) -> str:
    """Say what an entry of the log changed."""
    if entry.what == "open":
        return said.say("changes.opened", title=said.title(entry.setting.scenario))
    if entry.what in ("coalition", "events"):
        return said.say(f"levers.{entry.what}")
    kind, _, action = entry.what.partition(".")
    if kind == "effort":
        return said.say("changes.effort", action=said.action(action))
    return said.listed(said.setting(path) for path in entry.values)


def value_of(entry: Entry, said: Words) -> str:
    """Say what an entry of the log set."""
    plain = [
        value
        for value in entry.values.values()
        if not (isinstance(value, list) and value and isinstance(value[0], dict))
    ]
    written = dict.fromkeys(said.named_value(path, value) for path, value in entry.values.items() if value in plain)
    return said.listed(written)


def _kept(state: AppState, said: Words) -> Iterator[Block]:
    yield heading(said.say("changes.checkpoints"))
    if not state.kept:
        yield prose(said.say("changes.no_checkpoints"), "hint")
        return
    rows = [
        [name, said.title(one), {"text": said.say("changes.open"), "button": {"type": "scenario", "name": name}}]
        for name, one in state.kept.items()
    ]
    yield table(said.say("changes.checkpoints"), [said.say(f"changes.{one}") for one in ("name", "title", "go")], rows)
