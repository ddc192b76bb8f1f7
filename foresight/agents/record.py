"""What Mesa keeps of every year of a run."""
# mypy: disable-error-code="no-any-return"

from functools import partial
from typing import Any, Final

import mesa

from foresight.actions import SUBREGIONS


class Times(list[float]):
    """Times of the states that were kept; who asks for every n-th gets the last one too.

    `mesa.batch_run` asks like that from Mesa 3.5 on, and would leave out the last year unless n divides the years.
    """

    def __getitem__(self, which: Any) -> Any:
        found = super().__getitem__(which)
        every = isinstance(which, slice) and which.step
        return [*found, self[-1]] if every and self and self[-1] not in found else found


def collector() -> mesa.DataCollector:
    """Return what collects the states of a model, one a year."""
    made = mesa.DataCollector(_OF_THE_MODEL, _OF_MEMBERS)
    made._collection_steps = Times()
    return made


def _offer_in(model: Any, subregion: str) -> int:
    return model.subregions[subregion].offer


_OF_THE_MODEL: Final = {
    **{name: name for name in ("year", "mean_delivered", "pledged_share", "mean_trust", "coverage", "fund")},
    **{f"offer_{name}": partial(_offer_in, subregion=name) for name in SUBREGIONS},
    "seed": "seed",
}
_OF_MEMBERS: Final = {
    **{name: name for name in ("iso3", "trust", "capacity")},
    "pledged": lambda member: tuple(member.pledged),
    "delivered": lambda member: tuple(member.delivered),
}
