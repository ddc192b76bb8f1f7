"""A folder with all that a machine like this one needs to install and serve the program without a network."""

import json
import platform
from pathlib import Path
from typing import Final, NamedTuple

from foresight.errors import InputError, Problem
from foresight.files import folder_written_whole, space
from foresight.folders import temporary_folder
from foresight.parcels import start
from foresight.parcels.distribution import libraries
from foresight.parcels.rebuilt import own_wheel
from foresight.parcels.scripts import UNTRIED, script, scripts
from foresight.parcels.wheels import check_pip, collect
from foresight.runs import Progress
from foresight.texts import Words
from foresight.version import program_version

#: Sentences that a bundle says where it is taken to.
_SENTENCES: Final = ("other_machine", "not_installed", "not_writable", "installing")

_README: Final = "README.txt"
_PROGRAM: Final = 0o755


class Bundle(NamedTuple):
    """What is in a bundle, and which machines it is for."""

    version: str
    machine: str
    made_on: str
    wheels: int
    megabytes: float
    start: str


def bundle(folder: Path, words: Words, progress: Progress) -> Bundle:
    """Make a bundle.

    Parameters
    ----------
    folder : Path
        Where it is put, whole or not at all.
    words : Words
        What it says where it is taken to.
    progress : Progress
        Told how far pip is.

    Raises
    ------
    InputError
        If the folder holds something or cannot be written, or pip cannot get the wheels.
    """
    check_folder(folder)
    check_pip()
    with space(folder), folder_written_whole(folder) as written:
        wheels = written / start.WHEELS
        wheels.mkdir()
        with temporary_folder(written) as place:
            collect(own_wheel(place), libraries(), wheels, place, progress)
        contents = _contents(list(wheels.iterdir()))
        _write(written, contents, words)
    return contents


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something; InputError says what is wrong."""
    if folder.exists() and not folder.is_dir():
        raise InputError([Problem(str(folder), "", "not_a_folder")])
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError([Problem(str(folder), "", "not_empty")])


def _contents(wheels: list[Path]) -> Bundle:
    size = sum(path.stat().st_size for path in wheels) / 1e6
    return Bundle(program_version(), start.machine(), _system(), len(wheels), size, script())


def _system() -> str:
    """Return what an older system has an older one of."""
    older = " ".join(platform.libc_ver()).strip() or platform.mac_ver()[0] or platform.release()
    return f"{platform.system()}, {older}"


def _write(folder: Path, contents: Bundle, words: Words) -> None:
    """Put beside the wheels what starts the program, and what says how."""
    facts = {**contents._asdict(), "megabytes": words.number(contents.megabytes, 0)}
    said = {name: words.say(f"bundle.{name}", **facts, here="{here}", reason="{reason}") for name in _SENTENCES}
    about = json.dumps({"machine": contents.machine, **said}, ensure_ascii=False, indent=2)
    (folder / start.ABOUT).write_text(f"{about}\n", "utf-8")
    (folder / "start.py").write_bytes(Path(start.__file__).read_bytes())
    for name, text in scripts(words.say("bundle.no_python", machine=contents.machine)):
        (folder / name).write_bytes(text.encode())
        (folder / name).chmod(_PROGRAM)
    untried = words.say("bundle.untried", scripts=", ".join(UNTRIED))
    readme = words.say("bundle.readme", **facts, untried=untried)
    (folder / _README).write_text(readme.lstrip(), "utf-8")
