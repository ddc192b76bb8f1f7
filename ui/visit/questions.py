"""What one visitor asks on the page Why: the questions, how far they are, and what was answered."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, NamedTuple
from weakref import WeakValueDictionary

from foresight.actions import SUBREGIONS
from foresight.facts.members import REGION
from foresight.results.attribution import explain
from foresight.results.left_behind import SPECIAL
from foresight.results.targets import Target, parse_target
from foresight.runs import Progress
from foresight.scenario.scenario import Scenario
from foresight.search.alternatives import Alternatives

from ..runs import trusted
from ..runs.cache import Key
from ..runs.live import LIVE
from ..runs.quest import Quest
from ..runs.setting import Setting

#: Questions by name.
SPLIT, WAYS, TRUST = "split", "ways", "trust"

#: Steps that can be aimed at, whose, and the share of futures in which they are to be reached.
STEPS: Final = ("1.5", "2", "3")
WHOSE: Final = (REGION, *SUBREGIONS, *SPECIAL)
SHARE: Final = 0.8

#: Different ways that are looked for, and the new runs that confirm one: half a minute at most on two cores.
_WAYS, _CONFIRMING = 3, 100


#: What is being worked on for everybody who is here.
_UNDER_WAY: Final[WeakValueDictionary[Key, Quest]] = WeakValueDictionary()


class Question(NamedTuple):
    """A question, what its answer is known by, and what works it out, given what to call with how far it is."""

    name: str
    key: Key
    work: Callable[[Progress], Any]


def what_splits(before: Scenario, after: Setting) -> Question:
    """Ask what each part of all that tells two scenarios apart did, under the luck of the second."""
    luck = (after.replicates, after.seed)
    work = partial(explain, before, after.scenario, *luck, effects=after.effects)
    return Question(SPLIT, (SPLIT, before.digest(), *after.key), lambda tell: work(progress=tell))


def which_ways(setting: Setting, whose: str, step: str) -> Question:
    """Ask for different ways in which some members reach a step on average."""
    target = parse_target(f"mean_delivered.{whose} >= {step}")
    return Question(WAYS, (WAYS, str(target), *setting.key), partial(_sought, setting, target))


def _sought(setting: Setting, target: Target, tell: Progress) -> Alternatives:
    from foresight.search.seek import seek  # late: it brings half of SciPy

    return seek(
        setting.scenario,
        target,
        share=SHARE,
        settings=_WAYS,
        replicates=_CONFIRMING,
        seed=setting.seed,
        effects=setting.effects,
        progress=tell,
    )


def how_trusted() -> Question:
    """Ask how far the model can be trusted."""
    return Question(TRUST, (TRUST, trusted.key()), trusted.worked_out)


class Questions:
    """The questions of one visitor: of each kind the newest."""

    def __init__(self) -> None:
        self.changed: Callable[[Quest, bool], None] = lambda _quest, _whole: None
        self._quests: dict[str, Quest] = {}
        self._awaited: tuple[str, ...] = ()

    @property
    def awaited(self) -> tuple[str, ...]:
        """Names of questions that the visitor waits for, or waited for before they came back."""
        return self._awaited or tuple(name for name, quest in [*self._quests.items()] if quest.under_way)

    @classmethod
    def of_before(cls, awaited: Iterable[object]) -> "Questions":
        """Return the questions of a visitor who has not come back yet, and waited for some."""
        questions = cls()
        questions._awaited = tuple(name for name in (SPLIT, WAYS, TRUST) if name in awaited)
        return questions

    def ask(self, question: Question, *, again: bool = False) -> None:
        """Have a question answered in the place of the one before of its kind; who asks the same waits with others.

        Nothing is done if it has been answered or is on its way; nor, unless `again`, if it was given up or failed.
        """
        last = self._quests.get(question.name)
        asked = last is not None and last.key == question.key and (last.under_way or not again)
        if asked or self.answer(question) is not None:
            return
        self.give_up(question.name)
        quest = _UNDER_WAY.get(question.key)
        if quest is None or not quest.join(self._told):
            quest = _UNDER_WAY[question.key] = Quest(question.key, question.work, self._told)
            quest.start()
        self._quests[question.name] = quest

    def answer(self, question: Question) -> Any:
        """Return the answer of a question, None if there is none yet."""
        quest = self.quest(question)
        return LIVE.kept.find(question.key) if quest is None or quest.found is None else quest.found

    def quest(self, question: Question) -> Quest | None:
        """Return the work on a question, None if it was not asked."""
        last = self._quests.get(question.name)
        return last if last is not None and last.key == question.key else None

    def give_up(self, name: str) -> None:
        """Give up a question by its name, if it is under way."""
        if (last := self._quests.get(name)) is not None and last.under_way:
            self._quests[name] = left = last.leave(self._told)
            if left is not last:
                self.changed(left, True)

    def close(self) -> None:
        """Give up all questions of a visitor who has gone."""
        self.changed = lambda _quest, _whole: None
        for name in list(self._quests):
            self.give_up(name)

    def _told(self, quest: Quest, whole: bool) -> None:
        if quest in self._quests.values():  # else nobody asks any more
            self.changed(quest, whole)
