"""One member, one year: every equation of the model, once, as scalar functions.

Both drivers call these: the ensemble engine along rows of runs, the Mesa model agent by agent. The numbers in
brackets are the sub-steps of a year in the model description. Rungs are whole numbers, everything else float64;
rates and hazards are per year. Choices are written as conditional expressions, so that they compile to vector
instructions.

The order of a year: gate (1), finance (2), exposure (3), pledge (4), deliver (5), lapse and exit (6), clock (7),
capacity (8), trust (9), environment (10).
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import math
from typing import Final

import numpy as np

from foresight.actions import FIRST_YEAR, PHASE_STARTS, RUNGS
from foresight.engine.compiled import compiled

#: Constants of the calibrated pledge hazard: c0 = BASE + RIDGE x peer effect + offset (estimated on ESCAP treaty
#: records; the data fix the curve, not the split between c0 and peer effect, hence the ridge).
PLEDGE_BASE: Final = -1.67
PLEDGE_RIDGE: Final = -0.33

#: Trust and capacity stay this far from 0 and 1 when an event moves them.
EVENT_MARGIN: Final = 0.01

#: Years between review deadlines.
REVIEW_CYCLE: Final = 5

_LOG2_E: Final = 1.4426950408889634
_LN2_HIGH: Final = 6.93145751953125e-1  # ln 2 in two parts, so that k ln 2 is exact in the first
_LN2_LOW: Final = 1.42860682030941723212e-6
_ROUNDER: Final = 6755399441055744.0  # 1.5 x 2**52: adding it leaves the nearest whole number in the low bits
_EXPONENT_LIMIT: Final = 700.0
_BIAS: Final = np.int64(1023)
_MANTISSA: Final = np.int64(52)
_LONGEST_WAIT: Final = 32767  # largest value of the clock's type


@compiled
def exponential(x):
    """Return e**x to within two units in the last place, arguments held to -700..700.

    A polynomial of degree 12 rather than the system's function: it runs along rows in vector instructions, its
    parts side by side, and gives the same bits on every machine.
    """
    x = -_EXPONENT_LIMIT if x < -_EXPONENT_LIMIT else x
    x = _EXPONENT_LIMIT if x > _EXPONENT_LIMIT else x
    shifted = x * _LOG2_E + _ROUNDER
    k = shifted - _ROUNDER
    y = (x - k * _LN2_HIGH) - k * _LN2_LOW
    y2 = y * y
    y4 = y2 * y2
    low = (1.0 + y) + y2 * (1.0 / 2.0 + y * (1.0 / 6.0))
    middle = (1.0 / 24.0 + y * (1.0 / 120.0)) + y2 * (1.0 / 720.0 + y * (1.0 / 5040.0))
    upper = (1.0 / 3628800.0 + y * (1.0 / 39916800.0)) + y2 * (1.0 / 479001600.0)
    high = (1.0 / 40320.0 + y * (1.0 / 362880.0)) + y2 * upper
    p = low + (y4 * middle + (y4 * y4) * high)
    power = (np.float64(shifted).view(np.int64) + _BIAS) << _MANTISSA
    return p * np.int64(power).view(np.float64)


@compiled
def probability(hazard):
    """Return the chance that something with this hazard happens within the year."""
    return 1.0 - exponential(-hazard)


@compiled
def effect(rung):
    """Return what a delivered rung brings, e(D) = 1 - 2**-D; the power is written into the exponent bits."""
    return 1.0 - np.int64((_BIAS - rung) << _MANTISSA).view(np.float64)


@compiled
def phase(year):
    """Return the phase of a year, 1 to 4; years before the first phase count as its beginning."""
    number = 1 + (year - PHASE_STARTS[0]) // 5
    return 1 if number < 1 else (4 if number > 4 else number)


@compiled
def lever_phase(year):
    """Return which of the phases 2, 3 and 4 gives the levers of a year, as a position from 0 on."""
    number = phase(year) - 2
    return 0 if number < 0 else number


@compiled
def share(count, size):
    """Return count/size, 0 for an empty set."""
    return count / size if size > 0 else 0.0


@compiled
def choose(rung, first, second, third, fourth):
    """Return the value that belongs to rung 1, 2, 3 or 4."""
    low = first if rung <= 1 else second
    return low if rung <= 2 else (third if rung == 3 else fourth)


@compiled
def choose_delivered(rung, none, first, second, third, fourth):
    """Return the value that belongs to 0, 1, 2, 3 or 4 delivered rungs."""
    some = choose(rung, first, second, third, fourth)
    return none if rung == 0 else some


@compiled
def pledge_log_hazard_base(peer_effect, offset):
    """Return c0 on the ridge that the treaty records determine."""
    return PLEDGE_BASE + PLEDGE_RIDGE * peer_effect + offset


@compiled
def shifted_level(level, shift):
    """Move trust or capacity by an event; a shift of zero changes nothing."""
    moved = level + shift
    moved = EVENT_MARGIN if moved < EVENT_MARGIN else moved
    moved = 1.0 - EVENT_MARGIN if moved > 1.0 - EVENT_MARGIN else moved
    return moved if shift != 0.0 else level


@compiled
def shifted_rung(rung, shift, highest):
    """Move a rung by an event, within 0..highest."""
    moved = rung + shift
    moved = 0 if moved < 0 else moved
    return highest if moved > highest else moved


@compiled
def unmet(delivered, pledged):
    """Tell whether a pledge is unmet."""
    return delivered < pledged


# (1) Gate


@compiled
def next_offer(offer, calendar_phase, mean_trust, delivered_share, trust_needed, delivery_needed):
    """Raise the rung on offer by one when the phase allows it and trust and delivery suffice (H1, H3)."""
    ready = (mean_trust >= trust_needed) & (delivered_share >= delivery_needed)
    return offer + 1 if (offer < calendar_phase) & ready else offer


@compiled
def has_opened(before, now, is_first_year):
    """Tell whether the rung on offer opened in this step; that of the start of a run does so in its first."""
    return (now > before) | is_first_year


@compiled
def trust_needed(gate_trust, sd_gate, noise):
    """Return the trust that a subregion's gate asks for; noise is standard normal, once a run."""
    return gate_trust + sd_gate * noise


@compiled
def best_three(a, b, c, d, e):
    """Return the sum of the three largest of five counts."""
    least = min(a, b, c, d, e)
    low1, high1 = min(a, b), max(a, b)
    low2, high2 = min(c, d), max(c, d)
    smaller = min(max(low1, low2), min(high1, high2))
    second = min(smaller, max(min(low1, low2), e)) if e < smaller else smaller
    return a + b + c + d + e - least - second


@compiled
def ready_share(solidarity, transparency, accountability, financing, networking, offer, size, any_three, all_five):
    """Return the share of the cells a gate looks at that have delivered the rung on offer (H1).

    The actions are counts of a subregion's members that are ready. The first rung asks for the infrastructure,
    for any three actions or for all five; further rungs ask for all five.
    """
    five = solidarity + transparency + accountability + financing + networking
    best = best_three(solidarity, transparency, accountability, financing, networking)
    three = best if any_three else solidarity + transparency + networking
    whole = (offer > 1) | all_five
    return share(five if whole else three, size * (5.0 if whole else 3.0))


# (2) Finance


@compiled
def cost(delivered, pledged, cost_growth):
    """Return the cost of delivering the next rung, 0 where nothing is owed."""
    square = cost_growth * cost_growth
    price = choose(delivered + 1, 1.0, cost_growth, square, square * cost_growth)
    return price if unmet(delivered, pledged) else 0.0


@compiled
def own_resources(income, financing_catalysis, financing_effect, crisis_loss, crisis, kept):
    """Return what a member can pay itself; crisis is 0 or 1, kept the share that events leave."""
    return income * (1.0 + financing_catalysis * financing_effect) * (1.0 - crisis_loss * crisis) * kept


@compiled
def external_inflow(support, multiplier, members, growth, year, catalysis, mean_accountability):
    """Return what development partners pay into the fund in a year (H4)."""
    compound = 1.0
    for _ in range(FIRST_YEAR, year):
        compound *= 1.0 + growth
    return support * multiplier * members * compound * (1.0 + catalysis * mean_accountability)


@compiled
def contribution(solidarity_share, solidarity_effect, trust, own, need):
    """Return what a member with money to spare gives to the fund (H8)."""
    return solidarity_share * solidarity_effect * trust * excess(own, need)


@compiled
def excess(more, less):
    """Return the positive part of a difference: the gap of a member in need, the surplus of another."""
    return more - less if more > less else 0.0


@compiled
def grant_weight(gap, performance_share, accountability_effect):
    """Weigh a gap: need alone, or need and delivered accountability (H4)."""
    return gap * ((1.0 - performance_share) + performance_share * accountability_effect)


@compiled
def grant(gap, fund, weight, total_weight):
    """Return a member's part of the fund, never more than its gap."""
    part = fund * weight / (total_weight if total_weight > 0.0 else 1.0)
    return gap if gap < part else part


@compiled
def next_fund(fund, granted):
    """Return what stays in the fund."""
    left = fund - granted
    return left if left > 0.0 else 0.0


@compiled
def means(own, granted, need):
    """Return m, the part of its need that a member can pay for."""
    part = (own + granted) / (need if need > 0.0 else 1.0)
    return part if (need > 0.0) & (part < 1.0) else 1.0


@compiled
def next_coverage(coverage, granted, gap):
    """Return s, the share of the region's gap that the fund covered; unchanged where there was none."""
    return granted / gap if gap > 0.0 else coverage


# (3) Exposure


@compiled
def near_part(weight, share):
    """Weigh one circle of near peers: the subregion by 1 - kappa, the mean of a member's bodies by kappa (H7)."""
    return weight * share


@compiled
def near_log_hazard(peer_effect, near):
    """Return what near peers, or a part of them, add."""
    return peer_effect * near


@compiled
def far_log_hazard(linking, far_share, networking_effect):
    """Return what members outside the subregion add, through delivered networking (H7)."""
    return linking * far_share * networking_effect


# (4) Pledge


@compiled
def member_log_hazard(
    member_effect, ldc_penalty, ldc, coverage, reference, trust_effect, trust, assistance_effect, assistance
):
    """Return the part of the log hazard that a member carries for every action (H3, H6, H8)."""
    money = ldc_penalty * ldc * (1.0 - coverage) / (1.0 - reference)
    return member_effect + money + trust_effect * (2.0 * trust - 1.0) + assistance_effect * assistance


@compiled
def deadline(year, strength):
    """Return the pull of a review year, with the five-year mean of the hazard kept."""
    pull = strength if year % REVIEW_CYCLE == 0 else 0.0
    return pull - math.log((math.exp(strength) + (REVIEW_CYCLE - 1)) / REVIEW_CYCLE)


@compiled
def effort_log_hazard(effort, year, review_deadline):
    """Return what levers add to the log hazard."""
    return math.log(effort) + deadline(year, review_deadline)


@compiled
def member_effect(known, sd, noise):
    """Return u: a member's own effect where records tell it, else (NaN) an anonymous one; noise is standard normal."""
    return sd * noise if known != known else known


@compiled
def place_effect(sd_action, action_noise, sd_place, place_noise):
    """Return v + w, how much easier an action is everywhere and in a subregion; noise is standard normal."""
    return sd_action * action_noise + sd_place * place_noise


@compiled
def rung_log_hazard(rung, depth_penalty, slow_start, slow, opening_year, opens):
    """Return what the rung itself adds: its height, its slow start, and the year in which it opens.

    slow is 1 for accountability and financing (H6); opens tells whether this very rung opens in this step.
    """
    start = slow_start * slow if rung == 1 else 0.0
    return depth_penalty * (rung - 1) + start + (opening_year if opens else 0.0)


@compiled
def place_log_hazard(base, place_effect, near_part, rung_part):
    """Return the part of the log hazard that all members of a subregion share for an action and rung."""
    return base + place_effect + near_part + rung_part


@compiled
def pledge_log_hazard(place_part, member_part, effort_part, far_part, bodies_part):
    """Return the log hazard of pledging the next rung."""
    return place_part + member_part + effort_part + far_part + bodies_part


@compiled
def linear_hazard(innovation, imitation, near_share):
    """Return the hazard of the discrete Bass (1969) model.

    It serves a textbook limit in tests alone: no scenario chooses it.
    """
    return innovation + imitation * near_share


# (5) Deliver, (6) lapse and exit


@compiled
def safeguard(accountability_effect, accountability):
    """Return how delivered accountability speeds delivery and slows lapse and exit (H4)."""
    return exponential(accountability_effect * accountability)


@compiled
def delivery_hazard(rate, capacity, means_share, safeguard_factor):
    """Return the hazard of delivering the next rung, before any effort (H4, H5)."""
    return rate * capacity * means_share * safeguard_factor


@compiled
def slipping_hazard(rate, safeguard_factor):
    """Return the hazard of lapsing or of leaving."""
    return rate / safeguard_factor


@compiled
def may_pledge(pledged, offer, highest):
    """Tell whether there is a next rung to pledge, and on offer."""
    return (pledged < offer) & (pledged < highest)


@compiled
def may_slip(rung, rises):
    """Tell whether a rung can be lost this year: a delivery by lapse, a pledge by exit, unless a further one comes."""
    return (rung > 0) & (not rises)


@compiled
def next_pledged(pledged, pledges, leaves):
    """Return the highest rung pledged at the end of the year."""
    return pledged + pledges - leaves


@compiled
def next_delivered(delivered, delivers, lapses, pledged):
    """Return the highest rung delivered at the end of the year, never above the pledge as it then is."""
    moved = delivered + delivers - lapses
    return moved if moved < pledged else pledged


# (7) Clock


@compiled
def whole_years(grace_years):
    """Return years of grace as a whole number that the clock's type can be compared with."""
    return np.int16(grace_years if grace_years < _LONGEST_WAIT else _LONGEST_WAIT)


@compiled
def overdue(delivered, pledged, waiting, grace_years):
    """Tell whether a pledge is unmet for as long as the years of grace, or longer."""
    return unmet(delivered, pledged) & (waiting >= grace_years)


@compiled
def kept(delivered, late):
    """Tell whether something is delivered and nothing is overdue."""
    return (delivered > 0) & (not late)


@compiled
def still_waiting(delivered, pledged, newly_delivered, next_delivered, next_pledged):
    """Tell whether the unmet pledge of a year is still the one that waits at its end."""
    return unmet(delivered, pledged) & (not newly_delivered) & unmet(next_delivered, next_pledged)


@compiled
def next_waiting(waiting, goes_on):
    """Count the years that the present unmet pledge has waited, from the end of the year it was made."""
    return (waiting + 1) * goes_on


# (8) Capacity


@compiled
def relaxed(level, target, rate):
    """Move a level towards its target for a year, at a rate."""
    return target + (level - target) * exponential(-rate)


@compiled
def support(granted, need, networking_effect):
    """Return st, the help in building capacity: money that came and networks delivered."""
    funded = granted / (need if need > 0.0 else 1.0)
    return 0.5 * (funded + networking_effect)


@compiled
def next_capacity(capacity, base, help_received, gain, decay):
    """Build capacity with help, lose it without (H5)."""
    rate = gain * help_received + decay
    target = (gain * help_received + decay * base) / (rate if rate > 0.0 else 1.0)
    return relaxed(capacity, target, rate) if rate > 0.0 else capacity


# (9) Trust


@compiled
def visibility(least, transparency_effect):
    """Return how much of what a member does the others see."""
    return least + (1.0 - least) * transparency_effect


@compiled
def promises_seen(visible, promises, actions):
    """Return the share of the actions with a promise kept, or broken, as far as the others see it."""
    return visible * promises / actions


@compiled
def circle_mean(own_weight, own_total, mine, own_size, all_total, all_size):
    """Mix the mean over the others of a member's subregion with the mean over members outside it."""
    inside = share(own_total - mine, own_size - 1.0)
    outside = share(all_total - own_total, all_size - own_size)
    return own_weight * inside + (1.0 - own_weight) * outside


@compiled
def next_trust(trust, kept_seen, broken_seen, gain, asymmetry):
    """Raise trust with promises seen kept and lower it with promises seen broken (H2)."""
    up = gain * kept_seen
    rate = up + gain * asymmetry * broken_seen
    target = up / (rate if rate > 0.0 else 1.0)
    return relaxed(trust, target, rate) if rate > 0.0 else trust


# (10) Environment


@compiled
def action_part(weight, delivered):
    """Return what the delivered rungs of one action do for a domain, 0..weight."""
    return weight * (delivered / RUNGS)


@compiled
def pressure_left(pressure, action_effect, spillover, own_action, subregion_action):
    """Return the pressure on a domain after action at home and in the subregion."""
    return pressure * (1.0 - action_effect * ((1.0 - spillover) * own_action + spillover * subregion_action))


@compiled
def heading(recovery, pressure):
    """Return the condition that a domain tends to while pressure stays as it is."""
    level = 1.0 - pressure / recovery
    return level if level > 0.0 else 0.0


@compiled
def growth_ratio(z):
    """Return (e**z - 1)/z, 1 at z = 0, to 1e-15 for rates up to 2 a year.

    A series at z/8, where it needs no case of its own for small z, then doubled three times by
    g(2y) = g(y) (1 + y g(y)/2).
    """
    y = 0.125 * z
    y2 = y * y
    low = (1.0 + y * (1.0 / 2.0)) + (1.0 / 6.0 + y * (1.0 / 24.0)) * y2
    high = (1.0 / 120.0 + y * (1.0 / 720.0)) + (1.0 / 5040.0 + y * (1.0 / 40320.0)) * y2
    top = (1.0 / 362880.0 + y * (1.0 / 3628800.0)) + (1.0 / 39916800.0 + y * (1.0 / 479001600.0)) * y2
    g = low + (high + top * (y2 * y2)) * (y2 * y2)
    g *= 1.0 + 0.5 * y * g
    g *= 1.0 + y * g
    return g * (1.0 + 2.0 * y * g)


@compiled
def next_condition(condition, recovery, pressure):
    """Advance the logistic recovery of a domain under pressure exactly by one year."""
    z = recovery - pressure
    g = growth_ratio(z)
    return condition * (1.0 + z * g) / (1.0 + recovery * condition * g)
