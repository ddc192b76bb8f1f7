"""Cases to forecast: agreements of records, each with a fit of what may have been known."""

from collections.abc import Callable
from typing import Final

from foresight.calibration.evidence import left_out
from foresight.calibration.fit import SHORT, Fit, calibrate
from foresight.calibration.hazards import VARIANTS
from foresight.calibration.hindcast import Case, Hindcast, hindcast
from foresight.calibration.shipped import fit_of, left_out_fits
from foresight.errors import InputError, Problem
from foresight.facts.posterior import posterior
from foresight.observed.records import FORWARD, TRAINING, Records, own_records

Progress = Callable[[int, int], None]

#: Agreements that a calibration needs at least.
FEWEST: Final = 5

_MAIN: Final = VARIANTS["main"]


def own_cases() -> list[Case]:
    """Return the training agreements, each with the fit that has not seen it."""
    records = own_records().used_for(TRAINING)
    cases = []
    for k, about in enumerate(records.agreements):
        cases.append(
            Case(left_out_fits()[about.name], records.without(about.name), records, k, about.opened, "left_out")
        )
    return cases


def forward_cases(records: Records | None = None) -> list[Case]:
    """Return agreements that the posterior has never seen, from their opening.

    Parameters
    ----------
    records : Records, optional
        The open test set of the project by default. An agreement of the training set is forecast by the fit that
        has not seen it.
    """
    training = own_records().used_for(TRAINING)
    test = own_records().used_for(FORWARD) if records is None else records
    own = {case.name: case for case in own_cases()}
    fit, cutoff = fit_of(posterior()), max(agreement.last for agreement in training.agreements)
    cases = []
    for k, about in enumerate(test.agreements):
        if about.name in own:
            cases.append(Case(own[about.name].fit, own[about.name].training, test, k, about.opened, "left_out"))
        else:
            kind = "forecast" if about.opened > cutoff else "forward"
            cases.append(Case(fit, training, test, k, about.opened, kind))
    return cases


def refitted_cases(records: Records, progress: Progress | None = None) -> list[Case]:
    """Return agreements of any records, each with a fit of all others; needs the extra `calibrate`.

    Raises
    ------
    InputError
        If there are too few agreements to learn from.
    """
    if len(records.agreements) < FEWEST:
        given = str(len(records.agreements))
        raise InputError([Problem("--leave-one-out", "", "too_few_agreements", given, f"≥ {FEWEST}")])
    cases = []
    for k, (name, fit) in enumerate(left_out(records, _MAIN)):
        opened = records.agreements[k].opened
        cases.append(Case(fit, records.without(name), records, k, opened, "left_out"))
        if progress:
            progress(k + 1, len(records.agreements))
    return cases


def check_start(start: int, records: Records) -> None:
    """Refuse a start at which too little was known, or that no list goes on after; InputError."""
    own = own_records().used_for(TRAINING)
    earliest, latest = own.agreements[FEWEST - 1].opened + 1, max(one.last for one in records.agreements)
    if not earliest <= start <= latest:
        raise InputError([Problem("--from", "", "out_of_range", str(start), f"{earliest} … {latest}")])


def cases_from(start: int, records: Records, progress: Progress | None = None) -> list[Case]:
    """Return agreements as they stood at the start of a year, with a fit of what was known then.

    What was known are the training agreements that were open by then, and what members had done; needs the extra
    `calibrate`.

    Raises
    ------
    InputError
        See `check_start`.
    """
    check_start(start, records)
    known = own_records().used_for(TRAINING).known_by(start)
    if progress:
        progress(0, 1)
    fit = calibrate(known, _MAIN, SHORT)
    later = [k for k, about in enumerate(records.agreements) if about.last >= start]
    return [_case_from(fit, known, records, k, start) for k in later]


def _case_from(fit: Fit, known: Records, records: Records, k: int, start: int) -> Case:
    """Return one agreement as it stood: one that was open goes on, one that was not is a forecast from its opening."""
    opened = records.agreements[k].opened
    return Case(fit, known, records, k, max(start, opened), "forecast" if opened >= start else "going_on")


def own_hindcast(seed: int = 1, progress: Progress | None = None) -> Hindcast:
    """Hindcast the training agreements, each left out of what is learnt."""
    return hindcast(own_cases(), seed, progress)


def forward_hindcast(seed: int = 1, progress: Progress | None = None) -> Hindcast:
    """Hindcast the open test set, which was never fitted."""
    return hindcast(forward_cases(), seed, progress)
