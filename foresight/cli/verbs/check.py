"""Check scenario and experiment files."""

from collections.abc import Sequence
from pathlib import Path

from foresight.cli.screen import Screen
from foresight.cli.verbs import listings
from foresight.errors import InputError, Problem
from foresight.scenario.loading import check_file, read_table


def check(screen: Screen, files: Sequence[Path]) -> None:
    """Check scenario and experiment files; InputError with the problems of all."""
    found = {str(path): _problems_of(path) for path in files}
    listings.checks(screen, found)
    if problems := [problem for of_file in found.values() for problem in of_file]:
        raise InputError(problems)


def _problems_of(path: Path) -> list[Problem]:
    """Return every problem of a file; what has a sampler is an experiment."""
    try:
        if path.suffix == ".toml" and "sampler" in read_table(path):
            from foresight.experiments.loading import load_experiment  # late: scenarios need no samplers

            load_experiment(path)
            return []
    except InputError as error:
        return list(error.problems)
    return check_file(path)
