"""The ODD protocol of the model (Grimm et al. 2020), written from what the program declares."""

from collections.abc import Callable
from typing import Final

from foresight.documents import inventory
from foresight.documents.claims import claim_table
from foresight.documents.document import Document, Section, Table
from foresight.documents.sources import schedule
from foresight.facts.parameters import levers, uncertainties
from foresight.texts import Words
from foresight.version import program_version

#: The eleven design concepts, in the order of the protocol.
CONCEPTS: Final = (
    "basic_principles",
    "emergence",
    "adaptation",
    "objectives",
    "learning",
    "prediction",
    "sensing",
    "interaction",
    "stochasticity",
    "collectives",
    "observation",
)

Part = str | Table | Section
Parts = tuple[Part, ...]


def document(language: str = "en") -> Document:
    """Return the protocol: an introduction and its seven elements.

    Parameters
    ----------
    language : str
        Of all headings, heads of columns and sentences. Names and formulas of rules stand as in the program.
    """
    words = Words(language)
    introduction = words.say("protocol.introduction", version=program_version())
    elements = tuple(
        Section(words.say(f"protocol.element_{number}"), write(words))
        for number, write in enumerate(_ELEMENTS, start=1)
    )
    return Document(words.say("protocol.title"), language, (introduction, words.say("protocol.as_written"), *elements))


def _purpose(words: Words) -> Parts:
    return (
        words.say("protocol.purpose"),
        words.say("protocol.patterns"),
        _section("claims", words, words.say("protocol.claims_words"), claim_table(words)),
    )


def _entities(words: Words) -> Parts:
    return (
        _section("entities", words, inventory.entities(words)),
        _section("state_variables", words, words.say("protocol.state_words"), inventory.state_variables(words)),
        _section("attributes", words, inventory.attributes(words)),
        _section("luck", words, inventory.luck(words)),
        _section("scales", words, inventory.scales(words)),
    )


def _process(words: Words) -> Parts:
    return words.say("protocol.process"), inventory.timetable(words), words.say("protocol.order")


def _concepts(words: Words) -> Parts:
    return tuple(_concept(name, words) for name in CONCEPTS)


def _concept(name: str, words: Words) -> Section:
    tables = {"stochasticity": inventory.draw_table, "observation": inventory.observed}
    table = (tables[name](words),) if name in tables else ()
    sentence = words.say(f"protocol.concept_{name}_words")
    return Section(words.say(f"protocol.concept_{name}"), (sentence, *table))


def _initialization(words: Words) -> Parts:
    return words.say("protocol.initialization"), inventory.starts(words)


def _input_data(words: Words) -> Parts:
    tables = (Section(name, (inventory.column_table(name, words),)) for name in inventory.described_files())
    return (
        words.say("protocol.input"),
        inventory.data_files(words),
        _section("events", words, words.say("protocol.events_words"), inventory.events(words)),
        *tables,
    )


def _submodels(words: Words) -> Parts:
    return (
        words.say("protocol.submodels"),
        *(_step(steps, words) for steps in schedule()),
        _section("shared", words, words.say("protocol.shared_words"), inventory.rule_table((), words)),
        _section("uncertainties", words, inventory.parameter_table("uncertainties", uncertainties(), words)),
        _section("levers", words, inventory.parameter_table("levers", levers(), words)),
    )


def _step(steps: tuple[int, ...], words: Words) -> Section:
    sentences, table = inventory.step_words(steps, words), inventory.rule_table(steps, words)
    return Section(inventory.step_name(steps, words), (*sentences, table))


def _section(name: str, words: Words, *parts: Part) -> Section:
    return Section(words.say(f"protocol.{name}"), parts)


#: What writes each of the seven elements.
_ELEMENTS: Final[tuple[Callable[[Words], Parts], ...]] = (
    _purpose,
    _entities,
    _process,
    _concepts,
    _initialization,
    _input_data,
    _submodels,
)
