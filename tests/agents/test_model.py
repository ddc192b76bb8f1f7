"""The Mesa model is at home among Mesa's tools."""

from inspect import signature
from itertools import product
from typing import Any

import mesa
import numpy as np
import pytest
from cases import BASE, CASES

from foresight.actions import ACTIONS, FIRST_YEAR, LAST_YEAR, SUBREGIONS
from foresight.agents.model import ForesightModel, MemberState
from foresight.errors import InputError
from foresight.facts.members import member_table
from foresight.scenario.building import build
from foresight.scenario.loading import bundled, load_scenario

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@pytest.fixture(scope="module")
def finished() -> ForesightModel:
    model = ForesightModel("baiji-returns", seed=1)
    model.run_model()
    return model


def test_a_run_goes_to_the_last_year_and_stops(finished: ForesightModel):
    assert finished.year == LAST_YEAR
    assert not finished.running


def test_a_step_is_a_year():
    model = ForesightModel("historical-pace")
    model.step()
    assert (model.year, model.running) == (FIRST_YEAR + 1, True)


def test_a_step_after_the_last_year_changes_nothing(finished: ForesightModel):
    before = finished.agents.get("pledged"), finished.fund, len(finished.datacollector.model_vars["year"])
    finished.step()
    after = finished.agents.get("pledged"), finished.fund, len(finished.datacollector.model_vars["year"])
    assert before == after


def test_the_model_frame_has_a_row_for_every_year(finished: ForesightModel):
    frame = finished.datacollector.get_model_vars_dataframe()
    assert frame["year"].tolist() == list(YEARS)
    measures = ["mean_delivered", "pledged_share", "mean_trust", "coverage", "fund"]
    assert frame.columns.tolist() == ["year", *measures, *(f"offer_{name}" for name in SUBREGIONS), "seed"]
    assert frame["mean_delivered"].iloc[[0, -1]].tolist() == [0.0, finished.mean_delivered]
    assert frame[["pledged_share", "mean_trust", "coverage"]].stack().between(0, 1).all()


def test_the_agent_frame_has_a_row_for_every_member_and_year(finished: ForesightModel):
    frame = finished.datacollector.get_agent_vars_dataframe()
    assert frame.index.names == ["Step", "AgentID"]
    assert len(frame) == len(YEARS) * len(member_table())
    assert frame.columns.tolist() == ["iso3", "trust", "capacity", "pledged", "delivered"]
    assert np.array(frame["delivered"].tolist()).shape == (len(frame), len(ACTIONS))
    assert frame["iso3"].iloc[: len(member_table())].tolist() == member_table().index.tolist()


def test_the_record_of_a_year_survives_what_is_done_to_the_members_later():
    model = ForesightModel("historical-pace")
    next(iter(model.agents)).pledged[0] = 4
    frame = model.datacollector.get_agent_vars_dataframe()
    assert frame["pledged"].iloc[0] == (0,) * len(ACTIONS)


def test_members_can_be_asked_for_by_subregion(finished: ForesightModel):
    pacific = finished.agents.select(lambda member: member.subregion == "Pacific")
    table = member_table()
    assert pacific.get("iso3") == table.index[table["subregion"] == "Pacific"].tolist()
    assert set(finished.agents.groupby("subregion").groups) == set(SUBREGIONS)
    assert all(isinstance(member, MemberState) for member in pacific)
    assert {member.home.offer for member in pacific} == {finished.offer["Pacific"]}


def test_members_know_their_bodies_and_efforts():
    model = ForesightModel(CASES["coalitions"])
    assert sorted(model.agents.agg("group", set)) == [0, 1, 2]
    assert [peers.size for peers in model.bodies] == BASE.members.body_size.tolist()


def test_running_is_repeatable(finished: ForesightModel):
    again = ForesightModel("baiji-returns", finished.seed)
    again.run_model()
    frames = [model.datacollector.get_agent_vars_dataframe() for model in (finished, again)]
    assert frames[0].equals(frames[1])


def test_luck_does_not_come_from_the_generators_of_mesa(finished: ForesightModel):
    model = ForesightModel("baiji-returns", seed=1)
    while model.running:
        model.random.random()
        model.rng.random()
        model.step()
    assert model.agents.get("delivered") == finished.agents.get("delivered")


def test_the_order_of_the_members_turns_does_not_matter(finished: ForesightModel):
    model = ForesightModel("baiji-returns", seed=1)
    while model.running:
        model.agents.shuffle(inplace=True)
        model.step()
    ordered = sorted(model.agents, key=lambda member: member.unique_id)
    assert [member.delivered for member in ordered] == finished.agents.get("delivered")


def test_replicates_and_seeds_differ():
    runs = [ForesightModel("historical-pace", seed, replicate) for seed, replicate in ((1, 0), (1, 1), (2, 0))]
    for model in runs:
        model.run_model()
    assert len({model.mean_trust for model in runs}) == len(runs)


def last_states(rows: list[dict[str, Any]]) -> dict[int, tuple[int, float]]:
    """Return year and mean trust at the end of each run, by its seed."""
    assert len(rows) % len(member_table()) == 0
    return {row["seed"]: (row["year"], row["mean_trust"]) for row in rows}


def by_hand(*seeds: int) -> dict[int, tuple[int, float]]:
    models = [ForesightModel("historical-pace", seed=seed) for seed in seeds]
    for model in models:
        model.run_model()
    return {model.seed: (model.year, model.mean_trust) for model in models}


def test_batch_run_reports_the_last_year_of_every_run():
    given = {"scenario": ["historical-pace", "baiji-returns"], "seed": 1, "replicate": range(2)}
    rows = mesa.batch_run(ForesightModel, given, display_progress=False)
    assert {row["year"] for row in rows} == {LAST_YEAR}
    assert len(rows) == 4 * len(member_table())
    models = {run: ForesightModel(run[0], 1, run[1]) for run in product(given["scenario"], given["replicate"])}
    for model in models.values():
        model.run_model()
    last = {(row["scenario"], row["replicate"]): row["mean_delivered"] for row in rows}
    assert last == {run: model.mean_delivered for run, model in models.items()}


@pytest.mark.parametrize("most", [LAST_YEAR - FIRST_YEAR, 1000])
def test_batch_run_makes_the_runs_of_its_seeds(most: int):
    given = {"scenario": "historical-pace", "seed": [1, 2, 3]}
    rows = mesa.batch_run(ForesightModel, given, max_steps=most, display_progress=False)
    assert last_states(rows) == by_hand(1, 2, 3)


@pytest.mark.skipif("rng" not in signature(mesa.batch_run).parameters, reason="Mesa before 3.5 has no such argument")
def test_batch_run_makes_the_runs_of_its_own_seeds():
    rows = mesa.batch_run(ForesightModel, {"scenario": "historical-pace"}, rng=[1, 2, 3], display_progress=False)
    assert last_states(rows) == by_hand(1, 2, 3)


@pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning")
def test_iterations_without_a_seed_have_luck_of_their_own_which_is_told():
    rows = mesa.batch_run(ForesightModel, {"scenario": "historical-pace"}, iterations=3, display_progress=False)
    seeds = {row["seed"] for row in rows}
    assert len(seeds) == 3
    assert last_states(rows) == by_hand(*seeds)


@pytest.mark.parametrize("period", [1, 5])
def test_batch_run_reports_the_first_and_the_last_year_and_as_many_between_as_asked(period: int):
    rows = mesa.batch_run(ForesightModel, {"seed": 1}, data_collection_period=period, display_progress=False)
    assert sorted({row["year"] for row in rows}) == sorted({*YEARS[::period], LAST_YEAR})


def test_batch_run_stops_before_if_asked():
    rows = mesa.batch_run(ForesightModel, {"seed": 1}, max_steps=5, data_collection_period=2, display_progress=False)
    assert sorted({row["year"] for row in rows}) == [2017, 2019, 2021, 2022]


def test_a_run_of_no_seed_can_be_made_again():
    models = [ForesightModel(), ForesightModel()]
    again = ForesightModel(rng=models[0].seed)
    for model in (*models, again):
        model.run_model()
    first, other, repeated = (model.datacollector.get_model_vars_dataframe() for model in (*models, again))
    assert first.equals(repeated)
    assert not first.drop(columns="seed").equals(other.drop(columns="seed"))


@pytest.mark.parametrize("given", [{"seed": 2}, {"rng": 2}, {"rng": np.int64(2)}, {"seed": 2, "rng": None}])
def test_a_seed_has_two_names(given: dict[str, Any]):
    assert ForesightModel(BASE, **given).seed == 2


def test_a_seed_is_given_once():
    with pytest.raises(InputError, match="sets what rng sets too"):
        ForesightModel(BASE, rng=1, seed=1)


def test_arguments_that_there_are_not_are_refused_together():
    with pytest.raises(InputError) as caught:
        ForesightModel(BASE, replicat=1, sed=2)
    assert [(one.field, one.nearest) for one in caught.value.problems] == [("replicat", "replicate"), ("sed", "seed")]


def test_mesa_finds_no_scenario_of_its_own_to_begin_anew_with():
    assert ForesightModel(BASE).scenario is None


def test_a_scenario_may_come_as_name_file_object_or_inputs():
    scenario = load_scenario("historical-pace")
    ways = ["historical-pace", bundled()["historical-pace"], scenario, build(scenario)]
    for model in map(ForesightModel, ways):
        assert len(model.agents) == len(member_table())


def test_an_unknown_scenario_is_refused():
    with pytest.raises(InputError):
        ForesightModel("no-such-future")


def test_a_design_of_many_runs_is_refused():
    with pytest.raises(InputError, match="one run"):
        ForesightModel(BASE.replace(uncertainties=BASE.uncertainties._replace(delivery_rate=np.ones(2))))


@pytest.mark.parametrize("scenario", [None, 5])
def test_what_is_no_scenario_is_refused(scenario: object):
    with pytest.raises(InputError) as caught:
        ForesightModel(scenario)  # type: ignore[arg-type]
    assert caught.value.problems[0].kind == "not_a_scenario"


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("replicate", -1, "out_of_range"),
        ("replicate", 2**32, "out_of_range"),
        ("replicate", 0.5, "not_whole"),
        ("rng", -1, "out_of_range"),
        ("seed", -1, "out_of_range"),
        ("seed", 2**64, "out_of_range"),
        ("seed", "one", "not_whole"),
    ],
)
def test_seed_and_replicate_have_their_place_in_the_address(name: str, value: object, kind: str):
    with pytest.raises(InputError) as caught:
        ForesightModel(BASE, **{name: value})  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind) == (name, kind)
