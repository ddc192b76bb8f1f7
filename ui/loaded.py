"""Scenario files that a visitor uploads, with the messages of the loader."""

import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

from foresight.errors import InputError
from foresight.loading import load_scenario
from foresight.scenario import Scenario


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
    label = PurePath(name.replace("\\", "/")).name or "scenario.toml"
    with tempfile.TemporaryDirectory(prefix="foresight-") as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text(content, "utf-8")
        try:
            return load_scenario(path)
        except InputError as error:
            problems = [replace(one, file=label if one.file == str(path) else one.file) for one in error.problems]
            raise InputError(problems) from None
