"""The brief of what is on the screen, or of what is set side by side."""

from collections.abc import Callable

import briefs
import papers
import pytest
from foresight_ui.runs.country import country
from foresight_ui.visit.brief import brief_of, paths_of
from foresight_ui.visit.state import CURRENT, AppState

from foresight.scenario.loading import load_scenario

SHIPPED = ("historical-pace", "baiji-returns", "drifting-apart", "paper-promises")


def text_of(state: AppState, language: str, member: str = "") -> tuple[str, str]:
    name, kind, content = brief_of(paths_of(state), language, member)
    assert kind == "text/html"
    assert len(list(briefs.cited(content.decode()))) > 200
    return name, papers.text_of(content.decode())


def compared(state: AppState, *names: str) -> None:
    state.page = "compare"
    state.compare(names)


def alike(state: AppState) -> None:
    """Set what is on the screen beside a checkpoint of it."""
    compared(state, CURRENT, state.keep("mine", state.future.scenario))


def namesakes(state: AppState) -> None:
    """Set two scenarios side by side whose files have one id."""
    low, high = (load_scenario("historical-pace", set={"levers.linking": value}) for value in (0.2, 1.2))
    compared(state, state.keep("low", low), state.keep("high", high))


@pytest.mark.parametrize(
    ("do", "ids"),
    [
        (lambda _: None, ["historical-pace", "baiji-returns"]),
        (lambda state: state.open(load_scenario("paper-promises")), ["historical-pace", "paper-promises"]),
        (lambda state: compared(state, *SHIPPED[1:]), [*SHIPPED[1:]]),
        (lambda state: compared(state, CURRENT), ["historical-pace", "baiji-returns"]),
        (alike, ["historical-pace", "baiji-returns"]),
    ],
)
def test_a_brief_is_of_what_is_compared_or_of_the_screen_beside_another(do: Callable[[AppState], None], ids: list[str]):
    state = AppState()
    do(state)
    assert [one.scenario.id for one in paths_of(state)] == ids


def test_a_change_of_historical_pace_is_set_beside_it_and_namesakes_have_ids_of_their_own():
    state = AppState()
    state.move("levers.linking", {"levers.linking": 1.2})
    assert [one.scenario.id for one in paths_of(state)] == ["historical-pace", state.future.scenario.id]
    namesakes(state)
    first, second = (one.scenario.id for one in paths_of(state))
    assert first != second


@pytest.mark.costly
def test_historical_pace_itself_is_set_beside_the_rival_and_tells_a_member_as_its_page_does():
    state = AppState()
    name, words = text_of(state, "en", "FJI")
    assert name == "brief-baiji-returns-FJI.html"
    assert "Baiji returns goes furthest" in words
    before, after = (country(one, "FJI").number for one in paths_of(state))
    assert (
        f"Fiji delivers {after:.2f} of 4 steps on average by 2040 on Baiji returns, {after - before:.2f} more" in words
    )
    command = (
        "foresight brief historical-pace baiji-returns --members FJI --seed 1 --replicates 200 --effects posterior"
    )
    assert command in words


@pytest.mark.costly
def test_what_is_compared_is_told_whatever_is_in_it_of_one_who_takes_part_in_all():
    state = AppState()
    namesakes(state)
    first, second = paths_of(state)
    name, words = text_of(state, "ru", "FJI")
    assert name == f"brief-{second.scenario.id}-FJI.html"
    assert f"foresight brief {first.scenario.id}.toml {second.scenario.id}.toml --members FJI" in words
