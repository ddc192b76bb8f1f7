"""Begin a language, or go on with it: `python .github/draft.py LANGUAGE`, by its code, such as `id` for Indonesian.

Every text that it has not yet stands in its files as a comment, in English: whoever translates takes the mark away and
writes over it. What is translated stays as it is. What is left is counted, file by file.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError

from foresight.facts.axes import axis_table, group_table, rung_table
from foresight.facts.bodies import body_table
from foresight.facts.members import member_table
from foresight.facts.parameters import all_parameters, levers
from foresight.scenario.loading import bundled, load_scenario
from foresight.texts import flattened, languages

ROOT: Final = Path(__file__).parents[1]
LIBRARY: Final = Path("foresight", "locale")
INTERFACE: Final = Path("ui", "locale")

_ENTRY: Final = re.compile(r'("[^"]+"|[\w.-]+) = "(?!"").*"$')


def main(language: str, root: Path = ROOT) -> Iterator[str]:
    """Write the files of a language, and yield how many texts of each are left."""
    if language in languages():
        raise SystemExit(f"{language}: no draft, but written in full")
    left = every = 0
    for path, lines in english(language).items():
        own = translated(root / path, lines)
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text("".join(f"{line}\n" for line in draft(lines, own, language)), "utf-8")
        known = [key for key, _ in entries(lines) if key]
        every, left = every + len(known), left + len(known) - len(own)
        yield f"{path}: {len(known) - len(own)} of {len(known)} texts are left"
    yield f"{left} of {every} texts are left"


def english(language: str) -> dict[Path, list[str]]:
    """Return the lines in English of each file that a draft has, by where it is."""
    wings = sorted((ROOT / LIBRARY / "en").glob("*.toml"))
    found = {LIBRARY / "drafts" / language / wing.name: wing.read_text("utf-8").splitlines() for wing in wings}
    for wing, texts in (("facts", names()), ("scenario", stories())):
        found[LIBRARY / "drafts" / language / f"{wing}.toml"] += written(texts)
    found[INTERFACE / f"{language}.toml"] = (ROOT / INTERFACE / "en.toml").read_text("utf-8").splitlines()
    return found


def names() -> dict[str, str]:
    """Return what tables of facts and parameters say in English, by the key that drafts have for it."""
    axes, rungs = axis_table()["name_en"], rung_table()
    found = {}
    for name, one in all_parameters().items():
        parts = {"label": one.label, "meaning": one.meaning, "source": one.source}
        found |= {f"parameter.{name}.{part}": said["en"] for part, said in parts.items() if said["en"] != said["zh"]}
    for at, mark in enumerate(levers()["pledge_effort"].marks, start=1):
        found[f"mark.effort.label_{at}"] = mark.label["en"]
    for kind, table in (("member", member_table()), ("body", body_table()), ("group", group_table())):
        found |= {f"{kind}.{code}": name for code, name in table["name_en"].items()}
    for kind, axis in (("domain.", "domain"), ("phase.phase_", "phase"), ("action_name.", "action")):
        found |= {f"{kind}{code}": name for code, name in axes[axis].items()}
    for kind, column in (("rung", "name_en"), ("rung_sentence", "sentence_en")):
        found |= {f"{kind}.{action}_{rung}": said for (action, rung), said in rungs[column].items()}
    return found


def stories() -> dict[str, str]:
    """Return what scenarios that ship say in English, by the key that drafts have for it."""
    shipped = {name: load_scenario(name) for name in bundled()}
    parts = {name: {"title": one.title.en, "storyline": one.storyline.en} for name, one in shipped.items()}
    return {f"scenario.{name}.{part}": said for name, own in parts.items() for part, said in own.items()}


def written(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield texts as lines of a catalogue."""
    section = ""
    for key, text in texts.items():
        head, _, name = key.rpartition(".")
        if head != section:
            yield from ("", f"[{head}]")
        section = head
        yield f"{name} = {json.dumps(text, ensure_ascii=False)}"


def entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield every line of a catalogue with the key of its text; without one where it has none."""
    section = ""
    for line in lines:
        if line.startswith("["):
            section = f"{line.strip('[]')}."
        entry = _ENTRY.match(line)
        yield section + entry[1].strip('"') if entry else "", line


def translated(path: Path, lines: Iterable[str]) -> dict[str, str]:
    """Return the lines that are translated by the keys of their texts; SystemExit if one would be lost."""
    content = path.read_text("utf-8") if path.exists() else ""
    own = {key: line for key, line in entries(content.splitlines()) if key}
    if strange := own.keys() - {key for key, _ in entries(lines)}:
        raise SystemExit(f"{path}: English has no {', '.join(sorted(strange))}")
    try:
        texts = dict(flattened(tomllib.loads(content)))
    except tomllib.TOMLDecodeError as error:
        raise SystemExit(f"{path}: {error}") from None
    if torn := texts.keys() - own.keys():
        raise SystemExit(f'{path}: not on one line as key = "text": {", ".join(sorted(torn))}')
    return own


def draft(lines: Iterable[str], own: Mapping[str, str], language: str) -> Iterator[str]:
    """Yield the lines of a draft: its own, and English ones as comments."""
    first, *rest = lines
    yield re.sub(r", in English\..*", f", in {_name(language)}: a draft that no native speaker has reviewed.", first)
    for key, line in entries(rest):
        yield own.get(key, f"# {line}") if key else line


def _name(language: str) -> str:
    try:
        return str(Locale.parse(language).english_name)
    except (UnknownLocaleError, ValueError):
        return language


if __name__ == "__main__":
    print(*main(*sys.argv[1:2]), sep="\n")
