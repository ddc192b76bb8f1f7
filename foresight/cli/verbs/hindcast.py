"""Hindcast from the command line: forecast agreements from their start, and score that."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd
from rich.console import RenderableType

from foresight.calibration.cases import cases_from, check_start, forward_cases, own_cases, refitted_cases
from foresight.calibration.hindcast import COMPARISONS, CRPS, HORIZONS, METHODS, MODEL, MODES, Case, Hindcast
from foresight.calibration.hindcast import hindcast as forecast_and_score
from foresight.calibration.scores import FLOOR, SCORES
from foresight.calibration.shipped import columns_of
from foresight.cli.calls import beside
from foresight.cli.layout import between, grid, heading, hint, paragraph
from foresight.cli.report import check_room, report
from foresight.cli.screen import Screen
from foresight.errors import InputError, Problem, listed
from foresight.facts.states import is_country
from foresight.observed.records import Records, load_records, tested
from foresight.observed.remarks import CHANGING

#: Level of the bands beside which numbers of parties are shown.
_LEVEL: Final = "80%"

#: The score by which methods are ordered in words.
_SCORE: Final = "log_score"

#: Mode and score of the number of parties.
_PARTIES: Final = (MODES[0], CRPS)

#: Digits of each score.
_DIGITS: Final = {_SCORE: 4, CRPS: 2}


class Past(NamedTuple):
    """What is forecast, and from when."""

    acts: Path | None
    agreements: Path | None
    start: int | None
    leave_one_out: bool


def hindcast(screen: Screen, past: Past, folder: Path | None) -> None:
    """Show how well agreements are forecast, and put tables in a folder if asked to."""
    records = records_of(past)
    if past.start is not None:
        check_start(past.start, records or tested())
    check_room(folder)
    cases = _scored(screen, _cases(screen, past, records))
    with screen.waiting(screen.say("hindcast.running")) as progress:
        found = beside(lambda: forecast_and_score(cases, progress=progress))
    screen.emit(plain(found), *_page(screen, found))
    if records is not None:
        note_on(screen, records)
    if folder is not None:
        report(screen, folder, {**files_of(found), "columns.csv": columns_of(screen.language)})


def note_on(screen: Screen, records: Records) -> None:
    """Tell a person what of their tables is not as it may have been meant."""
    if records.left_aside:
        codes = [code if is_country(code) else f"{code} ({screen.say(f'state.{code}')})" for code in records.left_aside]
        screen.note(screen.say("hindcast.left_aside", codes=", ".join(codes)))
    for remark in records.remarks:
        tell = screen.insist if remark.kind in CHANGING else screen.note
        tell(screen.say(f"hindcast.remark_{remark.kind}", **remark.details))


def plain(scored: Hindcast) -> dict[str, Any]:
    """Return a hindcast for machines."""
    return {
        "agreements": [_agreement(scored, case) for case in scored.cases],
        "rows": len(scored.rows),
        "scores": scored.scores.to_dict("records"),
        "gains": [{"mode": mode, "score": score, **scored.gain(mode, score)} for mode, score in COMPARISONS],
        "by_agreement": scored.by_agreement.to_dict("records"),
        "counts": scored.counts.to_dict("records"),
        "crps": scored.means(*_PARTIES).to_dict(),
        "bands": scored.bands().to_dict("records"),
        "coverage": scored.coverage().to_dict("records"),
        "reliability": {mode: scored.reliability(mode).to_dict("records") for mode in MODES},
        "rank_histogram": scored.rank_histogram().tolist(),
    }


def files_of(found: Hindcast) -> dict[str, Any]:
    """Return what a report is made of, by the names of the files."""
    tables = {"rows": found.rows, "chances": found.chances, "counts": found.counts, "scores": found.scores}
    tables |= {"by_agreement": found.by_agreement, "coverage": found.coverage(), "bands": found.bands()}
    return {**{f"{name}.csv": table for name, table in tables.items()}, "hindcast.json": plain(found)}


def records_of(past: Past) -> Records | None:
    """Read the records that are named, or none; InputError if the options do not go together."""
    problems = []
    if past.start is not None and past.leave_one_out:
        problems.append(Problem("--from", "", "not_with", details={"other": "--leave-one-out"}))
    if (past.acts is None) != (past.agreements is None):
        given, lacking = ("--records", "--meta") if past.agreements is None else ("--meta", "--records")
        problems.append(Problem(lacking, "", "needed_with", details={"other": given}))
    if problems:
        raise InputError(problems)
    if past.acts is None or past.agreements is None:
        return None
    return load_records(past.acts.expanduser(), past.agreements.expanduser())


def _cases(screen: Screen, past: Past, records: Records | None) -> list[Case]:
    """Return what is to be forecast, each with a calibration that has not seen it."""
    if past.start is not None:
        with screen.waiting(screen.say("hindcast.fitting")) as progress:
            chosen, start = records or tested(), past.start
            return beside(lambda: cases_from(start, chosen, progress=progress))
    if past.leave_one_out and records is not None:
        with screen.waiting(screen.say("hindcast.fitting")) as progress:
            return beside(lambda: refitted_cases(records, progress=progress))
    return own_cases() if past.leave_one_out else forward_cases(records)


def _scored(screen: Screen, cases: Sequence[Case]) -> list[Case]:
    """Leave aside agreements that have no full year with a member at risk; InputError if none is left."""
    young = [case.name for case in cases if not case.rows]
    if len(young) == len(cases):
        raise InputError([Problem("--meta", "list_as_of", "no_full_year", listed(young))])
    if young:
        screen.note(screen.say("hindcast.too_young", names=listed(young)))
    return [case for case in cases if case.name not in young]


def _agreement(found: Hindcast, case: Case) -> dict[str, Any]:
    """Return one agreement with the chances of its members, by year."""
    about, chances = case.records.agreements[case.k], found.chances
    own = chances[chances["treaty"] == case.name]
    members = {str(code): dict(zip(rows["year"], rows["chance"], strict=True)) for code, rows in own.groupby("iso3")}
    told = {"treaty": case.name, "kind": case.kind, "opened": about.opened, "start": case.start, "last": about.last}
    return {**told, "members": {code: {str(y): float(c) for y, c in by.items()} for code, by in members.items()}}


def _page(screen: Screen, scored: Hindcast) -> Iterator[RenderableType]:
    """Yield sentences, the scores of all methods, the agreements one by one, and the coverage."""
    yield heading(screen.say("hindcast.title", count=len(scored.cases), rows=f"{len(scored.rows):,}"))
    for mode, score in (*((mode, _SCORE) for mode in MODES), _PARTIES):
        yield paragraph(gain_sentence(screen, scored, mode, score))
    names = [f"{mode}.{score}" for mode in MODES for score in SCORES]
    columns = [screen.say(f"hindcast.{name}") for name in (*names, CRPS)]
    yield grid(screen, ("method",), _scores(screen, scored), columns)
    ages = [screen.say("hindcast.after", years=age) for age in HORIZONS]
    yield grid(screen, ("agreement", "years", "log_score", "baseline_score"), _agreements(screen, scored), ages)
    if len(scored.cases) > 1:
        yield grid(screen, ("horizon", "level", "inside", "interval"), _coverage(screen, scored))
    families = scored.gain(MODES[0], _SCORE)["families"]
    yield hint(screen.say("hindcast.how", floor=FLOOR, families=families))


def gain_sentence(screen: Screen, scored: Hindcast, mode: str, score: str = _SCORE) -> str:
    """Say by how much the score of the model is smaller than that of the best baseline, or larger."""
    gain = scored.gain(mode, score)
    sign, side = (1, "smaller") if gain["gain"] >= 0 else (-1, "larger")
    low, high = sorted((sign * gain["low"], sign * gain["high"]))
    numbers = {"size": sign * gain["gain"], "low": low, "high": high}
    return screen.say(
        f"hindcast.{gain['verdict']}",
        mode=_known(screen, scored, mode),
        baseline=screen.say(f"hindcast.{gain['baseline']}"),
        side=screen.say(f"hindcast.{side}"),
        families=gain["families"],
        score=screen.say(f"hindcast.of_{score}"),
        unit=screen.say(f"hindcast.unit_{score}"),
        **{name: f"{number:.{_DIGITS[score]}f}" for name, number in numbers.items()},
    )


def _known(screen: Screen, found: Hindcast, mode: str) -> str:
    """Say what was known of an agreement; where some go on, all until the year from which they do."""
    starts = [case.start for case in found.cases if case.kind == "going_on"]
    if mode == MODES[0] and starts:
        return screen.say("hindcast.start_from", year=min(starts))
    return screen.say(f"hindcast.{mode}")


def _scores(screen: Screen, found: Hindcast) -> Iterator[tuple[str, ...]]:
    table, parties = found.scores.set_index(["method", "mode"]), found.means(*_PARTIES)
    for method in METHODS:
        cells = (f"{table[score][method, mode]:.4f}" for mode in MODES for score in SCORES)
        yield screen.say(f"hindcast.{method}"), *cells, f"{parties[method]:.2f}"


def _agreements(screen: Screen, found: Hindcast) -> Iterator[tuple[str, ...]]:
    """Yield for each agreement the scores from its start, and the parties beside their band, marked where outside."""
    scores = found.by_agreement[found.by_agreement["mode"] == MODES[0]]
    best, bands = found.best_baseline(MODES[0], _SCORE), found.bands().set_index(["treaty", "horizon"])
    for name, own in scores.groupby("treaty", sort=False):
        numbers = own.set_index("method")
        logs = (f"{numbers['log_score'][method]:.3f}" for method in (MODEL, best))
        years = f"{numbers['start'][MODEL]}–{numbers['last'][MODEL]}"
        cells = (_band(screen, bands.loc[[(name, age)]]) if (name, age) in bands.index else "" for age in HORIZONS)
        yield str(name), years, *logs, *cells


def _band(screen: Screen, rows: pd.DataFrame) -> str:
    """Write the parties seen and their band."""
    (row,) = rows.to_dict("records")
    mark = "" if row[f"held_{_LEVEL}"] else " !"
    return f"{row['seen']}{mark} ({between(screen, row[f'low_{_LEVEL}'], row[f'high_{_LEVEL}'], '{:.0f}')})"


def _coverage(screen: Screen, found: Hindcast) -> Iterator[tuple[str, ...]]:
    for one in found.coverage().to_dict("records"):
        share = f"{one['inside']}/{one['n']}"
        yield str(one["horizon"]), f"{one['level']:.0%}", share, between(screen, one["low"], one["high"], "{:.2f}")
