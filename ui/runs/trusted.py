"""How far the model can be trusted: what the page of trust says first, and forecasts beside what happened.

It takes a minute to work out and is the same for all scenarios, so it ships. What ships counts only for the sources and
the facts that it was made from; `make stored` writes it anew.
"""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from foresight.engine import compiled
from foresight.engine.compiled import sources_digest
from foresight.facts.tables import data_digest
from foresight.runs import Progress
from foresight.texts import drafts, languages

#: Where it is.
FILE: Final = "trust.json"

#: Years after the opening of an agreement at which forecasts stand beside what happened.
YEARS: Final = 10

#: The text that a draft has once its findings are begun; until then they are in English.
FIRST: Final = "trust.label_use"

#: ``findings`` by language, each of subject, sentence and what it rests on; ``looks``, a dict for each agreement: see
#: `foresight.reports.trust.failures.looks`; ``names`` of agreements by language.
Trust = dict[str, Any]


def stored() -> Trust | None:
    """Return what ships, None where it was made from something else."""
    kept = _kept()
    return kept["trust"] if kept["key"] == key() else None


def key() -> str:
    """Return all that it is made from."""
    return f"{sources_digest(Path(compiled.__file__).parent)} {data_digest()}"


def worked_out(progress: Progress | None = None) -> Trust:
    """Work it out now, which takes a minute."""
    from foresight.reports.trust.failures import looks  # late: these bring much that nothing else here needs
    from foresight.reports.trust.findings import in_a_minute
    from foresight.reports.trust.numbers import gathered
    from foresight.reports.trust.writing import PageWords

    grounds = gathered(progress=progress)
    rows = looks(grounds.own)
    shown = rows[rows["age"] == YEARS].drop(columns="age").to_dict("records")
    every = map(PageWords, (*languages(), *drafts()))
    said = {own.language: own for own in every if own.has(FIRST)}
    return {
        "findings": {name: [list(one) for one in in_a_minute(grounds, own)] for name, own in said.items()},
        "looks": shown,
        "names": {name: [own.agreement(one["treaty"]) for one in shown] for name, own in said.items()},
    }


@cache
def _kept() -> dict[str, Any]:
    """Read what ships, once."""
    content: dict[str, Any] = json.loads(files("foresight_ui.runs").joinpath(FILE).read_text("utf-8"))
    return content
