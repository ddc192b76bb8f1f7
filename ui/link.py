"""Links that cannot drift: everything that is on the screen, with a check sum, in the address itself.

A link is the version of its form, a compressed table and a check sum, in letters that addresses allow.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from foresight.errors import InputError, Problem
from foresight.members import data_digest
from foresight.version import program_version

from .setting import Setting, scenario_from, table_of
from .words import LANGUAGES

#: The form of the table; another form is refused by name.
FORM: Final = "1"

#: Largest table that is unpacked, in bytes: a small link must not fill the memory.
LARGEST: Final = 1_000_000

#: Most headline numbers that a link carries.
MOST_NUMBERS: Final = 8

_SUM_LENGTH: Final = 12
_PLACE: Final = "link"


@dataclass(frozen=True)
class Shared:
    """What a link carries.

    Parameters
    ----------
    setting : Setting
        Scenario, seed and replicates.
    language : str
        One of `LANGUAGES`.
    page : str
        Path of the page, such as ``members/FJI``.
    view : Mapping[str, Any]
        What the page shows: outcome and year of the map, and the like.
    numbers : Mapping[str, float]
        Headline numbers as they were when the link was made.
    version, data : str
        Program version and digest of the facts that made them.
    """

    setting: Setting
    language: str
    page: str
    view: Mapping[str, Any]
    numbers: Mapping[str, float]
    version: str
    data: str

    @property
    def elsewhere(self) -> bool:
        """Whether another version of the program or of its facts made the link."""
        return (self.version, self.data) != (program_version(), data_digest()[:_SUM_LENGTH])


def encode(setting: Setting, language: str, page: str, view: Mapping[str, Any], numbers: Mapping[str, float]) -> str:
    """Return what is on the screen as a link."""
    table = {
        "scenario": table_of(setting.scenario),
        "digest": setting.scenario.digest()[:_SUM_LENGTH],
        "seed": setting.seed,
        "replicates": setting.replicates,
        "language": language,
        "page": page,
        "view": dict(view),
        "numbers": dict(numbers),
        "version": program_version(),
        "data": data_digest()[:_SUM_LENGTH],
    }
    return pack(table)


def decode(link: str) -> Shared:
    """Return what a link carries.

    Raises
    ------
    InputError
        If a character was changed or lost, or a value cannot be, with the name of the field.
    """
    table = unpack(link)
    _check(table)
    scenario = scenario_from(table["scenario"])
    setting = Setting(scenario, table["seed"], table["replicates"])
    if table["version"] == program_version() and scenario.digest()[:_SUM_LENGTH] != table["digest"]:
        raise InputError([Problem(_PLACE, "digest", "altered_link")])
    names = ("language", "page", "view", "numbers", "version", "data")
    return Shared(setting, *(table[name] for name in names))


def pack(table: Mapping[str, Any]) -> str:
    """Return a table as text that an address may hold, with its check sum."""
    plain = json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
    return f"{FORM}.{_text(zlib.compress(plain, 9))}.{_sum(plain)}"


def unpack(link: str) -> dict[str, Any]:
    """Return the table of a packed text.

    Raises
    ------
    InputError
        If it has another form, or its check sum is not that of its content.
    """
    form, _, rest = link.partition(".")
    if form != FORM:
        raise InputError([Problem(_PLACE, "form", "other_form", form[:_SUM_LENGTH], FORM)])
    body, _, total = rest.rpartition(".")
    try:
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), LARGEST)
        table = json.loads(plain)
    except (ValueError, zlib.error, RecursionError):
        raise InputError([Problem(_PLACE, "", "altered_link")]) from None
    if unpacker.unconsumed_tail or _sum(plain) != total or not isinstance(table, dict):
        raise InputError([Problem(_PLACE, "", "altered_link")])
    return table


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _sum(content: bytes) -> str:
    return _text(hashlib.sha256(content).digest())[:_SUM_LENGTH]


def _check(table: Mapping[str, Any]) -> None:
    """Refuse a table with missing fields or fields of other kinds: somebody made it by hand."""
    kinds: Mapping[str, tuple[type, str]] = {
        "scenario": (dict, "not_a_table"),
        "digest": (str, "not_text"),
        "seed": (int, "not_whole"),
        "replicates": (int, "not_whole"),
        "language": (str, "not_text"),
        "page": (str, "not_text"),
        "view": (dict, "not_a_table"),
        "numbers": (dict, "not_a_table"),
        "version": (str, "not_text"),
        "data": (str, "not_text"),
    }
    problems = [Problem(_PLACE, name, "missing") for name in kinds if name not in table]
    problems += [
        Problem(_PLACE, name, wrong, str(table[name])[:40])
        for name, (kind, wrong) in kinds.items()
        if name in table and not isinstance(table[name], kind)
    ]
    if not problems and table["language"] not in LANGUAGES:
        problems = [Problem(_PLACE, "language", "unknown_name", table["language"], ", ".join(LANGUAGES))]
    if problems:
        raise InputError(problems)
