"""What a scenario file says in identifiers is told in words, and stays findable."""

import io
import re
from pathlib import Path

import pytest
from foresight._benchmarks import speed
from foresight._benchmarks.driver import Spent
from rich.console import Console
from scenario_files import write

from foresight.cli.screen import Screen
from foresight.cli.verbs import bench, listings
from foresight.scenario.loading import bundled, load_scenario
from foresight.scenario.scenario import Scenario
from foresight.scenario.words import happenings, meaning, setting, value_of
from foresight.texts import Words, keys

EVERYTHING = """
[structure]
gate = "any_three"
members = "all"

[[coalition]]
name = "St. Petersburg friends"
bodies = ["PIF"]
pledge_effort.accountability = 2.5

[[event]]
name = "my own storm"
year = 2031
scope = ["FJI", "TON"]
resources_lost = 0.3
pledged.financing = -1
delivered.solidarity = 1

[members.SLB]
ldc = false
income_group = "low"
from = 2028
"""


def page(language: str, show: object, *shown: object) -> str:
    screen = Screen(language)
    screen.out = Console(file=io.StringIO(), width=200)
    show(screen, *shown)
    return screen.out.file.getvalue()


@pytest.fixture
def everything(tmp_path: Path) -> Scenario:
    return load_scenario(write(tmp_path, EVERYTHING))


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("levers.pledge_effort.networking", "Pledging effort, Networking", "承诺力度，联网"),
        ("uncertainties.delivery_rate", "Pace of delivery", "落实步伐"),
        ("structure.levers_from", "First year of the levers", "杠杆自哪年起生效"),
        ("coalition.A.B.members", "Coalition “A.B”: members", "联盟“A.B”：成员"),
        ("members.SLB.ldc", "SLB Solomon Islands, least developed country", "SLB 所罗门群岛，最不发达国家"),
    ],
)
def test_a_setting_is_named_in_both_languages(path: str, english: str, chinese: str):
    assert (setting(path, Words("en")), setting(path, Words("zh"))) == (english, chinese)


def test_what_a_coalition_sets_names_the_coalition_and_the_lever():
    path = "coalition.St. Petersburg friends.pledge_effort.accountability"
    assert setting(path, Words("zh")) == "联盟“St. Petersburg friends”：承诺力度，问责"


def test_a_value_that_is_an_identifier_has_words_and_a_number_has_none():
    assert value_of("structure.gate", "calendar", Words("zh")) == "只看日程"
    assert value_of("members.SLB.income_group", "low", Words("zh")) == "低收入"
    assert value_of("levers.linking", 1.25, Words("zh")) == "1.25"
    assert value_of("members.SLB.ldc", False, Words("zh")) == "false"
    assert meaning("structure.gate", "calendar", Words("zh")) == "开启更远大目标的门槛：只看日程"
    assert meaning("levers.linking", 1.25, Words("zh")) == "次区域之间的联系"


def test_an_event_is_told_in_words(everything: Scenario):
    (told,) = happenings(everything, Words("zh"))
    assert told.title == told.name == "my own storm"
    assert told.scope == "FJI 斐济，TON 汤加"
    assert told.effects == "自有资源 -30%，筹资：已承诺步数 -1，团结：已落实步数 +1"


@pytest.mark.parametrize("name", bundled())
def test_events_that_ship_are_named_in_chinese_beside_their_identifier(name: str):
    shown = load_scenario(name)
    told = page("zh", listings.scenario, shown)
    for event in shown.events:
        assert event.name in told
    for event in happenings(shown, Words("zh")):
        assert event.title in told
        assert not re.search(r"[a-z]", event.title + event.effects)


def test_everything_that_a_file_can_say_can_be_shown(everything: Scenario):
    told = page("zh", listings.scenario, everything)
    for words in ("structure.gate", "any_three", "信任和任意三项行动", "members.SLB.income_group", "低收入", "false"):
        assert words in told


#: What rounds of a benchmark might have taken.
TAKEN = {name: [Spent(9, 1.0, 1.0, 1.0, 100.0)] for name in ("ten 1", "ten 2", "numpy", "mesa", "ema fast", "ema one")}


@pytest.mark.parametrize(("language", "word"), [("en", "aim"), ("zh", "目标")])
def test_the_rows_of_the_benchmark_are_told_in_both_languages(language: str, word: str):
    rows = [*speed._multiples(TAKEN), speed.Row("memory", 1.0, "megabytes", "no_more", runs=2048)]
    told = page(language, bench.speeds, rows)
    assert word in told
    assert "2,048" in told
    assert "300" in told
    assert language == "en" or not {"engine", "core", "times", "least"} & set(re.findall(r"\w+", told))


def test_every_figure_of_the_benchmark_has_a_name():
    source = "".join(Path(room.__file__).read_text("utf-8") for room in (speed, bench))
    named = [key.split(".")[1] for key in keys() if key.startswith(("bench.", "bench_goal."))]
    assert {name for name in named if f'"{name.removeprefix("by_")}"' not in source} == set()
