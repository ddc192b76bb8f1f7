"""What treaty records tell of the members and of the model's estimated numbers: draws of a posterior distribution.

A file of Parquet has a row for each draw and single-precision columns: the parameters by their names, and ``u_`` with
the iso3 code for the own effect of each member that has records. Its metadata say how it was made.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foresight.arrays import Floats, Integers
from foresight.errors import InputError, Problem, listed, shortened
from foresight.facts.members import member_table
from foresight.facts.parameters import uncertainties
from foresight.files import written_whole

#: Uncertainties that a run takes from its draw.
ESTIMATED: Final = (
    *("peer_effect", "pledge_offset", "ldc_penalty", "sd_member", "sd_action", "sd_subregion_action"),
    "opening_year",
)

#: Those that are standard deviations.
_SPREADS: Final = ("sd_member", "sd_action", "sd_subregion_action")

#: Where the shipped draws are.
FILE: Final = "posterior.parquet"

#: What columns of the own effects of members begin with, before the iso3.
OWN_EFFECT: Final = "u_"

_FACTS: Final = b"foresight"


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of a posterior distribution, all equally likely.

    Parameters
    ----------
    parameters : Mapping[str, float64[draw]]
        `ESTIMATED` by name. They may lie outside the declared ranges, which are for what people set.
    codes : tuple of str
        iso3 of the members that have records.
    member_effects : float64[draw, member]
        Their own effects u, in the order of `codes`; NaN where the records tell nothing.
    facts : Mapping
        How the draws were made: method, digest of the records, diagnostics, seed, version.
    """

    parameters: Mapping[str, Floats]
    codes: tuple[str, ...]
    member_effects: Floats
    facts: Mapping[str, Any]

    @property
    def size(self) -> int:
        """Number of draws."""
        return len(self.member_effects)

    def effects_of(self, members: Sequence[str], taken: Any) -> Floats:
        """Return effects of members in some draws, float64[member, run]; NaN for members that have no records.

        Parameters
        ----------
        members : sequence of str
            iso3.
        taken : int64[run]
            The draw that each run takes.
        """
        place = {code: at for at, code in enumerate(self.codes)}
        effects = np.full((len(members), len(taken)), np.nan)
        for row, code in zip(effects, members, strict=True):
            if code in place:
                row[:] = self.member_effects[taken, place[code]]
        return effects


def moved(taken: Integers, settings: Mapping[str, Floats], members: Sequence[str]) -> tuple[dict[str, Floats], Floats]:
    """Return what runs take from the shipped draws where somebody has chosen values.

    A chosen value moves the middle of the draws by its difference from the declared default, so that a value near
    the default makes a run near that of the default. No spread falls below 0. The own effects of members stretch with
    their spread.

    Parameters
    ----------
    taken : int64[run]
        The draw that each run takes.
    settings : mapping of str to float64[run or 1]
        By name, for some or all of `ESTIMATED`, ``sd_member`` among them; the default where nobody has chosen.
    members : sequence of str
        iso3.

    Returns
    -------
    dict of str to float64[run], float64[member, run]
        The numbers by name; and effects, NaN for members that have no records.
    """
    draws, values = posterior(), {}
    for name, value in settings.items():
        away = value - float(uncertainties()[name].default or 0.0)
        middle = draws.parameters[name][taken] + away
        values[name] = np.maximum(middle, 0.0) if name in _SPREADS else middle
    stretch = values["sd_member"] / draws.parameters["sd_member"][taken]
    return values, draws.effects_of(members, taken) * stretch


@cache
def posterior() -> Posterior:
    """Return the draws that ship with the program, read once."""
    with as_file(files("foresight.data").joinpath(FILE)) as path:
        return read_posterior(path)


def read_posterior(path: str | Path) -> Posterior:
    """Read draws that `write_posterior` wrote.

    Raises
    ------
    InputError
        If the file cannot be read or holds no draws.
    """
    try:
        table = pq.ParquetFile(path).read()  # `read_table` brings data sets of many files, for one
        facts = json.loads((table.schema.metadata or {})[_FACTS])
    except FileNotFoundError:
        raise InputError([Problem(str(path), "", "no_such_file")]) from None
    except (KeyError, OSError, ValueError) as error:  # pyarrow's own errors are kinds of these
        raise InputError([Problem(str(path), "", "no_posterior", shortened(str(error)))]) from None
    codes = tuple(name.removeprefix(OWN_EFFECT) for name in table.column_names if name.startswith(OWN_EFFECT))
    if problems := list(_problems(table, codes, str(path))):
        raise InputError(problems)
    parameters = {name: _kept(_column(table, name)) for name in ESTIMATED}
    effects = np.column_stack([np.empty((table.num_rows, 0)), *(_column(table, OWN_EFFECT + code) for code in codes)])
    return Posterior(MappingProxyType(parameters), codes, _kept(effects), MappingProxyType(facts))


def write_posterior(posterior: Posterior, path: str | Path) -> None:
    """Write draws to a file, which appears whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be put there.
    """
    effects = zip(posterior.codes, posterior.member_effects.T, strict=True)
    columns = {**posterior.parameters, **{OWN_EFFECT + code: row for code, row in effects}}
    table = pa.table({name: np.asarray(values, np.float32) for name, values in columns.items()})
    facts = json.dumps(dict(posterior.facts), sort_keys=True, ensure_ascii=False).encode()
    with written_whole(path) as written:
        pq.write_table(table.replace_schema_metadata({_FACTS: facts}), written, compression="zstd")


def _problems(table: pa.Table, codes: Sequence[str], file: str) -> Iterator[Problem]:
    """Find what a table of draws lacks, and what it has that no draw can have."""
    if missing := [name for name in ESTIMATED if name not in table.column_names]:
        yield Problem(file, "", "no_posterior", listed(missing), listed(ESTIMATED))
        return
    if not table.num_rows or not all(np.isfinite(_column(table, name)).all() for name in ESTIMATED):
        yield Problem(file, "", "no_posterior", listed(ESTIMATED))
    if strange := sorted(set(codes) - set(member_table().index)):
        yield Problem(file, "", "no_posterior", listed(strange))


def _column(table: pa.Table, name: str) -> Floats:
    """Return a column, NaN where it is empty."""
    return np.asarray(table[name].to_numpy(), np.float64)


def _kept(values: Floats) -> Floats:
    """Return an array that nobody can write to: all runs read the same."""
    values.flags.writeable = False
    return values
