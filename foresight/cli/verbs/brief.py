"""Write a brief on scenarios, on those of a store, or on the branches of a workshop."""

import shlex
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from foresight.cli.calls import Changes, Size, all_of, beside, called, check_size, scenarios_of
from foresight.cli.plain import rows
from foresight.cli.render import on_screen
from foresight.cli.screen import Screen
from foresight.cli.verbs.protocol import check_page, save_page
from foresight.cli.verbs.run import simulated
from foresight.documents.cited import plain
from foresight.errors import InputError, Problem, listed, shown
from foresight.experiments.manifest import MANIFEST
from foresight.experiments.store import open_store
from foresight.facts.members import member_codes
from foresight.reports.brief.findings import in_short
from foresight.reports.brief.numbers import Grounds, Names, as_in_files, gathered
from foresight.reports.brief.page import document, short
from foresight.reports.brief.writing import BriefWords
from foresight.runs import DRAWN
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.scenario import Scenario
from foresight.texts import Words
from foresight.workshop.future import names_seen, scenarios_seen
from foresight.workshop.record import Record
from foresight.workshop.room import room_of

#: What others are compared with where one path is asked for, or none.
BASE = "historical-pace"

#: How the names of records of workshops end.
_RECORD = ".room"


class Asked(NamedTuple):
    """What a brief is of."""

    scenarios: list[Scenario]
    size: Size
    title: str = ""
    names: Names = as_in_files


class Target(NamedTuple):
    """Where a brief is written, and whether a file of that name may be replaced."""

    path: Path | None
    force: bool


def brief(screen: Screen, names: Sequence[str], members: str, changes: Changes, size: Size, target: Target) -> None:
    """Write a brief to a file, or put out its first lines, or all its numbers as data for machines.

    Raises
    ------
    InputError
        If what is asked for cannot be used, or the file cannot be written.
    """
    codes = [code.strip().upper() for code in members.split(",") if code.strip()]
    asked, *_ = all_of(
        partial(_asked, screen.words, names, changes, size),
        partial(_check_members, codes),
        partial(check_page, target.path, target.force),
    )
    results = list(simulated(screen, asked.scenarios, asked.size))
    with screen.waiting(screen.say("brief.working")) as progress, called(members="--members"):
        grounds = beside(partial(gathered, results, codes, asked.title, asked.names, progress=progress))
    commands = _commands(screen, names, members, changes, asked)
    if target.path:
        save_page(screen, document(grounds, screen.language, commands), target.path)
    if screen.json or not target.path:
        screen.emit(_plain(grounds, screen.language), *on_screen(short(grounds, screen.language)))


def _asked(words: Words, names: Sequence[str], changes: Changes, size: Size) -> Asked:
    """Return what is asked for: a store or the record of a workshop alone, else scenarios."""
    check_size(size, max(len(names), 2))
    if len(names) == 1 and (Path(names[0]) / MANIFEST).is_file():
        return _of_store(words, Path(names[0]), size)
    if len(names) == 1 and names[0].endswith(_RECORD):
        return _of_room(Path(names[0]))
    return Asked(_several(scenarios_of(names or [BASE, *(name for name in bundled() if name != BASE)], changes)), size)


def _several(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return scenarios with what they are compared with in front, where there is one alone."""
    if len(scenarios) > 1:
        return list(scenarios)
    (own,) = scenarios
    if own.id == BASE:
        raise InputError([Problem("", "", "one_scenario", shown(own.id), listed(list(bundled())))])
    return [load_scenario(BASE), own]


def _of_store(words: Words, path: Path, size: Size) -> Asked:
    """Return the scenarios of an experiment, with its luck and where its effects come from; its points play no part."""
    experiment = open_store(path).experiment
    own = size._replace(seed=experiment.seed, effects=experiment.effects)
    return Asked(_several(experiment.scenarios), own, words.say("brief.of_store", name=experiment.id))


def _of_room(path: Path) -> Asked:
    """Return the branches of a workshop that were seen, with the luck that they were seen with."""
    with closing(Record(path)) as record:
        room = room_of([event for _, event in record.events()])
    scenarios = scenarios_seen(room)
    if not scenarios:
        raise InputError([Problem(str(path), "", "nothing_seen")])
    opened = room.opened
    size = Size(opened.replicates, opened.seed, DRAWN)
    return Asked(
        [load_scenario(opened.scenario), *scenarios], size, opened.title or opened.code, partial(names_seen, room)
    )


def _check_members(codes: Sequence[str]) -> None:
    """Refuse members that there are not."""
    known = member_codes()
    if strange := [code for code in codes if code not in known]:
        raise InputError([Problem("--members", "", "unknown_member", shown(code), listed(known)) for code in strange])


def _commands(screen: Screen, names: Sequence[str], members: str, changes: Changes, asked: Asked) -> list[str]:
    """Return what makes the brief, and the tables behind it, again."""
    size = asked.size
    luck = ["--seed", str(size.seed), "--replicates", str(size.replicates), "--effects", size.effects]
    luck += [word for one in changes.assignments for word in ("--set", one)]
    luck += ["--no-events"] if changes.no_events else []
    told = ["--members", members] if members else []
    given = list(names) or [one.id for one in asked.scenarios]
    own = ["brief", *given, *told, *luck, "--language", screen.language, "--out", "brief.html"]
    calls = [own]
    if not asked.title:
        every = [BASE, *given] if len(given) == 1 else given
        calls += [["run", *every, *luck], ["compare", *every, *luck], ["explain", *every[:2], *luck]]
    return [shlex.join(["foresight", *words]) for words in calls]


def _plain(grounds: Grounds, language: str) -> dict[str, Any]:
    """Return the first sentences, and every table of numbers, as JSON has them."""
    names = ("subject", "sentence", "basis")
    findings = [dict(zip(names, map(plain, row), strict=True)) for row in in_short(BriefWords(language, grounds))]
    return {"findings": findings, "tables": {name: rows(table) for name, table in grounds.tables.items()}}
