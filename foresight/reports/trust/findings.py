"""What the numbers of the page of trust say, in sentences; the numbers decide which sentence it is."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

import pandas as pd

from foresight.calibration.fit import Diagnostics
from foresight.calibration.hindcast import DECLARED, METHODS, MODEL, MODES, Hindcast
from foresight.calibration.scores import verdict
from foresight.facts.members import REGION
from foresight.facts.parameters import TAGS, all_parameters, uncertainties
from foresight.observed.first_phase import latest
from foresight.reports.trust.numbers import Grounds
from foresight.reports.trust.writing import PageWords

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


def in_a_minute(grounds: Grounds, words: PageWords) -> tuple[Finding, ...]:
    """Answer in five lines whether the model may be used, for what, and for what not."""
    measured, (start, ahead) = words.say("trust.measured"), MODES
    findings = (
        ("use", words.say("trust.answer_use", **_tagged()), words.say("trust.counted")),
        ("ahead", _joining(grounds, ahead, words), measured),
        ("opening", _joining(grounds, start, words), measured),
        (*_dates(grounds.phase, words), measured),
        ("number", _number(grounds, words), words.say("trust.measured_runs")),
    )
    return tuple((words.say(f"trust.label_{name}"), sentence, basis) for name, sentence, basis in findings)


def short_answer(hindcast: Hindcast, mode: str, words: PageWords) -> str:
    """Say in a few words whether the model predicts better than the best baseline."""
    gain = gain_of(hindcast, mode, SCORES[0])
    return words.say(f"trust.answer_{_KINDS[gain['verdict']]}", **_in_words(gain, words))


def _joining(grounds: Grounds, mode: str, words: PageWords) -> str:
    """Say how forecasts do on agreements left out one at a time, and on those never fitted."""
    own, forward = (short_answer(hindcast, mode, words) for hindcast in (grounds.own, grounds.forward))
    return words.joined(own, words.say("trust.answer_forward", answer=forward))


def _dates(phase: pd.DataFrame, words: PageWords) -> tuple[str, str]:
    """Name and say what runs must not date, by the kinds of record outside their band and how these come about."""
    last = latest(phase)
    region = last[(last["scope"] == REGION) & (last["standing"] != "open")]
    outside, due = region["standing"] != "inside", region["round"].astype(bool)
    alone = bool(outside[due].any() and not due.all() and not outside[~due].any())
    told = outside[due] if alone else outside
    kind = "round" if alone else "some" if outside.any() else "none"
    counts = {"outside": int(told.sum()), "told": len(told), "others": len(outside) - len(told)}
    label = "dates" if outside.any() else "dates_none"
    return label, words.say(f"trust.answer_dates_{kind}", **counts)


def _number(grounds: Grounds, words: PageWords) -> str:
    """Say what makes most of the variance, and what comes next: neither may be left out of an outcome."""
    shares = grounds.band.shares.set_index("part")["total"].astype(float).nlargest(2)
    first, second = (words.say(f"trust.part_{part}") for part in shares.index)
    sizes = dict(zip(("share", "other_share"), map(words.share, shares), strict=True))
    return words.say("trust.answer_number", part=first, other=second, **sizes)


def both_modes(hindcast: Hindcast, words: PageWords) -> str:
    """Say for each mode whether the model predicts better than the best baseline."""
    return words.joined(*(against_baseline(hindcast, mode, SCORES[0], words) for mode in MODES))


def of_forward(hindcast: Hindcast, words: PageWords) -> str:
    """Say how the model does on agreements that were never fitted, and what does better."""
    modes = ((against_baseline(hindcast, mode, SCORES[0], words), *_ahead(hindcast, mode, words)) for mode in MODES)
    return words.joined(*chain.from_iterable(modes))


def size_of(hindcast: Hindcast, words: PageWords) -> str:
    """Say how much a comparison rests on."""
    counts = {"rows": len(hindcast.rows), "agreements": len(hindcast.cases), "families": families(hindcast)}
    return words.say("trust.size", **counts)


def families(hindcast: Hindcast) -> int:
    """Return how many families of agreements intervals resample."""
    return int(hindcast.gain(MODES[0], SCORES[0])["families"])


def gain_of(hindcast: Hindcast, mode: str, score: str, method: str = MODEL, other: str = "") -> dict[str, Any]:
    """Return the gain over a method, the best baseline by default, as shares of its score."""
    gain = hindcast.gain(mode, score, method, other)
    whole = hindcast.means(mode, score)[gain["baseline"]]
    return {**gain, **{name: float(gain[name]) / whole for name in ("gain", "low", "high")}}


def against_baseline(hindcast: Hindcast, mode: str, score: str, words: PageWords) -> str:
    """Say whether the model predicts better than the best baseline, and by how much."""
    gain = gain_of(hindcast, mode, score)
    return words.say(
        f"trust.gain_{_KINDS[gain['verdict']]}",
        mode=words.mode(mode),
        score=words.score(score),
        who=words.say("trust.the_model"),
        baseline=words.say(f"hindcast.{gain['baseline']}"),
        families=gain["families"],
        **_in_words(gain, words),
    )


def of_declared(hindcast: Hindcast, words: PageWords) -> str:
    """Say whether the calibration predicts better than the declared numbers with members without names."""
    sentences = []
    for mode in MODES:
        gain = gain_of(hindcast, mode, SCORES[0], MODEL, DECLARED)
        values = {"mode": words.mode(mode), **_in_words(gain, words)}
        sentences.append(words.say(f"trust.declared_{_KINDS[gain['verdict']]}", **values))
    return words.joined(*sentences)


def consistent(points: pd.DataFrame) -> int:
    """Return how many points of a reliability diagram lie within their bars."""
    return int(points["observed"].between(points["low"], points["high"]).sum())


def held(coverage: pd.DataFrame, words: PageWords) -> str:
    """Say whether bands of the number of parties hold as often as they promise."""
    broken = coverage[~coverage["holds"].astype(bool)]
    wide = coverage[coverage["level"] == 0.8].iloc[-1]
    counts = {"inside": int(wide["inside"]), "n": int(wide["n"]), "years": int(wide["horizon"])}
    start = words.say("trust.bands_example", **counts, share=words.share(wide["inside"] / wide["n"]))
    if broken.empty:
        return words.joined(start, words.say("trust.bands_hold", looks=len(coverage)))
    names = words.listed(_broken(row, words) for row in broken.to_dict("records"))
    counts = {"broken": len(broken), "looks": len(coverage)}
    return words.joined(start, words.say("trust.bands_broken", names=names, **counts))


def known(words: PageWords) -> str:
    """Say how many numbers are estimated, borrowed and judged."""
    return words.say("trust.known", levers=len(all_parameters()) - len(uncertainties()), **_tagged())


def differing(estimated: pd.DataFrame, words: PageWords) -> str:
    """Say which declared defaults lie outside what the records tell."""
    declared = estimated[estimated["default"].notna()]
    outside = declared[(declared["default"] < declared["low"]) | (declared["default"] > declared["high"])]
    if outside.empty:
        return words.say("trust.differ_none", count=len(declared))
    names = words.listed((words.estimate(name) for name in outside["parameter"]), _APART)
    return words.say("trust.differ_some", count=len(declared), outside=len(outside), names=names)


def of_network(variants: pd.DataFrame, words: PageWords) -> tuple[Finding, ...]:
    """Answer for each mode whether bodies predict better than subregions alone."""
    return tuple(_of_network(variants, mode, words) for mode in MODES)


def of_variants(variants: pd.DataFrame, words: PageWords) -> tuple[Finding, ...]:
    """Say for each mode which other hazards predict better than the main one, or worse."""
    return tuple((words.mode(mode), _sorted_out(variants, mode, words), words.say("trust.measured")) for mode in MODES)


def of_peers(grounds: Grounds, words: PageWords) -> str:
    """Say how large the peer effect is estimated, and whether forecasts can tell peers from none."""
    row = next(row for row in grounds.estimated.to_dict("records") if row["parameter"] == _PEERS)
    numbers = {name: words.number(row[name]) for name in ("mean", "low", "high")}
    return words.joined(
        words.say("trust.peers_estimated", name=words.estimate(_PEERS), **numbers),
        *(_without_peers(grounds.variants, mode, words) for mode in MODES),
    )


def recovered(table: pd.DataFrame, words: PageWords) -> str:
    """Say whether bands held the numbers that were planted."""
    broken = table.loc[~table["holds"].astype(bool), "parameter"].unique()
    counts = {"count": table["parameter"].nunique(), "panels": int(table["n"].max())}
    if not len(broken):
        return words.say("trust.recovered_all", **counts)
    names = words.listed((words.estimate(name) for name in broken), _APART)
    return words.say("trust.recovered_some", broken=len(broken), names=names, **counts)


def diagnosed(facts: Mapping[str, Any], words: PageWords) -> str:
    """Say whether the chains that the posterior comes from mixed."""
    chains = Diagnostics(**facts["diagnostics"])
    numbers = {"r_hat": words.number(chains.r_hat, 3), "effective": words.number(chains.effective, 0)}
    kind = "sound" if chains.sound else "unsound"
    return words.say(f"trust.diagnosed_{kind}", **numbers, divergences=chains.divergences)


def diagnosed_left_out(hindcast: Hindcast, words: PageWords) -> str:
    """Say how well the chains of the worst fit mixed that forecasts rest on."""
    fits = [case.fit.diagnostics for case in hindcast.cases]
    return words.say(
        "trust.diagnosed_left_out",
        r_hat=words.number(max(fit.r_hat for fit in fits), 3),
        effective=words.number(min(fit.effective for fit in fits), 0),
        divergences=sum(fit.divergences for fit in fits),
    )


def _tagged() -> dict[str, int]:
    """Count the numbers that nobody chooses, in all and by how they are known."""
    tags = [parameter.tag for parameter in uncertainties().values()]
    return {"count": len(tags), **{tag: tags.count(tag) for tag in TAGS}}


def _in_words(gain: Mapping[str, Any], words: PageWords) -> dict[str, str]:
    """Write a gain and its interval, better and worse by their signs."""
    return {"gain": words.better_by(gain["gain"]), "interval": words.span(gain["low"], gain["high"])}


def _ahead(hindcast: Hindcast, mode: str, words: PageWords) -> Iterator[str]:
    """Yield which methods that are not the model have a better score than it has; nothing where none has."""
    scores = hindcast.means(mode, SCORES[0])
    ahead = scores[scores < scores[MODEL]].sort_values().index
    if len(ahead):
        names = words.listed((words.method(method) for method in ahead), _APART)
        yield words.say("trust.ahead", names=names, count=len(ahead), others=len(METHODS) - 1)


def _broken(row: Mapping[Any, Any], words: PageWords) -> str:
    """Name a band that does not hold as often as it promises."""
    kind = "narrow" if row["high"] < row["level"] else "wide"
    return words.say(f"trust.band_{kind}", level=words.share(row["level"]), years=row["horizon"])


def _of_network(variants: pd.DataFrame, mode: str, words: PageWords) -> Finding:
    gain = _gains(variants, mode)[NETWORK]
    answer = words.say(f"trust.network_{_verdict(gain)}", **_in_words(gain, words))
    sentence = words.joined(answer, *_otherwise(variants, mode, [NETWORK], words))
    return words.mode(mode), sentence, words.say("trust.measured")


def _without_peers(variants: pd.DataFrame, mode: str, words: PageWords) -> str:
    gain = _gains(variants, mode)[_ALONE]
    values = {"mode": words.mode(mode), **_in_words(gain, words)}
    return words.say(f"trust.peers_{_KINDS[_verdict(gain)]}", **values)


def _sorted_out(variants: pd.DataFrame, mode: str, words: PageWords) -> str:
    rows = {name: row for name, row in _gains(variants, mode).items() if name not in (MAIN, NETWORK)}
    sentences = []
    for kind in ("better", "worse", "open"):
        names = [words.variant(name) for name, row in rows.items() if _verdict(row) == kind]
        if names:
            sentences.append(words.say(f"trust.variants_{kind}", names=words.listed(names, _APART)))
    return words.joined(*sentences, *_otherwise(variants, mode, rows, words))


def _otherwise(variants: pd.DataFrame, mode: str, names: Iterable[str], words: PageWords) -> Iterator[str]:
    """Yield the other score's verdicts that are not those of the score that decides."""
    first, second = (_gains(variants, mode, score) for score in SCORES)
    verdicts = {name: _verdict(second[name]) for name in names if _verdict(second[name]) != _verdict(first[name])}
    sentences = (
        words.say("trust.variant_otherwise", name=words.variant(name), verdict=outcome)
        for name, outcome in ((name, words.verdict(kind)) for name, kind in verdicts.items())
    )
    if verdicts:
        yield words.say("trust.variants_otherwise", names=words.listed(sentences, _APART))


def _gains(variants: pd.DataFrame, mode: str, score: str = SCORES[0]) -> dict[str, dict[str, float]]:
    """Return gains over the main hazard as shares of its score, by variant."""
    scores = variants[(variants["mode"] == mode) & (variants["score"] == score)].set_index("variant")
    main = float(scores["mean"][MAIN])
    rows = scores[["gain", "low", "high"]].to_dict("index")
    return {str(name): {str(end): float(size) / main for end, size in row.items()} for name, row in rows.items()}


def _verdict(gain: Mapping[str, float]) -> str:
    return verdict(gain["low"], gain["high"])
