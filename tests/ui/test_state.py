"""A session: what happened can be taken back, and a reload brings everything back."""

from dataclasses import replace
from random import Random

import pytest
from foresight_ui.runs.setting import Setting
from foresight_ui.visit.link import decode, pack, unpack
from foresight_ui.visit.memory import packed, unpacked
from foresight_ui.visit.state import CURRENT, AppState
from futures import changes, event, levers_moved, setting_of

from foresight.bounds import CHANGES, KEPT, MEMORY, SIDE_BY_SIDE
from foresight.errors import InputError
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.scenario import Scenario

EFFORT = "levers.pledge_effort.solidarity"


def busy(number: int = 1) -> AppState:
    """Return a session in which something happened."""
    rng, state = Random(number), AppState("zh")
    for _ in range(5):
        state.move("levers", changes(rng))
    state.keep("mine", state.setting.scenario)
    state.open(load_scenario("drifting-apart"))
    state.keep("it's “mine”", state.setting.scenario)
    state.move("levers.linking", {"levers.linking": 1.5}, final=False)
    state.move("run.seed", {"run.seed": 2**64 - 1})
    state.compare(["mine", CURRENT, "it's “mine”"])
    state.undo()
    state.page, state.view["map"], state.view["year"] = "members/FJI", "trust", 2030
    return state


def contents(state: AppState) -> dict[str, object]:
    """Return all that a session has open, but for the files that its scenarios once came from."""
    names = ("kept", "compared", "language", "page", "view")
    rest: dict[str, object] = {name: getattr(state, name) for name in names}
    rest |= {"position": state.history.position, "tip": state.history.tip}
    entries = state.history.entries
    log = [(plain(one.setting), own(one.base), one.what, one.values, one.at, one.parent) for one in entries]
    kept = {name: own(one) for name, one in state.kept.items()}
    return {**rest, "entries": log, "base": own(state.base), "setting": plain(state.setting), "kept": kept}


def own(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"extends": ()})


def plain(setting: Setting) -> Setting:
    return replace(setting, scenario=own(setting.scenario))


@pytest.mark.costly
@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_changes_can_be_taken_back_one_by_one(seed: int):
    rng, state = Random(seed), AppState()
    first, seen = state.setting.key, [state.setting.key]
    while len(seen) <= 200:
        state.move("levers", changes(rng))
        if state.setting.key != seen[-1]:
            seen.append(state.setting.key)
    for key in reversed(seen[:-1]):
        state.undo()
        assert state.setting.key == key
    assert state.setting.key == first
    for key in seen[1:]:
        state.redo()
        assert state.setting.key == key


def test_the_log_ends_somewhere():
    state = AppState()
    for number in range(500):
        state.move("run.seed", {"run.seed": number})
    assert [entry.setting.seed for entry in state.history.entries] == list(range(299, 500))
    assert [entry.parent for entry in state.history.entries] == [None, *range(200)]


def test_of_too_many_changes_the_branch_left_longest_ago_goes_first():
    state = AppState()
    for number in (5, 6):
        state.move("run.seed", {"run.seed": number})
        state.undo()
    for number in range(100, 100 + CHANGES.most - 1):
        state.move("run.seed", {"run.seed": number})
    assert [entry.setting.seed for entry in state.history.entries[:3]] == [1, 6, 100]
    state.move("run.seed", {"run.seed": 900})
    assert [entry.setting.seed for entry in state.history.entries[:3]] == [1, 100, 101]
    assert len(state.history.path) == CHANGES.most + 1
    state.move("run.seed", {"run.seed": 901})
    assert [entry.setting.seed for entry in state.history.entries[:2]] == [100, 101]


@pytest.mark.parametrize("seed", range(20))
def test_whoever_wanders_about_loses_nothing_and_comes_back_to_everything(seed: int):
    rng, state, seen = Random(seed), AppState(), {1}
    for number in range(100, 250):
        state.move("run.seed", {"run.seed": number})
        seen.add(number)
        act = rng.choice([state.undo, state.redo, lambda: state.jump(rng.randrange(len(state.history.entries)))])
        act()
    assert {entry.setting.seed for entry in state.history.entries} == seen
    for at, entry in enumerate(state.history.entries):
        state.jump(at)
        assert state.setting == entry.setting
        assert at in state.history.path
        if entry.parent is not None:
            state.undo()
            state.redo()
            assert state.history.position == at
    assert contents(unpacked(packed(state))) == contents(state)


def test_there_is_nothing_before_the_first_and_after_the_last():
    state = AppState()
    state.undo()
    state.redo()
    assert (state.history.position, state.before) == (0, None)


def test_a_change_after_an_undo_loses_nothing():
    state = AppState()
    for value in (2.0, 3.0):
        state.move(EFFORT, {EFFORT: value})
    left = state.setting
    state.undo()
    state.move("levers.linking", {"levers.linking": 1.0})
    history = state.history
    assert [(entry.what, entry.parent) for entry in history.entries] == [
        ("open", None),
        (EFFORT, 0),
        (EFFORT, 1),
        ("levers.linking", 1),
    ]
    assert history.path == [0, 1, 3]
    state.jump(2)
    assert (state.setting, history.path) == (left, [0, 1, 2])


def test_one_can_go_to_any_entry():
    state = busy()
    for position in (0, 3, len(state.history.entries) - 1):
        state.jump(position)
        assert state.setting == state.history.entries[position].setting


@pytest.mark.parametrize("position", [-1, 99])
def test_there_is_no_way_to_an_entry_that_is_not_there(position: int):
    with pytest.raises(InputError, match="log"):
        busy().jump(position)


def test_moves_of_one_control_make_one_entry():
    state = AppState()
    for value in (1.5, 2.0, 2.5):
        state.move(EFFORT, {EFFORT: value}, final=False)
    state.move(EFFORT, {EFFORT: 3.0})
    assert len(state.history.entries) == 2
    assert state.history.entries[1].values == {EFFORT: 3.0}
    state.move(EFFORT, {EFFORT: 3.5})
    assert len(state.history.entries) == 3


def test_a_control_that_takes_over_makes_an_entry_of_its_own():
    state = AppState()
    state.move(EFFORT, {EFFORT: 1.5}, final=False)
    state.move("levers.linking", {"levers.linking": 1.0}, final=False)
    state.move(EFFORT, {EFFORT: 2.0}, final=False)
    assert len(state.history.entries) == 4


@pytest.mark.parametrize("between", ["undo", "jump", "open"])
def test_what_comes_between_ends_a_move(between: str):
    state = AppState()
    state.move("run.seed", {"run.seed": 5})
    state.move(EFFORT, {EFFORT: 1.5}, final=False)
    {"undo": state.undo, "jump": lambda: state.jump(1), "open": lambda: state.open(load_scenario("baiji-returns"))}[
        between
    ]()
    kept, here = state.history.entries, state.history.position
    state.move(EFFORT, {EFFORT: 2.0}, final=False)
    assert state.history.entries[:-1] == kept
    assert state.history.now.parent == here


def test_a_move_that_changes_nothing_is_no_entry_and_takes_none_over():
    """A hand that takes hold of a slider moves it to where it stands."""
    state = AppState()
    state.move("run.seed", {"run.seed": 5})
    state.move(EFFORT, {EFFORT: 1.0}, final=False)
    assert len(state.history.entries) == 2
    state.move(EFFORT, {EFFORT: 2.0}, final=False)
    assert [entry.what for entry in state.history.entries] == ["open", "run.seed", EFFORT]


@pytest.mark.parametrize("name", bundled())
def test_a_scenario_that_is_touched_and_left_as_it_is_has_not_changed(name: str):
    state = AppState()
    state.open(load_scenario(name))
    state.move(
        "levers.support_multiplier", {"levers.support_multiplier": list(load_scenario(name).levers.support_multiplier)}
    )
    assert state.setting.scenario == load_scenario(name)
    assert len(state.history.entries) == 2


@pytest.mark.parametrize(
    "values",
    [
        {EFFORT: 7.0},
        {EFFORT: "2"},
        {EFFORT: None},
        {EFFORT: [1.0, 2.0]},
        {EFFORT: float("nan")},
        {"levers.linking": 1.0, "levers.nothing": 1.0},
        {"nothing": 1},
        {"run.seed": -1},
        {"run.seed": 1.5},
        {"run.replicates": 199},
        {"run.replicates": 1001},
        {"run.replicates": True},
        {"run.nothing": 1},
        {"run.effects": "posteriors"},
        {"run.effects": None},
        {"run.scenario": 1},
        {"events": [{"name": "one", "year": 2040}]},
        {"coalitions": [{"name": "one"}]},
        {"uncertainties.sd_gate": 0.06},
        {"structure.gate": "gate"},
        {"extends": "baiji-returns"},
        {EFFORT: 2.0, "levers.pledge_effort": 2.0},
        {"": 1},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(values: dict[str, object]):
    state = busy()
    before = contents(state)
    with pytest.raises(InputError):
        state.move("x", values)
    assert contents(state) == before


def test_memory_brings_everything_back():
    state, again = busy(), AppState()
    again.take_over(unpacked(packed(state)))
    assert contents(again) == contents(state)
    again.undo()
    state.undo()
    assert contents(again) == contents(state)


def test_a_memory_from_before_there_was_a_choice_means_anonymous_draws():
    state, again = busy(), AppState()
    table = unpack(packed(state))
    table["entries"] = [[setting[:3], *rest] for setting, *rest in table["entries"]]
    again.take_over(unpacked(pack(table)))
    assert {entry.setting.effects for entry in again.history.entries} == {"drawn"}


def test_a_memory_from_before_there_were_branches_is_one_path():
    state = AppState()
    for number in range(3):
        state.move("run.seed", {"run.seed": number})
    state.undo()
    table = unpack(packed(state))
    del table["tip"]
    table["entries"] = [entry[:5] for entry in table["entries"]]
    assert contents(unpacked(pack(table))) == contents(state)


@pytest.mark.parametrize("parent", [None, 3, 9, -1, "x"])
def test_a_memory_whose_entries_come_after_none_or_later_ones_is_refused(parent: object):
    table = unpack(packed(busy()))
    table["entries"][3][5] = parent
    with pytest.raises(InputError):
        unpacked(pack(table))


def test_another_scenario_keeps_where_effects_come_from():
    state = AppState()
    state.move("run.effects", {"run.effects": "drawn"})
    state.open(load_scenario("baiji-returns"))
    assert state.setting.effects == "drawn"


def test_a_reload_still_tells_that_a_link_came_from_elsewhere():
    state, again = AppState(), AppState()
    table = unpack(state.link({"trust": 0.5}))
    state.follow(decode(pack({**table, "version": "0.0.1"})))
    again.take_over(unpacked(packed(state)))
    assert again.shared is not None
    assert again.shared.elsewhere
    assert again.shared.numbers == {"trust": 0.5}


def test_the_memory_of_a_full_session_can_be_recalled():
    rng, state, again = Random(5), AppState(), AppState()
    state.open(load_scenario("drifting-apart"))
    full = [event(rng, f"event {number}") for number in range(20)]
    state.move("events", {"events": full})
    for number in range(210):
        state.move("levers", levers_moved(rng) | {"run.seed": number})
    for _ in range(KEPT.most):
        state.keep("kept", state.setting.scenario)
    again.take_over(unpacked(packed(state)))
    assert contents(again) == contents(state)


@pytest.mark.parametrize("at", range(0, 4000, 97))
def test_a_damaged_memory_is_refused_and_changes_nothing(at: int):
    memory, state = packed(busy()), AppState()
    at %= len(memory)
    before = contents(state)
    damaged = memory[:at] + ("A" if memory[at] != "A" else "B") + memory[at + 1 :]
    try:
        state.take_over(unpacked(damaged))
    except InputError:
        assert contents(state) == before
    else:
        assert contents(state) == contents(busy())  # no bit of the content was changed


@pytest.mark.parametrize(
    "change",
    [
        {"entries": []},
        {"entries": None},
        {"entries": [[1, 2, 3]]},
        {"entries": [1]},
        {"position": -99},
        {"position": 99},
        {"position": "x"},
        {"tip": -1},
        {"tip": 99},
        {"tip": "x"},
        {"tip": 0},
        {"bases": 1},
        {"bases": [{}]},
        {"kept": []},
        {"kept": {"one": 1}},
        {"compared": None},
        {"compared": [[]]},
        {"language": "xx"},
        {"language": None},
        {"view": None},
        {"view": {"map": "nothing"}},
        {"view": {"year": 1999}},
    ],
)
def test_a_memory_made_by_hand_is_refused_and_changes_nothing(change: dict[str, object]):
    state = busy()
    before = contents(state)
    with pytest.raises(InputError):
        state.take_over(unpacked(pack({**unpack(packed(state)), **change})))
    assert contents(state) == before


@pytest.mark.parametrize(
    "name", ["entries", "position", "bases", "kept", "compared", "shared", "language", "page", "view"]
)
def test_a_memory_that_lacks_something_is_refused(name: str):
    table = unpack(packed(busy()))
    del table[name]
    state = AppState()
    with pytest.raises(InputError):
        state.take_over(unpacked(pack(table)))
    assert contents(state) == contents(AppState())


@pytest.mark.parametrize(
    ("name", "one", "most"),
    [("entries", None, CHANGES.most + 1), ("kept", None, KEPT.most), ("compared", "current", 6)],
)
def test_a_memory_has_no_more_than_a_session(name: str, one: object, most: int, monkeypatch: pytest.MonkeyPatch):
    """Whatever has too many is refused before any of it is looked at."""
    table = unpack(packed(busy()))
    many = [one] * (most + 1) if name != "kept" else {str(number): one for number in range(most + 1)}
    monkeypatch.setattr("foresight_ui.visit.memory.scenario_from", lambda _: pytest.fail("looked at"))
    with pytest.raises(InputError) as refused:
        unpacked(pack({**table, name: many}))
    assert [(one.field, one.kind, one.given) for one in refused.value.problems] == [(name, "too_many", str(most + 1))]


def test_a_seed_that_browsers_have_no_number_for_comes_in_digits():
    state = AppState()
    state.move("run.seed", {"run.seed": str(2**64 - 1)})
    assert (state.setting.seed, state.history.now.values) == (2**64 - 1, {"run.seed": 2**64 - 1})


@pytest.mark.parametrize("seed", ["", "x", "1.5", "-1", "1e3", "٣", str(2**64), "9" * 400])
def test_other_texts_are_no_seed(seed: str):
    state = AppState()
    with pytest.raises(InputError, match="seed"):
        state.move("run.seed", {"run.seed": seed})


def test_a_small_text_cannot_fill_the_memory():
    memory = pack({**unpack(packed(busy())), "page": "A" * (MEMORY.most + 1)})
    assert len(memory) < MEMORY.most // 100
    with pytest.raises(InputError) as refused:
        unpacked(memory)
    assert [problem.kind for problem in refused.value.problems] == ["too_much_packed"]


@pytest.mark.parametrize("lab", [{"size": 0}, {"size": "x"}, {"plan": 3}, {"plan": {}}, {"chosen": [1]}, 7], ids=str)
def test_plans_made_by_hand_are_refused(lab: object):
    with pytest.raises(InputError):
        unpacked(pack({**unpack(packed(busy())), "laboratory": lab}))


def test_names_of_what_is_kept_are_all_different():
    state = AppState()
    names = [state.keep(name, state.setting.scenario) for name in ("a", "a", "a", CURRENT, "baiji-returns", "a (2)")]
    assert names == ["a", "a (2)", "a (3)", "current (2)", "baiji-returns (2)", "a (2) (2)"]
    assert list(state.kept) == names


def test_a_session_keeps_so_many_scenarios_and_no_more():
    state = AppState()
    for _ in range(KEPT.most):
        state.keep("a", state.setting.scenario)
    with pytest.raises(InputError, match=str(KEPT.most)):
        state.keep("a", state.setting.scenario)
    assert len(state.kept) == KEPT.most


def test_scenarios_are_found_by_their_names():
    state = busy()
    assert state.scenario_called(CURRENT) == state.setting.scenario
    assert state.scenario_called("mine") == state.kept["mine"]
    assert state.scenario_called("baiji-returns") == load_scenario("baiji-returns")
    with pytest.raises(InputError, match="nobody"):
        state.scenario_called("nobody")


@pytest.mark.parametrize("names", [[], ["nobody"], [CURRENT] * (SIDE_BY_SIDE.most + 1)])
def test_not_everything_can_be_compared(names: list[str]):
    state = AppState()
    before = state.compared
    with pytest.raises(InputError):
        state.compare(names)
    assert state.compared == before


def test_each_scenario_is_compared_once():
    state = AppState()
    state.compare([CURRENT, *bundled(), CURRENT])
    assert state.compared == [CURRENT, *bundled()]


def test_what_is_opened_is_what_changes_are_counted_from():
    state = AppState()
    state.move("run.seed", {"run.seed": 9})
    chosen = setting_of(5).scenario
    state.open(chosen)
    assert (state.base, state.setting.scenario, state.setting.seed) == (chosen, chosen, 9)
    state.move("levers.linking", {"levers.linking": 1.1})
    assert state.base == chosen


def test_an_undo_takes_back_what_changes_are_counted_from():
    state = AppState()
    first = state.base
    state.open(setting_of(5).scenario)
    state.undo()
    assert state.base == first
    state.redo()
    assert state.base == setting_of(5).scenario


def test_a_copy_for_another_thread_stays_as_it_is():
    state = busy()
    copy, before = state.snapshot(), contents(busy())
    state.move(EFFORT, {EFFORT: 4.5})
    state.view["map"] = "capacity"
    state.keep("x", state.setting.scenario)
    state.compare([CURRENT])
    assert {**contents(copy), "entries": None} == {**before, "entries": None}
