"""What runs take from the posterior of treaty records: which draw, which numbers, and what wins over it."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from cases import LONG_SEED
from drivers import INTEGERS, OF_MEMBERS, OF_THE_REGION, TOLERANCE, state, words
from histories import simulate_history
from scenario_files import near
from worlds import same_bits

from foresight import (
    Comparison,
    InputError,
    Results,
    compare,
    explain,
    load_results,
    load_scenario,
    open_store,
    seek,
    simulate,
    stream,
)
from foresight.actions import LAST_YEAR
from foresight.agents.model import ForesightModel
from foresight.engine.draws import POSTERIOR, posterior_draw, posterior_draws, seed_key, uniform
from foresight.engine.inputs import Inputs
from foresight.engine.rules import PLEDGE_RIDGE, pledge_log_hazard_base
from foresight.experiments import manifest as manifests
from foresight.experiments.ema_function import EmaFunction
from foresight.experiments.experiment import Experiment
from foresight.experiments.manifest import MANIFEST, Shard
from foresight.experiments.sweep import merge, sweep
from foresight.facts.members import member_table
from foresight.facts.parameters import uncertainties
from foresight.facts.posterior import ESTIMATED, FILE, Posterior, posterior, read_posterior, write_posterior
from foresight.facts.tables import data_digest, digest
from foresight.results.obstacles import obstacles
from foresight.runs import EFFECTS, USUAL, Runs
from foresight.scenario.building import build, with_design
from foresight.scenario.loading import bundled
from foresight.texts import Words

RUNS = range(40)
BASE = load_scenario("historical-pace")
KNOWN = posterior()

#: A value of each estimated uncertainty that is not its default.
OTHER = {name: 0.9 * item.default + 0.01 for name, item in uncertainties().items() if name in ESTIMATED}

#: Those that make pledging easier, or harder by being further below 0.
PACES = ("pledge_offset", "opening_year")


def runs(seed: int = 1, replicates: Any = RUNS, effects: str = "posterior") -> Runs:
    return Runs(effects, seed, replicates)


def draws_of(seed: int = 1, replicates: Any = RUNS) -> np.ndarray:
    return posterior_draws(np.asarray(replicates, np.uint32), KNOWN.size, *seed_key(seed))


def estimated(inputs: Inputs) -> dict[str, np.ndarray]:
    """Return the estimated uncertainties of inputs, with what stands for the offset."""
    u = inputs.uncertainties._asdict()
    return {name: u["pledge_log_hazard_base" if name == "pledge_offset" else name] for name in ESTIMATED}


def made(draws: int = 3) -> Posterior:
    """Return draws of two members, one of whom has records in the last draws alone."""
    parameters = {name: np.linspace(at, at + 5.0, draws) for at, name in enumerate(ESTIMATED)}
    effects = np.column_stack([np.linspace(-1, 1, draws), np.full(draws, 0.25)])
    effects[0, 1] = np.nan
    return Posterior(parameters, ("FJI", "NPL"), effects, {"method": "by hand", "seed": 4})


# Which draw --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, LONG_SEED])
@pytest.mark.parametrize("replicate", [0, 7, 2**32 - 1])
def test_the_draw_of_a_replicate_has_the_address_of_purpose_48(seed: int, replicate: int):
    word = words((replicate, 0, 0, POSTERIOR), tuple(map(int, seed_key(seed))))[0]
    assert POSTERIOR == 48
    for count in (1, 7, 1000):
        taken = posterior_draw(np.uint32(replicate), count, *seed_key(seed))
        assert taken == int((word + 0.5) / 2**32 * count) < count
        assert posterior_draws(np.array([replicate], np.uint32), count, *seed_key(seed)) == [taken]


def test_the_last_word_gives_the_last_draw():
    assert int(uniform(np.uint64(2**32 - 1)) * 1000) == 999


def test_every_draw_is_taken_about_equally_often():
    replicates = np.arange(100_000, dtype=np.uint32)
    taken = np.bincount(posterior_draws(replicates, 100, *seed_key(3)), minlength=100)
    assert ((taken - 1000) ** 2 / 1000).sum() < 99 + 4 * np.sqrt(2 * 99)  # four standard deviations of chi-square


# What a run takes --------------------------------------------------------------------------------------------------


def test_a_run_takes_the_estimated_numbers_and_the_own_effects_of_its_draw():
    built, taken = build(BASE, runs=runs()), draws_of()
    found = estimated(built)
    for name in set(ESTIMATED) - {"pledge_offset"}:
        np.testing.assert_array_equal(found[name], KNOWN.parameters[name][taken])
    peers, offset = (KNOWN.parameters[name][taken] for name in ("peer_effect", "pledge_offset"))
    np.testing.assert_array_equal(found["pledge_offset"], list(map(pledge_log_hazard_base, peers, offset)))
    for code, effects in zip(BASE.members().index, built.member_effects, strict=True):
        if code in KNOWN.codes:
            np.testing.assert_array_equal(effects, KNOWN.member_effects[taken, KNOWN.codes.index(code)])
        else:
            assert np.isnan(effects).all()


def test_everything_else_is_as_without_the_posterior():
    drawn, taken = build(BASE), build(BASE, runs=runs())
    changed = {"pledge_log_hazard_base", *ESTIMATED}
    for name, values in drawn.uncertainties._asdict().items():
        if name not in changed:
            np.testing.assert_array_equal(values, getattr(taken.uncertainties, name))
    assert same_bits(drawn.levers, taken.levers) == same_bits(drawn.members, taken.members) == []


def test_members_without_records_have_anonymous_effects_of_the_spread_of_the_draw():
    """Associates have none. With the others silenced, theirs are the draw's sd times the usual normal number."""
    anonymous = [code for code in member_table().index if code not in KNOWN.codes]
    assert anonymous
    at = BASE.members().index.get_indexer(anonymous)
    model, drawn = ForesightModel("historical-pace", 1, 5, "posterior"), ForesightModel("historical-pace", 1, 5)
    spread = KNOWN.parameters["sd_member"][draws_of(1, [5])[0]]
    for place in at:
        with_records, without = ([*one.agents][place].effect for one in (model, drawn))
        assert with_records == pytest.approx(without / uncertainties()["sd_member"].default * spread, rel=1e-12)


def test_the_49_states_take_the_same_effects():
    states = build(load_scenario("historical-pace", set={"structure.members": "states"}), runs=runs())
    whole = build(BASE, runs=runs())
    kept = (member_table()["kind"] == "member").to_numpy()
    np.testing.assert_array_equal(states.member_effects, whole.member_effects[kept])


# Anonymous draws stay as they are ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", bundled())
def test_anonymous_draws_are_what_the_library_gives_unasked(name: str):
    asked, unasked = simulate(name, 4, effects="drawn"), simulate(name, 4)
    assert asked.dataset.identical(unasked.dataset)
    assert unasked.effects == "drawn"


@pytest.mark.parametrize("name", bundled())
def test_inputs_of_drawn_runs_are_those_of_no_runs(name: str):
    scenario = load_scenario(name)
    one, other = build(scenario), build(scenario, runs=runs(effects="drawn"))
    assert same_bits(one.uncertainties, other.uncertainties) == []
    assert one.member_effects.shape == other.member_effects.shape == (1, 1)


def test_the_posterior_moves_the_numbers():
    assert (
        simulate("historical-pace", 4).dataset.attrs["result_digest"] != posterior_run(4).dataset.attrs["result_digest"]
    )


# Addresses ---------------------------------------------------------------------------------------------------------


def posterior_run(replicates: int, **more: Any) -> Results:
    return simulate("historical-pace", replicates, effects="posterior", **more)


@pytest.mark.parametrize(("threads", "block"), [(1, 256), (2, 3), (2, 1), (1, 7)])
def test_threads_and_blocks_do_not_matter(threads: int, block: int):
    inputs = build(BASE, runs=runs())
    whole = simulate_history(inputs, 1, RUNS, threads=1)
    assert same_bits(whole, simulate_history(inputs, 1, RUNS, threads=threads, block=block)) == []


@pytest.mark.parametrize("replicate", [0, 7, 39])
@pytest.mark.parametrize("seed", [1, LONG_SEED])
def test_a_replicate_alone_is_that_of_a_batch(replicate: int, seed: int):
    batch = simulate_history(build(BASE, runs=runs(seed)), seed, RUNS)
    alone = simulate_history(build(BASE, runs=runs(seed, [replicate])), seed, [replicate])
    for name, values in batch._asdict().items():
        np.testing.assert_array_equal(values[..., replicate], getattr(alone, name)[..., 0], name)


def test_a_stream_is_the_whole_in_parts():
    whole = posterior_run(5, keep="summary").dataset
    parts = list(stream("historical-pace", 5, block=2, effects="posterior"))
    for name in whole.data_vars:
        together = np.concatenate([part[name].values for part in parts])
        np.testing.assert_array_equal(together, whole[name].values)
    assert {part.attrs["effects"] for part in parts} == {"posterior"}


@pytest.mark.costly
@pytest.mark.parametrize(("seed", "at"), [(1, 0), (LONG_SEED, 1)])
@pytest.mark.parametrize("name", ["historical-pace", "baiji-returns"])
def test_the_drivers_agree_in_every_year(name: str, seed: int, at: int):
    """Both ends of the two addresses of luck, the seed and the replicate."""
    scenario, replicates = load_scenario(name), (0, 7)
    history = simulate_history(build(scenario, runs=runs(seed, replicates)), seed, replicates)._asdict()
    model = ForesightModel(scenario, seed, replicates[at], "posterior")
    years = [state(model)]
    for _ in model.inputs.years[1:]:
        model.step()
        years.append(state(model))
    ours = {part: np.array([year[part] for year in years]) for part in years[0]}
    for part in INTEGERS:
        np.testing.assert_array_equal(ours[part], history[part][..., at], part)
    for part in (*OF_MEMBERS, *OF_THE_REGION):
        np.testing.assert_allclose(ours[part], history[part][..., at], rtol=0, atol=TOLERANCE, err_msg=part)


# What wins ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ESTIMATED)
@pytest.mark.parametrize("by_design", [False, True])
def test_a_chosen_value_moves_the_draws_by_its_difference_from_the_default(name: str, by_design: bool):
    if by_design:
        found = build(BASE, {name: OTHER[name]}, runs())
    else:
        found = build(load_scenario("historical-pace", set={f"uncertainties.{name}": OTHER[name]}), runs=runs())
    free, ours = estimated(build(BASE, runs=runs())), estimated(found)
    away = OTHER[name] - uncertainties()[name].default
    for other in ESTIMATED:
        by = {name: away}.get(other, 0.0)
        if (name, other) == ("peer_effect", "pledge_offset"):
            by = PLEDGE_RIDGE * away  # the base moves along the ridge
        np.testing.assert_allclose(ours[other], free[other] + by, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["sd_member", "sd_action", "sd_subregion_action"])
def test_no_spread_falls_below_zero(name: str):
    least = getattr(build(BASE, {name: uncertainties()[name].low}, runs(replicates=range(500))).uncertainties, name)
    assert least.min() >= 0.0
    assert least.mean() < uncertainties()[name].default


@pytest.mark.parametrize("by_design", [False, True])
def test_the_own_effects_of_members_stretch_with_their_spread(by_design: bool):
    if by_design:
        found = build(BASE, {"sd_member": 0.7}, runs())
    else:
        found = build(load_scenario("historical-pace", set={"uncertainties.sd_member": 0.7}), runs=runs())
    free = build(BASE, runs=runs())
    stretch = found.uncertainties.sd_member / free.uncertainties.sd_member
    assert (stretch > 1.1).all()
    np.testing.assert_allclose(found.member_effects, free.member_effects * stretch, rtol=1e-12)


@pytest.mark.costly
@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("name", ESTIMATED)
def test_nine_values_move_the_outcome_without_a_jump_at_the_default(name: str, effects: str):
    """Where a set value once put an end to the draws, the outcome jumped by a quarter of its size."""
    item = uncertainties()[name]
    nine = np.linspace(item.low, item.high, 9)
    step = (nine[1] - nine[0]) / 8
    near = [item.default - step, item.default, item.default + step]
    scenarios = [load_scenario("historical-pace", set={f"uncertainties.{name}": float(x)}) for x in (*nine, *near)]
    means = [float(simulate(one, 60, effects=effects).dataset["delivered"][:, -1].mean()) for one in scenarios]
    along, (below, at, above) = means[:9], means[9:]
    assert max(abs(at - below), abs(above - at)) < 0.03
    assert np.abs(np.diff(along)).max() < 0.15
    if name in PACES:
        assert (np.diff(along) > -0.01).all()
        assert along[-1] > along[0] + 0.01


@pytest.mark.parametrize("effects", EFFECTS)
def test_slower_is_slower(effects: str):
    """A pace below the default comes out behind it, in every kind of run and under the same luck."""
    slow, usual, fast = (
        simulate(load_scenario("historical-pace", set={"uncertainties.pledge_offset": value}), 100, effects=effects)
        for value in (-0.6, -0.5, -0.4)
    )
    low, middle, high = (float(one.dataset["pledged"][:, -1].mean()) for one in (slow, usual, fast))
    assert low < middle < high


@pytest.mark.costly
def test_both_kinds_of_runs_have_one_middle_within_what_records_leave_open():
    """Means of 200 runs each; the band of either is ten times as wide."""
    means = [simulate(BASE, 200, effects=one).dataset["delivered"][:, -1].mean(("member", "action")) for one in EFFECTS]
    one, other = (float(mean.mean()) for mean in means)
    error = np.sqrt(sum(float(mean.var()) / 200 for mean in means))
    assert abs(one - other) < 3 * error


def test_a_default_that_is_written_out_is_a_default():
    """Two scenarios of one digest are one scenario."""
    written = {f"uncertainties.{name}": uncertainties()[name].default for name in ESTIMATED}
    same = load_scenario("historical-pace", set=written)
    assert same.digest() == BASE.digest()
    one, other = (build(scenario, runs=runs()) for scenario in (same, BASE))
    assert same_bits(one.uncertainties, other.uncertainties) == []
    np.testing.assert_array_equal(one.member_effects, other.member_effects)


def test_a_design_on_top_of_inputs_is_a_design_built_at_once():
    design = {"ldc_penalty": np.linspace(-0.4, 0.4, len(RUNS)), "pledge_effort": np.full(len(RUNS), 2.0)}
    at_once, on_top = build(BASE, design, runs()), with_design(build(BASE), BASE, design, runs())
    assert same_bits(at_once.uncertainties, on_top.uncertainties) == same_bits(at_once.levers, on_top.levers) == []
    np.testing.assert_array_equal(at_once.member_effects, on_top.member_effects)
    usual = build(BASE, runs=runs()).uncertainties.ldc_penalty
    away = design["ldc_penalty"] - uncertainties()["ldc_penalty"].default
    np.testing.assert_allclose(at_once.uncertainties.ldc_penalty, usual + away, rtol=0, atol=1e-12)


# Provenance --------------------------------------------------------------------------------------------------------


def test_results_say_where_effects_come_from_and_come_back_from_a_file(tmp_path: Path):
    results = posterior_run(3)
    results.save(tmp_path / "run.nc")
    again = load_results(tmp_path / "run.nc")
    assert again.effects == results.effects == results.summary.attrs["effects"] == "posterior"
    np.testing.assert_array_equal(again.inputs.member_effects, results.inputs.member_effects)
    assert obstacles(again).equals(obstacles(results))


def test_results_from_before_there_was_a_choice_are_anonymous_draws(tmp_path: Path):
    results = simulate("historical-pace", 2)
    del results.dataset.attrs["effects"]
    results.save(tmp_path / "old.nc")
    assert load_results(tmp_path / "old.nc").effects == "drawn"


def test_runs_of_other_effects_are_not_compared():
    drawn, taken = simulate("historical-pace", 2), simulate("baiji-returns", 2, effects="posterior")
    with pytest.raises(InputError) as caught:
        Comparison((drawn, taken))
    assert [problem.kind for problem in caught.value.problems] == ["other_effects"]
    assert all(word in caught.value.message("en") for word in EFFECTS)


def test_a_comparison_goes_on_with_the_effects_of_what_is_at_hand():
    pair = compare([posterior_run(2), "baiji-returns"])
    assert [results.effects for results in pair.results] == ["posterior", "posterior"]
    assert compare(["historical-pace", "baiji-returns"], 2, effects="posterior").results[1].effects == "posterior"


def test_the_digest_of_the_facts_knows_the_draws():
    read = [path for path in files("foresight.data").iterdir() if path.name.endswith((".csv", ".toml", ".parquet"))]
    contents = {path.name: path.read_bytes() for path in read}
    assert FILE in contents
    assert digest(contents) == data_digest()
    assert digest({**contents, FILE: contents[FILE] + b"x"}) != data_digest()


@pytest.mark.parametrize(
    "ask",
    [
        lambda word: simulate("historical-pace", 1, effects=word),
        lambda word: stream("historical-pace", 1, effects=word),
        lambda word: compare(["historical-pace", "baiji-returns"], 1, effects=word),
        lambda word: explain("historical-pace", "baiji-returns", 1, effects=word),
        lambda word: seek("historical-pace", "completed", effects=word),
        lambda word: ForesightModel("historical-pace", effects=word),
    ],
)
@pytest.mark.parametrize(("word", "near"), [("posteriors", "posterior"), ("Drawn", "drawn"), (None, ""), (1, "")])
def test_a_wrong_word_is_refused_with_the_nearest(ask: Any, word: Any, near: str):
    with pytest.raises(InputError) as caught:
        ask(word)
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.nearest) == ("effects", "unknown_name", near)


# What stands on runs -----------------------------------------------------------------------------------------------


@pytest.mark.costly
def test_the_parts_of_an_explanation_are_those_of_the_runs():
    last = {"year": LAST_YEAR, "scope": "region", "action": "all"}
    several = [simulate(name, 4, keep="summary", effects="posterior") for name in ("historical-pace", "baiji-returns")]
    expected = Comparison(tuple(several)).differences("mean_delivered")
    expected = expected[(expected[list(last)] == list(last.values())).all(axis=1)]["mean"].item()
    parts = explain("historical-pace", "baiji-returns", 4, outcomes="mean_delivered", effects="posterior")
    assert parts.set_index("part")["mean"]["total"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.costly
def test_what_a_search_confirms_is_what_a_run_gives():
    few = {"levers": ["delivery_effort.financing"], "share": 0.4, "settings": 1, "replicates": 50}
    found = seek("historical-pace", "mean_delivered >= 0.9", **few, effects="posterior")
    assert found.effects == found.plain()["effects"] == "posterior"
    (setting,) = found.settings
    results = simulate(setting.scenario, setting.n, setting.seed, effects="posterior")
    delivered = results.dataset["delivered"].sel(year=LAST_YEAR).mean(["member", "action"])
    assert float((delivered >= 0.9).mean()) == setting.confirmed
    assert 0 < setting.confirmed < 1


def test_emas_experiments_take_the_draws_of_their_replicates():
    words = BASE.to_toml()
    found = EmaFunction(words, ("trust",), (), runs(1, range(3)))(delivery_rate=0.4)
    expected = posterior_run(3, keep="summary").summary["trust"].sel(year=LAST_YEAR, scope="region").mean()
    assert found["trust"] == pytest.approx(float(expected), abs=1e-12)


# Experiments -------------------------------------------------------------------------------------------------------

PLAIN: dict[str, Any] = {
    "id": "small",
    "scenarios": ("historical-pace",),
    "replicates": 4,
    "uncertainties": {"delivery_rate": True},
    "sampler": {"method": "latin_hypercube", "n": 48},
    "outcomes": ("mean_delivered", "trust"),
    "years": (2040,),
}


def experiment(**changes: Any) -> Experiment:
    return Experiment.model_validate({**PLAIN, **changes})


def test_an_experiment_says_where_effects_come_from():
    drawn, taken = experiment(), experiment(effects="posterior")
    assert drawn.effects == "drawn"
    assert "effects" not in drawn.to_toml()
    assert 'effects = "posterior"' in taken.to_toml()
    assert taken.plain()["effects"] == "posterior"
    assert drawn.digest() != taken.digest()


def test_the_digest_of_an_experiment_with_anonymous_draws_is_what_it_was():
    """Stores that were written before there was a choice can still be read."""
    plain = experiment().plain()
    del plain["effects"]
    does = {**plain, "scenarios": [[BASE.id, BASE.digest()]], "id": ""}
    canonical = json.dumps(does, sort_keys=True, separators=(",", ":"), allow_nan=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == experiment().digest()


def test_a_wrong_word_in_an_experiment_is_refused():
    with pytest.raises(ValueError, match="unknown_name"):
        experiment(effects="posteriors")


def test_points_of_a_sweep_are_runs_of_the_library(tmp_path: Path):
    store = sweep(experiment(effects="posterior"), tmp_path / "store")
    table, points = store.table(["mean_delivered"]).set_index(["point", "replicate"]), store.points()
    for point in (0, 47):
        scenario = load_scenario(
            "historical-pace", set={"uncertainties.delivery_rate": float(points["delivery_rate"][point])}
        )
        delivered = simulate(scenario, 4, effects="posterior").dataset["delivered"].sel(year=2040)
        expected = delivered.mean(["member", "action"]).values
        np.testing.assert_allclose(table.loc[point, "mean_delivered"], expected, rtol=1e-6)


def test_shards_of_a_sweep_are_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(manifests, "FEWEST_RUNS", 64)
    plan = experiment(effects="posterior")
    whole = sweep(plan, tmp_path / "whole")
    shards = [sweep(plan, tmp_path / f"{number}", shard=Shard(number, 2)).path for number in (1, 2)]
    merged = merge(shards, tmp_path / "merged")
    assert whole.table().equals(merged.table())


def test_going_on_with_other_effects_is_refused(tmp_path: Path):
    sweep(experiment(effects="posterior"), tmp_path / "store")
    assert json.loads((tmp_path / "store" / MANIFEST).read_text("utf-8"))["experiment"]["effects"] == "posterior"
    with pytest.raises(InputError) as caught:
        sweep(experiment(), tmp_path / "store", resume=True)
    assert [problem.kind for problem in caught.value.problems] == ["other_experiment"]


# The file ----------------------------------------------------------------------------------------------------------


def test_the_shipped_draws_are_whole():
    assert KNOWN.size >= 100
    assert set(KNOWN.parameters) == set(ESTIMATED)
    assert set(KNOWN.codes) <= set(member_table().index)
    assert KNOWN.member_effects.shape == (KNOWN.size, len(KNOWN.codes))
    assert (KNOWN.parameters["sd_member"] > 0).all()
    assert KNOWN.facts


def test_draws_come_back_from_a_file_as_they_were_written(tmp_path: Path):
    given, path = made(), tmp_path / "draws.parquet"
    write_posterior(given, path)
    again = read_posterior(path)
    assert (again.codes, dict(again.facts)) == (given.codes, given.facts)
    np.testing.assert_array_equal(again.member_effects, given.member_effects)
    for name in ESTIMATED:
        np.testing.assert_array_equal(again.parameters[name], given.parameters[name])
    assert {str(kind) for kind in pq.read_schema(path).types} == {"float"}
    assert [one.name for one in tmp_path.iterdir()] == ["draws.parquet"]


def test_nobody_can_write_over_the_draws():
    with pytest.raises(ValueError, match="read-only"):
        KNOWN.parameters["sd_member"][0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        KNOWN.member_effects[0, 0] = 1.0


def test_a_member_with_records_in_some_draws_only_is_anonymous_in_the_others():
    effects = made().effects_of(["NPL", "FJI", "WSM"], np.array([0, 2, 0]))
    np.testing.assert_array_equal(effects, [[np.nan, 0.25, np.nan], [-1, 1, -1], [np.nan] * 3])


def damaged(given: Posterior, path: Path, kind: str) -> None:
    """Write a file that holds no draws."""
    write_posterior(given, path)
    table = pq.read_table(path)
    match kind:
        case "no facts":
            pq.write_table(table.replace_schema_metadata({}), path)
        case "no parameter":
            pq.write_table(table.drop_columns(["sd_member"]), path)
        case "no draws":
            pq.write_table(table.slice(0, 0), path)
        case "no number":
            given.parameters["sd_member"][1] = np.nan
            write_posterior(given, path)
        case "strange member":
            pq.write_table(table.rename_columns([name.replace("FJI", "FIJ") for name in table.column_names]), path)
        case "no table":
            path.write_bytes(b"no table")


@pytest.mark.parametrize("kind", ["no facts", "no parameter", "no draws", "no number", "strange member", "no table"])
def test_a_file_that_holds_no_draws_is_refused_by_name(tmp_path: Path, kind: str):
    path = tmp_path / "draws.parquet"
    damaged(made(), path, kind)
    with pytest.raises(InputError) as caught:
        read_posterior(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.kind) == (str(path), "no_posterior")


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(InputError, match="no such file"):
        read_posterior(tmp_path / "nothing.parquet")


# The command line --------------------------------------------------------------------------------------------------

PAIR = ("historical-pace", "baiji-returns")


def told(call: Any, *words: str) -> dict[str, Any]:
    answer = call(*words, "--json", "--quiet")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


@pytest.mark.parametrize("effects", EFFECTS)
def test_a_run_of_the_command_line_is_one_of_the_library(call: Any, effects: str):
    (found,) = told(call, "run", "historical-pace", "--replicates", "3", "--effects", effects)["scenarios"]
    expected = simulate("historical-pace", 3, effects=effects).dataset.attrs
    assert found["provenance"] == expected


@pytest.mark.costly
def test_the_command_line_takes_the_usual_effects_unasked(call: Any, tmp_path: Path):
    run_of = told(call, "run", "historical-pace", "--replicates", "2")["scenarios"][0]["provenance"]
    pair = ("historical-pace", near(tmp_path))
    compared, explained = (told(call, verb, *pair, "--replicates", "2") for verb in ("compare", "explain"))
    few = ("--settings", "1", "--replicates", "2", "--lever", "delivery_effort.financing")
    sought = told(call, "seek", "--target", "mean_delivered >= 0", *few)
    assert {one["effects"] for one in (run_of, compared, explained, sought)} == {USUAL}


@pytest.mark.costly
@pytest.mark.parametrize("verb", ["run", "compare", "explain"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_people_are_told_where_effects_come_from(call: Any, tmp_path: Path, verb: str, language: str):
    names = ["historical-pace"] if verb == "run" else ["historical-pace", near(tmp_path)]
    for effects in EFFECTS:
        answer = call(verb, *names, "--replicates", "2", "--effects", effects, "--language", language, "--quiet")
        assert answer.code == 0
        assert Words(language).say(f"effects.{effects}")[:12] in answer.out


@pytest.mark.parametrize("words", [("run", "historical-pace"), ("compare", *PAIR), ("explain", *PAIR), ("seek",)])
def test_a_wrong_word_on_the_command_line_is_refused_with_the_nearest(call: Any, words: tuple[str, ...]):
    answer = call(*words, "--effects", "posteriors", "--json")
    assert answer.code == 2
    (problem,) = json.loads(answer.err)["problems"]
    assert (problem["file"], problem["kind"], problem["nearest"]) == ("--effects", "unknown_name", "posterior")


def test_an_experiment_file_is_checked_and_run(call: Any, tmp_path: Path):
    path = tmp_path / "small.toml"
    path.write_text(experiment(effects="posterior").to_toml(), "utf-8")
    assert call("check", str(path)).code == 0
    assert call("sweep", str(path), "--out", str(tmp_path / "store"), "--quiet").code == 0
    assert open_store(tmp_path / "store").experiment.effects == "posterior"
    path.write_text(path.read_text("utf-8").replace('"posterior"', '"posteriors"'), "utf-8")
    answer = call("check", str(path))
    assert answer.code == 2
    assert "effects" in answer.err
    assert "posterior" in answer.err
