import json

import golden
import pytest

from foresight.scenario.loading import bundled

pytestmark = pytest.mark.what_now(
    "Is the change meant? `make golden`, and put the rows that it prints into CHANGELOG.md.\n"
    "Is it not? A rule, a fact, a scenario or a library did it: look at what `git diff` has of them."
)


def test_every_bundled_scenario_has_a_golden_file_and_no_file_is_left_over():
    assert {path.stem for path in golden.FOLDER.glob("*.json")} == set(bundled())


@pytest.mark.parametrize("scenario", sorted(bundled()))
def test_a_bundled_scenario_gives_the_integers_it_has_always_given(scenario):
    assert golden.computed(scenario) == json.loads(golden.path(scenario).read_text())


def test_what_moved_is_told_old_and_new_as_the_changelog_has_it():
    before, now = (
        {"told": {"posterior": {"trust": trust, "done": "2.0 %"}, "drawn": {"trust": "0.76", "done": "0.5 %"}}}
        for trust in ("0.77", "0.78")
    )
    assert list(golden.moved("mine", before, now)) == ["| `mine` | trust | 0.77 → 0.78 | 0.76 → 0.76 |"]
    assert list(golden.moved("mine", now, now)) == []
