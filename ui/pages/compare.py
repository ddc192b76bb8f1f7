"""Compare: up to six scenarios side by side, under the same luck, for the region, a part of it, or one member."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from foresight.actions import GROUPS, LAST_YEAR, SUBREGIONS
from foresight.bounds import SIDE_BY_SIDE
from foresight.facts.bodies import memberships
from foresight.facts.members import REGION, member_codes
from foresight.facts.scopes import SCOPES
from foresight.results.results import Results
from foresight.runs import Progress
from foresight.scenario.loading import shipped
from foresight.texts import UNKNOWN

from ..parts.blocks import Block, choice, fan, fold, prose, row, series
from ..parts.contrast import COMPARED, DIGITS, View, outcome_label, tables
from ..parts.paths import Path, mean_path_of, path_of, whole_steps
from ..parts.signature import name_of, signature_of_several
from ..runs.live import LIVE
from ..runs.setting import Setting
from ..visit.futures import fitted
from ..visit.state import CURRENT, AppState
from ..words import Words

#: Ends of the scale by unit.
_SCALES: Final = {"share": [0, 1], "index": [40, 100]}


def page(state: AppState, words: Words, _rest: str, progress: Progress) -> dict[str, Any]:
    """Return the scenarios chosen, set side by side."""
    scope, what = _scope(state), _chosen(state)
    results = []
    for done, name in enumerate(state.side_by_side):
        results.append(LIVE.results(_setting(state, name), "summary" if scope in SCOPES else "members"))
        progress(done + 1, len(state.side_by_side))
    view = View(results, [_name(name, state, words) for name in state.side_by_side], what, scope, words)
    options = [(name, outcome_label(name, words)) for name in COMPARED]
    blocks = [
        _chooser(state, words),
        row(_scopes(scope, state, words), choice(words.say("compare.outcome"), "outcome", options, what)),
    ]
    if scope != state.view["scope"]:
        blocks.append(prose(words.say("scope.absent", name=words.scope(state.view["scope"])), "warning"))
    blocks += [*_charts(view)]
    if len(results) > 1:
        blocks += [*tables(view, [state.scenario_called(name) for name in state.side_by_side])]
    future = signature_of_several(view.names, [result.scenario for result in results], state, words)
    return {"kind": "blocks", "title": words.say("menu.compare"), "future": future, "blocks": blocks}


# What is chosen ------------------------------------------------------------------------------------------------------


def _setting(state: AppState, name: str) -> Setting:
    """Return a scenario with a name that no other of the session has, and the luck of the screen."""
    scenario = state.scenario_called(name)
    return replace(state.setting, scenario=scenario)


def _name(name: str, state: AppState, words: Words) -> str:
    """Name a scenario; what is on the screen says so where it stands beside the one that it is."""
    called = fitted(name_of(name, state, words))
    twice = name == CURRENT != state.name and state.name in state.side_by_side
    return words.say("future.on_screen", name=called) if twice else called


def _chooser(state: AppState, words: Words) -> Block:
    return {
        "kind": "chooser",
        "label": words.say("compare.choose"),
        "base": {"label": words.say("scope.base"), "value": state.side_by_side[0]},
        "options": [_candidate(name, state, words) for name in _candidates(state)],
        "most": SIDE_BY_SIDE.most,
        "upload": words.say("compare.upload"),
    }


def _candidates(state: AppState) -> list[str]:
    """Return what can be set side by side: what is on the screen, and all that is not the same."""
    here = CURRENT in state.side_by_side
    return [CURRENT, *(name for name in (*shipped(), *state.kept) if not here or name != state.twin)]


def _candidate(name: str, state: AppState, words: Words) -> dict[str, Any]:
    whole = name_of(name, state, words)
    label = words.say("future.on_screen", name=fitted(whole)) if name == CURRENT else fitted(whole)
    return {"value": name, "label": label, "title": whole, "chosen": name in state.side_by_side}


def _chosen(state: AppState) -> str:
    what = str(state.view.get("outcome"))
    return what if what in COMPARED else next(iter(COMPARED))


def _scope(state: AppState) -> str:
    """Return whose outcomes are compared: the region's, where who is chosen takes no part in all of the scenarios."""
    scope = str(state.view["scope"])
    codes = memberships().get(scope, (scope,))
    present = (state.scenario_called(name).codes() for name in state.side_by_side)
    return scope if scope in SCOPES or all(set(codes) & set(one) for one in present) else REGION


def _scopes(scope: str, state: AppState, words: Words) -> Block:
    """Return the choice of whom the page is about, one's own country near the top."""
    own = [state.view["country"]] if state.view["country"] else []
    kinds = {
        "subregions": SUBREGIONS,
        "groups": GROUPS,
        "bodies": sorted(memberships(), key=words.body),
        "members": sorted(member_codes(), key=words.member),
    }
    options: list[Block] = [_option(code, words) for code in (REGION, *own)]
    options += [
        {"label": words.say(f"scope.{kind}"), "options": [_option(code, words) for code in codes if code not in own]}
        for kind, codes in kinds.items()
    ]
    return {**choice(words.say("scope.for"), "scope", [], scope), "options": options}


def _option(code: str, words: Words) -> Block:
    return {"value": code, "label": words.scope(code)}


# Charts --------------------------------------------------------------------------------------------------------------


def _charts(view: View) -> Iterator[Block]:
    words, names = view.words, view.names
    paths = [_path(result, view) for result in view.results]
    ends = [_end(path, view) for path in paths]
    each = words.listed(words.say("compare.each", name=name, value=end) for name, end in zip(names, ends, strict=True))
    kind = "scope.means" if _is_member(view.scope) else "compare.sentence"
    sentence = words.say(kind, outcome=view.title, year=LAST_YEAR, each=each)
    lines = [series(str(at), name, at, band=len(names) <= 3) for at, name in enumerate(names)]
    look = _look(paths, view)
    whole = fan("overlaid", view.title, words.say(f"unit.{view.unit}"), lines, sentence=sentence, **look)
    yield {**whole, "data": {"series": {str(at): path for at, path in enumerate(paths)}, "sentence": sentence}}
    if len(names) > 1:
        small = [_small(at, path, look, view) for at, path in enumerate(paths)]
        yield fold("multiples", words.say("compare.multiples"), {"kind": "grid", "blocks": small})


def _small(at: int, path: Path, look: Mapping[str, Any], view: View) -> Block:
    """Return the chart of one scenario alone, on the scale of all."""
    words, name = view.words, view.names[at]
    sentence = words.say("compare.one", name=name, value=_end(path, view), year=LAST_YEAR)
    lines = [series("0", name, at)]
    chart = fan(f"multiple-{at}", name, words.say(f"unit.{view.unit}"), lines, sentence=sentence, **look)
    return {**chart, "data": {"series": {"0": path}, "sentence": sentence}}


def _path(result: Results, view: View) -> Path:
    """Return the path of an outcome: medians, and means of a member, as its own page has them."""
    summary = result.summary if view.scope in SCOPES else result.series((view.scope,))
    made = mean_path_of if _is_member(view.scope) else path_of
    return made(summary, view.outcome, view.scope, **COMPARED[view.what])


def _is_member(scope: str) -> bool:
    return scope in member_codes()


def _look(paths: Sequence[Path], view: View) -> dict[str, Any]:
    """Return how the charts of an outcome are drawn."""
    share = view.unit == "share"
    middle = {"middle": view.words.say("country.mean")} if _is_member(view.scope) else {}
    scale = whole_steps(paths) if view.unit == "rung" else _SCALES[view.unit]
    return {
        "y": scale,
        "percent": share,
        "digits": 0 if share else DIGITS[view.unit],
        "n": view.results[0].replicates,
        **middle,
    }


def _end(path: Path, view: View) -> str:
    """Write where a path ends."""
    value = path[-1][1]
    if value is None:
        return UNKNOWN
    return view.words.share(value) if view.unit == "share" else view.words.number(value, DIGITS[view.unit])
