"""A room is what comes of all that happened in it: nothing else moves it, and what is refused moves nothing."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from rooms import PLAN, Played, played

from foresight.actions import ACTIONS
from foresight.errors import InputError
from foresight.workshop.cards import CARDS
from foresight.workshop.events import PRACTICE, STAGES, Adopted, Predicted, Proposed, Ranked, Revealed, event_from
from foresight.workshop.hands import ROUNDS, affordable, budget_of, held, levers_of
from foresight.workshop.moves import BRANCHES
from foresight.workshop.requests import saying_from
from foresight.workshop.room import Question, Room, room_of
from foresight.workshop.tables import votes_csv

PEOPLE = st.integers(1, 4)
POINTS = st.lists(st.integers(0, 4), min_size=1, max_size=5)
HOMES = st.sampled_from(["SEA", "Pacific", "partners", "secretariat", "nowhere"])


def asked(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in fields.items()}
    )


SAYINGS = st.one_of(
    asked(say="describe", delegation=HOMES, group=st.sampled_from(["", "official"])),
    asked(say="predict", steps=st.floats(0, 4)),
    asked(say="propose", points=POINTS),
    asked(say="rank", order=st.permutations(ACTIONS)),
)
DOINGS = st.one_of(
    asked(do="stage", stage=st.sampled_from(STAGES)),
    asked(do="ask", open=st.booleans()),
    asked(do="show", shown=st.booleans()),
    asked(do="clear"),
    asked(do="time", seconds=st.integers(0, 60), more=st.booleans()),
    asked(do="adopt", delegation=HOMES, how=st.sampled_from(["median", "proposal"]), person=PEOPLE),
    asked(do="adopt", delegation=HOMES, how="value", points=POINTS),
    asked(do="lock", locked=st.booleans()),
    asked(do="deal", card=st.sampled_from(["", *CARDS, "none"])),
    asked(do="reveal"),
    asked(do="branch", phase=st.sampled_from(ROUNDS)),
    asked(do="switch", branch=st.integers(0, 4)),
    asked(do="strike", person=PEOPLE),
    asked(do="remove", person=PEOPLE),
    asked(do="seat", person=PEOPLE, delegation=HOMES),
)
#: A round as it should go: chance alone would hardly ever get through one.
ROUND = st.just([{"do": "stage", "stage": "round"}, {"do": "lock", "locked": True}, {"do": "reveal"}])
STEPS = st.lists(
    st.one_of(
        DOINGS.map(lambda one: [one]),
        st.tuples(PEOPLE, SAYINGS).map(lambda pair: [{"person": pair[0], **pair[1]}]),
        st.just([{}]),
        ROUND,
    ),
    max_size=40,
).map(lambda groups: [step for group in groups for step in group])


def state(room: Room) -> dict[str, Any]:
    return deepcopy(vars(room))


def take(made: Played, step: dict[str, Any]) -> None:
    """Let something be asked for; what is refused changes nothing."""
    before, count = state(made.room), len(made.events)
    refused = False
    try:
        ask(made, **step)
    except InputError:
        refused = True
    assert not refused or (vars(made.room), len(made.events)) == (before, count)


def ask(made: Played, do: str = "", say: str = "", person: int = 0, **fields: Any) -> None:
    if do:
        made.desk(do, **({"person": person} if person else {}), **fields)
    elif not say:
        made.join()
    elif person in made.room.people:
        made.phone(person, say, **fields)


def seen_of(room: Room) -> dict[tuple[int, int], Any]:
    """Return all that decides what was shown, by branch and phase."""
    shown = [(one, phase) for one in room.branches for phase in ROUNDS if room.is_revealed(one, phase)]
    return {(one, phase): (dict(room.decided(one, phase)), room.card(one, phase)) for one, phase in shown}


@settings(deadline=None, max_examples=150)
@given(STEPS)
def test_whatever_is_asked_for_the_room_is_the_fold_of_its_record(steps: list[dict[str, Any]]):
    made = Played().seated(3)
    seen: dict[tuple[int, int], Any] = {}
    for step in steps:
        take(made, step)
        now = seen_of(made.room)
        kept = {key: value for key, value in seen.items() if key[0] != PRACTICE}
        assert {key: now[key] for key in kept} == kept, "what was seen never changes"
        seen = now
    again = room_of([event_from(event.model_dump_json()) for event in made.events])
    assert vars(again) == vars(made.room)
    assert again.count == len(made.events)
    assert len(again.branches) <= BRANCHES
    votes = [event for event in made.events if isinstance(event, Predicted | Proposed | Ranked | Adopted)]
    assert votes_csv(made.record).count("\n") == 1 + len(votes)
    for one in again.branches.values():
        for phase, decisions in one.decisions.items():
            for delegation, adopted in decisions.items():
                free = held(delegation, phase)
                assert sum(adopted.points) <= budget_of(delegation, 8)
                assert not any(own for own, movable in zip(adopted.points, free, strict=True) if not movable)


def test_a_session_is_the_same_when_read_back():
    made = played()
    again = room_of([event_from(event.model_dump_json()) for event in made.events])
    assert vars(again) == vars(made.room)
    assert {number: sorted(one.revealed) for number, one in again.branches.items()} == {0: [], 1: [2, 3, 4], 2: [3, 4]}
    assert again.stage == "debrief"
    assert again.display == (2, 4)


@pytest.mark.parametrize("events", [[], [Revealed(branch=1, phase=2)]], ids=["nothing", "something else"])
def test_a_record_begins_with_an_opening(events: list[Any]):
    with pytest.raises(ValueError, match="begins with"):
        room_of(events)


def test_what_happens_to_nobody_is_no_record():
    made = Played()
    strange = event_from(json.dumps({"kind": "removed", "person": 7}))
    with pytest.raises(ValueError, match="removed"):
        room_of([*made.events, strange])


def test_a_mark_counts_once():
    made = Played().seated(1)
    made.desk("stage", stage="predict")
    made.desk("ask", open=True)
    assert len(made.phone(1, "predict", mark=7, steps=1.5)) == 1
    before = state(made.room)
    assert made.phone(1, "predict", mark=7, steps=3.0) == []
    assert made.phone(1, "predict", mark=6, steps=3.0) == []
    assert vars(made.room) == before
    assert made.phone(1, "predict", mark=8, steps=3.0)[0].steps == 3.0


def test_what_was_said_is_heard_again_after_its_question_is_closed():
    """A phone that slept says it once more; it is told that it was heard, and not that it is too late."""
    made = Played().seated(1)
    made.desk("stage", stage="predict")
    made.desk("ask", open=True)
    made.phone(1, "predict", mark=2, steps=1.5)
    made.desk("ask", open=False)
    assert made.phone(1, "predict", mark=2, steps=1.5) == []
    with pytest.raises(InputError, match="not taken now"):
        made.phone(1, "predict", mark=3, steps=1.5)


@pytest.mark.parametrize(
    ("points", "most", "paid"),
    [
        ([0, 0, 0], 4, (0, 0, 0)),
        ([1.5, 2.5, 0], 8, (1, 2, 0)),
        ([4, 4, 4, 4, 4], 8, (2, 2, 2, 1, 1)),
        ([4, 0, 0, 0, 4.0], 7, (4, 0, 0, 0, 3)),
        ([4, 4], 0, (0, 0)),
    ],
    ids=str,
)
def test_a_median_is_cut_where_it_is_highest_until_it_can_be_paid(
    points: list[float], most: int, paid: tuple[int, ...]
):
    assert affordable(points, most) == paid


@given(st.lists(st.floats(0, 4), min_size=1, max_size=5), st.integers(0, 20))
def test_what_can_be_paid_is_paid_and_never_more_than_was_wanted(points: list[float], most: int):
    paid = affordable(points, most)
    assert sum(paid) <= most
    assert all(0 <= own <= wanted for own, wanted in zip(paid, points, strict=True))
    assert sum(paid) == min(most, sum(map(int, points)))


def test_the_median_is_adopted_where_nothing_was_decided():
    made = Played().seated(14)  # two at each delegation
    made.desk("stage", stage="round")
    made.desk("ask", open=True)
    southeast = [one.number for one in made.room.people.values() if one.delegation == "SEA"]
    for person, points in zip(southeast, ([4, 4, 0, 0, 0], [0, 2, 2, 2, 2]), strict=True):
        made.phone(person, "propose", points=points)
    made.desk("lock", locked=True)
    decided = made.room.decided(1, 2)
    assert decided["SEA"].points == (2, 3, 1, 1, 1)
    assert {one.how for one in decided.values()} == {"median"}
    assert decided["partners"].points == (0, 0)
    assert decided.keys() == made.room.delegations.keys()


def test_decisions_that_are_open_again_follow_the_proposals_unless_the_desk_set_them():
    made = Played().seated(7)
    made.desk("stage", stage="round")
    made.desk("ask", open=True)
    (person,) = (one.number for one in made.room.people.values() if one.delegation == "SEA")
    made.phone(person, "propose", points=[4, 4, 0, 0, 0])
    made.desk("adopt", delegation="NCA", how="value", points=[1, 0, 0, 0, 0])
    made.desk("lock", locked=True)
    made.desk("lock", locked=False)
    assert {name: one.points for name, one in made.room.decided(1, 2).items()} == {"NCA": (1, 0, 0, 0, 0)}
    made.desk("ask", open=True)
    made.phone(person, "propose", points=[0, 0, 0, 0, 4])
    made.desk("lock", locked=True)
    assert made.room.decided(1, 2)["SEA"].points == (0, 0, 0, 0, 4)
    assert made.room.decided(1, 2)["NCA"].points == (1, 0, 0, 0, 0)


def test_a_median_that_was_adopted_before_decisions_are_fixed_stays():
    made = Played().seated(1)
    made.desk("stage", stage="round")
    made.desk("adopt", delegation="SEA", how="median")
    made.desk("lock", locked=False)
    assert made.room.decided(1, 2)["SEA"].points == (0, 0, 0, 0, 0)


def test_a_path_begins_with_what_was_decided_on_the_one_before():
    made = Played().round(PLAN[2]).round(PLAN[3])
    made.desk("branch", phase=3)
    assert not made.room.decided(2, 3)
    assert made.room.earlier(made.room.question)["SEA"].points == (4, 4, 0, 0, 0)
    made.seated(1)
    made.desk("seat", person=1, delegation="ENEA")
    made.desk("ask", open=True)
    made.phone(1, "propose", points=[1, 0, 0, 0, 0])
    made.desk("adopt", delegation="NCA", how="median")
    made.desk("lock", locked=True)
    decided = {name: (one.how, one.points) for name, one in made.room.decided(2, 3).items()}
    assert decided["SEA"] == ("earlier", (4, 4, 0, 0, 0))
    assert decided["partners"] == ("earlier", (4, 0))
    assert decided["NCA"] == ("earlier", (0, 0, 0, 0, 0))
    assert decided["ENEA"] == ("median", (1, 0, 0, 0, 0))


def test_rounds_and_deeds_are_looked_at_again_in_the_debrief_alone():
    made = Played().round(PLAN[2]).round(PLAN[3])
    with pytest.raises(InputError, match="cannot be done now"):
        made.desk("look", at="deeds")
    made.desk("stage", stage="debrief")
    assert made.room.display == (1, 3)
    made.desk("look", at=2)
    assert made.room.display == (1, 2)
    with pytest.raises(InputError, match="cannot be done now"):
        made.desk("look", at=4)
    made.desk("stage", stage="debrief")
    assert (made.room.look, made.room.display) == ("paths", (1, 3))


def test_the_room_knows_whether_it_was_asked_for_its_ranking():
    made = Played()
    assert not made.room.surveyed
    made.desk("stage", stage="survey")
    made.desk("stage", stage="round")
    assert made.room.surveyed


def test_the_room_knows_whether_the_question_was_open_yet():
    made = Played()
    made.desk("stage", stage="predict")
    assert not made.room.asked
    made.desk("ask", open=True)
    made.desk("ask", open=False)
    assert made.room.asked
    made.desk("clear")
    assert not made.room.asked
    made.desk("ask", open=True)
    made.desk("stage", stage="round")
    assert not made.room.asked


def test_a_decision_as_somebody_proposed_has_their_reason():
    made = Played().seated(1)
    made.desk("stage", stage="round")
    made.desk("ask", open=True)
    own = made.room.people[1].delegation
    made.phone(1, "propose", points=[1, 1, 1, 1, 1], reason="  all\nat once ")
    (adopted,) = made.desk("adopt", delegation=own, how="proposal", person=1)
    assert (adopted.points, adopted.person, adopted.reason) == ((1, 1, 1, 1, 1), 1, "all at once")


REFUSED = {
    "too many points": ([4, 4, 1, 0, 0], "more points"),
    "too few levers": ([1, 1], "one number of points a lever"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_proposals_that_cannot_be_are_refused(kind: str):
    points, reason = REFUSED[kind]
    made = Played().seated(1)
    made.desk("stage", stage="round")
    made.desk("ask", open=True)
    with pytest.raises(InputError, match=reason):
        made.phone(1, "propose", points=points)


def test_lasting_levers_are_decided_in_the_first_round_alone():
    made = Played().round(PLAN[2])
    made.desk("stage", stage="round")
    with pytest.raises(InputError, match="first round"):
        made.desk("adopt", delegation="secretariat", how="value", points=[0, 1, 0])
    assert held("secretariat", 3) == (True, False, False)
    assert [lever.lasting for lever in levers_of("partners")] == [False, True]


def test_more_time_is_counted_from_the_end_of_the_timer_or_from_now():
    made = Played()

    def left(**asked: Any) -> float:
        now = made.now
        made.desk("time", **asked)
        return (made.room.until or now) - now

    assert left(seconds=60, more=True) == 60
    assert left(seconds=300) == 300
    assert left(seconds=60, more=True) == 359  # a second has gone by
    assert left(seconds=7_200, more=True) == 7_200
    assert left(seconds=0, more=True) == 0
    assert left(seconds=1) == 1
    made.desk("stage", stage="predict")
    assert left(seconds=60, more=True) == 60  # it had run out


def test_decisions_open_again_until_something_of_them_is_seen():
    made = Played()
    made.desk("stage", stage="round")
    made.desk("lock", locked=True)
    with pytest.raises(InputError, match="cannot be done now"):
        made.desk("adopt", delegation="SEA", how="value", points=[1, 0, 0, 0, 0])
    made.desk("lock", locked=False)
    made.desk("adopt", delegation="SEA", how="value", points=[1, 0, 0, 0, 0])
    made.desk("lock", locked=True)
    made.desk("reveal")
    for do, fields in {"lock": {"locked": False}, "reveal": {}, "clear": {}, "deal": {}}.items():
        with pytest.raises(InputError, match="cannot be done now"):
            made.desk(do, **fields)


def test_clearing_predictions_leaves_practice_and_rounds_alone():
    made = Played().seated(1)
    made.desk("stage", stage="practice")
    made.desk("lock", locked=True)
    made.desk("reveal")
    made.desk("stage", stage="predict")
    made.desk("ask", open=True)
    made.phone(1, "predict", steps=1.0)
    made.desk("clear")
    assert made.room.answers(Question("predict")) == {}
    assert made.room.is_revealed(PRACTICE, 2)
    made.desk("stage", stage="practice")
    made.desk("clear")
    assert not made.room.is_revealed(PRACTICE, 2)


def test_who_is_sent_away_takes_their_entries_along():
    made = Played().seated(7)
    made.desk("stage", stage="predict")
    made.desk("ask", open=True)
    for person in (1, 2):
        made.phone(person, "predict", steps=1.0)
    made.desk("remove", person=1)
    assert list(made.room.answers(Question("predict"))) == [2]
    assert len(made.room.digests) == 6
    assert made.join() == 8, "a number is nobody else's later"


def test_the_cards_of_a_room_are_drawn_once_each_before_any_comes_again():
    made = Played()
    drawn = []
    for _ in ROUNDS:
        made.desk("stage", stage="round")
        drawn.append(made.desk("deal", pick=3)[0].card)
        made.desk("lock", locked=True)
        made.desk("reveal")
    assert len(set(drawn)) == len(ROUNDS)


def test_rooms_have_few_branches():
    made = Played().round({})
    while len(made.room.branches) < BRANCHES:
        made.desk("branch", phase=2)
        made.desk("switch", branch=1)
    with pytest.raises(InputError, match="as many branches"):
        made.desk("branch", phase=2)


@pytest.mark.parametrize("steps", [-0.1, 4.1, float("nan"), float("inf"), "many"], ids=str)
def test_a_prediction_is_a_number_of_steps(steps: object):
    with pytest.raises(ValidationError):
        saying_from({"say": "predict", "mark": 1, "steps": steps})
