"""The debrief: parts that add up to the whole, guesses beside outcomes, and what each round brought."""

from dataclasses import asdict
from functools import cache

import numpy as np
import pytest
from rooms import PLAN, Played, played, simulated

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.results.attribution import subsets
from foresight.workshop.debrief import Debrief, Deeds, debrief_of, deeds_of, guesses_of
from foresight.workshop.events import Predicted
from foresight.workshop.future import base_of, plan_of, scenario_of
from foresight.workshop.numbers import DELIVERED, at_the_end, scopes_of
from foresight.workshop.room import Question, Room
from foresight.workshop.survey import priorities_of

ALMOST = 1e-9


def whole(room: Room, branch: int) -> Debrief:
    return debrief_of(room, branch, simulated, deeds_of(room, branch, simulated))


@cache
def told(branch: int) -> Debrief:
    return whole(played().room, branch)


def deeds(branch: int) -> Deeds:
    found = told(branch).deeds
    assert found is not None
    return found


@pytest.mark.parametrize("branch", [1, 2])
def test_parts_of_delegations_and_cards_add_up_to_what_a_branch_differs_by(branch: int):
    room, found = played().room, deeds(branch)
    own, base = simulated(scenario_of(room, branch, plan_of(room, branch))), simulated(base_of(room))
    differs = (at_the_end(own, LAST_YEAR) - at_the_end(base, LAST_YEAR))[DELIVERED].mean(axis=-1)
    assert found.year == LAST_YEAR
    for scope, total in zip(scopes_of(room), differs, strict=True):
        parts = [one.gains[scope].mean for one in found.delegations] + [found.cards[scope].mean]
        assert sum(parts) == pytest.approx(total, abs=ALMOST)
        assert found.total[scope].mean == pytest.approx(total, abs=ALMOST)


def test_delegations_that_spent_nothing_are_no_part():
    assert {one.delegation: one.points for one in deeds(1).delegations} == {
        "ENEA": 16,
        "SSWA": 8,
        "SEA": 16,
        "Pacific": 8,
        "partners": 8,
        "secretariat": 4,
    }
    assert [one.delegation for one in deeds(2).delegations] == ["NCA", "Pacific", "SEA", "partners", "secretariat"]


def test_who_spends_gains_most_and_who_rides_free_gains_too():
    gains = {one.delegation: one.gains for one in deeds(1).delegations}
    for name in ("ENEA", "SSWA", "SEA", "Pacific"):
        own = {scope: mean.mean for scope, mean in gains[name].items() if scope != "region"}
        assert max(own, key=lambda scope: own[scope]) == name
    assert deeds(1).total["NCA"].mean > 0


def test_an_interval_holds_its_mean():
    found = deeds(1)
    for mean in [*found.total.values(), *(one.gains["region"] for one in found.delegations)]:
        assert mean.low <= mean.mean <= mean.high
    assert {scope: mean.mean for scope, mean in deeds(2).cards.items()} == dict.fromkeys(scopes_of(played().room), 0.0)
    assert found.cards["region"].mean < 0


def test_one_delegation_alone_did_all_of_it():
    made = Played().round({"SEA": (4, 4, 0, 0, 0)})
    found = deeds_of(made.room, 1, simulated)
    assert found is not None
    (only,) = found.delegations
    assert (found.year, only.delegation) == (2029, "SEA")
    assert only.gains == found.total


def test_a_debrief_asks_for_every_set_of_delegations_once():
    asked: list[str] = []

    def counting(scenario):
        asked.append(scenario.digest())
        return simulated(scenario)

    deeds_of(played().room, 1, counting)
    players = [one.delegation for one in deeds(1).delegations]
    assert len(asked) == len(list(subsets(players))) + 1 == 65
    assert len(set(asked)) == len(asked)


def test_rounds_are_told_in_order_with_where_they_were_decided():
    first, second = (told(branch).rounds for branch in (1, 2))
    assert [(one.phase, one.branch, one.years) for one in second] == [
        (2, 1, (2025, 2029)),
        (3, 2, (2030, 2034)),
        (4, 2, (2035, 2040)),
    ]
    assert first[0] == second[0]
    assert first[1].decisions["SEA"].points == PLAN[3]["SEA"]
    assert [one.card and one.card.card for one in first] == [None, "crisis", None]
    assert [one.card for one in second] == [None, None, None]
    assert first[0].gain.mean == deeds_before(2029)
    assert second[2].gain.mean == 0.0, "nobody did anything in the last round"
    assert all(one.promised > one.delivered for one in first)


def deeds_before(year: int) -> float:
    """Return what the first round brought by a year, which nobody did anything before."""
    room = played().room
    own, base = (
        at_the_end(simulated(one), year)[DELIVERED, 0]
        for one in (scenario_of(room, 1, plan_of(room, 1)), base_of(room))
    )
    return pytest.approx((own - base).mean(), abs=ALMOST)


def test_guesses_stand_beside_what_historical_pace_brings():
    found = told(1).guesses
    assert found is not None
    low, middle, high = np.quantile(
        at_the_end(simulated(base_of(played().room)), LAST_YEAR)[DELIVERED, 0], [0.1, 0.5, 0.9]
    )
    assert found.outcome == (low, middle, high)
    assert (len(found.guesses), found.median) == (18, 0.95)
    assert found.within == sum(low <= guess / 10 <= high for guess in range(1, 19)) / 18
    assert abs(found.nearest - middle) == min(abs(guess - middle) for guess in found.guesses)


def test_a_guess_that_was_changed_counts_once():
    made = Played().seated(1)
    made.desk("stage", stage="predict")
    made.desk("ask", open=True)
    for steps in (3.0, 1.0):
        made.phone(1, "predict", steps=steps)
    found = guesses_of(made.room, simulated)
    assert found is not None
    assert found.guesses == (1.0,)


def test_nothing_is_told_of_what_there_was_not():
    found = whole(Played().room, 1)
    assert (found.guesses, found.rounds, found.deeds, found.survey) == (None, (), None, None)


def test_a_debrief_names_nobody():
    """Guesses and ranks are of nobody; the only people that are named are those whose proposal was decided."""
    people = [event.person for event in played().events if isinstance(event, Predicted)]
    assert people == list(played().room.answers(Question("predict")))
    plain = asdict(told(1))
    assert plain["guesses"].keys() == {"guesses", "median", "outcome", "within", "nearest"}


def test_priorities_of_the_model_add_up_to_what_even_efforts_bring():
    found = priorities_of(played().room)
    even = dict.fromkeys(ACTIONS, 2.0)
    base = base_of(played().room)
    levers = base.levers.model_validate({**base.levers.model_dump(), "pledge_effort": even, "delivery_effort": even})
    own, before = (
        at_the_end(simulated(one), LAST_YEAR)[DELIVERED, 0].mean()
        for one in (base.model_copy(update={"levers": levers}), base)
    )
    assert list(found) == list(ACTIONS)
    assert sum(found.values()) == pytest.approx(own - before, abs=ALMOST)
    assert min(found.values()) > 0
