"""The survey: what groups say, and that no small group can be made out, neither seen nor worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms import Played, played

from foresight.actions import ACTIONS
from foresight.workshop.survey import ALL, LEAST, UNSAID, survey_of, tellable_of
from foresight.workshop.writing import SheetWords

CASES = {
    "all large": ({"official": 5, "government_expert": 9}, ("official", "government_expert")),
    "one small hides another": ({"official": 8, "government_expert": 6, "": 4}, ("official",)),
    "two small hide each other": ({"official": 9, "government_expert": 3, "other_expert": 2}, ("official",)),
    "two small that are few together": ({"official": 9, "government_expert": 2, "other_expert": 2}, ()),
    "one small alone": ({"official": 4}, ()),
    "one small beside one large": ({"official": 1, "other_expert": 50}, ()),
    "the smallest of many goes": (
        {"official": 7, "government_expert": 6, "other_expert": 9, "": 1},
        ("official", "other_expert"),
    ),
    "nobody": ({}, ()),
}


@pytest.mark.parametrize("kind", CASES)
def test_small_groups_are_left_out_and_what_would_tell_them(kind: str):
    counts, tellable = CASES[kind]
    assert tellable_of(counts) == tellable


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e"]), st.integers(1, 12)))
def test_nothing_that_is_shown_gives_away_what_fewer_than_five_said(counts: dict[str, int]):
    tellable = tellable_of(counts)
    assert all(counts[group] >= LEAST for group in tellable)
    # Of those not shown no more can be worked out than what they come to together: everybody less those shown.
    left_out = [count for group, count in counts.items() if group not in tellable]
    assert not tellable or not left_out or (len(left_out) > 1 and sum(left_out) >= LEAST)


def ranked(groups: dict[str, int]) -> Played:
    """Return a room in which as many people of each group ranked the actions, each group its own way."""
    made = Played()
    made.desk("stage", stage="survey")
    made.desk("ask", open=True)
    for turn, (group, count) in enumerate(groups.items()):
        for _ in range(count):
            person = made.join()
            made.phone(person, "describe", group=group)
            made.phone(person, "rank", order=[*ACTIONS[turn:], *ACTIONS[:turn]])
    return made


def test_means_of_ranks_are_of_those_who_ranked():
    made = ranked({"official": 5, "other_expert": 15})
    made.join()
    found = survey_of(made.room)
    assert found is not None
    by_group = {one.group: one for one in found.groups}
    assert {group: one.people for group, one in by_group.items()} == {ALL: 20, "official": 5, "other_expert": 15}
    assert by_group["official"].mean == {action: at for at, action in enumerate(ACTIONS, start=1)}
    assert by_group[ALL].mean["solidarity"] == (5 * 1 + 15 * 5) / 20
    assert found.left_out == ()


def test_groups_that_are_left_out_are_named_without_numbers():
    found = survey_of(played().room)
    assert found is not None
    assert [one.group for one in found.groups] == [ALL, "official"]
    assert found.left_out == ("government_expert", UNSAID)


def test_what_is_written_the_same_has_one_place():
    assert SheetWords().ranked({"a": 0.117, "b": 0.141, "c": 0.122, "d": 0.101}) == {"a": 2, "b": 1, "c": 2, "d": 4}


def test_four_people_are_no_survey():
    assert survey_of(ranked({"official": 4}).room) is None
    found = survey_of(ranked({"official": 3, "other_expert": 2}).room)
    assert found is not None
    assert [one.group for one in found.groups] == [ALL]
