"""A scenario on its way to another process arrives as it was."""

import pytest

from foresight.errors import InputError
from foresight.experiments.parcels import packed, unpacked
from foresight.scenario.loading import bundled, load_scenario


@pytest.mark.parametrize("name", bundled())
def test_a_scenario_arrives_as_it_was(name: str):
    scenario = load_scenario(name)
    parcel = unpacked(packed(scenario), ("trust.Pacific", "trust", "mean_delivered"))
    assert (parcel.scenario.digest(), packed(parcel.scenario)) == (scenario.digest(), packed(scenario))
    assert set(parcel.masks) == {"region", "Pacific"}


def test_what_was_built_once_is_kept():
    words = packed(load_scenario("historical-pace"))
    assert unpacked(words, ("trust",)) is unpacked(words, ("trust",))


def test_a_series_that_there_is_not_is_refused():
    with pytest.raises(InputError):
        unpacked(packed(load_scenario("historical-pace")), ("trust.Atlantis",))
