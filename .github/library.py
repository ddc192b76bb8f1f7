"""Make libraries of the engine beforehand, for wheels and for WebAssembly.

Run as `make wheel` and `make wasm`, or `python .github/library.py FOLDER [SYSTEM ...]`. numba lowers the entries once;
LLVM optimises them as one module for each kind of processor; zig links. A library needs nothing but mathematics and
memory of the system's own library.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

import llvmlite.binding as llvm
from entries import lowered_entries


class Target(NamedTuple):
    """A kind of processor and system."""

    file: str
    triple: str  # for LLVM
    system: str  # for zig
    processor: str = "generic"
    features: str = ""
    needs: tuple[tuple[str, ...], ...] = ((),)  # abilities, any row of which will do: versions of numpy name them so
    linking: tuple[str, ...] = ("-shared",)


def _levels(ending: str, triple: str, system: str) -> tuple[Target, ...]:
    """Return the levels of x86-64, best first; left alone, LLVM would use half the width of the fourth."""
    return (
        Target(f"x86-64-v4.{ending}", triple, system, "x86-64-v4", "-prefer-256-bit", (("X86_V4",), ("AVX512_SKX",))),
        Target(f"x86-64-v3.{ending}", triple, system, "x86-64-v3", "", (("X86_V3",), ("AVX2", "FMA3"))),
        Target(f"x86-64-v2.{ending}", triple, system, "x86-64-v2", "", (("X86_V2",), ("SSE42", "POPCNT"))),
    )


_VECTORS: Final = "+simd128,+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals"
_MODULE: Final = ("-mexec-model=reactor", "-Wl,--export-dynamic", "-Wl,--export=__heap_base")

#: Targets of each system, best first, by what wheels call it. Those of macOS and Windows were never run.
SYSTEMS: Final = {
    "manylinux_2_17_x86_64": _levels("so", "x86_64-unknown-linux-gnu", "x86_64-linux-gnu.2.17"),
    "manylinux_2_17_aarch64": (Target("aarch64.so", "aarch64-unknown-linux-gnu", "aarch64-linux-gnu.2.17"),),
    "macosx_11_0_arm64": (Target("arm64.dylib", "arm64-apple-macosx11.0.0", "aarch64-macos.11.0", "apple-m1"),),
    "macosx_10_13_x86_64": _levels("dylib", "x86_64-apple-macosx10.13.0", "x86_64-macos.10.13"),
    "win_amd64": _levels("dll", "x86_64-pc-windows-gnu", "x86_64-windows-gnu"),
    "wasm32": (Target("wasm32.wasm", "wasm32-unknown-wasi", "wasm32-wasi", features=_VECTORS, linking=_MODULE),),
}


#: How names begin of what would have to be found in a running numba or Python.
_NUMBAS: Final = ("numba", "NRT_", "Py", "_Py")


def optimised(module: str, target: Target) -> bytes:
    """Return the machine code of a module for a target. No operation is fused with another: the bits stay the same."""
    machine = llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.processor, features=target.features, opt=3, reloc="pic", codemodel="small"
    )
    code = llvm.parse_assembly(module)
    code.triple, code.data_layout = target.triple, str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization, options.slp_vectorization = True, False
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(code, passes)
    names = [one.name for one in (*code.functions, *code.global_variables)]
    if strange := [name for name in names if name.startswith(_NUMBAS)]:
        raise SystemExit(f"needs what numba alone has: {strange}")
    return bytes(machine.emit_object(code))


def library(module: str, target: Target, folder: Path) -> dict[str, Any]:
    """Make the library of a target; return its line in the list."""
    path = folder / target.file
    with tempfile.TemporaryDirectory() as place:
        code = Path(place) / "entries.o"
        code.write_bytes(optimised(module, target))
        zig = [sys.executable, "-m", "ziglang", "cc", "-target", target.system, "-s", *target.linking]
        subprocess.run([*zig, "-o", path, code, "-lm"], check=True)
    print(f"{path}: {path.stat().st_size // 1000} kB", flush=True)
    return {"file": path.name, "needs": target.needs, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def main(folder: str, *systems: str) -> None:
    """Make a folder of libraries and their list for each system: those named, else those that have wheels."""
    from foresight.engine.compiled import sources_digest
    from foresight.engine.library import FOLDER, LIST

    digest = sources_digest(FOLDER.parent)  # first: what is edited meanwhile is not in the libraries
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    module, kinds = lowered_entries()
    for system in systems or [name for name in SYSTEMS if name != "wasm32"]:
        place = Path(folder) / system
        place.mkdir(parents=True, exist_ok=True)
        made = [library(module, target, place) for target in SYSTEMS[system]]
        listed = {"digest": digest, "libraries": made, "entries": kinds}
        (place / LIST).write_text(json.dumps(listed, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
