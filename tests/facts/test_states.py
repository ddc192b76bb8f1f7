"""States are found by what people and tables call them; nothing is guessed."""

import csv
from importlib.resources import files

import pytest
from drafted import WHOLE

from foresight.errors import InputError
from foresight.facts.members import member_table
from foresight.facts.states import is_country, member_called, names_of, proposal, states_called, states_proposed
from foresight.texts import keys


def table(name: str) -> list[dict[str, str]]:
    with files("foresight.data.records").joinpath(name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


STATES = {row["iso3"]: row for row in table("states.csv")}
WORDS = table("state_words.csv")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("TMP", "TLS"), ("BUR", "MMR"), ("TP", "TLS"), ("NHB", "VUT"), ("BU", "MMR"), ("SKM", "IND")),
        *(("IN", "IND"), ("in", "IND"), ("NA", "NAM"), ("UK", "GBR"), ("EL", "GRC"), ("fji", "FJI")),
        *(("356", "IND"), ("36", "AUS"), ("036", "AUS"), ("4", "AFG"), ("736", "SDN")),
        *(("Afghanistan", "AFG"), ("Lao PDR", "LAO"), ("Lao People's Democratic Republic", "LAO"), ("Laos", "LAO")),
        *(("Micronesia (F.S.)", "FSM"), ("Micronesia, Fed. Sts.", "FSM"), ("Micronesia", "FSM")),
        *(("Micronesia (Federated States of)", "FSM"), ("Federated States of Micronesia", "FSM")),
        *(("Hong Kong, China", "HKG"), ("Hong Kong SAR, China", "HKG"), ("China, Hong Kong SAR", "HKG")),
        *(("Macau", "MAC"), ("Viet Nam", "VNM"), ("Vietnam", "VNM"), ("VIET NAM", "VNM"), ("Kyrgyz Republic", "KGZ")),
        *(("Türkiye", "TUR"), ("Turkey", "TUR"), ("Turkiye", "TUR"), ("Iran (Islamic Republic of)", "IRN")),
        *(("Iran, Islamic Rep.", "IRN"), ("Korea, Rep.", "KOR"), ("Republic of Korea", "KOR"), ("South Korea", "KOR")),
        *(("Korea, Dem. People's Rep.", "PRK"), ("Democratic People’s Republic of Korea", "PRK"), ("韩国", "KOR")),
        *(("Burma", "MMR"), ("East Timor", "TLS"), ("Western Samoa", "WSM"), ("Fidji", "FJI"), ("Фиджи", "FJI")),
        *(("Viet\u00a0Nam", "VNM"), ("Viet\u202fNam\u3000", "VNM"), ("Viet Nam 2", "VNM"), ("China 3, 4", "CHN")),
        *(("Fiji¹", "FJI"), ("Netherlands (Kingdom of the) 5", "NLD"), ("Japan [7]", "JPN"), ("FJI 3", "FJI")),
        *(("Fiji 1/", "FJI"), ("Fiji [a]", "FJI"), ("Fiji (b)", "FJI")),
        *(("EUU", "EUU"), ("XKX", "XKX"), ("European Union", "EUU"), ("USSR", "SUN"), ("Cote d'Ivoire", "CIV")),
    ],
)
def test_a_state_is_known_by_its_codes_and_names(written: str, code: str):
    assert states_called(written) == (code,)


@pytest.mark.parametrize("written", ["Korea", "korea", "Corée", "Корея"])
def test_two_koreas_share_a_name_and_none_is_guessed(written: str):
    assert states_called(written) == ("KOR", "PRK")
    with pytest.raises(InputError, match=r"name one; given .*; allowed KOR, PRK"):
        member_called(written)


@pytest.mark.parametrize(
    "written", ["", "ROK", "PRC", "IRA", "DPRK", "TNO", "FIJ", "XXX", "AAA", "ZZZ", "0", "999", "3", "Asia", "2002"]
)
def test_what_names_no_state_means_none(written: str):
    assert states_called(written) == ()


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        *(("ROK", "KOR"), ("PRC", "CHN"), ("DPRK", "PRK"), ("rok", "KOR")),
        *(("IRA", ""), ("TNO", ""), ("FIJ", ""), ("KRO", ""), ("", "")),
        *(("Philipines", "PHL"), ("Kyrgystan", "KGZ"), ("Austrlia", "AUS, AUT"), ("Koreaa", "KOR, PRK")),
        *(("Repulic of Korea", "KEN, KOR, PRK"), ("Solomon", "SLB"), ("Marshall", "MHL"), ("republic", "")),
    ],
)
def test_short_forms_and_almost_equal_names_are_proposed_and_letters_of_codes_are_not(written: str, proposed: str):
    assert ", ".join(states_proposed(written)) == proposed


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        *(("Austrlia", "AUS"), ("Korea", "KOR, PRK"), ("Fiji", "FJI"), ("ROK", "KOR"), ("PRC", "CHN"), ("FJJ", "FJI")),
        *(("Pasific", "Pacific"), ("Brazil", ""), ("Central Asia", "NCA"), ("中亚", "NCA"), ("Southeast Asia", "")),
        *(("small island developing states", "SIDS"), ("Pacific Islands Forum", "PIF"), ("", "")),
    ],
)
def test_where_a_member_or_a_subregion_was_to_be_named_one_of_these_is_proposed(written: str, proposed: str):
    assert proposal(written, ("FJI", "KIR", "PRK", "Pacific", "ENEA", "NCA", "SIDS", "PIF")) == proposed


def test_no_state_is_proposed_for_a_code_of_none():
    codes = [f"{a}{b}{c}" for a in "ABIKPRT" for b in "ANOPRST" for c in "AKNORST"]
    strange = [code for code in codes if not states_called(code)]
    short = {row["word"] for row in WORDS if row["source"] == "short form"}
    assert {code for code in strange if states_proposed(code)} <= short
    assert len(strange) > 200


def test_every_member_is_known_by_all_that_the_project_calls_it():
    for code, row in member_table().iterrows():
        for written in (code, str(row["iso_num"]), row["name_en"], row["name_zh"]):
            assert states_called(written) == (code,)


def test_every_code_stands_for_one_state():
    written = [row[column] for row in STATES.values() for column in ("iso3", "iso2", "number") if row[column]]
    assert len({*written}) == len(written)
    columns = ("iso3", "iso2", "number")
    assert all(states_called(row[one]) == (code,) for code, row in STATES.items() for one in columns if row[one])


def test_names_that_several_states_share_are_few_and_known():
    shared = {row["word"]: states_called(row["word"]) for row in WORDS if len(states_called(row["word"])) > 1}
    assert {*shared.values()} == {("KOR", "PRK"), ("VGB", "VIR"), ("COD", "COG")}
    assert {word for word, codes in shared.items() if codes == ("COD", "COG")} == {"刚果"}


def test_words_are_of_states_that_there_are():
    assert {row["iso3"] for row in WORDS} <= {*STATES}


def test_what_is_no_country_says_what_it_is_in_every_language():
    others = {code for code in STATES if not is_country(code)}
    assert {f"state.{code}" for code in others} == {key for key in keys() if key.startswith("state.")}
    assert {row["kind"] for code, row in STATES.items() if code in others} == {"former", "other"}
    assert {"EUU", "XKX", "SUN"} <= others
    assert all(keys(language) >= {f"state.{code}" for code in others} for language in WHOLE)


def test_a_member_is_found_by_its_names_in_every_language_and_by_no_code():
    names = names_of("MMR")
    assert {"Myanmar", "Burma", "Birmanie", "Мьянма", "缅甸"} <= {*names}
    assert "BUR" not in names
    assert {"Korea", "ROK", "South Korea"} <= {*names_of("KOR")}


def test_a_member_is_called_by_name_and_a_state_that_is_none_is_not():
    assert (member_called("Viet Nam"), member_called("Burma"), member_called("Brazil")) == ("VNM", "MMR", "")
