"""What futures are called that somebody changed, also where they are handed on."""

import re
from collections.abc import Iterable
from typing import Final

from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Origin, Storyline, Title
from foresight.scenario.validation import validated_as

from ..words import Words, words
from .alterations import alterations

#: Digits of the digest in the id of a changed scenario.
MARK: Final = 4

_MARKED: Final = re.compile(f"(.+)-([0-9a-f]{{{MARK}}})")

#: Changes that a name tells, and characters of the parts of a name.
TOLD: Final = 2
_BASE, _PART = 76, 50

#: Characters of a name where it is one of several.
LINE: Final = 72

#: Characters of what an id begins with, and of a storyline that is made here.
_STEM, _STORY = 50, 2_000


def changed_title(scenario: Scenario, base: Scenario, words: Words) -> str:
    """Name a scenario that somebody changed after its base and the largest changes."""
    base = _root(base) or base
    every = alterations(base, scenario, words)
    rest = [words.say("future.more", n=len(every) - TOLD)] if len(every) > TOLD else []
    told = [shortened(one, _PART) for one in every[:TOLD]]
    return " + ".join([shortened(words.title(base), _BASE), *told, *rest])


def changed_id(digest: str, base: Scenario) -> str:
    """Return the id of a scenario that somebody changed: that of its base with the beginning of its own digest."""
    return f"{stem_of(base)[:_STEM].rstrip('-')}-{digest[:MARK]}"


def stem_of(scenario: Scenario) -> str:
    """Return the id of a scenario without the beginning of its own digest."""
    found = _MARKED.fullmatch(scenario.id)
    return found[1] if found and scenario.digest().startswith(found[2]) else scenario.id


def handed_on(scenario: Scenario, base: Scenario) -> Scenario:
    """Return a scenario that somebody changed as others get it, named after its change."""
    english, chinese = words("en"), words("zh")
    titles = {one.language: changed_title(scenario, base, one) for one in (english, chinese)}
    stories = {one.language: _changed_story(scenario, base, one) for one in (english, chinese)}
    header = {
        "id": changed_id(scenario.digest(), base),
        "author": "",
        "title": Title(**titles),
        "storyline": Storyline(**stories),
        "origin": Origin(),
    }
    return scenario.model_copy(update=header)


def title_of(scenario: Scenario, words: Words) -> str:
    """Return the name of a scenario; one named after its change has it in all languages."""
    root = _root(scenario) if words.draft else None
    return words.title(scenario) if root is None else changed_title(scenario, root, words)


def called(name: str, scenario: Scenario) -> Scenario:
    """Return a scenario under a name that somebody gave it; InputError if it can be none."""
    return scenario.model_copy(update={"title": validated_as(Title, {"en": name, "zh": name}, "")})


def told_apart(scenario: Scenario, others: Iterable[Scenario]) -> Scenario:
    """Return a scenario under a name that none of the others has."""
    taken = {title for one in others for title in (one.title.en, one.title.zh)}
    names = {language: _free(getattr(scenario.title, language), taken) for language in ("en", "zh")}
    return scenario.model_copy(update={"title": Title(**names)})


def shortened(name: str, most: int) -> str:
    """Return a name with no more characters than that."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def fitted(name: str) -> str:
    """Return a name as it fits into a line: what is too long lacks its middle, as changes stand at the end."""
    if len(name) <= LINE:
        return name
    start, end = name[: LINE // 2], name[-LINE // 2 :]
    return f"{start.rpartition(' ')[0] or start} … {end.partition(' ')[2] or end}"


def _free(title: str, taken: set[str]) -> str:
    if title not in taken:
        return title
    start = shortened(title, 190)
    return next(one for one in (f"{start} ({k})" for k in range(2, len(taken) + 3)) if one not in taken)


def _changed_story(scenario: Scenario, base: Scenario, words: Words) -> str:
    base = _root(base) or base
    changes = words.listed(alterations(base, scenario, words))
    return words.say("future.story", base=words.title(base), changes=shortened(changes, _STORY))


def _root(scenario: Scenario) -> Scenario | None:
    """Return the scenario that ships after which, and after the change, another is named; None where none is."""
    root = shipped().get(stem_of(scenario))
    if root is None or scenario.id == root.id:
        return None
    english = words("en")
    return root if scenario.title.en == changed_title(scenario, root, english) else None
