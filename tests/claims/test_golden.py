import json

import golden
import pytest

from foresight.scenario.loading import bundled

pytestmark = pytest.mark.what_now(
    "Is the change meant? `make golden`, and tell in CHANGELOG.md which numbers moved, old and new.\n"
    "Is it not? A rule, a fact, a scenario or a library did it: look at what `git diff` has of them."
)


def test_every_bundled_scenario_has_a_golden_file_and_no_file_is_left_over():
    assert {path.stem for path in golden.FOLDER.glob("*.json")} == set(bundled())


@pytest.mark.parametrize("scenario", sorted(bundled()))
def test_a_bundled_scenario_gives_the_integers_it_has_always_given(scenario):
    assert golden.computed(scenario) == json.loads(golden.path(scenario).read_text())
