"""How long a brief of the four scenarios that ship takes once their runs are there, in English and in Chinese.

Run as ``python tests/benchmarks/brief.py [--rounds 3]``; about a minute.
Seconds of the processor are those of all cores.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Final

from foresight.documents.webpage import html
from foresight.reports.brief.numbers import gathered
from foresight.reports.brief.page import document
from foresight.results.simulation import simulate
from foresight.runs import USUAL
from foresight.scenario.loading import bundled

#: Seconds that it may take.
LIMIT: Final = 10.0

PATHS: Final = ("historical-pace", *(name for name in bundled() if name != "historical-pace"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    rounds = options.parse_args().rounds
    results = [simulate(path, effects=USUAL) for path in PATHS]
    for one in results:
        _ = one.summary  # it is made once, with the runs

    def pages() -> list[str]:
        grounds = gathered(results)
        return [html(document(grounds, language)) for language in ("en", "zh")]

    pages()  # imports, and what is compiled
    walls, processor, written = zip(*(timed(pages) for _ in range(rounds)), strict=True)
    print(f"two briefs: {median(walls):.1f} s, at most {LIMIT:g}; {median(processor):.1f} s of the processor")
    print(f"a page: {max(len(page.encode()) for page in written[0]) / 1e6:.2f} MB")


def timed(work: Callable[[], list[str]]) -> tuple[float, float, list[str]]:
    """Return the seconds that work takes, those of the processor, and what it gives."""
    wall, processor = time.perf_counter(), time.process_time()
    given = work()
    return time.perf_counter() - wall, time.process_time() - processor, given


if __name__ == "__main__":
    main()
