"""Sub-steps (8) to (10) of a block: capacity, trust and the condition of the domains."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from foresight import rules, state
from foresight.compiled import compiled
from foresight.state import SUBREGION_COUNT, U


@compiled
def feel(step, i, g, member_count, now, u, members, history, desk):
    """Sub-steps (8) and (9) of one member: capacity and trust."""
    base, size = members.base_capacity[step, i], u.shape[1]
    inside, everybody = member_count[g], member_count.sum()
    need, granted = history.need[step + 1], history.grant[step + 1]
    next_capacity, next_trust = history.capacity[step + 1], history.trust[step + 1]
    for r in range(size):
        helped = rules.support(granted[i, r], need[i, r], desk.mine[state.NETWORKED, r])
        next_capacity[i, r] = rules.next_capacity(
            now.capacity[i, r], base, helped, u[U.capacity_gain, r], u[U.capacity_decay, r]
        )
    for r in range(size):
        weight = u[U.own_subregion_weight, r]
        desk.cell[state.KEPT, r] = rules.circle_mean(
            weight,
            desk.kept[g, r],
            desk.seen[i, state.KEPT, r],
            inside,
            desk.kept[SUBREGION_COUNT, r],
            everybody,
        )
        desk.cell[state.BROKEN, r] = rules.circle_mean(
            weight,
            desk.broken[g, r],
            desk.seen[i, state.BROKEN, r],
            inside,
            desk.broken[SUBREGION_COUNT, r],
            everybody,
        )
    for r in range(size):
        next_trust[i, r] = rules.next_trust(
            now.trust[i, r],
            desk.cell[state.KEPT, r],
            desk.cell[state.BROKEN, r],
            u[U.trust_gain, r],
            u[U.trust_asymmetry, r],
        )


@compiled
def recover(step, i, g, u, history, desk):
    """Sub-step (10) of one member: the condition of its domains."""
    for d in range(history.condition.shape[2]):
        before, after = history.condition[step, i, d], history.condition[step + 1, i, d]
        for r in range(u.shape[1]):
            left = rules.pressure_left(
                u[U.pressure, r],
                u[U.action_effect, r],
                u[U.spillover, r],
                desk.acted[i, d, r],
                desk.acted_mean[g, d, r],
            )
            after[r] = rules.next_condition(before[r], u[U.recovery_rate, r], left)
