"""The record of a session: one page that needs nothing else, says what was, and lets nobody's text do anything."""

from functools import cache

import pytest
from papers import LANGUAGES, Elements, text_of
from rooms import PLAN, Played, played, simulated

from foresight.actions import ACTIONS
from foresight.texts import Words
from foresight.workshop.debrief import deeds_of
from foresight.workshop.future import scenario_files
from foresight.workshop.numbers import outcome_of
from foresight.workshop.page import session_page
from foresight.workshop.words import branch_name, delegation_name


def page_of(made: Played, language: str = "en") -> str:
    return session_page(
        made.room, made.record, simulated, lambda branch: deeds_of(made.room, branch, simulated), Words(language)
    )


@cache
def written(language: str) -> str:
    return page_of(played(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_and_needs_nothing_else(language: str):
    elements = Elements()
    elements.feed(written(language))
    assert elements.open == []
    names = {name for name, _ in elements.attributes}
    assert names.isdisjoint({"src", "style", "onclick", "onload", "action"})
    assert all(value.startswith("#") for name, value in elements.attributes if name == "href")
    assert "<script" not in written(language)
    assert f'<html lang="{language}">' in written(language)
    ids = [value for name, value in elements.attributes if name == "id"]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_delegation_and_path_is_named(language: str):
    words, room, text = Words(language), played().room, text_of(written(language))
    for own in room.opened.delegations:
        assert delegation_name(own, words) in text
    for branch in (1, 2):
        assert branch_name(room, branch, words) in text
    assert "{" not in text


def test_rounds_tell_what_was_decided_and_what_came():
    text = text_of(written("en"))
    assert "South-East Asia Solidarity 4, Transparency 4 as agreed" in text
    assert "No points: East and North-East Asia, North and Central Asia, South and South-West Asia." in text
    assert "Surprise card in 2032: A crisis (everybody). A shock takes three tenths" in text
    assert text.count("Round 1: 2025–2029") == 1, "it is shared by both paths"
    assert text.count("Round 2: 2030–2034") == 2


def test_gains_are_those_of_the_debrief():
    found = deeds_of(played().room, 1, simulated)
    assert found is not None
    text = text_of(written("en"))
    for one in found.delegations:
        name = delegation_name(played().room.delegations[one.delegation], Words())
        gain = f"{one.gains['region'].mean:+.3f}".replace("-", "−")
        assert f"{name} {gain}" in text
    assert f"All together {found.total['region'].mean:+.3f}" in text
    assert f"North and Central Asia 0 0.000 {found.total['NCA'].mean:+.3f}" in text, "gained without a point"


def test_the_path_that_leads_furthest_comes_first_whichever_the_room_looks_at():
    made, text = played(), text_of(written("en"))
    ends = outcome_of(made.room, simulated).ends
    assert made.room.branch == 2
    assert ends[1][4] > ends[2][4]
    assert f"Our best path {ends[1][4]:.2f} of 4 steps are delivered by 2040." in text
    assert text.count("First path: steps delivered by 2040") == 1
    early = Played().round({"SEA": (4, 4, 0, 0, 0)})
    early.desk("branch", phase=2, name="Nothing else")
    early.round({}).round({})
    assert outcome_of(early.room, simulated).best == 2, "it goes on for longer"


def test_what_each_delegation_added_is_told_of_every_path():
    room, text = played().room, text_of(written("en"))
    for branch in (1, 2):
        found = deeds_of(room, branch, simulated)
        assert found is not None
        own = {one.delegation: one.gains["region"].mean for one in found.delegations}
        gains = (*(own.get(name, 0.0) for name in room.delegations), found.cards["region"].mean)
        row = [branch_name(room, branch, Words()), *map(signed, gains), signed(found.total["region"].mean)]
        assert " ".join(row) in text
    alone = text_of(page_of(Played().round(PLAN[2])))
    assert "Steps that each delegation added to the region:" not in alone


def signed(gain: float) -> str:
    return f"{gain:+.3f}".replace("-", "−").replace("+0.000", "0.000").replace("−0.000", "0.000")


def test_reasons_have_a_column_where_there_are_any():
    made = Played().seated(7).round({"SEA": (1, 0, 0, 0, 0)})
    assert "Reason, as typed" not in text_of(page_of(made))
    made.desk("stage", stage="round")
    made.desk("adopt", delegation="SEA", how="value", points=(1, 0, 0, 0, 0), reason="It is our turn")
    made.desk("lock", locked=True)
    made.desk("reveal")
    text = text_of(page_of(made))
    assert text.count("Reason, as typed") == 1
    assert "as agreed It is our turn" in text


def test_paths_are_run_again_by_commands_that_name_their_files():
    text = text_of(written("en"))
    for name in scenario_files(played().room):
        assert f"foresight run {name} --seed 1 --replicates 8 --effects drawn" in text


def test_small_groups_are_not_in_the_page():
    text = text_of(written("en"))
    assert "Everybody (18) Official government reply (8) Place in the model" in text
    assert "Left out, so that nobody can be made out: Government experts, no group." in text
    assert "Government experts (" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_that_are_shown_have_names(language: str):
    made = Played().seated(15)
    for person, group in enumerate(["official"] * 5 + ["other_expert"] * 5, start=1):
        made.phone(person, "describe", group=group)
    made.desk("stage", stage="survey")
    made.desk("ask", open=True)
    for person in made.room.people:
        made.phone(person, "rank", order=ACTIONS)
    text, words = text_of(page_of(made, language)), Words(language)
    for group in ("official", "other_expert", "unsaid"):
        assert f"{words.say(f'session.group_{group}')} (5)" in text
    assert words.say("session.left_out", groups="", least=5)[:12] not in text


def test_what_people_typed_is_text():
    made = Played().seated(2, name="<b>Ana</b>")
    made.desk("stage", stage="round")
    made.desk("ask", open=True)
    made.phone(1, "propose", points=[1, 0, 0, 0, 0], reason="<script>alert(1)</script>&<img src=x onerror=y>")
    made.desk("adopt", delegation="ENEA", how="proposal", person=1)
    made.desk("lock", locked=True)
    made.desk("reveal")
    made.desk("branch", phase=2, name="</title><script>")
    made.round({})
    page = page_of(made)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&lt;img" in page
    assert "Ana" not in page
    Elements().feed(page)


STAGES = {"nothing": 0, "one round": 1, "two rounds": 2}


@pytest.mark.parametrize("kind", STAGES)
def test_a_session_that_ended_early_has_a_page_too(kind: str):
    made = Played()
    for phase in list(PLAN)[: STAGES[kind]]:
        made.round(PLAN[phase])
    text = text_of(page_of(made))
    assert ("What each delegation did" in text) == (STAGES[kind] > 0)
    assert ("By 2034" in text) == (STAGES[kind] > 1)
    assert "What matters most" not in text
    assert "Delegations" in text


def test_a_room_without_a_title_has_its_code():
    made = Played(played().room.opened.model_copy(update={"title": ""}))
    assert "<title>ABCDEF: record of a workshop</title>" in page_of(made)
