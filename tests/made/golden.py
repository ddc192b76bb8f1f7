"""The numbers each bundled scenario is known to give; `make golden` writes them anew and says which moved."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from places import ROOT

import foresight
from foresight.actions import ACTIONS, LAST_YEAR
from foresight.facts.members import REGION
from foresight.parcels.trial import result_digest
from foresight.results.metrics import headline
from foresight.results.outcomes import ALL_ACTIONS
from foresight.runs import EFFECTS, Effects
from foresight.scenario.loading import bundled

FOLDER = Path(__file__).parents[1] / "golden"
REPLICATES = 40
SEED = 1

#: Runs of which CHANGELOG.md tells the middle.
TOLD_RUNS: Final = 200

#: The page that names a run by its digest.
CITE: Final = ROOT / "notebooks" / "reference" / "cite.md"


def computed(scenario: str) -> dict[str, Any]:
    """Run a scenario and return what a golden file holds: digests, rungs summed over members and runs, what is told."""
    results = foresight.simulate(scenario, replicates=REPLICATES, seed=SEED)
    dataset = results.dataset
    years = [int(year) for year in dataset.year.values]
    totals = {
        name: {
            action: [int(total) for total in dataset[name].sel(action=action).sum(["replicate", "member"]).values]
            for action in ACTIONS
        }
        for name in ("pledged", "delivered")
    }
    digests = {name: dataset.attrs[name] for name in ("scenario_digest", "result_digest")}
    told = {effects: told_of(scenario, effects) for effects in reversed(EFFECTS)}
    return {"replicates": REPLICATES, "seed": SEED, **digests, "told": told, "years": years, **totals}


def told_of(scenario: str, effects: Effects) -> dict[str, str]:
    """Return what CHANGELOG.md tells of a scenario: medians, with 8 of 10 runs, and a share."""
    results = foresight.simulate(scenario, TOLD_RUNS, SEED, "summary", effects=effects)
    rows = {(row["outcome"], row["scope"], row["action"]): row for row in headline(results).to_dict("records")}
    told = {"delivered rungs a member": ("mean_delivered", REGION, ALL_ACTIONS), "trust": ("trust", REGION, "")}
    found = {
        f"{name}, {LAST_YEAR}": "{median:.2f} ({p10:.2f} to {p90:.2f})".format_map(rows[key])
        for name, key in told.items()
    }
    return {**found, "pathway completed": f"{100 * rows['completed', REGION, '']['median']:.1f} %"}


def moved(scenario: str, before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """Yield the rows of a scenario in CHANGELOG.md, old → new."""
    for name in now["told"]["posterior"]:
        pairs = [(before["told"][effects][name], said[name]) for effects, said in now["told"].items()]
        if any(old != new for old, new in pairs):
            yield f"| `{scenario}` | {name} | {' | '.join(' → '.join(pair) for pair in pairs)} |"


def path(scenario: str) -> Path:
    """Return where the golden file of a scenario is."""
    return FOLDER / f"{scenario}.json"


def main() -> None:
    """Write all golden files and the digest on the page; say what moved as CHANGELOG.md has it."""
    rows = [f"| scenario | | {' | '.join(f'`{one}`' for one in reversed(EFFECTS))} |", "|---|---|---|---|"]
    for scenario in bundled():
        now = computed(scenario)
        if path(scenario).exists():
            rows += moved(scenario, json.loads(path(scenario).read_text("utf-8")), now)
        path(scenario).write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", "utf-8")
    CITE.write_text(re.sub("(?<=digest )[0-9a-f]{64}", result_digest(), CITE.read_text("utf-8")), "utf-8")
    print(*rows if len(rows) > 2 else ["No number that CHANGELOG.md tells has moved."], sep="\n")


if __name__ == "__main__":
    main()
