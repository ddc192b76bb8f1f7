"""What the numbers of the page of trust say, in sentences; the numbers decide which sentence it is."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from foresight.calibration import Diagnostics
from foresight.first_phase import in_a_row, latest
from foresight.grounds import Grounds
from foresight.hindcast import AS_RUN, DECLARED, MODEL, MODES, Hindcast
from foresight.members import REGION
from foresight.parameters import TAGS, all_parameters, uncertainties
from foresight.scoring import verdict
from foresight.texts import SMALL, percent, text

#: Scores, the one that decides first: it tells chances near 0 apart, and most chances of a year are.
SCORES: Final = ("log_score", "brier")

#: The variant in which peers count through bodies too, and the one that ships.
NETWORK: Final = "bodies"
MAIN: Final = "main"

Finding = tuple[str, str, str]


def in_a_minute(grounds: Grounds, language: str) -> tuple[Finding, ...]:
    """Return what a reader should know first."""
    measured = text("trust.measured", language)
    return (
        (text("trust.label_own", language), both_modes(grounds.own, language), measured),
        (text("trust.label_forward", language), both_modes(grounds.forward, language), measured),
        (text("trust.label_bands", language), held(grounds.own.coverage(), language), measured),
        (text("trust.label_dominant", language), dominant(grounds, language), text("trust.measured_runs", language)),
        (text("trust.label_known", language), known(language), text("trust.counted", language)),
    )


def both_modes(hindcast: Hindcast, language: str) -> str:
    """Say for each mode whether the model predicts better than the best baseline."""
    sentences = (against_baseline(hindcast, mode, SCORES[0], language) for mode in MODES)
    return in_a_row([*sentences, size_of(hindcast, language)])


def size_of(hindcast: Hindcast, language: str) -> str:
    """Say how much a comparison rests on."""
    return text("trust.size", language, rows=len(hindcast.rows), agreements=len(hindcast.cases))


def gain_of(hindcast: Hindcast, mode: str, score: str, method: str = MODEL, other: str = "") -> dict[str, Any]:
    """Return the gain over a method, the best baseline by default, as shares of its score."""
    found, scores = hindcast.gain(mode, score, method, other), hindcast.scores
    rows = scores[scores["mode"] == mode].set_index("method")[score]
    return {**found, **{name: float(found[name]) / rows[found["baseline"]] for name in ("gain", "low", "high")}}


def against_baseline(hindcast: Hindcast, mode: str, score: str, language: str) -> str:
    """Say whether the model predicts better than the best baseline, and by how much."""
    found = gain_of(hindcast, mode, score)
    return text(
        f"trust.gain_{found['verdict']}",
        language,
        mode=text(f"trust.mode_{mode}", language),
        score=text(f"trust.score_{score}", language),
        baseline=text(f"hindcast.{found['baseline']}", language),
        **_in_percent(found),
    )


def of_declared(hindcast: Hindcast, language: str) -> str:
    """Say whether the calibration predicts better than the declared numbers with members without names."""
    sentences = []
    for mode in MODES:
        found = gain_of(hindcast, mode, SCORES[0], AS_RUN, DECLARED)
        words = {"mode": text(f"trust.mode_{mode}", language), **_in_percent(found)}
        sentences.append(text(f"trust.declared_{found['verdict']}", language, **words))
    return in_a_row(sentences)


def held(coverage: pd.DataFrame, language: str) -> str:
    """Say whether bands of the number of parties hold as often as they promise."""
    broken = coverage[~coverage["holds"].astype(bool)]
    wide = coverage[coverage["level"] == 0.8].iloc[-1]
    counts = {"inside": int(wide["inside"]), "n": int(wide["n"]), "years": int(wide["horizon"])}
    start = text("trust.bands_example", language, **counts, share=percent(wide["inside"] / wide["n"]))
    if broken.empty:
        return in_a_row([start, text("trust.bands_hold", language, looks=len(coverage))])
    names = _listed((_broken(row, language) for row in broken.to_dict("records")), language)
    counts = {"broken": len(broken), "looks": len(coverage)}
    return in_a_row([start, text("trust.bands_broken", language, names=names, **counts)])


def dominant(grounds: Grounds, language: str) -> str:
    """Say what makes most of the variance of a run, and whether records tell of it."""
    shares = grounds.band.shares.set_index("part")
    part = str(shares["total"].idxmax())
    numbers = {name: percent(float(shares[f"total{end}"][part])) for name, end in _ENDS.items()}
    name = text(f"trust.part_{part}", language)
    kind = "delivery" if part == "delivery" else "other"
    return in_a_row([text("trust.dominant", language, part=name, **numbers), text(f"trust.dominant_{kind}", language)])


def known(language: str) -> str:
    """Say how many numbers are estimated, borrowed and judged."""
    tags = [one.tag for one in uncertainties().values()]
    counts = {tag: tags.count(tag) for tag in TAGS}
    return text("trust.known", language, count=len(tags), levers=len(all_parameters()) - len(tags), **counts)


def differing(estimated: pd.DataFrame, language: str) -> str:
    """Say which declared defaults lie outside what the records tell."""
    declared = estimated[estimated["default"].notna()]
    outside = declared[(declared["default"] < declared["low"]) | (declared["default"] > declared["high"])]
    if outside.empty:
        return text("trust.differ_none", language, count=len(declared))
    names = _listed((name_of(name, language) for name in outside["parameter"]), language)
    return text("trust.differ_some", language, count=len(declared), outside=len(outside), names=names)


def of_network(variants: pd.DataFrame, language: str) -> tuple[Finding, ...]:
    """Answer for each mode whether bodies predict better than subregions alone."""
    return tuple(_of_network(variants, mode, language) for mode in MODES)


def of_variants(variants: pd.DataFrame, language: str) -> tuple[Finding, ...]:
    """Say for each mode which other hazards predict better than the main one, or worse."""
    return tuple(
        (text(f"trust.mode_{mode}", language), _sorted_out(variants, mode, language), text("trust.measured", language))
        for mode in MODES
    )


def recovered(table: pd.DataFrame, language: str) -> str:
    """Say whether bands held the numbers that were planted."""
    broken = table.loc[~table["holds"].astype(bool), "parameter"].unique()
    counts = {"count": table["parameter"].nunique(), "panels": int(table["n"].max())}
    if not len(broken):
        return text("trust.recovered_all", language, **counts)
    names = _listed((name_of(name, language) for name in broken), language)
    return text("trust.recovered_some", language, broken=len(broken), names=names, **counts)


def diagnosed(facts: Mapping[str, Any], language: str) -> str:
    """Say whether the chains that the posterior comes from mixed."""
    found = Diagnostics(**facts["diagnostics"])
    numbers = {"r_hat": f"{found.r_hat:.3f}", "effective": f"{found.effective:.0f}", "divergences": found.divergences}
    return text(f"trust.diagnosed_{'sound' if found.sound else 'unsound'}", language, **numbers)


def diagnosed_left_out(hindcast: Hindcast, language: str) -> str:
    """Say how well the chains of the worst fit mixed that forecasts rest on."""
    found = [case.fit.diagnostics for case in hindcast.cases]
    r_hat, effective = max(one.r_hat for one in found), min(one.effective for one in found)
    numbers = {"r_hat": f"{r_hat:.3f}", "effective": f"{effective:.0f}"}
    return text("trust.diagnosed_left_out", language, **numbers, divergences=sum(one.divergences for one in found))


def of_phase(phase: pd.DataFrame, language: str) -> str:
    """Say for which records of the first phase the model is too slow or too fast."""
    last = latest(phase)
    region = last[last["scope"] == REGION]
    sentences = []
    for standing in ("above", "below"):
        records = region.loc[region["standing"] == standing, "record"]
        if len(records):
            names = _listed((text(f"first_phase.record_{record}", language) for record in records), language)
            sentences.append(text(f"first_phase.standing_{standing}", language, names=names))
    return in_a_row(sentences) if sentences else text("trust.phase_none", language)


def name_of(number: str, language: str) -> str:
    """Return the name of an estimated number."""
    return text(f"estimate.{number}", language)


def signed(value: float, form: str) -> str:
    """Write a number with the sign of a minus; one that is not known as a dash."""
    return format(value, form).replace("-", "−") if np.isfinite(value) else "–"


def in_percent(value: float, plus: str = "") -> str:
    """Write a gain in per cent, with one digit more of a small one, so that its sign can be seen."""
    return signed(value, f"{plus}.{1 if abs(value) >= SMALL else 2}%")


def between(low: float, high: float, form: str) -> str:
    """Write an interval."""
    return f"{signed(low, form)}\u00a0…\u00a0{signed(high, form)}"


#: Columns of a share with its interval, by the name of their place in a sentence.
_ENDS: Final[Mapping[str, str]] = {"share": "", "low": "_low", "high": "_high"}


def _in_percent(found: Mapping[str, Any]) -> dict[str, str]:
    """Write a gain and its interval; `size` has no sign, for words that say which way it goes."""
    numbers = {name: in_percent(found[name]) for name in ("gain", "low", "high")}
    return {"size": in_percent(abs(found["gain"])), **numbers}


def _broken(row: Mapping[Any, Any], language: str) -> str:
    """Name a band that does not hold as often as it promises."""
    kind = "narrow" if row["high"] < row["level"] else "wide"
    return text(f"trust.band_{kind}", language, level=percent(row["level"]), years=row["horizon"])


def _of_network(variants: pd.DataFrame, mode: str, language: str) -> Finding:
    found = _gains(variants, mode)[NETWORK]
    words = text(f"trust.network_{verdict(found['low'], found['high'])}", language, **_in_percent(found))
    return text(f"trust.mode_{mode}", language), words, text("trust.measured", language)


def _sorted_out(variants: pd.DataFrame, mode: str, language: str) -> str:
    rows = {name: row for name, row in _gains(variants, mode).items() if name not in (MAIN, NETWORK)}
    sentences = []
    for kind in ("better", "worse", "open"):
        names = [name for name, row in rows.items() if verdict(row["low"], row["high"]) == kind]
        if names:
            listed = _listed((text(f"variant.{name}", language) for name in names), language)
            sentences.append(text(f"trust.variants_{kind}", language, names=listed))
    return in_a_row(sentences)


def _gains(variants: pd.DataFrame, mode: str) -> dict[str, dict[str, float]]:
    """Return gains over the main hazard as shares of its score, by variant."""
    chosen = variants[(variants["mode"] == mode) & (variants["score"] == SCORES[0])].set_index("variant")
    main = float(chosen["mean"][MAIN])
    rows = chosen[["gain", "low", "high"]].to_dict("index")
    return {str(name): {str(end): float(size) / main for end, size in row.items()} for name, row in rows.items()}


def _listed(names: Iterable[str], language: str) -> str:
    return text("table.comma", language).join(names)
