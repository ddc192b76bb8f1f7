"""Pictures of the record of a session."""

import numpy as np
import pandas as pd

from foresight.actions import FIRST_YEAR, RUNGS
from foresight.documents.document import Figure
from foresight.documents.drawings import Caption, Row, fan, intervals
from foresight.workshop.debrief import Deeds, Guesses
from foresight.workshop.numbers import DELIVERED, Course
from foresight.workshop.room import Room
from foresight.workshop.writing import SheetWords

#: Of the band of runs.
_BAND = "80%"


def guessed(guesses: Guesses, words: SheetWords) -> Figure:
    """Draw what was guessed above what historical pace brings, each from low to high."""
    low, middle, high = guesses.outcome
    least, most = guesses.guesses[0], guesses.guesses[-1]
    rows = [
        Row(_say("guesses_own", words), words.number(guesses.median), guesses.median, least, most),
        Row(_say("guesses_model", words), words.number(middle), middle, low, high),
    ]
    return _figure("guesses", words, intervals(_caption("guesses", words), rows))


def course(shown: Course, words: SheetWords) -> Figure:
    """Draw steps delivered in the region: of the branch with its band, and dots where the room set out from."""
    end = shown.last - FIRST_YEAR + 1
    low, middle, high = np.quantile(shown.own[DELIVERED, 0, :end], [0.1, 0.5, 0.9], axis=-1)
    base = np.quantile(shown.base[DELIVERED, 0, :end], 0.5, axis=-1)
    years = pd.DataFrame(
        {
            "year": np.arange(FIRST_YEAR, shown.last + 1),
            "median": middle,
            "seen": base,
            f"low_{_BAND}": low,
            f"high_{_BAND}": high,
        }
    )
    drawn = fan(
        _caption("run", words), years, [_BAND], _say("run_across", words), _say("run_upward", words, most=RUNGS)
    )
    return _figure("run", words, drawn)


def deeds(found: Deeds, room: Room, words: SheetWords) -> Figure:
    """Draw what each delegation and the cards did for the region."""
    parts = [(words.delegation(room.delegations[one.delegation]), one.gains) for one in found.delegations]
    gains = {name: by_scope["region"].mean for name, by_scope in [*parts, (words.say("session.cards"), found.cards)]}
    rows = [Row(name, words.signed(gain, 3), gain) for name, gain in gains.items()]
    return _figure("deeds", words, intervals(_caption("deeds", words), rows, zero=True))


def _figure(name: str, words: SheetWords, drawing: str) -> Figure:
    return Figure(_say(name, words), _say(f"{name}_words", words), drawing)


def _caption(name: str, words: SheetWords) -> Caption:
    return Caption(name, _say(name, words), _say(f"{name}_words", words), lambda value: words.exact(round(value, 3)))


def _say(name: str, words: SheetWords, **values: object) -> str:
    return words.say(f"session.figure.{name}", **values)
