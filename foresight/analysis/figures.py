"""Figures of sensitivity and robustness: matplotlib without its global state, to be saved by whoever asks for them."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findSystemFonts, fontManager
from matplotlib.lines import Line2D
from matplotlib.text import Text

from foresight.analysis.robustness import SAMPLED
from foresight.analysis.sensitivity import Sensitivity
from foresight.analysis.stress import Stress
from foresight.arguments import check_name
from foresight.experiments.sampler import DESIGNS
from foresight.texts import Words

Labels = Mapping[str, str]

#: Colours that people with any kind of colour vision tell apart: Okabe, M. and Ito, K. (2008), Color Universal Design.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MAIN, _FLOOR = COLOURS[0], COLOURS[1]
_GREY: Final = "#B0B0B0"
_INK: Final = "#222222"

#: Fonts, the second for Chinese: of these the first that is installed.
_LATIN: Final = "DejaVu Sans"
_CHINESE: Final = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    *("WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "SimHei"),
)

#: Sizes in points that are read from the back of a room, and inches.
_TITLE, _WORDS, _SMALL = 16, 13, 11
_WIDE, _HIGH, _ROW = 11.0, 7.5, 0.42

#: Most factors that are named.
_MOST_NAMES: Final = 12


def tornado(sensitivity: Sensitivity, labels: Labels | None = None, language: str = "en", subject: str = "") -> Figure:
    """Draw a bar for the main index of each factor with its interval, the longest on top if intervals can be trusted.

    Parameters
    ----------
    sensitivity : Sensitivity
    labels : Mapping[str, str], optional
        Of factors, in that language; a factor without one has its name.
    language : str
        Of all other texts.
    subject : str
        What is looked at, in a line above the verdict.
    """
    words = Words(language)
    rows = sensitivity.main.set_index("factor").loc[list(sensitivity.order)].reset_index()
    figure, (axes,) = _sheet(_title(sensitivity, words, subject), 2.5 + _ROW * len(rows))
    places = np.arange(len(rows))
    told = bool(sensitivity.ranking) & ~rows["factor"].isin(sensitivity.idle).to_numpy()
    axes.barh(places, rows["value"], height=0.6, color=np.where(told, _MAIN, _GREY))
    _tornado_intervals(axes, rows, words)
    axes.set_yticks(places, labels=[_named(labels, name) for name in rows["factor"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(_index_name(rows["index"].iloc[0], words))
    if sensitivity.idle:
        axes.plot([], [], color=_GREY, linewidth=8, label=words.say("sensitivity.idle"))
    return _finished(figure, axes)


def mu_sigma(sensitivity: Sensitivity, labels: Labels | None = None, language: str = "en", subject: str = "") -> Figure:
    """Draw the mean size of elementary effects and how they scatter, with intervals of both.

    The largest are numbered and named at the side. Far to the right is important; high up, beside or above the line,
    depends on other factors or is not linear.
    Morris, M. D. (1991), Technometrics 33(2).

    Parameters
    ----------
    sensitivity, labels, language, subject
        As for `tornado`.

    Raises
    ------
    InputError
        If the method was not "morris".
    """
    check_name("method", sensitivity.method, ("morris",))
    words = Words(language)
    size, scatter = sensitivity.rows_of("mu_star"), sensitivity.rows_of("sigma")
    figure, (axes,) = _sheet(_title(sensitivity, words, subject), _HIGH)
    reaches = {"xerr": _reaches(size), "yerr": _reaches(scatter)}
    interval = words.say("sensitivity.interval")
    axes.errorbar(size["value"], scatter["value"], **reaches, **_points(_MAIN), label=interval)
    axes.axline((0, 0), slope=1, color=_GREY, linestyle="--", label=words.say("sensitivity.equal"))
    named = size["value"].nlargest(_MOST_NAMES).index.sort_values()  # in the order given: no ranking
    for number, at in enumerate(named, start=1):
        place = size["value"][at], scatter["value"][at]
        axes.annotate(str(number), place, (7, 5), textcoords="offset points", fontsize=_WORDS, weight="bold")
    _name_at_side(figure, [_named(labels, str(size["factor"][at])) for at in named])
    axes.set_xlabel(_index_name("mu_star", words))
    axes.set_ylabel(_index_name("sigma", words))
    axes.set(xlim=(0, None), ylim=(0, None))
    return _finished(figure, axes)


def convergence(
    curve: pd.DataFrame,
    sensitivity: Sensitivity,
    labels: Labels | None = None,
    language: str = "en",
    subject: str = "",
) -> Figure:
    """Draw how the main index of each factor and its interval settle as the design grows.

    Parameters
    ----------
    curve : pandas.DataFrame
        As from `convergence_curve`.
    sensitivity, labels, language, subject
        As for `tornado`; the analysis of the same design by the same method.
    """
    words = Words(language)
    figure, (axes,) = _sheet(_title(sensitivity, words, subject), _HIGH)
    coloured = _coloured(curve, sensitivity)
    for name in sorted(sensitivity.factors, key=lambda name: name in coloured):  # grey ones lie below
        rows, colour = curve[curve["factor"] == name], coloured.get(name, _GREY)
        label = _named(labels, name) if name in coloured else None
        axes.fill_between(rows["N"], rows["low"], rows["high"], color=colour, alpha=0.18, linewidth=0)
        axes.plot(rows["N"], rows["value"], color=colour, marker="o", linewidth=2, label=label)
    if others := len(sensitivity.factors) - len(coloured):
        axes.plot([], [], color=_GREY, marker="o", label=words.say("sensitivity.others", count=others))
    axes.fill_between([], [], color=_INK, alpha=0.18, label=words.say("sensitivity.interval"))
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes := sorted(set(curve["N"])), labels=[str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel(words.say(_size_key(sensitivity.sampler)))
    axes.set_ylabel(_index_name(sensitivity.main["index"].iloc[0], words))
    return _finished(figure, axes)


def interactions(
    sensitivity: Sensitivity, labels: Labels | None = None, language: str = "en", subject: str = ""
) -> Figure:
    """Draw what two factors do only together as a map of all pairs; a number where the interval does not hold 0.

    Parameters
    ----------
    sensitivity, labels, language, subject
        As for `tornado`; of a design with points for interactions of two factors.
    """
    words, names = Words(language), list(sensitivity.factors)
    figure, (axes,) = _sheet(_title(sensitivity, words, subject), 2.5 + 1.5 * _ROW * len(names))
    rows, grid = sensitivity.interactions, np.full((len(names), len(names)), np.nan)
    places = [(names.index(row["other"]), names.index(row["factor"])) for row in rows.to_dict("records")]
    for place, value, low in zip(places, rows["value"], rows["low"], strict=True):
        grid[place] = max(value, 0.0)
        if low > 0:
            axes.text(place[1], place[0], f"{value:.2f}", ha="center", va="center", fontsize=_SMALL)
    image = axes.imshow(grid, cmap="Blues", vmin=0.0, aspect="auto", alpha=0.7)
    labelled = [_named(labels, name) for name in names]
    axes.set_xticks(range(len(names)), labels=labelled, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), labels=labelled)
    figure.colorbar(image, ax=axes).set_label(_index_name("S2", words), fontsize=_WORDS)
    return _in_fonts(figure)


def robustness(stress: Stress, language: str = "en", subject: str = "") -> Figure:
    """Draw how strategies do by each robustness measure that has an interval, side by side.

    Parameters
    ----------
    stress : Stress
    language : str
        Of all texts.
    subject : str
        What is looked at, in a line above the verdicts.
    """
    words, names = Words(language), list(stress.strategies)
    title = "\n".join(filter(None, [subject, stress.sentence(language)]))
    figure, panels = _sheet(title, 3.0 + _ROW * len(names), len(SAMPLED))
    places = np.arange(len(names))
    for axes, measure in zip(panels, SAMPLED, strict=True):
        rows, best = stress.rows_of(measure), stress.best(measure)
        for alike, colour in ((True, _MAIN), (False, _GREY)):
            these = rows["strategy"].isin(best).to_numpy() == alike
            label = words.say("sensitivity.interval") if alike and axes is panels[0] else None
            reaches = _reaches(rows[these])
            axes.errorbar(rows["value"][these], places[these], xerr=reaches, **_points(colour), label=label)
        axes.set_xlabel(words.say(f"stress.{measure}"), fontsize=_SMALL)
        axes.set_yticks(places, labels=names if axes is panels[0] else [])
        axes.set_ylim(len(names) - 0.5, -0.5)
    return _finished(figure, *panels)


# Parts -----------------------------------------------------------------------------------------------------------


def _title(sensitivity: Sensitivity, words: Words, subject: str) -> str:
    """Return what is looked at, and the verdict."""
    return "\n".join(filter(None, [subject, sensitivity.sentence(words.language)]))


def _name_at_side(figure: Figure, names: Sequence[str]) -> None:
    """List names by their numbers."""
    marks = [Line2D([], [], marker=f"${number}$", linestyle="", color=_INK) for number in range(1, len(names) + 1)]
    figure.legend(marks, names, loc="outside right center", frameon=False, fontsize=_SMALL)


def _sheet(title: str, high: float, count: int = 1) -> tuple[Figure, list[Axes]]:
    """Return an empty figure with its title, and its panels side by side."""
    figure = Figure(figsize=(_WIDE, high), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=_TITLE, color=_INK)
    panels = [figure.add_subplot(1, count, at) for at in range(1, count + 1)]
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=_WORDS)
        axes.xaxis.label.set_fontsize(_WORDS)
        axes.yaxis.label.set_fontsize(_WORDS)
    return figure, panels


def _finished(figure: Figure, *panels: Axes) -> Figure:
    """Return a figure with its legend below."""
    for axes in panels:
        axes.grid(axis="x", color="#E5E5E5")
        axes.set_axisbelow(True)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=_SMALL)
    return _in_fonts(figure)


def _in_fonts(figure: Figure) -> Figure:
    """Return a figure in fonts that have all its signs."""
    for words in figure.findobj(Text):
        words.set_fontfamily([_LATIN, *chinese_fonts()])
    return figure


@cache
def chinese_fonts() -> tuple[str, ...]:
    """Return the font that Chinese is drawn in, none if no known one is installed."""
    if not _installed():  # the list that matplotlib keeps may be older than the fonts
        for path in set(findSystemFonts()) - {font.fname for font in fontManager.ttflist}:
            with suppress(Exception):  # not all fonts are of a kind that matplotlib can draw
                fontManager.addfont(path)
    return _installed()[:1]


def _installed() -> tuple[str, ...]:
    names = {font.name for font in fontManager.ttflist}
    return tuple(name for name in _CHINESE if name in names)


def _tornado_intervals(axes: Axes, rows: pd.DataFrame, words: Words) -> None:
    """Draw intervals, wider ones with chance in them, and what a factor that does nothing may reach."""
    places = np.arange(len(rows))
    whiskers: dict[str, Any] = {"fmt": "none", "color": _INK}
    label = words.say("sensitivity.interval")
    axes.errorbar(rows["value"], places, xerr=_reaches(rows), **whiskers, elinewidth=2.5, capsize=5, label=label)
    if rows["noise"].notna().any():
        wider = np.hypot(_reaches(rows), rows["noise"].to_numpy())
        label = words.say("sensitivity.with_chance")
        axes.errorbar(rows["value"], places, xerr=wider, **whiskers, elinewidth=1, label=label)
    if (rows["floor"] > 0).any():
        label = words.say("sensitivity.floor")
        axes.vlines(rows["floor"], places - 0.4, places + 0.4, color=_FLOOR, linewidth=2, label=label)


def _reaches(rows: pd.DataFrame) -> Any:
    """Return how far intervals reach down and up from the value, float64[2, factor]."""
    return np.stack([rows["value"] - rows["low"], rows["high"] - rows["value"]])


def _points(colour: str) -> dict[str, Any]:
    """Return how points with intervals are drawn."""
    return {"fmt": "o", "color": colour, "ecolor": _INK, "elinewidth": 1.5, "capsize": 3, "markersize": 8}


def _coloured(curve: pd.DataFrame, sensitivity: Sensitivity) -> dict[str, str]:
    """Return the colour of factors in the order given: of all if colours suffice, else of the largest at the end."""
    last = curve[curve["N"] == curve["N"].max()].set_index("factor")["value"].fillna(0.0)
    most = set(last.nlargest(len(COLOURS)).index)
    return dict(zip((name for name in sensitivity.factors if name in most), COLOURS, strict=False))


def _named(labels: Labels | None, factor: str) -> str:
    return (labels or {}).get(factor, factor)


def _index_name(index: str, words: Words) -> str:
    return words.say(f"sensitivity.index_{index}")


def _size_key(sampler: str) -> str:
    return f"sensitivity.size_{sampler}" if DESIGNS[sampler].rows else "sensitivity.size"
