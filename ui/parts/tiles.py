"""Where every member stands on a map in which an island is as large as a giant."""

from typing import Any, Final

from foresight.scenario.scenario import Scenario

from ..words import Words

#: Place of every subregion on the map: its first column and row, and its columns.
PLACES: Final = {
    "NCA": (0.0, 0.0, 5),
    "ENEA": (5.5, 0.0, 4),
    "SSWA": (0.0, 2.7, 4),
    "SEA": (4.5, 2.7, 5),
    "Pacific": (0.0, 6.4, 9),
}


def tiles(scenario: Scenario, words: Words) -> dict[str, Any]:
    """Return the map without its numbers: every member that takes part, by subregion and code."""
    table = scenario.members()
    members = []
    for subregion, (column, row, width) in PLACES.items():
        for at, code in enumerate(table.index[table["subregion"] == subregion]):
            place = {"col": column + at % width, "row": row + at // width}
            members.append({"id": code, "label": code, "name": words.member(code), "group": subregion, **place})
    groups = [{"id": code, "label": words.group(code), "short": words.say(f"first.group_{code}")} for code in PLACES]
    return {"type": "tiles", "tiles": members, "groups": groups, "years": list(range(2017, 2041)), "unit": ""}
