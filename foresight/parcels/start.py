"""Start the program out of a bundle: install it beside this file, once, and hand over to it.

A bundle has a copy of this file, which any Python from 3.7 on can read, if only to say that it is not the one that the
wheels are for. `bundle.json` beside it says which that is, and has the sentences.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

#: Beside this file.
WHEELS = "wheels"
ABOUT = "bundle.json"
_ENVIRONMENT = "environment"

#: In the environment, once it is whole: whose it is.
_WHOLE = "whole.txt"

#: How it ends, as shells have it.
_REFUSED, _INTERRUPTED = 2, 130


def machine() -> str:
    """Return what wheels have to fit: the Python, the system and the processor."""
    version = "{}.{}{}".format(*sys.version_info[:2], getattr(sys, "abiflags", ""))
    bits = 64 if sys.maxsize > 2**32 else 32
    return f"{platform.python_implementation()} {version}, {platform.system()} {platform.machine()}, {bits} bit"


def main(words: list[str]) -> int:
    """Start the interface, or what some words ask the program for."""
    here = Path(__file__).resolve().parent
    about = json.loads((here / ABOUT).read_text("utf-8"))
    if machine() != about["machine"]:
        return _refused(about["other_machine"].format(here=machine()))
    try:
        python = _environment(here, about)
    except subprocess.CalledProcessError:
        return _refused(about["not_installed"])
    except OSError as error:
        return _refused(about["not_writable"].format(reason=error))
    except KeyboardInterrupt:
        return _INTERRUPTED
    os.environ.setdefault("FORESIGHT_CACHE", str(here / "cache"))
    command = [str(python), "-P", "-m", "foresight", *(words or ["ui"])]
    if os.name == "posix":
        os.execv(python, command)
    return subprocess.call(command)


def _environment(here: Path, about: dict[str, Any]) -> Path:
    """Return the Python of the environment, which is made unless it is whole and of the Python that is there."""
    folder = here / _ENVIRONMENT
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    owner = f"{sys.base_prefix}\n{machine()}\n"
    whole = folder / _WHOLE
    if not (whole.is_file() and whole.read_text("utf-8") == owner):
        print(about["installing"], file=sys.stderr, flush=True)
        venv.create(folder, clear=True, symlinks=os.name == "posix")
        _install(python, here / WHEELS)
        whole.write_text(owner, "utf-8")
    return python


def _install(python: Path, wheels: Path) -> None:
    """Install the program of the wheels alone, with the pip that is one of them."""
    pip = next(wheels.glob("pip-*.whl")) / "pip"
    words = ["--isolated", "install", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
    words += ["--no-compile"]  # Python compiles what it imports, a third of all
    found = ["--no-index", "--find-links", str(wheels), "foresight-escap"]
    subprocess.check_call([str(python), str(pip), *words, *found], env={**os.environ, "PIP_CONFIG_FILE": os.devnull})


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return _REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
