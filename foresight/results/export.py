"""Results for other programs: CSV, a workbook, and the wide table of the scenario community.

Where results come from stands in a workbook, and beside a file of CSV in the form that the W3C has for this: that of
`runs.csv` is `runs.csv-metadata.json`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

from foresight.cells import csv_text
from foresight.facts.axes import group_table
from foresight.facts.bodies import body_table
from foresight.facts.members import member_table
from foresight.facts.scopes import SCOPES
from foresight.files import written_whole
from foresight.results.bands import BAND, Band
from foresight.results.headline import headline, sentence
from foresight.results.left_behind import left_behind
from foresight.results.outcomes import OUTCOMES, bands
from foresight.results.pathway import completed, opening_years
from foresight.results.results import Results
from foresight.scenario.efforts import effort_points
from foresight.scenario.loading import ships
from foresight.scenario.scenario import Scenario
from foresight.texts import Words

#: Columns that a table of all outcomes has, empty where an outcome has no such label.
_COLUMNS: Final = ("outcome", "scope", "action", "rung", "domain", "year", "n", *BAND, "unit")

#: The sheets of a workbook that pyam reads: the table of the IAMC, and what is known of each of its futures.
DATA, META = "data", "meta"

#: Digits of the digest in the name of a future that does not ship.
MARK: Final = 8

#: What is told of a future beside its numbers.
_TOLD: Final = (
    "version",
    "scenario",
    "scenario_digest",
    "data_digest",
    "result_digest",
    "seed",
    "replicates",
    "effects",
)

#: Name of the model in tables for other programs.
MODEL: Final = "foresight"

#: Names of the outcomes in the tree of variables of the IAMC.
IAMC_VARIABLES: Final[Mapping[str, str]] = {
    "pledged_share": "Action|{action}|Pledged|Rung {rung}",
    "delivered_share": "Action|{action}|Delivered|Rung {rung}",
    "mean_delivered": "Action|{action}|Delivered|Mean Rung",
    "overdue_share": "Action|{action}|Pledged|Overdue",
    "trust": "Trust",
    "capacity": "Capacity",
    "coverage": "Finance|Coverage",
    "condition": "Condition|{domain}",
    "baiji_index": "Baiji Index",
    "baiji_heading": "Baiji Index|Heading",
    "need": "Finance|Need",
    "own": "Finance|Own Resources",
    "gap": "Finance|Gap",
    "grant": "Finance|Grants",
    "contribution": "Finance|Contributions",
    "offer": "Rung On Offer",
    "fund": "Finance|Fund",
}

#: Units in tables of the IAMC, by those of the outcomes; an account unit is no dollar.
IAMC_UNITS: Final[Mapping[str, str]] = {
    "share": "share",
    "rung": "rung",
    "index": "index",
    "account": "unit of account",
}


def outcome_rows(results: Results, scopes: Sequence[str] = SCOPES) -> pd.DataFrame:
    """Return the bands of every outcome in one long table.

    Parameters
    ----------
    results : Results
    scopes : sequence of str
        Whose outcomes, as `Results.series` has them.

    Returns
    -------
    pandas.DataFrame
        ``outcome``, ``scope``, ``action``, ``rung``, ``domain`` (missing where an outcome has none), ``year``, ``n``,
        ``median``, ``p10``, ``p90`` and ``unit``.
    """
    parts = [
        band.table().assign(outcome=name, unit=Words().say(f"unit.{OUTCOMES[name].unit}"))
        for name, band in bands(results.series(scopes)).items()
    ]
    plain = [part.astype(dict.fromkeys(part.select_dtypes("category"), str)) for part in parts]
    return pd.concat(plain, ignore_index=True).astype({"rung": "Int64"}).reindex(columns=list(_COLUMNS))


def provenance_rows(results: Results) -> pd.DataFrame:
    """Return where results come from: ``name`` and ``value``."""
    attributes = {str(name): str(value) for name, value in results.dataset.attrs.items()}
    said = {**attributes, "title": results.scenario.title.en, "sentence": sentence(results)}
    said["effort_points"] = f"{effort_points(results.scenario):g}"
    return pd.DataFrame({"name": list(said), "value": list(said.values())})


def tables(results: Results) -> dict[str, pd.DataFrame]:
    """Return what is written of results beside the bands of all outcomes, by name of a sheet or file."""
    return {
        "headline": headline(results),
        "opening_years": opening_years(results),
        "completed": completed(results),
        "left_behind": left_behind(results),
        "provenance": provenance_rows(results),
    }


def to_csv(results: Results, path: str | Path, scopes: Sequence[str] = SCOPES) -> None:
    """Write the bands of every outcome to one file of CSV, or every table to a folder that exists.

    Parameters
    ----------
    results : Results
    path : str or Path
        A folder, or the file to write.
    scopes : sequence of str
        Whose outcomes, as `Results.series` has them.
    """
    if Path(path).is_dir():
        for name, table in {**tables(results), "outcomes": outcome_rows(results, scopes)}.items():
            _write_csv(table, Path(path, f"{name}.csv"))
    else:
        _write_csv(outcome_rows(results, scopes), path)
        write_metadata(results, path)


def to_xlsx(results: Results, path: str | Path, scopes: Sequence[str] = SCOPES) -> None:
    """Write every table to a workbook, one sheet each; `DATA` has the outcomes of scopes, the years side by side."""
    from openpyxl import Workbook  # late: whoever writes no workbook need not wait for it

    book = Workbook()
    book.remove(book["Sheet"])
    exchanged = {DATA: to_iamc(results, scopes=scopes), META: meta(results)}
    for name, table in {**tables(results), **exchanged}.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(list(table.columns))
        for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
            sheet.append(row)
        _let_texts_be(sheet)
    with written_whole(path) as written:
        written.write_bytes(_packed(book))


def to_iamc(results: Results, path: str | Path | None = None, scopes: Sequence[str] = SCOPES) -> pd.DataFrame:
    """Return the wide table of the IAMC, and write it as CSV if a path is given.

    Parameters
    ----------
    results : Results
    path : str or Path, optional
        The file to write.
    scopes : sequence of str
        Whose outcomes: "region", subregions, special situations, bodies or iso3 of members.

    Returns
    -------
    pandas.DataFrame
        ``Model``, ``Scenario``, ``Region``, ``Variable``, ``Unit`` and a column a year. Variables are such as
        "Trust|Median" or "Action|Transparency|Delivered|Rung 1|P10"; effects of the results say what a band is made
        of. No cell is empty: a row with a year that has no number, as the coverage of a scope without a gap, is left
        out.
    """
    found = bands(results.series(scopes)).items()
    rows = pd.concat([_wide(name, band, column) for name, band in found for column in BAND], ignore_index=True)
    rows.insert(0, "Model", model_name(results))
    rows.insert(1, "Scenario", future_name(results.scenario))
    if path is not None:
        _write_csv(rows, path)
        write_metadata(results, path)
    return rows


def model_name(results: Results) -> str:
    """Return the name of the model in tables for other programs, with its version."""
    return f"{MODEL} {results.dataset.attrs['version']}"


def future_name(scenario: Scenario) -> str:
    """Return the name of a scenario in tables for other programs; one that does not ship has a mark of its own."""
    title = scenario.title.en
    return title if ships(scenario) else f"{title} ({scenario.digest()[:MARK]})"


def meta(results: Results) -> pd.DataFrame:
    """Return what is known of a future, in one row, as pyam reads it: ``model``, ``scenario``, and where from."""
    told = {f"foresight_{name}": str(results.dataset.attrs[name]) for name in _TOLD if name in results.dataset.attrs}
    return pd.DataFrame([{"model": model_name(results), "scenario": future_name(results.scenario), **told}])


def metadata_path(path: str | Path) -> Path:
    """Return where it is told where a file of CSV comes from."""
    return Path(f"{path}-metadata.json")


def write_metadata(results: Results, path: str | Path) -> None:
    """Tell beside a file of CSV where it comes from (W3C, Metadata Vocabulary for Tabular Data, 2015)."""
    rows = provenance_rows(results)
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": Path(path).name,
        "dc:title": results.scenario.title.en,
        "dialect": {"header": True, "encoding": "utf-8"},
        "notes": [dict(zip(rows["name"], rows["value"], strict=True))],
    }
    with written_whole(metadata_path(path)) as written:
        written.write_bytes(json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n")


def _packed(book: Any) -> bytes:
    """Return the file of a workbook; the library alone makes temporary files, and complains where a disk is full."""
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class InMemory(ExcelWriter):  # type: ignore[misc]  # of a library without types
        def write_worksheet(self, ws: Any) -> None:
            sheet = WorksheetWriter(ws, BytesIO())
            sheet.write()
            ws._rels = sheet._rels
            self._archive.writestr(ws.path[1:], sheet.out.getvalue())
            self.manifest.append(ws)

    content = BytesIO()
    InMemory(book, ZipFile(content, "w", ZIP_DEFLATED)).save()
    return content.getvalue()


def _let_texts_be(sheet: Any) -> None:
    """Let cells with texts be texts, whatever these look like: no formula, no error."""
    for cell in chain.from_iterable(sheet.iter_rows()):
        if isinstance(cell.value, str):
            cell.data_type = "s"


def _wide(name: str, band: Band, column: str) -> pd.DataFrame:
    """Return one column of one outcome with the years side by side."""
    labels = [label for label in band.labels if label != "year"]
    wide = band.table().pivot(index=labels, columns="year", values=column).dropna()
    keys = wide.index.to_frame(index=False).to_dict("records")
    described = {
        "Region": [_regions()[key["scope"]] for key in keys],
        "Variable": [f"{_variable(name, key)}|{column.capitalize()}" for key in keys],
        "Unit": IAMC_UNITS[OUTCOMES[name].unit],
    }
    return pd.concat([pd.DataFrame(described), wide.reset_index(drop=True)], axis=1)


def _variable(name: str, key: Mapping[Any, Any]) -> str:
    """Write the name of a variable, such as "Action|Transparency|Delivered|Rung 1"."""
    return IAMC_VARIABLES[name].format_map({label: str(value).capitalize() for label, value in key.items()})


@cache
def _regions() -> dict[str, str]:
    """Return the English name of every scope."""
    names = pd.concat([table["name_en"] for table in (group_table(), body_table(), member_table())])
    return {str(code): str(name) for code, name in names.items()}


def _write_csv(table: pd.DataFrame, path: str | Path) -> None:
    with written_whole(path) as written:
        written.write_bytes(csv_text(table).encode())
