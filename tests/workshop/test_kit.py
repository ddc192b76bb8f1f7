"""The kit: agendas that fill their time, role sheets from facts, and a picture that leads into the room."""

import io
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import segno
from papers import LANGUAGES, Elements, text_of
from rooms import Played, opened

from foresight.facts.members import member_codes, member_table
from foresight.observed.records import NEVER, own_records
from foresight.texts import Words
from foresight.workshop.agenda import MINUTES, items_of
from foresight.workshop.cards import CARDS
from foresight.workshop.delegations import of_bodies, subregional
from foresight.workshop.events import STAGES
from foresight.workshop.future import base_of
from foresight.workshop.hands import ROUNDS, years_of
from foresight.workshop.kit import kit_page
from foresight.workshop.roles import facts_of
from foresight.workshop.writing import SheetWords

ADDRESS = "http://192.168.0.2:5006/join?c=ABCDEF"


@cache
def kit(language: str = "en", agenda: int = 90, address: str = ADDRESS) -> str:
    return kit_page(Played(opened(agenda=agenda)).room, Words(language), address)


@pytest.mark.parametrize("agenda", MINUTES)
def test_an_agenda_takes_its_time_and_leaves_nothing_out(agenda: int):
    items = items_of(agenda)
    assert sum(item.minutes for item in items) == agenda
    assert list(dict.fromkeys(item.stage for item in items)) == list(STAGES)
    assert [item.phase for item in items if item.stage == "round"] == list(ROUNDS)
    for item, after in pairwise(items):
        assert after.begins == item.begins + item.minutes
        assert item.steps[-1][0] == after.stage


def test_the_steps_of_the_agenda_lead_through_a_session():
    """What the kit says to press, pressed in order, is a session in which nothing is refused."""
    made = Played().seated(7)
    doing = {
        "open": ("ask", {"open": True}),
        "close": ("ask", {"open": False}),
        "show": ("show", {"shown": True}),
        "lock": ("lock", {"locked": True}),
        "reveal": ("reveal", {}),
    }
    for item in items_of(90):
        assert made.room.stage == item.stage
        for step, phase in item.steps:
            if step in doing:
                made.desk(doing[step][0], **doing[step][1])
            elif step != "save":
                made.desk("stage", stage=step)
                if step == "round":
                    assert made.room.question is not None
                    assert made.room.question.phase == phase
    assert made.room.stage == "debrief"
    assert made.room.branches[1].revealed == set(ROUNDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kit_is_whole_and_needs_nothing_else(language: str):
    elements = Elements()
    elements.feed(kit(language))
    assert elements.open == []
    assert {name for name, _ in elements.attributes}.isdisjoint({"src", "style", "onclick"})
    text = text_of(kit(language))
    assert "{" not in text
    for minutes in MINUTES:
        assert Words(language).say("kit.section.agenda", minutes=minutes) in text
    for card in CARDS:
        assert Words(language).say(f"workshop.card.{card}.text") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_is_on_one_role_sheet(language: str):
    text, words = text_of(kit(language)), SheetWords(language)
    for own in subregional():
        if own.members:
            assert words.members(own.members) in text
    assert sorted(code for own in subregional() for code in own.members) == sorted(member_codes())


def test_a_role_sheet_says_what_the_tables_have():
    facts = facts_of(subregional()[2].members)
    table = member_table()
    own = table[table["subregion"] == "Pacific"]
    assert facts.special == {"ldc": own["ldc"].sum(), "lldc": 0, "sids": own["sids"].sum()}
    assert facts.any_special == (own["ldc"] | own["sids"]).sum()
    assert facts.income == own["income_group"].value_counts().reindex(list(facts.income), fill_value=0).to_dict()
    assert facts.population == pytest.approx(own["population_mln"].sum())
    joined = open_to = 0
    for number, code in enumerate(table.index):
        if code in own.index:
            could = own_records().since[:, number] < NEVER
            open_to += could.sum()
            joined += (own_records().year[could, number] < NEVER).sum()
    assert facts.joined == pytest.approx(joined / open_to)
    assert 0.15 <= facts.capacity <= 0.9
    text = text_of(kit())
    assert f"You joined {facts.joined:.0%} of 30 environmental agreements" in text
    assert f"{facts.capacity:.2f} of 1, on average; all members {facts_of(member_codes()).capacity:.2f}." in text


def test_delegations_of_bodies_have_sheets_too():
    room = Played(opened(delegations=of_bodies(["ASEAN", "PIF"]), budget=6)).room
    text = text_of(kit_page(room, Words(), ADDRESS))
    assert "Association of Southeast Asian Nations" in text
    assert text.count("6 a round, up to 4 on one lever") == 2


def test_who_holds_lasting_levers_decides_them_once():
    row = re.search(r"Links between subregions</td>(.*?)</tr>", kit())
    assert row is not None
    assert re.findall(r">([^<]*)</td>", row[1])[1:] == ["", "–", "–"]


def test_the_picture_leads_to_the_address():
    drawn = io.BytesIO()
    segno.make(ADDRESS, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, omitsize=True, border=2)
    modules = re.search(r' d="([^"]+)"', drawn.getvalue().decode())
    assert modules is not None
    assert modules[1] in kit()
    assert " 192.168.0.2:5006/join " in text_of(kit())
    assert np.array(segno.make(ADDRESS, error="m", micro=False).matrix).shape[0] >= 25


def test_without_an_address_the_handout_has_the_code_alone():
    page = kit(address="")
    assert "<svg" not in page
    assert "ABCDEF" in page


def test_the_script_has_the_times_of_the_agenda():
    assert "1:18 Debrief" in text_of(kit(agenda=90))
    assert "0:40 Debrief" in text_of(kit(agenda=45))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_says_from_when_points_act(language: str):
    acts = base_of(Played().room).structure.levers_from
    assert acts > years_of(ROUNDS[0])[0]
    assert Words(language).say("kit.say.round_1", acts=acts) in text_of(kit(language))
    assert str(acts) in Words(language).say("kit.say.round_1", acts=acts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_call_an_action_as_levers_do(language: str):
    words = Words(language)
    assert words.say("action.networking").casefold() in words.say("workshop.card.exit.text").casefold()


def test_a_title_with_signs_is_text():
    made = Played(opened(title="<i>Suva & co</i>"))
    page = kit_page(made.room, Words(), ADDRESS)
    assert "<i>" not in page
    assert "&lt;i&gt;Suva &amp; co&lt;/i&gt;" in page
