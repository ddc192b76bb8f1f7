"""Every parameter is described once, completely and in both languages."""

import math
import re

import pytest

from foresight.engine import inputs
from foresight.facts.parameters import TAGS, Mark, Parameter, all_parameters, levers, uncertainties
from foresight.texts import keys, languages

PARAMETERS = [pytest.param(p, id=p.name) for p in all_parameters().values()]

#: In the inputs the offset has become the base of the log hazard.
DECLARED_AS = {"pledge_log_hazard_base": "pledge_offset"}


def test_every_uncertainty_of_the_inputs_is_declared():
    expected = {DECLARED_AS.get(name, name) for name in inputs.Uncertainties._fields}
    assert set(uncertainties()) == expected | {"action_weights"}


def test_every_lever_of_the_inputs_is_declared():
    assert set(levers()) == set(inputs.Levers._fields)


def test_uncertainties_and_levers_share_no_name():
    assert len(all_parameters()) == len(uncertainties()) + len(levers())


@pytest.mark.parametrize("section", [uncertainties(), levers()], ids=["uncertainties", "levers"])
def test_no_symbol_or_label_means_two_things(section):
    free = [p for p in section.values() if p.name != "delivery_effort"]
    assert len({p.symbol for p in free}) == len(free)
    for language in languages():
        assert len({p.label[language] for p in section.values()}) == len(section)


def test_a_lever_that_replaces_an_uncertainty_has_its_symbol_range_and_no_default():
    replacing = [lever for lever in levers().values() if lever.replaces]
    assert {lever.name for lever in replacing} == {"performance_share", "solidarity_share", "linking"}
    for lever in replacing:
        replaced = uncertainties()[str(lever.replaces)]
        assert (lever.symbol, lever.low, lever.high) == (replaced.symbol, replaced.low, replaced.high)
        assert lever.default is None


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_numbers_are_finite_and_the_default_is_within_the_range(parameter: Parameter):
    assert math.isfinite(parameter.low)
    assert math.isfinite(parameter.high)
    if parameter.default is not None:
        assert parameter.low <= parameter.default <= parameter.high
    assert parameter.fixed == (parameter.low == parameter.high)


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_tag_unit_and_source_are_known(parameter: Parameter):
    assert parameter.tag in TAGS
    assert f"unit.{parameter.unit}" in keys()
    assert all(parameter.source[language] for language in languages())


@pytest.mark.parametrize("one", [*PARAMETERS, *levers()["pledge_effort"].marks])
def test_a_source_is_a_citation_or_is_told_in_chinese_too(one: Parameter | Mark):
    citation = re.fullmatch(r"(\w+ and )+\w+ \d{4}", one.source["en"])
    assert (one.source["en"] == one.source["zh"]) == bool(citation)
    assert citation or re.search(r"[\u4e00-\u9fff]", one.source["zh"])


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_label_and_meaning_are_there_in_every_language(parameter: Parameter):
    for words in (parameter.label, parameter.meaning):
        assert set(words) == set(languages())
        assert all(words.values())
    assert parameter.meaning["en"].endswith(".")
    assert parameter.meaning["zh"].endswith("。")


def test_effort_marks_ascend_within_the_slider_and_say_where_they_come_from():
    for name in ("pledge_effort", "delivery_effort"):
        lever = levers()[name]
        values = [mark.value for mark in lever.marks]
        assert values == sorted(values) == [1.0, 1.2, 1.7, 2.5, 6.0]
        assert all(lever.low <= value <= lever.high for value in values)
        assert all(mark.tag in TAGS and mark.source for mark in lever.marks)
        assert all(set(mark.label) == set(languages()) for mark in lever.marks)


def test_only_grace_years_counts_whole_years():
    assert [p.name for p in all_parameters().values() if p.whole] == ["grace_years"]


def test_declarations_cannot_be_changed():
    with pytest.raises(TypeError):
        uncertainties()["delivery_rate"] = uncertainties()["peer_effect"]  # type: ignore[index]
