"""The ODD protocol of the model (Grimm et al. 2020), written from what the program declares."""

from collections.abc import Callable
from typing import Final

from foresight import inventory
from foresight.claims import claim_table
from foresight.declared import schedule
from foresight.document import Document, Section, Table
from foresight.parameters import levers, uncertainties
from foresight.texts import text
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
    introduction = text("protocol.introduction", language, version=program_version())
    elements = tuple(
        Section(text(f"protocol.element_{number}", language), write(language))
        for number, write in enumerate(_ELEMENTS, start=1)
    )
    return Document(
        text("protocol.title", language), language, (introduction, text("protocol.as_written", language), *elements)
    )


def _purpose(language: str) -> Parts:
    return (
        text("protocol.purpose", language),
        text("protocol.patterns", language),
        _section("claims", language, text("protocol.claims_words", language), claim_table(language)),
    )


def _entities(language: str) -> Parts:
    return (
        _section("entities", language, inventory.entities(language)),
        _section(
            "state_variables", language, text("protocol.state_words", language), inventory.state_variables(language)
        ),
        _section("attributes", language, inventory.attributes(language)),
        _section("luck", language, inventory.luck(language)),
        _section("scales", language, inventory.scales(language)),
    )


def _process(language: str) -> Parts:
    return text("protocol.process", language), inventory.timetable(language), text("protocol.order", language)


def _concepts(language: str) -> Parts:
    return tuple(_concept(name, language) for name in CONCEPTS)


def _concept(name: str, language: str) -> Section:
    tables = {"stochasticity": inventory.draw_table, "observation": inventory.observed}
    table = (tables[name](language),) if name in tables else ()
    words = text(f"protocol.concept_{name}_words", language)
    return Section(text(f"protocol.concept_{name}", language), (words, *table))


def _initialization(language: str) -> Parts:
    return text("protocol.initialization", language), inventory.starts(language)


def _input_data(language: str) -> Parts:
    tables = (Section(name, (inventory.column_table(name, language),)) for name in inventory.described_files())
    return (
        text("protocol.input", language),
        inventory.data_files(language),
        _section("events", language, text("protocol.events_words", language), inventory.events(language)),
        *tables,
    )


def _submodels(language: str) -> Parts:
    return (
        text("protocol.submodels", language),
        *(_step(steps, language) for steps in schedule()),
        _section("shared", language, text("protocol.shared_words", language), inventory.rule_table((), language)),
        _section("uncertainties", language, inventory.parameter_table("uncertainties", uncertainties(), language)),
        _section("levers", language, inventory.parameter_table("levers", levers(), language)),
    )


def _step(steps: tuple[int, ...], language: str) -> Section:
    words, table = inventory.step_words(steps, language), inventory.rule_table(steps, language)
    return Section(inventory.step_name(steps, language), (*words, table))


def _section(name: str, language: str, *parts: Part) -> Section:
    return Section(text(f"protocol.{name}", language), parts)


#: What writes each of the seven elements.
_ELEMENTS: Final[tuple[Callable[[str], Parts], ...]] = (
    _purpose,
    _entities,
    _process,
    _concepts,
    _initialization,
    _input_data,
    _submodels,
)
