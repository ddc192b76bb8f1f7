"""How far the model can be trusted: forecasts beside what happened, and what its page of trust says first."""

from collections.abc import Iterator
from typing import Any, Final

from ..runs import trusted
from ..visit.questions import how_trusted
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, fold, prose, table
from .quests import told_of

#: Colour of what was forecast, in charts.
_FORECAST: Final = 2


def trusting(state: AppState, words: Words) -> Iterator[Block]:
    """Yield the picture, what it says, and the five lines."""
    shipped = trusted.stored()
    if shipped is not None:
        yield from _told(shipped, words)
    else:
        yield from told_of(how_trusted(), state, words, lambda found: _told(found, words))


def _told(trust: trusted.Trust, words: Words) -> Iterator[Block]:
    counts = {kind: sum(one["standing"] == kind for one in trust["looks"]) for kind in ("inside", "fast", "slow")}
    numbers = {name: words.count(count) for name, count in counts.items()}
    sentence = words.say("why.trust", all=words.count(len(trust["looks"])), years=trusted.YEARS, **numbers)
    yield prose(sentence, "lead")
    columns = [words.say(f"why.trust_{one}") for one in ("subject", "finding")]
    rows = [[{"text": subject, "note": basis}, finding] for subject, finding, basis in _said("findings", trust, words)]
    yield table(words.say("why.trust_lines"), columns, rows)
    yield _picture(trust, words)
    yield fold("why-trust", words.say("why.how"), prose(words.say("why.trust_how", years=trusted.YEARS), "hint"))


def _picture(trust: trusted.Trust, words: Words) -> Block:
    """Return a lane for each agreement: the band that was forecast, and how many had joined; hollow if outside."""
    names = _said("names", trust, words)
    rows = [_lane(name, look) for name, look in zip(names, trust["looks"], strict=True)]
    spec = {
        "id": "trust",
        "type": "intervals",
        "title": words.say("why.trust_title", years=trusted.YEARS),
        "unit": words.say("why.trust_unit"),
        "sentence": "",
        "note": words.say("why.trust_note"),
        "digits": 0,
        "plain": True,
        "columns": [words.say(f"why.trust_{one}") for one in ("agreement", "seen", "low", "high")],
    }
    return {"kind": "chart", "spec": spec, "data": {"rows": rows, "zero": False}}


def _said(part: str, trust: trusted.Trust, words: Words) -> Any:
    """Return what is stored in a language; in English where a draft was begun since."""
    return trust[part].get(words.language) or trust[part][words.reviewed]


def _lane(name: str, look: dict[str, Any]) -> dict[str, Any]:
    ends = {"mean": look["seen"], "low": look["low"], "high": look["high"]}
    return {"label": name, **ends, "hollow": look["standing"] != "inside", "color": _FORECAST}
