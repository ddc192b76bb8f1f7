"""Sub-step (2) of a block: needs, own means, contributions and grants."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from foresight.actions import ACCOUNTABILITY, FINANCING, SOLIDARITY
from foresight.engine import draws, rules, state
from foresight.engine.compiled import rows
from foresight.engine.state import ACTION_COUNT, SUBREGION_COUNT, U


@rows
def share_out(when, turn, u, setup, policy, money, words):
    """Sub-step (2): needs, own means, contributions and grants."""
    now, new, members = turn.now, turn.new, setup.members
    _draw_crises(when, u, words[0], words[1], money.crisis)
    _clear(money)
    count = members.code.shape[0]
    for i in range(count):
        delivered, g = now.delivered[i], members.subregion[i]
        need, own, kept = new.need[i], new.own[i], setup.events.resources_kept[when.step, i]
        _set_need(now.pledged[i], delivered, u, need)
        _set_own(members.income[when.step, i], kept, delivered[FINANCING], money.crisis[g], u, own)
        _set_contribution(policy, delivered[SOLIDARITY], now.trust[i], own, need, new.contribution[i])
        _add_money(delivered[ACCOUNTABILITY], need, own, new.contribution[i], policy, money)
    _add_fund(turn.old.fund, count, when.year, u, policy, money)
    for i in range(count):
        _set_grant(now.delivered[i, ACCOUNTABILITY], new.need[i], new.own[i], policy, money, new.grant[i])
    for r in range(u.shape[1]):
        new.fund[r] = rules.next_fund(money.fund[r], money.grants[r])
        new.coverage[r] = rules.next_coverage(turn.old.coverage[r], money.grants[r], money.gap[r])


@rows
def _draw_crises(when, u, first, second, crisis):
    """Draw which subregions a crisis strikes."""
    for g in range(SUBREGION_COUNT):
        draws.fill_words(when.k0, when.k1, when.year, g, draws.CRISIS, when.replicate, first, second)
        for r in range(u.shape[1]):
            struck = draws.strikes(first[r], u[U.crisis_probability, r])
            crisis[g, r] = 1.0 if struck else 0.0


@rows
def _clear(money):
    """Begin the totals of a year."""
    state.clear(money.gap)
    state.clear(money.weight)
    state.clear(money.answerable)
    state.clear(money.fund)
    state.clear(money.grants)


@rows
def _add_fund(left, count, year, u, policy, money):
    """Add to the contributions what the year before left in the fund and what flows in from outside."""
    for r in range(u.shape[1]):
        money.fund[r] += left[r] + rules.external_inflow(
            u[U.external_support, r],
            policy.support[r],
            count,
            u[U.external_support_growth, r],
            year,
            u[U.accountability_catalysis, r],
            money.answerable[r] / count,
        )


@rows
def _set_need(pledged, delivered, u, need):
    """Sum the cost of the next rung of every unmet pledge of one member."""
    for r in range(need.shape[0]):
        total = 0.0
        for a in range(ACTION_COUNT):
            total += rules.cost(delivered[a, r], pledged[a, r], u[U.cost_growth, r])
        need[r] = total


@rows
def _set_own(income, kept, financing, crisis, u, own):
    """Compute what one member can pay itself."""
    for r in range(own.shape[0]):
        own[r] = rules.own_resources(
            income, u[U.financing_catalysis, r], rules.effect(financing[r]), u[U.crisis_loss, r], crisis[r], kept
        )


@rows
def _set_contribution(policy, solidarity, trust, own, need, contribution):
    """Compute what one member gives to the fund."""
    for r in range(own.shape[0]):
        contribution[r] = rules.contribution(
            policy.solidarity_share[r], rules.effect(solidarity[r]), trust[r], own[r], need[r]
        )


@rows
def _add_money(accountability, need, own, contribution, policy, money):
    """Add one member's gap, weight, accountability and contribution to the region's totals."""
    for r in range(own.shape[0]):
        gap = rules.excess(need[r], own[r])
        answerable = rules.effect(accountability[r])
        money.gap[r] += gap
        money.weight[r] += rules.grant_weight(gap, policy.performance_share[r], answerable)
        money.answerable[r] += answerable
        money.fund[r] += contribution[r]


@rows
def _set_grant(accountability, need, own, policy, money, grant):
    """Grant one member its part of the fund."""
    for r in range(own.shape[0]):
        gap = rules.excess(need[r], own[r])
        weight = rules.grant_weight(gap, policy.performance_share[r], rules.effect(accountability[r]))
        part = rules.grant(gap, money.fund[r], weight, money.weight[r])
        grant[r] = part
        money.grants[r] += part
