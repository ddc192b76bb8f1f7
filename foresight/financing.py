"""Sub-step (2) of a block: needs, own means, contributions and grants."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from foresight import draws, rules, state
from foresight.actions import ACCOUNTABILITY, FINANCING, SOLIDARITY
from foresight.compiled import compiled
from foresight.state import ACTION_COUNT, SUBREGION_COUNT, U


@compiled
def share_out(k0, k1, step, year, replicate, now, old, u, members, events, desk, new):
    """Sub-step (2): needs, own means, contributions and grants."""
    _draw_crises(k0, k1, year, replicate, u, desk)
    state.clear(desk.money)
    count = members.code.shape[0]
    need, own, given, granted = new.need, new.own, new.contribution, new.grant
    for i in range(count):
        done, g = now.delivered[i], members.subregion[i]
        _set_need(now.pledged[i], done, u, need[i])
        _set_own(members.income[step, i], events.resources_kept[step, i], done[FINANCING], desk.crisis[g], u, own[i])
        _set_contribution(desk.policy, done[SOLIDARITY], now.trust[i], own[i], need[i], given[i])
        _add_money(done[ACCOUNTABILITY], need[i], own[i], given[i], desk.policy, desk.money)
    for r in range(u.shape[1]):
        desk.money[state.FUND, r] += old.fund[r] + rules.external_inflow(
            u[U.external_support, r],
            desk.policy[state.SUPPORT, r],
            count,
            u[U.external_support_growth, r],
            year,
            u[U.accountability_catalysis, r],
            desk.money[state.ANSWERABLE, r] / count,
        )
    for i in range(count):
        _set_grant(now.delivered[i, ACCOUNTABILITY], need[i], own[i], desk.policy, desk.money, granted[i])
    for r in range(u.shape[1]):
        new.fund[r] = rules.next_fund(desk.money[state.FUND, r], desk.money[state.GRANTED, r])
        new.coverage[r] = rules.next_coverage(old.coverage[r], desk.money[state.GRANTED, r], desk.money[state.GAP, r])


@compiled
def _draw_crises(k0, k1, year, replicate, u, desk):
    """Draw which subregions a crisis strikes."""
    for g in range(SUBREGION_COUNT):
        draws.fill_words(k0, k1, year, g, draws.CRISIS, replicate, desk.words, 0)
        for r in range(u.shape[1]):
            struck = draws.strikes(desk.words[0, 0, r], u[U.crisis_probability, r])
            desk.crisis[g, r] = 1.0 if struck else 0.0


@compiled
def _set_need(pledged, delivered, u, need):
    """Sum the cost of the next rung of every unmet pledge of one member."""
    state.clear(need)
    for a in range(ACTION_COUNT):
        for r in range(need.shape[0]):
            need[r] += rules.cost(delivered[a, r], pledged[a, r], u[U.cost_growth, r])


@compiled
def _set_own(income, kept, financing, crisis, u, own):
    """Compute what one member can pay itself."""
    for r in range(own.shape[0]):
        own[r] = rules.own_resources(
            income, u[U.financing_catalysis, r], rules.effect(financing[r]), u[U.crisis_loss, r], crisis[r], kept
        )


@compiled
def _set_contribution(policy, solidarity, trust, own, need, given):
    """Compute what one member gives to the fund."""
    for r in range(own.shape[0]):
        given[r] = rules.contribution(
            policy[state.SOLIDARITY_SHARE, r], rules.effect(solidarity[r]), trust[r], own[r], need[r]
        )


@compiled
def _add_money(accountability, need, own, given, policy, money):
    """Add one member's gap, weight, accountability and contribution to the region's totals."""
    for r in range(own.shape[0]):
        gap = rules.excess(need[r], own[r])
        answerable = rules.effect(accountability[r])
        money[state.GAP, r] += gap
        money[state.WEIGHT, r] += rules.grant_weight(gap, policy[state.PERFORMANCE_SHARE, r], answerable)
        money[state.ANSWERABLE, r] += answerable
        money[state.FUND, r] += given[r]


@compiled
def _set_grant(accountability, need, own, policy, money, granted):
    """Grant one member its part of the fund."""
    for r in range(own.shape[0]):
        gap = rules.excess(need[r], own[r])
        weight = rules.grant_weight(gap, policy[state.PERFORMANCE_SHARE, r], rules.effect(accountability[r]))
        part = rules.grant(gap, money[state.FUND, r], weight, money[state.WEIGHT, r])
        granted[r] = part
        money[state.GRANTED, r] += part
