"""A brief: every number is bound to a result and is what that result is, worked out anew; sentences follow numbers."""

import re
from functools import cache
from html import unescape
from typing import Any

import briefs
import numpy as np
import pandas as pd
import papers
import pytest

from foresight import explain, metrics, simulate
from foresight.actions import ACTIONS, LAST_YEAR
from foresight.analysis.unknowns import one_at_a_time, unknowns
from foresight.analysis.watch import signs
from foresight.documents.markdown import markdown
from foresight.facts.parameters import uncertainties
from foresight.reports.brief.numbers import WATCHED, Grounds, gathered
from foresight.reports.brief.page import document, short
from foresight.results.comparison import Comparison
from foresight.results.outcomes import outcome_values
from foresight.scenario.efforts import effort_points
from foresight.scenario.loading import load_scenario
from foresight.texts import Words

pytestmark = pytest.mark.costly

#: Writings of numbers: a sign, digits, and marks of decimals and thousands.
_NUMBER = re.compile(r"[+−]?\d[\d.,\u00a0\u202f]*")


@cache
def anew() -> dict[str, pd.DataFrame]:
    """Work the tables out again with the public functions of the library."""
    runs = [simulate(path, briefs.RUNS, effects="posterior") for path in briefs.PATHS]
    outcomes = {
        "mean_delivered": metrics.mean_delivered,
        "trust": metrics.trust,
        "overdue_share": metrics.overdue_share,
    }
    tables = {
        name: briefs.of_each(lambda one, make=make: make(one, briefs.scopes()), runs) for name, make in outcomes.items()
    }
    behind = briefs.of_each(metrics.left_behind, runs)
    stuck = briefs.of_each(lambda one: metrics.obstacles(one, briefs.MEMBERS), runs)
    return tables | {
        "completed": briefs.of_each(metrics.completed, runs),
        "left_behind": behind[behind["year"] == LAST_YEAR],
        "means": briefs.of_each(means, runs),
        "flows": briefs.of_each(lambda one: metrics.contributors(one, briefs.MEMBERS), runs),
        "obstacles": stuck[stuck["year"] == LAST_YEAR - 1],
        "difference": pd.concat([differences(runs, at) for at in range(len(runs) - 1)]),
        "actions": pd.concat([deeds(runs[0], other) for other in runs[1:]]),
        "made": pd.DataFrame([made(one) for one in runs]),
        "parameters": parameters(runs[0]),
        "settings": settings(runs),
        "events": events(runs),
        **unknown([one.scenario for one in runs]),
    }


def differences(runs: list[Any], at: int) -> pd.DataFrame:
    """Return how far later scenarios lie from one, as `compare` has it."""
    table = Comparison(tuple(runs[at:])).differences("mean_delivered", briefs.scopes())
    table = table[(table["year"] == LAST_YEAR) & (table["action"] == "all")]
    return table.assign(other=runs[at].scenario.id)


def means(one: Any) -> pd.DataFrame:
    """Return means of single members in the last year: of steps by runs, of what is overdue by pledges of all runs."""
    last = one.series(briefs.MEMBERS).sel(year=LAST_YEAR).sum(["replicate", "action"])
    promised = last["pledged_count"].sel(rung=1)
    columns = {
        "mean_delivered": last["delivered_count"].sum("rung") / (briefs.RUNS * len(ACTIONS)),
        "overdue_share": (last["overdue_count"] / promised).where(promised > 0, 0.0),
    }
    return pd.DataFrame({"scope": briefs.MEMBERS, **columns})


def deeds(base: Any, other: Any) -> pd.DataFrame:
    table = explain(base.scenario, other.scenario, briefs.RUNS, outcomes=["mean_delivered"], effects="posterior")
    return table.assign(scenario=other.scenario.id)


def made(one: Any) -> dict[str, Any]:
    points, members = effort_points(one.scenario), len(one.scenario.codes())
    return {"scenario": one.scenario.id, "effort_points": points, "runs": briefs.RUNS, "members": members}


def parameters(base: Any) -> pd.DataFrame:
    own = base.scenario.uncertainties
    rows = [(name, getattr(own, name), one.low, one.high) for name, one in uncertainties().items()]
    return pd.DataFrame(rows, columns=["parameter", "value", "low", "high"])


def settings(runs: list[Any]) -> pd.DataFrame:
    """Return settings as files have them, phases that are equal as one."""

    def plain(value: Any) -> str:
        if isinstance(value, tuple):
            return plain(value[0]) if len(set(value)) == 1 else " · ".join(map(plain, value))
        return f"{value:g}" if isinstance(value, float) else str(value)

    table = Comparison(tuple(runs)).settings()
    rows = [(path, name, plain(value)) for name, column in table.items() for path, value in column.items()]
    return pd.DataFrame(rows, columns=["setting", "scenario", "value"])


def events(runs: list[Any]) -> pd.DataFrame:
    names = ("resources_lost", "trust", "capacity", "pledged", "delivered")
    rows = []
    for one in runs:
        for event in one.scenario.events:
            does = [
                f"{name} = {getattr(event, name)}"
                for name in sorted(names, key=list(type(event).model_fields).index)
                if name in event.model_dump(exclude_defaults=True)
            ]
            rows.append((one.scenario.id, event.name, event.year, "; ".join(does)))
    return pd.DataFrame(rows, columns=["scenario", "event", "year", "does"])


def unknown(scenarios: list[Any]) -> dict[str, pd.DataFrame]:
    """Return what is told of what nobody knows, from runs made anew."""
    runs = {one.id: unknowns(one, WATCHED, 1) for one in scenarios}
    usual = {name: own.chance[0, -1].mean() for name, own in runs.items()}
    last = {name: own.everything[0, -1] for name, own in runs.items()}
    bands = []
    for name, own in runs.items():
        spread = {"chance": own.chance[0, -1], "ignorance": last[name].mean(axis=1), "everything": last[name]}
        for varied, values in spread.items():
            p10, p90 = np.quantile(values, [0.1, 0.9])
            bands.append({"scenario": name, "varied": varied, "p10": p10, "p90": p90})
    base, *others = scenarios
    wins = [np.mean(last[one.id].mean(axis=1) > last[base.id].mean(axis=1)) for one in others]
    ahead = [
        {"scenario": one.id, "other": base.id, "points": 128, "share": win}
        for one, win in zip(others, wins, strict=True)
    ]
    ends = {one.id: one_at_a_time(one, "mean_delivered", LAST_YEAR, 1) for one in scenarios}
    moved = {name: own["outcome"] - own["outcome"][own["place"] == "as_it_is"].item() for name, own in ends.items()}
    leads = [
        ends[one.id].assign(
            scenario=one.id,
            other=base.id,
            lead=usual[one.id] - usual[base.id] + moved[one.id] - moved[base.id],
        )
        for one in others
    ]
    every = np.stack([own.everything for own in runs.values()])  # [scenario, series, year, point, run]
    end = every[:, 0, -1]
    level = max(half / 2 for half in range(1, 9) if (end >= half / 2).mean() >= 0.1)
    goal = {"level": level, "runs": end.size, "share": (end >= level).mean()}
    early = pd.DataFrame({name: every[:, at, 13].ravel() for at, name in enumerate(WATCHED)})
    points = np.arange(end.size) // end.shape[2] % end.shape[1]
    watched = signs(early, (end >= level).ravel(), points)
    return {
        "surety": pd.DataFrame(bands),
        "ahead": pd.DataFrame(ahead),
        "turning": pd.concat(leads),
        "goal": pd.DataFrame([goal]),
        "watch": watched,
    }


CONSTANTS = {"last_year": 2040, "watch_year": 2030, "rungs": 4, "actions": 5, "scenarios": 4}


@pytest.mark.parametrize("language", papers.LANGUAGES)
def test_every_number_is_what_its_result_is(language: str):
    numbers = list(briefs.cited(briefs.page(language)))
    assert len(numbers) > 500
    for one in numbers:
        if one.table == "constants":
            continue
        value = briefs.picked(anew()[one.table], one.labels, one.column)
        if isinstance(value, str):
            assert one.value == value, one
        else:
            assert float(one.value) == pytest.approx(float(value), rel=1e-9, abs=1e-12), one


def test_constants_are_what_they_are_called():
    found = {one.column: float(one.value) for one in briefs.cited(briefs.page("en")) if one.table == "constants"}
    assert found == pytest.approx({**CONSTANTS, "band": 0.8, "confidence": 0.95})


@pytest.mark.parametrize("language", papers.LANGUAGES)
def test_numbers_are_written_as_they_are(language: str):
    """What a reader sees is the value, rounded to the digits that are shown."""
    own = Words(language)
    decimal, thousand = own.number(0.5, 1)[1], own.count(1000)[1:-3]
    for one in briefs.cited(briefs.page(language)):
        if (
            one.table in ("settings", "events")
            or one.column == "parameter"
            or not _NUMBER.search(one.words)
            or one.words.startswith("<")
        ):
            continue
        percent = "%" in one.words
        digits = re.sub(r"[%\s]", "", one.words.replace(thousand, "")).replace("−", "-").replace(decimal, ".")
        decimals = len(digits.partition(".")[2])
        value = float(one.value) * (100 if percent else 1)
        assert abs(float(digits) - value) <= 0.5 * 10**-decimals + 1e-9, one


@pytest.mark.parametrize("language", papers.LANGUAGES)
def test_no_number_stands_outside(language: str):
    page = briefs.page(language).partition("</head>")[2]
    page = re.sub(r"<data [^>]*>[^<]*</data>|<code>[^<]*</code>|<svg.*?</svg>", " ", page, flags=re.DOTALL)
    assert re.findall(r"[^ ]*\d[^ ]*", unescape(re.sub(r"<[^>]+>", " ", page))) == []


def test_pictures_have_the_numbers_that_they_tell_bound_too():
    drawings = re.findall(r"<svg.*?</svg>", briefs.page("en"), re.DOTALL)
    assert len(drawings) == 5
    assert all("data-source" in drawing for drawing in drawings)


@pytest.mark.parametrize("language", papers.LANGUAGES)
def test_a_page_is_sound_and_small_and_needs_nothing_else(language: str):
    page = briefs.page(language)
    elements = papers.Elements()
    elements.feed(page)
    assert elements.open == []
    assert not {value for name, value in elements.attributes if name in ("src", "href") and value[:1] != "#"}
    assert len(page.encode()) < 3_000_000


def test_the_first_member_comes_first():
    page = papers.text_of(briefs.page("en"))
    headings = ["Fiji: ", "Fiji delivers", "In one line", "What was asked"]
    places = [page.index(heading) for heading in headings]
    assert places == sorted(places)
    assert page.index("Fiji delivers") < page.index("Viet Nam delivers")


def changed(**tables: pd.DataFrame) -> Grounds:
    own = briefs.grounds()
    return Grounds(own.results, (), "", {**own.tables, **tables})


def sentences(grounds: Grounds) -> str:
    return markdown(short(grounds))


@pytest.mark.parametrize(
    ("low", "high", "start"),
    [(0.1, 0.2, "goes furthest"), (-0.1, 0.2, "No path goes further"), (-0.2, -0.1, "No path goes as far")],
)
def test_the_answer_follows_the_interval(low: float, high: float, start: str):
    difference = briefs.grounds().tables["difference"].assign(mean=(low + high) / 2, low=low, high=high)
    assert start in sentences(changed(difference=difference))


@pytest.mark.parametrize(
    ("share", "start"), [(0.99, "stays ahead"), (0.8, "in most draws"), (0.5, "is open"), (0.01, "in only 1%")]
)
def test_surety_follows_the_share_of_draws(share: float, start: str):
    ahead = briefs.grounds().tables["ahead"].assign(share=share)
    assert start in sentences(changed(ahead=ahead))


def test_where_every_path_is_worse_it_is_said_who_loses_and_what_takes_most():
    own = briefs.grounds()
    worse = {name: own.tables[name].assign(mean=-own.tables[name]["mean"].abs()) for name in ("difference", "actions")}
    grounds = changed(**worse)
    text = markdown(document(grounds))
    assert "gains most" in markdown(document(own))
    assert "loses most" in text
    actions = worse["actions"][worse["actions"]["scenario"] == grounds.best].set_index("part")
    taken = actions.loc[list(ACTIONS), "mean"]
    assert f"{taken.idxmin().capitalize()} makes" in text


def test_a_number_that_would_turn_the_order_is_named():
    turning = briefs.grounds().tables["turning"].copy()
    turning.loc[(turning["parameter"] == "delivery_rate") & (turning["place"] == "low"), "lead"] *= -1
    assert "would turn this round: Pace of delivery." in sentences(changed(turning=turning))
    assert "No single number" in sentences(changed())


def test_a_number_that_a_path_sets_is_not_drawn_and_is_named():
    slow = load_scenario("historical-pace", set={"uncertainties.delivery_rate": 0.3}).model_copy(update={"id": "slow"})
    own = gathered([simulate(path, 20, effects="drawn") for path in ("historical-pace", slow)])
    assert "delivery_rate" not in set(own.tables["turning"]["parameter"])
    assert own.tables["ahead"]["share"].item() < 0.5
    text = markdown(document(own))
    assert "efforts on actions make none. All other settings make −" in text
    assert "What a path sets itself is not drawn: Pace of delivery." in text
    assert "anonymous draws, so that numbers lie a little beside" not in text
    usual = markdown(document(briefs.grounds()))
    assert "is not drawn" not in usual
    assert "anonymous draws, so that numbers lie a little beside" in usual


def test_nothing_to_watch_is_said():
    grounds = changed(watch=pd.DataFrame())
    assert "Nothing that is counted" in sentences(grounds)
    assert "False alarms" not in markdown(document(grounds))


def test_gaps_are_those_of_paired_runs():
    values = {
        one.scenario.id: outcome_values(one.summary, "mean_delivered").sel(year=LAST_YEAR, action="all")
        for one in briefs.results()
    }
    gaps = {name: own.sel(scope="LDC") - own.sel(scope="REST") for name, own in values.items()}
    row = (
        briefs.grounds()
        .tables["gap"]
        .query("scenario == 'baiji-returns' and other == 'historical-pace' and scope == 'LDC'")
    )
    assert float(row["mean"].iloc[0]) == pytest.approx(float((gaps["baiji-returns"] - gaps["historical-pace"]).mean()))
