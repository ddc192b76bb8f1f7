"""Compile functions with numba, cached in a folder that an edit of any compiled source leaves behind.

numba's own cache does not notice an edited callee in another file, so a changed rule could go on running in its
old form. Here the folder is named by a digest of every compiled source, hence never stale. Where a library was made
beforehand of these very sources, its entries are taken, functions of numbers run as Python, and numba is not imported.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import platformdirs

from foresight.engine import library
from foresight.folders import folder_of_process

#: Modules that compiled functions are made of, seen from this folder. A test compares the list with the sources.
COMPILED_SOURCES: Final = (
    "../actions.py",
    "../arrays.py",
    "compiled.py",
    "desk.py",
    "draws.py",
    "exposure.py",
    "finance.py",
    "flat.py",
    "gates.py",
    "inputs.py",
    "kernel.py",
    "library.py",
    "pledges.py",
    "ranks.py",
    "rules.py",
    "screen.py",
    "state.py",
    "stocks.py",
    "summary.py",
    "tally.py",
)

#: Cache folders kept: those used last, so that switching between versions stays fast.
KEPT_FOLDERS: Final = 4

#: What Python calls with arrays, by name: what libraries are made of.
ENTRIES: Final[dict[str, Callable[..., Any]]] = {}

P = ParamSpec("P")
R = TypeVar("R")


def sources_digest(folder: Path) -> str:
    """Digest the sources of everything compiled, in 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name in COMPILED_SOURCES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


#: The library that was made of these sources, if there is one.
LIBRARY: Final = library.fitting(library.FOLDER, sources_digest(Path(__file__).parent))

#: Whether functions are compiled at their first call. By numba's own switch they run as Python, as a debugger wants it.
COMPILES: Final = LIBRARY is None and os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"


def cache_folder() -> Path:
    """Return the cache folder of the sources as they are, made if need be.

    `FORESIGHT_CACHE` names another parent than the user's cache folder; where it cannot be written, a temporary
    folder serves this process alone.
    """
    parent = Path(os.environ.get("FORESIGHT_CACHE") or platformdirs.user_cache_dir("foresight"))
    name = f"compiled-{sources_digest(Path(__file__).parent)}-{version('numba')}"
    try:
        return _touched(parent / name)
    except OSError:
        return _touched(folder_of_process() / name)


def is_warm() -> bool:
    """Tell whether the engine was compiled before, so that its first call is a matter of milliseconds."""
    return not COMPILES or any(_own_folder().rglob("*simulate_block*.nbc"))


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers, which Python may call too."""
    return _made(function)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers into those that call it, so that constants that they give unroll its loops."""
    return _made(function, inline="always")


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays that Python calls. It makes no array."""
    made = LIBRARY.entry(function) if LIBRARY else _made(function, _nrt=False)
    ENTRIES[library.entry_name(function)] = made
    return made


def rows(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays that compiled ones alone call.

    It makes no array and returns none, and none that it writes lies in the memory of another that it looks at.
    """
    return _made(function, _nrt=False, no_cpython_wrapper=True, **_apart())


def view(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that returns arrays of others into those that call it."""
    return _made(function, _nrt=False, inline="always")


def _made(function: Callable[P, R], **options: Any) -> Callable[P, R]:
    """Compile a function at its first call: no Python objects, lock released, divisions as in IEEE 754.

    No fast-math flag is set: every operation is the IEEE 754 one, in the order written, so that a run gives the
    same bits alone, in a batch and on another processor. Where no array is made, numba need not count references.
    """
    if not COMPILES:
        return function
    import numba

    settings, njit = cast(Any, numba.config), cast(Any, numba.njit)
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(_own_folder())
    try:
        made = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    finally:
        settings.CACHE_DIR = before
    made.compile = _lighter(made.compile)
    return cast(Callable[P, R], made)


def _lighter(compile_: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Compile at LLVM's first level: a sixth sooner than at numba's usual third, and what comes is no slower."""
    from numba import config
    from numba.core.compiler_lock import global_compiler_lock

    settings = cast(Any, config)

    def lighter(signature: Any) -> Any:
        with global_compiler_lock:
            before = settings.OPT
            settings.OPT = type(before)(min(before, 1))
            try:
                return compile_(signature)
            finally:
                settings.OPT = before

    return lighter


@cache
def _apart() -> dict[str, bool]:
    """Return the option that says that arrays do not overlap: half as much to compile. numba has it, unlisted."""
    if not COMPILES:
        return {}
    from numba.core import cpu, options

    try:
        mapping: Any = options._mapping
        cpu.CPUTargetOptions.noalias = mapping("noalias")
    except AttributeError:
        return {}
    return {"noalias": True}


@cache
def _own_folder() -> Path:
    """Return the cache folder of this process."""
    return cache_folder()


def _touched(folder: Path) -> Path:
    """Make a cache folder, mark it as used now and remove those used longest ago."""
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    others = sorted(folder.parent.glob("compiled-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[KEPT_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder
