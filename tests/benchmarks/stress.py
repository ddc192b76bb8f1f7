"""How long a stress test of five strategies takes, and how its memory grows with the futures.

Run as ``python tests/benchmarks/stress.py [--futures 250 1000] [--json]``, a minute; each number of futures has a
process of its own. Beside the time that passes stands that of the processor, as others may be at work on the machine.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any, Final

from foresight import load_scenario, stress
from foresight.experiments.experiment import Experiment
from foresight.scenario.loading import bundled

REPLICATES: Final = 20

#: Seconds that a thousand futures may take on two cores, and how much more memory they may need than a quarter of them.
MOST_SECONDS: Final = 30.0
MOST_GROWTH: Final = 1.25


def measured(futures: int) -> dict[str, float]:
    """Try the scenarios that ship and a fifth strategy over so many futures, and return what it took."""
    base = load_scenario("baiji-returns", set={"levers.delivery_effort.financing": [2, 2, 2]})
    strategies = [*bundled(), base.model_copy(update={"id": "more-delivery"})]
    sampler = {"method": "latin_hypercube", "n": futures}
    table: dict[str, Any] = {"id": "futures", "scenarios": ("historical-pace",), "sampler": sampler}
    experiment = Experiment.model_validate({**table, "replicates": REPLICATES, "uncertainties": "all"})
    stress(strategies, experiment.model_copy(update={"replicates": 1}))  # compiled, and read from files
    wall, cpu = time.perf_counter(), time.process_time()
    stress(strategies, experiment)
    return {
        "futures": futures,
        "runs": futures * REPLICATES * len(strategies),
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Measure, show, and end with 1 if it takes too long or too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--futures", type=int, nargs="+", default=[250, 1000])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one)))
        return
    rows = [_apart(count) for count in given.futures]
    for row in rows:
        print(json.dumps(row) if given.json else _line(row), flush=True)
    grown = rows[-1]["peak_mb"] / rows[0]["peak_mb"]
    raise SystemExit(int(rows[-1]["seconds"] > MOST_SECONDS or grown > MOST_GROWTH))


def _apart(futures: int) -> dict[str, float]:
    """Measure in a process of its own."""
    made = subprocess.run([sys.executable, __file__, "--one", str(futures)], check=True, capture_output=True, text=True)
    row: dict[str, float] = json.loads(made.stdout)
    return row


def _line(row: dict[str, float]) -> str:
    return (
        f"{row['futures']:6.0f} futures {row['runs']:8,.0f} runs {row['seconds']:6.1f} s "
        f"{row['cpu_seconds']:6.1f} s of the processor {row['peak_mb']:6.0f} MB"
    )


if __name__ == "__main__":
    main()
