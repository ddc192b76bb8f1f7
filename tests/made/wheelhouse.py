"""Small wheels, in place of those of an index."""

import ensurepip
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

#: What the program is made of in a small bundle: it says what it was asked for.
ECHO = {"foresight/__init__.py": "", "foresight/__main__.py": "import made_up, sys\nprint(sys.argv[1:])\n"}


def small_wheel(folder: Path, name: str, files: Mapping[str, str], *needs: str) -> Path:
    """Make a wheel of version 1.0 with some files."""
    stem = f"{name.replace('-', '_')}-1.0"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    papers = {
        "METADATA": head + "".join(f"Requires-Dist: {need}\n" for need in needs),
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for place, text in {**files, **{f"{stem}.dist-info/{paper}": text for paper, text in papers.items()}}.items():
            wheel.writestr(place, text)
    return path


def wheelhouse(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pip find the wheels of a folder alone: a library, and pip."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    folder.mkdir()
    small_wheel(folder, "made-up", {"made_up.py": ""})
    own = list((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not own:
        pytest.skip("this Python brings no wheel of pip")
    shutil.copy(own[0], folder)
    return folder
