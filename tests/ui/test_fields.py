"""Fields show what runs: what is typed beyond the range, no number or nothing at all is put right in the open."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from foresight_ui.parts.levers import GROUPS
from foresight_ui.runs.setting import Setting
from foresight_ui.visit.link import decode
from foresight_ui.visit.state import AppState
from foresight_ui.words import words
from playwright.sync_api import expect

from foresight.actions import ACTIONS
from foresight.facts.parameters import all_parameters, levers, uncertainties
from foresight.scenario.loading import shipped

PHASES = (2, 3, 4)
OPEN_ALL = "() => document.querySelectorAll('.levers details').forEach((one) => { one.open = true; })"
ALL_FIELDS = """() => Object.fromEntries(
  [...document.querySelectorAll('input.typed')]
    .map((one) => [one.ariaLabel, one.value === '' ? one.placeholder : Number(one.value)])
)"""
SEED = "Seed of the luck"


@pytest.fixture
def field(screen: Any) -> Callable[..., Any]:
    """Type something into a field, and return it with what stands beside it."""
    screen.open()
    screen.page.evaluate(OPEN_ALL)

    def typed(name: str, text: str, key: str = "Enter") -> tuple[str, str]:
        one = screen.field(name)
        one.fill(text)
        one.press(key)
        note = screen.page.locator(f"#{one.get_attribute('aria-describedby')}")
        return one.input_value(), note.inner_text() if note.is_visible() else ""

    return typed


def test_what_is_beyond_the_range_becomes_its_end_and_says_so(field):
    assert field("Transparency", "50") == ("6", "most is 6")
    assert field("Transparency", "-1", "Tab") == ("0.25", "least is 0.25")
    assert field("Transparency", "2.5") == ("2.5", "")
    assert field("Review deadlines", "7") == ("2.4", "most is 2.4")


def test_an_empty_field_shows_again_what_runs(field):
    assert field("Transparency", "") == ("1", "")
    assert field(SEED, "", "Tab") == ("1", "")


def test_seeds_are_whole_and_as_long_as_they_may_be(field, screen):
    assert field(SEED, "1.7") == ("1", "whole numbers only")
    assert field(SEED, "x") == ("1", "this is no number")
    assert field(SEED, "99999999999999999999") == (str(2**64 - 1), f"most is {2**64 - 1}")
    wait_for_seed(screen, 2**64 - 1)
    assert field(SEED, "-3") == ("0", "least is 0")
    assert field(SEED, str(2**53 + 1)) == (str(2**53 + 1), "")
    wait_for_seed(screen, 2**53 + 1)


def test_what_was_put_right_is_told_to_a_screen_reader(field, screen):
    field("Solidarity", "50")
    note = screen.page.get_by_role("status").filter(has_text="most is 6")
    expect(screen.field("Solidarity")).to_have_attribute("aria-describedby", note.get_attribute("id") or "")


def test_a_lever_that_was_set_is_not_called_unset_until_it_is_given_back(screen):
    screen.open()
    screen.page.evaluate(OPEN_ALL)
    name = "Links between subregions"
    hint = screen.page.locator(".lever", has=screen.slider(name)).get_by_text("Not set")
    expect(hint).to_be_visible()
    settled, before = screen.settled(), screen.field(name).input_value()
    screen.slider(name).press("ArrowRight")
    expect(hint).to_be_hidden()
    screen.wait_settled(settled)
    screen.slider(name).press("Delete")
    expect(hint).to_be_visible()
    expect(screen.field(name)).to_have_value(before)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_after_two_hundred_moves_each_field_is_what_the_model_has(screen, seed: int):
    rng = Random(seed)
    screen.open()
    screen.page.evaluate(OPEN_ALL)
    names = list(screen.page.evaluate(ALL_FIELDS))
    for number in range(200):
        move(screen, rng, rng.choice(names))
        if number % 20 == 19:
            settle(screen, 1000 + number)
            wait_for_fields(screen)
            assert screen.field(SEED).input_value() == str(1000 + number)


def move(screen: Any, rng: Random, name: str) -> None:
    """Do something with a lever by the keyboard, or go back and forth."""
    act = rng.random()
    if act < 0.45:
        keys = ("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End", "Delete")
        screen.slider(name).press(rng.choice(keys))
    elif act < 0.85:
        screen.field(name).fill(
            rng.choice(("", "50", "-7", "0.3", "1.25", "0.123456", str(round(rng.uniform(0, 6), 3))))
        )
        screen.field(name).press(rng.choice(("Enter", "Tab")))
    else:
        screen.slider(name).focus()
        screen.page.keyboard.press(rng.choice(("Control+z", "Control+z", "Control+y")))


def settle(screen: Any, seed: int) -> None:
    """Wait until everything that was done before is in the address."""
    screen.field(SEED).fill(str(seed))
    screen.field(SEED).press("Enter")
    wait_for_seed(screen, seed)


def wait_for_fields(screen: Any) -> None:
    """Wait until fields show what the model has: while answers to older moves come, they show what was moved last."""
    while True:
        settled = screen.settled()
        if screen.page.evaluate(ALL_FIELDS) == dict(expected(decode(screen.link).setting)):
            return
        screen.wait_settled(settled)


def wait_for_seed(screen: Any, seed: int) -> None:
    """Wait until what runs with a seed is in the address."""
    while True:
        settled = screen.settled()
        if decode(screen.link).setting.seed == seed:
            return
        screen.wait_settled(settled)


def expected(setting: Setting) -> Iterator[tuple[str, Any]]:
    """Yield what every field of a lever is to show."""
    said, scenario = words("en"), setting.scenario
    for action in ACTIONS:
        every = []
        for part in ("pledge_effort", "delivery_effort"):
            values = getattr(getattr(scenario.levers, part), action)
            for phase, value in zip(PHASES, values, strict=True):
                yield f"{said.action(action)}: {said.say(f'levers.{part}')}, Phase {phase}", value
            every += values
        yield said.action(action), every[0] if len(set(every)) == 1 else "several"
    for name in (one for names in GROUPS.values() for one in names):
        value, label = getattr(scenario.levers, name), said.label(levers()[name])
        if isinstance(value, tuple):
            yield from ((f"{label}, Phase {phase}", one) for phase, one in zip(PHASES, value, strict=True))
            value = value[0] if len(set(value)) == 1 else "several"
        if value is None:
            value = getattr(scenario.uncertainties, str(levers()[name].replaces))
        yield label, value


# Assumptions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped())
def test_what_an_assumption_shows_may_be_typed_back(name: str):
    for parameter in uncertainties().values():
        value = getattr(shipped()[name].uncertainties, parameter.name)
        assert parameter.low <= value <= parameter.high
        state = AppState()
        state.open(shipped()[name])
        before = state.setting
        state.move("x", {f"uncertainties.{parameter.name}": value})
        assert state.setting == before


@pytest.mark.parametrize("name", [one.name for one in all_parameters().values() if one.tag == "estimated"])
def test_the_source_of_an_estimate_names_no_other_number_than_that_beside_it(name: str):
    """A source that gives a middle with its error would have to follow the records whenever they are read anew."""
    assert not re.search(r"\d ?±", all_parameters()[name].source["en"])
