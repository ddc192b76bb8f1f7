"""An open simulator of multilateral action for the environment in Asia and the Pacific, to 2040."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from foresight.errors import ForesightError, InputError

if TYPE_CHECKING:
    from foresight.attribution import explain
    from foresight.comparison import Comparison, compare
    from foresight.discovery import discover
    from foresight.experiment import Experiment
    from foresight.experiment_loading import load_experiment
    from foresight.loading import load_scenario
    from foresight.model import ForesightModel
    from foresight.results import Results, load_results
    from foresight.runner import merge, sweep
    from foresight.samples import sample_of
    from foresight.scenario import Scenario
    from foresight.seeking import seek
    from foresight.sensitivity import analyze
    from foresight.simulation import simulate, stream
    from foresight.store import Store, open_store

__all__ = [
    "Comparison",
    "Experiment",
    "ForesightError",
    "ForesightModel",
    "InputError",
    "Results",
    "Scenario",
    "Store",
    "__version__",
    "analyze",
    "compare",
    "discover",
    "explain",
    "load_experiment",
    "load_results",
    "load_scenario",
    "merge",
    "open_store",
    "sample_of",
    "seek",
    "simulate",
    "stream",
    "sweep",
]

#: Where each public name lives; imported when first asked for, so that the program starts fast.
_HOMES = {
    "Comparison": "comparison",
    "Experiment": "experiment",
    "ForesightModel": "model",
    "Results": "results",
    "Scenario": "scenario",
    "Store": "store",
    "analyze": "sensitivity",
    "compare": "comparison",
    "discover": "discovery",
    "explain": "attribution",
    "load_experiment": "experiment_loading",
    "load_results": "results",
    "load_scenario": "loading",
    "merge": "runner",
    "open_store": "store",
    "sample_of": "samples",
    "seek": "seeking",
    "simulate": "simulation",
    "stream": "simulation",
    "sweep": "runner",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("foresight.version").program_version()
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"foresight.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
