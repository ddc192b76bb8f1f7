"""What a branch comes to: decided anew it leaves the others as they were, and as a file it runs to the same numbers."""

from pathlib import Path

import numpy as np
import pytest
from command_line import Answer
from rooms import PLAN, RUNS, Played, opened, played, simulated

from foresight import simulate
from foresight.actions import ACTIONS, FIRST_YEAR, LAST_YEAR
from foresight.facts.members import REGION
from foresight.runs import DRAWN
from foresight.scenario.loading import load_scenario, save_scenario, scenario_of_text
from foresight.scenario.scenario import Scenario
from foresight.workshop.cards import CARDS
from foresight.workshop.delegations import Delegation
from foresight.workshop.events import NAME, TITLE
from foresight.workshop.future import Plan, base_of, plan_of, scenario_files, scenario_of
from foresight.workshop.hands import EFFORTS, ROUNDS, years_of
from foresight.workshop.numbers import (
    DELIVERED,
    PLEDGED,
    TRUST,
    Course,
    at_the_end,
    course_of,
    outcome_of,
    scopes_of,
    simulator,
)
from foresight.workshop.room import Room


def whole(room: Room, branch: int) -> Scenario:
    return scenario_of(room, branch, plan_of(room, branch))


def course(room: Room, branch: int, phase: int) -> Course:
    return course_of(room, branch, phase, simulated)


def test_the_phases_of_the_rounds_are_three_that_follow_each_other():
    assert [list(years_of(phase))[:: len(years_of(phase)) - 1] for phase in ROUNDS] == [
        [2025, 2029],
        [2030, 2034],
        [2035, LAST_YEAR],
    ]


def test_a_branch_decided_anew_leaves_the_other_as_it_was():
    made = Played().round(PLAN[2]).round(PLAN[3], "crisis").round(PLAN[4])
    before = [course(made.room, 1, phase).own for phase in ROUNDS]
    scenario = whole(made.room, 1)
    made.desk("branch", phase=2)
    made.round({"Pacific": (4, 4, 0, 0, 0)}, "harvest").round({})
    assert all(np.array_equal(old, course(made.room, 1, phase).own) for old, phase in zip(before, ROUNDS, strict=True))
    assert whole(made.room, 1) == scenario
    assert not np.array_equal(before[0], course(made.room, 2, 2).own)


def test_what_was_seen_is_the_same_whatever_is_decided_later():
    room = played().room
    for branch in (1, 2):
        for phase in ROUNDS:
            seen = course(room, branch, phase).own[:, :, : years_of(phase)[-1] - FIRST_YEAR + 1]
            assert np.array_equal(seen, simulated(whole(room, branch))[:, :, : seen.shape[2]]), (branch, phase)
    assert np.array_equal(course(room, 1, 2).own, course(room, 2, 2).own), "before they part"


def test_history_is_the_same_whatever_is_decided():
    own, base = simulated(whole(played().room, 1)), simulated(base_of(played().room))
    assert np.array_equal(own[:, :, : 2027 - FIRST_YEAR], base[:, :, : 2027 - FIRST_YEAR])
    assert not np.array_equal(at_the_end(own, 2029), at_the_end(base, 2029))


@pytest.mark.parametrize("branch", [1, 2])
def test_a_branch_as_a_file_runs_to_the_same_numbers(branch: int, tmp_path: Path):
    room = played().room
    scenario = whole(room, branch)
    path = tmp_path / f"{scenario.id}.toml"
    save_scenario(scenario, path)
    read = load_scenario(path)
    assert read == scenario
    assert read.digest() == scenario.digest()
    counts = simulate(path, RUNS, room.opened.seed, effects=DRAWN).series(REGION)["delivered_count"]
    steps = counts.sum(("action", "rung")).squeeze("scope").transpose("year", "replicate").to_numpy()
    assert np.array_equal(np.rint(simulated(scenario)[DELIVERED, 0] * len(ACTIONS) * len(scenario.members())), steps)


def test_a_branch_as_a_file_runs_by_the_command(call, tmp_path: Path):
    path = tmp_path / "room.toml"
    save_scenario(whole(played().room, 2), path)
    answer: Answer = call("run", str(path), "--replicates", "2")
    assert answer.code == 0
    assert "Suva: Without the crisis" in answer.out


def test_delegations_are_coalitions_of_their_own_members():
    room = played().room
    scenario = whole(room, 1)
    made = {one.name: one for one in scenario.coalitions}
    assert made.keys() == {
        "East and North-East Asia",
        "Pacific",
        "South and South-West Asia",
        "South-East Asia",
    }
    own = made["South-East Asia"]
    assert own.members == room.delegations["SEA"].members
    assert own.pledge_effort.solidarity == (EFFORTS[4], EFFORTS[4], 1.0)
    assert own.pledge_effort.model_dump() == own.delivery_effort.model_dump()
    assert own.pledge_effort.networking is None
    assert scenario.levers.support_multiplier == (EFFORTS[3], EFFORTS[4], 1.0)
    assert (scenario.levers.linking, scenario.levers.performance_share) == (0.4, 0.25)
    assert scenario.levers.assistance == (0.5, 0.0, 0.0)


def test_who_did_nothing_changes_nothing():
    room = played().room
    idle: Plan = {"NCA": {2: (0, 0, 0, 0, 0)}, "partners": {2: (0, 0)}, "secretariat": {2: (0, 0, 0)}}
    assert scenario_of(room, 2, idle).digest() == base_of(room).digest()


def test_delegations_of_ones_own_are_runs_too():
    pair = (Delegation(id="us", name="Us", members=("FJI", "TON")), Delegation(id="partners"))
    made = Played(opened(delegations=pair, replicates=2)).round({"us": (4, 4, 0, 0, 0)})
    found = course_of(made.room, 1, 2, simulator(made.room))
    assert found.scopes == (REGION, "us") == tuple(scopes_of(made.room))
    own, base = (at_the_end(values, 2029).mean(axis=-1) for values in (found.own, found.base))
    assert own[PLEDGED, 1] > base[PLEDGED, 1]
    assert found.own.shape == (3, 2, 24, 2)


def test_the_run_that_a_room_sets_out_from_is_seen_whole():
    base = course(played().room, 1, 0)
    assert base.last == LAST_YEAR
    assert np.array_equal(base.own, base.before)
    assert np.array_equal(base.own, simulated(load_scenario("historical-pace")))


#: What a card does to whom it reaches by the end of its phase; nothing else of it is seen by then.
EFFECTS = {"crisis": (TRUST, -1), "exit": (PLEDGED, -1), "breakthrough": (DELIVERED, 1), "election": (TRUST, 1)}


def test_the_outcome_is_where_each_branch_stood_when_it_was_seen():
    made = Played().round(PLAN[2]).round(PLAN[3], "crisis")
    made.desk("branch", phase=2)
    outcome = outcome_of(made.room, simulated)
    ends = [at_the_end(course(made.room, 1, phase).own, years_of(phase)[-1]) for phase in (2, 3)]
    middles = [np.median(end[DELIVERED, 0]) for end in ends]
    assert outcome.ends == {1: dict(zip((2, 3), middles, strict=True)), 2: {}}
    assert outcome.pace == np.median(at_the_end(simulated(base_of(made.room)), LAST_YEAR)[DELIVERED, 0])


@pytest.mark.parametrize("card", EFFECTS)
def test_a_card_does_what_it_says(card: str):
    made = Played().round({}, card)
    (dealt,) = made.room.branches[1].cards.values()
    what, sign = EFFECTS[card]
    place = list(scopes_of(made.room)).index(dealt.scope) if not CARDS[card].wide else 0
    found = course(made.room, 1, 2)
    own, base = (at_the_end(values, found.last)[what, place].mean() for values in (found.own, found.base))
    assert sign * (own - base) > 0
    assert dealt.year == 2027


def test_a_harvest_fails_in_one_subregion_for_a_year():
    made = Played().round({}, "harvest")
    (event,) = whole(made.room, 1).events[2:]
    assert (event.year, event.scope, event.resources_lost, event.tag) == (2027, "ENEA", 0.4, "judgement")


TYPED = {
    "a line break": ("a\nb", "a b"),
    "a bell": ("\a ring", "ring"),
    "turned letters": ("\u202eabc\u202c", "abc"),
    "marks of TOML": ("'\"\\ [x] = 1 #", "'\"\\ [x] = 1 #"),
    "other letters": ("第二条路 – путь", "第二条路 – путь"),
    "as long as may be": ("x" * NAME, "x" * NAME),
}


@pytest.mark.parametrize("kind", TYPED)
def test_whatever_a_branch_is_called_it_is_a_scenario_that_loads(kind: str):
    typed, name = TYPED[kind]
    made = Played(opened(title="T" * TITLE)).round({})
    made.desk("branch", phase=2, name=typed)
    made.round({"SEA": (1, 0, 0, 0, 0)})
    files = scenario_files(made.room)
    assert list(files) == ["room-abcdef-1.toml", "room-abcdef-2.toml"]
    read = scenario_of_text(files["room-abcdef-2.toml"], "file")
    assert read.title.en == f"{'T' * 120}: {name}"


def test_files_are_of_branches_that_were_seen_up_to_where_they_were():
    made = Played().round(PLAN[2])
    made.desk("stage", stage="round")
    made.desk("adopt", delegation="SEA", how="value", points=[4, 4, 0, 0, 0])
    made.desk("branch", phase=2)
    files = scenario_files(made.room)
    assert list(files) == ["room-abcdef-1.toml"]
    assert scenario_of_text(files["room-abcdef-1.toml"], "file") == scenario_of(
        made.room, 1, plan_of(made.room, 1, 2), 2
    )
