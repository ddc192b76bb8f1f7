"""An open simulator of multilateral action for the environment in Asia and the Pacific, to 2040."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from foresight.errors import ForesightError, InputError

if TYPE_CHECKING:
    from foresight.comparison import Comparison, compare
    from foresight.loading import load_scenario
    from foresight.model import ForesightModel
    from foresight.results import Results, load_results, simulate, stream
    from foresight.scenario import Scenario

__all__ = [
    "Comparison",
    "ForesightError",
    "ForesightModel",
    "InputError",
    "Results",
    "Scenario",
    "__version__",
    "compare",
    "load_results",
    "load_scenario",
    "simulate",
    "stream",
]

#: Where each public name lives; imported when first asked for, so that the program starts fast.
_HOMES = {
    "Comparison": "comparison",
    "ForesightModel": "model",
    "Results": "results",
    "Scenario": "scenario",
    "compare": "comparison",
    "load_results": "results",
    "load_scenario": "loading",
    "simulate": "results",
    "stream": "results",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("foresight.version").program_version()
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"foresight.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
