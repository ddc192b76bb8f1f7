"""Categories: rules of a run that an experiment varies by name and not by number."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Final

import numpy as np
from pydantic import Field, create_model

from foresight.arrays import Floats
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import GATES, TAKING_PART, Table, one_of

#: Values that a category may have, by the path of the setting in a scenario.
CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    "structure.gate": tuple(GATES),
    "structure.members": TAKING_PART,
}

_TABLE: Final = "structure"


def categories_table() -> Any:
    """Make the table of an experiment with an entry for every category."""
    kinds = {path.removeprefix(f"{_TABLE}."): _choice(names) for path, names in CATEGORIES.items()}
    fields: dict[str, Any] = {name: (kind | None, None) for name, kind in kinds.items()}
    return create_model("Varied_structure", __base__=Table, **fields)


def _choice(names: Sequence[str]) -> Any:
    """Make the entry of one category: its values, each as often."""
    value = Annotated[str, one_of("unknown_name", partial(tuple, names))]
    return create_model("Choice", __base__=Table, values=(Annotated[tuple[value, ...], Field(min_length=1)], ...))


def at_places(values: Sequence[str], unit: Floats) -> Any:
    """Return the values of a category at places of the unit interval, each an equal part of it."""
    return np.array(values, object)[np.minimum((unit * len(values)).astype(int), len(values) - 1)]


def variant(scenario: Scenario, chosen: Mapping[str, str]) -> Scenario:
    """Return a scenario with the values of categories, by path."""
    own = {path.removeprefix(f"{_TABLE}."): value for path, value in chosen.items()}
    return scenario.model_copy(update={_TABLE: scenario.structure.model_copy(update=own)})
