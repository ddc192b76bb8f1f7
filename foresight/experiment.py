"""An experiment: what varies, how it is sampled, how often each point is run, and what is kept of the runs."""

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Self

import numpy as np
import pandas as pd
import tomlkit
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import InitErrorDetails

from foresight.actions import ACTIONS, FIRST_YEAR, LAST_YEAR, SUBREGIONS
from foresight.arguments import LARGEST_SEED, MOST_REPLICATES
from foresight.checks import validated_as
from foresight.design import checked_design
from foresight.distributions import Distribution, declared, quantiles, resolved
from foresight.effects import DRAWN, EFFECTS, NAME, Effects
from foresight.errors import InputError, Problem
from foresight.factors import cells_taken_twice, factors
from foresight.inputs import Floats
from foresight.loading import bundled, load_scenario, read_columns, read_table, validated
from foresight.parameters import uncertainties
from foresight.sampler import Sampler, unit_design
from foresight.scenario import Scenario
from foresight.scopes import scope_names
from foresight.series import SeriesName, series_called
from foresight.settings import Table, Year, fault, one_of, wrong

#: Word for everything: all uncertainties, all years.
ALL: Final = "all"

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

#: Most points and runs of an experiment: what the numbers in a store have room for.
MOST_POINTS: Final = 2**31 - 1

#: Keys of a table that says how a factor is drawn; any other table within levers is one of actions or phases.
_OF_DISTRIBUTIONS: Final = frozenset(Distribution.model_fields)

#: Columns of a table of points beside the factors.
POINT: Final = "point"
SCENARIO: Final = "scenario"


# From the words of a file ------------------------------------------------------------------------------------------


def _distribution(value: object) -> object:
    """Take `true` for the declared distribution, and two numbers for a range."""
    if value is True:
        return {}
    if isinstance(value, list | tuple) and len(value) == 2:
        return {"low": value[0], "high": value[1]}
    if not isinstance(value, Mapping | Distribution):
        raise wrong("not_varied", names=("true", "[low, high]", "{ distribution = … }"))
    return value


def _varied(section: str) -> Any:
    """Make a table with an entry for every factor of a table of scenario files."""
    fields: dict[str, Any] = {}
    for name, factor in factors().items():
        if factor.section == section:
            check = AfterValidator(partial(resolved, parameter=factor.parameter))
            kind = Annotated[Distribution, BeforeValidator(_distribution), check] | None
            fields[name.replace(".", "__")] = (kind, Field(default=None, alias=name))
    return create_model(f"Varied_{section}", __base__=Table, **fields)


def _everything(value: object) -> object:
    """Take the word for all uncertainties for a table of them."""
    if value != ALL:
        return value
    return {name: declared(factor.parameter) for name, factor in factors().items() if name in uncertainties()}


def _flat(value: object) -> object:
    """Take tables of actions and phases within a table of levers apart."""
    return dict(_paths(value)) if isinstance(value, Mapping) else value


def _paths(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and value and not set(value) <= _OF_DISTRIBUTIONS:
            yield from _paths(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _scenario(value: object) -> Scenario:
    """Take a scenario, or the id of a bundled one; files are read by the loader."""
    if isinstance(value, Scenario):
        return value
    if not isinstance(value, str) or value not in bundled():
        raise wrong("unknown_scenario", names=tuple(bundled()))
    return load_scenario(value)


def _series(value: object) -> SeriesName:
    """Take the name of a series apart."""
    if isinstance(value, SeriesName):
        return value
    try:
        return series_called(value if isinstance(value, str) else "")
    except InputError as error:
        (problem,) = error.problems
        raise wrong(problem.kind, names=(problem.allowed,), near=problem.nearest, **problem.details) from None


def _years(value: object) -> object:
    return tuple(range(FIRST_YEAR, LAST_YEAR + 1)) if value == ALL else value


_Uncertainties: Any = _varied("uncertainties")
_Levers: Any = _varied("levers")


class Experiment(Table):
    """What varies, how it is sampled, how often each point is run, and what is kept of the runs."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    """Short name of lower-case letters, digits and hyphens."""
    scenarios: tuple[Annotated[Scenario, PlainValidator(_scenario)], ...]
    """What everything is varied on top of: bundled scenarios, or files in the folder of the experiment."""
    seed: int = Field(default=1, ge=0, le=LARGEST_SEED, strict=True)
    """Of the luck of the runs and of the sampler."""
    replicates: int = Field(default=20, ge=1, le=MOST_REPLICATES, strict=True)
    """Runs of each point, which differ by chance and what `effects` draws; replicate r of all points has one luck."""
    effects: Annotated[Effects, one_of("unknown_name", lambda: EFFECTS)] = DRAWN
    """Where the effects of members come from: anonymous draws, or treaty records, `drawn` or `posterior`."""
    uncertainties: Annotated[_Uncertainties, BeforeValidator(_everything)] = _Uncertainties()
    """What nobody knows and is varied: by name, or `all`."""
    levers: Annotated[_Levers, BeforeValidator(_flat)] = _Levers()
    """What people choose and is varied."""
    sampler: Sampler
    """How points are chosen."""
    outcomes: tuple[Annotated[SeriesName, PlainValidator(_series)], ...] = tuple(map(series_called, KEPT))
    """Series that are kept, such as `trust.Pacific`."""
    years: Annotated[tuple[Year, ...], BeforeValidator(_years)] = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
    """Years that are kept, or `all`."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        faults = [*self._too_few_or_many(), *self._twice(), *self._out_of_range()]
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
            values = pd.DataFrame(checked_design(read_columns(self.sampler.file), self.sampler.file))
            return values.to_numpy(np.float64), values
        unit = unit_design(self.sampler, self._kinds(), self.seed)
        columns = zip(self.varied.items(), unit.T, strict=True)
        whole = {name: factors()[name].parameter.whole for name in self.varied}
        return unit, pd.DataFrame({name: quantiles(drawn, row, whole[name]) for (name, drawn), row in columns})

    def table(self) -> pd.DataFrame:
        """Return all points: ``point``, ``scenario`` (its id) and a column for each factor."""
        values = self.design()[1]
        several = pd.concat([values] * len(self.scenarios), ignore_index=True)
        ids = np.repeat([scenario.id for scenario in self.scenarios], len(values))
        several.insert(0, POINT, np.arange(len(several), dtype=np.int32))
        several.insert(1, SCENARIO, ids)
        return several

    def plain(self) -> dict[str, Any]:
        """Return everything as numbers, texts, lists and tables; `experiment_of` makes it an experiment again."""
        shown = self.model_dump(exclude={"scenarios", "uncertainties", "levers", "outcomes"}, exclude_none=True)
        drawn = {name: distribution.model_dump(exclude_none=True) for name, distribution in self.varied.items()}
        sections = {
            section: {name: value for name, value in drawn.items() if factors()[name].section == section}
            for section in ("uncertainties", "levers")
        }
        texts = [scenario.to_toml() for scenario in self.scenarios]
        plain = {**shown, **sections, "outcomes": [str(name) for name in self.outcomes], "scenarios": texts}
        if self.sampler.file is not None:
            plain["sampler"]["file"] = Path(self.sampler.file).name  # where it was is nobody else's business
        return dict(json.loads(json.dumps(plain)))

    def to_toml(self) -> str:
        """Return the experiment as a file that says only what differs from the defaults.

        Scenarios that ship stand in it by their ids. Of all others the files, named by their ids, and the table of
        points if there is one, have to be put beside it.
        """
        plain, fields = self.plain(), type(self).model_fields
        names = [one.id if ships(one) else f"{one.id}.toml" for one in self.scenarios]
        given = [name for name in _PLAIN if getattr(self, name) != fields[name].default]
        table = {"id": self.id, "scenarios": names, **{name: plain[name] for name in given}}
        varied = self._varied_in_words()
        everything = {name: True for name in factors() if name in uncertainties()}
        if varied["uncertainties"] == everything:
            table["uncertainties"] = ALL
        table |= {section: own for section, own in varied.items() if own and section not in table}
        return tomlkit.dumps({**table, "sampler": {key: value for key, value in plain["sampler"].items() if value}})

    def digest(self) -> str:
        """Return the SHA-256 of what the experiment does, in hexadecimal; names and texts play no part."""
        does = {**self.plain(), "scenarios": [[one.id, one.digest()] for one in self.scenarios], "id": ""}
        does["sampler"].pop("file", None)
        if self.effects == DRAWN:
            del does[NAME]  # as in stores that were written before there was a choice
        canonical = json.dumps(does, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _varied_in_words(self) -> dict[str, dict[str, Any]]:
        """Return how each factor is drawn as a file says it, by section."""
        words = {name: _in_words(drawn, name) for name, drawn in self.varied.items()}
        sections = ("uncertainties", "levers")
        return {one: {name: said for name, said in words.items() if factors()[name].section == one} for one in sections}

    def _kinds(self) -> list[int]:
        """Return how many values each factor has; 0 where it has a range."""
        return [len(drawn.values or ()) for drawn in self.varied.values()]

    def _too_few_or_many(self) -> Iterator[InitErrorDetails]:
        for field in ("scenarios", "outcomes", "years"):
            if not getattr(self, field):
                yield fault("empty", (field,), "[]")
        if self.sampler.file is None and not self.varied:
            yield fault("nothing_varies", ("uncertainties",), "", names=("uncertainties", "levers"))
        if self.sampler.file is not None and self.varied:
            yield fault("table_says", (factors()[next(iter(self.varied))].section,), next(iter(self.varied)))
        runs = self.points * self.replicates
        if runs > MOST_POINTS:
            yield fault("too_many_runs", ("sampler",), f"{runs:,}", names=(f"{MOST_POINTS:,}",))

    def _twice(self) -> Iterator[InitErrorDetails]:
        """Find what is named twice."""
        for name, other in cells_taken_twice(self.varied).items():
            yield fault("also_set", (factors()[name].section, name), name, other=other)
        named = {"scenarios": [one.id for one in self.scenarios], "years": self.years, "outcomes": self.outcomes}
        for field, values in named.items():
            for value, times in Counter(map(str, values)).items():
                if times > 1:
                    yield fault("given_twice", (field,), value)

    def _out_of_range(self) -> Iterator[InitErrorDetails]:
        """Find years that no run has, and scopes of members that do not take part."""
        for position, year in enumerate(self.years):
            if not FIRST_YEAR <= year <= LAST_YEAR:
                yield fault("out_of_range", ("years", position), str(year), names=(f"{FIRST_YEAR} … {LAST_YEAR}",))
        for scenario in self.scenarios:
            names = scope_names(scenario.members())
            for position, outcome in enumerate(self.outcomes):
                if outcome.scope not in names:
                    yield fault("absent", ("outcomes", position), outcome.scope, scenario=scenario.id)


def load_experiment(path: str | Path) -> Experiment:
    """Read an experiment from a file.

    Parameters
    ----------
    path : str or Path
        A file of TOML; scenario files and a table of points that it names are in its folder.

    Raises
    ------
    InputError
        With every problem of the file and of the files that it names.
    """
    file = Path(path)
    table = read_table(file)
    named, problems = _beside(table, file.parent)
    try:
        experiment = validated_as(Experiment, {**table, **named}, str(file))
        if experiment.sampler.file is not None:
            experiment.design()
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    return experiment


def experiment_of(plain: Mapping[str, Any], file: str) -> Experiment:
    """Make an experiment of what `Experiment.plain` returned; InputError naming the file if it is none."""
    try:
        scenarios = tuple(validated(tomllib.loads(words), file) for words in plain["scenarios"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError([Problem(file, "experiment", "altered_store", str(error))]) from None
    return validated_as(Experiment, {**plain, "scenarios": scenarios}, file)


def ships(scenario: Scenario) -> bool:
    """Tell whether a scenario does what the bundled one of its id does."""
    return scenario.id in bundled() and load_scenario(scenario.id).digest() == scenario.digest()


def _in_words(drawn: Distribution, name: str) -> Any:
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


def _beside(table: Mapping[str, Any], folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Read the scenario files of an experiment, and find its table of points; also return their problems."""
    named: dict[str, Any] = {}
    problems: list[Problem] = []
    if isinstance(table.get("scenarios"), Sequence) and not isinstance(table["scenarios"], str):
        scenarios, problems = _read(table["scenarios"], folder)
        named["scenarios"] = scenarios
    sampler = table.get("sampler")
    if isinstance(sampler, Mapping) and isinstance(sampler.get("file"), str):
        named["sampler"] = {**sampler, "file": str(folder / sampler["file"])}
    return named, problems


def _read(names: Sequence[Any], folder: Path) -> tuple[list[Any], list[Problem]]:
    """Read those of the named scenarios that are files; those that cannot be read have their place taken."""
    read: list[Any] = []
    problems: list[Problem] = []
    for name in names:
        try:
            is_file = isinstance(name, str) and name.endswith(".toml")
            read.append(load_scenario(folder / name) if is_file else name)
        except InputError as error:
            problems += error.problems
            read.append(load_scenario(next(iter(bundled()))).model_copy(update={"id": f"unread-{len(read)}"}))
    return read, problems
