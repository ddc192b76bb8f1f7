"""The codelists of the IAMC table, written from what the program declares: `python .github/codelists.py`."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from foresight.facts.axes import group_table
from foresight.facts.bodies import body_table
from foresight.facts.members import member_table
from foresight.results.bands import BAND
from foresight.results.export import IAMC_UNITS, IAMC_VARIABLES
from foresight.results.outcomes import LABELS, OUTCOMES

FOLDER = Path(__file__).parents[1] / "foresight" / "definitions"

#: What a band is made of.
BANDS = {"median": "middle of the runs", "p10": "1 run in 10 is below", "p90": "1 run in 10 is above"}

#: What the outcomes are, for readers of tables.
MEANINGS = {
    "pledged_share": "Share of members, or of members and actions, that have pledged the rung",
    "delivered_share": "Share of members, or of members and actions, that have delivered the rung",
    "mean_delivered": "Rung delivered, mean over members, or over members and actions",
    "overdue_share": "Share of the pledges that are overdue",
    "trust": "Trust that partners deliver, mean over members",
    "capacity": "Administrative capacity, mean over members",
    "coverage": "Share of the funding gap that the regional fund covered",
    "condition": "Condition of the environment, mean over members",
    "baiji_index": "100 times the geometric mean of the condition over the domains",
    "baiji_heading": "Baiji index that the environment is heading for",
    "need": "Cost of delivering the next rung of every unmet pledge",
    "own": "Own resources of members",
    "gap": "Need that members cannot meet themselves",
    "grant": "Grants from the regional fund",
    "contribution": "Contributions to the regional fund",
    "offer": "Rung on offer in the subregion",
    "fund": "Regional support fund",
}


def files() -> dict[str, str]:
    """Return the text of each codelist by its path in the folder."""
    return {"region/regions.yaml": "".join(regions()), "variable/variables.yaml": "".join(variables())}


def variables() -> Iterator[str]:
    """Yield an entry for each variable and each line of its band, with its unit."""
    for name, outcome in OUTCOMES.items():
        dims = [dim for dim in outcome.dims if dim in ("action", "rung", "domain")]
        for labels, band in product(product(*(LABELS[dim] for dim in dims)), BAND):
            written = {dim: str(label).capitalize() for dim, label in zip(dims, labels, strict=True)}
            yield f"- {IAMC_VARIABLES[name].format_map(written)}|{band.capitalize()}:\n"
            yield f"    description: {json.dumps(f'{MEANINGS[name]}, {BANDS[band]}')}\n"
            yield f"    unit: {IAMC_UNITS[outcome.unit]}\n"


def regions() -> Iterator[str]:
    """Yield the regions below heads: parts of the region, bodies, members."""
    yield from ("- Region:\n", *(f"    - {json.dumps(name)}\n" for name in group_table()["name_en"]))
    yield from ("- Bodies:\n", *(f"    - {json.dumps(name)}\n" for name in body_table()["name_en"]))
    yield "- Members:\n"
    for code, name in member_table()["name_en"].items():
        yield f"    - {json.dumps(name, ensure_ascii=False)}:\n        iso3: {code}\n"


def write(folder: Path) -> None:
    """Write all codelists below a folder."""
    for name, text in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    write(FOLDER)
