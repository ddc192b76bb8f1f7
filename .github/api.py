"""Pages on what users may import: public names, and the rooms that `notebooks/reference/api.md` says are open."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import foresight

PAGE: Final = Path(__file__).parents[1] / "notebooks" / "reference" / "api.md"


def rooms() -> tuple[str, ...]:
    """Return the rooms that are open to users."""
    wings = re.findall(r"^- `([a-z.]*)`: (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    return tuple(f"{wing}.{room}" for wing, words in wings for room in re.findall(r"`(\w+)`", words))


def written() -> Iterator[tuple[str, str]]:
    """Yield a page of the public names, and one for each open room."""
    yield "reference/api/foresight.md", _page("from foresight import …", "\n".join(map(_directive, _names())))
    for room in rooms():
        yield f"reference/api/{room}.md", _page(room, f".. automodule:: {room}\n   :members:")


def _names() -> list[str]:
    """Return the public names that are no rooms, in the order of the alphabet."""
    names = (name for name in foresight.__all__ if name != "__version__" and not inspect.ismodule(_named(name)))
    return sorted(names, key=str.lower)


def _directive(name: str) -> str:
    kind = "autoclass" if inspect.isclass(_named(name)) else "autofunction"
    return f".. {kind}:: foresight.{name}\n" + ("   :members:\n" if kind == "autoclass" else "")


def _named(name: str) -> object:
    return getattr(foresight, name)


def _page(title: str, directives: str) -> str:
    return f"# `{title}`\n\n```{{eval-rst}}\n{directives}\n```\n"
