"""Compile what runs are made of, once, lest every worker of the tests compile it."""

from foresight import simulate
from foresight.agents.model import ForesightModel
from foresight.facts.members import REGION

simulate("historical-pace", replicates=1).series(REGION)
ForesightModel("historical-pace").step()
