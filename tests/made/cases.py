"""Inputs that switch on every mechanism of the model, by name: what drivers and yardstick must agree on."""

from typing import Any

import numpy as np

from foresight.actions import ACTIONS, DOMAINS, LAST_YEAR, SUBREGIONS
from foresight.engine.inputs import Circle, Events, Gate, Inputs, Link, Members, Start
from foresight.scenario.building import build
from foresight.scenario.loading import bundled, load_scenario

BASE = build(load_scenario("historical-pace"))
STEPS, COUNT = BASE.members.ldc.shape
CELLS = (COUNT, len(ACTIONS))

#: 41 bits, so that both words of the key matter.
LONG_SEED = 2**40 + 12345

#: First step of the events of these cases: 2028, when there is something to lose.
_FROM = 11


def changed(**changes: Any) -> Inputs:
    return BASE.replace(**changes)


def events(**shocks: Any) -> Events:
    """Return the base's events with each shock, shaped like one step, in every other year of ten."""
    result = {name: values.copy() for name, values in BASE.events._asdict().items()}
    for name, shock in shocks.items():
        result[name][_FROM : _FROM + 10 : 2] = shock
    return Events(**result)


def every_other(value: float, shape: tuple[int, ...]) -> np.ndarray:
    """Return an array with a value at every other place."""
    return np.where(np.arange(np.prod(shape)).reshape(shape) % 2, value, 0)


def coalitions() -> dict[str, Any]:
    """Return two coalitions whose efforts differ by action and phase."""
    ramp = np.linspace(0.5, 4.0, 3 * len(ACTIONS) * 3).reshape(3, len(ACTIONS), 3, 1)
    return {"group": np.arange(COUNT) % 3, "pledge_effort": ramp, "delivery_effort": ramp[::-1].copy()}


def ring(threshold: float) -> Circle:
    """Return a graph in which member i looks at its next i % 4 members: some at nobody."""
    neighbours = [[(i + step) % COUNT for step in range(1, 1 + i % 4)] for i in range(COUNT)]
    offset = np.cumsum([0, *map(len, neighbours)], dtype=np.int64)
    return Circle(np.full(COUNT, threshold), offset, np.concatenate(neighbours).astype(np.int64))


def start() -> Start:
    """Return a start in the middle of things, different for every member."""
    pledged = np.arange(COUNT * len(ACTIONS)).reshape(CELLS) % 3
    delivered = np.minimum(pledged, np.arange(COUNT)[:, None] % 2)
    return Start(
        pledged=pledged.astype(np.int8),
        delivered=delivered.astype(np.int8),
        waiting=(np.arange(COUNT)[:, None] % 7 * (delivered < pledged)).astype(np.int16),
        offer=np.array([1, 2, 1, 3, 2], np.int8),
        trust=np.linspace(0.2, 0.8, COUNT),
        capacity=np.linspace(0.3, 0.9, COUNT),
        condition=np.linspace(0.1, 1.0, COUNT * len(DOMAINS)).reshape(COUNT, -1),
        fund=12.5,
        coverage=0.6,
    )


def graduating() -> Members:
    """Return the members with the least developed of them graduating in 2030."""
    members = BASE.members
    after = (np.arange(STEPS) >= 13)[:, None]
    income = np.where(after & (members.ldc == 1), 1.0, members.income)
    return members._replace(ldc=np.where(after, 0.0, members.ldc), income=income)


def gated(gate: Gate, since: int = 2017) -> Inputs:
    """Return a gate with efforts that make it open."""
    return changed(gate=int(gate), gate_from=since, pledge_effort=3.0, delivery_effort=3.0)


def everything() -> Inputs:
    """Return all mechanisms at once."""
    shocks = events(
        resources_kept=0.6,
        trust=every_other(-0.1, (COUNT,)),
        pledged=every_other(1, CELLS),
        delivered=every_other(-1, CELLS),
    )
    return changed(
        **coalitions(),
        events=shocks,
        start=start(),
        body_weight=0.4,
        linking=1.6,
        assistance=0.8,
        support_multiplier=2.0,
        review_deadline=1.2,
        performance_share=0.7,
        solidarity_share=0.9,
        gate=int(Gate.ANY_THREE),
        gate_from=2025,
        levers_from=2022,
        action_weights=uneven_weights(),
    )


def uneven_weights() -> np.ndarray:
    """Return weights of which two rows are equal."""
    rows = 1.0 + np.arange(len(DOMAINS) * len(ACTIONS)).reshape(len(DOMAINS), -1) % 7
    rows[3] = rows[1]
    return rows / rows.sum(axis=1, keepdims=True)


SCENARIOS = {name: build(load_scenario(name)) for name in bundled()}

MECHANISMS = {
    "49 states": build(load_scenario("historical-pace", set={"structure.members": "states"})),
    "no events": build(load_scenario("historical-pace", set={"events": []})),
    "gate infrastructure": gated(Gate.INFRASTRUCTURE),
    "gate any three": gated(Gate.ANY_THREE),
    "gate all five": gated(Gate.ALL_FIVE),
    "gate calendar": gated(Gate.CALENDAR),
    "gate calendar from 2027": gated(Gate.CALENDAR, 2027),
    "gate all five from 2031": gated(Gate.ALL_FIVE, 2031),
    "gate without noise": changed(sd_gate=0.0, gate_trust=0.35, initial_trust=0.35),
    "bodies a little": changed(body_weight=0.3),
    "bodies alone": changed(body_weight=1.0),
    "coalitions": changed(**coalitions()),
    "levers from the start": changed(**coalitions(), levers_from=2017, assistance=1.0),
    "levers in the last year": changed(**coalitions(), levers_from=LAST_YEAR - 1),
    "review deadlines": changed(review_deadline=2.4),
    "linking": changed(linking=1.6),
    "free riding": changed(outside_peer_effect=-0.4, linking=-0.4),
    "performance share": changed(performance_share=1.0, base_performance_share=0.5),
    "solidarity share": changed(solidarity_share=1.0, base_solidarity_share=0.0),
    "assistance": changed(assistance=np.array([[0.2], [0.6], [1.0]]), support_multiplier=4.0),
    "no money": changed(external_support=0.0, solidarity_share=0.0, base_solidarity_share=0.0),
    "resources lost": changed(events=events(resources_kept=0.5)),
    "trust shaken": changed(events=events(trust=every_other(-0.6, (COUNT,)))),
    "capacity shaken": changed(events=events(capacity=every_other(0.7, (COUNT,)))),
    "exits": changed(events=events(pledged=every_other(-1, CELLS))),
    "breakthroughs": changed(events=events(pledged=np.ones(CELLS), delivered=every_other(1, CELLS))),
    "delivery lost": changed(events=events(delivered=-np.ones(CELLS))),
    "link linear": changed(link=int(Link.LINEAR), innovation=0.03, imitation=0.38),
    "link threshold": changed(link=int(Link.THRESHOLD), threshold=np.arange(COUNT) / COUNT),
    "link threshold on a graph": changed(link=int(Link.THRESHOLD), circle=ring(0.5), start=start()),
    "link linear with bodies": changed(link=int(Link.LINEAR), innovation=0.03, imitation=0.38, body_weight=0.5),
    "link threshold with bodies": changed(
        link=int(Link.THRESHOLD), threshold=np.arange(COUNT) / COUNT, body_weight=0.5
    ),
    "link linear on a graph": changed(link=int(Link.LINEAR), innovation=0.03, imitation=0.38, circle=ring(0.5)),
    "one rung": changed(rungs=1, pledge_effort=4.0, delivery_effort=4.0),
    "start given": changed(start=start()),
    "graduation": changed(members=graduating()),
    "one subregion": changed(subregion=np.full(COUNT, len(SUBREGIONS) - 1)),
    "short horizon": changed(last_year=2024),
    "slipping": changed(lapse_rate=0.3, exit_rate=0.2, crisis_probability=0.15, crisis_loss=0.5),
    "no accountability effect": changed(accountability_effect=0.0, accountability_catalysis=0.0),
    "no grace": changed(grace_years=0.0),
    "endless grace": changed(grace_years=np.inf),
    "trust and capacity still": changed(trust_gain=0.0, capacity_gain=0.0, capacity_decay=0.0),
    "pressure equal to recovery": changed(pressure=0.06, action_effect=0.0),
    "pressure beyond recovery": changed(pressure=0.2, action_weights=uneven_weights()),
    "everything": everything(),
}

CASES = {**SCENARIOS, **MECHANISMS}
