"""What a screen shows the future of: a scenario, a seed, a number of replicates and where effects come from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from foresight.arguments import LARGEST_SEED, check_name, check_whole
from foresight.errors import InputError, Problem
from foresight.runs import EFFECTS, NAME, USUAL, Effects, Runs
from foresight.scenario.layering import Assignments, assigned, nested
from foresight.scenario.loading import shipped, validated
from foresight.scenario.scenario import Scenario

#: The scenario that the interface opens with, and that others are compared with unless somebody chooses another.
FIRST_SCENARIO: Final = "historical-pace"

#: The scenario that it is set beside where nobody chooses another: the one that asks for most.
RIVAL: Final = "baiji-returns"

#: Replicates that can be chosen; bands are of at least 200.
REPLICATES: Final = (200, 500, 1000)

#: The path of the seed.
SEED: Final = "run.seed"

Table = dict[str, Any]

#: What is told of chance, beside the scenario.
_LUCK: Final = frozenset(("seed", "replicates", NAME))


@dataclass(frozen=True)
class Setting:
    """A scenario with its luck; what exists can be run.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    seed : int
        0 to 2**64 - 1.
    replicates : int
        Runs.
    effects : "drawn" or "posterior"
        Where the effects of members come from.
    """

    scenario: Scenario
    seed: int = 1
    replicates: int = REPLICATES[0]
    effects: Effects = USUAL

    def __post_init__(self) -> None:
        check_whole("seed", self.seed, 0, LARGEST_SEED)
        check_whole("replicates", self.replicates, REPLICATES[0], REPLICATES[-1])
        check_name("effects", self.effects, EFFECTS)

    @cached_property
    def key(self) -> tuple[str, int, int, str]:
        """What tells the numbers of settings apart."""
        return self.scenario.digest(), self.seed, self.replicates, self.effects

    @cached_property
    def table(self) -> Table:
        """The scenario as `table_of` has it, to be read alone."""
        return table_of(self.scenario)

    @property
    def runs(self) -> Runs:
        """The runs that are shown."""
        return Runs(self.effects, self.seed, range(self.replicates))

    def changed(self, values: Mapping[str, Any]) -> "Setting":
        """Return the setting with values changed by dotted path; those of the luck are `run.seed` and the like.

        Raises
        ------
        InputError
            With all values that cannot be.
        """
        luck = {path.removeprefix("run."): value for path, value in values.items() if path.startswith("run.")}
        if strange := luck.keys() - _LUCK:
            raise InputError([Problem(Assignments.label, f"run.{name}", "unknown_key") for name in sorted(strange)])
        rest = Assignments({path: value for path, value in values.items() if not path.startswith("run.")})
        scenario = scenario_from(self.table, rest) if rest else self.scenario
        scenario = scenario.model_copy(update={"extends": self.scenario.extends})  # where it comes from stays
        return replace(self, scenario=scenario, **luck)


def spoken(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a browser sends them: a seed in digits, as it has no numbers that are so long, is a number."""
    seed = values.get(SEED)
    if isinstance(seed, str) and seed.isascii() and seed.isdigit() and len(seed) <= len(str(LARGEST_SEED)):
        return {**values, SEED: int(seed)}
    return dict(values)


def first_setting() -> Setting:
    """Return what the interface opens with."""
    return Setting(shipped()[FIRST_SCENARIO])


def table_of(scenario: Scenario) -> Table:
    """Return a scenario as a table shaped like a file that says only what differs from the defaults."""
    return scenario.model_dump(by_alias=True, exclude_defaults=True, mode="json", exclude={"extends"})


def scenario_from(table: Mapping[str, Any], changes: Mapping[str, Any] | None = None) -> Scenario:
    """Return the scenario of a table, with changes by dotted path laid over it; InputError with all that is wrong."""
    laid, problems = nested(Assignments(changes or {}))
    if problems:
        raise InputError(problems)
    return validated(assigned(table, laid), Assignments.label)
