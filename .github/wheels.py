"""Put libraries made beforehand into wheels, one for each system.

Run as `make wheel`, or `python .github/wheels.py LIBRARIES FOLDER`; the first is what `.github/library.py` has made.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent

#: Where a wheel has its libraries.
PLACE: Final = Path("foresight/engine/libraries")


def plain_wheel(folder: Path) -> Path:
    """Make the wheel that has none, which compiles at its first run."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "--wheel-dir", folder, ROOT], check=True)
    return next(folder.glob("*.whl"))


def filled(wheel: Path, libraries: Path, folder: Path) -> None:
    """Put libraries into a wheel, and name it by their system."""
    tool = [sys.executable, "-m", "wheel"]
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([*tool, "unpack", "--dest", place, wheel], check=True)
        (unpacked,) = Path(place).iterdir()
        shutil.copytree(libraries, unpacked / PLACE)
        (head,) = unpacked.glob("*.dist-info/WHEEL")
        words = head.read_text("utf-8").replace("Root-Is-Purelib: true", "Root-Is-Purelib: false")
        head.write_text(words.replace("-none-any", f"-none-{libraries.name}"), "utf-8")
        subprocess.run([*tool, "pack", "--dest-dir", folder, unpacked], check=True)


def main(libraries: str, folder: str) -> None:
    """Make the wheels."""
    wheel = plain_wheel(Path(folder))
    for system in sorted(Path(libraries).iterdir()):
        filled(wheel, system, Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
