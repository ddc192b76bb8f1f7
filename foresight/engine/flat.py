"""An array as one row, uncopied: long rows are faster than many."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from typing import Any

from foresight.engine.compiled import COMPILES


def flat(array: Any) -> Any:
    """Return an array in C order as one row."""
    return array.reshape(array.size)


def _inlined() -> Any:
    """Return the same for compiled code, written into those that call it; numba's own way calls a helper each time."""
    from numba.core import types
    from numba.core.errors import TypingError
    from numba.core.imputils import impl_ret_borrowed
    from numba.extending import intrinsic
    from numba.np.arrayobj import make_array, populate_array

    @intrinsic
    def flat(_, array):
        if array.layout != "C":
            raise TypingError(f"an array that does not lie in C order is no row: {array}")
        row = types.Array(array.dtype, 1, "C", readonly=not array.mutable)

        def code(context, builder, __, arguments):
            whole, shown = make_array(array)(context, builder, arguments[0]), make_array(row)(context, builder)
            size, step = whole.nitems, whole.itemsize
            populate_array(
                *(shown, whole.data, [size], [step], step),
                meminfo=whole.meminfo,
                parent=whole.parent,
            )
            return impl_ret_borrowed(context, builder, row, shown._getvalue())

        return row(array), code

    return flat


if COMPILES:
    flat = _inlined()
