"""The sources of the program as they are imported, so that nothing has to be built of them, and its tables."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from foresight.engine.library import FOLDER

#: Packages whose folders are elsewhere in a clone than where they are installed.
_PACKAGES: Final = ("foresight", "foresight._scenarios", "foresight._benchmarks", "foresight_ui")

#: How the names of what is shipped end.
_ENDINGS: Final = {
    *(".css", ".csv", ".html", ".js", ".json", ".parquet", ".py"),
    *(".svg", ".toml", ".txt", ".typed", ".woff2", ".yaml"),
}


def sources() -> dict[str, bytes]:
    """Return what is imported, by its place in a folder that Python finds it in; no machine code."""
    return {
        f"{package.replace('.', '/')}/{name}": content
        for package in _PACKAGES
        for name, content in _shipped(package).items()
    }


def machine_code() -> dict[str, bytes]:
    """Return the libraries that came with the program, if any, by their places beside the sources."""
    root = FOLDER.parents[2]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}


def tables() -> dict[str, bytes]:
    """Return the tables of facts and records, with the dictionaries that say what each column means."""
    return {name: content for name, content in _shipped("foresight.data").items() if not name.endswith(".py")}


def _shipped(package: str) -> dict[str, bytes]:
    folder = Path(str(files(package)))
    paths = [path for path in folder.rglob("*") if path.suffix in _ENDINGS and FOLDER not in path.parents]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}
