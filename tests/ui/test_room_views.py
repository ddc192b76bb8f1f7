"""What the wall is told: rankings without what one person said, points of all rounds, and where branches ended."""

import numpy as np
import pytest
from foresight_ui.room.figures import Hindsight
from foresight_ui.room.views import of_phone, of_wall
from rooms import PLAN, Played, simulated

from foresight.actions import ACTIONS, FIRST_YEAR
from foresight.workshop.debrief import deeds_of
from foresight.workshop.numbers import course_of, outcome_of


def ranked(groups: dict[str, int]) -> Played:
    """Let people of groups rank the actions, with the answers on the wall."""
    made = Played()
    for group, people in groups.items():
        made.seated(people, group=group)
    made.desk("stage", stage="survey")
    made.desk("ask", open=True)
    made.desk("show", shown=True)
    for person in made.room.people:
        made.phone(person, "rank", order=list(ACTIONS))
    return made


def test_rankings_are_told_once_nobody_answers_any_more():
    made = ranked({"official": 6, "government_expert": 5})
    assert of_wall(made.room, None)["spread"] == {"count": 11, "groups": None}
    made.desk("ask", open=False)
    groups = of_wall(made.room, None)["spread"]["groups"]
    assert [(one["group"], one["people"]) for one in groups] == [
        ("all", 11),
        ("official", 6),
        ("government_expert", 5),
    ]
    assert groups[0]["mean"] == {action: place for place, action in enumerate(ACTIONS, start=1)}


def test_a_group_that_is_everybody_is_told_once():
    made = ranked({"": 7})
    made.desk("ask", open=False)
    assert [one["group"] for one in of_wall(made.room, None)["spread"]["groups"]] == ["all"]


def test_few_rankings_are_not_told():
    made = ranked({"official": 4})
    made.desk("ask", open=False)
    assert of_wall(made.room, None)["spread"] == {"count": 4, "groups": None}


def test_priorities_of_the_model_are_told_with_what_people_find():
    made = ranked({"official": 6})
    hindsight = Hindsight(priorities={"solidarity": 0.2})
    assert of_wall(made.room, None, hindsight)["priorities"] == {"solidarity": 0.2}
    made.desk("show", shown=False)
    assert of_wall(made.room, None, hindsight)["priorities"] is None


def test_points_and_cards_of_all_rounds_that_were_seen_are_told():
    made = Played().round(PLAN[2]).round(PLAN[3], "crisis")
    result = of_wall(made.room, course_of(made.room, 1, 3, simulated))["result"]
    spent = {name: (one["spent"], one["budget"]) for name, one in result["delegations"].items()}
    assert spent == {"SEA": (16, 16), "Pacific": (8, 16), "ENEA": (8, 16), "NCA": (0, 16), "SSWA": (0, 16)}
    assert result["card"] == {"name": "crisis", "year": 2032, "scope": "all"}
    assert result["cards"] == 1


def test_a_card_of_an_earlier_round_still_counts():
    made = Played().round(PLAN[2], "crisis").round(PLAN[3])
    result = of_wall(made.room, course_of(made.room, 1, 3, simulated))["result"]
    assert (result["card"], result["cards"]) == (None, 1)


def test_the_year_from_which_points_act_is_the_first_in_which_levers_do():
    made = Played().round(PLAN[2])
    course = course_of(made.room, 1, 2, simulated)
    acts = of_wall(made.room, course)["result"]["acts"]
    moved = np.abs(course.own - course.base).max(axis=(0, 1, 3)) > 0
    assert FIRST_YEAR + int(np.argmax(moved)) == acts + 1  # what is done in a year stands at the beginning of the next


def test_what_delegations_added_is_told_once_the_room_looks_at_it():
    made = Played().round(PLAN[2])
    made.desk("stage", stage="debrief")
    deeds = deeds_of(made.room, 1, simulated)
    assert of_wall(made.room, None, Hindsight(deeds=deeds))["deeds"] is None
    made.desk("look", at="deeds")
    told = of_wall(made.room, None, Hindsight(deeds=deeds))["deeds"]
    assert told["year"] == 2029
    assert told["delegations"].keys() == PLAN[2].keys()
    assert sum(told["delegations"].values()) + told["cards"] == pytest.approx(told["total"], abs=5e-4)


def test_levers_that_were_decided_for_all_years_are_told_with_their_points():
    made = Played().seated(7).round(PLAN[2])
    person = next(one for one in made.room.people.values() if one.delegation == "secretariat")
    made.desk("stage", stage="round")
    assert of_wall(made.room, None)["seats"][-1]["fixed"] == [None, 1, 1]
    levers = of_phone(made.room, person, None)["hand"]["levers"]
    assert [(one["free"], one["lasting"], one["fixed"]) for one in levers] == [
        (True, False, None),
        (False, True, 1),
        (False, True, 1),
    ]


def test_a_phone_tells_of_the_region_what_the_wall_and_the_desk_tell():
    made = Played().round(PLAN[2])
    person = made.join()
    made.phone(person, "describe", delegation="SEA")
    course = course_of(made.room, 1, 2, simulated)
    on_the_wall = of_wall(made.room, course)["result"]
    on_the_phone = of_phone(made.room, made.room.people[person], course)["result"]
    for own, base in (("delivered", "own"), ("delivered_base", "base")):
        assert on_the_phone["region"][own] == on_the_wall[base]["median"][-1]
    assert on_the_phone["own"] == on_the_wall["delegations"]["SEA"]


def test_branches_are_told_with_their_cards():
    made = Played().round(PLAN[2]).round(PLAN[3], "crisis")
    made.desk("branch", phase=3)
    cards = [branch["cards"] for branch in of_wall(made.room, None)["branches"]]
    assert cards == [[{"name": "crisis", "year": 2032, "scope": "all"}], []]


def test_branches_are_told_with_where_they_stood_when_they_were_seen():
    made = Played().round(PLAN[2])
    made.desk("branch", phase=2)
    outcome = outcome_of(made.room, simulated)
    view = of_wall(made.room, None, Hindsight(outcome))
    assert [branch["ends"] for branch in view["branches"]] == [[round(outcome.ends[1][2], 4)], []]
    assert view["outcome"]["pace"] == round(outcome.pace, 4)
    assert [branch["ends"] for branch in of_wall(made.room, None)["branches"]] == [[], []]
