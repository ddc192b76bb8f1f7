"""Scripts that find a Python and hand over to `start.py`, one for each system."""

import platform
import shlex
from collections.abc import Iterator, Mapping
from typing import Final

#: The script of each system, as Python names these.
SCRIPTS: Final[Mapping[str, str]] = {"Linux": "start.sh", "Darwin": "start.command", "Windows": "start.bat"}

#: Those of systems that nobody has tried them on.
UNTRIED: Final = ("start.command", "start.bat")

_UNTRIED: Final = "This script has never been tried on a machine of that system."

_POSIX: Final = """\
#!/bin/sh
# Starts foresight out of this folder; with the word room, a workshop.{untried}
here=$(cd "$(dirname "$0")" && pwd)
for python in python{version} python3 python; do
    if command -v "$python" >/dev/null 2>&1; then exec "$python" "$here/start.py" "$@"; fi
done
echo {no_python} >&2
exit 2
"""

_WINDOWS: Final = """\
@echo off
rem Starts foresight out of this folder; with the word room, a workshop.
rem {untried}
chcp 65001 >nul
set PYTHONUTF8=1
set python=python
where py >nul 2>nul && set python=py -{version}
%python% "%~dp0start.py" %*
set code=%errorlevel%
if %code%==9009 echo {no_python}
if not %code%==0 pause
exit /b %code%
"""


def scripts(no_python: str) -> Iterator[tuple[str, str]]:
    """Yield each script with its name.

    Parameters
    ----------
    no_python : str
        What is said where there is no Python.
    """
    version = ".".join(platform.python_version_tuple()[:2])
    for name in SCRIPTS.values():
        untried = _UNTRIED if name in UNTRIED else ""
        if name.endswith(".bat"):
            yield name, _WINDOWS.format(version=version, no_python=no_python, untried=untried).replace("\n", "\r\n")
        else:
            comment = f"\n# {untried}" if untried else ""
            yield name, _POSIX.format(version=version, no_python=shlex.quote(no_python), untried=comment)


def script() -> str:
    """Return the name of the script of this system."""
    return SCRIPTS.get(platform.system(), SCRIPTS["Linux"])
