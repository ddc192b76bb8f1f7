"""Explore: levers on one side, the future on the other, and one plain sentence above."""

from collections.abc import Callable
from typing import Any, Final

from ..parts.blocks import Block
from ..parts.charts import CHARTS
from ..parts.first import tiles_of_page
from ..parts.frame import edited_note, map_label, map_note, scenarios
from ..parts.levers import controls
from ..parts.tiles import tiles
from ..runs.picture import MAP
from ..visit.state import AppState
from ..words import Words

PATH: Final = "explore"


def page(state: AppState, words: Words, _rest: str, _progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Return levers and empty charts; a frame fills these."""
    return {
        "kind": PATH,
        "title": words.say("menu.explore"),
        "scenarios": scenarios(state, words),
        "controls": controls(state, words),
        "charts": charts(state, words),
        "chart": state.view["chart"],
        "tiles": tiles_of_page(words),
        "country": state.view["country"],
        "maps": [{"value": name, "label": map_label(name, words)} for name in MAP],
        "map": state.view["map"],
        "edited": edited_note(state, words),
    }


def charts(state: AppState, words: Words) -> list[Block]:
    """Return the charts of the page, without numbers."""
    notes = {environment: edited_note(state, words, environment) for environment in (False, True)}
    n, acting = state.setting.replicates, state.setting.scenario.structure.levers_from
    drawn = [chart.spec(words, notes[chart.environment], n, acting) for chart in CHARTS]
    place = {"id": "map", "year": state.view["year"], "note": map_note(state, words)}
    return [*drawn, {"kind": "chart", "spec": {**tiles(state.setting.scenario, words), **place}}]
