"""The verbs of the command line and their options; each imports what it needs when it is called, and hands over."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from foresight.errors import InputError, Problem, shown
from foresight.runs import USUAL
from foresight.workshop.agenda import USUAL_MINUTES
from foresight.workshop.hands import BUDGET


def _number(option: str, kind: type[int] | type[float], problem: str) -> Callable[[str], float]:
    """Make what reads the number of an option."""

    def read(given: str) -> float:
        try:
            return kind(given)
        except ValueError:
            raise InputError([Problem(option, "", problem, shown(given))]) from None

    return read


def _whole(option: str) -> Callable[[str], float]:
    return _number(option, int, "not_whole")


def _real(option: str) -> Callable[[str], float]:
    return _number(option, float, "not_a_number")


Replicates = Annotated[int, typer.Option("--replicates", metavar="N", parser=_whole("--replicates"))]
Seed = Annotated[int, typer.Option("--seed", metavar="N", parser=_whole("--seed"))]
MemberEffects = Annotated[str, typer.Option("--effects", metavar="drawn|posterior")]
Assignments = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE")]
NoEvents = Annotated[bool, typer.Option("--no-events")]
Members = Annotated[str, typer.Option("--members", metavar="all|states")]
Report = Annotated[Path | None, typer.Option("--out", metavar="DIR")]
Store = Annotated[Path, typer.Argument(metavar="STORE")]
Base = Annotated[str, typer.Option("--scenario", metavar="ID")]
Acts = Annotated[Path | None, typer.Option("--records", metavar="FILE")]
Agreements = Annotated[Path | None, typer.Option("--meta", metavar="FILE")]
Share = Annotated[float, typer.Option("--share", metavar="0..1", parser=_real("--share"))]


def show(context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")] = "scenarios") -> None:
    """Show the scenarios, members, bodies or parameters, or one thing by its name."""
    from foresight.cli.verbs import show as verb

    verb.show(context.obj, name)


def check(context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="FILE")]) -> None:
    """Check scenario and experiment files."""
    from foresight.cli.verbs import check as verb

    verb.check(context.obj, files)


def run(
    context: typer.Context,
    scenarios: Annotated[list[str] | None, typer.Argument(metavar="SCENARIO")] = None,
    replicates: Replicates = 200,
    seed: Seed = 1,
    effects: MemberEffects = USUAL,
    assignments: Assignments = None,
    no_events: NoEvents = False,
    members: Members = "",
    keep: Annotated[str, typer.Option("--keep", metavar="members|summary")] = "members",
    out: Annotated[Path | None, typer.Option("--out", metavar="PATH")] = None,
    kind: Annotated[str, typer.Option("--format", metavar="nc|csv|xlsx|iamc")] = "",
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Run scenarios and show what they come to."""
    from foresight.cli import calls
    from foresight.cli.save import Target
    from foresight.cli.verbs import run as verb

    changes = calls.Changes(assignments or (), no_events, members)
    size = calls.Size(replicates, seed, effects, keep)
    verb.run(context.obj, scenarios or [], changes, size, Target(out and out.expanduser(), kind, force))


def compare(
    context: typer.Context,
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO")],
    replicates: Replicates = 200,
    seed: Seed = 1,
    effects: MemberEffects = USUAL,
    assignments: Assignments = None,
    no_events: NoEvents = False,
    members: Members = "",
) -> None:
    """Show how scenarios and their outcomes differ."""
    from foresight.cli import calls
    from foresight.cli.verbs import compare as verb

    changes = calls.Changes(assignments or (), no_events, members)
    verb.compare(context.obj, scenarios, changes, calls.Size(replicates, seed, effects))


def explain(
    context: typer.Context,
    base: Annotated[str, typer.Argument(metavar="SCENARIO")],
    changed: Annotated[str, typer.Argument(metavar="SCENARIO")],
    outcomes: Annotated[list[str] | None, typer.Option("--outcome", metavar="NAME")] = None,
    replicates: Replicates = 200,
    seed: Seed = 1,
    effects: MemberEffects = USUAL,
    assignments: Assignments = None,
    no_events: NoEvents = False,
    members: Members = "",
) -> None:
    """Show which of the five actions did what of the difference between two scenarios."""
    from foresight.cli import calls
    from foresight.cli.verbs import explain as verb

    changes = calls.Changes(assignments or (), no_events, members)
    verb.explain(context.obj, (base, changed), outcomes or [], changes, calls.Size(replicates, seed, effects))


def sweep(
    context: typer.Context,
    sources: Annotated[list[Path] | None, typer.Argument(metavar="EXPERIMENT|STORE")] = None,
    store_folder: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
    worker_count: Annotated[int | None, typer.Option("--workers", metavar="N", parser=_whole("--workers"))] = None,
    cluster: Annotated[str, typer.Option("--cluster", metavar="ADDRESS|local")] = "",
    shard: Annotated[str, typer.Option("--shard", metavar="i/n")] = "1/1",
    resume: Annotated[bool, typer.Option("--resume")] = False,
    repair: Annotated[bool, typer.Option("--repair")] = False,
    status: Annotated[bool, typer.Option("--status")] = False,
    merging: Annotated[bool, typer.Option("--merge")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    extend: Annotated[int | None, typer.Option("--extend", metavar="N", parser=_whole("--extend"))] = None,
) -> None:
    """Run an experiment into a store that survives anything."""
    from foresight.cli.verbs import sweep as verb

    task, hands = verb.Task(sources or [], store_folder, resume, repair), verb.Hands(worker_count, cluster, shard)
    if dry_run:
        verb.dry_run(context.obj, task, hands)
    elif extend is not None:
        verb.extend(context.obj, task, hands, extend)
    elif status:
        verb.status(context.obj, task)
    elif merging:
        verb.merge(context.obj, task)
    else:
        verb.sweep(context.obj, task, hands)


def analyze(
    context: typer.Context,
    store: Store,
    outcome: Annotated[str, typer.Option("--outcome", metavar="NAME")] = "",
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR", parser=_whole("--year"))] = None,
    method: Annotated[str, typer.Option("--method", metavar="morris|sobol|pawn|delta")] = "",
    scenario: Base = "",
    report_folder: Report = None,
) -> None:
    """Show which factors move an outcome, and how sure that is."""
    from foresight.cli.verbs import analyze as verb

    question = verb.Question(outcome, year or 0, scenario)
    verb.analyze(context.obj, store, question, method, report_folder)


def discover(
    context: typer.Context,
    store: Store,
    condition: Annotated[str, typer.Option("--outcome", metavar="CONDITION")] = "completed",
    share: Share = 0.5,
    way: Annotated[str, typer.Option("--method", metavar="prim|cart")] = "prim",
    density: Annotated[float, typer.Option("--density", metavar="0..1", parser=_real("--density"))] = 0.8,
    most: Annotated[int, typer.Option("--conditions", metavar="N", parser=_whole("--conditions"))] = 4,
    scenario: Base = "",
    watch: Annotated[int | None, typer.Option("--watch", metavar="YEAR", parser=_whole("--watch"))] = None,
    report_folder: Report = None,
) -> None:
    """Find the few conditions under which an outcome comes about."""
    from foresight.cli.verbs import discover as verb

    box = verb.Wanted(condition, share, way, density, most, scenario, watch)
    verb.discover(context.obj, store, box, report_folder)


def check_version(context: typer.Context, store: Store, report_folder: Report = None) -> None:
    """Make the runs of a store anew and tell what moved."""
    from foresight.cli.verbs import check_version as verb

    verb.check_version(context.obj, store, report_folder)


def stress(
    context: typer.Context,
    strategies: Annotated[list[str], typer.Argument(metavar="STRATEGY")],
    experiment: Annotated[Path | None, typer.Option("--experiment", metavar="FILE")] = None,
    target: Annotated[str, typer.Option("--target", metavar="CONDITION")] = "mean_delivered >= 2",
    share: Share = 0.5,
    assignments: Assignments = None,
    worker_count: Annotated[int | None, typer.Option("--workers", metavar="N", parser=_whole("--workers"))] = None,
    report_folder: Report = None,
) -> None:
    """Run strategies over the same uncertain futures, and say how robust each is."""
    from foresight.cli import calls
    from foresight.cli.verbs import stress as verb

    trial = verb.Trial(strategies, experiment, target, share, calls.Changes(assignments or ()), worker_count)
    verb.stress(context.obj, trial, report_folder)


def seek(
    context: typer.Context,
    from_scenario: Annotated[str, typer.Argument(metavar="SCENARIO")] = "historical-pace",
    target: Annotated[str, typer.Option("--target", metavar="CONDITION")] = "completed",
    reached: Share = 0.8,
    cap: Annotated[float | None, typer.Option("--cap", metavar="POINTS", parser=_real("--cap"))] = None,
    levers: Annotated[list[str] | None, typer.Option("--lever", metavar="NAME")] = None,
    count: Annotated[int, typer.Option("--settings", metavar="N", parser=_whole("--settings"))] = 5,
    replicates: Replicates = 200,
    seed: Seed = 1,
    effects: MemberEffects = USUAL,
    assignments: Assignments = None,
    report_folder: Report = None,
) -> None:
    """Find several settings of the levers that reach a target at the least effort."""
    from foresight.cli import calls
    from foresight.cli.verbs import seek as verb

    wish = verb.Wish(from_scenario, target, reached, cap, levers or [], count, calls.Changes(assignments or ()))
    verb.seek(context.obj, wish, calls.Size(replicates, seed, effects), report_folder)


def protocol(
    context: typer.Context,
    page: Annotated[Path | None, typer.Option("--out", metavar="FILE.md|FILE.html")] = None,
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Write the ODD protocol of the model."""
    from foresight.cli.verbs import protocol as verb

    verb.protocol(context.obj, page and page.expanduser(), force)


def calibrate(
    context: typer.Context,
    acts: Acts = None,
    agreements: Agreements = None,
    variant: Annotated[str, typer.Option("--variant", metavar="NAME")] = "main",
    seed: Seed = 1,
    evidence: Annotated[bool, typer.Option("--evidence")] = False,
    report_folder: Report = None,
) -> None:
    """Fit the pledge hazard to records of treaties."""
    from foresight.cli.verbs import calibrate as verb

    wanted = verb.Wanted(acts, agreements, variant, seed, evidence)
    verb.calibrate_records(context.obj, wanted, report_folder)


def hindcast(
    context: typer.Context,
    acts: Acts = None,
    agreements: Agreements = None,
    start: Annotated[int | None, typer.Option("--from", metavar="YEAR", parser=_whole("--from"))] = None,
    leave_one_out: Annotated[bool, typer.Option("--leave-one-out")] = False,
    report_folder: Report = None,
) -> None:
    """Forecast agreements of the past from what was known, and score it against what happened."""
    from foresight.cli.verbs import hindcast as verb

    verb.hindcast(context.obj, verb.Past(acts, agreements, start, leave_one_out), report_folder)


def trust(
    context: typer.Context,
    trust_page: Annotated[Path | None, typer.Option("--out", metavar="FILE.html|FILE.md")] = None,
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Say how far the model can be trusted."""
    from foresight.cli.verbs import trust as verb

    verb.trust(context.obj, trust_page and trust_page.expanduser(), force)


def brief(
    context: typer.Context,
    subjects: Annotated[list[str] | None, typer.Argument(metavar="SCENARIO|STORE|SESSION")] = None,
    members_told: Annotated[str, typer.Option("--members", metavar="ISO3,ISO3…")] = "",
    replicates: Replicates = 200,
    seed: Seed = 1,
    effects: MemberEffects = USUAL,
    assignments: Assignments = None,
    no_events: NoEvents = False,
    brief_page: Annotated[Path | None, typer.Option("--out", metavar="FILE.html|FILE.pdf|FILE.md")] = None,
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Write on four sheets what paths come to, for whom, and how sure that is."""
    from foresight.cli import calls
    from foresight.cli.verbs import brief as verb

    changes = calls.Changes(assignments or (), no_events)
    size, target = calls.Size(replicates, seed, effects), verb.Target(brief_page and brief_page.expanduser(), force)
    verb.brief(context.obj, subjects or [], members_told, changes, size, target)


def archive(
    context: typer.Context,
    archive_file: Annotated[Path, typer.Option("--out", metavar="FILE.zip")],
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Write the archive that libraries of models ask for."""
    from foresight.cli.verbs import archive as verb

    verb.archive(context.obj, archive_file.expanduser(), force)


def bundle(context: typer.Context, bundle_folder: Annotated[Path, typer.Option("--out", metavar="DIR")]) -> None:
    """Collect all that a machine without internet needs to start."""
    from foresight.cli.verbs import bundle as verb

    verb.bundle(context.obj, bundle_folder.expanduser())


def ui(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", metavar="N", parser=_whole("--port"))] = 5006,
    address: Annotated[str, typer.Option("--address", metavar="HOST")] = "127.0.0.1",
    origins: Annotated[list[str] | None, typer.Option("--origin", metavar="HOST:PORT")] = None,
    memory: Annotated[str, typer.Option("--memory", metavar="2GB")] = "",
) -> None:
    """Serve the interface."""
    from foresight_ui import command

    command.ui(context.obj, port, address, origins or [], memory)


def room(
    context: typer.Context,
    title: Annotated[str, typer.Option("--title", metavar="TEXT")] = "",
    delegations: Annotated[str, typer.Option("--delegations", metavar="subregions|BODY,BODY…")] = "subregions",
    agenda: Annotated[int, typer.Option("--agenda", metavar="90|45", parser=_whole("--agenda"))] = USUAL_MINUTES,
    budget: Annotated[int, typer.Option("--budget", metavar="N", parser=_whole("--budget"))] = BUDGET,
    rooms: Annotated[int | None, typer.Option("--rooms", metavar="N", parser=_whole("--rooms"))] = None,
    record: Annotated[Path | None, typer.Option("--out", metavar="FILE")] = None,
    old: Annotated[list[Path] | None, typer.Option("--open", metavar="FILE")] = None,
    port: Annotated[int, typer.Option("--port", metavar="N", parser=_whole("--port"))] = 5006,
    address: Annotated[str, typer.Option("--address", metavar="HOST")] = "0.0.0.0",
) -> None:
    """Open a workshop: phones propose, a desk decides, a wall shows."""
    from foresight_ui.room import command

    setting = {"delegations": delegations, "agenda": agenda, "budget": budget, "rooms": rooms}
    files = {"out": record and record.expanduser(), "old": [one.expanduser() for one in old or []]}
    command.room(context.obj, port, address, title=title, **setting, **files)


def bench(
    context: typer.Context,
    against: Annotated[Path | None, typer.Option("--against", metavar="FOLDER")] = None,
    quick: Annotated[bool, typer.Option("--quick")] = False,
) -> None:
    """Measure the speed of the engine."""
    from foresight.cli.verbs import bench as verb

    verb.bench(context.obj, against and against.expanduser(), quick)


#: In the order of the page of help.
VERBS: Final = (
    show,
    check,
    run,
    compare,
    explain,
    sweep,
    analyze,
    discover,
    check_version,
    stress,
    seek,
    calibrate,
    hindcast,
    protocol,
    trust,
    brief,
    archive,
    bundle,
    ui,
    room,
    bench,
)
