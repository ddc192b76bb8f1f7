"""From a scenario to what the engine reads: labels stop here."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foresight.actions import ACTIONS, DOMAINS, FIRST_YEAR, GROUPS, LAST_YEAR, SUBREGIONS
from foresight.arrays import Floats, Integers, Mask, Rungs
from foresight.engine import inputs
from foresight.engine.draws import posterior_draws, seed_key
from foresight.engine.rules import pledge_log_hazard_base
from foresight.facts.bodies import memberships
from foresight.facts.members import base_capacity, fiscal_capacity, group_members, member_table
from foresight.facts.parameters import levers as declared_levers
from foresight.runs import POSTERIOR, Runs
from foresight.scenario.design import checked_design
from foresight.scenario.factors import PHASES, Factor, factors
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import EVERYBODY, GATES, Event, Table

_YEARS = np.arange(FIRST_YEAR, LAST_YEAR)  # the year a step starts in

Design = Mapping[str, npt.ArrayLike]


def build(scenario: Scenario, design: Design | None = None, runs: Runs | None = None) -> inputs.Inputs:
    """Return the inputs of a run, or of a whole design of runs.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    design : mapping of str to array, optional
        Factors that differ between runs, by name: one value a run, in place of the scenario's. What follows from
        them (the ridge of the pledge hazard, a lever left at the uncertain value) follows run by run; coalitions
        keep the efforts of their own.
    runs : Runs, optional
        Of these, each takes its draw of the posterior if that is where their effects come from: the members' own
        effects and the estimated uncertainties, all moved by as much as the scenario or the design sets them away
        from their declared default, see `posterior.moved`. Without runs all effects are anonymous.

    Returns
    -------
    Inputs
        Members in the order of `scenario.members()`; run axes have length 1, or the number of runs. Bodies none
        of whose members takes part are kept, with size 0, so that their positions are those of `memberships()`.

    Raises
    ------
    InputError
        If the design names nothing that can vary, or a value is out of range.
    """
    checked = checked_design(design or {})
    values, effects = _taken(scenario, checked, runs)
    table = scenario.members()
    weight = scenario.uncertainties.action_weights
    return inputs.Inputs(
        uncertainties=_uncertainties(values),
        levers=_levers(scenario, checked),
        members=_members(scenario, table),
        events=_events(scenario.events, table),
        action_weights=np.full((len(DOMAINS), len(ACTIONS)), weight),
        structure=_structure(scenario),
        member_effects=effects,
    )


def with_design(built: inputs.Inputs, scenario: Scenario, design: Design, runs: Runs | None = None) -> inputs.Inputs:
    """Return a scenario's inputs of another design and runs, as `build` gives them; facts are not looked up again."""
    checked = checked_design(design)
    values, effects = _taken(scenario, checked, runs)
    levers = _levers(scenario, checked)
    return dataclasses.replace(built, uncertainties=_uncertainties(values), levers=levers, member_effects=effects)


def with_levers(built: inputs.Inputs, scenario: Scenario) -> inputs.Inputs:
    """Return inputs with the levers and coalitions of a scenario that is like theirs in everything else."""
    everybody = np.zeros(len(built.members.code), np.int64)
    groups = _groups(scenario, scenario.members()) if scenario.coalitions else everybody
    return dataclasses.replace(built, levers=lever_values(scenario), members=built.members._replace(group=groups))


def lever_values(scenario: Scenario) -> inputs.Levers:
    """Return the levers of a scenario as numbers.

    Parameters
    ----------
    scenario : Scenario
        A lever it does not set has its default, or the value of the uncertainty it replaces.
    """
    return _levers(scenario, {})


def _levers(scenario: Scenario, design: Mapping[str, Floats]) -> inputs.Levers:
    """Return the levers of a scenario, with what a design has of them and of the uncertainties they replace."""
    values = {**_plain(scenario), **design}
    chosen = {name: factors()[name] for name in design}
    levers = {}
    for name in inputs.Levers._fields:
        own = {key: factor for key, factor in chosen.items() if factor.parameter.name == name}
        levers[name] = _varied(_lever(scenario, name, values), scenario, own, design)
    return inputs.Levers(**levers)


def _lever(scenario: Scenario, name: str, values: Mapping[str, Floats]) -> Floats:
    """Return one lever, the run axis last."""
    declared, value = declared_levers()[name], getattr(scenario.levers, name)
    if declared.by_action:
        value = [_efforts(value, value), *(_efforts(getattr(c, name), value) for c in scenario.coalitions)]
    elif value is None:
        return values[str(declared.replaces)]
    return np.array(value, np.float64)[..., np.newaxis]


def _varied(lever: Floats, scenario: Scenario, own: Mapping[str, Factor], design: Mapping[str, Floats]) -> Floats:
    """Put the values of a design, run by run, in place of those of a lever."""
    for name, factor in own.items():
        placed = factor.parameter.by_phase
        lever = np.where(_reaches(factor, scenario), design[name], lever) if placed else design[name]
    return lever


def _reaches(factor: Factor, scenario: Scenario) -> Mask:
    """Mark the places of a lever that a factor sets, [..., phase, 1]; a coalition's own efforts are none."""
    phases: Mask = np.array([factor.phase in (None, phase) for phase in PHASES])[:, np.newaxis]
    if not factor.parameter.by_action:
        return phases
    own = (getattr(coalition, factor.parameter.name) for coalition in scenario.coalitions)
    common = [[True] * len(ACTIONS), *([getattr(table, action) is None for action in ACTIONS] for table in own)]
    named = [factor.action in (None, action) for action in ACTIONS]
    reached: Mask = (np.array(common) & named)[:, :, np.newaxis, np.newaxis] & phases
    return reached


def _efforts(own: Table, common: Table) -> list[Any]:
    """Return the effort on each action, the common one where a coalition has none of its own."""
    return [getattr(own, action) or getattr(common, action) for action in ACTIONS]


def _plain(scenario: Scenario) -> dict[str, Floats]:
    """Return the uncertainties of a scenario, run axis 1."""
    return {name: np.array([value], np.float64) for name, value in scenario.uncertainties.model_dump().items()}


def _taken(scenario: Scenario, design: Mapping[str, Floats], runs: Runs | None) -> tuple[dict[str, Floats], Floats]:
    """Return the uncertainties of runs, and the effects of members float64[member, run]."""
    values = {**_plain(scenario), **design}
    if runs is None or runs.effects != POSTERIOR:
        return values, inputs.drawn_effects()
    from foresight.facts.posterior import ESTIMATED, moved, posterior  # late: pyarrow takes a moment

    draws = posterior_draws(np.asarray(runs.replicates, np.uint32), posterior().size, *seed_key(runs.seed))
    estimated, effects = moved(draws, {name: values[name] for name in ESTIMATED}, scenario.members().index.tolist())
    return {**values, **estimated}, effects


def _uncertainties(values: Mapping[str, Floats]) -> inputs.Uncertainties:
    effects, offsets = np.broadcast_arrays(values["peer_effect"], values["pledge_offset"])
    base = [pledge_log_hazard_base(*pair) for pair in zip(effects, offsets, strict=True)]
    known = {**values, "pledge_log_hazard_base": np.array(base)}
    return inputs.Uncertainties(**{name: known[name] for name in inputs.Uncertainties._fields})


def _structure(scenario: Scenario) -> inputs.Structure:
    chosen = scenario.structure
    return inputs.Structure(gate=int(GATES[chosen.gate]), gate_from=chosen.gate_from, levers_from=chosen.levers_from)


def _members(scenario: Scenario, table: pd.DataFrame) -> inputs.Members:
    offset, index, size = _circles(table)
    ldc, assisted, income, capacity = _facts(scenario, table)
    return inputs.Members(
        code=table["iso_num"].to_numpy(np.uint32),
        subregion=table["subregion"].map(SUBREGIONS.index).to_numpy(np.int64),
        group=_groups(scenario, table),
        ldc=ldc,
        assisted=assisted,
        income=income,
        base_capacity=capacity,
        body_offset=offset,
        body_index=index,
        body_size=size,
    )


def _groups(scenario: Scenario, table: pd.DataFrame) -> Integers:
    """Return the effort group of each member."""
    groups = np.zeros(len(table), np.int64)
    for number, coalition in enumerate(scenario.coalitions, start=1):
        groups[table.index.isin(list(coalition.codes))] = number
    return groups


def _circles(table: pd.DataFrame) -> tuple[Integers, Integers, Integers]:
    """Return who is in which body, as offsets, positions of bodies, and sizes within the run."""
    belongs = _belonging(tuple(table.index))
    offset = np.concatenate([[0], np.cumsum(belongs.sum(axis=1))]).astype(np.int64)
    return offset, np.nonzero(belongs)[1].astype(np.int64), belongs.sum(axis=0).astype(np.int64)


@cache
def _belonging(codes: tuple[str, ...]) -> Mask:
    """Mark who is in which body, [member, body]."""
    return _shared(np.array([[code in members for code in codes] for members in memberships().values()]).T)


def _facts(scenario: Scenario, table: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats]:
    """Return ldc, assisted, income and base capacity as [step, member], changed facts from their year on."""
    facts = np.repeat(_facts_before(tuple(table.index))[np.newaxis], len(_YEARS), axis=0)  # [step, member, fact]
    for code, change in scenario.facts.items():
        if code in table.index:
            since = change.since or scenario.structure.levers_from
            row: dict[Any, Any] = {**table.loc[code].to_dict(), **change.changes}
            facts[since <= _YEARS, table.index.get_loc(code)] = _numbers(row)
    ldc, assisted, income, capacity = np.ascontiguousarray(np.moveaxis(facts, -1, 0))
    return ldc, assisted, income, capacity


@cache
def _facts_before(codes: tuple[str, ...]) -> Floats:
    """Return the facts of members that no scenario has changed, [member, fact]."""
    return _shared(np.array([_numbers(row) for row in member_table().loc[list(codes)].to_dict("records")]))


def _shared(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Let nobody write into an array that all builds read."""
    array.flags.writeable = False
    return array


def _numbers(row: Mapping[Any, Any]) -> tuple[float, float, float, float]:
    """Turn the facts of a member into ldc, assisted, income and base capacity."""
    group = row["income_group"]
    return (
        float(row["ldc"]),
        float(row["ldc"] or row["lldc"] or row["sids"]),
        fiscal_capacity(group, row["ldc"]),
        base_capacity(row["government_effectiveness"], group),
    )


def _events(events: tuple[Event, ...], table: pd.DataFrame) -> inputs.Events:
    """Resolve events to steps and members; several of one year add up, and multiply on resources."""
    shape = (len(_YEARS), len(table))
    kept, trust, capacity = np.ones(shape), np.zeros(shape), np.zeros(shape)
    pledged, delivered = np.zeros((2, *shape, len(ACTIONS)), np.int8)
    for event in events:
        at = event.year - FIRST_YEAR, _reached(event, table)
        kept[at] *= 1 - event.resources_lost
        trust[at] += event.trust
        capacity[at] += event.capacity
        pledged[at] += _rungs(event.pledged)
        delivered[at] += _rungs(event.delivered)
    return inputs.Events(kept, trust, capacity, pledged, delivered)


def _reached(event: Event, table: pd.DataFrame) -> Mask:
    """Mark the members in the scope of an event."""
    if event.scope == EVERYBODY:
        return np.ones(len(table), np.bool_)
    if event.scope in (*SUBREGIONS, *GROUPS):
        return group_members(str(event.scope), table)
    codes = memberships()[event.scope] if isinstance(event.scope, str) else event.scope
    return np.asarray(table.index.isin(list(codes)))


def _rungs(changes: Table) -> Rungs:
    return np.array([getattr(changes, action) for action in ACTIONS], np.int8)
