"""Differences explained from the command line."""

import pytest
from command_line import Call, done, refusal

from foresight.texts import Words, languages

pytestmark = pytest.mark.usefixtures("english")

#: Two scenarios that differ in everything.
PAIR = ("historical-pace", "baiji-returns")


@pytest.mark.costly
def test_parts_of_a_difference_add_up_to_it(call: Call):
    found = done(call("explain", *PAIR, "--replicates", "2", "--outcome", "trust", "--json"))
    assert (found["base"], found["changed"]) == PAIR
    means = {row["part"]: row["mean"] for row in found["parts"]}
    assert sum(mean for part, mean in means.items() if part != "total") == pytest.approx(means["total"])
    assert means["total"] != 0


@pytest.mark.costly
@pytest.mark.parametrize("language", languages())
def test_a_difference_is_explained_in_every_language(call: Call, language: str):
    answer = call("explain", *PAIR, "--replicates", "2", "--language", language)
    assert (answer.code, answer.err) == (0, "")
    assert Words(language).say("action.solidarity") in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("historical-pac", "baiji-return"), ["historical-pace", "baiji-returns"]),
        (("historical-pace", "historical-pace"), ['"historical-pace"']),
        ((*PAIR, "paper-promises"), ["paper-promises"]),
        (("historical-pace",), ["SCENARIO"]),
        ((*PAIR, "--outcome", "trsut"), ['"trsut"']),
        ((*PAIR, "--replicates", "0", "--seed", "-1"), ["--replicates", "--seed"]),
        ((*PAIR, "--replicates", "60000"), ["--replicates"]),
        ((*PAIR, "--set", "levers.linkin=1", "--members", "some"), ["--members", "linking"]),
    ],
    ids=" ".join,
)
def test_a_difference_that_cannot_be_explained_is_refused(call: Call, words: tuple[str, ...], told: list[str]):
    said = refusal(call("explain", *words))
    assert len(said) == len(told)
    assert all(any(word in line for line in said) for word in told)
