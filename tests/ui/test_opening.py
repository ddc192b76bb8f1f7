"""When goals open: a year only where most futures have one, and never an earlier one for a worse future."""

from functools import cache

import numpy as np
import pytest
from foresight_ui.parts.charts import OPENING
from foresight_ui.runs.live import Live
from foresight_ui.runs.picture import Opening, Picture, picture_of
from foresight_ui.runs.setting import first_setting
from foresight_ui.words import LANGUAGES, words
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.actions import ACTIONS, SUBREGIONS
from foresight.facts.members import REGION

LEAST, MOST = 0.25, 6.0

#: Efforts on each action.
EFFORTS = st.fixed_dictionaries({action: st.floats(LEAST, MOST) for action in ACTIONS})

#: What is left of them.
PARTS = st.fixed_dictionaries({action: st.floats(0, 1) for action in ACTIONS})

NEVER = Opening(None, None, None, 0.0)

_live = Live()


@cache
def picture(**efforts: float) -> Picture:
    both = ("pledge_effort", "delivery_effort")
    values = {f"levers.{one}.{action}": effort for one in both for action, effort in efforts.items()}
    drawn: Picture = _live.picture(first_setting().changed(values), "opening", picture_of)
    return drawn


def years(drawn: Picture) -> np.ndarray:
    """Return the year that is shown of each scope and step, one after all where there is none."""
    return np.array([[one.median or 9999 for one in drawn.opening[scope].values()] for scope in (REGION, *SUBREGIONS)])


def sentence(language: str, *openings: Opening) -> str:
    drawn = picture()._replace(
        opening={REGION: dict(zip((2, 3, 4), openings, strict=True))}
        | {code: picture().opening[code] for code in SUBREGIONS}
    )
    return str(OPENING.drawn(drawn, words(language))["sentence"])


@pytest.mark.costly
@settings(max_examples=25, deadline=None)
@given(EFFORTS, PARTS)
def test_no_year_falls_as_efforts_fall(efforts: dict[str, float], parts: dict[str, float]):
    least = {action: max(LEAST, effort * parts[action]) for action, effort in efforts.items()}
    assert (years(picture(**least)) >= years(picture(**efforts))).all()


def test_the_worst_future_is_not_earlier_than_the_base():
    base, worst = picture(), picture(**dict.fromkeys(ACTIONS, LEAST))
    assert (years(worst) >= years(base)).all()
    assert base.opening[REGION][2].median == 2033
    assert worst.opening[REGION][2].median is None
    assert 0 < worst.opening[REGION][2].share < 0.5


def test_a_year_is_given_where_more_than_half_of_the_runs_have_one():
    for efforts in (LEAST, 0.5, 1.0, 2.5, MOST):
        drawn = picture(**dict.fromkeys(ACTIONS, efforts))
        for opening in (one for rungs in drawn.opening.values() for one in rungs.values()):
            assert (opening.median is not None) == (opening.share > 0.5)


def test_what_opens_is_said_in_years_or_in_futures():
    late, some = Opening(2032.0, 2030.0, None, 0.93), Opening(None, 2038.0, None, 0.28)
    rare, one = Opening(None, None, None, 0.004), Opening(2026.4, 2025.0, 2030.0, 1.0)
    assert sentence("en", late, Opening(None, None, None, 0.07), NEVER) == (
        "Step 2 opens 7 years late; step 3 in 7% of futures; step 4 never."
    )
    assert sentence("en", one, Opening(2030.0, 2030.0, 2030.0, 1.0), some) == (
        "Step 2 opens one year late; step 3 on time; step 4 in 28% of futures."
    )
    assert (
        sentence("en", some, rare, NEVER)
        == "Step 2 opens in 28% of futures; step 3 in fewer than 1% of futures; step 4 never."
    )
    assert sentence("en", NEVER, NEVER, NEVER) == "No further step opens in any future."
    assert sentence("zh", late, some, NEVER) == "第 2 步晚 7 年开启；第 3 步在 28% 的未来情形中开启；第 4 步从不开启。"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_that_hardly_opens_is_not_said_to_open_never(language: str):
    rare = Opening(None, None, None, 0.004)
    told, never = (sentence(language, rare, one, NEVER) for one in (rare, NEVER))
    assert told != never
    assert told.count("1") >= 2
