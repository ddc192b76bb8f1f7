"""A figure of all that an SVG has names for."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def figure(slope: float = 1.0) -> Figure:
    """Draw what SVG has names for: markers, clipped lines, areas and letters."""
    drawn = Figure(figsize=(3, 2))
    FigureCanvasAgg(drawn)
    axes = drawn.add_subplot()
    axes.plot([0, 1], [0, slope], marker="o", label="delivery")
    axes.fill_between([0, 1], [0, 0], [0, slope], alpha=0.3)
    axes.set_xlabel("share")
    return drawn
