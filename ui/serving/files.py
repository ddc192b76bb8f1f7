"""Scripts and styles that are handed out, as they were when the server started, compressed once."""

import gzip
import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from posixpath import normpath
from typing import Final

from tornado.web import HTTPError

from .guards import Guarded

#: What is handed out, by the ends of names; whether compressing makes it smaller.
_KINDS: Final[Mapping[str, tuple[str, bool]]] = {
    ".css": ("text/css; charset=utf-8", True),
    ".js": ("text/javascript; charset=utf-8", True),
    ".woff2": ("font/woff2", False),
}

#: Names that an address may have: a folder at the most.
_NAME: Final = re.compile(r"(?:\w+/)?[\w.-]+")

#: Scripts of Bokeh and Panel, in the order in which they are needed: without tables and widgets Panel does not begin.
_LIBRARIES: Final = {
    "bokeh": ("server/static/js", ("bokeh.min.js", "bokeh-widgets.min.js", "bokeh-tables.min.js")),
    "panel": ("dist", ("panel.min.js",)),
}

#: What a module imports, as it is written.
_IMPORTED: Final = re.compile(rb"^(?:import|export)\b[^;]*?[\"'](\.[^\"']+)[\"'];", re.MULTILINE)

_FOREVER: Final = "public, max-age=31536000, immutable"


class File:
    """A file that is handed out.

    Parameters
    ----------
    path : Path
        Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.kind, self._shrinks = _KINDS[path.suffix]
        self.content = path.read_bytes()
        self.digest = sha256(self.content).hexdigest()

    @cached_property
    def packed(self) -> bytes | None:
        """The content compressed, made when it is first asked for; None if that makes it no smaller."""
        return gzip.compress(self.content, mtime=0) if self._shrinks else None


class Files:
    """All that is handed out, by name; what stands under the version never changes.

    Parameters
    ----------
    assets : Path
        The folder of scripts and styles of the interface.
    """

    def __init__(self, assets: Path) -> None:
        own = {path.relative_to(assets).as_posix(): path for path in sorted(assets.rglob("*"))}
        own = {name: path for name, path in own.items() if path.suffix in _KINDS and _NAME.fullmatch(name)}
        self.libraries = {f"{package}/{path.name}": path for package, path in _libraries()}
        self._files = {name: File(path) for name, path in {**self.libraries, **own}.items()}
        digests = "".join(name + file.digest for name, file in self._files.items())
        self.version = sha256(digests.encode()).hexdigest()[:16]

    def get(self, name: str) -> File | None:
        """Return a file by its name."""
        return self._files.get(name)

    def imported(self, name: str) -> list[str]:
        """Return a module and all that it imports, by way of others too."""
        modules = [name]
        for module in modules:  # which grows meanwhile
            sources = _IMPORTED.findall(self._files[module].content)
            names = dict.fromkeys(normpath(Path(module).parent / source.decode()) for source in sources)
            modules += [one for one in names if one in self._files and one not in modules]
        return modules


class Handed(Guarded):
    """Hands a file out, compressed to who takes that."""

    def initialize(self, files: Files) -> None:
        """Take what is handed out."""
        self._files = files
        self._etag: str | None = None

    def get(self, name: str) -> None:
        """Answer with a file, or with nothing if the browser has it already."""
        version, _, rest = name.partition("/")
        lasts = version == self._files.version
        file = self._files.get(rest if lasts else name)
        if file is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        packed = file.packed if takes_gzip(self.request.headers.get("Accept-Encoding", "")) else None
        self.set_header("Cache-Control", _FOREVER if lasts else "no-cache")
        self.set_header("Content-Type", file.kind)
        self.set_header("Vary", "Accept-Encoding")
        self._etag = f'"{file.digest}{"-gzip" if packed else ""}"'
        if packed:
            self.set_header("Content-Encoding", "gzip")
        self.finish(packed or file.content)

    def compute_etag(self) -> str | None:
        """Return what a browser knows the content by."""
        return self._etag


def _libraries() -> Iterator[tuple[str, Path]]:
    """Yield the scripts of others; where they are is known without loading what they belong to."""
    for package, (folder, names) in _LIBRARIES.items():
        spec = importlib.util.find_spec(package)
        places = spec.submodule_search_locations if spec else None
        yield from ((package, Path(place, folder, name)) for place in list(places or ())[:1] for name in names)


def takes_gzip(encodings: str) -> bool:
    """Return whether a browser takes what is compressed, by what it says of encodings."""
    for one in encodings.lower().split(","):
        name, _, weight = one.replace(" ", "").partition(";q=")
        if name in ("gzip", "x-gzip"):
            return not weight or weight.strip("0.") != ""
    return False
