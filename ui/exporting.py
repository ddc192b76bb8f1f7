"""What is on the screen as a file: tables for other programs, and the scenario itself."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from foresight.arguments import check_name
from foresight.export import to_csv, to_iamc, to_xlsx
from foresight.loading import save_scenario
from foresight.results import Results, simulate

from .setting import Setting

#: Kinds of file by format: the ending, and what browsers call it.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "csv": (".csv", "text/csv"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "iamc": (".iamc.csv", "text/csv"),
    "toml": (".toml", "application/toml"),
}

_WRITERS: Final[Mapping[str, Callable[[Results, Path], Any]]] = {"csv": to_csv, "xlsx": to_xlsx, "iamc": to_iamc}


def file_of(setting: Setting, kind: str) -> tuple[str, str, bytes]:
    """Return the name, the kind and the content of a file of what is on the screen.

    Raises
    ------
    InputError
        If there is no such kind of file.
    """
    check_name("format", kind, tuple(KINDS))
    ending, media = KINDS[kind]
    with tempfile.TemporaryDirectory(prefix="foresight-") as folder:
        path = Path(folder) / f"{setting.scenario.id}{ending}"
        if kind == "toml":
            save_scenario(setting.scenario, path)
        else:
            results = simulate(setting.scenario, setting.replicates, setting.seed, "summary", threads=1)
            _WRITERS[kind](results, path)
        return path.name, media, path.read_bytes()
