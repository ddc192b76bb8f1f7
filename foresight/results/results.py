"""Results: what a run computed, with labels and with where it came from.

The arrays stay as the engine lays them out, runs last; the dataset shows them transposed, without a copy.
"""

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

import numpy as np
import xarray as xr

from foresight.arguments import check_name
from foresight.engine.inputs import Inputs
from foresight.engine.summary import summarised
from foresight.errors import InputError, Problem, listed, shortened, shown
from foresight.facts.scopes import SCOPES, listed_scopes, scope_masks
from foresight.facts.tables import data_digest
from foresight.files import written_whole
from foresight.results.datasets import history_of, result_digest, series_dataset
from foresight.runs import DRAWN, NAME, Effects, Runs
from foresight.scenario.building import build
from foresight.scenario.loading import validated
from foresight.scenario.scenario import Scenario
from foresight.texts import Words, languages
from foresight.version import program_version

Keep = Literal["members", "summary"]

#: What a saved file adds to the attributes, so that the scenario can be had back.
_SCENARIO: Final = "scenario_toml"
_BASES: Final = "scenario_extends"

_COMPRESSION: Final = {"zlib": True, "complevel": 1, "shuffle": True}


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
        bases = "\n".join(self.scenario.extends)
        attributes = {_SCENARIO: self.scenario.to_toml(), _BASES: bases}
        encoding = dict.fromkeys(self.dataset.data_vars, _COMPRESSION)
        described = self.dataset.assign_attrs(attributes)
        content = described.to_netcdf(engine="h5netcdf", encoding=encoding)  # HDF5 crashes where a disk is full
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
    """Read results that `Results.save` wrote; `Results.note` tells of another version.

    Raises
    ------
    InputError
        If the file cannot be read or holds no results.
    """
    dataset = _read(path)
    words, bases = dataset.attrs.pop(_SCENARIO), dataset.attrs.pop(_BASES)
    dataset.attrs = {NAME: DRAWN, **{name: _plain(value) for name, value in dataset.attrs.items()}}
    if result_digest(dataset) != dataset.attrs["result_digest"]:
        raise InputError([Problem(str(path), "", "altered")])
    scenario = validated({**tomllib.loads(words), "extends": tuple(bases.splitlines())}, str(path))
    runs = Runs(dataset.attrs[NAME], dataset.attrs["seed"], dataset["replicate"].values)
    return Results(dataset, scenario, build(scenario, runs=runs))


def _read(path: str | Path) -> xr.Dataset:
    """Read a file of results; InputError if it is none."""
    if not isinstance(path, str | os.PathLike):
        raise InputError([Problem("Python", "path", "not_a_path", shown(path))])
    try:
        dataset = xr.load_dataset(path, engine="h5netcdf")
    except FileNotFoundError:
        raise InputError([Problem(str(path), "", "no_such_file")]) from None
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "no_results", shortened(str(error)))]) from None
    if not {_SCENARIO, _BASES, "result_digest", "version", "data_digest"} <= dataset.attrs.keys():
        raise InputError([Problem(str(path), "", "no_results")])
    return dataset


def _plain(value: object) -> object:
    """Turn an attribute read from a file into what it was."""
    return value.item() if isinstance(value, np.generic) else value
