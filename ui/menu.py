"""Which pages there are, and what stands around each."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from foresight.runs import Progress

from .pages import about, assumptions, bodies, changes, compare, experiments, explore, ladder, members, why
from .parts.signature import signature
from .sharing import headline_rows
from .visit.state import AppState
from .words import LANGUAGES, Words, catalogue

#: Pages by the first part of their path, in the order of the menu.
PAGES: Final[Mapping[str, Callable[[AppState, Words, str, Progress], dict[str, Any]]]] = {
    explore.PATH: explore.page,
    "members": members.page,
    "compare": compare.page,
    why.PATH: why.page,
    ladder.PATH: ladder.page,
    "changes": changes.page,
    experiments.PATH: experiments.page,
    "bodies": bodies.page,
    "assumptions": assumptions.page,
    "about": about.page,
}

#: Pages that the menu shows at once; it shows the others under "More".
FIRST: Final = (explore.PATH, "members", "compare", why.PATH)


def page_of(state: AppState, words: Words, progress: Progress) -> dict[str, Any]:
    """Return the page that is open, with the menu; of a path that names nothing, the nearest page."""
    name, _, rest = state.page.partition("/")
    entry = name if name in PAGES else explore.PATH
    page = PAGES[entry](state, words, rest, progress)
    missing = bool(state.page) and (entry != name or (bool(rest) and "up" not in page))
    return {
        "path": entry if missing or not rest else state.page,
        "missing": missing,
        "language": state.language,
        "languages": [{"value": one, "label": catalogue(one)["language"]} for one in LANGUAGES],
        "draft": words.say("shell.draft") if words.draft else "",
        "menu": [{"page": one, "label": words.say(f"menu.{one}"), "more": one not in FIRST} for one in PAGES],
        "notices": notices(state, words),
        "future": signature(state, words),
        **page,
        **({"blocks": [*page["blocks"], foot(words)]} if "blocks" in page and entry != ladder.PATH else {}),
    }


def foot(words: Words) -> dict[str, str]:
    """Return what stands below every page of blocks, as they count steps: the way to the ladder, which names them."""
    return {"kind": "foot", "page": ladder.PATH, "text": words.say("ladder.asked")}


def notices(state: AppState, words: Words) -> list[dict[str, Any]]:
    """Return what stands above every page: that what a link showed came from another version, with both numbers."""
    shared = state.shared
    if shared is None or not shared.elsewhere or shared.setting.key != state.setting.key:
        return []
    rows = headline_rows(state, words)
    head = words.say("notice.elsewhere", made=shared.version, data=shared.data)
    return [
        {"text": head, "columns": [words.say(f"notice.{one}") for one in ("number", "published", "now")], "rows": rows}
    ]
