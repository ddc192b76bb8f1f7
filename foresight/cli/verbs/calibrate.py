"""Calibrate from the command line: fit the pledge hazard to records, and gather evidence on the fit."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import RenderableType

from foresight.calibration.evidence import compared, every_variant, predicted, recovered
from foresight.calibration.fit import FULL, Fit, calibrate
from foresight.calibration.hazards import VARIANTS
from foresight.calibration.shipped import COMPARED, LEFT_OUT, RECOVERED, numbers_of, posterior_of, write_left_out
from foresight.cli.calls import all_of, beside
from foresight.cli.layout import between, grid, heading, hint, paragraph
from foresight.cli.report import check_room, report
from foresight.cli.screen import Screen
from foresight.cli.verbs.hindcast import Past, note_on, records_of
from foresight.errors import InputError, Problem, listed, nearest, shown
from foresight.facts.posterior import FILE, write_posterior
from foresight.files import space
from foresight.observed.records import TRAINING, Records, own_records
from foresight.version import program_version

_MAIN = "main"


class Wanted(NamedTuple):
    """What is fitted, and to what."""

    acts: Path | None
    agreements: Path | None
    variant: str
    seed: int
    evidence: bool


def calibrate_records(screen: Screen, wanted: Wanted, folder: Path | None) -> None:
    """Show what records tell of the pledge hazard, and put draws and evidence in a folder if asked to."""
    records, *_ = all_of(partial(_records, wanted), partial(_check, wanted, folder), partial(check_room, folder))
    note_on(screen, records)
    with screen.waiting(screen.say("calibrate.running", count=len(records.agreements))):
        fit = beside(lambda: calibrate(records, VARIANTS[wanted.variant], FULL, wanted.seed))
    screen.emit(plain(fit, records), *_page(screen, fit, records))
    if folder is not None:
        _write(screen, wanted, folder.expanduser(), fit, records)


def facts_of(records: Records, seed: int) -> dict[str, Any]:
    """Return how draws are made, to be kept with them."""
    chains = f"NUTS, {FULL.chains} chains of {FULL.warmup} + {FULL.samples}"
    agreements = [one.name for one in records.agreements]
    told = {"method": chains, "seed": seed, "version": program_version(), "records": records.digest}
    return {**told, "agreements": agreements}


def plain(fit: Fit, records: Records) -> dict[str, Any]:
    """Return a fit for machines."""
    found = {**fit.diagnostics._asdict(), "sound": fit.diagnostics.sound}
    about = {"variant": fit.variant.name, "agreements": [one.name for one in records.agreements]}
    return {**about, "diagnostics": found, "estimates": numbers_of(fit).to_dict("records")}


def _records(wanted: Wanted) -> Records:
    """Return the records to learn from: those named, or the project's own training set."""
    given = records_of(Past(wanted.acts, wanted.agreements, None, False))
    return own_records().used_for(TRAINING) if given is None else given


def _check(wanted: Wanted, folder: Path | None) -> None:
    """Refuse what cannot be fitted, and evidence that would go nowhere."""
    names, problems = tuple(VARIANTS), []
    if wanted.variant not in names:
        near = nearest(wanted.variant, names)
        problems.append(Problem("--variant", "", "unknown_name", shown(wanted.variant), listed(names), near))
    if wanted.evidence and folder is None:
        problems.append(Problem("--out", "", "needed_with", details={"other": "--evidence"}))
    if problems:
        raise InputError(problems)


def _write(screen: Screen, wanted: Wanted, folder: Path, fit: Fit, records: Records) -> None:
    """Write the draws, the table, and the evidence if it is wanted."""
    report(screen, folder, {"estimates.csv": numbers_of(fit), "calibrate.json": plain(fit, records)})
    if fit.variant.name == _MAIN:
        with space(folder):
            write_posterior(posterior_of(fit, facts_of(records, wanted.seed)), folder / FILE)
    if wanted.evidence:
        with screen.waiting(screen.say("calibrate.leaving_out")) as progress:
            fits = beside(lambda: every_variant(records, wanted.seed, progress))
        with space(folder):
            write_left_out(fits[_MAIN], folder / LEFT_OUT)
        table = compared({name: predicted(records, one) for name, one in fits.items()}, _MAIN)
        with screen.waiting(screen.say("calibrate.recovering")) as progress:
            planted = beside(lambda: recovered(fit, records, seed=wanted.seed, progress=progress))
        report(screen, folder, {COMPARED: table, RECOVERED: planted})


def _page(screen: Screen, fit: Fit, records: Records) -> Iterator[RenderableType]:
    """Yield the estimates, and how well the chains mixed."""
    names = {"variant": screen.say(f"variant.{fit.variant.name}"), "count": len(records.agreements)}
    yield heading(screen.say("calibrate.title", **names))
    yield grid(screen, ("parameter", "mean", "sd", "interval"), _rows(screen, fit))
    found = fit.diagnostics
    numbers = {"r_hat": f"{found.r_hat:.3f}", "effective": f"{found.effective:,.0f}", "divergences": found.divergences}
    yield paragraph(screen.say("calibrate.sound" if found.sound else "calibrate.unsound", **numbers))
    yield hint(screen.say("calibrate.how"))


def _rows(screen: Screen, fit: Fit) -> Iterator[tuple[str, ...]]:
    for row in numbers_of(fit).to_dict("records"):
        interval = between(screen, row["low"], row["high"], "{:.2f}")
        yield screen.say(f"estimate.{row['parameter']}"), f"{row['mean']:.2f}", f"{row['sd']:.2f}", interval
