"""Every fault of a scenario file gives one message: where, what, what is allowed and what was meant."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from drafted import WHOLE
from pydantic_core.core_schema import ErrorType
from scenario_files import COALITION, EVENT, only, write

from foresight.errors import ForesightError, InputError
from foresight.scenario.loading import check_file, check_values, load_scenario
from foresight.scenario.validation import kind_of
from foresight.texts import Words

#: A fault: what is written, in which field it is found, and words of the message.
FAULTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "unknown table": (
        "[lever]\nlinking = 1",
        "lever",
        ("given lever", "allowed id, extends", "did you mean levers?"),
    ),
    "unknown action": (
        "[levers]\npledge_effort.transparancy = 2",
        "levers.pledge_effort.transparancy",
        ("given transparancy", "allowed solidarity, transparency", "did you mean transparency?"),
    ),
    "uncertainty among the levers": (
        "[levers]\ndelivery_rate = 0.3",
        "levers.delivery_rate",
        ("given delivery_rate", "did you mean uncertainties.delivery_rate?"),
    ),
    "misspelt uncertainty among the levers": (
        "[levers]\ndelivry_rate = 0.3",
        "levers.delivry_rate",
        ("did you mean uncertainties.delivery_rate?",),
    ),
    "lever in no table": ("linking = 1.2", "linking", ("did you mean levers.linking?",)),
    "setting among the levers": ("[levers]\ngate = 'calendar'", "levers.gate", ("did you mean structure.gate?",)),
    "one coalition for a list": (
        "[coalition]\nname = 'front'\nmembers = ['FJI']",
        "coalition",
        ("must be a list", "did you mean [[coalition]]?"),
    ),
    "unknown uncertainty": (
        "[uncertainties]\ndelivery_rat = 0.3",
        "uncertainties.delivery_rat",
        ("given delivery_rat", "(44)", "did you mean delivery_rate?"),
    ),
    "lever out of range": ("[levers]\nlinking = 3", "levers.linking", ("given 3", "allowed -0.4 … 1.6")),
    "effort out of range": (
        "[levers]\ndelivery_effort.financing = 9",
        "levers.delivery_effort.financing",
        ("given 9", "allowed 0.25 … 6"),
    ),
    "one phase out of range": (
        "[levers]\nassistance = [0, 0.5, 2]",
        "levers.assistance[3]",
        ("given 2", "allowed 0 … 1"),
    ),
    "uncertainty out of range": (
        "[uncertainties]\ndelivery_rate = 5",
        "uncertainties.delivery_rate",
        ("given 5", "allowed 0.2 … 0.8"),
    ),
    "two phases": (
        "[levers]\nsupport_multiplier = [1, 2]",
        "levers.support_multiplier",
        ("three for phases 2, 3 and 4", "given [1, 2]", "allowed 0 … 4"),
    ),
    "four phases": (
        "[levers]\npledge_effort.solidarity = [1, 2, 3, 4]",
        "levers.pledge_effort.solidarity",
        ("three for phases", "given [1, 2, 3, 4]"),
    ),
    "effort for no action": (
        "[levers]\npledge_effort = 3",
        "levers.pledge_effort",
        ("must be a table", "given 3", "allowed solidarity, transparency"),
    ),
    "not a number": (
        "[levers]\nlinking = nan",
        "levers.linking",
        ("finite", "given nan", "allowed -0.4 … 1.6"),
    ),
    "infinite": ("[levers]\nassistance = inf", "levers.assistance", ("finite", "given inf")),
    "truth for a number": (
        "[levers]\nlinking = true",
        "levers.linking",
        ("number", "given true", "-0.4 … 1.6"),
    ),
    "text for a number": ('[levers]\nlinking = "1"', "levers.linking", ("number", 'given "1"')),
    "number for truth": ("[members.BGD]\nldc = 0", "members.BGD.ldc", ("true or false", "given 0")),
    "half a year": (
        "[uncertainties]\ngrace_years = 4.5",
        "uncertainties.grace_years",
        ("whole number", "given 4.5", "allowed 3 … 7"),
    ),
    "fixed uncertainty": (
        "[uncertainties]\nsd_gate = 0.1",
        "uncertainties.sd_gate",
        ("fixed at 0.05", "given 0.1", "allowed 0.05"),
    ),
    "fixed weights": (
        "[uncertainties]\naction_weights = 0.3",
        "uncertainties.action_weights",
        ("fixed at 0.2",),
    ),
    "unknown gate": (
        '[structure]\ngate = "calender"',
        "structure.gate",
        (
            'given "calender"',
            "allowed infrastructure, any_three, all_five, calendar",
            "did you mean calendar?",
        ),
    ),
    "gate too early": (
        "[structure]\ngate_from = 1990",
        "structure.gate_from",
        ("given 1990", "allowed 2017 … 2040"),
    ),
    "levers too early": (
        "[structure]\nlevers_from = 2020",
        "structure.levers_from",
        ("given 2020", "allowed 2025 … 2040"),
    ),
    "unknown member": (
        f'{COALITION}members = ["CHI"]',
        "coalition[1].members[1]",
        ('given "CHI"', "AFG", "(58)", "did you mean CHN?"),
    ),
    "name of a member": (
        f'{COALITION}members = ["TON", "Fiji"]',
        "coalition[1].members[2]",
        ('given "Fiji"', "did you mean FJI?"),
    ),
    "Chinese name of a member": (f'{COALITION}members = ["斐济"]', "coalition[1].members[1]", ("mean FJI?",)),
    "part of a name": (f'{COALITION}members = ["Iran"]', "coalition[1].members[1]", ("mean IRN?",)),
    "unknown changed member": ("[members.BDG]\nldc = false", "members.BDG", ('given "BDG"', "mean BGD?")),
    "unknown body": (
        f'{COALITION}bodies = ["ASEEN"]',
        "coalition[1].bodies[1]",
        ('given "ASEEN"', "allowed AOSIS, ASEAN", "did you mean ASEAN?"),
    ),
    "unknown scope": (
        f'{EVENT}trust = 0.1\nscope = "Pasific"',
        "event[1].scope",
        ('given "Pasific"', "allowed all, ENEA", "did you mean Pacific?"),
    ),
    "one member as the scope": (
        f'{EVENT}trust = 0.1\nscope = "FJI"',
        "event[1].scope",
        ("a list of members is allowed too", 'did you mean ["FJI"]?'),
    ),
    "unknown member in a scope": (
        f'{EVENT}trust = 0.1\nscope = ["FJI", "Palau"]',
        "event[1].scope[2]",
        ('given "Palau"', "did you mean PLW?"),
    ),
    "empty scope": (f"{EVENT}trust = 0.1\nscope = []", "event[1].scope", ("must not be empty",)),
    "event too late": (
        '[[event]]\nname = "late"\nyear = 2040\ntrust = 0.1',
        "event[1].year",
        ("given 2040", "allowed 2017 … 2039"),
    ),
    "event without effect": (
        EVENT,
        "event[1]",
        ("changes nothing", "allowed resources_lost, trust, capacity"),
    ),
    "everything lost": (
        f"{EVENT}resources_lost = 1",
        "event[1].resources_lost",
        ("given 1", "allowed 0 … <1"),
    ),
    "two rungs at once": (
        f"{EVENT}pledged.financing = 2",
        "event[1].pledged.financing",
        ("given 2", "allowed -1, 1"),
    ),
    "unknown tag": (
        f'{EVENT}trust = 0.1\ntag = "judgment"',
        "event[1].tag",
        ('given "judgment"', "allowed estimated, literature, judgement", "did you mean judgement?"),
    ),
    "event without a name": ("[[event]]\nyear = 2030\ntrust = 0.1", "event[1].name", ("is missing",)),
    "long storyline": (
        f'storyline.zh = "{"长" * 5_001}"',
        "storyline.zh",
        ("at most 5,000 characters", "given 5,001"),
    ),
    "long author": (f'author = "{"a" * 1_001}"', "author", ("a text has at most 1,000", "given 1,001")),
    "long source": (f'{EVENT}trust = 0.1\nsource = "{"s" * 1_001}"', "event[1].source", ("at most 1,000",)),
    "long name": (
        f'[[event]]\nname = "{"n" * 121}"\nyear = 2030\ntrust = 0.1',
        "event[1].name",
        ("a name has at most 120 characters", "given 121"),
    ),
    "bell in a name": (
        '[[event]]\nname = "\\u0007"\nyear = 2030\ntrust = 0.1',
        "event[1].name",
        ("a character that cannot be read", "given U+0007"),
    ),
    "end of a line in a name": (
        '[[event]]\nname = "a\\nb"\nyear = 2030\ntrust = 0.1',
        "event[1].name",
        ("cannot be read", "given U+000A"),
    ),
    "return in a storyline": ('storyline.en = "a\\n\\rb"', "storyline.en", ("cannot be read", "given U+000D")),
    "no character": ('author = "\\uffff"', "author", ("cannot be read", "given U+FFFF")),
    "many events": (
        "".join(f'[[event]]\nname = "e{at}"\nyear = 2030\ntrust = 0.1\n' for at in range(301)),
        "event",
        ("at most 300 events", "given 301"),
    ),
    "many coalitions": (
        "".join(f'[[coalition]]\nname = "c{at}"\n' for at in range(101)),
        "coalition",
        ("at most 100 coalitions", "given 101"),
    ),
    "many members": (f"{COALITION}members = {['FJI'] * 101}", "coalition[1].members", ("at most 100", "given 101")),
    "many changed members": (
        "[members]\n" + "".join(f"A{at} = {{ ldc = true }}\n" for at in range(101)),
        "members",
        ("at most 100", "given 101"),
    ),
    "many members in a scope": (
        f"{EVENT}trust = 0.1\nscope = {['FJI'] * 101}",
        "event[1].scope",
        ("at most 100", "given 101"),
    ),
    "table for a list": ("event = 5", "event", ("must be a list", "given 5")),
    "empty coalition": (COALITION, "coalition[1]", ("has no members", "allowed members, bodies")),
    "member of a coalition twice": (
        f'{COALITION}members = ["KAZ", "UZB", "KAZ"]',
        "coalition[1].members",
        ("named twice", 'given "KAZ"'),
    ),
    "body of a coalition twice": (
        f'{COALITION}bodies = ["PIF", "PIF"]',
        "coalition[1].bodies",
        ("named twice", 'given "PIF"'),
    ),
    "member of a scope twice": (
        f"{EVENT}trust = 0.1\nscope = {['FJI', 'FJI']}",
        "event[1].scope",
        ("named twice", 'given "FJI"'),
    ),
    "overlapping coalitions": (
        f'{COALITION}members = ["FJI"]\n[[coalition]]\nname = "forum"\nbodies = ["PIF"]',
        "coalition[2]",
        ('the coalition "club"', "given FJI"),
    ),
    "coalition of absent associates": (
        f'structure.members = "states"\n{COALITION}members = ["GUM", "COK"]',
        "coalition[1]",
        ("none of its members", '"states"', "given COK, GUM"),
    ),
    "clashing overrides": (
        f"{EVENT}trust = 0.1\n{EVENT}trust = 0.2",
        "event[2].name",
        ("same name as event[1]", 'given "storm"'),
    ),
    "key given twice": (
        "levers.linking = 1\nlevers.linking = 0.5",
        "",
        ("line 4", "given levers.linking = 0.5"),
    ),
    "member without a change": (
        "[members.BGD]\nfrom = 2030",
        "members.BGD",
        ("changes nothing", "allowed ldc"),
    ),
    "unknown base": (
        'extends = "historic-pace"',
        "extends",
        ('given "historic-pace"', "allowed baiji-returns", "did you mean historical-pace?"),
    ),
    "base in another folder": (
        'extends = "/etc/passwd"',
        "extends",
        ("same folder", 'given "/etc/passwd"', "allowed baiji-returns"),
    ),
    "base in the folder above": ('extends = "../mine.toml"', "extends", ("same folder",)),
    "base that is a number": ("extends = 5", "extends", ("text", "given 5")),
    "circle of one": ('extends = "mine.toml"', "extends", ("builds on itself", "mine.toml → ")),
    "not TOML": (
        "levers.linking = = 1",
        "",
        ("line 3, column 18", "given levers.linking = = 1", "allowed TOML"),
    ),
    "unfinished text": ('author = "me', "", ("line 3", 'given author = "me')),
    "deep nesting": ("a = " + "[" * 20_000 + "]" * 20_000, "", ("nested more deeply",)),
    "deep key": ("a." * 100_000 + "b = 1", "", ("nested more deeply",)),
    "endless hexadecimal number": ("levers.linking = 0x" + "f" * 9_000, "levers.linking", ("given 0xfff",)),
    "endless key": ("k" * 9_000 + " = 1", "k" * 59 + "…", ("there is no such entry",)),
    "endless number": ("a = " + "9" * 5_000, "", ("cannot be read",)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_with_one_fault_gives_one_message_that_helps(fault: str, tmp_path: Path):
    body, field, words = FAULTS[fault]
    path = write(tmp_path, body)
    problem = only(check_file(path))
    assert problem.file == str(path)
    assert problem.field == field
    message = str(problem)
    assert "\n" not in message
    assert all(word in message for word in words), message
    assert len(message) < 500 + 2 * len(str(path))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_message_can_be_said_in_both_languages(fault: str, language: str, tmp_path: Path):
    assert only(check_file(write(tmp_path, FAULTS[fault][0]))).message(language)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "circle of one"])
def test_a_base_is_refused_in_the_words_it_is_refused_in_by_itself(fault: str, tmp_path: Path):
    base = write(tmp_path, FAULTS[fault][0], "base.toml")
    assert check_file(write(tmp_path, 'extends = "base.toml"\n')) == check_file(base)


#: Faults that only a file can have, of TOML or of its base; and NaN, which is set twice since it is unlike itself.
NO_ASSIGNMENTS = {
    "not a number",
    "key given twice",
    "not TOML",
    "unfinished text",
    *(one for one in FAULTS if len(FAULTS[one][0]) > 1_000),
}
NO_ASSIGNMENTS |= {fault for fault, (_, field, _) in FAULTS.items() if field == "extends"}


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in NO_ASSIGNMENTS])
def test_what_is_set_is_refused_in_the_words_of_a_file(fault: str, tmp_path: Path):
    with pytest.raises(InputError) as caught:
        check_values(tomllib.loads(FAULTS[fault][0]))
    problem = only(check_file(write(tmp_path, FAULTS[fault][0])))
    assert only(list(caught.value.problems)) == replace(problem, file="Python")


def test_half_a_character_is_refused_by_name_wherever_it_stands():
    half = "\ud800"
    table = {
        "title.en": half,
        "author": f"a\n{half}",
        "coalition": [{"name": half, "members": ["FJI"]}],
    }
    with pytest.raises(InputError) as caught:
        check_values(table)
    assert [(one.field, one.kind, one.given) for one in caught.value.problems] == [
        ("author", "unreadable_text", "U+D800"),
        ("title.en", "unreadable_text", "U+D800"),
        ("coalition[1].name", "unreadable_text", "U+D800"),
    ]
    with pytest.raises(InputError, match="given U\\+D800"):
        check_values({half: 1})


def test_lines_and_tabs_stay_in_a_storyline():
    words = "One\n\ttwo"
    assert load_scenario("baiji-returns", set={"storyline.en": words}).storyline.en == words


@pytest.mark.parametrize("language", WHOLE)
def test_whatever_pydantic_finds_has_a_sentence(language: str):
    assert all(Words(language).has(f"problem.{kind_of(error)}") for error in get_args(ErrorType))


def test_what_is_set_needs_no_header_and_may_change_a_part_of_it():
    check_values({"levers.linking": 1.0})
    check_values({"title.en": "Mine"})
    assert load_scenario("baiji-returns", set={"title.en": "Mine"}).title.en == "Mine"
    for values in ({"title.en": ""}, {"title.en": None}, {"title": 5}, {"id": None}, {"id": "Not Allowed"}):
        with pytest.raises(InputError, match=f"Python: {next(iter(values))}"):
            check_values(values)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ('title = { en = "A", zh = "甲" }', "id"),
        ('id = "a"', "title"),
        ('id = "a"\ntitle.en = "A"', "title.zh"),
        ('id = "a"\ntitle.zh = "甲"', "title.en"),
        (f'id = "a"\ntitle = {{ en = "{"t" * 201}", zh = "甲" }}', "title.en"),
        ('id = "' + "i" * 61 + '"\ntitle = { en = "A", zh = "甲" }', "id"),
        ('id = "Not Allowed"\ntitle = { en = "A", zh = "甲" }', "id"),
        ('id = "a"\ntitle = { en = " ", zh = "甲" }', "title.en"),
        ('id = "a"\ntitel = { en = "A", zh = "甲" }', "titel"),
    ],
)
def test_the_header_is_required(header: str, field: str, tmp_path: Path):
    assert only(check_file(write(tmp_path, "", header=header))).field == field


def test_five_faults_give_five_problems_at_once(tmp_path: Path):
    path = write(
        tmp_path,
        f"""\
        [levers]
        linking = 9
        assistence = 1
        [structure]
        gate = "none"
        [uncertainties]
        peer_effect = "strong"
        [members.XYZ]
        ldc = true
        {""}""",
    )
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert [problem.field for problem in caught.value.problems] == [
        "levers.linking",
        "levers.assistence",
        "structure.gate",
        "uncertainties.peer_effect",
        "members.XYZ",
    ]
    assert str(caught.value).count("\n") == 4
    assert isinstance(caught.value, ForesightError)
