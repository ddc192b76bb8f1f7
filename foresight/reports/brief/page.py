"""The brief as a document: the answer, what was compared, results, who gains, what did it, how sure, what to watch."""

from collections.abc import Callable, Sequence
from typing import Final

from foresight.documents.document import Document, Findings, Part, Section, Table
from foresight.reports.brief import figures, findings, tables
from foresight.reports.brief.numbers import Grounds
from foresight.reports.brief.settings import settings
from foresight.reports.brief.writing import BriefWords

Parts = tuple[Part, ...]


def document(grounds: Grounds, language: str = "en", commands: Sequence[str] = ()) -> Document:
    """Return the brief.

    Parameters
    ----------
    grounds : Grounds
        All numbers of it.
    language : str
    commands : sequence of str
        What makes the runs and the brief again.
    """
    words = BriefWords(language, grounds)
    lead = Findings(findings.in_short(words))
    sections = [*_members(words), *(_section(name, write(words), words) for name, write in SECTIONS.items())]
    return Document(_title(words), language, (lead, *sections, _annex(commands, words)), dense=True)


def short(grounds: Grounds, language: str = "en") -> Document:
    """Return what matters most, for a screen: the first lines, and what paths come to."""
    words = BriefWords(language, grounds)
    return Document(_title(words), language, (Findings(findings.in_short(words)), tables.results(words)))


def _title(words: BriefWords) -> str:
    count, year = words.constant("scenarios"), words.constant("last_year")
    title = words.say("brief.title", count=count, year=year)
    named = [words.grounds.title, *map(words.scope, words.grounds.members[:1])]
    return words.say("brief.titled", name=words.listed(filter(None, named)), title=title) if any(named) else title


def _members(words: BriefWords) -> list[Section]:
    """Return what is told of each member, before all else."""
    return [
        Section(
            words.scope(code),
            (
                words.joined(*_of_member(code, words)),
                tables.member(code, words),
            ),
        )
        for code in words.grounds.members
    ]


def _of_member(code: str, words: BriefWords) -> tuple[str, ...]:
    """Return what is said of a member; the outcome of the first stands in the first lines already."""
    outcome = () if code == words.grounds.members[0] else (findings.of_member(code, words),)
    return *outcome, findings.holds_back(code, words)


def _asked(words: BriefWords) -> Parts:
    base = words.grounds.base
    numbers = {name: words.cite("made", name, words.count, scenario=base) for name in ("members", "runs")}
    asked = words.say(
        "brief.asked",
        base=words.path(base),
        year=words.constant("last_year"),
        actions=words.constant("actions"),
        **numbers,
    )
    return words.joined(asked, words.say(f"brief.effects_{words.grounds.results[0].effects}")), tables.compared(words)


def _results(words: BriefWords) -> Parts:
    return (*figures.all_three(words), tables.results(words))


def _groups(words: BriefWords) -> Parts:
    return findings.gains(words), tables.groups(words)


def _deeds(words: BriefWords) -> Parts:
    return findings.deeds(words), figures.deeds(words), tables.deeds(words)


def _sure(words: BriefWords) -> Parts:
    return (
        findings.bands(words),
        figures.surety(words),
        tables.turning(words),
        words.say("brief.trust"),
    )


def _watch(words: BriefWords) -> Parts:
    table = () if words.grounds.tables["watch"].empty else (tables.watch(words),)
    return findings.goal(words), *table


def _annex(commands: Sequence[str], words: BriefWords) -> Section:
    again = Table("again", words.heads("command"), tuple((one,) for one in commands), code=(0,))
    parts: dict[str, Parts] = {
        "settings": (settings(words),),
        "events": (tables.events(words),),
        "parameters": (tables.parameters(words),),
        "made": (tables.made(words), *((again,) if commands else ())),
    }
    return Section(
        words.say("brief.section_annex"), tuple(_section(name, part, words) for name, part in parts.items()), apart=True
    )


def _section(name: str, parts: Parts, words: BriefWords) -> Section:
    return Section(words.say(f"brief.section_{name}", watch_year=words.constant("watch_year")), parts)


#: What writes each section, by its key.
SECTIONS: Final[dict[str, Callable[[BriefWords], Parts]]] = {
    "asked": _asked,
    "results": _results,
    "groups": _groups,
    "deeds": _deeds,
    "sure": _sure,
    "watch": _watch,
}
