"""One's own country: where it stands, its chance of each step, and its path, drawn anew at every move of a lever."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from foresight.actions import ACTIONS, LAST_YEAR, RUNGS
from foresight.results.outcomes import ALL_ACTIONS

from ..runs.country import PATHS, Country, change, country
from ..runs.picture import Triples
from ..runs.setting import Setting
from ..visit.futures import title_of
from ..visit.state import AppState
from ..words import Words
from .blocks import Block, fan, series
from .paths import whole_steps
from .signature import screen_name

#: Beginning of the path of the page of a member.
PATH: Final = "members"

#: A step with at least this chance is more likely than not.
LIKELY: Final = 0.5

#: What an outcome of the picture is called among the outcomes.
_OUTCOMES: Final[Mapping[str, str]] = {"trust": "trust", "overdue": "overdue_share", "capacity": "capacity"}

#: Smallest change that is written: anything less is none.
_LEAST: Final = 0.0005


Write = Callable[[float], str]


class Beside(NamedTuple):
    """What a member does now, in the scenario that changes are counted from, and before the last change."""

    now: Country
    base: Country | None  # None where it does the same as now
    before: Country | None  # None where it does the same as the base, or as now


def code_of(state: AppState) -> str | None:
    """Return the member whose page is open, None where none is."""
    name, _, code = state.page.partition("/")
    return code if name == PATH and code in state.setting.scenario.codes() else None


def frame(state: AppState, code: str, words: Words) -> dict[str, Any]:
    """Return everything on the page of a member that follows the levers."""
    beside = _beside(state, code)
    names = {"base": title_of(state.base, words), "subregion": _subregion(state, code, words)}
    return {
        "kind": "country",
        "code": code,
        "future": screen_name(state, words),
        **_standing(beside, names, words),
        "ladders": [_ladder(action, beside, words) for action in ACTIONS],
        "charts": dict(_drawn(beside, code, words)),
        "order": [{"code": one, "name": words.member(one), "number": words.number(at)} for one, at in beside.now.peers],
    }


def ladders(words: Words) -> list[Block]:
    """Return the ladder of each action: its steps with what each is called and means."""
    rungs = range(1, RUNGS + 1)
    return [
        {"id": action, "label": words.action(action), "steps": [list(words.rung(action, rung)) for rung in rungs]}
        for action in ACTIONS
    ]


def charts(state: AppState, code: str, words: Words) -> list[Block]:
    """Return the charts of the path of a member, without numbers."""
    name, title = words.member(code), words.say("country.in", name=title_of(state.base, words))
    lines = [series("now", name, 0), series("base", title, 0, band=False, dash=True)]
    peers = [
        series("now", name, 1, band=False),
        series("subregion", _subregion(state, code, words), 2, band=False),
        series("region", words.group("region"), 0, band=False),
    ]
    look = {"n": state.setting.replicates, "middle": words.say("country.mean")}
    steps = words.say("country.steps")
    return [
        fan("own-delivered", words.say("country.path"), steps, lines, y=[0, RUNGS], digits=2, **look),
        fan("own-peers", words.say("country.peers"), steps, peers, y=[0, RUNGS], digits=2, **look),
        *(_chart_of(outcome, lines, look, words) for outcome in PATHS),
    ]


def _chart_of(outcome: str, lines: Sequence[Block], look: Mapping[str, Any], words: Words) -> Block:
    """Return the chart of an outcome that is a share, without numbers."""
    title = words.say(f"outcome.{_OUTCOMES[outcome]}")
    return fan(f"own-{outcome}", title, words.say("unit.share"), lines, y=[0, 1], percent=True, **look)


# Where it stands -----------------------------------------------------------------------------------------------------


def _beside(state: AppState, code: str) -> Beside:
    now = state.setting
    seen = {now.key}

    def drawn(setting: Setting | None) -> Country | None:
        if setting is None or setting.key in seen or code not in setting.scenario.codes():
            return None
        seen.add(setting.key)
        return country(setting, code)

    return Beside(country(now, code), drawn(state.unchanged), drawn(state.before))


def _subregion(state: AppState, code: str, words: Words) -> str:
    return words.group(str(state.setting.scenario.members().loc[code, "subregion"]))


def _standing(beside: Beside, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Say where the member stands by the last year, against other futures, and among the others."""
    now, base, before = beside
    circle = next(iter(now.circles.values()))[-1]
    ahead = round(now.number, 2) - round(circle, 2)
    low, _, high = (words.number(value or 0.0) for value in now.delivered[ALL_ACTIONS][-1])
    side = "level" if not round(ahead, 2) else "ahead" if ahead > 0 else "behind"
    return {
        "number": words.number(now.number),
        "of": words.say("country.of", year=LAST_YEAR),
        "range": words.say("country_page.range", low=low, high=high),
        "base": words.say("country.as_base", base=names["base"])
        if base is None
        else _changed(now, base, names["base"], words),
        "before": "" if before is None else words.say("country.note_before", number=words.number(before.number)),
        "place": words.say(
            "country_page.place",
            place=now.place_among_peers,
            of=len(now.peers),
            whole_place=now.place,
            whole=now.members,
        ),
        "circle": words.say(
            f"country.{side}",
            subregion=names["subregion"],
            number=words.number(circle),
            ahead=words.number(abs(ahead)),
        ),
    }


def _changed(now: Country, base: Country, name: str, words: Words) -> str:
    """Say how far a member is from the base, as the mean of pairs with its interval."""
    apart = change(now, base)
    told = {"base": name, "number": words.number(base.number), "mean": words.signed(apart.mean, 3)}
    if abs(apart.mean) < _LEAST or apart.low <= 0 <= apart.high:
        return words.say("country.no_change", **told)
    return words.say("country.change", **told, low=words.signed(apart.low, 3), high=words.signed(apart.high, 3))


# Its steps -----------------------------------------------------------------------------------------------------------


def _ladder(action: str, beside: Beside, words: Words) -> Block:
    """Return the chance of each step of an action, here and in other futures, and which step is next."""
    now = beside.now.chances[action]
    base, before = (None if one is None else one.chances[action] for one in (beside.base, beside.before))
    at = next((at for at, chance in enumerate(now) if chance < LIKELY), None)
    return {
        "id": action,
        "chances": now,
        "base": base,
        "before": before,
        "written": [words.share(chance) for chance in now],
        "next": at,
        "told": words.say("country.all_steps")
        if at is None
        else words.say("country.next", step=words.rung(action, at + 1)[0], share=words.share(now[at])),
    }


# Its path ------------------------------------------------------------------------------------------------------------


def _drawn(beside: Beside, code: str, words: Words) -> Iterator[tuple[str, Block]]:
    """Yield the numbers of every chart by its name."""
    yield "own-delivered", _lines(*_each(beside, ALL_ACTIONS), words.number, words)
    yield "own-peers", _peers(beside.now, beside.before, code, words)
    for outcome in PATHS:
        yield f"own-{outcome}", {**_lines(*_each(beside, outcome), words.share, words), "y": [0, 1]}


def _each(beside: Beside, name: str) -> tuple[Triples, Triples, Triples]:
    """Return a path now, in the base and before; one that is not shown is empty."""
    now, base, before = ({} if one is None else {**one.delivered, **one.paths} for one in beside)
    return now[name], base.get(name, []), before.get(name, [])


def _lines(now: Triples, base: Triples, before: Triples, write: Write, words: Words) -> Block:
    """Return a path with those of other futures, and where it ends in words."""
    low, mean, high = (write(value or 0.0) for value in now[-1])
    ends = "country.ends_level" if low == high else "country.ends"
    return {
        "series": {"now": now, "base": base},
        "ghost": {"now": [year[1] for year in before]} if before else None,
        "y": whole_steps([now, base, before]),
        "sentence": words.say(ends, year=LAST_YEAR, low=low, mean=mean, high=high),
    }


def _peers(now: Country, before: Country | None, code: str, words: Words) -> Block:
    """Return the member beside the means of its subregion and of the region."""
    names = [words.member(code), *(words.group(one) for one in now.circles)]
    paths: list[Sequence[float | None]] = [_means(now), *now.circles.values()]
    earlier = [] if before is None else _means(before)
    lines = dict(zip(("now", "subregion", "region"), map(_thrice, paths), strict=True))
    each = words.listed(
        words.say("compare.each", name=name, value=words.number(path[-1]))
        for name, path in zip(names, paths, strict=True)
    )
    return {
        "series": lines,
        "ghost": {"now": earlier} if earlier else None,
        "y": whole_steps([*lines.values(), _thrice(earlier)]),
        "sentence": words.say("country.peers_sentence", year=LAST_YEAR, each=each),
    }


def _thrice(path: Sequence[float | None]) -> Triples:
    """Return a path without a band as one with it."""
    return [[value] * 3 for value in path]


def _means(one: Country) -> list[float | None]:
    return [year[1] for year in one.delivered[ALL_ACTIONS]]
