"""Where results are saved, and as what; what would fail after the work is refused before it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.files import space, try_out, written_whole
from foresight.results import export
from foresight.results.results import Results

#: What results can be written as, and how the names of such files end.
FORMATS: Final = {"nc": ".nc", "csv": ".csv", "xlsx": ".xlsx", "iamc": ".csv"}

_ENDINGS: Final = tuple(dict.fromkeys(FORMATS.values()))
_OUT: Final = "--out"


class Target(NamedTuple):
    """Where results are saved, as what, and whether files may be replaced.

    A path with the ending of a format is a file; any other is a folder, with a file for each scenario.
    """

    path: Path | None
    kind: str
    force: bool

    @property
    def is_file(self) -> bool:
        """Whether the path is that of a file."""
        return self.path is not None and self.path.suffix.lower() in _ENDINGS and not self.path.is_dir()

    @property
    def ending(self) -> str:
        """How the names of the files end."""
        named = self.path.suffix.lower() if self.is_file and self.path else FORMATS["nc"]
        return FORMATS.get(self.kind, named)


def check_target(target: Target, scenarios: int) -> None:
    """Refuse targets that nothing can be saved in; InputError with all that is wrong."""
    try:
        problems = list(_problems(target, scenarios))
    except OSError as error:  # such as a name that is too long
        problems = [_not_writable(shortened(str(target.path)), error)]
    if problems:
        raise InputError(problems)


def paths_of(target: Target, ids: Sequence[str]) -> list[Path]:
    """Return where each scenario is saved, nowhere if nothing is to be.

    Raises
    ------
    InputError
        If a file exists that may not be replaced.
    """
    if target.path is None:
        return []
    paths = [target.path] if target.is_file else [target.path / f"{name}{target.ending}" for name in ids]
    beside = [export.metadata_path(path) for path in paths if target.ending == FORMATS["csv"]]
    taken = [path for path in (*paths, *beside) if path.exists()]
    problems = [Problem(str(path), "", "no_file") for path in taken if not path.is_file()]
    problems += [Problem(str(path), "", "file_exists", "", "--force") for path in taken if not target.force]
    if problems:
        raise InputError(problems)
    return paths


def save(result: Results, path: Path, target: Target) -> None:
    """Write results to a file, which appears whole or not at all, and its folder with it."""
    write: dict[str, Callable[[Results, Path], object]] = {
        "nc": Results.save,
        "csv": export.to_csv,
        "xlsx": export.to_xlsx,
        "iamc": export.to_iamc,
    }
    with space(path):
        with written_whole(path, make_folder=True) as written:
            write[target.kind or target.ending.lstrip(".")](result, written)
        if target.ending == FORMATS["csv"]:
            export.write_metadata(result, path)


def _problems(target: Target, scenarios: int) -> Iterator[Problem]:
    kind, path = target.kind, target.path
    if kind and kind not in FORMATS:
        yield Problem("--format", "", "unknown_name", shown(kind), listed(tuple(FORMATS)), nearest(kind, FORMATS))
    elif kind and path is None:
        yield Problem("--format", "", "needs_out", shown(kind), _OUT)
    if path is None:
        return
    if path.exists() and not path.is_file() and not path.is_dir():
        yield Problem(str(path), "", "no_file")
    elif target.is_file and scenarios > 1:
        yield Problem(_OUT, "", "needs_folder", shown(str(path)), str(path.with_suffix("")), details={"n": scenarios})
    elif target.is_file and path.suffix.lower() != target.ending:
        yield Problem(_OUT, "", "other_ending", shown(str(path)), str(path.with_suffix(target.ending)))
    elif not target.is_file and not path.is_dir() and (ending := _ending(path)).isalpha():
        yield Problem(_OUT, "", "unknown_ending", shown(f".{ending}"), listed(_ENDINGS), nearest(ending, _ENDINGS))
    elif not target.is_file and path.is_file():
        yield Problem(str(path), "", "not_a_folder")
    else:
        yield from _unwritable(path.parent if target.is_file else path)


def _unwritable(folder: Path) -> Iterator[Problem]:
    """Say why no file can be made in a folder, or the folder itself in one that there is."""
    existing = folder if folder.exists() else folder.parent
    try:
        try_out(existing)
    except OSError as error:
        yield _not_writable(str(folder), error)


def _not_writable(place: str, error: OSError) -> Problem:
    return Problem(place, "", "not_writable", details={"reason": str(error.strerror)})


def _ending(path: Path) -> str:
    """Return the ending of a name without its dot; a name may be an ending and nothing else."""
    return path.name.rpartition(".")[2] if "." in path.name else ""
