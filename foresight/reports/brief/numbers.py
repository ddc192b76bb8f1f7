"""What a brief rests on: runs of scenarios, what they have apart, and how far that would hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from foresight.actions import ACTIONS, FIRST_YEAR, LAST_YEAR, RUNGS
from foresight.analysis.unknowns import Unknowns, one_at_a_time, own_numbers, unknowns
from foresight.analysis.watch import signs
from foresight.arrays import Floats
from foresight.errors import InputError, Problem
from foresight.facts.members import REGION
from foresight.facts.names import written
from foresight.facts.parameters import uncertainties
from foresight.facts.scopes import SCOPES
from foresight.results.attribution import explain
from foresight.results.bands import BAND
from foresight.results.comparison import Comparison, mean_and_reach
from foresight.results.intervals import CONFIDENCE
from foresight.results.left_behind import REST, SPECIAL, left_behind
from foresight.results.metrics import contributors
from foresight.results.obstacles import obstacles
from foresight.results.outcomes import ALL_ACTIONS, means_of, outcome_table, outcome_values
from foresight.results.pathway import completed
from foresight.results.results import Results
from foresight.runs import Progress
from foresight.scenario.efforts import effort_points
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Event
from foresight.texts import Words

#: What is told of each scope.
DELIVERED: Final = "mean_delivered"
TOLD: Final = (DELIVERED, "overdue_share", "trust")

#: The year by which something can be watched, and what is: what somebody counts, so no trust.
WATCH_YEAR: Final = 2030
WATCHED: Final = (
    DELIVERED,
    *(f"{DELIVERED}.{action}" for action in ACTIONS),
    f"{DELIVERED}.LDC",
    "pledged_share.rung_1",
    "pledged_share.rung_2",
    "overdue_share",
    "coverage",
)

#: Steps between the goals that a run may be held to, and the share of all runs that reach the one that is taken.
_GOALS: Final = np.arange(0.5, RUNGS + 0.5, 0.5)
_REACHED: Final = 0.1

#: Numbers that all briefs have.
_CONSTANTS: Final = {
    "last_year": LAST_YEAR,
    "watch_year": WATCH_YEAR,
    "rungs": RUNGS,
    "actions": len(ACTIONS),
    "band": BAND["p90"] - BAND["p10"],
    "confidence": CONFIDENCE,
}


#: What things of scenarios are called in a language, by what files call them.
Names = Callable[[Words], Mapping[str, str]]


def as_in_files(_words: Words) -> Mapping[str, str]:
    """Return nothing: all is called as in files."""
    return {}


@dataclass(frozen=True, eq=False)
class Grounds:
    """All numbers of a brief.

    Parameters
    ----------
    results : tuple of Results
        Two or more; the first is what the others are compared with.
    members : tuple of str
        Of whom the brief tells apart, the first of them first.
    title : str
        What was asked for, such as the title of a workshop; may be empty.
    tables : Mapping[str, pandas.DataFrame]
        Every number, by the name of its table.
    names : callable
        Returns what is called otherwise in a language than in files, by what files call it.
    """

    results: tuple[Results, ...]
    members: tuple[str, ...]
    title: str
    tables: Mapping[str, pd.DataFrame]
    names: Names = as_in_files

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """What was run, by id; the base first."""
        return {one.scenario.id: one.scenario for one in self.results}

    @property
    def base(self) -> str:
        """The scenario that the others are compared with."""
        return next(iter(self.scenarios))

    @property
    def others(self) -> list[str]:
        """All others, those that deliver most first."""
        table = self.tables["difference"]
        rows = table[(table["other"] == self.base) & (table["scope"] == REGION)]
        return list(rows.sort_values("mean", ascending=False)["scenario"])

    @property
    def best(self) -> str:
        """The other scenario that delivers most."""
        return self.others[0]


def gathered(
    results: Sequence[Results],
    members: Sequence[str] = (),
    title: str = "",
    names: Names = as_in_files,
    progress: Progress | None = None,
) -> Grounds:
    """Work out all numbers of a brief.

    Parameters
    ----------
    results : sequence of Results
        With keep="members", of the same luck; the first is what the others are compared with.
    members : sequence of str
        iso3 of members that take part in all of them.
    title : str
    names : callable, optional
        As for `Grounds`.
    progress : callable, optional
        Called with the steps done and those to do.

    Raises
    ------
    InputError
        If results cannot be compared, or a member does not take part.
    """
    several, own = tuple(results), tuple(members)
    comparison = Comparison(several)
    _check_members(several, own)
    seed = int(several[0].dataset.attrs["seed"])
    steps: list[Callable[[], Mapping[str, pd.DataFrame]]] = [
        partial(_outcomes, several, own),
        partial(_apart, several, own),
        partial(_done, several, own),
        *(partial(_actions, several[0], one) for one in several[1:]),
        partial(_unknown, [one.scenario for one in several], seed),
        partial(_settings, comparison),
    ]
    parts: dict[str, list[pd.DataFrame]] = {}
    for done, step in enumerate(steps, start=1):
        for name, table in step().items():
            parts.setdefault(name, []).append(table)
        if progress is not None:
            progress(done, len(steps))
    tables = {name: pd.concat(some, ignore_index=True) for name, some in parts.items()}
    return Grounds(several, own, title, tables, names)


def _check_members(results: Sequence[Results], members: Sequence[str]) -> None:
    """Refuse members that do not take part in all scenarios."""
    taking_part = set.intersection(*({*one.scenario.codes()} for one in results))
    problems = [Problem("Python", "members", "takes_no_part", code) for code in members if code not in taking_part]
    if problems:
        raise InputError(problems)


def _of_each(results: Sequence[Results], made: Callable[[Results], pd.DataFrame]) -> pd.DataFrame:
    """Return a table of each scenario, one below the other."""
    parts = []
    for one in results:
        table = made(one)
        table.insert(0, "scenario", one.scenario.id)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _outcomes(results: Sequence[Results], members: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the bands of outcomes: of the region in all years, of other scopes in the last."""
    scopes = (*SCOPES, *members)
    tables = {name: _of_each(results, lambda own: outcome_table(own.series(scopes), name)) for name in TOLD}  # noqa: B023
    return {name: table[(table["scope"] == REGION) | (table["year"] == LAST_YEAR)] for name, table in tables.items()}


def _last_year(table: pd.DataFrame) -> pd.DataFrame:
    last: pd.DataFrame = table[table["year"] == table["year"].max()]
    return last


def _done(results: Sequence[Results], members: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return what is told of whole runs, and of members."""
    tables = {
        "completed": _of_each(results, completed),
        "left_behind": _last_year(_of_each(results, left_behind)),
        "made": _of_each(results, _made),
        "constants": pd.DataFrame([{**_CONSTANTS, "scenarios": len(results)}]),
    }
    if members:
        tables["means"] = _of_each(results, lambda own: _means(own, members))
        tables["flows"] = _of_each(results, lambda own: contributors(own, members))
        tables["obstacles"] = _last_year(_of_each(results, lambda own: obstacles(own, members)))
    return tables


def _means(results: Results, members: Sequence[str]) -> pd.DataFrame:
    """Return what is told of single members in the last year, each a mean over the runs."""
    series, last = results.series(members), {"year": LAST_YEAR, "action": ALL_ACTIONS}
    ends = {name: means_of(series, name).sel(last).to_numpy() for name in TOLD if name != "trust"}
    return pd.DataFrame({"scope": members, **ends})


def _made(results: Results) -> pd.DataFrame:
    """Return what a scenario asks for, and how often it was run."""
    row = {
        "effort_points": effort_points(results.scenario),
        "runs": results.replicates,
        "seed": int(results.dataset.attrs["seed"]),
        "members": len(results.scenario.codes()),
    }
    return pd.DataFrame([row])


def _apart(results: Sequence[Results], members: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return how far scenarios lie apart in the last year, run by run, each pair once."""
    scopes = (*SCOPES, *members)
    values = {one.scenario.id: _in_the_end(one, scopes) for one in results}
    differences, gaps = [], []
    for other, own in combinations(values, 2):
        difference = values[own] - values[other]
        differences.append(_mean_of(difference, {"scenario": own, "other": other}, scopes))
        gap = difference[:, [scopes.index(group) for group in SPECIAL]] - difference[:, [scopes.index(REST)]]
        gaps.append(_mean_of(gap, {"scenario": own, "other": other}, SPECIAL))
    return {"difference": pd.concat(differences), "gap": pd.concat(gaps)}


def _in_the_end(results: Results, scopes: Sequence[str]) -> Floats:
    """Return steps delivered in the last year, float64[run, scope]."""
    found = outcome_values(results.series(scopes), DELIVERED)
    return np.asarray(found.sel(year=LAST_YEAR, action=ALL_ACTIONS).transpose("replicate", "scope"), np.float64)


def _mean_of(values: Floats, labels: Mapping[str, str], scopes: Sequence[str]) -> pd.DataFrame:
    mean, reach = mean_and_reach(values, np.full(values.shape[1], len(values)))
    return pd.DataFrame({**labels, "scope": scopes, "mean": mean, "low": mean - reach, "high": mean + reach})


def _actions(base: Results, other: Results) -> dict[str, pd.DataFrame]:
    """Return what each action did of the difference from the base."""
    seed = int(base.dataset.attrs["seed"])
    table = explain(base.scenario, other.scenario, base.replicates, seed, outcomes=[DELIVERED], effects=base.effects)
    table.insert(0, "scenario", other.scenario.id)
    return {"actions": table}


# What nobody knows -----------------------------------------------------------------------------------------------


def _unknown(scenarios: Sequence[Scenario], seed: int) -> dict[str, pd.DataFrame]:
    """Return bands of chance and ignorance, who stays ahead, what would turn that, and what to watch.

    What a path sets is what is asked about, so it is held in all of them.
    """
    held = own_numbers(scenarios)
    runs = {scenario.id: unknowns(scenario, WATCHED, seed, held) for scenario in scenarios}
    ends = {scenario.id: one_at_a_time(scenario, DELIVERED, LAST_YEAR, seed, held) for scenario in scenarios}
    base, *others = ends
    usual = {name: float(own.chance[0, -1].mean()) for name, own in runs.items()}
    goal, watched = _watched(list(runs.values()))
    return {
        "surety": pd.concat([_bands(name, own) for name, own in runs.items()]),
        "ahead": pd.DataFrame(_ahead(runs)),
        "turning": pd.concat([_turning(own, base, ends, usual[own] - usual[base]) for own in others]),
        "goal": goal,
        "watch": watched,
    }


def _ahead(runs: Mapping[str, Unknowns]) -> Iterator[dict[str, object]]:
    """Yield in which share of the draws of unknown numbers a scenario delivers more than another."""
    means = {name: own.everything[0, -1].mean(axis=-1) for name, own in runs.items()}
    for other, own in combinations(means, 2):
        share = float((means[own] > means[other]).mean())
        yield {"scenario": own, "other": other, "points": len(means[own]), "share": share}


def _bands(scenario: str, found: Unknowns) -> pd.DataFrame:
    """Return where eight runs in ten end by chance alone, where means over luck do, and where all runs do."""
    everything = found.everything[0, -1]
    varied = {"chance": found.chance[0, -1], "ignorance": everything.mean(axis=-1), "everything": everything.ravel()}
    quantiles = ({name: float(np.quantile(values, at)) for name, at in BAND.items()} for values in varied.values())
    rows = [{"scenario": scenario, "varied": name, **band} for name, band in zip(varied, quantiles, strict=True)]
    return pd.DataFrame(rows)


def _turning(scenario: str, base: str, ends: Mapping[str, pd.DataFrame], usual: float) -> pd.DataFrame:
    """Return the usual lead over the base, and that with one number at either end of its range.

    Ends have few runs, and so are told by what they change in those: the first row is where nothing is moved.
    """
    leads = ends[scenario]["outcome"] - ends[base]["outcome"]
    moved = ends[scenario][["parameter", "place", "at"]]
    return moved.assign(scenario=scenario, other=base, lead=usual + leads - leads.iloc[0])


def _watched(found: Sequence[Unknowns]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the goal that runs are held to, and what tells early who meets it; nothing where hardly any run does."""
    every = np.stack([own.everything for own in found], axis=2)  # [series, year, scenario, point, run]
    last = every[0, -1]
    level = max((level for level in _GOALS if (last >= level).mean() >= _REACHED), default=_GOALS[0])
    arrived = last >= level
    goal = pd.DataFrame([{"level": level, "runs": last.size, "share": float(arrived.mean())}])
    early = {name: values.ravel() for name, values in zip(WATCHED, every[:, WATCH_YEAR - FIRST_YEAR], strict=True)}
    points = np.broadcast_to(np.arange(last.shape[1])[:, np.newaxis], last.shape)
    try:
        table = signs(pd.DataFrame(early), arrived.ravel(), points.ravel())
    except InputError:  # too few arrive, or too few do not
        return goal, pd.DataFrame()
    return goal, table[table["tells"]]


# What was asked --------------------------------------------------------------------------------------------------


def _settings(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return what scenarios set apart, their events, and the numbers that nobody knows as the first has them."""
    apart = comparison.settings().reset_index().melt("setting", var_name="scenario", value_name="given")
    own = comparison.results[0].scenario.uncertainties.model_dump()
    unknown = [
        {"parameter": name, "value": own[name], "low": parameter.low, "high": parameter.high}
        for name, parameter in uncertainties().items()
    ]
    events = [
        {"scenario": results.scenario.id, "event": event.name, "year": event.year, "does": _does(event)}
        for results in comparison.results
        for event in results.scenario.events
    ]
    return {
        "settings": apart.assign(value=apart["given"].map(written)),
        "parameters": pd.DataFrame(unknown),
        "events": pd.DataFrame(events, columns=["scenario", "event", "year", "does"]),
    }


def _does(event: Event) -> str:
    """Write what an event does as a file has it."""
    kept = event.model_dump(exclude_defaults=True, exclude={"name", "year", "scope", "tag", "source"})
    return "; ".join(f"{name} = {value}" for name, value in kept.items())
