"""Runs for the screen: the newest setting as fast as the cores allow, for everybody who looks.

What levers do begins in the year from which they act. A bench keeps the years before it, so that moving a lever runs
the years after it alone; the result is the same, bit for bit.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, NamedTuple

from foresight.engine.ensemble import cores, new_history, new_tally, simulate_blocks
from foresight.engine.inputs import Inputs
from foresight.engine.readiness import Readiness
from foresight.engine.state import History, Luck, new_luck
from foresight.engine.tally import Tally
from foresight.facts.scopes import SCOPES, scope_masks
from foresight.results.results import Keep, Results
from foresight.results.simulation import before_levers, simulate
from foresight.scenario.building import build, with_levers
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Levers

from .cache import Cache
from .setting import Setting
from .weight import usual

#: Series that pictures are drawn from: no others are computed.
PICTURED: Final = (
    *("delivered_count", "pledged_count", "overdue_count"),
    *("trust", "condition", "heading", "need", "gap", "grant"),
)

#: How many things are kept of each kind: benches, of about 30 MB for 200 replicates, pictures of about 120 kB, whole
#: results of about 20 MB for pages that look closer, answers to questions, what was found in experiments, and runs of
#: workshops, of about 700 kB, and what delegations did there.
NUMBERS: Final = {
    "bench": 8,
    "picture": 128,
    "results": 12,
    "split": 32,
    "ways": 32,
    "trust": 1,
    "looked": 48,
    "room": 64,
    "deeds": 32,
}

#: Seconds for which what nobody uses is kept once a visitor has left, who may have been the one who used it.
UNUSED: Final = 60.0


class Bench(NamedTuple):
    """What is written on anew by each run of settings whose levers alone differ."""

    inputs: Inputs
    history: History
    tally: Tally
    luck: Luck


class Run(NamedTuple):
    """A run that has just been made; the next run writes over its arrays."""

    setting: Setting
    inputs: Inputs
    history: History
    tally: Tally


Draw = Callable[[Run], Any]


class Live:
    """The engine as all sessions of a server share it.

    There is a seat for each core. One who comes alone takes all of them; while others wait each takes one, which
    serves many people better than all cores for one after the other. Nobody waits for a seat while the engine is being
    compiled: what would be run is refused with `NotReadyError`.

    Parameters
    ----------
    readiness : Readiness, optional
        Of the engine; by default it is taken to be ready.
    """

    def __init__(self, readiness: Readiness | None = None) -> None:
        self.readiness = readiness or Readiness()
        self._free, self._waiting = list(range(cores())), 0
        self._seats = threading.Condition()
        self._helpers = ThreadPoolExecutor(cores(), "engine")
        self.kept = Cache(usual(), NUMBERS)

    def picture(self, setting: Setting, name: Hashable, draw: Draw) -> Any:
        """Return what `draw` makes of a run of the setting, known by `name`; made once while it is remembered."""

        def make() -> Any:
            self.readiness.check()
            with self._seated() as seats:
                return draw(self._run(setting, seats))

        return self.kept.get(("picture", *setting.key, name), make)

    def results(self, setting: Setting, keep: Keep = "summary") -> Results:
        """Return the results of a setting, made on one core so that pictures go on.

        What they say of themselves is what this setting says: numbers may be known already from one of another title.
        """
        luck = (setting.replicates, setting.seed, keep)

        def make() -> Results:
            self.readiness.check()
            return simulate(setting.scenario, *luck, effects=setting.effects, threads=1)

        key = ("results", *setting.key, setting.scenario.id, keep)
        results: Results = self.kept.get(key, make)
        same = results.scenario == setting.scenario
        return results if same else replace(results, scenario=setting.scenario)

    @contextmanager
    def _seated(self) -> Iterator[list[int]]:
        """Wait for a seat, and take those that nobody wants."""
        with self._seats:
            self._waiting += 1
            self._seats.wait_for(lambda: self._free)
            self._waiting -= 1
            seats = self._free[: max(1, len(self._free) - self._waiting)]
            self._free = self._free[len(seats) :]
        try:
            yield seats
        finally:
            with self._seats:
                self._free = sorted(self._free + seats)
                self._seats.notify(len(seats))

    def _run(self, setting: Setting, seats: list[int]) -> Run:
        """Run on as many cores as there are seats, at a bench of the first of them."""
        past_of = _digest_before_levers(setting.scenario)
        key = ("bench", past_of, setting.seed, setting.replicates, setting.effects, seats[0])
        old: Bench | None = self.kept.take(key)  # put back when it has been written in whole
        bench = old or _bench(setting)
        inputs = with_levers(bench.inputs, setting.scenario)
        past = None if old is None else before_levers(bench.history, inputs)
        written = simulate_blocks(
            *(inputs, setting.runs),
            whole=bench.history,
            tally=bench.tally,
            luck=bench.luck,
            past=past,
            threads=len(seats),
            helpers=self._helpers,
        )
        deque(written, maxlen=0)
        self.kept.put(key, bench)
        return Run(setting, inputs, bench.history, bench.tally)


def _bench(setting: Setting) -> Bench:
    inputs, masks = build(setting.scenario, runs=setting.runs), scope_masks(SCOPES, setting.scenario.members())
    runs = setting.replicates
    members = len(inputs.members.code)
    return Bench(inputs, new_history(inputs, runs), new_tally(inputs, masks, runs, PICTURED), new_luck(members, runs))


def _digest_before_levers(scenario: Scenario) -> str:
    """Return a digest of everything that acts before the levers do."""
    return scenario.model_copy(update={"levers": Levers(), "coalitions": ()}).digest()


#: The engine of this process.
LIVE: Final = Live()
