"""The numbers each bundled scenario is known to give; `make golden` writes them anew."""

import json
from pathlib import Path

import foresight
from foresight.actions import ACTIONS
from foresight.scenario.loading import bundled

FOLDER = Path(__file__).parents[1] / "golden"
REPLICATES = 40
SEED = 1


def computed(scenario: str) -> dict:
    """Run a scenario and return what a golden file holds: digests, and rungs summed over members and runs."""
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
    return {"replicates": REPLICATES, "seed": SEED, **digests, "years": years, **totals}


def path(scenario: str) -> Path:
    """Return where the golden file of a scenario is."""
    return FOLDER / f"{scenario}.json"


def main() -> None:
    """Write all golden files."""
    for scenario in bundled():
        path(scenario).write_text(json.dumps(computed(scenario), indent=1) + "\n")


if __name__ == "__main__":
    main()
