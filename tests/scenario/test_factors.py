"""Factors: names of what can be varied, and what these set."""

import pytest

from foresight.actions import ACTIONS
from foresight.errors import InputError
from foresight.facts.parameters import all_parameters, uncertainties
from foresight.scenario.factors import PHASES, cells_taken_twice, factor_called, factors, settings_from_factors
from foresight.scenario.loading import load_scenario

BASE = load_scenario("baiji-returns")


def test_everything_that_is_not_fixed_can_be_varied_and_nothing_else():
    whole = {name for name in factors() if "." not in name}
    assert whole == {name for name, item in all_parameters().items() if not item.fixed}
    assert all(factor_called(name).name == name for name in factors())


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("delivery_rate", [(None, None)]),
        ("linking", [(None, None)]),
        ("support_multiplier", [(None, phase) for phase in PHASES]),
        ("support_multiplier.phase_3", [(None, 3)]),
        ("pledge_effort", [(action, phase) for action in ACTIONS for phase in PHASES]),
        ("pledge_effort.phase_2", [(action, 2) for action in ACTIONS]),
        ("pledge_effort.networking", [("networking", phase) for phase in PHASES]),
        ("pledge_effort.networking.phase_4", [("networking", 4)]),
    ],
)
def test_a_name_says_what_is_set(name: str, cells: list[tuple[str | None, int | None]]):
    assert list(factor_called(name).cells()) == cells


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        ({"delivery_rate": 0.3}, {"uncertainties.delivery_rate": 0.3}),
        ({"linking": 0.5}, {"levers.linking": 0.5}),
        ({"support_multiplier": 2}, {"levers.support_multiplier": [2.0, 2.0, 2.0]}),
        ({"support_multiplier.phase_3": 2}, {"levers.support_multiplier": [1.2, 2.0, 1.8]}),
        (
            {"support_multiplier.phase_2": 3, "support_multiplier.phase_4": 1},
            {"levers.support_multiplier": [3.0, 1.5, 1.0]},
        ),
        ({"pledge_effort.financing.phase_2": 2}, {"levers.pledge_effort.financing": [2.0, 2.5, 2.5]}),
        ({"pledge_effort": 2}, {f"levers.pledge_effort.{action}": [2.0, 2.0, 2.0] for action in ACTIONS}),
    ],
)
def test_values_are_set_and_the_base_keeps_the_rest(values: dict[str, float], settings: dict[str, object]):
    assert settings_from_factors(values, BASE) == settings
    load_scenario("baiji-returns", set=settings)


def test_coalitions_keep_their_own_efforts():
    club = {"name": "club", "bodies": ["ASEAN"], "pledge_effort": {"financing": 4.0}}
    base = load_scenario("baiji-returns", set={"coalitions": [club]})
    changed = load_scenario(
        "baiji-returns", set={"coalitions": [club], **settings_from_factors({"pledge_effort": 2.0}, base)}
    )
    assert changed.coalitions == base.coalitions


@pytest.mark.parametrize(
    ("name", "kind", "nearest"),
    [
        ("delivery_rat", "unknown_factor", "delivery_rate"),
        ("levers.linking", "unknown_factor", "linking"),
        ("pledge_effort.transparancy", "unknown_factor", "pledge_effort.transparency"),
        ("linking.phase_2", "unknown_factor", "linking"),
        ("spillover", "fixed", ""),
    ],
)
def test_what_cannot_be_varied_is_refused_with_the_nearest_name(name: str, kind: str, nearest: str):
    with pytest.raises(InputError) as caught:
        factor_called(name)
    (problem,) = caught.value.problems
    assert (problem.kind, problem.nearest) == (kind, nearest)
    assert problem.message("zh")


def test_two_factors_that_set_the_same_are_refused():
    names = ["pledge_effort.networking", "linking", "pledge_effort.networking.phase_4", "pledge_effort.phase_2"]
    twice = {names[2]: names[0], names[3]: names[0]}
    assert cells_taken_twice(names) == twice
    with pytest.raises(InputError) as caught:
        settings_from_factors(dict.fromkeys(names, 1.0), BASE)
    assert [problem.field for problem in caught.value.problems] == list(twice)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_factor_has_a_label_of_its_own(language: str):
    labels = [factor.label(language) for factor in factors().values()]
    assert len(set(labels)) == len(labels)
    assert factor_called("delivery_rate").label(language) == uncertainties()["delivery_rate"].label[language]


def test_a_label_names_action_and_phase():
    assert factor_called("pledge_effort.transparency.phase_2").label() == "Pledging effort, Transparency, phase 2"
    assert factor_called("support_multiplier").label() == "External support (lever)"
    assert factor_called("pledge_effort.transparency.phase_2").label("zh") == "承诺力度，透明度，第 2 阶段"
