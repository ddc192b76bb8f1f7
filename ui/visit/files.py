"""What is on the screen as a file: tables for other programs, the scenario itself, and an experiment with its runs."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from foresight.arguments import check_name
from foresight.cells import csv_text
from foresight.experiments.experiment import Experiment
from foresight.experiments.points import POINT, SCENARIO
from foresight.experiments.store import Store
from foresight.facts.scopes import SCOPES
from foresight.results.export import outcome_rows, to_iamc, to_xlsx
from foresight.results.results import Results
from foresight.scenario.loading import save_scenario, ships
from foresight.scenario.scenario import Scenario

from ..runs.live import LIVE
from ..runs.setting import Setting

#: What an experiment is called in commands, and its tables.
EXPERIMENT: Final = "experiment.toml"
TABLES: Final = ("runs", "points")

#: What each row of a table tells of its origin beside the scenario and its title.
_TOLD: Final = ("scenario_digest", "seed", "version")

#: Name, kind and content.
File = tuple[str, str, bytes]

#: Kinds of file by format: the ending, and what browsers call it.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "csv": (".csv", "text/csv"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "iamc": (".iamc.csv", "text/csv"),
    "toml": (".toml", "application/toml"),
}


def file_of(setting: Setting, kind: str, member: str | None = None) -> File:
    """Return the name, the kind and the content of a file of what is on the screen.

    Parameters
    ----------
    setting : Setting
    kind : str
        One of `KINDS`.
    member : str, optional
        Whose outcomes are in a table too: those of the member whose page is open.

    Raises
    ------
    InputError
        If there is no such kind of file.
    """
    check_name("format", kind, tuple(KINDS))
    ending, media = KINDS[kind]
    with tempfile.TemporaryDirectory(prefix="foresight-") as folder:
        if kind == "toml":
            path = Path(folder) / f"{setting.scenario.id}{ending}"
            save_scenario(setting.scenario, path)
        else:
            own = [member] if member else []
            path = Path(folder) / f"{'-'.join([setting.scenario.id, *own])}{ending}"
            _WRITERS[kind](LIVE.results(setting, "members" if own else "summary"), path, (*SCOPES, *own))
        return path.name, media, path.read_bytes()


def _to_csv(results: Results, path: Path, scopes: Sequence[str]) -> None:
    """Write the bands of every outcome, each row with where it comes from, so that files can be put together."""
    rows, made = outcome_rows(results, scopes), results.dataset.attrs
    told = {"scenario": results.scenario.id, "title": results.scenario.title.en, **{name: made[name] for name in _TOLD}}
    for at, (name, value) in enumerate(told.items()):
        rows.insert(at, name, value)
    path.write_bytes(csv_text(rows).encode())


_WRITERS: Final[Mapping[str, Callable[[Results, Path, Sequence[str]], Any]]] = {
    "csv": _to_csv,
    "xlsx": to_xlsx,
    "iamc": to_iamc,
}


def scenario_files(experiment: Experiment) -> dict[str, Scenario]:
    """Return the scenarios that have to be put beside the file of an experiment, by the names of their files."""
    return {f"{one.id}.toml": one for one in experiment.scenarios if not ships(one)}


def plan_of(experiment: Experiment, name: str) -> File:
    """Return the file of an experiment, or of a scenario beside it; InputError if it has none of that name."""
    texts: dict[str, Experiment | Scenario] = {EXPERIMENT: experiment, **scenario_files(experiment)}
    check_name("file", name, tuple(texts))
    return name, KINDS["toml"][1], texts[name].to_toml().encode()


def table_of(store: Store, name: str, year: int) -> File:
    """Return the runs of an experiment in a year, or its points, as a table; InputError if there is no such table."""
    check_name("table", name, TABLES)
    made = _runs(store, year) if name == "runs" else store.points()
    return f"{store.experiment.id}-{name}.csv", KINDS["csv"][1], csv_text(made).encode()


def _runs(store: Store, year: int) -> pd.DataFrame:
    """Return all series of all runs in a year, with the scenario that the points of each are on top of."""
    runs = store.table(years=[year])
    runs.insert(1, SCENARIO, runs[POINT].map(store.points().set_index(POINT)[SCENARIO]))
    return runs
