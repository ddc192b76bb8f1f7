"""The version of the program."""

from functools import cache
from typing import Final

#: Name of the installed distribution.
DISTRIBUTION: Final = "foresight-escap"


@cache
def program_version() -> str:
    """Return the version of the program, "unknown" where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # late: help does not tell it

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"
