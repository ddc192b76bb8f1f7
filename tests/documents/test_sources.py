"""What is read from the text of the sources is what Python makes of them."""

import inspect
import re

import pytest

from foresight.documents import sources
from foresight.engine import draws, inputs, rules, state


def compiled_functions() -> dict[str, object]:
    """Return the functions of the rules that numba made."""
    return {
        name: one
        for name, one in vars(rules).items()
        if getattr(getattr(one, "py_func", None), "__module__", "") == rules.__name__
    }


def test_every_compiled_function_of_the_rules_is_declared_once():
    names = [rule.name for rule in sources.rules()]
    assert len(names) == len(set(names))
    assert set(names) == set(compiled_functions())


def test_purposes_and_arguments_are_those_of_the_functions():
    for rule in sources.rules():
        function = compiled_functions()[rule.name].py_func
        assert rule.purpose == inspect.getdoc(function).partition("\n")[0]
        assert rule.arguments == tuple(inspect.signature(function).parameters)


def test_the_lines_that_compute_a_rule_are_those_of_the_source():
    parted = {rule.name: rule.computed for rule in sources.rules()}
    assert parted["probability"] == "return 1.0 - exponential(-hazard)"


def test_the_sub_steps_are_ten_in_the_order_that_the_module_tells():
    told = re.search(r"The order of a year: (.+?)\.\n", rules.__doc__, re.DOTALL)
    steps = [step for steps in sources.schedule() for step in steps]
    assert steps == list(range(1, 11)) == [int(number) for number in re.findall(r"\((\d+)\)", told.group(1))]


def test_every_sub_step_has_a_rule_and_shared_functions_come_first():
    found = [rule.steps for rule in sources.rules()]
    assert set(found) == {(), *sources.schedule()}
    assert found == sorted(found)


@pytest.mark.parametrize("record", [state.History, state.Luck, inputs.Members], ids=lambda record: record.__name__)
def test_fields_of_a_record_are_declared_with_their_shapes(record):
    fields = sources.fields(record.__module__.rpartition(".")[2], record.__name__)
    assert tuple(field.name for field in fields) == record._fields
    assert all(field.shape.startswith("[") for field in fields)


def test_purposes_of_draws_are_those_of_the_module():
    numbers = {name: one for name, one in vars(draws).items() if name.isupper() and isinstance(one, int)}
    words = {"PLEDGE", "DELIVERY", "LAPSE", "EXIT", "WORDS"}
    assert sources.purposes() == {
        name: number for name, number in numbers.items() if name not in words and name[0] != "_"
    }
