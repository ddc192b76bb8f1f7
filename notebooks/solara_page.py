"""The model on Mesa's own page: choose a future and a seed, press Reset, and step or play to 2040.

Start it in the folder of the project, with the extra `solara`: `.venv/bin/solara run notebooks/solara_page.py`. It
shows one run, of one luck. What is chance and what is not, only many runs tell: `foresight ui` shows their bands.
"""

from typing import Any

import numpy as np
import solara
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz

from foresight import ForesightModel
from foresight.actions import FIRST_YEAR, LAST_YEAR, RUNGS
from foresight.facts.axes import group_table
from foresight.scenario.loading import shipped

SHADES = LinearSegmentedColormap.from_list("rungs", ["#eef2f5", "#8fbcd9", "#1f6596", "#0b2a44"])
COLOURS = {"ENEA": "#0072B2", "NCA": "#D55E00", "Pacific": "#00805E", "SSWA": "#6B5B00", "SEA": "#B0508A"}
NAMES = group_table()["name_en"]


class NamedModel(ForesightModel):
    """The model, with the title of its future for the page to show."""

    def __init__(self, scenario: str = "historical-pace", **kwargs: Any) -> None:
        super().__init__(scenario, **kwargs)
        self.title = shipped()[scenario].title.en


def headed(model: NamedModel, title: str) -> Axes:
    """Say what is shown, and of which run; return what to draw on."""
    solara.Markdown(f"**{title}**<br>{model.title}, {model.year}: one run, seed {model.seed}")
    axes: Axes = Figure(figsize=(7, 4.4), layout="constrained").subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def members(model: NamedModel) -> None:
    """Draw a tile for each member, by subregion, the darker the more it has delivered."""
    axes, places = headed(model, "Mean rung that each member has delivered"), list(model.subregions.values())
    tiles = np.full((len(places), max(len(place.members) for place in places)), np.nan)
    for row, place in enumerate(places):
        for column, member in enumerate(place.members):
            tiles[row, column] = rung = np.mean(member.delivered)
            ink = "white" if rung > RUNGS / 2 else "black"
            axes.text(column, row, member.iso3, ha="center", va="center", fontsize=7, color=ink)
    image = axes.imshow(tiles, cmap=SHADES, vmin=0, vmax=RUNGS, aspect="auto")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.set_yticks(range(len(places)), [NAMES[name].replace(" and ", " and\n") for name in model.subregions])
    axes.figure.colorbar(image, ax=axes, location="bottom", ticks=range(RUNGS + 1), shrink=0.4, aspect=30)
    solara.FigureMatplotlib(axes.figure)


def years(model: NamedModel) -> None:
    """Draw the mean rung delivered in each subregion, year by year."""
    axes = headed(model, "Mean rung delivered, by subregion")
    records = model.datacollector.get_agent_vars_dataframe()["delivered"].tolist()
    rungs = np.mean(records, axis=1).reshape(-1, len(model.agents))  # [year, member]
    homes, told = np.array(model.agents.get("subregion")), FIRST_YEAR + np.arange(len(rungs))
    for name, colour in COLOURS.items():
        axes.plot(told, rungs[:, homes == name].mean(axis=1), color=colour, linewidth=2, label=NAMES[name])
    axes.set(xlim=(FIRST_YEAR, LAST_YEAR), ylim=(0, RUNGS), yticks=range(RUNGS + 1))
    axes.legend(loc="upper left", frameon=False)
    solara.FigureMatplotlib(axes.figure)


CONTROLS = {
    "scenario": {"type": "Select", "value": "historical-pace", "values": list(shipped()), "label": "Future"},
    "seed": {"type": "SliderInt", "value": 1, "min": 1, "max": 100, "step": 1, "label": "Seed, which is luck"},
}


@solara.component
def Page() -> None:  # noqa: N802  # the name that Solara looks for
    """Show the page to a visitor, who gets a model of their own."""
    model = solara.use_memo(lambda: NamedModel(seed=1), [])
    SolaraViz(model, components=[members, years], model_params=CONTROLS, name="foresight, agent by agent")
