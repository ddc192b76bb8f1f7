"""The store of a sweep: a folder that survives anything, is written part by part, and is read lazily.

::

    manifest.json        what was run, by which program, and every part that is finished
    points.parquet       the points: `point`, `scenario`, and a column for each factor
    part-00000.parquet   series of some runs: `point`, `replicate`, `year`, and a column for each series
    log.jsonl            when and how fast; no part of what is compared

A file appears under its name whole and on the disk, and the manifest names it afterwards. What the manifest names is
never written again. Rows of a part are in the order of years, then runs; a year is a group of rows of its own, so that
a year can be read alone. Series are rounded to single precision.
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.experiments.condition import points_where
from foresight.experiments.experiment import Experiment
from foresight.experiments.journal import journal
from foresight.experiments.manifest import MANIFEST, Shard, experiment_in, in_bytes, note_on, plan_of, read_manifest
from foresight.experiments.parts import KEYS, YEAR, described, part_name
from foresight.experiments.points import POINT
from foresight.files import new_folders, space, undone_without, written_whole
from foresight.unfinished import UNINTERRUPTED

POINTS: Final = "points.parquet"
LOG: Final = "log.jsonl"

#: Reads Parquet files and checks every page that is read against its check sum.
_CHECKED: Final = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)

_LEFT: Final = re.compile(r"\.(part-\d+|points|manifest)\.\w+-\w+\.held-\w+")


@dataclass(frozen=True)
class Store:
    """A folder with the runs of an experiment.

    Parameters
    ----------
    path : Path
        The folder.
    manifest : dict
        As the file has it.
    """

    path: Path
    manifest: dict[str, Any]

    @cached_property
    def experiment(self) -> Experiment:
        """What was run; InputError if the manifest does not say what was."""
        return experiment_in(self.manifest, str(self.path / MANIFEST))

    @property
    def shard(self) -> Shard:
        """Which part of the whole it is to have."""
        return Shard(*self.manifest["shard"])

    @property
    def runs(self) -> int:
        """Runs of the whole experiment."""
        return int(self.manifest["points"]["rows"]) * int(self.manifest["experiment"]["replicates"])

    @property
    def wanted(self) -> list[int]:
        """Numbers of the parts that it is to have."""
        return list(self.all_parts[self.shard.number - 1 :: self.shard.of])

    @property
    def all_parts(self) -> range:
        """Numbers of the parts of the whole experiment."""
        return range(-(-self.runs // self.manifest["part_runs"]))

    @property
    def finished(self) -> dict[int, Mapping[str, Any]]:
        """The parts that are finished, by number."""
        return {part["part"]: part for part in self.manifest["parts"]}

    @property
    def missing(self) -> list[int]:
        """Numbers of the parts that are not finished."""
        return [number for number in self.wanted if number not in self.finished]

    def runs_of(self, number: int) -> range:
        """Return the runs of a part."""
        width = self.manifest["part_runs"]
        return range(number * width, min((number + 1) * width, self.runs))

    def content(self, number: int) -> bytes:
        """Return the bytes of a part that is finished."""
        return (self.path / part_name(number)).read_bytes()

    def points(self) -> pd.DataFrame:
        """Return the points: ``point``, ``scenario`` and a column for each factor; replicates are not in it.

        Raises
        ------
        InputError
            If they are missing or damaged.
        """
        self.check_sizes([POINTS])
        return self._read([POINTS], None, None)

    def table(
        self, outcomes: Sequence[str] | None = None, *, years: Sequence[int] | None = None, where: str = ""
    ) -> pd.DataFrame:
        """Return series of runs.

        Parameters
        ----------
        outcomes : sequence of str, optional
            Series, as the experiment names them; all by default.
        years : sequence of int, optional
            All by default.
        where : str
            A condition on points, such as ``delivery_rate > 0.5 and scenario == 'baiji-returns'``; see
            `experiments.condition`.

        Returns
        -------
        pandas.DataFrame
            ``point``, ``replicate``, ``year`` and the series; in the order of parts, years and runs.

        Raises
        ------
        InputError
            If there is no such series, the condition cannot be understood, or a part is missing or damaged.
        """
        kept = [str(name) for name in self.experiment.outcomes]
        asked = kept if outcomes is None else list(outcomes)
        if strange := [name for name in asked if name not in kept]:
            problems = (
                Problem(str(self.path), "outcome", "not_kept", shown(n), listed(kept), nearest(n, kept))
                for n in strange
            )
            raise InputError(list(problems))
        names = [part_name(number) for number in sorted(self.finished)]
        self.check_sizes([POINTS, *names])
        if not names:
            return pd.DataFrame(columns=[*KEYS, *asked])
        return self._read(names, [*KEYS, *asked], self._filter(years, where))

    def _read(self, names: Sequence[str], columns: Sequence[str] | None, condition: Any) -> pd.DataFrame:
        """Read files as one table; InputError naming those that are damaged."""
        files = [str(self.path / name) for name in names]
        try:
            rows = ds.dataset(files, format=_CHECKED).to_table(columns, filter=condition)
        except (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            _refuse(iter(self.damaged() or [Problem(str(self.path), "", "unreadable", shortened(str(error)))]))
            raise
        table: pd.DataFrame = rows.to_pandas()
        return table

    def _filter(self, years: Sequence[int] | None, where: str) -> Any:
        """Return the condition on rows; None if there is none."""
        conditions = []
        if years is not None:
            conditions.append(ds.field(YEAR).isin(pa.array(list(years), pa.int16())))
        if where:
            conditions.append(ds.field(POINT).isin(pa.array(self._points_where(where), pa.int32())))
        return conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1] if conditions else None

    def _points_where(self, where: str) -> Any:
        points = self.points()
        return points.loc[points_where(points, where, str(self.path)), POINT].to_numpy()

    def note(self, language: str = "en") -> str:
        """Say how the program or the data that made the store differ from those at hand; empty if not."""
        return note_on(self.manifest, language)

    def check_sizes(self, names: Sequence[str]) -> None:
        """Refuse files that are missing or have another size than the manifest says; InputError with all of them."""
        sizes = {part_name(number): part["bytes"] for number, part in self.finished.items()}
        sizes[POINTS] = self.manifest["points"]["bytes"]
        _refuse(problem for name in names for problem in _wrong_size(self.path / name, sizes[name]))

    def damaged(self) -> list[Problem]:
        """Return what is missing or not as it was written, by its content."""
        files = {part_name(number): part["sha256"] for number, part in self.finished.items()}
        files[POINTS] = self.manifest["points"]["sha256"]
        wrong = ((name, _digest_of(self.path / name)) for name, digest in files.items())
        return [_damage(self.path / name, found) for name, found in wrong if found != files[name]]


def open_store(path: str | Path) -> Store:
    """Open the store in a folder; InputError if there is none, or it has another format."""
    return Store(Path(path), read_manifest(Path(path)))


def plan_like(store: Store, shard: Shard) -> tuple[dict[str, Any], bytes]:
    """Return the manifest and the points of a store of the same experiment that has no part yet."""
    return {**store.manifest, "shard": list(shard), "parts": []}, (store.path / POINTS).read_bytes()


def new_store(path: Path, manifest: dict[str, Any], points: bytes) -> Store:
    """Write what `plan_of` returned to a folder; InputError if it cannot be written."""
    with space(path):
        _write(path / POINTS, points)
        return _with_manifest(path, manifest)


@contextmanager
def at_work(path: Path) -> Iterator[Callable[..., None]]:
    """Be alone in the folder of a store, made if need be, and give what writes a line to its log.

    A store that has no manifest in the end is none: nothing new stays of it.

    Raises
    ------
    InputError
        If the folder cannot be made, holds anything else than a store, or another process is at work in it.
    """
    _check_folder(path)
    new = [file for file in (path / LOG, path / POINTS) if not file.exists()]
    with ExitStack() as stack:
        with UNINTERRUPTED:
            with space(path):
                stack.enter_context(undone_without(path / MANIFEST, new_folders(path)))
            note = stack.enter_context(journal(path / LOG))
            stack.enter_context(undone_without(path / MANIFEST, new))  # now that nobody else is in it
        yield note


def restore_points(store: Store) -> None:
    """Write damaged points anew, if the experiment still makes the same; else they stay as they are."""
    content = plan_of(store.experiment, store.shard)[1]
    if described(content)["sha256"] == store.manifest["points"]["sha256"]:
        with space(store.path):
            _write(store.path / POINTS, content)


def commit(store: Store, number: int, content: bytes) -> Store:
    """Add a part that is finished; return the store that has it."""
    with space(store.path):
        _write(store.path / part_name(number), content)
        return _naming(store, {**store.finished, number: {"part": number, **described(content)}})


def grown(store: Store, manifest: dict[str, Any], points: bytes, same: int) -> Store:
    """Give a store the manifest and the points of a larger experiment, and keep the parts whose runs stay the same.

    Parameters
    ----------
    store : Store
    manifest, points
        As `plan_of` returned them.
    same : int
        How many points, from the first on, are those that the store has.
    """
    larger = Store(store.path, manifest)
    stay = same * larger.experiment.replicates
    kept = {
        number: part
        for number, part in store.finished.items()
        if store.runs_of(number) == larger.runs_of(number) and store.runs_of(number).stop <= stay
    }
    with space(store.path):
        _write(store.path / POINTS, points)
        return _naming(larger, kept)


def without(store: Store, numbers: Sequence[int]) -> Store:
    """Forget parts, so that they are computed again; return the store that is left."""
    with space(store.path):
        return _naming(store, {key: part for key, part in store.finished.items() if key not in numbers})


def adopt(store: Store, other: Store) -> Store:
    """Copy the parts that another store has of the same experiment; return the store that has them."""
    for number in sorted(other.finished.keys() - store.finished.keys()):
        store = commit(store, number, other.content(number))
    return store


def sweep_up(path: Path) -> None:
    """Remove what an interrupted writing has left behind."""
    for entry in path.iterdir():
        if _LEFT.fullmatch(entry.name):
            shutil.rmtree(entry, ignore_errors=True)


def _check_folder(path: Path) -> None:
    """Refuse a folder that holds anything else than a store."""
    with space(path):
        names = [entry.name for entry in path.iterdir() if not _LEFT.fullmatch(entry.name)] if path.exists() else []
    others = sorted(name for name in names if name not in (MANIFEST, POINTS, LOG))
    if others and MANIFEST not in names:
        raise InputError([Problem(str(path), "", "not_empty", listed(others))])


def _naming(store: Store, parts: Mapping[int, Mapping[str, Any]]) -> Store:
    return _with_manifest(store.path, {**store.manifest, "parts": [parts[number] for number in sorted(parts)]})


def _with_manifest(path: Path, manifest: dict[str, Any]) -> Store:
    _write(path / MANIFEST, in_bytes(manifest))
    return Store(path, manifest)


def _write(path: Path, content: bytes) -> None:
    with written_whole(path) as written:
        written.write_bytes(content)


def _digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, nothing if there is none."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _wrong_size(path: Path, size: int) -> Iterator[Problem]:
    found = path.stat().st_size if path.exists() else -1
    if found != size:
        yield _damage(path, "" if found < 0 else str(found))


def _damage(path: Path, found: str) -> Problem:
    return Problem(str(path), "", "damaged_part" if found else "missing_part")


def _refuse(problems: Iterator[Problem]) -> None:
    if found := list(problems):
        raise InputError(found)
