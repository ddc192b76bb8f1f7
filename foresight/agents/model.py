"""The Mesa model: one object a member, on the same rules as the ensemble engine.

Made to be read, stepped through and inspected; the engine gives the same integers many times faster. No
equation stands here: a formula is a call of `rules`, and luck comes from `draws` at the engine's addresses.
"""
# mypy: disable-error-code="no-any-return"

from collections.abc import Iterable
from pathlib import Path
from secrets import randbits
from typing import Any, Final

import mesa
import numpy as np

from foresight.actions import ACCOUNTABILITY
from foresight.agents.circles import Circles, total
from foresight.agents.member import MemberState as MemberState
from foresight.agents.record import collector
from foresight.agents.world import World
from foresight.arguments import LARGEST_SEED, MOST_REPLICATES, check_name, check_whole
from foresight.engine import draws, rules
from foresight.engine.inputs import Gate, Inputs
from foresight.errors import InputError, Problem, listed, nearest
from foresight.runs import DRAWN, EFFECTS, Effects, Runs
from foresight.scenario.building import build
from foresight.scenario.loading import scenario_of
from foresight.scenario.scenario import Scenario

#: Bits of a seed that is drawn where none is given: few enough for every table and spreadsheet to keep it whole.
_SEED_BITS: Final = 48

_ARGUMENTS: Final = ("scenario", "rng", "seed", "replicate", "effects")


class ForesightModel(mesa.Model):  # type: ignore[misc]  # Mesa has no types
    """The members of ESCAP on the way to 2040, one year a step.

    A year, in the order of the loop::

        begin_year             levers, facts and events; what everybody shows
        open_gates      (1)    the rung on offer in each subregion
        finance         (2)    needs, contributions, grants
        compare         (3)    what near and far peers have pledged
        agents.decide   (4)    pledge
                        (5)    deliver
                        (6)    lapse and exit
                        (7)    clock of each unmet pledge
                        (8)    capacity
                        (9)    trust
                        (10)   environment
        agents.commit          everything decided is written at once

    In the last year a further step only ends the run, so that `mesa.batch_run`, which before Mesa 3.5 reports
    the state before its last step, reports that year.

    Parameters
    ----------
    scenario : Scenario, str, Path or Inputs
        A scenario, its name or file; or what the engine reads, run axes of length 1.
    rng : int or None
        Seed, 0 to 2**64 - 1. Mesa's own generators start from it too, but no rule draws from them. None draws
        one, which the model keeps and its tables show.
    replicate : int
        Replicate number, 0 to 2**32 - 1: replicate 7 is replicate 7 of the ensemble engine.
    effects : "drawn" or "posterior"
        As for `simulate`; `Inputs` say themselves.
    **kwargs
        ``seed``, the other name of ``rng``. It is not among the names that `mesa.batch_run` finds, as from Mesa 3.5
        on that would write its own ``rng=None`` over the seeds that it is given.

    Raises
    ------
    InputError
        If the scenario cannot be used, an argument is out of its range, or both ``rng`` and ``seed`` are given.

    Attributes
    ----------
    seed : int, given or drawn: with it the run can be made again
    year : int, of the present state
    fund : float, units
    coverage : float, 0..1, share of last year's gap that the fund covered
    world : World, all that members and circles see of it
    subregions : dict of Subregion by name; `region` and `bodies` are the other `Peers`
    """

    def __init__(
        self,
        scenario: Scenario | str | Path | Inputs = "historical-pace",
        rng: int | None = None,
        replicate: int = 0,
        effects: Effects = DRAWN,
        **kwargs: Any,
    ) -> None:
        _check_names(kwargs)
        self.seed = _seed(rng, **kwargs)
        check_whole("replicate", replicate, 0, MOST_REPLICATES - 1)
        check_name("effects", effects, EFFECTS)
        super().__init__(rng=self.seed)
        runs = Runs(effects, self.seed, [int(replicate)])
        self.inputs = _inputs(scenario, runs)
        self.world = World(self.inputs, runs)
        circles = Circles.of(self.world)
        self.region, self.subregions, self.bodies = circles.region, circles.subregions, circles.bodies
        self.structure, start = self.inputs.structure, self.inputs.start
        self.year = self.structure.first_year
        self.fund: float = start.fund or 0.0
        usual = self.world.uncertainties.reference_coverage
        self.coverage: float = usual if start.coverage is None else start.coverage
        count = len(self.inputs.members.code)
        MemberState.create_agents(self, count, position=list(range(count)), world=self.world, circles=circles)
        self.datacollector = collector()
        self.datacollector.collect(self)

    def step(self) -> None:
        """Advance one year; in the last year, end the run."""
        if self.year == self.structure.last_year:
            self.running = False
            return
        self.begin_year()
        self.open_gates()
        fund, coverage = self.finance()
        self.compare()
        self.agents.do("decide")
        self.agents.do("commit")
        self.year, self.fund, self.coverage = self.year + 1, fund, coverage
        self.datacollector.collect(self)

    def begin_year(self) -> None:
        """Read the levers, let members read their facts and meet events, and count what they show."""
        step, events = self.year - self.structure.first_year, self.inputs.events
        self.world.begin_year(self.year, self.coverage)
        shifts = events.trust, events.capacity, events.pledged, events.delivered
        self.agents.do("begin_year", step, any(shift[step].any() for shift in shifts))
        bodies = self.bodies if self.world.uncertainties.body_weight else []
        for peers in (self.region, *self.subregions.values(), *bodies):
            peers.observe()

    def open_gates(self) -> None:
        """Raise the rung on offer where a gate opens (sub-step 1)."""
        chosen = self.year >= self.structure.gate_from
        gate = self.structure.gate if chosen else Gate.INFRASTRUCTURE
        first = self.year == self.structure.first_year
        for place in self.subregions.values():
            place.open_gate(gate, rules.phase(self.year), self.world.uncertainties.gate_delivery, first)

    def compare(self) -> None:
        """Let subregions see what their peers have pledged and how that pulls (sub-steps 3 and 4)."""
        for place in self.subregions.values():
            place.compare(self.region)
            place.attract(self.world.uncertainties)

    def finance(self) -> tuple[float, float]:
        """Fill and spend the fund; return what it holds and covers at the end of the year (sub-step 2)."""
        for place in self.subregions.values():
            word = self.world.words(place.address, np.uint64(draws.CRISIS))[0]
            place.crisis = float(draws.strikes(word, self.world.uncertainties.crisis_probability))
        self.agents.do("assess")
        fund = self.agents.agg("contribution", total) + (self.fund + self._inflow())
        self.agents.do("receive", fund, self.agents.agg("weight", total))
        granted, gap = self.agents.agg("grant", total), self.agents.agg("gap", total)
        return rules.next_fund(fund, granted), rules.next_coverage(self.coverage, granted, gap)

    def _inflow(self) -> float:
        u, count = self.world.uncertainties, len(self.agents)
        accountability = total(member.effects[ACCOUNTABILITY] for member in self.agents)
        support = u.external_support, self.policy.support_multiplier, count, u.external_support_growth
        catalysis = u.accountability_catalysis, rules.share(accountability, float(count))
        return rules.external_inflow(*support, self.year, *catalysis)

    @property
    def scenario(self) -> None:
        """Nothing: what Mesa 3.5 keeps here, its visualization hands to the next model in place of our scenario."""

    @scenario.setter
    def scenario(self, _: Any) -> None: ...

    @property
    def policy(self) -> Any:
        """Levers as they act in the year of the last step, without phase and run axes."""
        return self.world.policy

    @property
    def offer(self) -> dict[str, int]:
        """Rung on offer by subregion."""
        return {name: place.offer for name, place in self.subregions.items()}

    @property
    def mean_delivered(self) -> float:
        """Mean rung delivered, 0..4, over members and actions."""
        return float(np.mean(self.agents.get("delivered")))

    @property
    def pledged_share(self) -> float:
        """Share of members and actions with a pledge, 0..1."""
        return float(np.mean(np.array(self.agents.get("pledged")) > 0))

    @property
    def mean_trust(self) -> float:
        """Mean trust, 0..1."""
        return float(np.mean(self.agents.get("trust")))


def _check_names(names: Iterable[str]) -> None:
    """Refuse arguments that there are not."""
    if unknown := [name for name in names if name not in _ARGUMENTS]:
        allowed = listed(_ARGUMENTS)
        raise InputError([Problem("Python", n, "unknown_option", "", allowed, nearest(n, _ARGUMENTS)) for n in unknown])


def _seed(rng: int | None, seed: int | None = None) -> int:
    """Return the seed that is given under one of its names, or one that is drawn."""
    given = {name: value for name, value in (("rng", rng), ("seed", seed)) if value is not None}
    if len(given) > 1:
        raise InputError([Problem("Python", "seed", "also_set", details={"other": "rng"})])
    name, value = next(iter(given.items()), ("rng", randbits(_SEED_BITS)))
    check_whole(name, value, 0, LARGEST_SEED)
    return int(value)


def _inputs(scenario: Scenario | str | Path | Inputs, run: Runs) -> Inputs:
    """Return what the engine reads, of one run."""
    if not isinstance(scenario, Inputs):
        return build(scenario_of(scenario), runs=run)
    runs = max(part.shape[-1] for part in (*scenario.uncertainties, *scenario.levers, scenario.member_effects))
    if runs > 1:
        raise InputError([Problem("Python", "scenario", "one_run", str(runs), "1")])
    return scenario
