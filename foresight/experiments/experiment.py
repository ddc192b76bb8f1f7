"""An experiment: what varies, how it is sampled, how often each point is run, and what is kept of the runs."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Final, Self

import numpy as np
import pandas as pd
import tomlkit
from pydantic import BeforeValidator, Field, PlainValidator, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from foresight import bounds
from foresight.actions import ACTIONS, FIRST_YEAR, LAST_YEAR, SUBREGIONS
from foresight.arguments import LARGEST_SEED, MOST_REPLICATES
from foresight.arrays import Floats
from foresight.errors import amount
from foresight.experiments.categories import CATEGORIES, at_places, categories_table, variant
from foresight.experiments.distributions import Distribution, quantiles
from foresight.experiments.points import POINT, SCENARIO, read_points
from foresight.experiments.sampler import DESIGNS, Sampler, unit_design
from foresight.experiments.words import (
    ALL,
    all_uncertainties,
    levers_apart,
    scenario_of_word,
    series_of_word,
    varied_table,
    words_of_factor,
    years_of_word,
)
from foresight.facts.parameters import uncertainties
from foresight.facts.scopes import scope_names
from foresight.results.series import SeriesName, series_called
from foresight.runs import DRAWN, EFFECTS, NAME, Effects
from foresight.scenario.factors import cells_taken_twice, factors
from foresight.scenario.layer import Identifier
from foresight.scenario.loading import ships
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Table, Year, at_most, fault, one_of

#: What is kept of a run unless a file says otherwise: twenty series of the region.
KEPT: Final = (
    "mean_delivered",
    *(f"mean_delivered.{action}" for action in ACTIONS),
    *("pledged_share.rung_1", "overdue_share", "trust", "capacity", "coverage", "fund"),
    *("baiji_index", "baiji_heading", "completed"),
    *(f"offer.{subregion}" for subregion in SUBREGIONS),
)

#: What a file says of an experiment in plain numbers and lists, if it says it.
_PLAIN: Final = ("seed", "replicates", NAME, "outcomes", "years")

#: What stands in plain words of its own.
_APART: Final = {"scenarios", "uncertainties", "levers", "structure", "outcomes"}

#: Most points and runs of an experiment: what the numbers in a store have room for.
MOST_POINTS: Final = 2**31 - 1

#: A year that runs have.
KeptYear = Annotated[Year, Field(ge=FIRST_YEAR, le=LAST_YEAR)]

_Categories: Any = categories_table()
_Uncertainties: Any = varied_table("uncertainties")
_Levers: Any = varied_table("levers")


class Experiment(Table):
    """What varies, how it is sampled, how often each point is run, and what is kept of the runs."""

    id: Identifier
    """Short name of lower-case letters, digits and hyphens."""
    scenarios: Annotated[tuple[Annotated[Scenario, PlainValidator(scenario_of_word)], ...], at_most(bounds.LIST)]
    """What everything is varied on top of: bundled scenarios, or files in the folder of the experiment."""
    seed: int = Field(default=1, ge=0, le=LARGEST_SEED, strict=True)
    """Of the luck of the runs and of the sampler."""
    replicates: int = Field(default=20, ge=1, le=MOST_REPLICATES, strict=True)
    """Runs of each point, which differ by chance and what `effects` draws; replicate r of all points has one luck."""
    effects: Annotated[Effects, one_of("unknown_name", lambda: EFFECTS)] = DRAWN
    """Where the effects of members come from: anonymous draws, or treaty records, `drawn` or `posterior`."""
    uncertainties: Annotated[_Uncertainties, BeforeValidator(all_uncertainties)] = _Uncertainties()
    """What nobody knows and is varied: by name, or `all`."""
    levers: Annotated[_Levers, BeforeValidator(levers_apart)] = _Levers()
    """What people choose and is varied."""
    structure: _Categories = _Categories()
    """Rules of the run that are varied by name, such as `gate = { values = ["infrastructure", "calendar"] }`."""
    sampler: Sampler
    """How points are chosen."""
    outcomes: Annotated[tuple[Annotated[SeriesName, PlainValidator(series_of_word)], ...], at_most(bounds.OUTCOMES)] = (
        tuple(map(series_called, KEPT))
    )
    """Series that are kept, such as `trust.Pacific`."""
    years: Annotated[tuple[KeptYear, ...], BeforeValidator(years_of_word), at_most(bounds.LIST)] = tuple(
        range(FIRST_YEAR, LAST_YEAR + 1)
    )
    """Years that are kept, or `all`."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        faults = [*self._too_few_or_many(), *self._twice(), *self._absent()]
        if faults:
            raise ValidationError.from_exception_data("Experiment", faults)
        return self

    @property
    def varied(self) -> dict[str, Distribution]:
        """Return how each factor is drawn, by name; nothing where a table of points says it all."""
        tables = (self.uncertainties, self.levers)
        drawn = ((name, getattr(table, name.replace(".", "__"), None)) for table in tables for name in factors())
        return {name: distribution for name, distribution in drawn if distribution is not None}

    @property
    def categories(self) -> dict[str, tuple[str, ...]]:
        """Return the values of each category that is varied, by path, such as ``structure.gate``."""
        given = ((path, getattr(self.structure, path.partition(".")[2])) for path in CATEGORIES)
        return {path: choice.values for path, choice in given if choice is not None}

    def variants(self) -> dict[tuple[str, ...], Scenario]:
        """Return every scenario with every choice of categories, by its id and these."""
        choices = [dict(zip(self.categories, values, strict=True)) for values in product(*self.categories.values())]
        return {(base.id, *own.values()): variant(base, own) for base in self.scenarios for own in choices}

    @property
    def points(self) -> int:
        """Return the number of points, all scenarios together; 0 if a table of points says it."""
        return len(self.scenarios) * self.sampler.count(self._kinds())

    def design(self) -> tuple[Floats, pd.DataFrame]:
        """Return the points of one scenario: in the unit cube, and as values of the factors.

        Returns
        -------
        float64[point, factor], pandas.DataFrame
            Of a table of points, the values themselves stand for both.

        Raises
        ------
        InputError
            If a table of points cannot be used.
        """
        if self.sampler.file is not None:
            values = pd.DataFrame(read_points(self.sampler.file))
            return values.to_numpy(np.float64), values
        unit = unit_design(self.sampler, self._kinds(), self.seed)
        rows = iter(unit.T)
        whole = {name: factors()[name].parameter.whole for name in self.varied}
        numbers = {name: quantiles(drawn, next(rows), whole[name]) for name, drawn in self.varied.items()}
        names = {path: at_places(choices, next(rows)) for path, choices in self.categories.items()}
        return unit, pd.DataFrame({**numbers, **names})

    def table(self) -> pd.DataFrame:
        """Return all points: ``point``, ``scenario`` (its id) and a column for each factor."""
        values = self.design()[1]
        several = pd.concat([values] * len(self.scenarios), ignore_index=True)
        ids = np.repeat([scenario.id for scenario in self.scenarios], len(values))
        several.insert(0, POINT, np.arange(len(several), dtype=np.int32))
        several.insert(1, SCENARIO, ids)
        return several

    def plain(self) -> dict[str, Any]:
        """Return everything as numbers, texts, lists and tables: what `loading.experiment_of` takes."""
        shown = self.model_dump(exclude=_APART, exclude_none=True)
        drawn = {name: distribution.model_dump(exclude_none=True) for name, distribution in self.varied.items()}
        sections = {
            section: {name: value for name, value in drawn.items() if factors()[name].section == section}
            for section in ("uncertainties", "levers")
        }
        texts = [scenario.to_toml() for scenario in self.scenarios]
        plain = {**shown, **sections, "outcomes": [str(name) for name in self.outcomes], "scenarios": texts}
        if self.categories:  # else as in stores that were written before there were any
            plain["structure"] = self.structure.model_dump(exclude_none=True)
        if self.sampler.file is not None:
            plain["sampler"]["file"] = Path(self.sampler.file).name  # where it was is nobody else's business
        return dict(json.loads(json.dumps(plain)))

    def to_toml(self) -> str:
        """Return the experiment as a file that says only what differs from the defaults.

        Scenarios that ship stand in it by their ids. Of all others the files, named by their ids, and the table of
        points if there is one, have to be put beside it.
        """
        plain, fields = self.plain(), type(self).model_fields
        own = [name for name in _PLAIN if getattr(self, name) != fields[name].default]
        table = {"id": self.id, "scenarios": self.scenario_words(), **{name: plain[name] for name in own}}
        varied = self._varied_in_words()
        if varied["uncertainties"] == {name: True for name in factors() if name in uncertainties()}:
            table["uncertainties"] = ALL
        table |= {section: part for section, part in varied.items() if part and section not in table}
        table |= {"structure": plain["structure"]} if self.categories else {}
        return tomlkit.dumps({**table, "sampler": {key: value for key, value in plain["sampler"].items() if value}})

    def scenario_words(self) -> list[str]:
        """Return what a file says of the scenarios: ids of those that ship, of all others files named by their ids."""
        return [scenario.id if ships(scenario) else f"{scenario.id}.toml" for scenario in self.scenarios]

    def digest(self) -> str:
        """Return the SHA-256 of what the experiment does, in hexadecimal; names and texts play no part."""
        scenarios = [[scenario.id, scenario.digest()] for scenario in self.scenarios]
        does = {**self.plain(), "scenarios": scenarios, "id": ""}
        does["sampler"].pop("file", None)
        if self.effects == DRAWN:
            del does[NAME]  # as in stores that were written before there was a choice
        canonical = json.dumps(does, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _varied_in_words(self) -> dict[str, dict[str, Any]]:
        """Return how each factor is drawn as a file says it, by section."""
        words = {name: words_of_factor(drawn, name) for name, drawn in self.varied.items()}
        return {
            section: {name: word for name, word in words.items() if factors()[name].section == section}
            for section in ("uncertainties", "levers")
        }

    def _kinds(self) -> list[int]:
        """Return how many values each factor has; 0 where it has a range."""
        return [len(drawn.values or ()) for drawn in self.varied.values()] + [*map(len, self.categories.values())]

    def _too_few_or_many(self) -> Iterator[InitErrorDetails]:
        for field in ("scenarios", "outcomes", "years"):
            if not getattr(self, field):
                yield fault("empty", (field,), ())
        varied = [*self.varied, *self.categories]
        if self.sampler.file is None and not varied:
            yield fault("nothing_varies", ("uncertainties",), "", names=("uncertainties", "levers"))
        if self.sampler.file is not None and varied:
            yield fault("table_says", (_section(varied[0]),), varied[0])
        if self.categories and self.sampler.design.rows is not None:
            usual = tuple(name for name, design in DESIGNS.items() if design.make and design.rows is None)
            yield fault("numbers_alone", ("sampler", "method"), self.sampler.method, names=usual)
        runs, values = self.points * self.replicates, self.points * len(varied)
        if runs > MOST_POINTS:
            yield fault("too_many_runs", ("sampler",), amount(runs), names=(amount(MOST_POINTS),))
        if values > bounds.VALUES.most:
            most = amount(bounds.VALUES.most)
            yield fault(bounds.VALUES.kind, ("sampler",), amount(values), most=most)

    def _twice(self) -> Iterator[InitErrorDetails]:
        """Find what is named twice."""
        for name, other in cells_taken_twice(self.varied).items():
            yield fault("also_set", (factors()[name].section, name), name, other=other)
        ids = [scenario.id for scenario in self.scenarios]
        outcomes = [str(name) for name in self.outcomes]
        lists = {"scenarios": ids, "years": self.years, "outcomes": outcomes, **self.categories}
        for field, values in lists.items():
            for value, times in Counter[object](values).items():
                if times > 1:
                    yield fault("named_twice", tuple(field.split(".")), value)

    def _absent(self) -> Iterator[InitErrorDetails]:
        """Find scopes of members that do not take part."""
        for scenario in self.variants().values():
            names = scope_names(scenario.members())
            for position, outcome in enumerate(self.outcomes):
                if outcome.scope not in names:
                    yield fault("absent", ("outcomes", position), outcome.scope, scenario=scenario.id)


def _section(name: str) -> str:
    """Return the table of a file that a factor or a category stands in."""
    return name.partition(".")[0] if name in CATEGORIES else factors()[name].section
