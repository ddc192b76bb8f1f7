"""The run by which somebody who has unpacked an archive can tell that it works."""

from typing import Final

from foresight.results.simulation import simulate
from foresight.runs import DRAWN

_SCENARIO: Final = "baiji-returns"
_REPLICATES: Final = 40
_SEED: Final = 1

#: What is typed after the name of the program.
CALL: Final = (
    *("run", _SCENARIO, "--replicates", str(_REPLICATES)),
    *("--seed", str(_SEED), "--effects", DRAWN, "--json"),
)


def result_digest() -> str:
    """Return the digest of the whole numbers of the run, as they come out here."""
    return str(simulate(_SCENARIO, _REPLICATES, _SEED, effects=DRAWN).dataset.attrs["result_digest"])
