"""The bits of runs in twelve settings: whole histories and the series of ten scopes, reals included.

`python tests/made/digests.py` prints one SHA-256 a setting. Engines that are compiled in different ways print the same.
"""

import hashlib
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np
from cases import CASES, SCENARIOS, coalitions, events, every_other, uneven_weights
from drivers import states

from foresight.engine.draws import posterior_draws, seed_key
from foresight.engine.ensemble import new_history, new_tally, simulate_blocks
from foresight.engine.inputs import Inputs, Uncertainties
from foresight.engine.ranks import ranked
from foresight.engine.summary import obstacle_gains, summarised
from foresight.facts.scopes import SCOPES, scope_masks
from foresight.runs import DRAWN, Runs
from foresight.scenario.loading import load_scenario

#: More than a block, and no multiple of the numbers that a vector instruction takes.
RUNS = 301
SEED = 1


def varied() -> Inputs:
    """Return runs none of which has the uncertainties of another, with bodies among the peers, and coalitions."""
    inputs, factors = CASES["bodies a little"], np.random.default_rng(SEED)
    rows = [factors.uniform(0.7, 1.3, RUNS) * value[0] for value in inputs.uncertainties]
    return inputs.replace(uncertainties=Uncertainties(*rows), **coalitions())


def eventful() -> Inputs:
    """Return a world that events shake in every way."""
    members, actions = CASES["everything"].events.pledged.shape[1:]
    shocks = {"trust": every_other(-0.1, (members,)), "capacity": every_other(0.3, (members,))}
    rungs = {"pledged": every_other(1, (members, actions)), "delivered": every_other(-1, (members, actions))}
    return CASES["historical-pace"].replace(events=events(resources_kept=0.6, **shocks, **rungs))


SETTINGS: dict[str, Inputs] = {
    **SCENARIOS,
    "varied": varied(),
    "uneven weights": CASES["historical-pace"].replace(action_weights=uneven_weights()),
    "events": eventful(),
    **{f"link {name}": CASES[f"link {name}"] for name in ("linear with bodies", "threshold on a graph")},
    **{f"gate {name}": CASES[f"gate {name}"] for name in ("any three", "all five from 2031", "calendar")},
}


def digest(inputs: Inputs) -> str:
    """Return the SHA-256 of everything that runs give."""
    masks = scope_masks(SCOPES, load_scenario("historical-pace").members())
    whole, tally = new_history(inputs, RUNS), new_tally(inputs, masks, RUNS)
    for _ in simulate_blocks(inputs, Runs(DRAWN, SEED, range(RUNS)), whole=whole, tally=tally):
        pass
    made = hashlib.sha256()
    for array in arrays((whole, tally.series)):
        made.update(array)
    return made.hexdigest()


def digests() -> dict[str, str]:
    """Return the digests of all settings."""
    return {name: digest(inputs) for name, inputs in SETTINGS.items()}


def digest_of_others() -> str:
    """Return the SHA-256 of what the other entries give of one world: draws, series, obstacles and ranks."""
    inputs = CASES["everything"]
    history = new_history(inputs, RUNS)
    deque(simulate_blocks(inputs, Runs(DRAWN, SEED, range(RUNS)), whole=history), maxlen=0)
    draws = posterior_draws(np.arange(RUNS, dtype=np.uint32), 1000, *seed_key(SEED))
    series = summarised(inputs, scope_masks(SCOPES, load_scenario("historical-pace").members()), history).series
    parts = (draws, series, obstacle_gains(inputs, history, 0.9), ranked(history.pledged, np.arange(4)))
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in arrays(parts))).hexdigest()


def digest_of_agents() -> str:
    """Return the SHA-256 of what agents do in some worlds, year by year."""
    worlds = (CASES[name] for name in ("everything", "slipping", "baiji-returns"))
    parts = (part for inputs in worlds for part in states(inputs, SEED, 0).values())
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def arrays(value: Any) -> Iterator[Any]:
    """Yield the arrays of nested records."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from arrays(part)


if __name__ == "__main__":
    for name, found in digests().items():
        print(f"{found}  {name}")
