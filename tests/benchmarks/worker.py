"""Measures one build in a process of its own: this one, or another that lies in a folder.

Run as ``python -P worker.py [FOLDER]``. Each line that comes in names a measurement, such as ``members 116``, and is
answered by a line of JSON: the runs that were made, what they took, and what the whole process has taken so far. Names
of modules that have moved since stand in `MOVED`, and nowhere else.
"""

import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from inspect import signature
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from shutil import rmtree
from tempfile import mkdtemp
from threading import Thread
from typing import Any, Final

SCENARIO: Final = "historical-pace"

#: Runs of one measurement of each method: long enough to measure, short enough to take turns.
ENGINE_RUNS: Final = 1024
NUMPY_RUNS: Final = 200
MESA_RUNS: Final = 2
EMA_RUNS: Final = {"one": 40, "blocks": 4000}

#: Modules by what they are called here: as they are called today, and in builds before the wings.
MOVED: Final = {
    "building": ("foresight.scenario.building", "foresight.building"),
    "ema": ("foresight.experiments.ema", "foresight.workbench"),
    "engine": ("foresight.engine.ensemble", "foresight.engine"),
    "live": ("foresight_ui.runs.live", "foresight_ui.live"),
    "outcomes": ("foresight.results.outcomes", "foresight.outcomes"),
    "picture": ("foresight_ui.runs.picture", "foresight_ui.picture"),
    "runs": ("foresight.runs", "foresight.effects"),
    "scopes": ("foresight.facts.scopes", "foresight.scopes"),
    "setting": ("foresight_ui.runs.setting", "foresight_ui.setting"),
}

#: Packages of a checkout that do not lie where their names say.
PLACES: Final = {"foresight._scenarios": "scenarios", "foresight_ui": "ui"}


def serve() -> None:
    """Answer every line that comes in."""
    sys.modules["dask"] = None  # type: ignore[assignment]  # as where nobody asked for the extra "cluster"
    if len(sys.argv) > 1:
        _settle(Path(sys.argv[1]))
    asked: SimpleQueue[str] = SimpleQueue()
    Thread(target=_listen, args=(asked,), daemon=True).start()
    while True:
        name, *given = asked.get().split()
        print(json.dumps(_measured(partial(MEASURES[name], *given))), flush=True)


def _listen(asked: SimpleQueue[str]) -> None:
    """Pass on every line that comes in; when nobody is left to ask, end at once, whatever is being measured."""
    for line in sys.stdin:
        asked.put(line)
    os._exit(0)


def _settle(folder: Path) -> None:
    """Take the packages of a checkout instead of the installed ones, be they installed as a checkout themselves."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if "__editable__" not in finder.__module__]
    sys.path.insert(0, str(folder))
    for name, place in PLACES.items():
        root = folder / place
        found: Any = spec_from_file_location(name, root / "__init__.py", submodule_search_locations=[str(root)])
        sys.modules[name] = module_from_spec(found)
        found.loader.exec_module(sys.modules[name])


def _measured(work: Callable[[], int]) -> dict[str, float]:
    """Do some work, and return what it took; no runs where a library for them is missing."""
    cpu, wall = time.process_time(), time.perf_counter()
    runs = work()
    return {
        "runs": runs,
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "cpu_of_all": time.process_time(),
        "peak": _peak(),
    }


def _peak() -> float:
    """Return the most memory that the process has had, in MB."""
    import resource  # late: not on every system

    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def room(name: str) -> Any:
    """Return a module by what it is called here."""
    today, before = MOVED[name]
    try:
        return import_module(today)
    except ModuleNotFoundError:
        return import_module(before)


# The engine ---------------------------------------------------------------------------------------------------------


@cache
def _scenario() -> Any:
    return import_module("foresight").load_scenario(SCENARIO)


@cache
def _inputs() -> Any:
    return room("building").build(_scenario())


@cache
def _masks(scopes: int) -> list[Any]:
    """Return the members of so many scopes: those of every batch of runs first, then single members."""
    names = [*room("scopes").SCOPES, *_scenario().members().index][:scopes]
    return list(room("scopes").scope_masks(tuple(names), _scenario().members()))


@cache
def _reused(scopes: int, runs: int, copies: int = 1) -> Any:
    """Return series that are written again each time."""
    masks = [_repeated(mask, copies, axis=0) for mask in _masks(scopes)]
    return room("engine").new_tally(_crowd(copies), masks, runs)


def _simulate(tally: Any, runs: int, threads: int, copies: int = 1) -> int:
    """Simulate into series, or, without, keep nothing."""
    blocks, inputs = room("engine").simulate_blocks, _crowd(copies)
    named = {"tally": tally, "threads": threads}
    if "runs" in signature(blocks).parameters:
        deque(blocks(inputs, room("runs").Runs("drawn", 1, range(runs)), **named), 0)
    else:
        deque(blocks(inputs, 1, range(runs), **named), 0)
    return runs


def ten(threads: str) -> int:
    """Simulate on some cores and write the series of ten scopes into arrays that are there."""
    return _simulate(_reused(10, ENGINE_RUNS), ENGINE_RUNS, int(threads))


def nothing() -> int:
    """Simulate on one core and keep nothing."""
    return _simulate(None, ENGINE_RUNS, 1)


def scopes(number: str) -> int:
    """Simulate on one core with so many scopes."""
    return _simulate(_reused(int(number), ENGINE_RUNS), ENGINE_RUNS, 1)


def replicates(number: str) -> int:
    """Simulate so many runs on two cores with ten scopes."""
    return _simulate(_reused(10, int(number)), int(number), 2)


def members(copies: str) -> int:
    """Simulate on one core so many times the members, with ten scopes."""
    runs = ENGINE_RUNS // int(copies)
    return _simulate(_reused(10, runs, int(copies)), runs, 1, int(copies))


def _repeated(values: Any, copies: int, axis: int) -> Any:
    """Repeat values along an axis."""
    numpy = import_module("numpy")
    return numpy.concatenate([values] * copies, axis=axis)


@cache
def _crowd(copies: int) -> Any:
    """Return the inputs with the members repeated, each copy with luck of its own."""
    if copies == 1:
        return _inputs()
    replace, inputs = import_module("dataclasses").replace, _inputs()
    own = inputs.members
    last = own.body_offset[-1]
    facts = {name: _repeated(getattr(own, name), copies, 1) for name in ("ldc", "assisted", "income", "base_capacity")}
    several = own._replace(
        code=_repeated(own.code, copies, 0) + (1000 * (_each(copies, len(own.code)))).astype(own.code.dtype),
        subregion=_repeated(own.subregion, copies, 0),
        group=_repeated(own.group, copies, 0),
        body_offset=_repeated(own.body_offset[:-1], copies, 0) + last * _each(copies, len(own.code)),
        body_index=_repeated(own.body_index, copies, 0),
        body_size=own.body_size * copies,
        **facts,
    )
    several = several._replace(body_offset=import_module("numpy").append(several.body_offset, last * copies))
    events = type(inputs.events)(*(_repeated(values, copies, 1) for values in inputs.events))
    effects = _repeated(inputs.member_effects, copies, 0) if len(inputs.member_effects) > 1 else inputs.member_effects
    return replace(inputs, members=several, events=events, member_effects=effects)


def _each(copies: int, length: int) -> Any:
    """Return the number of the copy of every place."""
    numpy = import_module("numpy")
    return numpy.repeat(numpy.arange(copies), length)


# Yardsticks ---------------------------------------------------------------------------------------------------------


def numpy() -> int:
    """Simulate in plain NumPy."""
    import_module("foresight._benchmarks.numpy_model").simulate(_inputs(), 1, range(NUMPY_RUNS))
    return NUMPY_RUNS


def mesa() -> int:
    """Simulate in plain Mesa."""
    model = import_module("foresight").ForesightModel
    for replicate in range(MESA_RUNS):
        model(_inputs(), seed=1, replicate=replicate).run_model()
    return MESA_RUNS


# What people wait for -----------------------------------------------------------------------------------------------


def first() -> int:
    """Make the first run of a process."""
    import_module("foresight").simulate(SCENARIO, replicates=1)
    return 1


def bands(runs: str) -> int:
    """Simulate and find all bands of all outcomes."""
    results = import_module("foresight").simulate(SCENARIO, replicates=int(runs), keep="summary")
    room("outcomes").bands(results.summary)
    return 1


_NEW: Final = count(1)


def screen(field: str) -> int:
    """Draw what the first page shows of 200 replicates, with a value that nobody has chosen before."""
    setting = room("setting").first_setting().changed({field: 0.3 + next(_NEW) / 10_000})
    room("live").LIVE.picture(setting, "bench", room("picture").picture_of)
    return 1


def stream(runs: str) -> int:
    """Go through many runs and keep none."""
    deque(import_module("foresight").stream(SCENARIO, int(runs)), 0)
    return int(runs)


# Batches ------------------------------------------------------------------------------------------------------------

_EXPERIMENT: Final = """
id = "bench"
scenarios = ["{scenario}"]
replicates = 5
outcomes = ["mean_delivered", "trust", "overdue_share", "coverage", "baiji_heading", "completed"]
uncertainties = "all"
sampler = {{ method = "latin_hypercube", n = {points} }}
"""


def store(runs: str) -> int:
    """Run an experiment of five replicates a point into a store, on all cores."""
    foresight, folder = import_module("foresight"), Path(mkdtemp(prefix="foresight-bench-"))
    try:
        file = folder / "bench.toml"
        file.write_text(_EXPERIMENT.format(scenario=SCENARIO, points=int(runs) // 5), "utf-8")
        foresight.sweep(foresight.load_experiment(file), folder / "store")
    finally:
        rmtree(folder)
    return int(runs)


@cache
def _model() -> Any:
    return room("ema").ema_model(SCENARIO)


def ema(way: str) -> int:
    """Run experiments of EMA Workbench that vary every factor: one by one, or the fastest way there is."""
    if find_spec("ema_workbench") is None:
        return 0
    blocks = getattr(room("ema"), "ema_evaluator", None) if way == "fast" else None
    runs = EMA_RUNS["blocks" if blocks else "one"]
    with (blocks or import_module("ema_workbench").SequentialEvaluator)(_model()) as evaluator:
        evaluator.perform_experiments(runs, log_progress=True)
    return runs


MEASURES: Final[dict[str, Callable[..., int]]] = {
    work.__name__: work
    for work in (ten, nothing, scopes, replicates, members, numpy, mesa, first, bands, screen, stream, store, ema)
}


if __name__ == "__main__":
    serve()
