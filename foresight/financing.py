"""Sub-step (2) of a block: needs, own means, contributions and grants."""
# mypy: disable-error-code="no-untyped-def, no-untyped-call, no-any-return"

from foresight import draws, rules, state
from foresight.actions import ACCOUNTABILITY, FINANCING, SOLIDARITY
from foresight.compiled import compiled
from foresight.state import ACTION_COUNT, SUBREGION_COUNT, U


@compiled
def share_out(k0, k1, step, year, replicate, now, u, members, events, history, desk):
    """Sub-step (2): needs, own means, contributions and grants."""
    _draw_crises(k0, k1, year, replicate, u, desk)
    desk.money[:] = 0.0
    count = members.code.shape[0]
    for i in range(count):
        _set_need(step, i, now, u, history)
        _set_own(step, i, now, u, members, events, history, desk)
        _add_money(step, i, now, history, desk)
    for r in range(u.shape[1]):
        desk.money[state.FUND, r] += history.fund[step, r] + rules.external_inflow(
            u[U.external_support, r],
            desk.policy[state.SUPPORT, r],
            count,
            u[U.external_support_growth, r],
            year,
            u[U.accountability_catalysis, r],
            desk.money[state.ANSWERABLE, r] / count,
        )
    for i in range(count):
        _set_grant(step, i, now, history, desk)
    for r in range(u.shape[1]):
        history.fund[step + 1, r] = rules.next_fund(desk.money[state.FUND, r], desk.money[state.GRANTED, r])
        history.coverage[step + 1, r] = rules.next_coverage(
            history.coverage[step, r], desk.money[state.GRANTED, r], desk.money[state.GAP, r]
        )


@compiled
def _draw_crises(k0, k1, year, replicate, u, desk):
    """Draw which subregions a crisis strikes."""
    for g in range(SUBREGION_COUNT):
        draws.fill_words(k0, k1, year, g, draws.CRISIS, replicate, desk.words)
        for r in range(u.shape[1]):
            struck = draws.uniform(desk.words[0, r]) < u[U.crisis_probability, r]
            desk.crisis[g, r] = 1.0 if struck else 0.0


@compiled
def _set_need(step, i, now, u, history):
    """Sum the cost of the next rung of every unmet pledge of a member."""
    need = history.need[step + 1]
    need[i, :] = 0.0
    for a in range(ACTION_COUNT):
        for r in range(u.shape[1]):
            need[i, r] += rules.cost(now.delivered[i, a, r], now.pledged[i, a, r], u[U.cost_growth, r])


@compiled
def _set_own(step, i, now, u, members, events, history, desk):
    """Compute what a member can pay itself and what it gives to the fund."""
    income, left, g = members.income[step, i], events.resources_kept[step, i], members.subregion[i]
    own = history.own[step + 1]
    for r in range(u.shape[1]):
        own[i, r] = rules.own_resources(
            income,
            u[U.financing_catalysis, r],
            rules.effect(now.delivered[i, FINANCING, r]),
            u[U.crisis_loss, r],
            desk.crisis[g, r],
            left,
        )
    need, given = history.need[step + 1], history.contribution[step + 1]
    for r in range(u.shape[1]):
        given[i, r] = rules.contribution(
            desk.policy[state.SOLIDARITY_SHARE, r],
            rules.effect(now.delivered[i, SOLIDARITY, r]),
            now.trust[i, r],
            own[i, r],
            need[i, r],
        )


@compiled
def _add_money(step, i, now, history, desk):
    """Add a member's gap, weight, accountability and contribution to the region's totals."""
    need, own, given = history.need[step + 1], history.own[step + 1], history.contribution[step + 1]
    for r in range(desk.money.shape[1]):
        gap = rules.excess(need[i, r], own[i, r])
        answerable = rules.effect(now.delivered[i, ACCOUNTABILITY, r])
        desk.money[state.GAP, r] += gap
        desk.money[state.WEIGHT, r] += rules.grant_weight(gap, desk.policy[state.PERFORMANCE_SHARE, r], answerable)
        desk.money[state.ANSWERABLE, r] += answerable
        desk.money[state.FUND, r] += given[i, r]


@compiled
def _set_grant(step, i, now, history, desk):
    """Grant a member its part of the fund."""
    need, own, granted = history.need[step + 1], history.own[step + 1], history.grant[step + 1]
    for r in range(desk.money.shape[1]):
        gap = rules.excess(need[i, r], own[i, r])
        answerable = rules.effect(now.delivered[i, ACCOUNTABILITY, r])
        weight = rules.grant_weight(gap, desk.policy[state.PERFORMANCE_SHARE, r], answerable)
        part = rules.grant(gap, desk.money[state.FUND, r], weight, desk.money[state.WEIGHT, r])
        granted[i, r] = part
        desk.money[state.GRANTED, r] += part
