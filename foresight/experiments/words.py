"""The words of an experiment's file: what each of them stands for, and how a file says it again."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Final

import tomlkit
from pydantic import AfterValidator, BeforeValidator, Field, create_model

from foresight.actions import FIRST_YEAR, LAST_YEAR
from foresight.errors import InputError
from foresight.experiments.distributions import Distribution, declared, resolved
from foresight.facts.parameters import uncertainties
from foresight.results.series import SeriesName, series_called
from foresight.scenario.factors import factors
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Table, wrong

#: Word for everything: all uncertainties, all years.
ALL: Final = "all"

#: Keys of a table that says how a factor is drawn; any other table within levers is one of actions or phases.
_OF_DISTRIBUTIONS: Final = frozenset(Distribution.model_fields)


def distribution_of(value: object) -> object:
    """Take `true` for the declared distribution, and two numbers for a range."""
    if value is True:
        return {}
    if isinstance(value, list | tuple) and len(value) == 2:
        return {"low": value[0], "high": value[1]}
    if not isinstance(value, Mapping | Distribution):
        raise wrong("not_varied", names=("true", "[low, high]", "{ distribution = … }"))
    return value


def varied_table(section: str) -> Any:
    """Make a table with an entry for every factor of a table of scenario files."""
    fields: dict[str, Any] = {}
    for name, factor in factors().items():
        if factor.section == section:
            check = AfterValidator(partial(resolved, parameter=factor.parameter))
            kind = Annotated[Distribution, BeforeValidator(distribution_of), check] | None
            fields[name.replace(".", "__")] = (kind, Field(default=None, alias=name))
    return create_model(f"Varied_{section}", __base__=Table, **fields)


def all_uncertainties(value: object) -> object:
    """Take the word for all uncertainties for a table of them."""
    if value != ALL:
        return value
    return {name: declared(factor.parameter) for name, factor in factors().items() if name in uncertainties()}


def levers_apart(value: object) -> object:
    """Take tables of actions and phases within a table of levers apart."""
    return dict(_paths(value)) if isinstance(value, Mapping) else value


def _paths(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and value and not set(value) <= _OF_DISTRIBUTIONS:
            yield from _paths(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def scenario_of_word(value: object) -> Scenario:
    """Take a scenario, or the id of a bundled one; files are read by the loader."""
    if isinstance(value, Scenario):
        return value
    if not isinstance(value, str) or value not in bundled():
        raise wrong("unknown_scenario", names=tuple(bundled()))
    return load_scenario(value)


def series_of_word(value: object) -> SeriesName:
    """Take the name of a series apart."""
    if isinstance(value, SeriesName):
        return value
    try:
        return series_called(value if isinstance(value, str) else "")
    except InputError as error:
        (problem,) = error.problems
        raise wrong(problem.kind, names=(problem.allowed,), near=problem.nearest, **problem.details) from None


def years_of_word(value: object) -> object:
    """Take the word for all years for their numbers."""
    return tuple(range(FIRST_YEAR, LAST_YEAR + 1)) if value == ALL else value


def words_of_factor(drawn: Distribution, name: str) -> Any:
    """Return how a factor is drawn as a file says it: `true`, two numbers, or what differs from the declaration."""
    plain, usual = (one.model_dump(exclude_none=True) for one in (drawn, declared(factors()[name].parameter)))
    changed = {key: value for key, value in plain.items() if usual.get(key) != value}
    if not changed:
        return True
    if changed.keys() <= {"low", "high"}:
        return [plain["low"], plain["high"]]
    inline = tomlkit.inline_table()
    inline.update({key: list(value) if isinstance(value, tuple) else value for key, value in changed.items()})
    return inline
