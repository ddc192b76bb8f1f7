"""Whole histories of runs, as tests look at them."""

from collections.abc import Sequence

from foresight.arrays import Codes
from foresight.engine.ensemble import BLOCK, every_domain, new_history, simulate_blocks
from foresight.engine.inputs import Inputs
from foresight.engine.state import History
from foresight.runs import DRAWN, Runs


def simulate_history(
    inputs: Inputs,
    seed: int,
    replicates: Sequence[int] | Codes,
    threads: int | None = None,
    block: int = BLOCK,
) -> History:
    """Simulate runs and keep the whole history of every member as arrays, about 106 kB a run.

    Parameters
    ----------
    inputs : Inputs
        Run axes of length 1 or `len(replicates)`.
    seed : int
        0 to 2**64 - 1.
    replicates : sequence of int, one a run
        Replicate numbers; runs of equal number share their luck.
    threads : int, optional
        All cores by default.
    block : int
        Runs a block.

    Returns
    -------
    History
        Run is the last axis of every array; `condition` has all five domains.
    """
    runs, whole = Runs(DRAWN, seed, replicates), new_history(inputs, len(replicates))
    for _ in simulate_blocks(inputs, runs, whole=whole, threads=threads, block=block):
        pass
    return whole._replace(condition=every_domain(whole.condition, inputs, axis=2))
