"""Confirming what a search found: new luck, and more effort where the luck of the search was good."""

import dataclasses
import math
from typing import Final, NamedTuple, Self

import numpy as np

from foresight.arguments import LARGEST_SEED
from foresight.arrays import Floats
from foresight.results.intervals import wilson_interval
from foresight.scenario.layering import assigned, nested
from foresight.scenario.loading import validated
from foresight.search.alternatives import Alternative
from foresight.search.descent import weigh, with_luck
from foresight.search.evaluation import Evaluation
from foresight.search.places import Bounds, Task

#: Standard errors of the confirming runs that a setting is to be above the share in the search, at each attempt to
#: confirm it: most pass the first. Few attempts, as every one is another chance to pass by luck.
MARGINS: Final = (1.25, 2.0, 3.0)

#: Replicates under which places are weighed before one is confirmed, for each that confirms.
_WEIGHING: Final = 2.5


class Trial(NamedTuple):
    """What has to be found, and how it is confirmed."""

    world: Evaluation
    task: Task
    share: float  # of replicates that have to reach the target
    replicates: int  # that confirm

    def passes(self, setting: Alternative) -> bool:
        """Say whether a setting reaches the share in the search and under new luck."""
        return min(setting.searched, setting.confirmed) >= self.share

    def with_luck(self, place: Floats) -> Self:
        """Return the trial whose search knows how lucky its replicates are, see `descent.with_luck`."""
        return self._replace(task=with_luck(self.task, place, self.weighing()))

    def weighing(self) -> int:
        """Return the number of replicates under which places are weighed."""
        return round(_WEIGHING * self.replicates)

    def without(self, place: Floats) -> Self:
        """Return the trial of places that are apart from one more."""
        return self._replace(task=dataclasses.replace(self.task, taken=(*self.task.taken, place)))

    def confirmed(self, box: Bounds, place: Floats) -> tuple[Floats, Alternative]:
        """Weigh a place, and run the cheapest one in its direction that should pass under new luck.

        One that fails is followed by a dearer one, which should pass by a larger margin, under newer luck.

        Parameters
        ----------
        box : Bounds
            Where it was found.
        place : float64[lever]
            What a search found.

        Returns
        -------
        tuple of float64[lever], Alternative
            The place that passes, or the one that came nearest to it.
        """
        places, prices, shares = weigh(self.task, box, place, self.weighing())
        tried: dict[int, Alternative] = {}
        for attempt, margin in enumerate(MARGINS, start=1):
            reaching = np.flatnonzero(shares >= self.share + margin * standard_error(self.share, self.replicates))
            at = int(reaching[0] if reaching.size else shares.argmax())
            if at in tried:  # it has had its chance
                break
            tried[at] = self._run(places[at], prices[at], shares[at], attempt)
            if self.passes(tried[at]):
                return places[at], tried[at]
        best = max(tried, key=lambda position: tried[position].confirmed)
        return places[best], tried[best]

    def _run(self, place: Floats, points: float, searched: float, attempt: int) -> Alternative:
        """Run a place under luck that is new at every attempt."""
        seed, n, controls = (self.world.seed + attempt) % (LARGEST_SEED + 1), self.replicates, self.world.controls
        reached = int((self.world.margins(place[np.newaxis], n, seed) >= 0).sum())
        values, base = controls.settings(place), controls.scenario
        table = assigned(base.model_dump(by_alias=True, exclude_defaults=True), nested(values)[0])
        return Alternative(
            values,
            float(points),
            float(searched),
            reached / n,
            *wilson_interval(reached, n),
            n,
            seed,
            controls.unpriced(place),
            validated(table, "Python"),
        )


def standard_error(share: float, replicates: int) -> float:
    """Return the standard error of a share of replicates."""
    return math.sqrt(share * (1 - share) / replicates)
