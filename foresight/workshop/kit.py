"""The facilitator's kit as one page to print: agenda, script, role sheets, cards and a handout with the address."""

from typing import Final

import segno

from foresight.documents.document import Cards, Document, Figure, Findings, Part, Section, Table
from foresight.documents.webpage import html
from foresight.texts import Words
from foresight.workshop.agenda import MINUTES, ROUND, Item, items_of
from foresight.workshop.cards import CARDS
from foresight.workshop.future import base_of
from foresight.workshop.hands import ROUNDS, round_of, years_of
from foresight.workshop.roles import role_sheets
from foresight.workshop.room import Room
from foresight.workshop.writing import SheetWords

Parts = tuple[Part, ...]

#: What is made ready, in order.
_BEFORE: Final = ("place", "start", "wall", "phones", "roles", "paper")

#: What may go wrong.
_TROUBLE: Final = ("laptop", "phone", "entry", "decision", "late")

#: Files of the desk, what is worth most first.
FILES: Final = ("session", "brief", "votes", "scenarios", "kit", "record")

#: What is told of what people entered.
_KEPT: Final = ("people", "place", "shown", "network")

#: What people do with their phones, in order.
JOINING: Final = ("network", "camera", "code", "seat")


def kit_page(room: Room, words: Words, address: str) -> str:
    """Return the kit of a room as a page of HTML.

    Parameters
    ----------
    room : Room
    words : Words
        Of the language of the page.
    address : str
        Where phones join, with the code; "" where it is not known.
    """
    own = SheetWords(words.language)
    agenda = room.opened.agenda
    sections = (
        *session(room, own),
        Section(own.say("kit.section.roles"), role_sheets(room, own), apart=True),
        cards(own),
        Section(own.say("kit.section.handout"), _handout(room, address, own), apart=True),
    )
    title = own.say("kit.title", room=own.title(room))
    return html(Document(title, own.language, (own.say("kit.lead", minutes=agenda), *sections)))


def session(room: Room, words: SheetWords) -> tuple[Section, ...]:
    """Return what leads through a session: before it, agendas, the script of one, trouble, and what stays of it."""
    agenda = room.opened.agenda
    return (
        told("before", _BEFORE, words),
        *(_agenda(minutes, words) for minutes in sorted(MINUTES, key=lambda minutes: minutes != agenda)),
        Section(words.say("kit.section.script"), (words.say("kit.say.rounds"), Findings(_script(room, words))), True),
        told("trouble", _TROUBLE, words),
        told("file", FILES, words),
        told("kept", _KEPT, words),
    )


def cards(words: SheetWords) -> Section:
    """Return the surprise cards."""
    rows = (
        (words.say(f"workshop.card.{card}.title"), words.say(f"workshop.card.{card}.text"), words.say("kit.card"))
        for card in CARDS
    )
    return Section(words.say("kit.section.cards"), (words.say("kit.cards"), Cards(tuple(rows))), apart=True)


def told(part: str, names: tuple[str, ...], words: SheetWords) -> Section:
    """Return what is told of some things."""
    return Section(words.say(f"kit.section.{part}"), (findings(part, names, words),))


def findings(part: str, names: tuple[str, ...], words: SheetWords) -> Findings:
    """Return what is told of some things, without a heading."""
    rows = ((words.say(f"kit.{part}.{name}.title"), words.say(f"kit.{part}.{name}.text"), "") for name in names)
    return Findings(tuple(rows))


def _agenda(minutes: int, words: SheetWords) -> Section:
    """Return an agenda: when what begins, how long it takes, and what happens."""
    columns = tuple(words.say(f"kit.column.{name}") for name in ("begins", "minutes", "part", "happens"))
    rows = tuple(
        (_clock(item), words.count(item.minutes), _name(item, words), words.say(f"kit.happens.{item.stage}"))
        for item in items_of(minutes)
    )
    return Section(words.say("kit.section.agenda", minutes=minutes), (Table("agenda", columns, rows),))


def _script(room: Room, words: SheetWords) -> tuple[tuple[str, str, str], ...]:
    """Return what to say in each part, and what to press."""
    rows: list[tuple[str, str, str]] = []
    for item in items_of(room.opened.agenda):
        rows.append((f"{_clock(item)} {_name(item, words)}", _said(item, room, words), ""))
        rows.append((words.say("kit.column.press"), _pressed(item, words), ""))
    return tuple(rows)


def _said(item: Item, room: Room, words: SheetWords) -> str:
    name = f"round_{round_of(item.phase)}" if item.stage == ROUND else item.stage
    return words.say(f"kit.say.{name}", acts=base_of(room).structure.levers_from)


def _pressed(item: Item, words: SheetWords) -> str:
    return " → ".join(words.say(f"kit.press.{step}", years=_years(phase)) for step, phase in item.steps)


def _name(item: Item, words: SheetWords) -> str:
    if item.stage != ROUND:
        return words.say(f"kit.stage.{item.stage}")
    return words.say("kit.stage.round", number=round_of(item.phase), years=_years(item.phase))


def _years(phase: int) -> str:
    """Write the years of a phase as the desk does; nothing where there is none."""
    return f"{years_of(phase)[0]}–{years_of(phase)[-1] % 100}" if phase in ROUNDS else ""


def _clock(item: Item) -> str:
    return f"{item.begins // 60}:{item.begins % 60:02d}"


def _handout(room: Room, address: str, words: SheetWords) -> Parts:
    """Return how phones join: the address and the code to type, and a picture for cameras."""
    code = (room.opened.code, words.say("kit.code"), "")
    typed = (address.partition("?")[0].removeprefix("http://"), words.say("kit.address"), "")
    steps = findings("join", JOINING, words)
    if not address:
        return Cards((code,)), steps
    return (
        Cards((typed, code)),
        Figure(words.say("kit.picture"), words.say("kit.picture_words"), _picture(address, words)),
        steps,
    )


def _picture(address: str, words: SheetWords) -> str:
    """Draw an address for cameras."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(omitsize=True, border=2, title=words.say("kit.picture"))
