"""How sure the picture of a future is: chance and what nobody knows as two bands, and what moves it most."""

from collections.abc import Iterator

from ..runs.trial import DONE, PACE, Trial, runs_of
from ..visit.inquiry import asked_of, bands, moves
from ..visit.laboratory import ready_made, resized
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, button, fold, prose, row
from .circumstances import told
from .standing import standing
from .trials import duration, ended, running
from .unknowns import in_words, two_bands


def surety(state: AppState, words: Words) -> Iterator[Block]:
    """Yield how sure the future on the screen is, or the button that has it worked out."""
    trial = state.laboratory.trial
    if trial is not None and trial.under_way:
        yield running(trial, words)
    elif trial is not None and trial.stage == DONE and _is_of_screen(trial, state):
        with trial.held() as there:  # else another is run in its place by now
            yield from _found(trial, state, words) if there else ()
    else:
        yield from ended(trial, words)
        seconds = duration(PACE.expected(runs_of(ready_made(state.setting))), words)
        run = words.say("why.ask_sure", seconds=seconds)
        yield row(button(run, {"type": "experiment", "act": "sure"}, strong=True, focus="trial"))


def _is_of_screen(trial: Trial, state: AppState) -> bool:
    """Say whether an experiment is the ready-made one on what is on the screen, in whatever size."""
    ready, ran = ready_made(state.setting), trial.experiment
    if [one.digest() for one in ran.scenarios] != [state.setting.scenario.digest()] or ran.sampler.n is None:
        return False
    alike = resized(ready, ran.sampler.n).model_copy(update={"scenarios": ran.scenarios})
    return alike.digest() == ran.digest()


def _found(trial: Trial, state: AppState, words: Words) -> Iterator[Block]:
    asked = asked_of(state.laboratory, trial.experiment)
    spread = bands(trial.store, asked)
    yield prose(in_words(spread, asked, words), "lead")
    yield from told(moves(trial, asked), words, lambda sensitivity: [prose(standing(sensitivity, words), "lead")])
    yield two_bands(spread, asked, trial.experiment.effects, words)
    yield row(button(words.say("why.all_of_it"), {"type": "go", "page": "experiments"}, page="experiments"))
    yield fold("why-sure", words.say("why.how"), prose(words.say("why.sure_how"), "hint"))
