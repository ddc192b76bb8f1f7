"""Pictures of the scenarios that ship, shown until the engine is ready: what it drew itself when they were written.

A picture counts only for the sources, the facts and the setting that it was made from; `make stored` writes them anew,
and a test draws them again.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from foresight.engine import compiled
from foresight.engine.compiled import sources_digest
from foresight.facts.tables import data_digest
from foresight.results.headline import Findings

from .picture import MAP, Opening, Picture, Shown
from .setting import Setting

#: Where the pictures are.
FILE: Final = "stored.json"

#: What the map of a stored picture shows.
WHAT: Final = MAP[0]


def stored(setting: Setting, what: str) -> Shown | None:
    """Return what ships of a setting, None where nothing does or what ships was made from something else."""
    kept = _kept() if what == WHAT else {}
    return kept.get(key_of(setting))


def key_of(setting: Setting) -> str:
    """Return what a picture is known by: all that it is made from."""
    sources = sources_digest(Path(compiled.__file__).parent)
    return " ".join([sources, data_digest(), *map(str, setting.key)])


def plain(shown: Shown) -> list[Any]:
    """Return what is shown, as JSON has it."""
    picture, members = shown
    opening = {scope: {str(rung): one for rung, one in rungs.items()} for scope, rungs in picture.opening.items()}
    last = {name: values.tolist() for name, values in picture.last.items()}
    return [picture._replace(opening=opening, last=last)._asdict(), members]  # type: ignore[arg-type]  # as JSON has them


@cache
def _kept() -> Mapping[str, Shown]:
    """Read what ships, once."""
    content = json.loads(files("foresight_ui.runs").joinpath(FILE).read_text("utf-8"))
    return {key: (_picture(picture), members) for key, (picture, members) in content.items()}


def _picture(plain: Mapping[str, Any]) -> Picture:
    """Make a picture of what JSON has of it."""
    opening = {
        scope: {int(rung): Opening(*one) for rung, one in rungs.items()} for scope, rungs in plain["opening"].items()
    }
    domains = {name: tuple(ends) for name, ends in plain["domains"].items()}
    last = {name: np.array(values) for name, values in plain["last"].items()}
    whole = {"years": tuple(plain["years"]), "findings": Findings(*plain["findings"]), "last": last}
    return Picture(**{**plain, **whole, "domains": domains, "opening": opening})
