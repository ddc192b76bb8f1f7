"""Call every verb once, whatever the versions of libraries, and look at what comes.

Run by `make smoke` and `make lowest`. `calibrate`, which has tests of its own, and `bench` are left out; of `bundle`
the wheel of the program is made, and no index is asked.
"""

import csv
import json
import math
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path
from typing import Any, Final

import golden
import openpyxl
import xarray as xr

from foresight.actions import ACTIONS, LAST_YEAR
from foresight.agents.model import ForesightModel
from foresight.parcels.distribution import libraries
from foresight.parcels.rebuilt import own_wheel

SCENARIO: Final = "baiji-returns"

#: What every call is like that makes the runs of the golden file.
RUNS: Final = ("--replicates", str(golden.REPLICATES), "--seed", str(golden.SEED), "--effects", "drawn")

EXPERIMENT: Final = f"""
id = "smoke"
scenarios = ["{SCENARIO}"]
replicates = 2
outcomes = ["mean_delivered", "completed"]
years = [2040]

[uncertainties]
delivery_rate = true
peer_effect = true

[sampler]
method = "METHOD"
n = 64
"""


def main() -> None:
    """Call all, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run(place)
        sweep(place)
        read(place)
        pack(place)
        serve(place)
    step_by_step()
    print("Every verb works.")


def call(place: Path, *words: str) -> Any:
    """Call the program; return its answer, which comes without a warning."""
    print("foresight", *words, flush=True)
    command = [sys.executable, "-m", "foresight", "--json", "--quiet", *words]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, ""), (done.returncode, done.stderr)
    return json.loads(done.stdout)


def run(place: Path) -> None:
    """Save runs in every format: the integers are those of the golden file, and all tables say the same."""
    answer = call(place, "run", SCENARIO, *RUNS)
    (told,) = answer["scenarios"]
    for kind in ("nc", "csv", "xlsx", "iamc"):
        call(place, "run", SCENARIO, *RUNS, "--out", kind, "--format", kind)
    known = json.loads(golden.path(SCENARIO).read_text("utf-8"))
    with xr.open_dataset(place / "nc" / f"{SCENARIO}.nc") as saved:
        assert saved.attrs["result_digest"] == known["result_digest"]
        for action in ACTIONS:
            delivered = saved.delivered.sel(action=action).sum(["replicate", "member"]).values.tolist()
            assert delivered == known["delivered"][action], action
    median = told["outcomes"]["delivered.solidarity"]["median"]
    assert tabled(place / "csv", ("mean_delivered", "region", "solidarity"), "median", str(LAST_YEAR)) == median
    variable = "Action|Solidarity|Delivered|Mean Rung|Median"
    assert tabled(place / "iamc", ("Asia and the Pacific", variable), str(LAST_YEAR)) == median
    sheet = openpyxl.load_workbook(place / "xlsx" / f"{SCENARIO}.xlsx")["data"]
    (row,) = [row for row in sheet.iter_rows(values_only=True) if row[2:4] == ("Asia and the Pacific", variable)]
    assert math.isclose(row[-1], median, rel_tol=1e-12), row  # a workbook keeps 16 digits


def tabled(folder: Path, keys: tuple[str, ...], column: str, year: str = "") -> float:
    """Return the number in a column of the one row that has these words, and this year where a row has one."""
    with (folder / f"{SCENARIO}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if {*keys} <= {*row.values()} and row.get("year", "") == year]
    (row,) = rows
    return float(row[column])


def sweep(place: Path) -> None:
    """Sweep, go on with what is there, and look at what came."""
    for method in ("saltelli", "latin_hypercube"):
        (place / f"{method}.toml").write_text(EXPERIMENT.replace("METHOD", method), "utf-8")
        call(place, "check", f"{method}.toml")
        call(place, "sweep", f"{method}.toml", "--out", method, "--workers", "1")
        call(place, "sweep", f"{method}.toml", "--out", method, "--resume")
    indices = call(place, "analyze", "saltelli", "--out", "analysis")["table"]
    assert call(place, "check-version", "saltelli")["verdict"] == "same"
    great = {row["factor"]: row["value"] > 0.5 for row in indices if row["index"] == "ST"}
    assert great == {"peer_effect": False, "delivery_rate": True}, indices
    assert list((place / "analysis").iterdir()) != []
    assert call(place, "analyze", "latin_hypercube")["method"] == "pawn"
    for method in ("prim", "cart"):
        answer = call(place, "discover", "latin_hypercube", "--outcome", "mean_delivered >= 2", "--method", method)
        assert [[*box["limits"]] for box in answer["boxes"]] == [["delivery_rate"]], answer


def read(place: Path) -> None:
    """Ask what else can be asked."""
    call(place, "compare", "historical-pace", SCENARIO, *RUNS)
    call(place, "explain", "historical-pace", SCENARIO, *RUNS)
    assert call(place, "seek", "--target", "mean_delivered >= 1", "--settings", "1", "--replicates", "20")["reachable"]
    call(place, "hindcast", "--leave-one-out", "--out", "hindcast")
    assert list((place / "hindcast").iterdir()) != []
    assert call(place, "show", "Fiji")["iso3"] == "FJI"
    call(place, "protocol", "--out", "model.html")
    call(place, "trust", "--out", "trust.html")
    assert call(place, "archive", "--out", "archive.zip")["files"] > 500
    assert all((place / name).stat().st_size > 10_000 for name in ("model.html", "trust.html"))


def pack(place: Path) -> None:
    """Make the wheel of a bundle, and look up what it needs."""
    print("foresight bundle: the wheel", flush=True)
    assert "foresight/cli/verbs/bundle.py" in zipfile.ZipFile(own_wheel(place)).namelist()
    assert {"numpy", "panel", "networkx"} <= libraries().keys()


def serve(place: Path) -> None:
    """Serve the page, look at it, and end by SIGTERM: Ctrl-C is ignored in the background of a shell."""
    print("foresight ui", flush=True)
    command = [sys.executable, "-m", "foresight", "--json", "--quiet", "ui", "--port", "0"]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, text=True, encoding="utf-8") as server:
        said = ""
        while not said.endswith("}\n"):
            said += server.stdout.readline()
        url = json.loads(said)["url"]
        with urllib.request.urlopen(url) as page:
            assert (page.status, b"bokeh" in page.read()) == (200, True)
        server.terminate()
        assert server.wait() == 143


def step_by_step() -> None:
    """Go through the years agent by agent."""
    print("ForesightModel", flush=True)
    model = ForesightModel(SCENARIO)
    model.run_model()
    assert model.year == LAST_YEAR


if __name__ == "__main__":
    main()
