"""Words of one language: texts of the interface and the engine, names of things, and numbers as they are written."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import pandas as pd
from babel import Locale
from babel.numbers import format_decimal, format_percent

from foresight.axes import axis_table, group_table, rung_table
from foresight.bodies import body_table
from foresight.members import member_table
from foresight.names import named, said
from foresight.parameters import Mark, Parameter
from foresight.scenario import Scenario
from foresight.settings import Event
from foresight.texts import SMALL, drafts, flattened, keys, languages, text
from foresight.wording import effects, event_title, setting, value_of

from .setting import shipped

#: Languages of the interface, reviewed ones first.
LANGUAGES: Final = (*languages(), *drafts())

_LOCALES: Final = {"en": "en", "zh": "zh_Hans_CN", "fr": "fr", "ru": "ru"}


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every text of the interface by its dotted key."""
    return dict(flattened(tomllib.loads(files("foresight_ui.locale").joinpath(f"{language}.toml").read_text("utf-8"))))


class Words:
    """What is said in one language.

    Parameters
    ----------
    language : str
        One of `LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)
        self._locale = _LOCALES[language]

    def say(self, key: str, **values: object) -> str:
        """Look up a text of the interface, or of the engine where the interface has none; KeyError if neither has."""
        if key in self._texts:
            return self._texts[key].format_map(values)
        return text(key, self.language, **values)

    def client(self) -> dict[str, str]:
        """Return the texts that the browser uses by itself."""
        prefix = "client."
        own = {key.removeprefix(prefix): said for key, said in self._texts.items() if key.startswith(prefix)}
        return {**own, "locale": self.tag}

    @property
    def tag(self) -> str:
        """The tag of the language for the browser (BCP 47)."""
        return str(Locale.parse(self._locale)).replace("_", "-")

    @property
    def draft(self) -> bool:
        """Whether no native speaker has reviewed the texts."""
        return self.language in drafts()

    # Numbers ---------------------------------------------------------------------------------------------------

    def number(self, value: float, digits: int = 2) -> str:
        """Write a number with so many decimals; a dash where there is none."""
        return "–" if pd.isna(value) else _decimal(round(float(value), digits) + 0.0, digits, self._locale)

    def count(self, value: int) -> str:
        """Write how many there are, thousands apart."""
        return str(format_decimal(value, locale=self._locale))

    def signed(self, value: float, digits: int = 2) -> str:
        """Write a difference with its sign; nothing has none."""
        written = self.number(value, digits)
        return f"+{written}" if round(float(value), digits) > 0 else written

    def share(self, value: float) -> str:
        """Write a share in per cent; a small one is not nothing."""
        if pd.isna(value):
            return "–"
        small = 0 < value < SMALL
        return ("<" if small else "") + _percent(SMALL if small else round(float(value), 2), self._locale)

    def value(self, given: Any) -> str:
        """Write the value of a setting: as many decimals as it has, one for all phases if they are equal."""
        if given is None:
            return self.say("value.open")
        if isinstance(given, bool):
            return self.say(f"value.{'yes' if given else 'no'}")
        if isinstance(given, tuple | list):
            return self.value(given[0]) if len(set(given)) == 1 else " · ".join(map(self.value, given))
        return _decimal(round(float(given), 6), None, self._locale) if isinstance(given, int | float) else str(given)

    def listed(self, parts: Iterable[str]) -> str:
        """Put texts one after the other."""
        return text("table.comma", self.language).join(parts)

    def joined(self, *sentences: str) -> str:
        """Put sentences one after the other, with blanks between them in languages that have blanks."""
        return ("" if self.language == "zh" else " ").join(sentences)

    # Names -----------------------------------------------------------------------------------------------------

    def action(self, action: str) -> str:
        """Name an action, shortly."""
        return text(f"action.{action}", self.language)

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
            return text("scope.all", self.language)
        kinds: tuple[tuple[Callable[[], pd.DataFrame], Callable[[str], str]], ...] = (
            (group_table, self.group),
            (body_table, self.body),
            (member_table, self.member),
        )
        return next(name(code) for table, name in kinds if code in _index(table))

    def rung(self, action: str, rung: int) -> tuple[str, str]:
        """Return what a rung is called and what it means."""
        if self.draft:
            return self.say(f"rung.{action}_{rung}"), self.say(f"rung_sentence.{action}_{rung}")
        row = _rungs()[(action, rung)]
        return row[f"name_{self.language}"], row[f"sentence_{self.language}"]

    def label(self, parameter: Parameter) -> str:
        """Name a parameter."""
        return said(parameter.label, f"parameter.{parameter.name}.label", self.language)

    def meaning(self, parameter: Parameter) -> str:
        """Say what a parameter means in a sentence."""
        return said(parameter.meaning, f"parameter.{parameter.name}.meaning", self.language)

    def source(self, parameter: Parameter) -> str:
        """Say what the size of a parameter rests on; a bare citation is the same in all languages."""
        key = f"parameter.{parameter.name}.source"
        return (
            text(key, self.language) if self.draft and key in keys(self.language) else self._reviewed(parameter.source)
        )

    def mark(self, mark: Mark, position: int) -> str:
        """Say what an observed size was."""
        return said(mark.label, f"mark.effort.label_{position}", self.language)

    def event(self, name: str) -> str:
        """Name an event; one that ships has a name in all languages."""
        return event_title(name, self.language)

    def effects(self, event: Event) -> str:
        """Say what an event does."""
        return self.listed(effects(event, self.language, self._change, self._exact_share))

    def setting(self, path: str) -> str:
        """Say what a dotted path sets."""
        return (
            self.say(f"levers.{path.removeprefix('run.')}") if path.startswith("run.") else setting(path, self.language)
        )

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
            return value_of(path, value, self.language)
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
        if self.draft and key in keys(self.language) and given == getattr(shipped().get(scenario.id), part, None):
            return text(key, self.language)
        return str(getattr(given, self.language, given.en))

    def _change(self, value: float) -> str:
        return ("+" if value > 0 else "") + self.value(value)

    def _exact_share(self, value: float) -> str:
        return str(format_percent(round(value, 6), locale=self._locale, decimal_quantization=False))

    def _named(self, table: Callable[[], pd.DataFrame], code: str, key: str) -> str:
        return named(_index(table)[code], key, self.language)

    def _reviewed(self, said: Mapping[str, str]) -> str:
        return said.get(self.language, said["en"])


@cache
def words(language: str) -> Words:
    """Return the words of a language, made once."""
    return Words(language)


def _axes() -> pd.DataFrame:
    """Return the names of actions and domains by their codes alone."""
    return axis_table().drop(index="phase").droplevel("axis")


@cache
def _rungs() -> dict[tuple[str, int], dict[str, str]]:
    """Return what is said of every rung of every action."""
    return {key: dict(row) for key, row in rung_table().iterrows()}  # type: ignore[misc]  # keys are pairs


@cache
def _index(table: Callable[[], pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by their codes."""
    frame = table()
    return {str(code): dict(row) for code, row in frame.iterrows()}


@lru_cache(maxsize=20_000)
def _decimal(value: float, digits: int | None, locale: str) -> str:
    pattern = "0.######" if digits is None else "0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, pattern, locale=locale))


@lru_cache(maxsize=2_000)
def _percent(value: float, locale: str) -> str:
    return str(format_percent(value, locale=locale))
