"""What an act of a state towards an agreement is: whether it makes it a party, by a word or a letter of a list."""

import re
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What follows from an act."""

    JOINING = "joining"  # the state becomes a party
    SUCCESSION = "succession"  # likewise, and perhaps from a day before the agreement was opened
    OTHER = "other"  # it does not, by this act
    UNKNOWN = "unknown"  # nobody here knows


#: Letters that the United Nations Treaty Collection puts behind dates: accession, acceptance, approval, formal
#: confirmation, definitive signature, succession. A capital is another letter.
LETTERS: Final = {
    **dict.fromkeys(("a", "A", "AA", "c", "s"), Kind.JOINING),
    "d": Kind.SUCCESSION,
}

#: Words of acts; the first of them that is in a cell decides.
_WORDS: Final = {
    Kind.SUCCESSION: ("success(?:ion|or)", "succeeded"),
    Kind.JOINING: (
        *("ratif(?:ication|ied)", "accession", "acceded", "adherence", "accept(?:ance|ed)", "approv(?:al|ed)"),
        *("definitive signature", "signature not subject to", "formal confirmation", "consent", "joined", "party"),
        *("participation", "entry into force"),
    ),
    Kind.OTHER: (
        *("signature", "signed", "signatory", "withdraw(?:al|n)", "withdrew", "denunciation", "denounced"),
        *("terminat(?:ion|ed)", "suspension", "declaration", "reservation", "objection", "provisional application"),
    ),
}
_ANY: Final = re.compile(
    "|".join(rf"(?P<{kind}>\b(?:{'|'.join(words)})\b)" for kind, words in _WORDS.items()), re.IGNORECASE
)

#: What is allowed, in a message.
WORDS: Final = "Ratification, Accession, Acceptance, Approval, Succession, Signature, Withdrawal, a, A, AA, c, d, s"

_LETTERED: Final = re.compile(rf"(\d.*?)\s*({'|'.join(sorted(LETTERS, key=len, reverse=True))})")


def kind_of(action: str) -> Kind:
    """Return what follows from an act; one that is not named makes a party."""
    if not action:
        return Kind.JOINING
    if action in LETTERS:
        return LETTERS[action]
    known = _ANY.search(action)
    return Kind(str(known.lastgroup)) if known else Kind.UNKNOWN


def date_and_letter(written: str) -> tuple[str, str]:
    """Part a date from the letter behind it, if there is one."""
    parts = _LETTERED.fullmatch(written)
    return (parts[1], parts[2]) if parts else (written, "")
