"""Sub-steps (8) to (10) of a block: capacity, trust and the condition of the domains."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from foresight.engine import rules
from foresight.engine.compiled import rows
from foresight.engine.exposure import promises_of
from foresight.engine.state import SUBREGION_COUNT, U


@rows
def build_capacity(base, capacity, need, granted, networking, u, next_capacity):
    """Sub-step (8) of one member."""
    for r in range(capacity.shape[0]):
        helped = rules.support(granted[r], need[r], rules.effect(networking[r]))
        next_capacity[r] = rules.next_capacity(capacity[r], base, helped, u[U.capacity_gain, r], u[U.capacity_decay, r])


@rows
def form_trust(i, g, trust, u, census, next_trust):
    """Sub-step (9) of one member."""
    inside, everybody = census.size[g], census.size.sum()
    seen = promises_of(census.seen, i)
    own, everywhere = promises_of(census.total, g), promises_of(census.total, SUBREGION_COUNT)
    for r in range(trust.shape[0]):
        weight = u[U.own_subregion_weight, r]
        kept = rules.circle_mean(weight, own.kept[r], seen.kept[r], inside, everywhere.kept[r], everybody)
        broken = rules.circle_mean(weight, own.broken[r], seen.broken[r], inside, everywhere.broken[r], everybody)
        next_trust[r] = rules.next_trust(trust[r], kept, broken, u[U.trust_gain, r], u[U.trust_asymmetry, r])


@rows
def recover(condition, acted, acted_mean, u, next_condition):
    """Sub-step (10) of one domain of a member."""
    for r in range(condition.shape[0]):
        left = rules.pressure_left(u[U.pressure, r], u[U.action_effect, r], u[U.spillover, r], acted[r], acted_mean[r])
        next_condition[r] = rules.next_condition(condition[r], u[U.recovery_rate, r], left)
