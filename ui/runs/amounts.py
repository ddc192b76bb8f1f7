"""Amounts of memory as people write them."""

import re
from typing import Final

from foresight.errors import InputError, Problem, shown

_UNITS: Final = {"M": 1_000_000, "G": 1_000_000_000}


def bytes_called(name: str, option: str) -> int:
    """Return the bytes that somebody calls 2GB or 500MB; InputError if it is no such name."""
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?) ?([MG])B", name.upper())
    if found is None or not (given := int(float(found[1]) * _UNITS[found[2]])):
        raise InputError([Problem(option, "", "no_memory", shown(name))])
    return given
