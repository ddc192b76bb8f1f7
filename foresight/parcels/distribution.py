"""The program as it is installed: what it says of itself, and every library that it needs, at its version."""

from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from importlib.resources import files
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from foresight.errors import InputError, Problem
from foresight.version import DISTRIBUTION

LICENCE: Final = "LICENSE"
CITATION: Final = "CITATION.cff"

#: What tells a clone, beside the package.
_CLONE: Final = "pyproject.toml"


def installed(name: str = DISTRIBUTION) -> Distribution:
    """Return a library, or the program, as it is installed; what building it left in a clone says less.

    Raises
    ------
    InputError
        If it is not.
    """
    found = max(distributions(name=name), key=lambda one: one.read_text("WHEEL") is not None, default=None)
    if found is None:
        raise InputError([Problem("Python", name, "not_installed")])
    return found


def paper(name: str) -> bytes:
    """Return the licence or the citation: of a clone, or as installers put it beside what they installed.

    Raises
    ------
    InputError
        If it is in neither place.
    """
    clone = Path(str(files("foresight"))).parent
    if (clone / _CLONE).is_file():
        return (clone / name).read_bytes()
    text = installed().read_text(f"licenses/{name}")
    if text is None:
        raise InputError([Problem(name, "", "missing_file")])
    return text.encode()


def record() -> dict[str, bytes]:
    """Return the files by which Python, beside the sources, knows the version of the program and what it needs."""
    own = installed()
    folder = f"{canonicalize_name(DISTRIBUTION).replace('-', '_')}-{own.version}.dist-info"
    papers = {f"{folder}/licenses/{name}": paper(name) for name in (LICENCE, CITATION)}
    return {f"{folder}/METADATA": (own.read_text("METADATA") or "").encode(), **papers}


def libraries() -> dict[str, str]:
    """Return the version of every library that the program needs, those that libraries need among them.

    Raises
    ------
    InputError
        If one is not installed.
    """
    needed: set[tuple[str, frozenset[str]]] = set()
    pending = [(DISTRIBUTION, frozenset[str]())]
    while pending:
        if (one := pending.pop()) not in needed:
            needed.add(one)
            pending += _needs(*one)
    names = {name for name, _ in needed} - {DISTRIBUTION}
    return {name: installed(name).version for name in sorted(names)}


def _needs(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a library with some extras needs on this machine, each with the extras of it that are needed."""
    for requirement in map(Requirement, installed(name).requires or ()):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(requirement.name), frozenset(requirement.extras)
