"""An archive for libraries of models: code, data, documents and what describes them, in one ZIP, always the same.

Folders are called as the CoMSES model library calls its categories of files.
"""

import hashlib
import io
import platform
import time
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from foresight.documents import protocol, trace
from foresight.documents.markdown import markdown
from foresight.documents.webpage import html
from foresight.parcels.codemeta import codemeta
from foresight.parcels.distribution import CITATION, LICENCE, libraries, paper, record
from foresight.parcels.readme import readme
from foresight.parcels.sources import sources, tables
from foresight.runs import Progress

MANIFEST: Final = "manifest-sha256.txt"

#: The first and the last second that a ZIP can name, in the time of Greenwich.
EARLIEST: Final = 315_532_800
LATEST: Final = 4_354_819_199

#: Whose file it is, and who may read it, whatever the system that packs it.
_UNIX: Final = 3
_MODE: Final = 0o100644 << 16


def contents(language: str, progress: Progress) -> dict[str, bytes]:
    """Return the files of an archive by name, the sums of all others last.

    Parameters
    ----------
    language : str
        Of the documents.
    progress : callable
        Called with the parts done and the parts to do.

    Raises
    ------
    InputError
        If the program, or a library that it needs, is not installed.
    """
    steps: tuple[Callable[[], Mapping[str, bytes]], ...] = (
        lambda: {name: paper(name) for name in (LICENCE, CITATION)} | _requirements(),
        lambda: _within("code", {**sources(), **record()}),
        lambda: _within("data", tables()),
        lambda: _within("docs", _documents(language)),
        lambda: {"README.md": markdown(readme(language)).encode()},
    )
    files: dict[str, bytes] = {}
    for done, step in enumerate(steps, start=1):
        files |= step()
        progress(done, len(steps))
    return {**files, MANIFEST: sums(files)}


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 of files, as `sha256sum --check` reads it."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def packed(files: Mapping[str, bytes], second: int) -> bytes:
    """Return files as a ZIP without traces of where and by whom it was packed.

    Parameters
    ----------
    files : Mapping[str, bytes]
        Contents by name.
    second : int
        Of the epoch, from `EARLIEST` to `LATEST`; every file bears it.
    """
    stream, moment = io.BytesIO(), time.gmtime(second)[:6]
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _within(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def _requirements() -> dict[str, bytes]:
    """Return the versions that are installed, for installers and for machines."""
    versions = libraries()
    made_with = f"# Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    lines = [made_with, *(f"{name}=={version}" for name, version in versions.items())]
    return {"requirements.txt": "".join(f"{line}\n" for line in lines).encode(), "codemeta.json": codemeta(versions)}


def _documents(language: str) -> dict[str, bytes]:
    """Return the ODD protocol and TRACE, each to read as it is and in a browser."""
    papers = {"ODD": protocol.document(language), "TRACE": trace.document(language)}
    return {
        f"{name}{ending}": write(document).encode()
        for name, document in papers.items()
        for ending, write in ((".md", markdown), (".html", html))
    }
