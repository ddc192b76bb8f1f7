"""A wheel of the program, made again of what runs here."""

import base64
import hashlib
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

from foresight.parcels.distribution import installed
from foresight.parcels.sources import machine_code, sources
from foresight.version import DISTRIBUTION


def own_wheel(folder: Path) -> Path:
    """Make a wheel of the program as it runs here, from a clone as from a wheel; return where it is.

    Raises
    ------
    InputError
        If the program is not installed, so that nothing says what it needs.
    """
    own = installed()
    stem = f"{DISTRIBUTION.replace('-', '_')}-{own.version}"
    tag = re.search(r"^Tag: (\S+)", own.read_text("WHEEL") or "", re.MULTILINE)
    system = tag[1] if tag else "py3-none-any"
    papers = {f"{stem}.dist-info/{name}": text for name, text in _papers(own, system)}
    content = {**sources(), **machine_code(), **papers}
    record = "".join(f"{name},{_digest(content[name])},{len(content[name])}\n" for name in sorted(content))
    content[f"{stem}.dist-info/RECORD"] = f"{record}{stem}.dist-info/RECORD,,\n".encode()
    path = folder / f"{stem}-{system}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name in sorted(content):
            wheel.writestr(zipfile.ZipInfo(name), content[name], zipfile.ZIP_DEFLATED)
    return path


def _papers(own: Distribution, system: str) -> Iterator[tuple[str, bytes]]:
    """Yield what a wheel says of itself."""
    pure = str(system.endswith("-any")).lower()
    yield "METADATA", str(own.read_text("METADATA") or own.read_text("PKG-INFO")).encode()
    yield "WHEEL", f"Wheel-Version: 1.0\nGenerator: foresight\nRoot-Is-Purelib: {pure}\nTag: {system}\n".encode()
    for name in ("entry_points.txt", *(f"licenses/{one}" for one in own.metadata.get_all("License-File") or ())):
        if text := own.read_text(name):
            yield name, text.encode()


def _digest(content: bytes) -> str:
    return f"sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip('=')}"
