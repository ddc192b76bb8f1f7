"""Results: what a run computed, with labels and with where it came from.

The arrays stay as the engine lays them out, runs last; the dataset shows them transposed, without a copy.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import xarray as xr

from foresight.arguments import check_name, runs_from
from foresight.engine.inputs import Inputs
from foresight.engine.summary import summarised
from foresight.errors import InputError, Problem, listed, shortened
from foresight.facts.scopes import SCOPES, listed_scopes, scope_masks
from foresight.facts.tables import data_digest
from foresight.files import written_whole
from foresight.results.datasets import (
    MEMBERS,
    SERIES,
    history_of,
    labelled,
    member_axes,
    result_digest,
    series_axes,
    series_dataset,
)
from foresight.results.netcdf import CONVENTIONS, arrays_of_file, netcdf_bytes, read_netcdf
from foresight.runs import DRAWN, NAME, Effects
from foresight.scenario.building import build
from foresight.scenario.loading import validated
from foresight.scenario.scenario import Scenario
from foresight.texts import Words, languages
from foresight.version import DISTRIBUTION, program_version

Keep = Literal["members", "summary"]

#: What a saved file adds to the attributes, so that the scenario can be had back.
_SCENARIO: Final = "scenario_toml"
_BASES: Final = "scenario_extends"

_NEEDED: Final = {_SCENARIO, _BASES, "keep", "seed", "replicates", "result_digest", "version", "data_digest"}
_OF_FILES: Final = {_SCENARIO, _BASES, "title", "history", *CONVENTIONS}


@dataclass(frozen=True, eq=False)
class Results:
    """What a scenario came to.

    Parameters
    ----------
    dataset : xarray.Dataset
        With keep="members" states and flows, [replicate, year, member, ...]; with
        keep="summary" series of scopes, [replicate, year, scope, ...]. Attributes say where it came from.
        The states of a year (pledges, deliveries, offers, trust, capacity, condition, fund) are those at its
        start; its flows (need, own, gap, grant, contribution, and coverage) are those of the year before. So what
        the step of year t opens is on offer in the state of t + 1.
    scenario : Scenario
        What was run.
    inputs : Inputs
        The same, as the engine read it.
    """

    dataset: xr.Dataset
    scenario: Scenario
    inputs: Inputs = field(repr=False)

    @property
    def keep(self) -> Keep:
        """What was kept: the history of every member, or series of scopes."""
        return "members" if "pledged" in self.dataset else "summary"

    @property
    def effects(self) -> Effects:
        """Where the effects of members come from."""
        effects: Effects = self.dataset.attrs[NAME]
        return effects

    @property
    def replicates(self) -> int:
        """Number of runs."""
        return self.dataset.sizes["replicate"]

    @cached_property
    def summary(self) -> xr.Dataset:
        """Series of the region, its subregions and groups in special situations, `SCOPES`."""
        return self.dataset if self.keep == "summary" else self._series(SCOPES)

    def series(self, scopes: str | Sequence[str] = SCOPES) -> xr.Dataset:
        """Return counts, means and sums over sets of members, for every run.

        Parameters
        ----------
        scopes : str or sequence of str
            "region", subregions, LDC, LLDC, SIDS, REST, bodies or iso3 of members; one named twice is
            taken once. Who is an LDC, LLDC or SIDS is as the member table has it, in all years; a graduation in a
            scenario moves nobody.

        Returns
        -------
        xarray.Dataset
            ``pledged_count``, ``delivered_count`` [replicate, year, scope, action, rung] and
            ``overdue_count`` [replicate, year, scope, action]: members; ``trust``, ``capacity``,
            ``condition`` and ``heading`` (by domain): means; ``need``, ``own``, ``gap``, ``grant`` and
            ``contribution``: sums; and the region's ``offer``, ``fund`` and ``coverage``.

        Raises
        ------
        InputError
            If no scope is named, or there is no such scope, or results of keep="summary" do not have it.
        """
        chosen = listed_scopes(scopes)
        if chosen == SCOPES:
            return self.summary
        return self._chosen(chosen) if self.keep == "summary" else self._series(chosen)

    def note(self, language: str = "en") -> str:
        """Say how the program or the data that made these results differ from those at hand; empty if not.

        Raises
        ------
        InputError
            If there are no texts in the language.
        """
        check_name("language", language, languages())
        words = Words(language)
        made, here = self.dataset.attrs, {"version": program_version(), "data_digest": data_digest()}
        differ = [name for name in here if made[name] != here[name]]
        said = (words.say(f"results.other_{name}", made=made[name], here=here[name]) for name in differ)
        return "\n".join(said)

    def save(self, path: str | Path) -> None:
        """Write everything to a netCDF file, which appears whole or not at all.

        Parameters
        ----------
        path : str or Path
            The file; one of that name is replaced.
        """
        attributes = {
            "title": self.scenario.title.en,
            "history": f"{DISTRIBUTION} {program_version()}",
            **{str(name): str(value) for name, value in self.dataset.attrs.items()},
            _SCENARIO: self.scenario.to_toml(),
            _BASES: "\n".join(self.scenario.extends),
        }
        content = netcdf_bytes(self.dataset, attributes)
        with written_whole(path) as written:
            written.write_bytes(content)

    def _series(self, scopes: Sequence[str]) -> xr.Dataset:
        masks = scope_masks(scopes, self.scenario.members())
        history = history_of(self.dataset, self.inputs)
        attributes = {**self.dataset.attrs, "keep": "summary"}
        del attributes["result_digest"]  # it is that of the history
        tally, numbers = summarised(self.inputs, masks, history), self.dataset["replicate"].values
        return series_dataset(tally, scopes, self.inputs, numbers, attributes)

    def _chosen(self, scopes: Sequence[str]) -> xr.Dataset:
        scope_masks(scopes, self.scenario.members())
        absent = [scope for scope in scopes if scope not in SCOPES]
        if absent:
            raise InputError([Problem("Python", "scope", "needs_members", listed(absent), listed(SCOPES))])
        chosen = self.dataset.sel(scope=list(scopes))
        chosen.attrs = {name: value for name, value in chosen.attrs.items() if name != "result_digest"}  # of all scopes
        return chosen


def load_results(path: str | Path) -> Results:
    """Read results that `Results.save` wrote, also of older formats; `Results.note` tells of another version.

    Raises
    ------
    InputError
        If the file cannot be read, holds no results, or only a part of what was saved.
    """
    file = read_netcdf(path)
    if not file.attrs.keys() >= _NEEDED:
        raise InputError([Problem(str(path), "", "no_results")])
    scenario, attributes = _header(file.attrs, str(path))
    runs = runs_from(attributes["replicates"], attributes["seed"], attributes[NAME])
    inputs = build(scenario, runs=runs)
    kind, axes = _axes(attributes["keep"], scenario, inputs, runs.replicates)
    dataset = labelled(arrays_of_file(file, kind, axes, path), kind, axes, attributes)
    if result_digest(dataset) != attributes["result_digest"]:
        raise InputError([Problem(str(path), "", "altered")])
    return Results(dataset, scenario, inputs)


def _header(attributes: Mapping[str, str], path: str) -> tuple[Scenario, dict[str, Any]]:
    """Return the scenario that a file is of and the attributes of its dataset; InputError if they make no sense."""
    kept = {NAME: DRAWN, **{name: text for name, text in attributes.items() if name not in _OF_FILES}}
    try:
        numbers = {name: int(kept[name]) for name in ("seed", "replicates")}
        settings = tomllib.loads(attributes[_SCENARIO])
    except ValueError as error:
        raise InputError([Problem(path, "", "no_results", shortened(str(error)))]) from None
    scenario = validated({**settings, "extends": tuple(attributes[_BASES].splitlines())}, path)
    return scenario, {**kept, **numbers}


def _axes(
    keep: str, scenario: Scenario, inputs: Inputs, numbers: Iterable[int]
) -> tuple[Mapping[str, tuple[str, ...]], dict[str, xr.Variable]]:
    """Return the variables of a dataset, and its coordinates."""
    if keep == "members":
        return MEMBERS, member_axes(scenario, inputs, numbers)
    sizes = np.sum(scope_masks(SCOPES, scenario.members()), axis=1)
    return SERIES, series_axes(SCOPES, sizes, inputs, numbers)
