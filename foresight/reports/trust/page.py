"""The page of trust: how far the model can be trusted, in numbers made for the page and sentences that follow them."""

from collections.abc import Callable, Iterable
from typing import Final

from foresight.calibration.hindcast import MODES, Hindcast
from foresight.calibration.scores import FLOOR
from foresight.documents.criticism import criticisms
from foresight.documents.document import Document, Figure, Findings, Part, Section, Table
from foresight.documents.inventory import parameter_table
from foresight.documents.trace import evidence
from foresight.facts.parameters import TAGS, levers, uncertainties
from foresight.reports.trust import figures as trust_figures
from foresight.reports.trust import score_tables
from foresight.reports.trust import tables as trust_tables
from foresight.reports.trust.failures import PARIS, counted, outside, where, worst
from foresight.reports.trust.filed import delivery_sentences, phase_verdict
from foresight.reports.trust.findings import (
    MAIN,
    both_modes,
    diagnosed,
    diagnosed_left_out,
    differing,
    families,
    held,
    in_a_minute,
    known,
    of_declared,
    of_forward,
    of_network,
    of_peers,
    of_variants,
    recovered,
)
from foresight.reports.trust.numbers import RUNS, Grounds
from foresight.reports.trust.writing import PageWords
from foresight.runs import USUAL
from foresight.texts import Words
from foresight.version import program_version

Parts = tuple[Part, ...]


def document(grounds: Grounds, language: str = "en") -> Document:
    """Return the page: five lines and a picture, and nine sections below.

    Parameters
    ----------
    grounds : Grounds
        All numbers of the page.
    language : str
        Of all texts; what tests and documents are called stands as it is.
    """
    words = PageWords(language)
    introduction = words.say("trust.introduction", version=program_version(), seed=grounds.seed)
    sections = tuple(_section(name, write(grounds, words), words) for name, write in SECTIONS.items())
    return Document(words.say("trust.title"), language, (*_first(grounds, words), introduction, *sections))


def short(grounds: Grounds, language: str = "en") -> Document:
    """Return what matters most, for a screen: the five lines and the scores behind them."""
    words = PageWords(language)
    tables = tuple(score_tables.gains(hindcast, words) for hindcast in (grounds.own, grounds.forward))
    return Document(words.say("trust.title"), language, (Findings(in_a_minute(grounds, words)), *tables))


def _first(grounds: Grounds, words: PageWords) -> Parts:
    return Findings(in_a_minute(grounds, words)), *trust_figures.phase(grounds.phase, words)


def _parameters(grounds: Grounds, words: PageWords) -> Parts:
    posterior = (differing(grounds.estimated, words), trust_tables.estimates(grounds.estimated, words))
    tables = tuple(_section(f"of_{tag}", _tagged(tag, words), words) for tag in TAGS)
    table = _folded(parameter_table("levers", levers(), _as_declared(words)), "trust.section_of_levers", words)
    return (
        known(words),
        _section("posterior", posterior, words),
        *tables,
        _section("of_levers", (words.say("trust.of_levers_words"), table), words),
    )


def _tagged(tag: str, words: PageWords) -> Parts:
    parameters = {name: parameter for name, parameter in uncertainties().items() if parameter.tag == tag}
    table = parameter_table("uncertainties", parameters, _as_declared(words))
    return words.say(f"trust.of_{tag}_words"), _folded(table, f"trust.section_of_{tag}", words)


def _hindcast(grounds: Grounds, words: PageWords) -> Parts:
    own = grounds.own
    reliability = [part for mode in MODES for part in trust_figures.reliability(own, mode, words)]
    bands = (
        held(own.coverage(), words),
        *trust_figures.coverage(own, words),
        *trust_figures.ranks(own, words),
    )
    return (
        words.say("trust.hindcast_words", floor=words.exact(FLOOR), families=families(own)),
        both_modes(own, words),
        of_declared(own, words),
        _folded(score_tables.scores(own, words), "trust.label_scores", words),
        score_tables.gains(own, words),
        _section("reliability", _figures_first(reliability), words),
        _section("bands", _figures_first(bands), words),
        _section("agreements", _agreements(grounds, words), words),
        _section("forward", _forward(grounds, words), words),
    )


def _figures_first(parts: Iterable[Part]) -> Parts:
    """Put figures side by side, after what is said and before the tables of their numbers."""
    return tuple(sorted(parts, key=lambda part: (isinstance(part, Table), isinstance(part, Figure))))


def _agreements(grounds: Grounds, words: PageWords) -> Parts:
    figures = [trust_figures.differences(grounds.own, mode, words) for mode in MODES]
    return (
        words.say("trust.agreements_words"),
        *figures,
        _folded(score_tables.agreements(grounds.own, words), "trust.section_agreements", words),
    )


def _forward(grounds: Grounds, words: PageWords) -> Parts:
    forward = grounds.forward
    return (
        words.say("trust.forward_words"),
        of_forward(forward, words),
        _folded(score_tables.scores(forward, words), "trust.label_scores", words),
        score_tables.gains(forward, words),
        held(forward.coverage(), words),
        _folded(score_tables.coverage(forward, words), "trust.figure_coverage", words),
        _folded(score_tables.agreements(forward, words), "trust.section_agreements", words),
    )


def _failures(grounds: Grounds, words: PageWords) -> Parts:
    both = (("own", grounds.own), ("forward", grounds.forward))
    named = (_section(f"lost_{name}", _lost(hindcast, words), words) for name, hindcast in both)
    paris = _paris(grounds, words)
    return (
        words.say("trust.failures_words"),
        *named,
        *((_section("paris", paris, words),) if paris else ()),
    )


def _lost(hindcast: Hindcast, words: PageWords) -> Parts:
    agreements = worst(hindcast, MODES[0], words)
    named = (Findings(agreements),) if agreements else ()
    looks = _folded(score_tables.looks(hindcast, words), "trust.label_looks", words)
    return outside(hindcast, words), counted(hindcast, words), *named, looks


def _paris(grounds: Grounds, words: PageWords) -> Parts:
    """Return the forecast of the Paris Agreement, where it is among those never fitted."""
    if PARIS not in {case.name for case in grounds.forward.cases}:
        return ()
    return where(grounds.forward, PARIS, words), *trust_figures.parties(grounds.forward, PARIS, words)


def _network(grounds: Grounds, words: PageWords) -> Parts:
    figures = [trust_figures.variants(grounds.variants, mode, words) for mode in MODES]
    count = int(grounds.variants["variant"].ne(MAIN).sum())
    return (
        words.say("trust.network_words", count=count),
        Findings(of_network(grounds.variants, words)),
        words.say("trust.variants_words"),
        Findings(of_variants(grounds.variants, words)),
        of_peers(grounds, words),
        *figures,
        _folded(score_tables.variants(grounds.variants, words), "trust.figure_variants", words),
    )


def _delivery(grounds: Grounds, words: PageWords) -> Parts:
    table = _folded(trust_tables.delivered(grounds.delivered, words), "trust.section_delivery_records", words)
    sentences: Parts = (*delivery_sentences(grounds.delivered, words), table)
    return (
        words.say("trust.delivery_words"),
        *trust_figures.band(grounds.band, words),
        _folded(trust_tables.shares(grounds.band, words), "trust.label_shares", words),
        _section("delivery_records", sentences, words),
    )


def _phase(grounds: Grounds, words: PageWords) -> Parts:
    records = (
        _folded(trust_tables.records(words), "trust.section_phase_records", words),
        _folded(trust_tables.left_out(words), "trust.label_nothing", words),
    )
    return (
        words.say("trust.phase_words", runs=RUNS, effects=USUAL),
        phase_verdict(grounds.phase, words),
        _folded(trust_tables.members(grounds.members, words), "trust.label_members", words),
        _section("phase_records", records, words),
    )


def _recovery(grounds: Grounds, words: PageWords) -> Parts:
    return (
        words.say("trust.recovery_words"),
        recovered(grounds.recovered, words),
        _folded(trust_tables.recovery(grounds.recovered, words), "trust.section_recovery", words),
        diagnosed(grounds.facts, words),
        diagnosed_left_out(grounds.own, words),
        _folded(trust_tables.made(grounds.facts, words), "trust.label_made", words),
    )


def _criticism(_grounds: Grounds, words: PageWords) -> Parts:
    heads = tuple(words.say(f"column.{name}") for name in ("weakness", "advice"))
    return (Table("criticism", heads, tuple(criticisms(words))),)


def _trace(_grounds: Grounds, words: PageWords) -> Parts:
    return words.say("trust.trace_words"), _folded(evidence(words), "trust.section_trace", words)


def _as_declared(words: PageWords) -> Words:
    """Return words that write declared values as files have them, and the protocol: without a typeset minus."""
    return Words(words.language)


def _folded(table: Table, key: str, words: PageWords) -> Table:
    return words.folded(table, words.say(key))


def _section(name: str, parts: Parts, words: PageWords) -> Section:
    return Section(words.say(f"trust.section_{name}"), parts)


#: What writes each section, by its key.
SECTIONS: Final[dict[str, Callable[[Grounds, PageWords], Parts]]] = {
    "parameters": _parameters,
    "hindcast": _hindcast,
    "failures": _failures,
    "network": _network,
    "delivery": _delivery,
    "phase": _phase,
    "recovery": _recovery,
    "criticism": _criticism,
    "trace": _trace,
}
