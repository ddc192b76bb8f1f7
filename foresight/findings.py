"""What the numbers of the page of trust say, in sentences; the numbers decide which sentence it is."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

import pandas as pd

from foresight.calibration import Diagnostics
from foresight.effects import DRAWN, USUAL
from foresight.first_phase import in_a_row, latest
from foresight.grounds import SCENARIO, Grounds
from foresight.hindcast import AS_RUN, DECLARED, METHODS, MODEL, MODES, Hindcast
from foresight.loading import load_scenario
from foresight.members import REGION
from foresight.names import said
from foresight.parameters import TAGS, all_parameters, uncertainties
from foresight.scoring import verdict
from foresight.tabling import better_by, listed, signed, span
from foresight.texts import percent, text

#: Scores, the one that decides first: it tells chances near 0 apart, and most chances of a year are.
SCORES: Final = ("log_score", "brier")

#: The variant in which peers count through bodies too, and the one that ships.
NETWORK: Final = "bodies"
MAIN: Final = "main"

#: The variant in which peers do not count at all, and the number that says how much they do.
_ALONE: Final = "no_peers"
_PEERS: Final = "peer_effect"

#: Between names that have commas themselves.
_APART: Final = "trust.semicolon"

#: Sentences of a comparison, by its verdict.
_KINDS: Final[Mapping[str, str]] = {"better": "told", "worse": "told", "open": "open", "few": "few"}

Finding = tuple[str, str, str]


def in_a_minute(grounds: Grounds, language: str) -> tuple[Finding, ...]:
    """Return what a reader should know first, failures included."""
    measured, in_runs = (text(f"trust.{name}", language) for name in ("measured", "measured_runs"))
    own, forward = grounds.own, grounds.forward
    told = (
        ("own", in_a_row([both_modes(own, language), size_of(own, language)]), measured),
        ("as_run", of_runs(own, language), measured),
        ("forward", of_forward(forward, language), measured),
        ("bands", held(own.coverage(), language), measured),
        ("bands_forward", held(forward.coverage(), language), measured),
        ("reliable", reliable(own, language), measured),
        ("peers", of_peers(grounds, language), measured),
        ("phase", in_a_row([counted_phase(grounds.phase, language), of_phase(grounds.phase, language)]), measured),
        ("dominant", dominant(grounds, language), in_runs),
        ("band", of_band(grounds, language), in_runs),
        ("known", known(language), text("trust.counted", language)),
    )
    return tuple((text(f"trust.label_{name}", language), words, basis) for name, words, basis in told)


def both_modes(hindcast: Hindcast, language: str, method: str = MODEL) -> str:
    """Say for each mode whether a method predicts better than the best baseline."""
    return in_a_row(against_baseline(hindcast, mode, SCORES[0], language, method) for mode in MODES)


def of_runs(hindcast: Hindcast, language: str) -> str:
    """Say what runs have of the calibration, and whether that predicts better than the best baseline."""
    return in_a_row([text("trust.as_run", language), both_modes(hindcast, language, AS_RUN)])


def of_forward(hindcast: Hindcast, language: str) -> str:
    """Say how the model does on agreements that were never fitted, and what does better."""
    modes = (
        (against_baseline(hindcast, mode, SCORES[0], language), *_ahead(hindcast, mode, language)) for mode in MODES
    )
    return in_a_row([*chain.from_iterable(modes), size_of(hindcast, language)])


def size_of(hindcast: Hindcast, language: str) -> str:
    """Say how much a comparison rests on."""
    counts = {"rows": len(hindcast.rows), "agreements": len(hindcast.cases), "families": families(hindcast)}
    return text("trust.size", language, **counts)


def families(hindcast: Hindcast) -> int:
    """Return how many families of agreements intervals resample."""
    return int(hindcast.gain(MODES[0], SCORES[0])["families"])


def gain_of(hindcast: Hindcast, mode: str, score: str, method: str = MODEL, other: str = "") -> dict[str, Any]:
    """Return the gain over a method, the best baseline by default, as shares of its score."""
    found, scores = hindcast.gain(mode, score, method, other), hindcast.scores
    rows = scores[scores["mode"] == mode].set_index("method")[score]
    return {**found, **{name: float(found[name]) / rows[found["baseline"]] for name in ("gain", "low", "high")}}


def against_baseline(hindcast: Hindcast, mode: str, score: str, language: str, method: str = MODEL) -> str:
    """Say whether a method predicts better than the best baseline, and by how much."""
    found = gain_of(hindcast, mode, score, method)
    return text(
        f"trust.gain_{_KINDS[found['verdict']]}",
        language,
        mode=text(f"trust.mode_{mode}", language),
        score=text(f"trust.score_{score}", language),
        who=text("trust.the_model" if method == MODEL else f"hindcast.{method}", language),
        baseline=text(f"hindcast.{found['baseline']}", language),
        families=found["families"],
        **_in_words(found, language),
    )


def of_declared(hindcast: Hindcast, language: str) -> str:
    """Say whether the calibration predicts better than the declared numbers with members without names."""
    sentences = []
    for mode in MODES:
        found = gain_of(hindcast, mode, SCORES[0], AS_RUN, DECLARED)
        words = {"mode": text(f"trust.mode_{mode}", language), **_in_words(found, language)}
        sentences.append(text(f"trust.declared_{_KINDS[found['verdict']]}", language, **words))
    return in_a_row(sentences)


def consistent(points: pd.DataFrame) -> int:
    """Return how many points of a reliability diagram lie within their bars."""
    return int(points["observed"].between(points["low"], points["high"]).sum())


def reliable(hindcast: Hindcast, language: str) -> str:
    """Say for each mode how often chances came true as often as they say."""
    found = {mode: hindcast.reliability(mode) for mode in MODES}
    counts = {mode: {"held": consistent(points), "points": len(points)} for mode, points in found.items()}
    modes = {mode: text(f"trust.mode_{mode}", language) for mode in MODES}
    return in_a_row(text("trust.reliable", language, mode=modes[mode], **counts[mode]) for mode in MODES)


def held(coverage: pd.DataFrame, language: str) -> str:
    """Say whether bands of the number of parties hold as often as they promise."""
    broken = coverage[~coverage["holds"].astype(bool)]
    wide = coverage[coverage["level"] == 0.8].iloc[-1]
    counts = {"inside": int(wide["inside"]), "n": int(wide["n"]), "years": int(wide["horizon"])}
    start = text("trust.bands_example", language, **counts, share=percent(wide["inside"] / wide["n"]))
    if broken.empty:
        return in_a_row([start, text("trust.bands_hold", language, looks=len(coverage))])
    names = listed((_broken(row, language) for row in broken.to_dict("records")), language)
    counts = {"broken": len(broken), "looks": len(coverage)}
    return in_a_row([start, text("trust.bands_broken", language, names=names, **counts)])


def dominant(grounds: Grounds, language: str) -> str:
    """Say what makes most of the variance of a run, and whether records tell of it."""
    shares = grounds.band.shares.set_index("part")
    part = str(shares["total"].idxmax())
    numbers = {name: percent(float(shares[f"total{end}"][part])) for name, end in _ENDS.items()}
    name = text(f"trust.part_{part}", language)
    kind = "delivery" if part == "delivery" else "other"
    told = text("trust.dominant", language, scenario=_scenario(language), part=name, **numbers)
    return in_a_row([told, text(f"trust.dominant_{kind}", language)])


def of_band(grounds: Grounds, language: str) -> str:
    """Say what the split of the band varies, how its middle differs from that of usual runs, and what it leaves out."""
    middles = {"middle": grounds.band.bands["median"].iloc[0], "usual": grounds.usual["median"].iloc[0]}
    numbers = {name: f"{middle:.2f}" for name, middle in middles.items()}
    words = {"scenario": _scenario(language), "drawn": DRAWN, "effects": USUAL, "runs": grounds.usual["n"].iloc[0]}
    return in_a_row([text("trust.middles", language, **words, **numbers), unreached(grounds.estimated, language)])


def unreached(estimated: pd.DataFrame, language: str) -> str:
    """Say which estimates lie outside the declared range."""
    declared = uncertainties()
    rows = [row for row in estimated.to_dict("records") if row["parameter"] in declared]
    names = []
    for row in rows:
        one = declared[row["parameter"]]
        if not one.low <= row["mean"] <= one.high:
            ends = {"low": signed(one.low, "g"), "high": signed(one.high, "g"), "mean": signed(row["mean"], ".2f")}
            names.append(text("trust.beyond", language, name=name_of(row["parameter"], language), **ends))
    if not names:
        return text("trust.unreached_none", language, count=len(rows))
    return text("trust.unreached_some", language, names=listed(names, language, _APART))


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
    names = listed((name_of(name, language) for name in outside["parameter"]), language, _APART)
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


def of_peers(grounds: Grounds, language: str) -> str:
    """Say how large the peer effect is estimated, and whether forecasts can tell peers from none."""
    row = next(row for row in grounds.estimated.to_dict("records") if row["parameter"] == _PEERS)
    numbers = {name: signed(row[name], ".2f") for name in ("mean", "low", "high")}
    return in_a_row(
        [
            text("trust.peers_estimated", language, name=name_of(_PEERS, language), **numbers),
            *(_without_peers(grounds.variants, mode, language) for mode in MODES),
        ]
    )


def recovered(table: pd.DataFrame, language: str) -> str:
    """Say whether bands held the numbers that were planted."""
    broken = table.loc[~table["holds"].astype(bool), "parameter"].unique()
    counts = {"count": table["parameter"].nunique(), "panels": int(table["n"].max())}
    if not len(broken):
        return text("trust.recovered_all", language, **counts)
    names = listed((name_of(name, language) for name in broken), language, _APART)
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


def counted_phase(phase: pd.DataFrame, language: str) -> str:
    """Say how many kinds of record of the first phase lie within the band of the runs."""
    last = latest(phase)
    standings = last.loc[last["scope"] == REGION, "standing"]
    counts = {"told": int((standings != "open").sum()), "inside": int((standings == "inside").sum())}
    return text("trust.phase_counted", language, **counts)


def of_phase(phase: pd.DataFrame, language: str) -> str:
    """Say for which records of the first phase the model is too slow or too fast."""
    last = latest(phase)
    region = last[last["scope"] == REGION]
    sentences = []
    for standing in ("above", "below"):
        records = region.loc[region["standing"] == standing, "record"]
        if len(records):
            names = listed((text(f"first_phase.record_{record}", language) for record in records), language)
            sentences.append(text(f"first_phase.standing_{standing}", language, names=names))
    return in_a_row(sentences) if sentences else text("trust.phase_none", language)


def name_of(number: str, language: str) -> str:
    """Return the name of an estimated number."""
    return text(f"estimate.{number}", language)


#: Columns of a share with its interval, by the name of their place in a sentence.
_ENDS: Final[Mapping[str, str]] = {"share": "", "low": "_low", "high": "_high"}


def _in_words(found: Mapping[str, Any], language: str) -> dict[str, str]:
    """Write a gain and its interval, better and worse by their signs."""
    return {"gain": better_by(found["gain"], language), "interval": span(found["low"], found["high"], language)}


def _ahead(hindcast: Hindcast, mode: str, language: str) -> Iterator[str]:
    """Yield which methods that are not the model have a better score than it has; nothing where none has."""
    scores = hindcast.scores[hindcast.scores["mode"] == mode].set_index("method")[SCORES[0]]
    ahead = scores[scores < scores[MODEL]].sort_values().index
    if len(ahead):
        names = listed((text(f"hindcast.{method}", language) for method in ahead), language, _APART)
        yield text("trust.ahead", language, names=names, count=len(ahead), others=len(METHODS) - 1)


def _scenario(language: str) -> str:
    """Name the scenario that is run for the page."""
    return said(load_scenario(SCENARIO).title.model_dump(), f"scenario.{SCENARIO}.title", language)


def _broken(row: Mapping[Any, Any], language: str) -> str:
    """Name a band that does not hold as often as it promises."""
    kind = "narrow" if row["high"] < row["level"] else "wide"
    return text(f"trust.band_{kind}", language, level=percent(row["level"]), years=row["horizon"])


def _of_network(variants: pd.DataFrame, mode: str, language: str) -> Finding:
    found = _gains(variants, mode)[NETWORK]
    answer = text(f"trust.network_{_verdict(found)}", language, **_in_words(found, language))
    words = in_a_row([answer, *_otherwise(variants, mode, [NETWORK], language)])
    return text(f"trust.mode_{mode}", language), words, text("trust.measured", language)


def _without_peers(variants: pd.DataFrame, mode: str, language: str) -> str:
    found = _gains(variants, mode)[_ALONE]
    words = {"mode": text(f"trust.mode_{mode}", language), **_in_words(found, language)}
    return text(f"trust.peers_{_KINDS[_verdict(found)]}", language, **words)


def _sorted_out(variants: pd.DataFrame, mode: str, language: str) -> str:
    rows = {name: row for name, row in _gains(variants, mode).items() if name not in (MAIN, NETWORK)}
    sentences = []
    for kind in ("better", "worse", "open"):
        names = [text(f"variant.{name}", language) for name, row in rows.items() if _verdict(row) == kind]
        if names:
            sentences.append(text(f"trust.variants_{kind}", language, names=listed(names, language, _APART)))
    return in_a_row([*sentences, *_otherwise(variants, mode, rows, language)])


def _otherwise(variants: pd.DataFrame, mode: str, names: Iterable[str], language: str) -> Iterator[str]:
    """Yield the other score's verdicts that are not those of the score that decides."""
    first, second = (_gains(variants, mode, score) for score in SCORES)
    told = {name: _verdict(second[name]) for name in names if _verdict(second[name]) != _verdict(first[name])}
    found = (
        text("trust.variant_otherwise", language, name=text(f"variant.{name}", language), verdict=words)
        for name, words in ((name, text(f"trust.verdict_{kind}", language)) for name, kind in told.items())
    )
    if told:
        yield text("trust.variants_otherwise", language, names=listed(found, language, _APART))


def _gains(variants: pd.DataFrame, mode: str, score: str = SCORES[0]) -> dict[str, dict[str, float]]:
    """Return gains over the main hazard as shares of its score, by variant."""
    chosen = variants[(variants["mode"] == mode) & (variants["score"] == score)].set_index("variant")
    main = float(chosen["mean"][MAIN])
    rows = chosen[["gain", "low", "high"]].to_dict("index")
    return {str(name): {str(end): float(size) / main for end, size in row.items()} for name, row in rows.items()}


def _verdict(gain: Mapping[str, float]) -> str:
    return verdict(gain["low"], gain["high"])
