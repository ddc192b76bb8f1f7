"""An open simulator of multilateral action for the environment in Asia and the Pacific, to 2040."""

import gc
from importlib import import_module
from typing import TYPE_CHECKING, Any

from foresight.errors import ForesightError, InputError

if TYPE_CHECKING:
    from foresight.agents.model import ForesightModel
    from foresight.analysis import figures
    from foresight.analysis.discovery import discover
    from foresight.analysis.picking import sample_of
    from foresight.analysis.sensitivity import analyze
    from foresight.analysis.stress import stress
    from foresight.experiments.experiment import Experiment
    from foresight.experiments.loading import load_experiment
    from foresight.experiments.store import Store, open_store
    from foresight.experiments.sweep import merge, sweep
    from foresight.results import metrics
    from foresight.results.attribution import explain
    from foresight.results.comparison import Comparison, compare
    from foresight.results.results import Results, load_results
    from foresight.results.simulation import simulate, stream
    from foresight.scenario.loading import load_scenario
    from foresight.scenario.scenario import Scenario
    from foresight.search.seek import seek

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
    "figures",
    "load_experiment",
    "load_results",
    "load_scenario",
    "merge",
    "metrics",
    "open_store",
    "sample_of",
    "seek",
    "simulate",
    "stream",
    "stress",
    "sweep",
]

#: Where each public name lives; imported when first asked for, so that the program starts fast.
_HOMES = {
    "Comparison": "results.comparison",
    "Experiment": "experiments.experiment",
    "ForesightModel": "agents.model",
    "Results": "results.results",
    "Scenario": "scenario.scenario",
    "Store": "experiments.store",
    "analyze": "analysis.sensitivity",
    "compare": "results.comparison",
    "discover": "analysis.discovery",
    "explain": "results.attribution",
    "load_experiment": "experiments.loading",
    "load_results": "results.results",
    "load_scenario": "scenario.loading",
    "merge": "experiments.sweep",
    "open_store": "experiments.store",
    "sample_of": "analysis.picking",
    "seek": "search.seek",
    "simulate": "results.simulation",
    "stream": "results.simulation",
    "stress": "analysis.stress",
    "sweep": "experiments.sweep",
}

#: Rooms that are public names too.
_ROOMS = {"figures": "analysis.figures", "metrics": "results.metrics"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _room("version").program_version()
    if name in _ROOMS:
        return _room(_ROOMS[name])
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_room(_HOMES[name]), name)


def _room(name: str) -> Any:
    """Import a room without looking for garbage: what is imported stays, and looking takes a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return import_module(f"foresight.{name}")
    finally:
        if collecting:
            gc.enable()


def __dir__() -> list[str]:
    return __all__
