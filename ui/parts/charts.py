"""The charts of Explore beside the map: what each is like, and what it shows and says of a picture."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from foresight.actions import ACTIONS, LAST_YEAR, MILESTONES, SUBREGIONS
from foresight.facts.members import REGION
from foresight.results.money import UNPAID, is_enough
from foresight.results.outcomes import ALL_ACTIONS

from ..runs.picture import GROUPS, Opening, Picture, Triples
from ..words import Words
from .blocks import Block, fan, series
from .first import claim

#: The highest rung.
TOP: Final = 4.0

#: By when each step is due: when the goals above it are to open, and the last by the end.
DUE: Final[Mapping[int, int]] = dict(enumerate((*MILESTONES, LAST_YEAR), start=1))

#: How the axis of a unit is drawn, and the grid of those of its parts that are shown larger.
_SCALES: Final[Mapping[str, Mapping[str, Any]]] = {
    "rung": {"y": [0, TOP], "fit": 1},
    "share": {"percent": True, "y": [0, 1], "fit": 0.1},
    "index": {"y": [40, 100], "digits": 1, "fit": 5},
    "account": {"y": [0, 100], "digits": 0},
}

#: Share of runs below which "fewer" is said in its place.
_HARDLY: Final = 0.01


class Fan(NamedTuple):
    """A chart of medians and bands over the years.

    Parameters
    ----------
    id : str
        Its name.
    unit : str
        Of its values; the scale is that of the unit.
    title : callable
        Says what it is called.
    lines : callable
        Returns its lines, without numbers.
    series : callable
        Returns what a picture has for each line, by the line's name.
    sentence : callable
        Says in a sentence what a picture shows.
    more : callable
        Returns what a picture has for it beside the lines.
    environment : bool
        Whether assumptions that move the environment alone move it.
    due : bool
        Whether it shows by when each step is due.
    """

    id: str
    unit: str
    title: Callable[[Words], str]
    lines: Callable[[Words], list[Block]]
    series: Callable[[Picture], Mapping[str, Triples]]
    sentence: Callable[[Picture, Words], str]
    more: Callable[[Picture, Words], Block] | None = None
    environment: bool = False
    due: bool = False

    def spec(self, words: Words, note: str, n: int, acting: int) -> Block:
        """Return the chart without its numbers, which come of `n` runs; levers act from the year `acting` on."""
        look = {**_SCALES[self.unit], "note": note, "n": n, "tab": words.say(f"first.tab_{self.id}")}
        if self.unit == "rung":
            look["levels"] = levels(words)
        look["acting"] = {"year": acting, "label": words.say("first.acting", year=acting) if self.due else ""}
        if self.due:
            look["due"] = [
                {"year": year, "at": step, "label": words.say("first.due", year=year)} for step, year in DUE.items()
            ]
        return fan(self.id, self.title(words), words.say(f"unit.{self.unit}"), self.lines(words), **look)

    def drawn(self, picture: Picture, words: Words) -> dict[str, Any]:
        """Return the numbers and the sentence."""
        more = {} if self.more is None else self.more(picture, words)
        return {"series": self.series(picture), **more, "sentence": self.sentence(picture, words)}

    def ghost(self, picture: Picture) -> dict[str, Any]:
        """Return what is left of it once there is a newer picture: medians alone."""
        return {name: [year[1] for year in years] for name, years in self.series(picture).items()}


class Timeline:
    """When each rung opens in each subregion."""

    id: Final = "opening"
    environment: Final = False

    def spec(self, words: Words, note: str, n: int, _acting: int) -> Block:
        """Return the chart without its numbers, which come of `n` runs."""
        spec = {
            "id": self.id,
            "type": "timeline",
            "title": words.say("chart.opening"),
            "unit": words.say("unit.year"),
            "years": [2020, LAST_YEAR],
            "milestones": [{"year": year, "label": str(rung)} for rung, year in enumerate(MILESTONES, start=2)],
            "rungs": [2, 3, 4],
            "names": [f"{rung} {words.phase(rung)}" for rung in (2, 3, 4)],
            "rows": [{"id": code, "label": words.group(code)} for code in SUBREGIONS],
            "note": note,
            "n": n,
            "tab": words.say(f"first.tab_{self.id}"),
        }
        return {"kind": "chart", "spec": spec}

    def drawn(self, picture: Picture, words: Words) -> dict[str, Any]:
        """Return the numbers and the sentence."""
        return {"rows": self.ghost(picture), "sentence": _opened(picture, words)}

    def ghost(self, picture: Picture) -> dict[str, Any]:
        """Return what is left of it once there is a newer picture: all of it."""
        return {
            code: {str(rung): opening._asdict() for rung, opening in picture.opening[code].items()}
            for code in SUBREGIONS
        }


# Lines ---------------------------------------------------------------------------------------------------------------


def levels(words: Words) -> list[Block]:
    """Return what the axis of steps says at each."""
    named = [{"at": step, "label": f"{step} {words.phase(step)}"} for step in DUE]
    return [{"at": 0, "label": words.say("first.nothing_yet")}, *named]


def _action_lines(words: Words) -> list[Block]:
    return [series(name, words.action(name), color, band=False) for color, name in enumerate(ACTIONS, start=1)]


def _index_lines(words: Words) -> list[Block]:
    heading = series("heading", words.say("chart.heading"), 4, dash=True)
    return [series("index", words.say("chart.index"), 0), heading]


def _group_lines(words: Words) -> list[Block]:
    colors = zip(GROUPS, (1, 3, 2, 0), strict=True)
    return [series(name, words.say(f"group_short.{name}"), color) for name, color in colors]


def _money_lines(words: Words) -> list[Block]:
    return [series("need", words.say("money.need"), 0), series("paid", words.say("money.paid"), 4)]


def _reach(picture: Picture, _words: Words) -> Block:
    """Return an axis from nothing to a round number above all that is drawn."""
    most = max(value or 0.0 for path in picture.money.values() for year in path for value in year)
    step = 10.0 ** math.floor(math.log10(max(most, 1.0))) / 2
    return {"y": [0, step * math.ceil(max(most, 1.0) / step)]}


def _arrow(picture: Picture, words: Words) -> Block:
    """Return where the index of the last year is heading."""
    index, to = _ends(picture)
    return {"heading": {"from": index, "to": to, "label": words.number(to, 0)}}


def _ends(picture: Picture) -> tuple[float, float]:
    """Return the index in the last year and where it is heading, medians."""
    return picture.baiji[-1][1] or 0.0, picture.heading[-1][1] or 0.0


# Sentences -----------------------------------------------------------------------------------------------------------


def _stands(picture: Picture, words: Words) -> str:
    return claim(picture, words).replace("*", "")


def _by_action(picture: Picture, words: Words) -> str:
    last = {name: picture.delivered[name][-1][1] or 0.0 for name in ACTIONS}
    most, least = (extreme(last, key=lambda name: last[name]) for extreme in (max, min))
    return words.say(
        "sentence.delivered",
        **_band(picture.delivered[ALL_ACTIONS][-1], words.number),
        most=words.action(most),
        most_rung=words.number(last[most]),
        least=words.action(least),
        least_rung=words.number(last[least]),
    )


def _opened(picture: Picture, words: Words) -> str:
    """Say when each rung opens, over all subregions and runs: a year only where it does in more than half of them."""
    openings = picture.opening[REGION]
    if not openings[min(openings)].share:  # none opens before those below it
        return words.say("opening.none")
    parts = [
        words.say("opening.first" if at == 0 else "opening.next", step=rung, how=_how(opening, milestone, words))
        for at, ((rung, opening), milestone) in enumerate(zip(openings.items(), MILESTONES, strict=True))
    ]
    return words.say("sentence.stop").join(parts) + words.say("sentence.end")


def _how(opening: Opening, milestone: int, words: Words) -> str:
    """Say how late a rung opens, or in how few futures."""
    if opening.median is None:
        if opening.share >= _HARDLY:
            return words.say("opening.share", share=words.share(opening.share))
        return words.say("opening.hardly" if opening.share else "opening.never")
    late = round(opening.median) - milestone
    if late <= 0:
        return words.say("opening.on_time")
    return words.say("opening.a_year") if late == 1 else words.say("opening.years", years=late)


def _trust(picture: Picture, words: Words) -> str:
    start = words.share(picture.findings.start)
    return words.say("sentence.trust", start=start, **_band(picture.trust[-1], words.share))


def _overdue(picture: Picture, words: Words) -> str:
    return words.say("sentence.overdue", **_band(picture.overdue[-1], words.share))


def _money(picture: Picture, words: Words) -> str:
    """Say what is needed and paid, and that money stops nothing where little is asked for and nearly all is paid."""
    need, paid = (picture.money[name][-1][1] or 0.0 for name in ("need", "paid"))
    year, left = picture.years[1], need - paid
    if left <= UNPAID.share * need:
        told = words.say("money.enough", year=year, need=words.number(need, 0), paid=words.number(paid, 0))
    else:
        told = words.say("money.short", year=year, need=words.number(need, 0), left=words.share(left / need))
    return words.joined(told, words.say("money.little")) if is_enough(need, paid, picture.members) else told


def _condition(picture: Picture, words: Words) -> str:
    index, to = _ends(picture)
    whole = words.say("sentence.condition", index=words.number(index, 1), to=words.number(to, 1))
    domains = picture.domains
    if len(set(domains.values())) == 1:
        return words.joined(whole, words.say("sentence.alike"))
    parts = [
        words.say(
            "sentence.domain", domain=words.domain(name), now=words.number(100 * now, 1), to=words.number(100 * to, 1)
        )
        for name, (now, to) in domains.items()
    ]
    return words.joined(whole, *parts)


def _behind(picture: Picture, words: Words) -> str:
    gaps = {name: words.number(picture.groups[name][-1][1] or 0.0) for name in GROUPS}
    return words.say("sentence.behind", **gaps)


def _band(triple: list[float | None], write: Callable[[float], str]) -> dict[str, str]:
    """Return a band in words."""
    names = ("low", "middle", "high")
    return {name: "–" if value is None else write(value) for name, value in zip(names, triple, strict=True)}


# All of them ---------------------------------------------------------------------------------------------------------


def _of_region(name: str, color: int, title: Callable[[Words], str], sentence: Callable[[Picture, Words], str]) -> Fan:
    """Return the chart of a share of the region, its only line."""
    return Fan(
        name,
        "share",
        title,
        lambda words: [series(name, title(words), color)],
        lambda picture: {name: getattr(picture, name)},
        sentence,
    )


_DELIVERED: Final = Fan(
    "delivered",
    "rung",
    lambda words: words.say("first.chart_delivered"),
    lambda words: [series(ALL_ACTIONS, words.action(ALL_ACTIONS), 0)],
    lambda picture: {ALL_ACTIONS: picture.delivered[ALL_ACTIONS]},
    _stands,
    due=True,
)
_ACTIONS: Final = Fan(
    "actions",
    "rung",
    lambda words: words.say("chart.delivered"),
    _action_lines,
    lambda picture: {name: picture.delivered[name] for name in ACTIONS},
    _by_action,
)
_TRUST: Final = _of_region("trust", 2, lambda words: words.say("chart.trust"), _trust)
_OVERDUE: Final = _of_region("overdue", 1, lambda words: words.say("chart.overdue"), _overdue)
_COVERAGE: Final = Fan(
    "coverage",
    "account",
    lambda words: words.say("chart.coverage"),
    _money_lines,
    lambda picture: picture.money,
    _money,
    _reach,
)
_CONDITION: Final = Fan(
    "condition",
    "index",
    lambda words: words.say("chart.condition"),
    _index_lines,
    lambda picture: {"index": picture.baiji, "heading": picture.heading},
    _condition,
    _arrow,
    environment=True,
)
_BEHIND: Final = Fan(
    "behind",
    "rung",
    lambda words: words.say("chart.behind"),
    _group_lines,
    lambda picture: picture.groups,
    _behind,
)

#: Those of bands, and all, as they stand on the page.
FANS: Final = (_DELIVERED, _ACTIONS, _TRUST, _OVERDUE, _COVERAGE, _BEHIND, _CONDITION)
OPENING: Final = Timeline()
CHARTS: Final[tuple[Fan | Timeline, ...]] = (_DELIVERED, _ACTIONS, OPENING, *FANS[2:])
