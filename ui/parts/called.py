"""What people call a country, beside the name that the commission gives it: only to find it, never to show it."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global

from ..words import LANGUAGES

#: Names that are still in use and that the Unicode CLDR leaves out.
_FORMER: Final[Mapping[str, tuple[str, ...]]] = {
    "MAC": ("Macau",),
    "MMR": ("Burma",),
    "TLS": ("East Timor",),
    "TUR": ("Turkey",),
}


@cache
def called(code: str) -> tuple[str, ...]:
    """Return what a member is called every day in each language of the interface, by its ISO 3166-1 alpha-3 code.

    The names are those of the Unicode CLDR, and some that were customary until lately.
    """
    [territory, *_] = get_global("territory_aliases")[code]
    everyday = [str(Locale.parse(language).territories[territory]) for language in LANGUAGES]
    return tuple(dict.fromkeys([*everyday, *_FORMER.get(code, ())]))
