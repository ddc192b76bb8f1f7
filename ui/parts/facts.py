"""Facts of a member in units that people read, each with its year and its source."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from foresight.facts.bodies import memberships
from foresight.facts.members import member_table
from foresight.facts.tables import dictionary
from foresight.texts import UNKNOWN

from ..words import Words
from .blocks import Block, prose, table

#: Facts that are shown, in order: columns of the member table.
FACTS: Final = (
    "income_group",
    "population_mln",
    "gdp_pc_ppp",
    "government_effectiveness",
    "vulnerability",
    "ghg_mt",
    "ldc_since",
    "sovereign_since",
)

#: Decimals of those that are numbers.
DIGITS: Final = {"population_mln": 2, "gdp_pc_ppp": 0, "government_effectiveness": 1, "vulnerability": 2, "ghg_mt": 2}

#: Millions of people below which they are counted one by one.
_FEW: Final = 0.1

#: Where what is said of a source goes on with where the copy lies.
_COPY: Final = ", github.com"

_GAPMINDER: Final = "Gapminder"
_COPY_OF_GAPMINDER: Final = "github.com/open-numbers/ddf--gapminder"


def facts(code: str, words: Words) -> Iterator[Block]:
    """Yield the facts of a member."""
    row = member_table().loc[code].to_dict()
    columns = [words.say(f"members.{one}") for one in ("fact", "value", "year", "source")]
    rows = [_row(name, row, words) for name in FACTS if name != "sovereign_since" or row["kind"] == "member"]
    save = {"save": f"{code}-facts", "save_as": words.say("country_page.facts_csv")}
    yield table(words.say("members.facts"), columns, rows, **save)
    if words.draft:
        yield prose(words.say("members.english_sources"), "hint")


def bodies(code: str, words: Words) -> Block:
    """Return the bodies that a member belongs to, each with its size."""
    mine = [slug for slug, codes in memberships().items() if code in codes]
    rows = [[{"text": words.body(slug), "page": f"bodies/{slug}"}, str(len(memberships()[slug]))] for slug in mine]
    return table(words.say("members.bodies"), [words.say("bodies.body"), words.say("bodies.size")], rows)


def special(row: Any, words: Words) -> list[str]:
    """Return the special situations of a member, shortly."""
    return [words.say(f"group_short.{name}") for name in ("LDC", "LLDC", "SIDS") if row[name.lower()]]


def _row(name: str, row: Any, words: Words) -> list[Any]:
    """Return the name of a fact, its value, its year and its source."""
    column = "income_group_wb" if name == "income_group" else name
    fact = dictionary().loc["members.csv"].loc[column]
    value = _written(name, row, words)
    year = row.get(f"{name}_year", row.get(f"{name.rpartition('_')[0]}_year"))
    when = str(fact["year"] or UNKNOWN) if year is None or pd.isna(year) else str(int(year))
    source = str(fact["source"])
    label = {"text": words.say(f"country.fact_{name}"), "title": fact[f"meaning_{words.reviewed}"]}
    short = _GAPMINDER if source.startswith(_COPY_OF_GAPMINDER) else source.partition(_COPY)[0]
    return [label, value, when, {"text": short, "title": source}]


def _written(name: str, row: Any, words: Words) -> str:
    """Write a fact with its unit; a dash only where it is not known."""
    value = row[name]
    if name == "ldc_since":
        return _least_developed(row, words)
    if pd.isna(value) or value == "":
        return words.say("country.before_1970") if name == "sovereign_since" else UNKNOWN
    if name == "income_group":
        return words.say(f"income_group.{value}")
    if name == "sovereign_since":
        return str(value)[:4]
    if name == "population_mln" and value < _FEW:
        return words.say("country.people", value=words.count(round(1_000_000 * value)))
    number = words.number(float(value), DIGITS[name]) if DIGITS[name] else words.count(round(float(value)))
    return words.say(f"country.unit_{name}", value=number)


def _least_developed(row: Any, words: Words) -> str:
    """Say when a member was or is a least developed country."""
    since, until = row["ldc_since"], row["ldc_until"]
    if pd.isna(since):
        return words.say("country.never")
    if pd.isna(until):
        return words.say("country.since", year=int(since))
    return words.say("compare.from_to", low=str(int(since)), high=str(int(until)))
