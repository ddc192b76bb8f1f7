"""What is handed on: links with their headline numbers, and three ways to make the same numbers again."""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import segno
import tomlkit

from foresight.errors import InputError, Problem, shown
from foresight.results.comparison import acting, flat_settings
from foresight.scenario.loading import shipped
from foresight.scenario.scenario import Scenario

from .parts.frame import pictured, scenarios
from .parts.paper import print_head
from .runs.live import LIVE
from .runs.setting import FIRST_SCENARIO, Setting
from .serving.names import is_own
from .serving.shortened import SHORTENED
from .visit.futures import stem_of
from .visit.memory import packed
from .visit.state import AppState
from .words import Words, words

#: Headline numbers that a link carries, and how each is written.
NUMBERS: Final[Mapping[str, str]] = {
    "delivered": "number",
    "low": "number",
    "high": "number",
    "trust": "share",
    "overdue": "share",
    "coverage": "share",
    "heading": "number",
    "completed": "share",
}

#: What a browser tells as the address of the page.
_ADDRESS: Final = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::[0-9]+)?(?:/[\w./~-]*)?", re.ASCII)


def settled(state: AppState) -> dict[str, Any]:
    """Return the link to what is on the screen, and what the browser keeps for a reload."""
    own = words(state.language)
    kept = {"link": state.link(numbers_of(state)), "memory": packed(state), "page": state.page}
    return {**kept, "scenarios": scenarios(state, own), "print": print_head(state, own)}


def addresses(state: AppState, at: str, place: str) -> dict[str, Any]:
    """Return the addresses of what is on the screen, for others.

    Parameters
    ----------
    state : AppState
        What is on the screen.
    at, place : str
        The address that the visitor has the page from, and the one that others reach the server at, if there is one.

    Returns
    -------
    dict
        ``short`` (empty where the link is too long) and ``long`` address, ``code``: a picture of the short one for
        cameras, and ``here``: whether this machine alone can open them.
    """
    here = is_own(_host(at))
    base = (place if here and place else at).rstrip("/")
    link = f"{quote(state.page, safe='/')}?{state.link(numbers_of(state))}"
    name = SHORTENED.keep(link)
    short = f"{base}/s/{name}" if name else ""
    code = segno.make(short, error="m", micro=False).svg_data_uri(border=2) if short else ""
    return {"short": short, "long": f"{base}/#{link}", "code": code, "here": here and not place}


def _host(address: str) -> str:
    """Return the host of an address; InputError if it is none of a page."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise InputError([Problem("", "at", "not_a_host", shown(address))])
    return found[1].lower()


def numbers_of(state: AppState) -> dict[str, float]:
    """Return the headline numbers of what is on the screen."""
    picture, _ = pictured(state.setting, state.view["map"])
    findings = picture.findings
    numbers = {
        "delivered": findings.delivered,
        "low": findings.low,
        "high": findings.high,
        "trust": findings.trust,
        "overdue": findings.overdue,
        "coverage": picture.coverage[-1][1] or 0.0,
        "heading": picture.heading[-1][1] or 0.0,
        "completed": findings.completed / findings.runs,
    }
    return {name: round(numbers[name], 4) for name in NUMBERS}


def headline_rows(state: AppState, words: Words) -> list[list[str]]:
    """Return the numbers that a link came with beside those of now."""
    now, then = numbers_of(state), state.shared.numbers if state.shared else {}
    rows = []
    for name, kind in NUMBERS.items():
        write = getattr(words, kind)
        number = then.get(name)
        rows.append(
            [words.say(f"headline.{name}"), write(number) if isinstance(number, int | float) else "–", write(now[name])]
        )
    return rows


def reproduction(setting: Setting) -> dict[str, Any]:
    """Return the command, the Python lines and the scenario file that make what is on the screen again.

    The digest is over the whole numbers of every member, year and run.
    """
    base, values = changes_of(setting.scenario)
    results = LIVE.results(setting, "members")
    name = f"{setting.scenario.id}.toml"
    return {
        "digest": results.dataset.attrs["result_digest"],
        "command": command(base, values, setting),
        "python": python(base, values, setting),
        "file": setting.scenario.to_toml(),
        "name": name,
        "of_file": shlex.join(["foresight", "run", name, *_luck(setting)]),
    }


def changes_of(scenario: Scenario) -> tuple[str, dict[str, Any]]:
    """Return a scenario that ships, and the values that make it do what another does."""
    base = next((one for one in (scenario.id, stem_of(scenario)) if one in shipped()), FIRST_SCENARIO)
    before, after = (dict(_values(one)) for one in (shipped()[base], scenario))
    return base, {path: value for path, value in after.items() if before.get(path) != value}


def command(base: str, values: Mapping[str, Any], setting: Setting) -> str:
    """Return the command line."""
    parts = ["foresight", "run", base]
    for path, value in values.items():
        parts += ["--set", f"{path}={_toml(value)}"]
    return shlex.join([*parts, *_luck(setting)])


def _luck(setting: Setting) -> list[str]:
    """Return the options that name the runs."""
    luck = {"--replicates": setting.replicates, "--seed": setting.seed, "--effects": setting.effects}
    return [*(str(word) for pair in luck.items() for word in pair), "--json"]


def python(base: str, values: Mapping[str, Any], setting: Setting) -> str:
    """Return the lines of Python."""
    lines = [f"    {path!r}: {value!r}," for path, value in values.items()]
    luck = f'replicates={setting.replicates}, seed={setting.seed}, effects="{setting.effects}"'
    changes = ["{", *lines, "}"] if lines else ["{}"]
    return "\n".join(
        [
            "from foresight import load_scenario, simulate",
            "",
            "changes = " + "\n".join(changes),
            f"scenario = load_scenario({base!r}, set=changes)",
            f"results = simulate(scenario, {luck})",
            'print(results.dataset.attrs["result_digest"])',
        ]
    )


def _values(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Yield everything that a scenario does, by dotted path; coalitions and events as whole lists."""
    for path, value in flat_settings(acting(scenario)):
        if path.split(".")[0] not in ("coalition", "event") and value is not None:
            yield path, list(value) if isinstance(value, tuple) else value
    for name in ("coalitions", "events"):
        yield name, [one.model_dump(exclude_defaults=True, mode="json") for one in getattr(scenario, name)]


def _toml(value: Any) -> str:
    """Write a value as TOML does, on one line."""
    return (
        tomlkit.item(value).as_string() if not isinstance(value, list) else "[" + ", ".join(map(_inline, value)) + "]"
    )


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(value)
        return table.as_string()
    return _toml(value)
