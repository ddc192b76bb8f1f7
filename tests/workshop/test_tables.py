"""The table of votes: a row for all that was acknowledged, in order, and nothing that a spreadsheet would run."""

import io

import pandas as pd
import pytest
from rooms import OPENED, Played, played

from foresight.workshop.events import Adopted, Opened, Predicted, Proposed, Ranked
from foresight.workshop.hands import levers_of
from foresight.workshop.tables import LEVERS, votes_csv

VOTES = Predicted | Proposed | Ranked | Adopted


def table(made: Played) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(votes_csv(made.record)), keep_default_na=False, dtype=str)


def proposing(reason: str = "") -> Played:
    """Return a room in which one person proposed something for East and North-East Asia."""
    made = Played().seated(1)
    made.desk("stage", stage="round")
    made.desk("ask", open=True)
    made.phone(1, "propose", points=[1, 0, 0, 0, 3], reason=reason)
    return made


def test_there_is_a_row_for_everything_that_was_acknowledged():
    made = played()
    votes = [(number, event) for number, event in enumerate(made.events, start=1) if isinstance(event, VOTES)]
    rows = table(made)
    assert [int(number) for number in rows["n"]] == [number for number, _ in votes]
    kinds = {"prediction": Predicted, "proposal": Proposed, "ranking": Ranked, "decision": Adopted}
    assert [kinds[kind] for kind in rows["kind"]] == [type(event) for _, event in votes]
    assert rows["kind"].value_counts().to_dict() == {"proposal": 90, "decision": 35, "prediction": 18, "ranking": 18}


def test_a_row_says_what_was_proposed():
    (row,) = table(proposing("because")).to_dict("records")
    said = {name: value for name, value in row.items() if value}
    assert said == {
        "n": "7",
        "time": "2026-11-30T09:00:06.000+00:00",
        "kind": "proposal",
        "round": "1",
        "branch": "1",
        "phase": "2",
        "delegation": "ENEA",
        "person": "1",
        "solidarity": "1",
        "transparency": "0",
        "accountability": "0",
        "financing": "0",
        "networking": "3",
        "reason": "because",
        "status": "counts",
    }


def test_points_stand_below_their_levers():
    rows = table(played())
    decided = rows[(rows["kind"] == "decision") & (rows["delegation"] == "secretariat")].iloc[0]
    assert [decided[lever.name] for lever in levers_of("secretariat")] == ["2", "1", "1"]
    assert set(rows.columns) > set(LEVERS)
    assert [decided[name] for name in ("solidarity", "performance_share")] == ["", ""]


@pytest.mark.parametrize("reason", ["=1+2", "+SUM(A1)", "@cmd", "-cmd|' /C calc'!A0", "＝1"], ids=str)
def test_no_reason_is_a_formula(reason: str):
    (row,) = table(proposing(reason)).to_dict("records")
    assert row["reason"] == f"'{reason}"


def test_reasons_with_marks_of_the_format_come_back():
    (row,) = table(proposing('a, "b"; c')).to_dict("records")
    assert row["reason"] == 'a, "b"; c'


def test_what_was_replaced_or_taken_out_is_a_row_all_the_same():
    made = proposing("first")
    made.phone(1, "propose", points=[2, 0, 0, 0, 0], reason="second")
    assert list(table(made)["status"]) == ["replaced", "counts"]
    made.desk("strike", person=1)
    rows = table(made)
    assert list(rows["status"]) == ["taken out", "taken out"]
    assert list(rows["reason"]) == ["", ""]
    made.phone(1, "propose", points=[0, 0, 0, 0, 1], reason="third")
    assert list(table(made)["reason"]) == ["", "", "third"]
    made.desk("remove", person=1)
    assert list(table(made)["status"]) == ["taken out"] * 3


def test_decisions_that_were_cleared_are_taken_out():
    made = proposing("first")
    made.desk("adopt", delegation="ENEA", how="median")
    made.desk("clear")
    made.desk("adopt", delegation="ENEA", how="value", points=[0, 0, 0, 0, 0])
    assert list(table(made)["status"]) == ["taken out", "taken out", "counts"]


def test_practice_is_round_and_branch_zero():
    made = Played()
    made.desk("stage", stage="practice")
    made.desk("lock", locked=True)
    rows = table(made)
    assert set(rows["round"]) == set(rows["branch"]) == {"0"}
    assert set(rows["how"]) == {"median"}
    made.desk("clear")
    assert set(table(made)["status"]) == {"taken out"}


def test_nobody_is_named():
    made = Played()
    person = made.join()
    made.phone(person, "describe", delegation="SEA", name="Ana Tui", group="official")
    made.desk("stage", stage="predict")
    made.desk("ask", open=True)
    made.phone(person, "predict", steps=1.0)
    written = votes_csv(made.record)
    assert "Ana" not in written
    assert "official" not in written


def test_a_table_of_nothing_has_its_heads():
    assert votes_csv(Played().record).splitlines()[1:] == []
    with pytest.raises(ValueError, match="begins with"):
        votes_csv([(OPENED, event) for event in Played().events if not isinstance(event, Opened)])
