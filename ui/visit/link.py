"""Links that cannot drift: everything that is on the screen, with a check sum, in the address itself.

A link is the version of its form, a compressed table and a check sum, in letters that addresses allow.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from foresight import bounds
from foresight.actions import FIRST_YEAR, LAST_YEAR
from foresight.bounds import LINK, SIDE_BY_SIDE, Bound
from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.facts.bodies import memberships
from foresight.facts.members import REGION, member_codes
from foresight.facts.scopes import SCOPES
from foresight.facts.tables import data_digest
from foresight.runs import DRAWN, NAME
from foresight.scenario.scenario import Scenario
from foresight.version import program_version

from ..runs.picture import MAP, TABS
from ..runs.setting import Setting, scenario_from
from ..serving.shortened import FORGOTTEN
from ..words import LANGUAGES
from .sides import read, written

#: The form of the table; another form is refused by name.
FORM: Final = "1"

#: Largest headline number, on either side of nothing.
_LARGEST_NUMBER: Final = 1e6

_SUM_LENGTH: Final = 12
_BASE: Final = "base"
_COMPARED: Final = "compared"
_PLACE: Final = "link"


@dataclass(frozen=True)
class Shared:
    """What a link carries.

    Parameters
    ----------
    setting : Setting
        Scenario, seed, replicates and where effects come from; anonymous draws where an older link does not say.
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
    base : Scenario, optional
        What changes are counted from, where that is not the scenario that ships under the same id.
    compared : Mapping[str, Scenario or None], optional
        What is set side by side, by name, with those scenarios that a session has to keep for that; empty in links
        that do not say.
    """

    setting: Setting
    language: str
    page: str
    view: Mapping[str, Any]
    numbers: Mapping[str, float]
    version: str
    data: str
    base: Scenario | None = None
    compared: Mapping[str, Scenario | None] = field(default_factory=dict)

    @property
    def elsewhere(self) -> bool:
        """Whether another version of the program or of its facts made the link."""
        return (self.version, self.data) != (program_version(), data_digest()[:_SUM_LENGTH])


def encode(
    setting: Setting,
    language: str,
    page: str,
    view: Mapping[str, Any],
    numbers: Mapping[str, float],
    base: Scenario | None = None,
    compared: Mapping[str, Scenario | None] = MappingProxyType({}),
) -> str:
    """Return what is on the screen as a link; see `Shared`."""
    table = {
        "scenario": setting.table,
        "digest": setting.key[0][:_SUM_LENGTH],
        "seed": setting.seed,
        "replicates": setting.replicates,
        NAME: setting.effects,
        "language": language,
        "page": page,
        "view": dict(view),
        "numbers": dict(numbers),
        "version": program_version(),
        "data": data_digest()[:_SUM_LENGTH],
        _BASE: None if base is None else written(base),
        _COMPARED: [[name, one and written(one)] for name, one in compared.items()],
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
    setting = Setting(scenario, table["seed"], table["replicates"], table.get(NAME, DRAWN))
    if table["version"] == program_version() and scenario.digest()[:_SUM_LENGTH] != table["digest"]:
        raise InputError([Problem(_PLACE, "digest", "altered_link")])
    names = ("language", "page", "view", "numbers", "version", "data")
    base = None if table.get(_BASE) is None else read(table[_BASE], _PLACE)
    compared = _compared(table.get(_COMPARED) or [])
    told = {name: table[name] for name in names}
    return Shared(setting=setting, base=base, compared=compared, **told)


def _compared(pairs: object) -> dict[str, Scenario | None]:
    """Return what is set side by side."""
    if not isinstance(pairs, list):
        raise InputError([Problem(_PLACE, _COMPARED, "not_a_list", shown(pairs))])
    SIDE_BY_SIDE.check(len(pairs), _PLACE, _COMPARED)
    sides: dict[str, Scenario | None] = {}
    for pair in pairs:
        name, given = pair if isinstance(pair, list) and len(pair) == 2 else ("", None)
        if not isinstance(name, str) or not name:
            raise InputError([Problem(_PLACE, _COMPARED, "not_text", shown(pair))])
        bounds.NAME.check(len(name), _PLACE, _COMPARED)
        sides[name] = None if given is None else read(given, _PLACE)
    return sides


def pack(table: Mapping[str, Any]) -> str:
    """Return a table as text that an address may hold, with its check sum."""
    plain = json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
    return f"{FORM}.{_text(zlib.compress(plain, 9))}.{_sum(plain)}"


def unpack(link: str, largest: Bound = LINK) -> dict[str, Any]:
    """Return the table of a packed text; what has more bytes is not unpacked.

    Raises
    ------
    InputError
        If it has another form, or its check sum is not that of its content.
    """
    if link == FORGOTTEN:
        raise InputError([Problem(_PLACE, "", "forgotten_link")])
    form, _, rest = link.partition(".")
    if form != FORM:
        raise InputError([Problem(_PLACE, "form", "other_form", form[:_SUM_LENGTH], FORM)])
    body, _, total = rest.rpartition(".")
    try:
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), largest.most + 1)
        largest.check(len(plain), _PLACE)
        table = json.loads(plain)
    except (ValueError, zlib.error, RecursionError):
        raise InputError([Problem(_PLACE, "", "altered_link")]) from None
    if _sum(plain) != total or not isinstance(table, dict):
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
        Problem(_PLACE, name, wrong, shown(table[name]))
        for name, (kind, wrong) in kinds.items()
        if name in table and not isinstance(table[name], kind)
    ]
    if not problems:
        problems = [*check_language(table["language"]), *check_view(table["view"]), *_check_numbers(table["numbers"])]
    if problems:
        raise InputError(problems)


def check_language(language: object) -> Iterator[Problem]:
    """Say what is wrong with a language."""
    if language not in LANGUAGES:
        yield Problem(_PLACE, "language", "unknown_name", shown(language), listed(LANGUAGES))


def check_view(view: Mapping[str, Any]) -> Iterator[Problem]:
    """Say what is wrong with what a page shows; what it does not know does no harm."""
    what, year = view.get("map", MAP[0]), view.get("year", LAST_YEAR)
    if what not in MAP:
        yield Problem(_PLACE, "view.map", "unknown_name", shown(what), listed(MAP))
    yield from _check_name("chart", view.get("chart", TABS[0]), TABS)
    yield from _check_name("country", view.get("country", ""), ("", *member_codes()))
    yield from _check_name("scope", view.get("scope", REGION), (*SCOPES, *memberships(), *member_codes()))
    if not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
        yield Problem(_PLACE, "view.year", "out_of_range", shown(year), f"{FIRST_YEAR}..{LAST_YEAR}")


def _check_name(field: str, name: object, names: tuple[str, ...]) -> Iterator[Problem]:
    if name not in names:
        yield Problem(_PLACE, f"view.{field}", "unknown_name", shown(name), listed(names), nearest(str(name), names))


def _check_numbers(numbers: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in numbers.items():
        if not isinstance(value, int | float):
            yield Problem(_PLACE, f"numbers.{shortened(name)}", "not_a_number", shown(value))
        elif not abs(value) <= _LARGEST_NUMBER:  # what is no number at all is not either
            yield Problem(_PLACE, f"numbers.{shortened(name)}", "out_of_range", shown(value))
