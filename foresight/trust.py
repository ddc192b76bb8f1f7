"""The page of trust: how far the model can be trusted, in numbers made for the page and sentences that follow them."""

from collections.abc import Callable, Iterable
from typing import Final

from foresight import score_tables, trust_figures, trust_tables
from foresight.criticism import criticisms
from foresight.document import Document, Figure, Findings, Part, Section, Table
from foresight.effects import USUAL
from foresight.findings import (
    MAIN,
    both_modes,
    counted_phase,
    diagnosed,
    diagnosed_left_out,
    differing,
    families,
    held,
    in_a_minute,
    known,
    of_band,
    of_declared,
    of_forward,
    of_network,
    of_peers,
    of_phase,
    of_runs,
    of_variants,
    recovered,
    size_of,
)
from foresight.grounds import RUNS, Grounds
from foresight.hindcast import MODES, Hindcast
from foresight.inventory import parameter_table
from foresight.misses import PARIS, counted, outside, where, worst
from foresight.parameters import TAGS, levers, uncertainties
from foresight.scoring import FLOOR
from foresight.sentences import band_sentences, delivery_sentences, phase_verdict
from foresight.tabling import folded
from foresight.texts import in_a_row, text
from foresight.trace import evidence
from foresight.version import program_version

Parts = tuple[Part, ...]


def document(grounds: Grounds, language: str = "en") -> Document:
    """Return the page: ten sections.

    Parameters
    ----------
    grounds : Grounds
        All numbers of the page.
    language : str
        Of all texts; what tests and documents are called stands as it is.
    """
    introduction = text("trust.introduction", language, version=program_version(), seed=grounds.seed)
    sections = tuple(_section(name, write(grounds, language), language) for name, write in SECTIONS.items())
    return Document(text("trust.title", language), language, (introduction, *sections))


def short(grounds: Grounds, language: str = "en") -> Document:
    """Return what matters most, for a screen: the first section and the main tables."""
    tables = (
        score_tables.scores(grounds.own, language),
        score_tables.gains(grounds.own, language),
        score_tables.gains(grounds.forward, language),
        score_tables.coverage(grounds.own, language),
    )
    return Document(text("trust.title", language), language, (Findings(in_a_minute(grounds, language)), *tables))


def _minute(grounds: Grounds, language: str) -> Parts:
    return (Findings(in_a_minute(grounds, language)),)


def _parameters(grounds: Grounds, language: str) -> Parts:
    posterior = (differing(grounds.estimated, language), trust_tables.estimates(grounds.estimated, language))
    tables = tuple(_section(f"of_{tag}", _tagged(tag, language), language) for tag in TAGS)
    chosen = _folded(parameter_table("levers", levers(), language), "section_of_levers", language)
    return (
        known(language),
        _section("posterior", posterior, language),
        *tables,
        _section("of_levers", (text("trust.of_levers_words", language), chosen), language),
    )


def _tagged(tag: str, language: str) -> Parts:
    found = {name: one for name, one in uncertainties().items() if one.tag == tag}
    table = parameter_table("uncertainties", found, language)
    return text(f"trust.of_{tag}_words", language), _folded(table, f"section_of_{tag}", language)


def _hindcast(grounds: Grounds, language: str) -> Parts:
    own = grounds.own
    reliability = [part for mode in MODES for part in trust_figures.reliability(own, mode, language)]
    bands = (
        held(own.coverage(), language),
        *trust_figures.coverage(own, language),
        *trust_figures.ranks(own, language),
    )
    return (
        text("trust.hindcast_words", language, floor=FLOOR, families=families(own)),
        in_a_row([both_modes(own, language), size_of(own, language)]),
        of_runs(own, language),
        of_declared(own, language),
        score_tables.scores(own, language),
        score_tables.gains(own, language),
        _section("reliability", _figures_first(reliability), language),
        _section("bands", _figures_first(bands), language),
        _section("agreements", _agreements(grounds, language), language),
        _section("forward", _forward(grounds, language), language),
    )


def _figures_first(parts: Iterable[Part]) -> Parts:
    """Put figures side by side, after what is said and before the tables of their numbers."""
    return tuple(sorted(parts, key=lambda part: (isinstance(part, Table), isinstance(part, Figure))))


def _agreements(grounds: Grounds, language: str) -> Parts:
    figures = [trust_figures.differences(grounds.own, mode, language) for mode in MODES]
    return (
        text("trust.agreements_words", language),
        *figures,
        _folded(score_tables.agreements(grounds.own, language), "section_agreements", language),
    )


def _forward(grounds: Grounds, language: str) -> Parts:
    found = grounds.forward
    return (
        text("trust.forward_words", language),
        of_forward(found, language),
        score_tables.scores(found, language),
        score_tables.gains(found, language),
        held(found.coverage(), language),
        score_tables.coverage(found, language),
        _folded(score_tables.agreements(found, language), "section_agreements", language),
    )


def _failures(grounds: Grounds, language: str) -> Parts:
    both = (("own", grounds.own), ("forward", grounds.forward))
    named = (_section(f"lost_{name}", _lost(one, language), language) for name, one in both)
    paris = _paris(grounds, language)
    return (
        text("trust.failures_words", language),
        *named,
        *((_section("paris", paris, language),) if paris else ()),
        _section("phase_missed", (counted_phase(grounds.phase, language), of_phase(grounds.phase, language)), language),
    )


def _lost(hindcast: Hindcast, language: str) -> Parts:
    found = worst(hindcast, MODES[0], language)
    named = (Findings(found),) if found else ()
    looks = _folded(score_tables.looks(hindcast, language), "label_looks", language)
    return outside(hindcast, language), counted(hindcast, language), *named, looks


def _paris(grounds: Grounds, language: str) -> Parts:
    """Return the forecast of the Paris Agreement, where it is among those never fitted."""
    if PARIS not in {case.name for case in grounds.forward.cases}:
        return ()
    return where(grounds.forward, PARIS, language), *trust_figures.parties(grounds.forward, PARIS, language)


def _network(grounds: Grounds, language: str) -> Parts:
    figures = [trust_figures.variants(grounds.variants, mode, language) for mode in MODES]
    looked = int(grounds.variants["variant"].ne(MAIN).sum())
    return (
        text("trust.network_words", language, count=looked),
        Findings(of_network(grounds.variants, language)),
        text("trust.variants_words", language),
        Findings(of_variants(grounds.variants, language)),
        of_peers(grounds, language),
        *figures,
        _folded(score_tables.variants(grounds.variants, language), "figure_variants", language),
    )


def _delivery(grounds: Grounds, language: str) -> Parts:
    table = _folded(trust_tables.delivered(grounds.delivered, language), "section_delivery_records", language)
    said: Parts = (*delivery_sentences(grounds.delivered, language), table)
    return (
        *band_sentences(grounds.band, language),
        of_band(grounds, language),
        *trust_figures.band(grounds.band, language),
        trust_tables.shares(grounds.band, language),
        _section("delivery_records", said, language),
    )


def _phase(grounds: Grounds, language: str) -> Parts:
    records = (
        _folded(trust_tables.records(language), "section_phase_records", language),
        _folded(trust_tables.left_out(language), "label_nothing", language),
    )
    return (
        text("trust.phase_words", language, runs=RUNS, effects=USUAL),
        phase_verdict(grounds.phase, language),
        *trust_figures.phase(grounds.phase, language),
        trust_tables.members(grounds.members, language),
        _section("phase_records", records, language),
    )


def _recovery(grounds: Grounds, language: str) -> Parts:
    return (
        text("trust.recovery_words", language),
        recovered(grounds.recovered, language),
        trust_tables.recovery(grounds.recovered, language),
        diagnosed(grounds.facts, language),
        diagnosed_left_out(grounds.own, language),
        trust_tables.made(grounds.facts, language),
    )


def _criticism(_grounds: Grounds, language: str) -> Parts:
    heads = tuple(text(f"column.{name}", language) for name in ("weakness", "advice"))
    return (Table("criticism", heads, tuple(criticisms(language))),)


def _trace(_grounds: Grounds, language: str) -> Parts:
    return text("trust.trace_words", language), evidence(language)


def _folded(table: Table, name: str, language: str) -> Table:
    return folded(table, text(f"trust.{name}", language), language)


def _section(name: str, parts: Parts, language: str) -> Section:
    return Section(text(f"trust.section_{name}", language), parts)


#: What writes each section, by its key.
SECTIONS: Final[dict[str, Callable[[Grounds, str], Parts]]] = {
    "minute": _minute,
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
