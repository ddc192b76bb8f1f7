"""What a coalition would change: some members move ahead, and everything else stays as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from foresight.actions import ACTIONS
from foresight.results.comparison import Comparison
from foresight.results.outcomes import ALL_ACTIONS
from foresight.scenario.schema import Coalition

from ..runs.live import LIVE
from ..runs.setting import Setting
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, prose
from .lists import COALITION_EFFORT

#: What is told of the members that the page is of.
_TOLD: Final = ("mean_delivered", "overdue_share", "trust")


def together(
    codes: Sequence[str], name: str, scopes: tuple[str, ...], state: AppState, words: Words
) -> Iterator[Block]:
    """Yield how outcomes of scopes change if members pledge and deliver at the pace of regional instruments.

    Parameters
    ----------
    codes : sequence of str
        Members of the coalition; those of a coalition that there is already stay in theirs.
    name : str
        What the members have in common.
    scopes : tuple of str
        Whose outcomes are told.
    state, words
        The session, and its words.
    """
    after = ahead(state.setting, codes)
    if after is None:
        yield prose(words.say("together.bound"), "hint")
        return
    settings, free = (state.setting, after), after.scenario.coalitions[-1].members
    comparison = Comparison(tuple(LIVE.results(coalition, "members") for coalition in settings))
    lanes = [_lane(comparison, outcome, scope, words) for scope in scopes for outcome in _TOLD]
    first = lanes[0]
    sentence = words.say(
        "together.sentence",
        name=name,
        n=len(free),
        effort=words.value(COALITION_EFFORT),
        change=words.signed(first["mean"], 3),
        low=words.signed(first["low"], 3),
        high=words.signed(first["high"], 3),
    )
    spec = {
        "id": "together",
        "type": "intervals",
        "digits": 3,
        "title": words.say("together.title", name=name),
        "unit": words.say("together.unit"),
        "sentence": sentence,
        "n": state.setting.replicates,
    }
    yield {"kind": "chart", "spec": spec, "data": {"rows": lanes, "zero": True, "sentence": sentence}}
    if len(free) < len(codes):
        yield prose(words.say("together.some_bound"), "hint")


def ahead(setting: Setting, codes: Sequence[str]) -> Setting | None:
    """Return a setting in which members move ahead, but for those of a coalition that there is; None if all are."""
    scenario = setting.scenario
    bound = frozenset[str]().union(*(coalition.codes for coalition in scenario.coalitions))
    free = sorted(set(codes) - bound)
    if not free:
        return None
    efforts = dict.fromkeys(ACTIONS, COALITION_EFFORT)
    own = Coalition(name="together", members=tuple(free), pledge_effort=efforts, delivery_effort=efforts)
    return replace(setting, scenario=scenario.model_copy(update={"coalitions": (*scenario.coalitions, own)}))


def _lane(comparison: Comparison, outcome: str, scope: str, words: Words) -> dict[str, Any]:
    rows = comparison.differences(outcome, (scope,))
    rows = rows[rows["year"] == rows["year"].max()]
    if "action" in rows:
        rows = rows[rows["action"] == ALL_ACTIONS]
    (row,) = rows.to_dict("records")
    return {
        "label": words.say(f"outcome.{outcome}"),
        **{name: float(row[name]) for name in ("mean", "low", "high", "p10", "p90")},
    }
