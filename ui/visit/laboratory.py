"""What one visitor has of experiments: the one that is planned, the one that was run, and what is asked of it."""

from typing import Any, Final

from foresight.actions import LAST_YEAR
from foresight.experiments.experiment import Experiment
from foresight.experiments.words import ALL

from ..runs.setting import Setting
from ..runs.trial import Trial, runs_of

#: The ready-made experiment.
READY: Final = "what-nobody-knows"
POINTS, REPLICATES = 256, 8
OUTCOMES: Final = ("mean_delivered", "trust", "completed", "overdue_share", "baiji_heading")

#: Most runs that the interface takes; for more there is the command line.
MOST_RUNS: Final = 200_000


class Laboratory:
    """The experiments of one visitor: one at a time."""

    def __init__(self) -> None:
        self.uploaded: Experiment | None = None
        self.size: int | None = None
        self.trial: Trial | None = None
        self.chosen: dict[str, str] = {}

    def planned(self, setting: Setting) -> Experiment:
        """Return the experiment that would be run now: the uploaded one, or all uncertainties on top of a setting."""
        experiment = self.uploaded or ready_made(setting)
        return experiment if self.size is None else resized(experiment, self.size)

    def plan(self, uploaded: Experiment | None) -> None:
        """Plan an uploaded experiment, or the ready-made one."""
        self.uploaded, self.size = uploaded, None

    def close(self) -> None:
        """Stop what is under way, and forget what was run."""
        if self.trial is not None:
            self.trial.close()
        self.trial = None


def ready_made(setting: Setting) -> Experiment:
    """Return an experiment that varies everything nobody knows on top of a setting."""
    table: dict[str, Any] = {
        "id": READY,
        "scenarios": (setting.scenario,),
        "seed": setting.seed,
        "replicates": REPLICATES,
        "uncertainties": ALL,
        "sampler": {"method": "latin_hypercube", "n": POINTS},
        "outcomes": OUTCOMES,
        "years": (LAST_YEAR,),
    }
    return Experiment.model_validate(table)


def resized(experiment: Experiment, n: int) -> Experiment:
    """Return an experiment of another size, where its sampler has one."""
    if experiment.sampler.n is None:
        return experiment
    return experiment.model_copy(update={"sampler": experiment.sampler.model_copy(update={"n": n})})


def fits(experiment: Experiment) -> bool:
    """Tell whether the interface takes an experiment."""
    return runs_of(experiment) <= MOST_RUNS
