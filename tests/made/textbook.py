"""The statistics of textbook limits L1 to L7: functions from a driver to the standard errors by which it misses.

They take the driver, so that what tests say of the engine can be shown to fail where a rule is wrong.
"""

import math

import numpy as np
from scipy import special, stats
from worlds import circle, everywhere, log_hazard, z_of_binomial, z_of_counts, z_of_mean

from foresight.engine.inputs import Link, Start


def adopters(history):
    """Count the members that pledged, [year, action, run]."""
    return np.count_nonzero(history.pledged, axis=1)


def z_independent_adoption(simulate, runs=400):
    """L1: five actions in each run, all of them independent samples of a binomial number of adopters."""
    n, base = 49, -1.94
    inputs = circle(n, 5, steps=10, pledge_log_hazard_base=base)
    counts = adopters(simulate(inputs, 1, range(runs)))
    p = -math.expm1(-math.exp(base))
    return [z_of_binomial(counts[t], n, 1 - (1 - p) ** t) for t in (1, 5, 10)]


def chain(n, base, slope, steps):
    """Return the distribution of the number of adopters, float64[step, number], by the exact Markov chain."""
    k = np.arange(n + 1)
    chance = -np.expm1(-np.exp(base + slope * k / (n - 1)))
    move = stats.binom.pmf(k[None, :] - k[:, None], n - k[:, None], chance[:, None])
    rows = [np.eye(n + 1)[0]]
    for _ in range(steps):
        rows.append(rows[-1] @ move)
    return np.array(rows)


def z_peer_influence(simulate, runs=600, n=49, base=-1.94, slope=0.79, years=(1, 5, 10, 20)):
    """L2: the whole distribution of the number of adopters, five independent actions a run."""
    exact = chain(n, base, slope, years[-1])
    inputs = circle(n, steps=years[-1], pledge_log_hazard_base=base, peer_effect=slope)
    counts = adopters(simulate(inputs, 1, range(runs)))
    return [
        z
        for t in years
        for z in (
            z_of_counts(np.bincount(counts[t].ravel(), minlength=n + 1), exact[t]),
            z_of_mean(counts[t], float(exact[t] @ np.arange(n + 1))),
        )
    ]


def z_peer_influence_among_six(simulate):
    """L2 where a member is a sixth of the circle, so that counting it among its own peers would show."""
    return z_peer_influence(simulate, 1500, 6, -2.0, 2.0, (1, 2, 5))


INNOVATION, IMITATION = 0.03, 0.38


def bass(steps):
    share = 0.0
    for _ in range(steps):
        share += -math.expm1(-(INNOVATION + IMITATION * share)) * (1 - share)
    return share


def continuous_bass(t):
    decay = math.exp(-(INNOVATION + IMITATION) * t)
    return (1 - decay) / (1 + IMITATION / INNOVATION * decay)


def z_bass(simulate, target, runs=25, n=4000):
    """L3: the share of many adopters; what is left of finite size is 1/n, a tenth of a standard error."""
    inputs = circle(n, steps=10)
    structure = inputs.structure._replace(link=int(Link.LINEAR), innovation=INNOVATION, imitation=IMITATION)
    counts = adopters(simulate(inputs.replace(structure=structure), 1, range(runs)))
    return z_of_mean(counts[10] / n, target)


RATE, YEARS = 0.17, 10


def mixed_adoption(deviation):
    """Return the share of adopters where hazards are lognormal, by Gauss-Hermite quadrature."""
    node, weight = special.roots_hermitenorm(80)
    hazard = RATE * np.exp(deviation * node)
    return float(weight @ -np.expm1(-YEARS * hazard) / weight.sum())


def z_mixed_adoption(simulate, runs=1500, **deviations):
    """L4: one sample a run, the share over members and actions, because an effect may be common to them."""
    inputs = circle(20, 5, steps=YEARS, pledge_log_hazard_base=math.log(RATE), **deviations)
    share = np.mean(simulate(inputs, 1, range(runs)).pledged[YEARS] > 0, axis=(0, 1))
    return z_of_mean(share, mixed_adoption(math.hypot(*deviations.values())))


PLEDGE, DELIVERY, STEPS, GRACE = 0.16, 0.11, 12, 5

AGES = np.arange(STEPS)


def two_stages():
    """Return the world of L5 and L6: pledge, then deliver, each with a fixed chance a year."""
    return circle(
        40,
        2,
        steps=STEPS,
        pledge_log_hazard_base=log_hazard(PLEDGE),
        delivery_rate=-math.log1p(-DELIVERY),
        grace_years=GRACE,
    )


def waiting_ages():
    """Return the chance that a pledge has waited 0 .. 11 years after 12 steps: pledged at step 12 - age."""
    return PLEDGE * (1 - PLEDGE) ** (STEPS - AGES - 1) * (1 - DELIVERY) ** AGES


def z_two_stages(simulate, runs=100):
    """L5: not pledged, pledged and delivered, 200 independent cells a run."""
    history = simulate(two_stages(), 1, range(runs))
    state = history.pledged[STEPS] + history.delivered[STEPS]
    waiting = float(waiting_ages().sum())
    nothing = (1 - PLEDGE) ** STEPS
    return z_of_counts(np.bincount(state.ravel(), minlength=3), np.array([nothing, waiting, 1 - nothing - waiting]))


def z_waiting(simulate, runs=100):
    """L6: the ages of unmet pledges, and the number of those overdue."""
    history = simulate(two_stages(), 1, range(runs))
    unmet = history.delivered[STEPS] < history.pledged[STEPS]
    ages = history.waiting[STEPS][unmet]
    chances = waiting_ages()
    late = np.count_nonzero(ages >= GRACE)
    whole = z_of_counts(np.bincount(np.minimum(ages, STEPS - 1), minlength=STEPS), chances / chances.sum())
    expected = unmet.size * chances[GRACE:].sum()
    return [whole, (late - expected) / math.sqrt(expected * (1 - expected / unmet.size))]


def z_delivered_and_lapsed(simulate, runs=120):
    """L7: a pledge that all have made, delivered at .14 a year and lapsing at .02, at three times."""
    inputs = circle(40, 2, steps=100, delivery_rate=0.14, lapse_rate=0.02)
    inputs = inputs.replace(start=Start(pledged=everywhere(inputs, 1)))
    delivered = np.count_nonzero(simulate(inputs, 1, range(runs)).delivered, axis=1)
    up, down = -math.expm1(-0.14), -math.expm1(-0.02)
    return [z_of_binomial(delivered[t], 40, up / (up + down) * (1 - (1 - up - down) ** t)) for t in (1, 5, 100)]
