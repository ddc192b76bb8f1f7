"""Write what an analysis found to a folder: tables, data, figures and scenarios, each file whole or not at all."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from foresight.cells import csv_text
from foresight.cli.screen import Screen
from foresight.errors import InputError, Problem
from foresight.files import nearest_folder, space, try_out, written_whole
from foresight.scenario.scenario import Scenario

#: Dots an inch of figures as pictures: sharp on a projector.
_DOTS = 200


def check_room(folder: Path | None) -> None:
    """Refuse a folder that a report cannot be written to, before the work; InputError says why."""
    if folder is None:
        return
    if folder.expanduser().is_file():
        raise InputError([Problem(str(folder), "", "not_a_folder")])
    with space(folder):
        try_out(nearest_folder(folder.expanduser()))


def report(screen: Screen, folder: Path, files: Mapping[str, Any]) -> None:
    """Write files to a folder and say where they are.

    Parameters
    ----------
    screen : Screen
    folder : Path
        Made with the first file if it is not there; files of the same names in it are replaced.
    files : Mapping
        By name: tables and data with their endings, figures (as SVG and PNG) and scenarios without.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """
    check_room(folder)
    folder = folder.expanduser()
    with space(folder):
        for name, what in files.items():
            for ending, content in _contents(what).items():
                with written_whole(folder / f"{name}{ending}", make_folder=True) as written:
                    written.write_bytes(content)
    screen.note(screen.say("cli.saved", path=folder))


def _contents(what: Any) -> dict[str, bytes]:
    """Return what is written of something, by what is added to its name."""
    if isinstance(what, Figure):
        return {".svg": _drawn(what, "svg"), ".png": _drawn(what, "png")}
    if isinstance(what, pd.DataFrame):
        return {"": csv_text(what).encode()}
    if isinstance(what, Scenario):
        return {".toml": what.to_toml().encode()}
    return {"": (json.dumps(what, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()}


def _drawn(figure: Figure, kind: str) -> bytes:
    stream = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {}  # the same analysis gives the same file
    with rc_context({"svg.hashsalt": "foresight"}):  # the names of its parts are drawn by chance otherwise
        figure.savefig(stream, format=kind, dpi=_DOTS, metadata=metadata)
    return stream.getvalue()
