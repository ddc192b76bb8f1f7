"""Experiments from files: with the scenarios and the table of points that they name, and every problem of them all."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from foresight import bounds
from foresight.errors import InputError, Problem
from foresight.experiments.experiment import Experiment
from foresight.scenario.loading import bundled, load_scenario, read_table, validated
from foresight.scenario.validation import validated_as


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


def _beside(table: Mapping[str, Any], folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Read the scenario files of an experiment, and find its table of points; also return their problems."""
    named: dict[str, Any] = {}
    problems: list[Problem] = []
    scenarios = table.get("scenarios")
    if isinstance(scenarios, list) and len(scenarios) <= bounds.LIST.most:
        named["scenarios"], problems = _read(scenarios, folder)
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
