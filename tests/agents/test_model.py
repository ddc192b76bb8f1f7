"""The Mesa model is at home among Mesa's tools."""

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
    model = ForesightModel("baiji-returns")
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
    assert frame.columns.tolist() == ["year", *measures, *(f"offer_{name}" for name in SUBREGIONS)]
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
    again = ForesightModel("baiji-returns")
    again.run_model()
    frames = [model.datacollector.get_agent_vars_dataframe() for model in (finished, again)]
    assert frames[0].equals(frames[1])


def test_luck_does_not_come_from_the_generators_of_mesa(finished: ForesightModel):
    model = ForesightModel("baiji-returns")
    while model.running:
        model.random.random()
        model.rng.random()
        model.step()
    assert model.agents.get("delivered") == finished.agents.get("delivered")


def test_the_order_of_the_members_turns_does_not_matter(finished: ForesightModel):
    model = ForesightModel("baiji-returns")
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


def test_batch_run_reports_the_last_year_of_every_run():
    rows = mesa.batch_run(
        ForesightModel,
        {"scenario": ["historical-pace", "baiji-returns"], "replicate": range(2)},
        display_progress=False,
    )
    last = {(row["scenario"], row["replicate"]): row["mean_delivered"] for row in rows}
    assert {row["year"] for row in rows} == {LAST_YEAR}
    assert len(rows) == 4 * len(member_table())
    assert len(set(last.values())) == 4


def test_batch_run_reports_every_year_if_asked():
    rows = mesa.batch_run(
        ForesightModel, {"scenario": "historical-pace"}, data_collection_period=1, display_progress=False
    )
    assert sorted({row["year"] for row in rows}) == list(YEARS)


@pytest.mark.parametrize("seed", [None, np.int64(1)])
def test_a_seed_may_be_what_batch_run_gives(seed: int | None):
    models = [ForesightModel("historical-pace", seed=given) for given in (1, seed)]
    for model in models:
        model.step()
    assert models[0].agents.get("pledged") == models[1].agents.get("pledged")


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
