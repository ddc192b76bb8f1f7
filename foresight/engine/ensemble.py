"""The ensemble engine: blocks of runs, several at a time, in bounded memory.

A block is simulated by compiled code that releases the interpreter's lock, so that threads use all cores. What
comes out does not depend on the number of threads or the width of a block.
"""

import logging
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from functools import cache, lru_cache, partial
from itertools import pairwise
from math import gcd, prod
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foresight.actions import ACTIONS, DOMAINS, RUNGS, SUBREGIONS
from foresight.arrays import Floats, Integers, Mask
from foresight.engine.compiled import COMPILES, is_warm
from foresight.engine.draws import seed_key
from foresight.engine.inputs import Circle, Events, Inputs, Levers, Members, Structure
from foresight.engine.kernel import Archive, new_room, simulate_block
from foresight.engine.state import FLOWS, History, Luck, Setup, U, When, new_luck
from foresight.engine.tally import Scopes, Series, Tally
from foresight.runs import Runs

#: Runs a block: wide enough for vector instructions, small enough for a year to stay in a core's cache.
BLOCK: Final = 256

#: Runs that vector instructions take together: blocks of a multiple of them leave no rest.
_LANES: Final = 16

#: Types of the rules of a run, as compiled code takes them.
_STRUCTURE: Final = tuple(type(value) for value in Structure())

#: Series that have no scope.
_OF_REGION: Final = ("offer", "fund", "coverage")

_log = logging.getLogger("foresight")


class Past(NamedTuple):
    """Years that are known already, so that a run need not start from the first.

    What a run does until the year at `step` must be the same: the same rules, luck, uncertainties, events and facts,
    and levers that act later.
    """

    history: History  # of all runs, known up to the year at `step`
    step: int  # position of that year


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def simulate_blocks(
    inputs: Inputs,
    runs: Runs,
    *,
    whole: History | None = None,
    tally: Tally | None = None,
    luck: Luck | None = None,
    past: Past | None = None,
    threads: int | None = None,
    helpers: Executor | None = None,
    block: int = BLOCK,
) -> Iterator[slice]:
    """Simulate blocks of runs in parallel, and yield the place of each as it is done, in order.

    What is wanted is written into `whole`, the history of all members, and into `tally`, the series of scopes; a
    block itself needs room for two years, whatever the number of runs. Given a past, only the years after it are
    simulated and written. `luck`, the draws that last a whole run, is then read, else written. The runs are those
    that the inputs were made for, so that effects and luck have one seed; runs of equal replicate number share their
    luck. `block`, runs a block, changes nothing but the speed: only the tests that say so give another. `helpers` are
    threads that wait for parts; without them new ones are started, which have the priority of who starts them.

    Raises
    ------
    ValueError
        If a run axis of the inputs has another length than 1 or the number of runs.
    """
    numbers = np.asarray(runs.replicates, np.uint32)
    _check_design(inputs, len(numbers))
    threads = threads or cores()
    announce_compilation()
    archive = Archive(
        start=0,
        whole=whole or new_history(inputs, 0),
        tally=tally or new_tally(inputs, [], 0),
        luck=luck or new_luck(len(inputs.members.code), 0),
    )
    first = When(*seed_key(runs.seed), numbers, past.step if past else 0, inputs.structure.first_year)
    work = partial(_run_block, inputs, first, archive, past)
    parts = list(split(len(numbers), block, threads))
    if threads == 1 or len(parts) < 2:
        yield from map(work, parts)
    else:
        yield from _at_once(work, parts, threads) if helpers is None else _side_by_side(work, parts, helpers)


def _side_by_side(work: Callable[[slice], slice], parts: Sequence[slice], helpers: Executor) -> Iterator[slice]:
    """Do parts at once, one of them here, and start no thread for the others: one that waits is there sooner."""
    others = [helpers.submit(work, part) for part in parts[1:]]
    try:
        yield work(parts[0])
    finally:
        wait(others)
    for other in others:
        yield other.result()


def _at_once(work: Callable[[slice], slice], parts: Iterable[slice], threads: int) -> Iterator[slice]:
    """Do several parts at once, and yield them as they are done, in order."""
    pending: deque[Future[slice]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for part in parts:
                pending.append(pool.submit(work, part))
                if len(pending) > 2 * threads:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _check_design(inputs: Inputs, runs: int) -> None:
    """Refuse inputs that have values for another number of runs."""
    lengths = {part.shape[-1] for part in (*inputs.uncertainties, *inputs.levers, inputs.member_effects)}
    if strange := sorted(lengths - {1, runs}):
        raise ValueError(f"inputs: given values for {strange} runs; allowed 1 or {runs}")


def split(runs: int, block: int, threads: int) -> Iterator[slice]:
    """Cut runs into blocks of nearly equal width, so that the threads finish together."""
    width = gcd(block, _LANES)
    lanes, blocks = -(-runs // width), -(-runs // block)
    blocks = min(-(-blocks // threads) * threads, lanes)
    edges = [min(lanes * k // max(blocks, 1) * width, runs) for k in range(blocks + 1)]
    return (slice(start, stop) for start, stop in pairwise(edges))


@cache
def announce_compilation() -> None:
    """Say once that the first call takes longer, when it will."""
    if COMPILES and not simulate_block.signatures and not is_warm():  # type: ignore[attr-defined]
        _log.warning("Compiling the engine, once for this version: about half a minute.")


def new_history(inputs: Inputs, runs: int, years: int | None = None) -> History:
    """Make an empty history for a number of runs, of all years by default, with the distinct domains only."""
    years, members = years or len(inputs.years), len(inputs.members.code)
    cells, people = (years, members, len(ACTIONS), runs), (years, members, runs)
    domains = len(distinct_domains(inputs)[0])
    return History(
        pledged=np.empty(cells, np.int8),
        delivered=np.empty(cells, np.int8),
        waiting=np.empty(cells, np.int16),
        offer=np.empty((years, len(SUBREGIONS), runs), np.int8),
        trust=np.empty(people),
        capacity=np.empty(people),
        condition=np.empty((years, members, domains, runs)),
        fund=np.empty((years, runs)),
        coverage=np.empty((years, runs)),
        need=np.empty(people),
        own=np.empty(people),
        grant=np.empty(people),
        contribution=np.empty(people),
    )


def _new_ring(inputs: Inputs, runs: int) -> History:
    """Make room for two years that take turns, and for the flows of one: the next year does not read them."""
    ring = new_history(inputs, runs, years=2)
    return ring._replace(**{name: getattr(ring, name)[:1] for name in FLOWS})


def new_tally(inputs: Inputs, masks: Sequence[Mask], runs: int, wanted: Collection[str] = Series._fields) -> Tally:
    """Make empty series for scopes, bool[member] each, and a number of runs.

    Of the series of scopes, those that are not wanted have room for no run; those of the region are always there.
    """
    belongs = np.array(masks, bool).reshape(len(masks), len(inputs.members.code)).T  # [member, scope]
    sets, which = np.unique(belongs, axis=0, return_inverse=True)  # [set, scope], [member]
    scopes = Scopes(
        order=np.argsort(which.ravel(), kind="stable"),
        stop=_stops(np.bincount(which.ravel(), minlength=len(sets))),
        offset=_stops(sets.sum(axis=1)),
        entry=np.nonzero(sets)[1],
        size=belongs.sum(axis=0).astype(np.float64),
    )
    return Tally(Scopes(*map(solid, scopes)), _new_series(inputs, len(masks), runs, {*wanted, *_OF_REGION}))


def _stops(lengths: Integers) -> Integers:
    """Return where parts of these lengths begin, and where the last ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _new_series(inputs: Inputs, scopes: int, runs: int, wanted: Collection[str]) -> Series:
    """Make empty series for a number of scopes and runs."""
    years, domains = len(inputs.years), len(distinct_domains(inputs)[0])
    cells, means = (years, scopes, len(ACTIONS)), (years, scopes)
    shapes = {
        **dict.fromkeys(("pledged_count", "delivered_count"), (*cells, RUNGS)),
        "overdue_count": cells,
        **dict.fromkeys(("trust", "capacity", "need", "own", "gap", "grant", "contribution"), means),
        **dict.fromkeys(("condition", "heading"), (years, domains, scopes)),
        "offer": (years, len(SUBREGIONS)),
        **dict.fromkeys(("fund", "coverage"), (years,)),
    }
    taken = {name: (*shape, runs if name in wanted else 0) for name, shape in shapes.items()}
    counts = {name: taken.pop(name) for name in shapes if name.endswith("_count")}
    offer = np.empty(taken.pop("offer"), np.int8)
    return Series(**_in_one_block(counts, np.int16), **_in_one_block(taken, np.float64), offer=offer)


def _in_one_block(shapes: Mapping[str, tuple[int, ...]], kind: type) -> dict[str, npt.NDArray[Any]]:
    """Make empty arrays in one block of memory: how rows allocated apart happen to lie makes the speed vary."""
    stops = np.cumsum([prod(shape) for shape in shapes.values()])
    parts = np.split(np.empty(stops[-1], kind), stops[:-1])
    return {name: part.reshape(shape) for part, (name, shape) in zip(parts, shapes.items(), strict=True)}


def distinct_domains(inputs: Inputs) -> tuple[Floats, Integers]:
    """Return the domains that differ in weights or start, as rows of weights, and each domain's row."""
    weights, start = inputs.action_weights, inputs.start.condition
    described = np.asarray(weights if start is None else np.hstack([weights, start.T]), np.float64)
    first, index = _distinct_rows(described.tobytes(), described.shape[1])
    return np.ascontiguousarray(weights[first]), index


@lru_cache(maxsize=32)
def _distinct_rows(table: bytes, width: int) -> tuple[Integers, Integers]:
    """Return where each distinct row of numbers stands first, and which of these every row is; known for a while."""
    rows = np.frombuffer(table).reshape(-1, width)
    _, first, index = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    index = index.reshape(-1)
    index.flags.writeable = False
    return first, index


def every_domain(values: npt.NDArray[Any], inputs: Inputs, axis: int) -> npt.NDArray[Any]:
    """Give each domain its own place, sharing memory where all are the same."""
    index = distinct_domains(inputs)[1]
    if values.shape[axis] > 1:
        return np.take(values, index, axis)
    shape = (*values.shape[:axis], len(DOMAINS), *values.shape[axis + 1 :])
    return np.broadcast_to(values, shape)


def uncertainty_table(inputs: Inputs, part: slice, width: int) -> Floats:
    """Return the uncertainties of a block as rows, float64[uncertainty, run]."""
    table = np.empty((len(inputs.uncertainties), width))
    for row, values in zip(table, inputs.uncertainties, strict=True):
        row[:] = values if len(values) == 1 else values[part]
    return table


def fill_start(inputs: Inputs, table: Floats, history: History) -> None:
    """Write the state of the first year."""
    u = dict(zip(inputs.uncertainties._fields, table, strict=True))
    start = inputs.start
    _fill(history.pledged, start.pledged, 0)
    _fill(history.delivered, start.delivered, 0)
    _fill(history.waiting, start.waiting, 0)
    _fill(history.offer, start.offer, 1)
    _fill(history.trust, start.trust, u["initial_trust"])
    _fill(history.capacity, start.capacity, inputs.members.base_capacity[0][:, None])
    _, first = np.unique(distinct_domains(inputs)[1], return_index=True)
    _fill(
        history.condition,
        None if start.condition is None else start.condition[:, first],
        u["initial_condition"],
    )
    history.fund[0] = 0.0 if start.fund is None else start.fund
    history.coverage[0] = u["reference_coverage"] if start.coverage is None else start.coverage
    for name in FLOWS:
        getattr(history, name)[0] = 0.0


def _fill(states: npt.NDArray[Any], start: npt.NDArray[Any] | None, default: Any) -> None:
    """Write the first year of a state: that of a start, without run axis, or the default."""
    states[0] = default if start is None else np.asarray(start)[..., None]


def _run_block(inputs: Inputs, first: When, archive: Archive, past: Past | None, part: slice) -> slice:
    """Simulate one block."""
    width = part.stop - part.start
    ring = _new_ring(inputs, width)
    table = uncertainty_table(inputs, part, width)
    if past is None:
        fill_start(inputs, table, ring)
    else:
        _fill_from(past, part, ring)
    when = first._replace(replicate=first.replicate[part])
    setup = _setup(inputs, table, part, width)
    room = new_room(setup, archive.tally, width)
    simulate_block(when, table, _effects(inputs, part, width), setup, ring, room, archive._replace(start=part.start))
    return part


def _fill_from(past: Past, part: slice, ring: History) -> None:
    """Write the last year that is known of a block."""
    for name in History._fields:
        places = getattr(ring, name)
        places[past.step % len(places)] = getattr(past.history, name)[past.step, ..., part]


def _setup(inputs: Inputs, table: Floats, part: slice, width: int) -> Setup:
    """Return what the kernel reads of the inputs, for one block."""
    return Setup(
        members=Members(*map(solid, inputs.members)),
        levers=_widened(inputs.levers, part, width),
        events=Events(*map(solid, inputs.events)),
        weights=distinct_domains(inputs)[0],
        structure=Structure._make(kind(value) for kind, value in zip(_STRUCTURE, inputs.structure, strict=True)),
        circle=Circle(*map(solid, inputs.circle)),
        mixed=bool(table[U.body_weight].any()),
    )


def _effects(inputs: Inputs, part: slice, width: int) -> Floats:
    """Fill the axes of the member effects for one block."""
    effects = inputs.member_effects if inputs.member_effects.shape[-1] == 1 else inputs.member_effects[:, part]
    return solid(np.broadcast_to(effects, (len(inputs.members.code), width)))


def _widened(levers: Levers, part: slice, width: int) -> Levers:
    """Fill the run axis of the levers for one block."""
    own = (lever if lever.shape[-1] == 1 else lever[..., part] for lever in levers)
    return Levers(*(solid(np.broadcast_to(lever, (*lever.shape[:-1], width))) for lever in own))


def solid(array: Any) -> npt.NDArray[Any]:
    """Return an array in C order that could be written, the only kind the kernel is compiled for."""
    return np.require(array, requirements=["C", "W"])
