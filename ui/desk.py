"""What a visitor does with experiments and questions: plan, ask, cancel, look, save, and open what was found."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

from foresight.arguments import check_name, check_whole
from foresight.bounds import RUNS
from foresight.errors import InputError, Problem
from foresight.experiments.experiment import Experiment

from .pages import experiments, explore, why
from .parts.quests import progress as quest_progress
from .parts.trials import progress as trial_progress
from .post import Message
from .runs.quest import Quest
from .runs.trial import DONE, Trial
from .visit import files
from .visit.futures import fitted, title_of
from .visit.inquiry import asked_of, conditions
from .visit.laboratory import CHOICES, Laboratory, ready_made, resized, too_large, under_stress
from .visit.questions import WAYS
from .visit.shelf import SHELF
from .visit.state import AppState
from .visit.uploads import experiment_from_text
from .words import Words, words

#: The pages that show experiments and questions, and what tells how far they are.
_SHOWN: Final[Mapping[type, tuple[tuple[str, ...], Callable[[Any, Words], Message]]]] = {
    Trial: ((experiments.PATH, why.PATH), trial_progress),
    Quest: ((why.PATH,), quest_progress),
}


class Means(NamedTuple):
    """How the desk reaches the visitor.

    Parameters
    ----------
    show : callable
        Sends the page that is open.
    tell : callable
        Tells a tone and a text.
    send : callable
        Sends a message to the browser.
    file : callable
        Makes a file of some kind beside, and sends it.
    load : callable
        Makes something beside of what was uploaded, and hands it on before anything else is done.
    soon : callable
        Calls something in the thread of the session, from any thread.
    """

    show: Callable[[], None]
    tell: Callable[[str, str], None]
    send: Callable[[Message], None]
    file: Callable[[str, Callable[[], files.File]], None]
    load: Callable[[Callable[[], Any], Callable[[Any], None]], None]
    soon: Callable[[Callable[[], None]], None]


class Desk:
    """The experiments and questions of one session."""

    def __init__(self, state: AppState, means: Means) -> None:
        self.state, self._means = state, means
        self._told: Trial | None = None  # the last that the visitor knows to be done
        state.questions.changed = self._changed

    @property
    def _lab(self) -> Laboratory:
        return self.state.laboratory

    def answer(self, data: Message) -> None:
        """Do what a message asks for; InputError if that cannot be."""
        check_name("act", str(data.get("act")), tuple(self._acts))
        self._acts[str(data["act"])](self, data)

    def close(self) -> None:
        """Put what was run where the visitor, who has gone, finds it for a while."""
        if (trial := self._lab.trial) is not None:
            trial.changed = _untold
        self.state.questions.close()
        SHELF.leave(self._lab)
        SHELF.make_way()

    def begin(self) -> None:
        """Begin what the page that is open has worked out by itself."""
        if self.state.page == why.PATH:
            why.begin(self.state)

    def come_back(self, before: Laboratory, awaited: Iterable[str] = ()) -> None:
        """Go on with what a visitor had who comes back; say so if the runs are not there any more."""
        lab, trial = self._lab, SHELF.claim(before.name)
        lab.uploaded, lab.size, lab.chosen, lab.trial = before.uploaded, before.size, before.chosen, trial
        if trial is not None:
            trial.changed = self._changed
            self._told = trial if trial.stage == DONE else None
            SHELF.hold(lab)
        elif before.had_run:
            self._means.tell("warning", self._words.say("experiments.gone"))
        for name in awaited:
            self.state.questions.ask(why.question_called(name, self.state))

    def _run(self, _data: Message) -> None:
        self._begin(self._lab.planned(self.state.future))

    def _make_sure(self, _data: Message) -> None:
        """Run the ready-made experiment on what is on the screen, whatever else is planned."""
        self._begin(ready_made(self.state.future))

    def _ask(self, data: Message) -> None:
        self.state.questions.ask(why.question_called(str(data.get("name")), self.state), again=True)
        self._means.show()

    def _give_up(self, data: Message) -> None:
        self.state.questions.give_up(why.question_called(str(data.get("name")), self.state).name)

    def _load_way(self, data: Message) -> None:
        """Move the levers as one of the ways has them that were found from what is on the screen."""
        found = self.state.questions.answer(why.question_called(WAYS, self.state))
        ways = found.settings if found is not None else ()
        check_whole("n", data.get("n"), 1, len(ways))
        number = int(data["n"])
        self.state.move(WAYS, ways[number - 1].values)
        self.state.page = explore.PATH
        self._means.tell("good", self._words.say("why.loaded", n=number))
        self._means.show()

    def _begin(self, experiment: Experiment) -> None:
        """Run an experiment in the place of the one before, unless that is still under way."""
        if self._lab.trial is not None and self._lab.trial.under_way:
            return
        if problems := list(too_large(experiment)):
            raise InputError(problems)
        self._lab.close()
        self._lab.trial = trial = Trial(experiment, self._changed)
        SHELF.hold(self._lab)
        trial.start()
        SHELF.make_way()
        self._means.show()

    def _cancel(self, _data: Message) -> None:
        if self._lab.trial is not None and self._lab.trial.under_way:
            self._lab.trial.cancel()
            self._means.tell("good", self._words.say("experiments.cancelling"))

    def _ready(self, _data: Message) -> None:
        self._lab.plan(None)
        self._means.show()

    def _plan_strategies(self, _data: Message) -> None:
        """Plan to put the open future and those that ship to the same test."""
        self._lab.plan(under_stress(self.state.future))
        self._means.show()

    def _upload(self, data: Message) -> None:
        name, scenario = str(data.get("name") or ""), self.state.future.scenario
        self._means.load(partial(experiment_from_text, name, str(data["text"]), scenario), self._plan)

    def _plan(self, experiment: Experiment) -> None:
        self._lab.plan(experiment)
        named = self._lab.planned(self.state.future).id
        self._means.tell("good", self._words.say("experiments.uploaded", name=named))
        self._means.show()

    def _grow(self, data: Message) -> None:
        """Run again what was run, in another size; what is planned has that size too."""
        check_whole("n", data.get("n"), 1, RUNS.most)
        if (trial := self._finished) is not None:
            self._lab.size = int(data["n"])
            self._begin(resized(trial.experiment, self._lab.size))

    def _choose(self, data: Message) -> None:
        check_name("name", str(data.get("name")), CHOICES)
        self._lab.chosen = {**self._lab.chosen, str(data["name"]): str(data["value"])}
        self._means.show()

    def _save(self, data: Message) -> None:
        name, trial = str(data["name"]), self._finished
        if name not in files.TABLES:
            planned = data.get("planned") or trial is None
            experiment = self._lab.planned(self.state.future) if planned or trial is None else trial.experiment
            self._means.file(name, partial(files.plan_of, experiment, name))
        elif trial is not None:
            self._means.file(name, partial(_table, trial, name, asked_of(self._lab, trial.experiment).year))

    def _load(self, _data: Message) -> None:
        """Open the scenario in the middle of the conditions that were found."""
        if (trial := self._finished) is None:
            return
        looked = conditions(trial, asked_of(self._lab, trial.experiment))
        scenario = looked.found.inside if looked is not None and looked.found is not None else None
        if scenario is None:
            return
        kept = self.state.kept[self.state.keep(scenario.id, scenario)]
        self.state.open(kept)
        self.state.page = explore.PATH
        self._means.tell("good", self._words.say("message.loaded", name=fitted(title_of(kept, self._words))))
        self._means.show()

    _acts: ClassVar[Mapping[str, Callable[["Desk", Message], None]]] = {
        "run": _run,
        "cancel": _cancel,
        "ready": _ready,
        "strategies": _plan_strategies,
        "upload": _upload,
        "grow": _grow,
        "choose": _choose,
        "save": _save,
        "load": _load,
        "sure": _make_sure,
        "ask": _ask,
        "give_up": _give_up,
        "load_way": _load_way,
    }

    @property
    def _finished(self) -> Trial | None:
        """The experiment that was run, once it is done."""
        trial = self._lab.trial
        return trial if trial is not None and trial.stage == DONE else None

    def _changed(self, work: Trial | Quest, whole: bool) -> None:
        """Take from another thread that there is more to tell of an experiment or a question."""
        self._means.soon(partial(self._progressed, work, whole))

    def _progressed(self, work: Trial | Quest, whole: bool) -> None:
        if isinstance(work, Trial):
            if work is not self._lab.trial:
                return
            self._tell_done(work)
        pages, tell = _SHOWN[type(work)]
        if self.state.page.partition("/")[0] not in pages:
            return
        if whole:
            self._means.show()
        else:
            self._means.send({"type": "trial", **tell(work, self._words)})

    def _tell_done(self, trial: Trial) -> None:
        """Tell once that an experiment is done."""
        if trial.stage == DONE and trial is not self._told:
            self._told = trial
            self._means.tell("good", self._words.say("experiments.finished", runs=self._words.count(trial.total)))

    @property
    def _words(self) -> Words:
        return words(self.state.language)


def _table(trial: Trial, name: str, year: int) -> files.File:
    """Make a table of the runs; InputError if another experiment has taken their place."""
    with trial.held() as there:
        if not there:
            raise InputError([Problem("", "experiment", "runs_gone")])
        return files.table_of(trial.store, name, year)


def _untold(_trial: Trial, _whole: bool) -> None:
    """Tell nobody of an experiment whose visitor has gone."""
