"""What says whose numbers something shows: the name of a future, its digest, and what made them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from babel.dates import format_date

from foresight.scenario.scenario import Scenario
from foresight.version import program_version

from ..visit.futures import MARK, changed_id, changed_title, title_of
from ..visit.state import CURRENT, AppState
from ..words import Words

#: Digits of a digest that are shown.
_DIGITS: Final = 12


def signature(state: AppState, words: Words) -> dict[str, str]:
    """Return what stands under a picture, at the head of paper, and in the names of files.

    Returns
    -------
    dict
        ``name`` and ``id`` of the future on the screen, ``digest`` of what it does, and ``made``: runs, seed, version,
        digest and day in one line.
    """
    alike, digest = state.name, state.setting.key[0][:_DIGITS]
    name, made = _name(alike, state, words), _made(state, digest, words)
    return {"name": name, "id": _id(alike, state), "digest": digest, "made": made}


def signature_of_several(
    names: Sequence[str], scenarios: Sequence[Scenario], state: AppState, words: Words
) -> dict[str, str]:
    """Return the same for scenarios side by side: a file is called after the first, and the marks of the others."""
    marks = [one.digest()[:MARK] for one in scenarios]
    name, made = words.listed(names), _made(state, " ".join(marks), words)
    return {"name": name, "id": "-".join([scenarios[0].id, *marks[1:]]), "digest": " ".join(marks), "made": made}


def _made(state: AppState, digest: str, words: Words) -> str:
    """Say what made the numbers, in one line."""
    setting = state.setting
    runs = words.say("future.made", runs=words.count(setting.replicates), seed=setting.seed)
    day = format_date(date.today(), "medium", words.language)
    return " · ".join([runs, f"foresight {program_version()}", digest, day])


def screen_name(state: AppState, words: Words) -> str:
    """Name what is on the screen, as everything that is handed on does."""
    return _name(state.name, state, words)


def name_of(name: str, state: AppState, words: Words) -> str:
    """Name a scenario of the session: the one on the screen, one that ships, or one kept."""
    return screen_name(state, words) if name == CURRENT else title_of(state.scenario_called(name), words)


def _name(alike: str, state: AppState, words: Words) -> str:
    """Name what is on the screen like what does the same, or after its change."""
    if alike != CURRENT:
        return title_of(state.scenario_called(alike), words)
    if state.is_changed:
        return changed_title(state.setting.scenario, state.base, words)
    return title_of(state.base, words)


def _id(alike: str, state: AppState) -> str:
    if alike != CURRENT:
        return state.scenario_called(alike).id
    return changed_id(state.setting.key[0], state.base) if state.is_changed else state.base.id
