"""Make libraries of the engine beforehand, for wheels and for WebAssembly.

Run as `make wheel` and `make wasm`, or `python .github/library.py FOLDER [SYSTEM ...]`. numba lowers the entries once;
LLVM optimises them as one module for each kind of processor; zig links. A library needs nothing but mathematics and
memory of the system's own library.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import as_dtype


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


# From functions to one module


def entries() -> dict[str, Any]:
    """Return the entries by name, lowered for the arguments that runs give them, and left to LLVM to optimise."""
    numba.config.CPU_NAME, numba.config.CPU_FEATURES, numba.config.OPT = "generic", "", config._OptLevel(0)
    warnings.filterwarnings("ignore", "Cannot cache", numba.NumbaWarning)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FORESIGHT_CACHE"] = folder
        from foresight.engine.compiled import ENTRIES  # late: what is compiled is compiled as was just said

        call_entries()
    if strange := [name for name, made in ENTRIES.items() if len(made.signatures) != 1]:
        raise SystemExit(f"called with no kind of arguments, or with several: {strange}")
    return ENTRIES


def call_entries() -> None:
    """Call every entry once."""
    from foresight.engine import ensemble, ranks, summary
    from foresight.runs import POSTERIOR, Runs
    from foresight.scenario.building import build
    from foresight.scenario.loading import load_scenario

    runs = Runs(POSTERIOR, 1, range(4))
    inputs = build(load_scenario("historical-pace"), runs=runs)
    everybody = [np.ones(len(inputs.members.code), bool)]
    history, tally = ensemble.new_history(inputs, 4), ensemble.new_tally(inputs, everybody, 4)
    list(ensemble.simulate_blocks(inputs, runs, whole=history, tally=tally, threads=1))
    summary.summarised(inputs, everybody, history)
    summary.obstacle_gains(inputs, history, 0.9)
    ranks.ranked(history.pledged, np.arange(4))


def described(kind: types.Type) -> list[str]:
    """Return the kinds of the arrays and numbers that an argument consists of, as `engine.library` names them."""
    if isinstance(kind, types.BaseTuple):
        return [word for part in kind for word in described(part)]
    if isinstance(kind, types.Array):
        return [f"{as_dtype(kind.dtype).str} {kind.ndim}"]
    return ["real" if isinstance(kind, types.Float) else "whole"]


class Reader:
    """Code that reads arguments from three tables: pointers, whole numbers with the lengths of axes, real numbers."""

    def __init__(self, context: Any, builder: Any, tables: Any) -> None:
        self._context, self._builder, self._tables = context, builder, list(tables)

    def value(self, kind: types.Type) -> Any:
        """Read an argument of a kind."""
        if isinstance(kind, types.BaseTuple):
            return self._context.make_tuple(self._builder, kind, [self.value(part) for part in kind])
        if isinstance(kind, types.Array):
            return self._array(kind)
        if isinstance(kind, types.Float):
            return self._context.cast(self._builder, self._next(2), types.float64, kind)
        return self._context.cast(self._builder, self._next(1), types.int64, kind)

    def _next(self, table: int) -> Any:
        """Read the next of a table."""
        place = self._tables[table]
        self._tables[table] = cgutils.gep_inbounds(self._builder, place, 1)
        return self._builder.load(place)

    def _array(self, kind: types.Array) -> Any:
        """Read an array, whose items lie in C order."""
        array = make_array(kind)(self._context, self._builder)
        shape = [self._next(1) for _ in range(kind.ndim)]
        size = self._context.get_constant(
            types.intp, self._context.get_abi_sizeof(self._context.get_data_type(kind.dtype))
        )
        strides = [size]
        for length in reversed(shape[1:]):
            strides.insert(0, self._builder.mul(strides[0], length))
        data = self._builder.inttoptr(self._next(0), array.data.type)
        populate_array(array, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
        return array._getvalue()


#: What a library shows of an entry, and what numba takes from itself to see an array in C order in another shape.
_ADDED: Final = """
declare i32 @"{inner}"(ptr, ptr, ptr, ptr, ptr)

define i32 @"{name}"(ptr %pointers, ptr %wholes, ptr %reals) {{
  %nothing = alloca ptr
  %fault = alloca ptr
  %status = call i32 @"{inner}"(ptr %nothing, ptr %fault, ptr %pointers, ptr %wholes, ptr %reals)
  ret i32 %status
}}

define i32 @numba_attempt_nocopy_reshape(
  i64 %axes, ptr %shape, ptr %steps, i64 %new, ptr %lengths, ptr %strides, i64 %item, i32 %backwards
) alwaysinline {{
entry:
  br label %next
next:
  %left = phi i64 [ %new, %entry ], [ %at, %fill ]
  %step = phi i64 [ %item, %entry ], [ %wider, %fill ]
  %done = icmp eq i64 %left, 0
  br i1 %done, label %end, label %fill
fill:
  %at = sub i64 %left, 1
  %place = getelementptr i64, ptr %strides, i64 %at
  store i64 %step, ptr %place
  %length = getelementptr i64, ptr %lengths, i64 %at
  %count = load i64, ptr %length
  %wider = mul i64 %step, %count
  br label %next
end:
  ret i32 1
}}
"""


def reading(signature: tuple[types.Type, ...]) -> Any:
    """Return what reads all arguments of an entry from three tables."""

    @intrinsic
    def read(_: Any, pointers: Any, wholes: Any, reals: Any) -> Any:
        arguments = types.Tuple(signature)

        def code(context: Any, builder: Any, __: Any, tables: Any) -> Any:
            return Reader(context, builder, tables).value(arguments)

        return arguments(pointers, wholes, reals), code

    return read


def lowered(name: str, entry: Any) -> llvm.ModuleRef:
    """Return an entry as a module that shows one function alone, of that name, which takes three tables."""
    (signature,) = entry.signatures
    read = reading(tuple(map(plain, signature)))

    def called(pointers: Any, wholes: Any, reals: Any) -> None:
        entry(*read(pointers, wholes, reals))

    options = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cpython_wrapper": True}
    tables = map(types.CPointer, (types.int64, types.int64, types.float64))
    made = numba.njit(types.void(*tables), no_cfunc_wrapper=True, **options)(called)
    (code,) = made.overloads.values()
    module = llvm.parse_assembly(code.library.get_llvm_str())
    module.link_in(llvm.parse_assembly(_ADDED.format(name=name, inner=code.fndesc.llvm_func_name)))
    hide(module, name)
    return module


def plain(kind: types.Type) -> types.Type:
    """Return the kind of an argument with its arrays writable, as a library takes them."""
    if isinstance(kind, types.Array):
        return types.Array(kind.dtype, kind.ndim, "C")
    if isinstance(kind, types.BaseNamedTuple):
        return types.BaseTuple.from_types(tuple(map(plain, kind.types)), kind.instance_class)
    return kind


def module_of(made: dict[str, Any]) -> str:
    """Return one module of all entries, as text that fits every target."""
    module, *others = [lowered(name, entry) for name, entry in made.items()]
    for other in others:
        module.link_in(other)
    return str(module)


def hide(module: llvm.ModuleRef, shown: str) -> None:
    """Hide everything that a module defines but one function."""
    for one in (*module.functions, *module.global_variables):
        if not one.is_declaration and one.name != shown:
            one.linkage = "internal"


# From the module to libraries and wheels


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


def fill(folder: Path, module: str, kinds: dict[str, list[str]], targets: Iterable[Target]) -> None:
    """Make a folder of libraries and their list."""
    from foresight.engine import library as loader
    from foresight.engine.compiled import sources_digest

    folder.mkdir(parents=True, exist_ok=True)
    made = [library(module, target, folder) for target in targets]
    listed = {"digest": sources_digest(loader.FOLDER.parent), "libraries": made, "entries": kinds}
    (folder / loader.LIST).write_text(json.dumps(listed, indent=1) + "\n", "utf-8")


def main(folder: str, *systems: str) -> None:
    """Make a folder of libraries for each system: those named, else those that have wheels."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    made = entries()
    module = module_of(made)
    kinds = {name: described(types.Tuple(*entry.signatures)) for name, entry in made.items()}
    for system in systems or [name for name in SYSTEMS if name != "wasm32"]:
        fill(Path(folder) / system, module, kinds, SYSTEMS[system])


if __name__ == "__main__":
    main(*sys.argv[1:])
