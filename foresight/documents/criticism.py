"""What the model is weak at, each weakness with what a reader should do about it."""

from typing import Final

from foresight.documents.mechanisms import arrow_counts
from foresight.runs import EFFECTS
from foresight.texts import Words

#: Keys of the section `criticism` of the text catalogue, each a weakness; that of the advice ends in ``_advice``.
WEAKNESSES: Final = (
    "ratification",
    "peers",
    "delivery",
    "accountability",
    "trust",
    "gate",
    "arrows",
    "politics",
    "environment",
    "chance",
)


def criticisms(words: Words) -> list[tuple[str, str]]:
    """Return every weakness with what a reader should do about it.

    Returns
    -------
    list of (weakness, advice)
        In the order of `WEAKNESSES`. Commands within the advice are those of the command line.
    """
    ranges: dict[str, str] = {effects: words.say(f"effects.range_{effects}") for effects in EFFECTS}
    told: dict[str, object] = {**arrow_counts(), **ranges}
    return [(words.say(f"criticism.{name}", **told), words.say(f"criticism.{name}_advice")) for name in WEAKNESSES]
