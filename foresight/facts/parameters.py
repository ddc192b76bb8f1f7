"""Every uncertainty and every lever, read from its one declaration in `data/parameters.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

#: How a number is known, from most to least: the words of the field `tag`.
TAGS: Final = ("estimated", "literature", "judgement")


@dataclass(frozen=True)
class Mark:
    """A size on a slider that was observed somewhere.

    Parameters
    ----------
    value : float
        Where on the slider.
    label : Mapping[str, str]
        What was observed, by language.
    tag : str
        One of `TAGS`.
    source : Mapping[str, str]
        Where it was observed, by language; a bare citation is the same in all.
    """

    value: float
    label: Mapping[str, str]
    tag: str
    source: Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One uncertainty or lever: what it is called, what it means, how large it may be and how that is known.

    Parameters
    ----------
    name : str
        Identifier in scenario files.
    symbol : str
        Sign in the equations; a lever that replaces an uncertainty shares its symbol.
    unit : str
        Key of the section `unit` of the text catalogue.
    default : float or None
        Value where a scenario says nothing; None where the uncertainty named in `replaces` acts.
    low, high : float
        Range; both equal the default of a fixed parameter.
    tag : str
        One of `TAGS`.
    source : Mapping[str, str]
        What its size rests on, by language; a bare citation is the same in all. Paragraphs are those of
        ESCAP/CED/2022/1.
    label, meaning : Mapping[str, str]
        Short name and one plain sentence, by language.
    fixed, whole, by_action, by_phase : bool
        Not to be varied; whole numbers only; one value an action; one value each of the phases 2, 3 and 4.
    distribution : str
        How it is drawn over its range where an experiment says nothing else, see `distributions.KINDS`.
    replaces : str or None
        The uncertainty whose place a lever takes from `levers_from` on.
    marks : tuple[Mark, ...]
        Observed sizes, ascending.
    """

    name: str
    symbol: str
    unit: str
    default: float | None
    low: float
    high: float
    tag: str
    source: Mapping[str, str]
    label: Mapping[str, str]
    meaning: Mapping[str, str]
    fixed: bool = False
    whole: bool = False
    by_action: bool = False
    by_phase: bool = False
    distribution: str = "uniform"
    replaces: str | None = None
    marks: tuple[Mark, ...] = ()


def uncertainties() -> Mapping[str, Parameter]:
    """Return what nobody knows, by identifier, in the order of the model description."""
    return _declared("uncertainties")


def levers() -> Mapping[str, Parameter]:
    """Return what people choose, by identifier, in the order of the model description."""
    return _declared("levers")


def all_parameters() -> Mapping[str, Parameter]:
    """Return uncertainties and then levers, by identifier."""
    return MappingProxyType({**uncertainties(), **levers()})


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("foresight.data").joinpath("parameters.toml").read_text("utf-8"))


@cache
def _declared(section: str) -> Mapping[str, Parameter]:
    return MappingProxyType({name: _parameter(name, entry) for name, entry in _file()[section].items()})


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    default: Any = entry.get("default")
    low, high = (default, default) if entry.get("fixed") else (entry["low"], entry["high"])
    numbers = {"default": None if default is None else float(default), "low": float(low), "high": float(high)}
    marks = tuple(Mark(**_sourced(mark)) for mark in _file()["marks"].get(entry.get("marks"), ()))
    return Parameter(**{**_sourced(entry), **numbers, "name": name, "marks": marks})


def _sourced(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Give a bare citation to every language."""
    source = entry["source"]
    return {**entry, "source": dict.fromkeys(entry["label"], source) if isinstance(source, str) else source}
