"""What is on the screen as a brief, beside what historical pace comes to under the same luck."""

import shlex
from dataclasses import replace
from typing import Final

from foresight.documents.webpage import html
from foresight.errors import InputError, Problem, listed, shown
from foresight.reports.brief.numbers import gathered
from foresight.reports.brief.page import document
from foresight.scenario.loading import bundled, shipped, ships

from ..runs.live import LIVE
from ..runs.setting import Setting
from .files import File

#: The format that asks for it.
BRIEF: Final = "brief"

#: What the scenario on the screen is compared with.
_BASE: Final = "historical-pace"


def brief_of(setting: Setting, language: str, member: str | None = None) -> File:
    """Return the name, the kind and the content of a brief.

    Parameters
    ----------
    setting : Setting
    language : str
    member : str, optional
        Of whom it tells apart: the member whose page is open.

    Raises
    ------
    InputError
        If what is on the screen is historical pace, or the member takes no part in it.
    """
    if setting.scenario.id == _BASE:
        raise InputError([Problem("", "", "one_scenario", shown(_BASE), listed(list(bundled())))])
    both = (replace(setting, scenario=shipped()[_BASE]), setting)
    results = [LIVE.results(one, "members") for one in both]
    members = (member,) if member else ()
    page = html(document(gathered(results, members), language, [_command(setting, language, members)]))
    return f"{'-'.join([BRIEF, setting.scenario.id, *members])}.html", "text/html", page.encode()


def _command(setting: Setting, language: str, members: tuple[str, ...]) -> str:
    """Return what makes the same brief of the scenario, or of its file."""
    scenario = setting.scenario
    name = scenario.id if ships(scenario) else f"{scenario.id}.toml"
    told = ["--members", *members] if members else []
    luck = ["--seed", str(setting.seed), "--replicates", str(setting.replicates), "--effects", setting.effects]
    words = ["foresight", BRIEF, _BASE, name, *told, *luck, "--language", language, "--out", f"{BRIEF}.html"]
    return shlex.join(words)
