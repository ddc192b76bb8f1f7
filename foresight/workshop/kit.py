"""The facilitator's kit as one page to print: agenda, script, role sheets, cards and a handout with the address."""

from typing import Final

import segno

from foresight.documents.document import Cards, Document, Figure, Findings, Part, Section, Table
from foresight.documents.webpage import html
from foresight.texts import Words
from foresight.workshop.agenda import MINUTES, ROUND, Item, items_of
from foresight.workshop.cards import CARDS
from foresight.workshop.hands import ROUNDS, round_of, years_of
from foresight.workshop.roles import role_sheets
from foresight.workshop.room import Room
from foresight.workshop.writing import SheetWords

Parts = tuple[Part, ...]

#: What is made ready, in order.
_BEFORE: Final = ("place", "start", "wall", "phones", "roles", "paper")

#: What may go wrong.
_TROUBLE: Final = ("laptop", "phone", "entry", "decision", "late")

#: What people do with their phones, in order.
_JOINING: Final = ("network", "camera", "code", "seat")


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
        Section(own.say("kit.section.before"), (Findings(_findings("before", _BEFORE, own)),)),
        *(_agenda(minutes, own) for minutes in sorted(MINUTES, key=lambda minutes: minutes != agenda)),
        Section(own.say("kit.section.script"), (own.say("kit.say.rounds"), Findings(_script(agenda, own))), apart=True),
        Section(own.say("kit.section.trouble"), (Findings(_findings("trouble", _TROUBLE, own)),)),
        Section(own.say("kit.section.roles"), role_sheets(room, own), apart=True),
        Section(own.say("kit.section.cards"), (own.say("kit.cards"), _cards(own)), apart=True),
        Section(own.say("kit.section.handout"), _handout(room, address, own), apart=True),
    )
    title = own.say("kit.title", room=own.title(room))
    return html(Document(title, own.language, (own.say("kit.lead", minutes=agenda), *sections)))


def _findings(part: str, names: tuple[str, ...], words: SheetWords) -> tuple[tuple[str, str, str], ...]:
    return tuple((words.say(f"kit.{part}.{name}.title"), words.say(f"kit.{part}.{name}.text"), "") for name in names)


def _agenda(minutes: int, words: SheetWords) -> Section:
    """Return an agenda: when what begins, how long it takes, and what happens."""
    columns = tuple(words.say(f"kit.column.{name}") for name in ("begins", "minutes", "part", "happens"))
    rows = tuple(
        (_clock(item), words.count(item.minutes), _name(item, words), words.say(f"kit.happens.{item.stage}"))
        for item in items_of(minutes)
    )
    return Section(words.say("kit.section.agenda", minutes=minutes), (Table("agenda", columns, rows),))


def _script(minutes: int, words: SheetWords) -> tuple[tuple[str, str, str], ...]:
    """Return what to say in each part, and what to press."""
    rows: list[tuple[str, str, str]] = []
    for item in items_of(minutes):
        rows.append((f"{_clock(item)} {_name(item, words)}", _said(item, words), ""))
        rows.append((words.say("kit.column.press"), _pressed(item, words), ""))
    return tuple(rows)


def _said(item: Item, words: SheetWords) -> str:
    name = f"round_{round_of(item.phase)}" if item.stage == ROUND else item.stage
    return words.say(f"kit.say.{name}")


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


def _cards(words: SheetWords) -> Cards:
    titles = (
        (words.say(f"workshop.card.{card}.title"), words.say(f"workshop.card.{card}.text"), words.say("kit.card"))
        for card in CARDS
    )
    return Cards(tuple(titles))


def _handout(room: Room, address: str, words: SheetWords) -> Parts:
    """Return how phones join: the address and the code to type, and a picture for cameras."""
    code = (room.opened.code, words.say("kit.code"), "")
    typed = (address.partition("?")[0].removeprefix("http://"), words.say("kit.address"), "")
    steps = Findings(_findings("join", _JOINING, words))
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
