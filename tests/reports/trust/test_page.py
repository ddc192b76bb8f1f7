"""The page of trust says what its numbers say, in every language."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import contents
import grounds
import numpy as np
import pytest

from foresight.calibration.hindcast import METHODS, MODES
from foresight.documents.criticism import criticisms
from foresight.documents.document import Document, Figure, Findings, Section, Table
from foresight.documents.markdown import markdown
from foresight.documents.trace import evidence
from foresight.documents.webpage import html
from foresight.facts.parameters import all_parameters
from foresight.reports.trust import failures, findings
from foresight.reports.trust.numbers import Grounds
from foresight.reports.trust.page import SECTIONS, document, short
from foresight.reports.trust.writing import PageWords
from foresight.texts import Words, drafts, languages

LANGUAGES = [*languages(), *drafts()]
ENGLISH = PageWords()

#: What the five lines are about, in their order.
ANSWERS = ("use", "ahead", "opening", "dates", "number")


@cache
def made_up() -> Grounds:
    return grounds.made_up()


@cache
def page(language: str = "en") -> Document:
    return document(made_up(), language)


def parts(shown: Document) -> Iterator[object]:
    yield from shown.parts
    for section in shown.sections():
        yield from section.parts


def figures(shown: Document) -> list[Figure]:
    return [part for part in parts(shown) if isinstance(part, Figure)]


def words(shown: Document) -> str:
    """Return all sentences."""
    found = [part for part in parts(shown) if isinstance(part, str)]
    found += [" ".join(row) for part in parts(shown) if isinstance(part, Findings) for row in part.rows]
    return " ".join(found)


def begins(key: str, language: str = "en") -> str:
    """Return what a sentence has before its first number or name."""
    blank = dict.fromkeys(re.findall(r"{(\w+)}", _raw(key, language)), "\0")
    return Words(language).say(key, **blank).split("\0")[0]


def _raw(key: str, language: str) -> str:
    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return f"{{{name}}}"

    from foresight.texts import _catalogue

    own = _catalogue(language if Words(language).has(key) else "en")
    return own[key].format_map(Names())


@pytest.mark.costly
@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_sections_stand_in_every_language(language: str):
    headings = [part.heading for part in page(language).parts if isinstance(part, Section)]
    assert headings == [Words(language).say(f"trust.section_{name}") for name in SECTIONS]
    assert len(headings) == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_have_a_cell_for_every_column(language: str):
    assert all(len(row) == len(table.columns) for table in contents.tables(page(language)) for row in table.rows)


def test_headings_columns_and_sentences_are_chinese_in_chinese():
    shown = page("zh")
    found = [section.heading for section in shown.sections()]
    found += [column for table in contents.tables(shown) for column in table.columns]
    found += [part for part in parts(shown) if isinstance(part, str)]
    found += [one for figure in figures(shown) for one in (figure.title, figure.words)]
    assert [one for one in found if not re.search("[\u4e00-\u9fff]", one)] == []


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        (grounds.hindcast(grounds.OWN, model=0.1, others=0.2), "better"),
        (grounds.hindcast(grounds.OWN, model=0.3, others=0.2), "worse"),
        (grounds.undecided(grounds.OWN), "open"),
    ],
)
def test_better_worse_and_undecided_follow_the_interval(forecast, said: str):
    for mode in MODES:
        assert findings.gain_of(forecast, mode, "log_score")["verdict"] == said
    told = findings.both_modes(forecast, ENGLISH)
    own = {"better": " better than that", "worse": " worse than that", "open": "cannot be told"}
    assert {kind for kind, sign in own.items() if sign in told} == {said}


@pytest.mark.parametrize(("model", "side"), [(0.1, "better"), (0.3, "worse")])
def test_too_few_agreements_get_the_size_of_the_gain_before_there_is_no_verdict(model: float, side: str):
    told = findings.both_modes(grounds.hindcast(grounds.FORWARD, model=model), ENGLISH)
    assert re.search(rf"[0-9]% {side} here .* 2 families are too few for a verdict", told)
    assert "−" not in told


@pytest.mark.parametrize(("declared", "named"), [(0.05, True), (0.2, False)])
def test_methods_that_do_better_on_agreements_never_fitted_are_named(declared: float, named: bool):
    found = grounds.hindcast(grounds.FORWARD)
    told = findings.of_forward(replace(found, rows=found.rows.assign(**{"start.declared": declared})), ENGLISH)
    assert (ENGLISH.say("hindcast.declared") in told) == named
    assert ("1 of 7 other methods" in told) == named


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.01, 0.03), "1.0% to 3.0% better"),
        ((-0.03, -0.01), "1.0% to 3.0% worse"),
        ((-0.03, 0.01), "3.0% worse to 1.0% better"),
    ],
)
def test_better_and_worse_are_words_and_no_signs(ends: tuple[float, float], said: str):
    assert ENGLISH.span(*ends) == said
    assert ENGLISH.better_by(ends[0]) == f"{abs(ends[0]):.1%} {'worse' if ends[0] < 0 else 'better'}"


def test_nothing_has_no_sign_and_what_is_not_known_is_one_dash():
    assert (ENGLISH.signed(-0.0004, 3), ENGLISH.signed(0.0004, 3)) == ("0.000", "0.000")
    assert ENGLISH.signed(-0.0006, 3) == "−0.001"
    assert ENGLISH.between(np.nan, np.nan, ENGLISH.number) == "–"
    assert ENGLISH.between(0.5, np.inf, ENGLISH.number).endswith("∞")


def answers(found: Grounds, language: str = "en") -> dict[str, str]:
    """Return the five lines by the last part of the key of their subjects."""
    names = {Words(language).say(f"trust.label_{name}"): name for name in (*ANSWERS, "dates_none")}
    return {names[subject]: said for subject, said, _ in findings.in_a_minute(found, PageWords(language))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_lines_answer_what_the_model_may_be_used_for_and_one_picture_stands_with_them(language: str):
    assert tuple(answers(made_up(), language)) == ANSWERS
    assert [type(part) for part in page(language).parts[:4]] == [Findings, Figure, Table, str]
    written = html(page(language))
    assert written.index('class="findings"') < written.index("<figure>") < written.index("<nav>")


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        (grounds.hindcast(grounds.OWN), "better than the best simple rule (95"),
        (grounds.hindcast(grounds.OWN, model=0.3), "worse than the best simple rule (95"),
        (grounds.undecided(grounds.OWN), "Cannot be told from the best simple rule"),
        (grounds.hindcast(grounds.FORWARD), "too few for a verdict"),
    ],
)
def test_the_lines_on_joining_have_the_verdict_of_the_scores(forecast, said: str):
    told = answers(replace(made_up(), own=forecast, forward=forecast))
    assert [told[name].count(said) for name in ("ahead", "opening")] == [2, 2]


@pytest.mark.parametrize(
    ("slow", "said"),
    [
        (("ndc_first", "ndc_update"), "2 of 3 kinds of filing that a common round calls for"),
        (("ndc_first", "methane"), "2 of 5 kinds of filing in the first phase"),
        (("forests",), "1 of 5 kinds of filing in the first phase"),
        ((), "All 5 kinds of filing"),
    ],
)
def test_the_line_on_dates_counts_the_kinds_of_filing_outside_the_band(slow: tuple[str, ...], said: str):
    phase = made_up().phase
    phase = phase[phase["record"] != "coalition"]
    standing = np.where(phase["record"].isin(slow), "above", "inside")
    told = answers(replace(made_up(), phase=phase.assign(standing=standing)))["dates" if slow else "dates_none"]
    assert told.startswith(said)
    assert ("do not date common rounds" in told) == ("common round calls" in said)


@pytest.mark.parametrize("part", ["delivery", "treaties", "others", "chance"])
def test_the_line_on_one_number_names_what_makes_most_of_the_variance(part: str):
    told = answers(replace(made_up(), band=grounds.shares(part)))["number"]
    assert told.startswith(f"60% of the variance in 2040 comes from {ENGLISH.say(f'trust.part_{part}')} and 10% from")


def test_dots_outside_their_bars_are_counted():
    columns = [f"{mode}.model" for mode in MODES]
    rows = made_up().own.rows.assign(**dict.fromkeys(columns, 0.9))
    shown = figures(document(replace(made_up(), own=replace(made_up().own, rows=rows))))
    assert sum("0 of 10 dots" in figure.words for figure in shown) == len(MODES)


@pytest.mark.parametrize(("low", "high", "told"), [(-0.02, 0.02, "contains 0"), (-0.03, -0.01, "worse")])
def test_peers_are_told_from_none_where_the_interval_says_so(low: float, high: float, told: str):
    found = replace(made_up(), variants=grounds.variants((low + high) / 2, low, high))
    said = findings.of_peers(found, ENGLISH)
    assert said.startswith(ENGLISH.say("estimate.peer_effect"))
    assert told in said
    assert ("contains 0" in said) == (told == "contains 0")


def test_the_other_score_is_told_where_it_decides_otherwise():
    table = grounds.variants(0.01, -0.005, 0.015)
    assert "Brier" not in " ".join(words for _, words, _ in findings.of_variants(table, ENGLISH))
    chosen = (table["score"] == "brier") & (table["variant"] == "far_peers") & (table["mode"] == "start")
    start, ahead = findings.of_variants(table.assign(high=table["high"].mask(chosen, -0.001)), ENGLISH)
    other = ENGLISH.say(
        "trust.variant_otherwise", name=ENGLISH.say("variant.far_peers"), verdict=ENGLISH.say("trust.verdict_worse")
    )
    assert start[1].endswith(ENGLISH.say("trust.variants_otherwise", names=other))
    assert "Brier" not in ahead[1]
    assert start[1].startswith("By the log score")


@pytest.mark.parametrize(
    ("interval", "said"), [((0.1, 0.2), "better"), ((-0.2, -0.1), "worse"), ((-0.1, 0.1), "open"), ((0.0, 0.1), "open")]
)
def test_an_interval_that_contains_nothing_decides_nothing(interval: tuple[float, float], said: str):
    assert findings.verdict(*interval) == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("size", "said"), [((0.01, 0.005, 0.015), "better"), ((-0.01, -0.02, -0.005), "worse"), ((0.01, -0.1, 0.1), "open")]
)
def test_the_answer_on_the_network_is_the_measured_one(size: tuple[float, float, float], said: str, language: str):
    told = [words for _, words, _ in findings.of_network(grounds.variants(*size), PageWords(language))]
    assert len(told) == len(MODES)
    assert all(one.startswith(begins(f"trust.network_{said}", language)) for one in told)
    others = [words for _, words, _ in findings.of_variants(grounds.variants(*size), PageWords(language))]
    assert all(one.startswith(begins(f"trust.variants_{said}", language)) for one in others)
    assert all(Words(language).say("variant.no_peers") in one for one in others)


def test_bands_that_hold_and_bands_that_do_not_are_told_apart():
    wide, narrow = grounds.hindcast(grounds.OWN[:2]).coverage(), grounds.hindcast(grounds.OWN, seen=40).coverage()
    assert wide["holds"].all()
    assert ENGLISH.say("trust.bands_hold", looks=len(wide)) in findings.held(wide, ENGLISH)
    assert not narrow["holds"].all()
    assert "too narrow" in findings.held(narrow, ENGLISH)


def test_defaults_outside_the_posterior_are_named():
    assert findings.differing(grounds.estimated(), ENGLISH) == ENGLISH.say("trust.differ_none", count=7)
    told = findings.differing(grounds.estimated(mean=2.0), ENGLISH)
    assert "defaults of 7 lie outside" in told
    assert ENGLISH.say("estimate.peer_effect") in told


def test_numbers_that_are_not_recovered_are_named():
    fine, off = grounds.recoveries(np.linspace(0.01, 0.99, 50)), grounds.recoveries(np.full(50, 0.999))
    assert findings.recovered(fine, ENGLISH) == ENGLISH.say("trust.recovered_all", panels=50, count=2)
    assert ENGLISH.say("estimate.base") in findings.recovered(off, ENGLISH)


@pytest.mark.parametrize(("r_hat", "said"), [(1.001, "sound"), (1.2, "unsound")])
def test_chains_that_did_not_mix_are_not_passed_over(r_hat: float, said: str):
    facts = {"diagnostics": {"r_hat": r_hat, "effective": 900.0, "divergences": 0}}
    assert findings.diagnosed(facts, ENGLISH).startswith(begins(f"trust.diagnosed_{said}"))


@pytest.mark.parametrize(("seen", "standing"), [(20, "inside"), (40, "slow"), (5, "fast")])
def test_too_slow_and_too_fast_are_the_sides_of_the_band(seen: int, standing: str):
    found = grounds.hindcast(grounds.OWN, seen=seen)
    assert set(failures.looks(found)["standing"]) == {standing}
    assert ENGLISH.say("trust.standing_slow") in failures.where(found, "CBD", ENGLISH) or standing != "slow"
    assert (failures.outside(found, ENGLISH) == ENGLISH.say("trust.outside_none", looks=2 * len(grounds.OWN))) == (
        standing == "inside"
    )


def test_agreements_on_which_the_model_lost_are_named_and_others_are_not():
    found = grounds.undecided(grounds.OWN)
    assert sorted(name for name, _, _ in failures.worst(found, "start", ENGLISH)) == sorted(grounds.OWN[1::2])
    assert failures.worst(grounds.hindcast(grounds.OWN), "start", ENGLISH) == ()
    assert ENGLISH.say("trust.lost_none") in words(page())


@pytest.mark.parametrize(("most", "key"), [(2, "first"), (3, "all")])
def test_how_many_agreements_lost_is_told_beside_those_that_are_named(
    monkeypatch: pytest.MonkeyPatch, most: int, key: str
):
    monkeypatch.setattr(failures, "MOST", most)
    found = grounds.undecided(grounds.OWN)
    told = failures.counted(found, ENGLISH)
    assert told.startswith(ENGLISH.say("trust.lost_counted", start=3, year_ahead=3, agreements=6))
    assert told.endswith(ENGLISH.say(f"trust.lost_{key}", named=most))
    assert len(failures.worst(found, "start", ENGLISH)) == most


def test_a_share_of_a_partial_list_is_a_lower_bound():
    rows = {row[0]: row[2] for row in next(one for one in contents.tables(page()) if one.topic == "first_phase").rows}
    assert rows[ENGLISH.record("review")] == "≥ 77%"
    assert rows[ENGLISH.record("ndc_update")] == "84%"


def test_records_say_whether_all_were_called_upon_together():
    table = next(one for one in contents.tables(page()) if one.topic == "records")
    kinds = {row[0]: row[table.columns.index(ENGLISH.say("column.round"))] for row in table.rows}
    together = {record for record, kind in kinds.items() if kind == ENGLISH.say("trust.round_yes")}
    assert together == {ENGLISH.record(record) for record in ("ndc_first", "ndc_update", "review")}
    assert set(kinds.values()) == {ENGLISH.say("trust.round_yes"), ENGLISH.say("trust.round_no")}


def test_agreements_have_their_chinese_names_everywhere():
    found = replace(made_up(), own=grounds.undecided(grounds.OWN))
    written = html(document(found, "zh"))
    assert PageWords("zh").agreement("UNCLOS") in written
    assert not any(name in written for name in (*grounds.OWN, *grounds.FORWARD))
    assert PageWords("fr").agreement("UNCLOS") == "UNCLOS"


@pytest.mark.costly
@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_of_the_posterior_are_names_in_a_row(language: str):
    facts = {**made_up().facts, "agreements": ["CBD", "UNCLOS"]}
    written = markdown(document(replace(made_up(), facts=facts), language))
    names = Words(language).listed(PageWords(language).agreement(one) for one in facts["agreements"])
    assert names in written
    assert "['" not in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_floor_families_and_exact_intervals_stand_beside_the_scores(language: str):
    notes = {table.topic: table.note for table in contents.tables(page(language))}
    floor = Words(language).exact(0.001)
    assert floor in notes["scores"]
    numbers = {"floor": floor, "families": 6}
    assert Words(language).say("trust.hindcast_words", **numbers) in parts(page(language))
    assert Words(language).say("trust.note_gains", families=2) in notes["gains"]
    assert notes["coverage"] == Words(language).say("trust.note_coverage")
    assert "6" in findings.size_of(made_up().own, PageWords(language))


def test_the_paris_agreement_is_told_where_it_was_forecast():
    headings = [section.heading for section in page().sections()]
    assert ENGLISH.say("trust.section_paris") in headings
    without = document(replace(made_up(), forward=grounds.hindcast(grounds.OWN)))
    assert ENGLISH.say("trust.section_paris") not in [section.heading for section in without.sections()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_weaknesses_all_evidence_and_all_parameters_are_on_the_page(language: str):
    tables = list(contents.tables(page(language)))
    assert [table.rows for table in tables if table.topic == "criticism"] == [tuple(criticisms(Words(language)))]
    assert [table.rows for table in tables if table.topic == "trace"] == [evidence(Words(language)).rows]
    assert {*contents.names(page(language), "uncertainties"), *contents.names(page(language), "levers")} == set(
        all_parameters()
    )


def test_every_method_is_scored_on_the_same_rows():
    table = next(table for table in contents.tables(page()) if table.topic == "scores")
    assert len(table.rows) == len(METHODS)
    assert f"{len(made_up().own.rows)} chances" in table.note


def test_every_table_of_measured_numbers_says_how_they_were_had():
    plain = {"criticism", "trace", "uncertainties", "levers", "records", "left_out", "posterior"}
    assert {table.topic for table in contents.tables(page()) if not table.note} <= plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_drawings_are_well_formed_and_tell_what_they_show(language: str):
    names = []
    for figure in figures(page(language)):
        drawn = ET.fromstring(figure.drawing)
        assert [one.tag for one in list(drawn)[:2]] == ["title", "desc"]
        assert all((one.text or "").strip() for one in list(drawn)[:2])
        assert drawn.get("aria-labelledby") == " ".join(one.get("id", "") for one in list(drawn)[:2])
        names += [one.get("id") for one in list(drawn)[:2]]
        assert '"nan' not in figure.drawing
    assert len(names) == len(set(names)) >= 20


def test_every_figure_has_its_numbers_in_a_table_of_the_same_section():
    for section in page().sections():
        if any(isinstance(part, Figure) for part in section.parts):
            assert any(isinstance(part, Table) for part in section.parts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_from_elsewhere(language: str):
    written = html(page(language))
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|\son\w+=", written)
    tags = re.findall(r"<[a-z][^>]*>", written)
    assert not any("//" in tag for tag in tags)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_has_every_heading_finding_and_figure(language: str):
    written = markdown(page(language))
    assert all(f"# {section.heading}\n" in written for section in page(language).sections())
    assert all(f"**{figure.title}**" in written for figure in figures(page(language)))
    assert "<svg" not in written


def test_the_short_version_has_the_five_lines_and_the_scores_behind_them():
    shown = short(made_up())
    assert [table.topic for table in contents.tables(shown)] == ["gains", "gains"]
    assert shown.parts[0] == Findings(findings.in_a_minute(made_up(), ENGLISH))
    subjects = [subject for subject, _, _ in findings.in_a_minute(made_up(), ENGLISH)]
    assert len(subjects) == len(set(subjects)) == 5
