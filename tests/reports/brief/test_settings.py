"""What paths set: what is alike stands in one row, and nothing is lost."""

import briefs
import pytest
from papers import LANGUAGES

from foresight.actions import ACTIONS
from foresight.reports.brief.settings import Row, alike, settings
from foresight.reports.brief.writing import BriefWords

SAME, OTHER = ("1", "2"), ("1", "3")
EFFORTS = ("delivery_effort", "pledge_effort")


def test_efforts_and_actions_with_the_same_values_are_one_row():
    efforts = {f"levers.{effort}.{action}": SAME for effort in EFFORTS for action in ACTIONS}
    assert list(alike(efforts)) == [Row("levers", EFFORTS, ACTIONS)]


def test_what_is_told_of_two_efforts_is_true_of_both():
    values = {
        "levers.delivery_effort.solidarity": SAME,
        "levers.delivery_effort.transparency": SAME,
        "levers.pledge_effort.solidarity": SAME,
        "levers.pledge_effort.transparency": OTHER,
    }
    assert list(alike(values)) == [
        Row("levers", EFFORTS, ("solidarity",)),
        Row("levers", ("delivery_effort",), ("transparency",)),
        Row("levers", ("pledge_effort",), ("transparency",)),
    ]


def test_coalitions_and_other_settings_stay_apart():
    values = {
        "coalition.A.members": SAME,
        "coalition.A.pledge_effort.solidarity": SAME,
        "coalition.B.pledge_effort.solidarity": SAME,
        "levers.assistance": SAME,
    }
    assert [row.path for row in alike(values)] == list(values)


@pytest.mark.costly
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_of_the_scenarios_is_in_a_row(language: str):
    table = briefs.grounds().tables["settings"]
    paths = set(table["setting"][~table["setting"].str.startswith("event.")])
    values = {path: tuple(table[table["setting"] == path]["value"]) for path in paths}
    rows = list(alike(values))
    assert sum(max(1, len(row.efforts)) * max(1, len(row.actions)) for row in rows) == len(paths)
    made = settings(BriefWords(language, briefs.grounds()))
    assert len(made.rows) == len(rows) < len(paths)
    assert len({name for name, *_ in made.rows}) == len(rows)
