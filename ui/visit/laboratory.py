"""What one visitor has of experiments: the one that is planned, the one that was run, and what is asked of it."""

from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any, Final

from foresight.actions import LAST_YEAR
from foresight.bounds import NUMBERS, RUNS
from foresight.errors import Problem, listed
from foresight.experiments.experiment import Experiment
from foresight.experiments.words import ALL
from foresight.scenario.loading import shipped

from ..runs.setting import Setting
from ..runs.trial import Trial, runs_of

#: The ready-made experiment.
READY: Final = "what-nobody-knows"
POINTS, REPLICATES = 1024, 4

#: The same on several futures.
STRATEGIES: Final = "which-holds-up"
OUTCOMES: Final = ("mean_delivered", "trust", "completed", "overdue_share", "baiji_heading")

#: What can be chosen to look at: of an experiment, and on the page Why.
CHOICES: Final = ("outcome", "year", "scenario", "condition", "before", "after", "effect", "whose", "step")


class Laboratory:
    """The experiments of one visitor: one at a time.

    Parameters
    ----------
    name : str, optional
        By which the visitor, who had run something, finds it again; else one that nobody else can guess.
    """

    def __init__(self, name: str = "") -> None:
        self.name, self.had_run = name or token_urlsafe(), bool(name)
        self.uploaded: Experiment | None = None
        self.size: int | None = None
        self.trial: Trial | None = None
        self.chosen: dict[str, str] = {}

    def planned(self, setting: Setting) -> Experiment:
        """Return the experiment that would be run now: the uploaded one, or all uncertainties on top of a setting."""
        experiment = self.uploaded or ready_made(setting)
        return experiment if self.size is None else resized(experiment, self.size)

    def plan(self, uploaded: Experiment | None, size: int | None = None) -> None:
        """Plan an uploaded experiment, or the ready-made one, in a size of its own if there is one."""
        self.uploaded, self.size = uploaded, size

    def close(self) -> None:
        """Stop what is under way, and forget what was run."""
        if (trial := self.hand_over()) is not None:
            trial.close()

    def hand_over(self) -> Trial | None:
        """Return what was run, and forget it."""
        trial, self.trial = self.trial, None
        return trial


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


def under_stress(setting: Setting) -> Experiment:
    """Return the ready-made experiment on the open future and on all that ship: which of them holds up."""
    others = (one for name, one in shipped().items() if name != setting.scenario.id)
    return ready_made(setting).model_copy(update={"id": STRATEGIES, "scenarios": (setting.scenario, *others)})


def resized(experiment: Experiment, n: int) -> Experiment:
    """Return an experiment of another size, where its sampler has one."""
    if experiment.sampler.n is None:
        return experiment
    return experiment.model_copy(update={"sampler": experiment.sampler.model_copy(update={"n": n})})


def fits(experiment: Experiment) -> bool:
    """Tell whether the interface takes an experiment."""
    return not list(too_large(experiment))


def too_large(experiment: Experiment) -> Iterator[Problem]:
    """Say what is too much for the interface, though not for the command line."""
    if experiment.categories:
        yield Problem("", "structure", "no_sensitivity", listed(tuple(experiment.categories)))
    runs = runs_of(experiment)
    yield from RUNS.problems(runs, field="runs")
    yield from NUMBERS.problems(runs * len(experiment.outcomes) * len(experiment.years), field="outcomes, years")
