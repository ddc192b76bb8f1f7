"""The manifest of a store: what was run, by which program and libraries, and every part that is finished."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa

from foresight.errors import InputError, Problem, shortened, shown
from foresight.experiments.experiment import Experiment
from foresight.experiments.loading import experiment_of
from foresight.experiments.parts import described, parquet
from foresight.facts.tables import data_digest
from foresight.texts import Words
from foresight.version import program_version

MANIFEST: Final = "manifest.json"

#: Of the files of a store; raised when they change.
FORMAT: Final = 1

#: Runs of a part: a 128th of all, within bounds that keep parts a second's work and groups of rows worth their head.
FEWEST_RUNS, MOST_RUNS = 4096, 16384
_PARTS: Final = 128

#: What a manifest has, and of which kind.
_ENTRIES: Final[Mapping[str, type]] = {
    "version": str,
    "data_digest": str,
    "experiment_digest": str,
    "libraries": dict,
    "experiment": dict,
    "points": dict,
    "part_runs": int,
    "shard": list,
    "parts": list,
}

_LIBRARIES: Final = ("numpy", "numba", "pyarrow", "scipy", "salib")


class Shard(NamedTuple):
    """One of several stores that share the parts of an experiment among them."""

    number: int  # from 1
    of: int


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of the store in a folder; InputError if there is none, or it has another format."""
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError([Problem(str(folder), "", "no_store", details={"file": MANIFEST})]) from None
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(file), "", "altered_store", shortened(str(error)))]) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        given = shown(manifest.get("format")) if isinstance(manifest, dict) else ""
        raise InputError([Problem(str(file), "format", "altered_store", given, str(FORMAT))])
    wrong = [name for name, kind in _ENTRIES.items() if not isinstance(manifest.get(name), kind)]
    if wrong:
        raise InputError([Problem(str(file), ", ".join(wrong), "altered_store")])
    return manifest


def experiment_in(manifest: Mapping[str, Any], file: str) -> Experiment:
    """Return what was run; InputError naming the file if the manifest does not say what was."""
    experiment = experiment_of(manifest["experiment"], file)
    if experiment.digest() != manifest["experiment_digest"]:
        raise InputError([Problem(file, "experiment", "altered_store")])
    return experiment


def made_with() -> dict[str, Any]:
    """Return what decides on the numbers and bytes of a part beside the experiment."""
    return {"version": program_version(), "data_digest": data_digest(), "libraries": dict(_libraries())}


@cache
def _libraries() -> Mapping[str, str]:
    """Return the versions of the libraries that decide on bytes; looking them up takes milliseconds."""
    return {name: version(name) for name in _LIBRARIES}


def plan_of(experiment: Experiment, shard: Shard) -> tuple[dict[str, Any], bytes]:
    """Return the manifest and the points of a store that has no part yet."""
    points = experiment.table()
    content = parquet(pa.Table.from_pandas(points, preserve_index=False), len(points))
    manifest = {
        "format": FORMAT,
        **made_with(),
        "experiment": experiment.plain(),
        "experiment_digest": experiment.digest(),
        "points": {"rows": len(points), **described(content)},
        "part_runs": _part_runs(len(points) * experiment.replicates),
        "shard": list(shard),
        "parts": [],
    }
    return manifest, content


def note_on(manifest: Mapping[str, Any], language: str = "en") -> str:
    """Say how the program or the data that made a store differ from those at hand; empty if not."""
    here = {"version": program_version(), "data_digest": data_digest()}
    differ = [name for name in here if manifest[name] != here[name]]
    sentences = (Words(language).say(f"results.other_{name}", made=manifest[name], here=here[name]) for name in differ)
    return "\n".join(sentences)


def in_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as its file has it."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _part_runs(runs: int) -> int:
    """Return the runs of a part, a power of two that depends on the experiment alone."""
    least = -(-runs // _PARTS)
    return min(max(1 << (least - 1).bit_length(), FEWEST_RUNS), MOST_RUNS)
