"""Compile what runs are made of, once, lest every worker of the tests compile it."""

from foresight import simulate
from foresight.members import REGION
from foresight.model import ForesightModel

simulate("historical-pace", replicates=1).series(REGION)
ForesightModel("historical-pace").step()
