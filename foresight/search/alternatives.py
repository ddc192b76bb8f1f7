"""What goal seek found: settings of the levers, and how sure it is that they reach the target."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from foresight.arguments import check_name
from foresight.facts.scopes import scope_masks
from foresight.results.series import series_called
from foresight.results.targets import Target
from foresight.runs import NAME, Effects
from foresight.scenario.scenario import Scenario
from foresight.search.controls import PRICED
from foresight.texts import Words, languages


@dataclass(frozen=True)
class Alternative:
    """One setting of the levers, and how often it reached the target under new luck.

    Parameters
    ----------
    values : dict
        What differs from the scenario, by dotted path, as `load_scenario` takes in `set`.
    points : float
        Effort points of the whole scenario.
    searched : float
        Share of the replicates of the search that reached the target.
    confirmed : float
        Share of new replicates, of a seed that the search has not used.
    low, high : float
        95 % interval of the share that endless new replicates would give (Wilson 1927).
    n, seed : int
        New replicates and their seed.
    unpriced : tuple of str
        Levers that it moves and that cost no effort points: the search takes what it likes of them.
    scenario : Scenario
        With these values.
    """

    values: dict[str, Any]
    points: float
    searched: float
    confirmed: float
    low: float
    high: float
    n: int
    seed: int
    unpriced: tuple[str, ...]
    scenario: Scenario = field(repr=False)

    def plain(self) -> dict[str, Any]:
        """Return what can be written as JSON; the scenario by its digest."""
        own = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "scenario"}
        return {**own, "unpriced": list(self.unpriced), "digest": self.scenario.digest()}


@dataclass(frozen=True)
class Alternatives:
    """What goal seek found.

    Parameters
    ----------
    scenario : Scenario
        What was asked about.
    target : Target
        What runs should reach.
    share : float
        In at least this share of replicates.
    cap : float or None
        Most effort points allowed.
    effects : str
        Where the effects of members come from.
    settings : tuple of Alternative
        Different from each other, the cheapest first; none if not reachable. Cheapest of those found: the search
        is good, but nothing proves that there is no cheaper one.
    best : Alternative or None
        If not reachable: the setting that reached the target most often.
    runs : int
        Runs simulated.
    """

    scenario: Scenario
    target: Target
    share: float
    cap: float | None
    effects: Effects
    settings: tuple[Alternative, ...]
    best: Alternative | None
    runs: int

    @property
    def reachable(self) -> bool:
        """Whether a setting was found and confirmed; that none was is no proof that there is none."""
        return bool(self.settings)

    def plain(self) -> dict[str, Any]:
        """Return what can be written as JSON."""
        return {
            "scenario": self.scenario.id,
            "target": str(self.target),
            "share": self.share,
            "cap": self.cap,
            NAME: self.effects,
            "reachable": self.reachable,
            "settings": [setting.plain() for setting in self.settings],
            "best": self.best.plain() if self.best else None,
            "runs": self.runs,
        }

    def sentence(self, language: str = "en") -> str:
        """Say in plain words what was found, one sentence a line; InputError if there are no texts in the language."""
        check_name("language", language, languages())
        words = Words(language)
        first = self.best or self.settings[0]
        kind = "unreachable" if self.best else "only" if len(self.settings) == 1 else "reachable"
        sentences = [words.say(f"seek.{kind}", **self._numbers_of(first, words))]
        if self.best and self.cap is not None:
            sentences.append(words.say("seek.capped", cap=words.short(self.cap)))
        told = (first, *self.settings)
        if free := sorted({name for setting in told for name in setting.unpriced}):
            sentences.append(words.say("seek.unpriced", levers=words.listed(free)))
        for name, members in self._apart({path for setting in told for path in setting.values}):
            sentences.append(words.say("seek.own_efforts", coalition=name, members=words.listed(members)))
        return "\n".join(sentences)

    def _apart(self, moved: Set[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield each coalition with efforts of its own in place of some that moved, and whom of the target it takes."""
        table = self.scenario.members()
        (asked,) = scope_masks([series_called(self.target.outcome).scope], table)
        for coalition in self.scenario.coalitions:
            efforts = ((kind, name, effort) for kind in PRICED for name, effort in getattr(coalition, kind))
            own = {f"levers.{kind}.{name}" for kind, name, effort in efforts if effort is not None}
            members = [code for code in table.index[asked] if code in coalition.codes]
            if members and own & moved:
                yield coalition.name, members

    def _numbers_of(self, setting: Alternative, words: Words) -> dict[str, object]:
        """Return what the sentence mentions."""
        return {
            "target": self.target,
            "share": words.share(self.share),
            "count": len(self.settings),
            "points": words.number(setting.points, 1),
            "most": words.number(max(other.points for other in (setting, *self.settings)), 1),
            "confirmed": words.share(setting.confirmed),
            "low": words.share(setting.low),
            "high": words.share(setting.high),
            "n": setting.n,
        }
