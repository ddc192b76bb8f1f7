"""Scenario and experiment files that a visitor uploads, with the messages of the loader."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, TypeVar

from foresight.errors import InputError, Problem, shown
from foresight.experiments.experiment import Experiment
from foresight.scenario.loading import bundled, load_scenario, read_table
from foresight.scenario.scenario import Scenario
from foresight.scenario.validation import validated_as

T = TypeVar("T")


def scenario_from_text(name: str, content: str) -> Scenario:
    """Return the scenario of an uploaded file.

    Parameters
    ----------
    name : str
        What the file is called; messages name it.
    content : str
        What is in it. It may build on a scenario that ships.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    return _read(_label(name, "scenario.toml"), content, load_scenario)


def experiment_from_text(name: str, content: str, current: Scenario) -> Experiment:
    """Return the experiment of an uploaded file.

    Parameters
    ----------
    name : str
        What the file is called; messages name it.
    content : str
        What is in it. Its scenarios ship, or are the one that is open, by its id or as the file of that name.
    current : Scenario
        The scenario that is open.

    Raises
    ------
    InputError
        With everything that is wrong; a table of points cannot be uploaded with it.
    """
    label = _label(name, "experiment.toml")
    table = _read(label, content, read_table)
    if isinstance(table.get("scenarios"), list):
        table["scenarios"] = [_scenario(one, current) for one in table["scenarios"]]
    experiment = validated_as(Experiment, table, label)
    if experiment.sampler.file is not None:
        raise InputError([Problem(label, "sampler.file", "no_such_file", shown(experiment.sampler.file))])
    return experiment


def _label(name: str, otherwise: str) -> str:
    """Return what a file is called without the folder it was in."""
    return PurePath(name.replace("\\", "/")).name or otherwise


def _read(label: str, content: str, load: Callable[[Path], T]) -> T:
    """Load a text as if it were a file of a name."""
    with tempfile.TemporaryDirectory(prefix="foresight-") as folder:
        path = Path(folder) / "uploaded.toml"
        path.write_text(content, "utf-8")
        try:
            return load(path)
        except InputError as error:
            problems = [replace(one, file=label if one.file == str(path) else one.file) for one in error.problems]
            raise InputError(problems) from None


def _scenario(named: Any, current: Scenario) -> Any:
    """Return the scenario that is open where it is named; an id that ships stays that of the one that ships."""
    meant = {f"{current.id}.toml", *({current.id} - set(bundled()))}
    return current if isinstance(named, str) and named in meant else named
