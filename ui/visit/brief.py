"""A brief of what is set side by side, or of what is on the screen beside historical pace, under the same luck."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from foresight.documents.webpage import html
from foresight.reports.brief.numbers import gathered
from foresight.reports.brief.page import document
from foresight.scenario.loading import shipped, ships
from foresight.scenario.scenario import Scenario

from ..runs.live import LIVE
from ..runs.setting import FIRST_SCENARIO, RIVAL, Setting
from .files import File
from .futures import changed_id
from .state import AppState

#: The format that asks for it.
BRIEF: Final = "brief"

#: The page that sets scenarios side by side.
_COMPARE: Final = "compare"


def paths_of(state: AppState) -> list[Setting]:
    """Return what a brief is of, two or more: the first is what the others are compared with.

    On the page Compare it is what is chosen there; elsewhere what is on the screen, beside historical pace. Where that
    is on the screen itself, it is the rival.
    """
    names = state.side_by_side if state.page == _COMPARE else []
    several = _told_apart(map(state.scenario_called, names))
    if len(several) < 2:  # a comparison takes two
        own = shipped()[RIVAL] if state.twin == FIRST_SCENARIO else state.future.scenario
        several = _told_apart((shipped()[FIRST_SCENARIO], own))
    return [replace(state.setting, scenario=one) for one in several]


def _told_apart(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """Return scenarios that do different things, each under an id of its own."""
    named: dict[str, Scenario] = {}
    for digest, one in {one.digest(): one for one in scenarios}.items():
        name = changed_id(digest, one) if one.id in named else one.id
        named[name] = one.model_copy(update={"id": name})
    return list(named.values())


def brief_of(paths: Sequence[Setting], language: str, member: str = "") -> File:
    """Return the name, the kind and the content of a brief.

    Parameters
    ----------
    paths : sequence of Setting
        What it is of, as `paths_of` returns it.
    language : str
    member : str, optional
        Of whom it tells first, where that member takes part in all.
    """
    members = tuple(code for code in (member,) if all(code in one.scenario.codes() for one in paths))
    results = [LIVE.results(one, "members") for one in paths]
    page = html(document(gathered(results, members), language, [_command(paths, language, members)]))
    _, *others = (one.scenario.id for one in paths)
    return f"{'-'.join([BRIEF, *others, *members])}.html", "text/html", page.encode()


def _command(paths: Sequence[Setting], language: str, members: Sequence[str]) -> str:
    """Return what makes the same brief of the scenarios, or of their files."""
    first = paths[0]
    names = [one.scenario.id if ships(one.scenario) else f"{one.scenario.id}.toml" for one in paths]
    told = ["--members", *members] if members else []
    luck = ["--seed", str(first.seed), "--replicates", str(first.replicates), "--effects", first.effects]
    return shlex.join(["foresight", BRIEF, *names, *told, *luck, "--language", language, "--out", f"{BRIEF}.html"])
