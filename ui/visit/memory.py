"""What a visitor has open as text that the browser keeps, so that a reload brings it back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from foresight.arguments import check_whole
from foresight.bounds import CHANGES, KEPT, MEMORY, RUNS, SIDE_BY_SIDE, Bound
from foresight.errors import InputError, Problem
from foresight.experiments.loading import experiment_of
from foresight.runs import DRAWN, Effects
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario

from ..runs.setting import Setting, scenario_from, table_of
from .history import Entry, History
from .laboratory import CHOICES, Laboratory
from .link import Shared, check_language, check_view, pack, unpack
from .questions import Questions
from .state import CURRENT, FIRST_VIEW, AppState

_PLACE: Final = "memory"

#: The most of what a memory has many of; the first entry is no change.
_MOST: Final[Mapping[str, Bound]] = {
    "entries": CHANGES._replace(most=CHANGES.most + 1),
    "bases": CHANGES._replace(most=CHANGES.most + 1),
    "kept": KEPT,
    "compared": SIDE_BY_SIDE,
}


def packed(state: AppState) -> str:
    """Return all that a reload should bring back."""
    history = state.history
    bases = list({id(entry.base): entry.base for entry in history.entries}.values())
    place = {id(base): at for at, base in enumerate(bases)}
    return pack(
        {
            "entries": [_remembered(entry, place[id(entry.base)]) for entry in history.entries],
            "bases": [table_of(base) for base in bases],
            "position": history.position,
            "tip": history.tip,
            "kept": {name: table_of(scenario) for name, scenario in state.kept.items()},
            "compared": state.compared,
            "shared": _link_remembered(state.shared),
            "language": state.language,
            "page": state.page,
            "view": state.view,
            "laboratory": _laboratory_remembered(state.laboratory),
            "awaited": state.questions.awaited,
        }
    )


def unpacked(memory: str) -> AppState:
    """Return what `packed` was given; InputError if it is not whole, or holds more than anybody has open."""
    table = unpack(memory, MEMORY)
    state = AppState()
    try:
        _check_sizes(table)
        bases = [scenario_from(one) for one in table["bases"]]
        entries = [_recalled(at, one, bases) for at, one in enumerate(table["entries"])]
        state.history = History(entries, table["position"], table.get("tip", len(entries) - 1))
        state.kept = {str(name): scenario_from(one) for name, one in table["kept"].items()}
        names = {CURRENT, *shipped(), *state.kept}
        state.compared = [name for name in table["compared"] if name in names] or [CURRENT]
        state.shared = _link_recalled(table["shared"])
        state.language, state.page = table["language"], str(table["page"])
        state.view = {**FIRST_VIEW, **table["view"]}
        state.laboratory = _laboratory_recalled(table.get("laboratory") or {})
        state.questions = Questions.of_before(table.get("awaited") or ())
        whole = not [*check_language(state.language), *check_view(state.view)]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        whole = False
    if not whole:
        raise InputError([Problem("", _PLACE, "altered_link")])
    return state


def _check_sizes(table: Mapping[str, Any]) -> None:
    problems = [problem for name, bound in _MOST.items() for problem in bound.problems(len(table[name]), _PLACE, name)]
    if problems:
        raise InputError(problems)


def _setting_remembered(setting: Setting) -> list[Any]:
    return [setting.table, setting.seed, setting.replicates, setting.effects]


def _setting_recalled(table: dict[str, Any], seed: int, replicates: int, effects: Effects = DRAWN) -> Setting:
    return Setting(scenario_from(table), seed, replicates, effects)


def _remembered(entry: Entry, base: int) -> list[Any]:
    return [_setting_remembered(entry.setting), base, entry.what, dict(entry.values), entry.at, entry.parent]


def _recalled(at: int, one: Sequence[Any], bases: Sequence[Scenario]) -> Entry:
    """Return the entry at a place; of a memory from before there were branches, each comes after the one before."""
    setting, base, what, values, time, *parent = one
    after = parent[0] if parent else at - 1 if at else None
    return Entry(_setting_recalled(*setting), bases[base], str(what), dict(values), str(time), after)


def _link_remembered(shared: Shared | None) -> list[Any] | None:
    if shared is None:
        return None
    rest = (shared.language, shared.page, dict(shared.view), dict(shared.numbers), shared.version, shared.data)
    return [_setting_remembered(shared.setting), *rest]


def _link_recalled(one: Sequence[Any] | None) -> Shared | None:
    if one is None:
        return None
    setting, *rest = one
    return Shared(_setting_recalled(*setting), *rest)


def _laboratory_remembered(lab: Laboratory) -> dict[str, Any]:
    """Return what is planned, and the name by which the runs can be had back if there are any."""
    return {
        "plan": lab.uploaded and lab.uploaded.plain(),
        "size": lab.size,
        "chosen": lab.chosen,
        "name": lab.name if lab.trial is not None else "",
    }


def _laboratory_recalled(table: Mapping[str, Any]) -> Laboratory:
    lab = Laboratory(str(table.get("name") or ""))
    plan, size = table.get("plan"), table.get("size")
    if size is not None:
        check_whole("n", size, 1, RUNS.most)
    lab.plan(None if plan is None else experiment_of(plan, _PLACE), size)
    chosen = dict(table.get("chosen") or {})
    lab.chosen = {name: str(chosen[name]) for name in CHOICES if name in chosen}
    return lab
