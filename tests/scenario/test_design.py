import numpy as np
import pytest
from histories import simulate_history

from foresight.errors import InputError
from foresight.scenario.building import build
from foresight.scenario.design import checked_design
from foresight.scenario.loading import load_scenario

POINTS = {
    "peer_effect": [0.9, 1.4],
    "pledge_offset": [-0.3, -0.9],
    "outside_peer_effect": [-0.3, 1.5],
    "base_solidarity_share": [0.1, 0.9],
    "base_performance_share": [0.9, 0.0],
    "delivery_rate": [0.2, 0.7],
    "grace_years": [3, 7],
}


@pytest.mark.parametrize("names", [[name] for name in POINTS] + [list(POINTS)], ids=lambda names: "+".join(names))
def test_a_run_of_a_design_is_the_scenario_with_its_values(names):
    scenario = load_scenario("historical-pace")
    design = simulate_history(build(scenario, {name: POINTS[name] for name in names}), 1, [4, 4])
    for run in range(2):
        values = {f"uncertainties.{name}": POINTS[name][run] for name in names}
        alone = simulate_history(build(load_scenario("historical-pace", set=values)), 1, [4])
        for name, whole, one in zip(alone._fields, design, alone, strict=True):
            np.testing.assert_array_equal(whole[..., run], one[..., 0], err_msg=name)


@pytest.mark.parametrize(
    ("design", "kind"),
    [
        (5, "not_a_table"),
        ([0.3], "not_a_table"),
        ({"delivery_rate": ["fast"]}, "not_a_number"),
        ({"delivery_rate": [[0.3], [0.3, 0.4]]}, "not_a_number"),
        ({"delivery_rate": {}}, "not_a_number"),
        ({"delivery_rate": []}, "design_length"),
        ({5: [0.3]}, "unknown_name"),
    ],
)
def test_what_is_no_design_is_refused(design, kind):
    with pytest.raises(InputError) as caught:
        checked_design(design)
    assert [problem.kind for problem in caught.value.problems] == [kind]


def test_every_fault_of_a_design_is_told_at_once():
    design = {
        "delivery_rat": [0.3, 0.4],
        "sd_gate": [0.1, 0.1],
        "exit_rate": [0.0, 5.0],
        "grace_years": [3.5, 4.0],
        "lapse_rate": [0.0],
    }
    with pytest.raises(InputError) as caught:
        build(load_scenario("historical-pace"), design)
    told = {problem.field: problem for problem in caught.value.problems}
    assert set(told) == {f"design.{name}" for name in design}
    assert told["design.delivery_rat"].nearest == "delivery_rate"
    assert told["design.exit_rate"].allowed == "0..0.02"


@pytest.mark.parametrize("threads", [1, 2])
def test_a_design_has_a_value_for_every_run(threads: int):
    inputs = build(load_scenario("historical-pace"), {"delivery_rate": [0.2, 0.3]})
    with pytest.raises(ValueError, match=r"\[2\] runs; allowed 1 or 3"):
        simulate_history(inputs, 1, range(3), threads=threads)
