"""Links bring back exactly what was on the screen, or say why not."""

import base64
import json
import zlib
from typing import Any

import pytest
from foresight_ui.menu import page_of
from foresight_ui.parts.signature import name_of, screen_name
from foresight_ui.runs.picture import MAP
from foresight_ui.runs.setting import Setting, table_of
from foresight_ui.visit import link
from foresight_ui.visit.history import Entry
from foresight_ui.visit.link import FORM, decode, encode, pack, unpack
from foresight_ui.visit.memory import packed
from foresight_ui.visit.sides import read, written
from foresight_ui.visit.state import CURRENT, FIRST_VIEW, AppState
from foresight_ui.words import LANGUAGES, words
from futures import setting_of, settings_by_chance
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.bounds import LINK, SIDE_BY_SIDE
from foresight.errors import InputError
from foresight.runs import EFFECTS
from foresight.scenario.loading import bundled, load_scenario

NUMBERS = {"delivered": 0.57, "trust": 0.6681}
VIEW = {"map": "trust", "year": 2030, "outcome": "trust", "scope": "Pacific", "country": "FJI"}

#: Fields that older links do not have.
YOUNGER = {"effects", "base", "compared"}

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


def link_of(setting: Setting, **more: Any) -> str:
    rest = {"language": "fr", "page": "members/FJI", "view": VIEW, "numbers": NUMBERS, **more}
    return encode(setting, **rest)


def table(**changes: Any) -> dict[str, Any]:
    """Return the table of a link, changed by hand."""
    return {**unpack(link_of(setting_of(2))), **changes}


def refused(text: str) -> InputError:
    """Return the error of a link that must not decode; nothing else may be raised."""
    with pytest.raises(InputError) as caught:
        decode(text)
    for language in LANGUAGES:
        assert caught.value.message(language)
    return caught.value


@pytest.mark.costly
@settings(deadline=None, max_examples=60)
@given(
    setting=settings_by_chance(),
    replicates=st.integers(200, 1000),
    language=st.sampled_from(LANGUAGES),
    page=st.sampled_from(["explore", "members/FJI", "nowhere/“”", ""]),
    what=st.sampled_from(MAP),
    year=st.integers(2017, 2040),
    numbers=st.dictionaries(st.text(st.characters(codec="utf-8")), st.floats(-1e6, 1e6)),
)
def test_everything_comes_back(setting, replicates, language, page, what, year, numbers):
    setting = setting.changed({"run.replicates": replicates})
    view = {"map": what, "year": year, "outcome": "trust"}
    shared = decode(encode(setting, language, page, view, numbers))
    assert shared.setting.key == setting.key
    assert table_of(shared.setting.scenario) == table_of(setting.scenario)
    assert (shared.language, shared.page, shared.view, shared.numbers) == (language, page, view, numbers)
    assert not shared.elsewhere


def test_a_link_has_letters_that_addresses_allow_and_is_short():
    made = link_of(setting_of(5))
    assert set(made) <= set(LETTERS)
    assert len(made) < 2500


def test_a_session_shows_what_a_link_carries():
    state, other = AppState("zh"), AppState()
    state.open(load_scenario("baiji-returns"))
    state.move("levers.linking", {"levers.linking": 1.5, "run.seed": 11, "run.replicates": 500})
    state.page = "compare"
    state.view.update(VIEW)
    other.follow(decode(state.link(NUMBERS)))
    assert other.setting.key == state.setting.key
    assert (other.language, other.page, other.view) == ("zh", "compare", FIRST_VIEW | VIEW)
    assert other.base == load_scenario("baiji-returns")
    assert other.shared.numbers == NUMBERS


def test_a_session_that_cannot_follow_stays_as_it_is():
    state = AppState()
    state.move("run.seed", {"run.seed": 3})
    before = packed(state)
    with pytest.raises(InputError):
        state.follow(decode(link_of(setting_of(1))[:-1]))
    assert packed(state) == before


def changed_at(text: str, at: int, letter: str) -> str:
    return text[:at] + letter + text[at + 1 :]


def unharmed(made: str, damaged: str) -> bool:
    """Say whether a damaged link still carries exactly the same; a link that does not must be refused."""
    try:
        found = decode(damaged)
    except InputError:
        return False
    assert found == decode(made)
    return True


def test_no_changed_letter_changes_what_is_shown():
    made = link_of(setting_of(2))
    kept = [at for at in range(len(made)) if unharmed(made, changed_at(made, at, "B" if made[at] == "A" else "A"))]
    assert len(kept) <= 2  # bits at the end of the body that stand for nothing


@pytest.mark.slow
@pytest.mark.parametrize("letter", [*LETTERS, "!", "é", "\0", "=", "%", " ", "白"])
def test_no_changed_letter_of_any_kind_changes_what_is_shown(letter: str):
    made = link_of(setting_of(3))
    for at in range(len(made)):
        unharmed(made, changed_at(made, at, letter))


def test_no_lost_or_added_letter_changes_what_is_shown():
    made = link_of(setting_of(2))
    for at in range(len(made)):
        unharmed(made, made[:at] + made[at + 1 :])
        unharmed(made, f"{made[:at]}A{made[at:]}")
        unharmed(made, made[:at])


@settings(max_examples=300)
@given(st.one_of(st.text(), st.text(LETTERS), st.text(LETTERS).map(lambda text: f"{FORM}.{text}.{text[:12]}")))
def test_rubbish_is_refused(text: str):
    refused(text)


@pytest.mark.parametrize("text", ["", ".", "..", "1", "1.", "1..", "1.A.A", "1.é.é", "1." + "A" * 5000 + ".A"])
def test_short_rubbish_is_refused(text: str):
    refused(text)


@pytest.mark.parametrize("form", ["0", "2", "10", "", "one"])
def test_another_form_is_refused_by_name(form: str):
    made = link_of(setting_of(2)).removeprefix(FORM)
    (problem,) = refused(form + made).problems
    assert (problem.field, problem.kind, problem.allowed) == ("form", "other_form", FORM)


@pytest.mark.parametrize("size", [LINK.most + 1, 50 * LINK.most])
def test_a_small_link_cannot_fill_the_memory(size: int):
    plain = json.dumps({"padding": "A" * size}).encode()
    body = base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode().rstrip("=")
    refused(f"{FORM}.{body}.{link._sum(plain)}")
    refused(f"{FORM}.{body}.{link._sum(plain[: LINK.most])}")


def test_deep_tables_are_refused():
    plain = b'{"scenario":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    body = base64.urlsafe_b64encode(zlib.compress(plain)).decode().rstrip("=")
    refused(f"{FORM}.{body}.{link._sum(plain)}")


@pytest.mark.parametrize("plain", [b"[]", b"1", b'"x"', b"null", b"\xff", b""])
def test_what_is_no_table_is_refused(plain: bytes):
    body = base64.urlsafe_b64encode(zlib.compress(plain)).decode().rstrip("=")
    refused(f"{FORM}.{body}.{link._sum(plain)}")


def test_where_effects_come_from_comes_back():
    for effects in EFFECTS:
        setting = setting_of(2).changed({"run.effects": effects})
        assert decode(link_of(setting)).setting.effects == effects


def test_a_link_from_before_there_was_a_choice_means_anonymous_draws():
    old = table()
    del old["effects"]
    assert decode(pack(old)).setting.effects == "drawn"


def test_a_wrong_word_for_effects_is_refused_with_the_nearest():
    (problem,) = refused(pack(table(effects="posteriors"))).problems
    assert (problem.field, problem.nearest) == ("effects", "posterior")


@pytest.mark.parametrize("name", sorted(unpack(link_of(setting_of(2))).keys() - YOUNGER))
def test_a_missing_field_is_named(name: str):
    short = table()
    del short[name]
    (problem,) = refused(pack(short)).problems
    assert (problem.field, problem.kind) == (name, "missing")


@pytest.mark.parametrize("name", sorted(unpack(link_of(setting_of(2))).keys() - {"base", "compared"}))
@pytest.mark.parametrize("value", [None, [], 1.5])
def test_a_field_of_another_kind_is_named(name: str, value: object):
    assert name in [problem.field for problem in refused(pack(table(**{name: value}))).problems]


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("seed", -1, "seed"),
        ("seed", 2**64, "seed"),
        ("seed", True, "seed"),
        ("replicates", 199, "replicates"),
        ("replicates", 10**9, "replicates"),
        ("language", "xx", "language"),
        ("digest", "000000000000", "digest"),
        ("view", {"map": "nothing"}, "view.map"),
        ("view", {"map": []}, "view.map"),
        ("view", {"chart": "nothing"}, "view.chart"),
        ("view", {"country": "XYZ"}, "view.country"),
        ("view", {"country": ["FJI"]}, "view.country"),
        ("view", {"year": 2041}, "view.year"),
        ("view", {"year": "2040"}, "view.year"),
        ("numbers", {"trust": "much"}, "numbers.trust"),
        ("numbers", {"trust": float("inf")}, "numbers.trust"),
        ("numbers", {"trust": float("nan")}, "numbers.trust"),
        ("numbers", {"trust": 10**400}, "numbers.trust"),
        ("scenario", {}, "id"),
        ("scenario", {"levers": {"linking": 9.0}}, "levers.linking"),
        ("scenario", {"levers": []}, "levers"),
        ("scenario", {"nothing": 1}, "nothing"),
        ("scenario", {"event": [{"name": "x", "year": 1999, "trust": 0.1}]}, "event[1].year"),
    ],
)
def test_a_value_that_cannot_be_is_named(field: str, value: object, named: str):
    assert named in [problem.field for problem in refused(pack(table(**{field: value}))).problems]


@pytest.mark.parametrize("change", [{"version": "0.0.1"}, {"data": "000000000000"}])
def test_a_link_of_another_version_opens_and_says_so(change: dict[str, str]):
    shared = decode(pack(table(**change)))
    assert shared.elsewhere
    assert shared.setting.key == setting_of(2).key
    assert shared.numbers == NUMBERS


def test_a_link_of_another_version_opens_where_its_defaults_were_others():
    shared = decode(pack(table(version="0.0.1", digest="000000000000")))
    assert shared.elsewhere


# Side by side ----------------------------------------------------------------------------------------------------


def sender() -> AppState:
    """Return a session that compares what it has kept, changed and opened."""
    state = AppState()
    state.move("a", {"levers.pledge_effort.transparency": 2.5, "levers.delivery_effort.transparency": 2.5})
    state.keep("our plan", state.future.scenario)
    state.keep("not compared", state.future.scenario)
    state.move("b", {"levers.linking": 1.2, "structure.gate": "calendar"})
    state.keep(state.future.scenario.id, state.future.scenario)
    state.move("c", {"events": [], "run.seed": 3})
    state.compare(["our plan", CURRENT, "historical-pace", list(state.kept)[-1]])
    state.page = "compare"
    return state


def received(state: AppState) -> AppState:
    other = AppState()
    other.follow(decode(state.link({})))
    return other


@pytest.mark.parametrize("language", LANGUAGES)
def test_scenarios_side_by_side_come_back_under_their_names(language: str):
    state = sender()
    other, said = received(state), words(language)
    assert [name_of(one, other, said) for one in other.compared] == [
        name_of(one, state, said) for one in state.compared
    ]
    there, here = ([one.scenario_called(name) for name in one.compared] for one in (other, state))
    assert there == here
    assert "not compared" not in other.kept


@pytest.mark.costly
def test_a_comparison_opened_from_its_link_is_equal_to_the_senders():
    state = sender()
    pages = [page_of(one, words("en"), lambda *_: None) for one in (state, received(state))]
    assert pages[0]["blocks"][2:] == pages[1]["blocks"][2:]  # the sender can choose from more
    assert pages[0]["future"] == pages[1]["future"]


@pytest.mark.parametrize("number", range(50))
def test_any_scenarios_side_by_side_come_back(number: int):
    state, said = AppState(), words("en")
    for at, name in enumerate(("first", "", "unseen")):
        state.history.write(Entry(setting_of(3 * number + at), state.base, "by chance"), 10)
        state.keep(name or state.future.scenario.id, state.future.scenario)
    state.undo()
    state.compare([list(state.kept)[1], CURRENT, "paper-promises", "first"])
    other = received(state)
    for one, there in zip(state.compared, other.compared, strict=True):
        assert name_of(one, state, said) == name_of(there, other, said)
        assert state.scenario_called(one).digest() == other.scenario_called(there).digest()


def test_what_is_kept_and_on_the_screen_has_its_name_there_too():
    state = AppState()
    state.move("a", {"levers.linking": 1.25})
    state.keep("ours", state.future.scenario)
    assert screen_name(received(state), words("en")) == screen_name(state, words("en")) == "ours"


@pytest.mark.parametrize("name", ["mine", "historical-pace"])
def test_changes_are_counted_from_a_scenario_that_was_uploaded(name: str):
    state = AppState()
    own = load_scenario("baiji-returns", set={"levers.linking": 0.1})
    state.open(own.model_copy(update={"id": name}))
    state.move("a", {"levers.assistance": 0.3})
    other = received(state)
    assert other.base == state.base.model_copy(update={"extends": ()})
    assert screen_name(other, words("en")) == screen_name(state, words("en"))


def test_an_older_link_says_nothing_of_what_is_compared():
    older = {name: value for name, value in table().items() if name not in YOUNGER}
    shared = decode(pack(older))
    state = AppState()
    before = state.compared
    state.follow(shared)
    assert (shared.base, shared.compared, state.compared) == (None, {}, before)


@settings(deadline=None, max_examples=40)
@given(settings_by_chance())
def test_a_scenario_that_differs_comes_back(setting: Setting):
    given = json.loads(json.dumps(written(setting.scenario)))
    assert read(given, "link") == setting.scenario.model_copy(update={"extends": ()})


@pytest.mark.parametrize("name", bundled())
def test_a_scenario_that_ships_is_its_id(name: str):
    assert written(load_scenario(name)) == name


@pytest.mark.parametrize(
    "given",
    [
        7,
        [],
        "nowhere",
        {"of": "nowhere"},
        {"of": []},
        {"of": "baiji-returns"},
        {"of": "baiji-returns", "set": 1, "head": {}},
    ]
    + [
        {"of": "baiji-returns", "set": changes, "head": head}
        for changes, head in [
            ({"levers.linking": 9.0}, {}),
            ({"levers.linking.more": 1.0}, {}),
            ({"nowhere": 1}, {}),
            ({"": 1}, {}),
            ({"extends": "x"}, {}),
            ({"levers": 1}, {}),
            ({"event": [1]}, {}),
            ({"members": {"FJI": 1}}, {}),
            ({}, {}),
            ({}, {"id": "x", "title": {"en": "x" * 201, "zh": "x"}}),
        ]
    ],
)
def test_what_is_no_scenario_is_refused(given: Any):
    for changed in ({"base": given}, {"compared": [["a", given]]}):
        refused(pack(table(**changed)))


@pytest.mark.parametrize(
    "compared",
    [
        *(1, "current", {"current": None}, [1], ["current"], [["current"]], [["", None]]),
        *([[1, None]], [["x" * 200, None]]),
        [[str(at), "baiji-returns"] for at in range(SIDE_BY_SIDE.most + 1)],
    ],
)
def test_what_is_no_list_of_scenarios_is_refused(compared: Any):
    refused(pack(table(compared=compared)))


def test_a_name_that_nobody_knows_is_refused_and_leaves_the_session_as_it_was():
    state = AppState()
    before = packed(state)
    with pytest.raises(InputError):
        state.follow(decode(pack(table(compared=[["nowhere", None]]))))
    assert packed(state) == before
