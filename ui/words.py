"""Words of one language: texts of the interface and the engine, names of things, and numbers as they are written."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from foresight import texts
from foresight.facts.axes import axis_table, group_table, rung_table
from foresight.facts.bodies import body_table
from foresight.facts.members import member_table
from foresight.facts.names import named, said
from foresight.facts.parameters import Mark, Parameter
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario
from foresight.scenario.schema import Event
from foresight.scenario.words import effects, event_title, setting, value_of
from foresight.texts import drafts, flattened, languages

#: Languages of the interface, reviewed ones first.
LANGUAGES: Final = (*languages(), *drafts())

#: Tags of languages for the browser (BCP 47) that say more than the language.
_TAGS: Final = {"zh": "zh-Hans-CN"}

#: What the interface says of parameters in words of its own: what the model calls a rung is a step here.
_OWN: Final = (
    *("parameter.opening_year.meaning", "parameter.depth_penalty.meaning", "parameter.lapse_rate.meaning"),
    *("parameter.exit_rate.meaning", "parameter.cost_growth.label", "parameter.cost_growth.meaning"),
)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every text of the interface by its dotted key; one that a draft lacks is in English."""
    return {**own_texts("en"), **own_texts(language)} if language in drafts() else own_texts(language)


@cache
def own_texts(language: str) -> Mapping[str, str]:
    """Return the texts of the interface that a language itself has, by their dotted keys."""
    return dict(flattened(tomllib.loads(files("foresight_ui.locale").joinpath(f"{language}.toml").read_text("utf-8"))))


class Words(texts.Words):
    """Words of the interface in one language."""

    def say(self, key: str, **values: object) -> str:
        """Look up a text of the interface, or of the library where the interface has none; KeyError if neither has."""
        own = catalogue(self.language)
        return own[key].format_map(values) if key in own else super().say(key, **values)

    def client(self) -> dict[str, str]:
        """Return the texts that the browser uses by itself."""
        prefix = "client."
        own = {
            key.removeprefix(prefix): said for key, said in catalogue(self.language).items() if key.startswith(prefix)
        }
        return {**own, "locale": self.tag}

    @property
    def tag(self) -> str:
        """The tag of the language for the browser (BCP 47)."""
        return _TAGS.get(self.language, self.language)

    def _percent(self, value: float, digits: int) -> str:
        """Round the share, not the per cent: half-way between two, pages have another one than the library."""
        return super()._percent(round(value, 2 + digits), digits)

    def value(self, setting: Any) -> str:
        """Write the value of a setting: as many decimals as it has, one for all phases if they are equal."""
        if setting is None:
            return self.say("value.open")
        if isinstance(setting, bool):
            return self.say(f"value.{'yes' if setting else 'no'}")
        if isinstance(setting, tuple | list):
            return self.value(setting[0]) if len(set(setting)) == 1 else " · ".join(map(self.value, setting))
        return self.exact(setting) if isinstance(setting, int | float) else str(setting)

    # Names -----------------------------------------------------------------------------------------------------

    def action(self, action: str) -> str:
        """Name an action, shortly."""
        return self.say(f"action.{action}")

    def action_name(self, action: str) -> str:
        """Name an action in full."""
        return self._named(_axes, action, f"action_name.{action}")

    def domain(self, domain: str) -> str:
        """Name a domain of the environment."""
        return self._named(_axes, domain, f"domain.{domain}")

    def member(self, code: str) -> str:
        """Name a member."""
        return self._named(member_table, code, f"member.{code}")

    def body(self, slug: str) -> str:
        """Name a body."""
        return self._named(body_table, slug, f"body.{slug}")

    def group(self, code: str) -> str:
        """Name the region, a subregion or a group in a special situation."""
        return self._named(group_table, code, f"group.{code}")

    def scope(self, code: str) -> str:
        """Name a set of members, whichever kind it is."""
        if code == "all":
            return self.say("scope.all")
        kinds: tuple[tuple[Callable[[], pd.DataFrame], Callable[[str], str]], ...] = (
            (group_table, self.group),
            (body_table, self.body),
            (member_table, self.member),
        )
        return next(name(code) for table, name in kinds if code in _index(table))

    def rung(self, action: str, rung: int) -> tuple[str, str]:
        """Return what a rung is called and what it means."""
        row, step = _rungs()[(action, rung)], f"{action}_{rung}"
        return named(row, f"rung.{step}", self), named(row, f"rung_sentence.{step}", self, "sentence")

    def phase(self, number: int) -> str:
        """Name a phase, and the step of all five actions that it is for."""
        return self._named(_phases, str(number), f"phase.phase_{number}")

    def label(self, parameter: Parameter) -> str:
        """Name a parameter."""
        return self._declared(parameter.label, f"parameter.{parameter.name}.label")

    def meaning(self, parameter: Parameter) -> str:
        """Say what a parameter means in a sentence."""
        return self._declared(parameter.meaning, f"parameter.{parameter.name}.meaning")

    def source(self, parameter: Parameter) -> str:
        """Say what the size of a parameter rests on; a bare citation is the same in all languages."""
        return said(parameter.source, f"parameter.{parameter.name}.source", self)

    def mark(self, mark: Mark, position: int) -> str:
        """Say what an observed size was."""
        return said(mark.label, f"mark.effort.label_{position}", self)

    def event(self, name: str) -> str:
        """Name an event; one that ships has a name in all languages."""
        return event_title(name, self)

    def effects(self, event: Event) -> str:
        """Say what an event does."""
        return self.listed(effects(event, self))

    def setting(self, path: str) -> str:
        """Say what a dotted path sets."""
        return self.say(f"levers.{path.removeprefix('run.')}") if path.startswith("run.") else setting(path, self)

    def happening(self, event: Event) -> str:
        """Say when an event happens, to whom, and what it does."""
        scopes = (event.scope,) if isinstance(event.scope, str) else event.scope
        where = self.listed(map(self.scope, scopes))
        return self.say("levers.event_of", year=event.year, scope=where, effects=self.effects(event))

    def named_value(self, path: str, value: Any) -> str:
        """Write the value of a setting, in words where it is an identifier."""
        if value == "":
            return "–"
        if path == "run.effects":
            return self.say(f"levers.effects_{value}")
        if isinstance(value, str):
            return value_of(path, value, self)
        return self.value(value)

    def title(self, scenario: Scenario) -> str:
        """Return the name of a scenario; one that ships has it in all languages."""
        return self._told(scenario, "title")

    def storyline(self, scenario: Scenario) -> str:
        """Return what happens in a scenario."""
        return self._told(scenario, "storyline")

    def _told(self, scenario: Scenario, part: str) -> str:
        key = f"scenario.{scenario.id}.{part}"
        given = getattr(scenario, part)
        if self.has(key) and given == getattr(shipped().get(scenario.id), part, None):
            return self.say(key)
        return str(getattr(given, self.language, given.en))

    def _named(self, table: Callable[[], pd.DataFrame], code: str, key: str) -> str:
        return named(_index(table)[code], key, self)

    def _declared(self, declared: Mapping[str, str], key: str) -> str:
        return self.say(key) if key in _OWN else said(declared, key, self)


@cache
def words(language: str) -> Words:
    """Return the words of a language, made once."""
    return Words(language)


def wished(languages: str) -> str:
    """Return the language that a browser asks for first, of those there are."""
    wishes = (re.split("[^a-z]", part.strip().lower())[0] for part in languages.split(","))
    return next((wish for wish in wishes if wish in LANGUAGES), LANGUAGES[0])


def _axes() -> pd.DataFrame:
    """Return the names of actions and domains by their codes alone."""
    return axis_table().drop(index="phase").droplevel("axis")


def _phases() -> pd.DataFrame:
    """Return the names and years of the phases."""
    return axis_table().query("axis == 'phase'").droplevel("axis")


@cache
def _rungs() -> dict[tuple[str, int], dict[str, str]]:
    """Return what is said of every rung of every action."""
    return {key: dict(row) for key, row in rung_table().iterrows()}  # type: ignore[misc]  # keys are pairs


@cache
def _index(table: Callable[[], pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by their codes."""
    frame = table()
    return {str(code): dict(row) for code, row in frame.iterrows()}
