"""Scenario and experiment files that a visitor uploads, with the messages of the loader."""

from pathlib import PurePath
from typing import Any

from foresight.errors import InputError, Problem, shown
from foresight.experiments.experiment import Experiment
from foresight.scenario.loading import bundled, scenario_of_text, table_of_text
from foresight.scenario.scenario import Scenario
from foresight.scenario.validation import validated_as


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
    return scenario_of_text(content, _label(name, "scenario.toml"))


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
    table = table_of_text(content, label)
    if isinstance(table.get("scenarios"), list):
        table["scenarios"] = [_scenario(one, current) for one in table["scenarios"]]
    experiment = validated_as(Experiment, table, label)
    if experiment.sampler.file is not None:
        raise InputError([Problem(label, "sampler.file", "no_such_file", shown(experiment.sampler.file))])
    return experiment


def _label(name: str, otherwise: str) -> str:
    """Return what a file is called without the folder it was in."""
    return PurePath(name.replace("\\", "/")).name or otherwise


def _scenario(named: Any, current: Scenario) -> Any:
    """Return the scenario that is open where it is named; an id that ships stays that of the one that ships."""
    meant = {f"{current.id}.toml", *({current.id} - set(bundled()))}
    return current if isinstance(named, str) and named in meant else named
