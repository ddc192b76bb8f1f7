"""Sub-steps (8) to (10) of a block: capacity, trust and the condition of the domains."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from foresight.engine import rules, state
from foresight.engine.compiled import rows
from foresight.engine.state import SUBREGION_COUNT, U


@rows
def build_capacity(base, capacity, need, granted, networking, u, next_capacity):
    """Sub-step (8) of one member."""
    for r in range(capacity.shape[0]):
        helped = rules.support(granted[r], need[r], rules.effect(networking[r]))
        next_capacity[r] = rules.next_capacity(capacity[r], base, helped, u[U.capacity_gain, r], u[U.capacity_decay, r])


@rows
def form_trust(g, seen, trust, u, census, circle, next_trust):
    """Sub-step (9) of one member."""
    inside, everybody = census.size[g], census.size.sum()
    kept, broken = census.kept, census.broken
    _mix_circles(kept[g], seen[state.KEPT], kept[SUBREGION_COUNT], inside, everybody, u, circle[state.KEPT])
    _mix_circles(broken[g], seen[state.BROKEN], broken[SUBREGION_COUNT], inside, everybody, u, circle[state.BROKEN])
    for r in range(trust.shape[0]):
        next_trust[r] = rules.next_trust(
            trust[r], circle[state.KEPT, r], circle[state.BROKEN, r], u[U.trust_gain, r], u[U.trust_asymmetry, r]
        )


@rows
def _mix_circles(own_total, mine, all_total, inside, everybody, u, mean):
    """Find the mean that a member sees of the promises of others."""
    for r in range(mean.shape[0]):
        mean[r] = rules.circle_mean(
            u[U.own_subregion_weight, r], own_total[r], mine[r], inside, all_total[r], everybody
        )


@rows
def recover(condition, acted, acted_mean, u, next_condition):
    """Sub-step (10) of one domain of a member."""
    for r in range(condition.shape[0]):
        left = rules.pressure_left(u[U.pressure, r], u[U.action_effect, r], u[U.spillover, r], acted[r], acted_mean[r])
        next_condition[r] = rules.next_condition(condition[r], u[U.recovery_rate, r], left)
