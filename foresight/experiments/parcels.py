"""A scenario on its way to another process: as text, and what is built from it there."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from foresight.arrays import Mask
from foresight.engine.inputs import Inputs
from foresight.facts.scopes import scope_masks
from foresight.results.series import series_called
from foresight.scenario.building import build
from foresight.scenario.loading import validated
from foresight.scenario.scenario import Scenario


class Unpacked(NamedTuple):
    """A scenario, its inputs, and the members of every scope that is asked for."""

    scenario: Scenario
    inputs: Inputs
    masks: Mapping[str, Mask]


def packed(scenario: Scenario) -> str:
    """Return a scenario as text that can be sent to another process."""
    return scenario.to_toml()


@lru_cache(maxsize=32)
def unpacked(words: str, outcomes: tuple[str, ...]) -> Unpacked:
    """Build what series are computed from; a process keeps it for the next time.

    Parameters
    ----------
    words : str
        As `packed` returns them.
    outcomes : tuple of str
        Names of series, see `series.series_called`.

    Raises
    ------
    InputError
        If there is no such series or scope.
    """
    scenario = validated(tomllib.loads(words), "Python")
    scopes = tuple(dict.fromkeys(series_called(name).scope for name in outcomes))
    masks = dict(zip(scopes, scope_masks(scopes, scenario.members()), strict=True))
    return Unpacked(scenario, build(scenario), masks)
