"""Figures of sensitivity and robustness show what their tables say."""

import sys
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
import SALib.sample.sobol
from functions import ishigami, linear, names, problem, sampled, with_chance
from matplotlib.axes import Axes
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure

from foresight import InputError
from foresight.analysis.convergence import convergence_curve
from foresight.analysis.figures import (
    COLOURS,
    chinese_fonts,
    convergence,
    interactions,
    mu_sigma,
    robustness,
    tornado,
)
from foresight.analysis.sensitivity import Sample, Sensitivity, analyze
from foresight.analysis.stress import stress
from foresight.experiments.experiment import Experiment
from foresight.texts import languages

LABELS = {"en": {"x1": "speed of delivery"}, "zh": {"x1": "交付速度"}}

#: What can be drawn here: Chinese needs a font.
DRAWN = [language for language in languages() if language == "en" or chinese_fonts()]


@pytest.fixture(scope="module")
def settled() -> Sensitivity:
    return analyze(with_chance(sampled(linear, "saltelli", 4, 2048), own=0.1), "sobol", resamples=50)


@pytest.fixture(scope="module")
def unsettled() -> Sensitivity:
    return analyze(sampled(ishigami, "saltelli", 3, 32), "sobol")


@pytest.fixture(scope="module")
def effects() -> Sensitivity:
    return analyze(sampled(ishigami, "morris", 3, 40), "morris")


def drawn(figure: Figure) -> Figure:
    """Draw a figure, which must not warn of signs that its fonts lack."""
    figure.savefig(target := BytesIO(), format="png")
    assert target.tell() > 1000
    return figure


def title(figure: Figure) -> str:
    return figure.get_suptitle()


def shown(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def ends(axes: Axes, which: int, across: int = 0) -> np.ndarray:
    """Return the ends of the intervals of the n-th set of whiskers, of one direction."""
    whiskers = [container for container in axes.containers if isinstance(container, ErrorbarContainer)][which]
    return np.array([segment[:, across] for segment in whiskers.lines[2][across].get_segments()])


@pytest.mark.parametrize("language", DRAWN)
def test_the_tornado_has_a_bar_and_an_interval_for_each_factor(settled: Sensitivity, language: str):
    figure = drawn(tornado(settled, LABELS[language], language))
    (axes,) = figure.axes
    rows = settled.main.sort_values("value", ascending=False)
    (bars,) = (container for container in axes.containers if isinstance(container, BarContainer))
    np.testing.assert_allclose([bar.get_width() for bar in bars], rows["value"])
    np.testing.assert_allclose(ends(axes, 0), rows[["low", "high"]])
    assert shown(axes) == ["x4", "x3", "x2", LABELS[language]["x1"]]
    assert axes.yaxis_inverted()
    assert title(figure) == settled.sentence(language)


def test_intervals_with_chance_are_drawn_around_the_others(settled: Sensitivity):
    (axes,) = tornado(settled).axes
    inner, outer = ends(axes, 0), ends(axes, 1)
    assert (outer[:, 0] < inner[:, 0]).sum() >= 3
    assert (outer[:, 1] > inner[:, 1]).all()


@pytest.mark.parametrize("language", DRAWN)
def test_the_tornado_does_not_sort_what_cannot_be_ranked(unsettled: Sensitivity, language: str):
    figure = drawn(tornado(unsettled, None, language))
    assert shown(figure.axes[0]) == ["x1", "x2", "x3"]
    assert title(figure) == unsettled.sentence(language)
    assert str(unsettled.needed) in title(figure)
    colours = {bar.get_facecolor() for bar in figure.axes[0].containers[0]}
    assert len(colours) == 1


def test_idle_factors_have_another_colour(settled: Sensitivity):
    assert settled.idle == ("x1",)
    bars = tornado(settled).axes[0].containers[0]
    assert [bar.get_facecolor() == bars[3].get_facecolor() for bar in bars] == [False, False, False, True]


@pytest.mark.parametrize("language", DRAWN)
def test_effects_are_drawn_with_intervals_both_ways(effects: Sensitivity, language: str):
    figure = drawn(mu_sigma(effects, LABELS[language], language))
    (axes,) = figure.axes
    np.testing.assert_allclose(ends(axes, 0, 0), effects.rows_of("mu_star")[["low", "high"]])
    np.testing.assert_allclose(ends(axes, 0, 1), effects.rows_of("sigma")[["low", "high"]])
    assert [note.get_text() for note in axes.texts] == ["1", "2", "3"]
    assert [name.get_text() for name in figure.legends[0].get_texts()] == [LABELS[language]["x1"], "x2", "x3"]
    assert title(figure) == effects.sentence(language)


def test_effects_of_another_method_are_refused(settled: Sensitivity):
    with pytest.raises(InputError) as caught:
        mu_sigma(settled)
    assert caught.value.problems[0].allowed == "morris"


@pytest.mark.parametrize("language", DRAWN)
def test_the_curve_has_a_line_and_an_interval_for_each_factor(unsettled: Sensitivity, language: str):
    curve = convergence_curve(sampled(ishigami, "saltelli", 3, 32), "sobol")
    figure = drawn(convergence(curve, unsettled, LABELS[language], language))
    (axes,) = figure.axes
    lines = {str(line.get_label()): line for line in axes.lines}
    rows = curve[curve["factor"] == "x2"]
    np.testing.assert_allclose(lines["x2"].get_xydata(), rows[["N", "value"]])
    bands = [band.get_paths()[0].vertices for band in axes.collections if band.get_paths()]
    assert any(set(rows["low"]) | set(rows["high"]) <= set(band[:, 1]) for band in bands)
    assert LABELS[language]["x1"] in lines
    assert title(figure) == unsettled.sentence(language)


def test_factors_beyond_the_colours_are_grey_and_counted():
    sample = sampled(linear, "morris", len(COLOURS) + 3, 20)
    curve = convergence_curve(sample, "morris", resamples=8)
    figure = drawn(convergence(curve, analyze(sample, "morris", resamples=8)))
    words = {entry.get_text() for entry in figure.legends[0].get_texts()}
    assert "3 others" in words
    assert "x10" in words
    assert "x1" not in words


@pytest.mark.parametrize("language", DRAWN)
def test_interactions_are_a_map_with_numbers_where_they_are_told_from_nothing(language: str):
    unit = SALib.sample.sobol.sample(problem(3), 1024, calc_second_order=True, seed=1)
    found = analyze(Sample(names(3), unit, ishigami(unit)[:, np.newaxis], "saltelli", second_order=True), "sobol")
    figure = drawn(interactions(found, LABELS[language], language))
    axes = figure.axes[0]
    (told,) = axes.texts
    assert told.get_position() == (0, 2)
    assert told.get_text() == f"{found.interactions['value'][1]:.2f}"
    assert shown(axes) == [LABELS[language]["x1"], "x2", "x3"]
    assert np.isfinite(axes.images[0].get_array().filled(np.nan)).sum() == 3


def test_what_has_no_values_is_drawn_empty():
    sample = sampled(lambda unit: np.ones(len(unit)), "morris", 3, 20)
    found = analyze(sample, "morris")
    for figure in (tornado(found), mu_sigma(found), convergence(convergence_curve(sample, "morris"), found)):
        assert title(drawn(figure)) == found.sentence()


def test_no_global_state_is_used(settled: Sensitivity):
    before = set(sys.modules)
    tornado(settled)
    assert "matplotlib.pyplot" not in set(sys.modules) - before
    pd.testing.assert_frame_equal(settled.main, settled.rows_of("ST"))


def test_robustness_has_a_panel_for_each_measure_and_a_row_for_each_strategy():
    experiment = Experiment.model_validate(
        {
            "id": "futures",
            "scenarios": ("historical-pace",),
            "replicates": 1,
            "uncertainties": {"delivery_rate": True},
            "sampler": {"method": "latin_hypercube", "n": 100},
        }
    )
    found = stress(["historical-pace", "baiji-returns"], experiment)
    figure = robustness(found, "en", "Subject")
    assert [axes.get_xlabel() for axes in figure.axes] == [
        "Share of futures that meet the goal",
        "Regret, 90th percentile",
        "Worst tenth of futures, mean",
    ]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(found.strategies)
    assert figure.get_suptitle() == f"Subject\n{found.sentence()}"
