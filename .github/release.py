"""Make what is released: a wheel and the sources, each twice and the same to the byte, and a list of what they need.

Run as `make release`, or `python .github/release.py FOLDER`. The list is a software bill of materials of an environment
that has the wheel and nothing else (CycloneDX).
"""

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent

#: Bits of a mode that are kept: whether the owner may run a file decides on the rest.
_RUNS, _FILE, _PROGRAM = 0o100, 0o644, 0o755


def moment() -> int:
    """Return the second of the last commit, which everything in an archive bears."""
    return int(subprocess.check_output(["git", "log", "-1", "--format=%ct"], cwd=ROOT, text=True))


def evened(archive: bytes, second: int) -> bytes:
    """Return an archive of sources without traces of when, where and by whom it was packed."""
    stream = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as packed,
        gzip.GzipFile(fileobj=stream, mode="wb", mtime=second) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as even,
    ):
        for entry in sorted(packed, key=lambda entry: entry.name):
            runs = entry.isdir() or entry.mode & _RUNS
            plain = tarfile.TarInfo(entry.name)
            plain.type, plain.size, plain.mtime = entry.type, entry.size, second
            plain.mode = _PROGRAM if runs else _FILE
            even.addfile(plain, packed.extractfile(entry))
    return stream.getvalue()


def built(folder: Path, second: int) -> dict[str, bytes]:
    """Build both in a copy of the sources, and return them by name."""
    sources, made = folder / "sources", folder / "made"
    subprocess.run(["git", "clone", "--quiet", ROOT, sources], check=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(second)}
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", made, sources],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    found = {path.name: path.read_bytes() for path in made.iterdir()}
    return {name: evened(content, second) if name.endswith(".gz") else content for name, content in found.items()}


def materials(wheel: Path, folder: Path) -> bytes:
    """Return what an environment with the wheel has in it."""
    environment, found = folder / "environment", folder / "materials.json"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    quiet = ("install", "--quiet", "--disable-pip-version-check")
    subprocess.run([python, "-m", "pip", *quiet, wheel], check=True)
    tool = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--output-file", found]
    subprocess.run([*tool, "--pyproject", ROOT / "pyproject.toml", python], check=True, stderr=subprocess.DEVNULL)
    return found.read_bytes()


def main(folder: str) -> None:
    """Make all, and end with 1 where two builds differ."""
    target, second = Path(folder), moment()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as again:
        made = built(Path(first), second)
        if differ := [name for name, content in built(Path(again), second).items() if made[name] != content]:
            sys.exit(f"Built twice, not the same: {', '.join(differ)}")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name, content in made.items():
            (target / name).write_bytes(content)
        (wheel,) = target.glob("*.whl")
        (target / f"{wheel.name.split('-')[0]}.cdx.json").write_bytes(materials(wheel, Path(first)))
    for path in sorted(target.iterdir()):
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
