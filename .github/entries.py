"""The entries of the engine as one module of LLVM, lowered by numba and not yet optimised, for `library.py`."""

import os
import tempfile
import warnings
from typing import Any, Final

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import as_dtype


def lowered_entries() -> tuple[str, dict[str, list[str]]]:
    """Return a module of all entries, as text that fits every target, and the kinds of arguments that each takes."""
    made = compiled_entries()
    module, *others = [lowered(name, entry) for name, entry in made.items()]
    for other in others:
        module.link_in(other)
    return str(module), {name: described(types.Tuple(*entry.signatures)) for name, entry in made.items()}


def compiled_entries() -> dict[str, Any]:
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
        if kind.layout != "C":
            raise SystemExit(f"called with an array that is not in C order: {kind}")
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


#: What a library shows of an entry.
_ADDED: Final = """
declare i32 @"{inner}"(ptr, ptr, ptr, ptr, ptr)

define i32 @"{name}"(ptr %pointers, ptr %wholes, ptr %reals) {{
  %nothing = alloca ptr
  %fault = alloca ptr
  %status = call i32 @"{inner}"(ptr %nothing, ptr %fault, ptr %pointers, ptr %wholes, ptr %reals)
  ret i32 %status
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
    if isinstance(kind, types.BaseTuple):
        return types.BaseTuple.from_types(tuple(map(plain, kind)), getattr(kind, "instance_class", None))
    if isinstance(kind, types.Array):
        return types.Array(kind.dtype, kind.ndim, "C")
    return kind


def hide(module: llvm.ModuleRef, shown: str) -> None:
    """Hide everything that a module defines but one function."""
    for one in (*module.functions, *module.global_variables):
        if not one.is_declaration and one.name != shown:
            one.linkage = "internal"
