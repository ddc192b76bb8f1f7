"""What other programs read of each export: `python .github/readers.py [FOLDER]` installs them and prints a table.

It takes Debian packages (nco, cdo, netcdf-bin, libreoffice-calc) where they are absent, and makes environments of
Python for the others in the folder, or in one that goes away. A cell is what was read, or the last line of a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

#: Environments of Python, which would not agree in one, and the packages of Debian by the command that each brings.
PYTHON = {
    "tables": (
        "pyam-iamc>=4",
        "nomenclature-iamc",
        "duckdb",
        "polars",
        "fastexcel",
        "netCDF4",
        "h5netcdf",
        "xarray",
        "h5py",
        "pyarrow",
    ),
    "checker": ("compliance-checker",),
}
DEBIAN = {"ncks": "nco", "cdo": "cdo", "ncdump": "netcdf-bin", "soffice": "libreoffice-calc"}

#: What is written: name, and words after `foresight run`.
FILES = {
    "members.nc": ("historical-pace", "--replicates", "8"),
    "summary.nc": ("historical-pace", "--replicates", "8", "--keep", "summary"),
    "outcomes.csv": ("historical-pace", "--replicates", "8", "--format", "csv"),
    "iamc.csv": ("historical-pace", "--replicates", "8", "--format", "iamc"),
    "runs.xlsx": ("historical-pace", "--replicates", "8"),
}
STORE = """
id = "small"
scenarios = ["historical-pace"]
outcomes = ["mean_delivered", "trust.Pacific"]
uncertainties = { delivery_rate = true }
sampler = { method = "latin_hypercube", n = 16 }
"""

#: Programs by the kinds of files that each is tried on: a command, or words of Python whose last line is printed.
NETCDF, CSV, IAMC, BOOK, PARTS = (".nc",), (".csv",), ("iamc.csv", ".xlsx"), (".xlsx",), (".parquet",)
COMMANDS = {
    "ncdump": (NETCDF, "ncdump -h {file} | grep -c '(time'"),
    "ncks": (NETCDF, "ncks -O {file} copy.nc && ncdump -h copy.nc | grep -c '(time'"),
    "ncra": (NETCDF, "ncra -O {file} mean.nc && ncdump -v offer mean.nc | grep -c '[.][0-9]'"),
    "cdo showname": (NETCDF, "cdo -s showname {file} 2>/dev/null | wc -w"),
    "cdo copy": (NETCDF, "cdo -s -O copy {file} copy.nc 2>/dev/null && ncdump -h copy.nc | grep -c '(time'"),
    "compliance-checker": (NETCDF, "checker/bin/compliance-checker --test cf:1.8 {file} | tail -n 2"),
    "LibreOffice": (
        (*CSV, *BOOK),
        "soffice --headless --convert-to ods --outdir . {file} >/dev/null && echo converted",
    ),
}
SCRIPTS = {
    "xarray, netcdf4": (
        NETCDF,
        "import xarray; print(len(xarray.load_dataset('{file}', engine='netcdf4')), 'variables')",
    ),
    "xarray, h5netcdf": (
        NETCDF,
        "import xarray; print(len(xarray.load_dataset('{file}', engine='h5netcdf')), 'variables')",
    ),
    "pyam": (
        IAMC,
        "import pyam, pathlib; read = pyam.IamDataFrame(pathlib.Path('{file}')).data; "
        "print(len(read), 'points,', read['value'].isna().sum(), 'without a value')",
    ),
    "nomenclature": (
        IAMC,
        "import nomenclature, pyam, pathlib; read = pyam.IamDataFrame(pathlib.Path('{file}')); "
        "nomenclature.DataStructureDefinition(pathlib.Path('{definitions}')).validate(read); print('no remark')",
    ),
    "pandas": (CSV, "import pandas; print(pandas.read_csv('{file}').shape)"),
    "polars": (CSV, "import polars; print(polars.read_csv('{file}', infer_schema_length=None).shape)"),
    "polars, sheet": (BOOK, "import polars; print(polars.read_excel('{file}', sheet_name='data').shape)"),
    "polars, parts": (PARTS, "import polars; print(polars.read_parquet('{file}').shape)"),
    "DuckDB": (CSV, "import duckdb; print(duckdb.sql(\"FROM read_csv('{file}', header = true)\").shape)"),
    "DuckDB, parts": (PARTS, "import duckdb; print(duckdb.sql(\"FROM '{file}'\").shape)"),
    "pandas, parts": (PARTS, "import pandas, glob; print(pandas.read_parquet(sorted(glob.glob('{file}'))).shape)"),
}


def main(folder: Path) -> None:
    """Install the readers, write the exports, and print what each reads of each."""
    os.environ["IAM_UNITS_CACHE"] = str(folder / "units")  # the user's would be left with paths of these environments
    install(folder)
    written = export(folder)
    definitions = Path(__file__).parents[1] / "foresight" / "definitions"
    for program, file, said in read(folder, written, definitions):
        print(f"| {program} | {file} | {said} |", flush=True)


def install(folder: Path) -> None:
    """Install what is absent."""
    if absent := [package for command, package in DEBIAN.items() if shutil.which(command) is None]:
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *absent], check=True)
    for name in PYTHON.keys() - {path.name for path in folder.iterdir()}:
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        subprocess.run([folder / name / "bin" / "pip", "install", "--quiet", *PYTHON[name]], check=True)


def export(folder: Path) -> list[Path]:
    """Write every export; return the files, the parts of a store as a pattern."""
    for name, words in FILES.items():
        call(folder, "run", *words, "--out", name, "--force")
    (folder / "small.toml").write_text(STORE, "utf-8")
    shutil.rmtree(folder / "store", ignore_errors=True)
    call(folder, "sweep", "small.toml", "--out", "store")
    return [*(folder / name for name in FILES), folder / "store" / "part-*.parquet"]


def call(folder: Path, *words: str) -> None:
    """Call the program."""
    subprocess.run(
        [sys.executable, "-m", "foresight", "--quiet", *words], cwd=folder, check=True, stdout=subprocess.PIPE
    )


def read(folder: Path, files: list[Path], definitions: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the program, the file and what it said of it."""
    python = folder / "tables" / "bin" / "python"
    programs = {name: (kinds, ["sh", "-c", words]) for name, (kinds, words) in COMMANDS.items()}
    programs |= {name: (kinds, [str(python), "-W", "ignore", "-c", words]) for name, (kinds, words) in SCRIPTS.items()}
    for program, (kinds, words) in programs.items():
        for file in files:
            if file.name.endswith(kinds):
                filled = words[-1].format(file=file, definitions=definitions)
                yield program, file.name, said(folder, [*words[:-1], filled])


def said(folder: Path, words: list[str]) -> str:
    """Return the last line that a program wrote."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    lines = [line for line in (done.stdout if done.returncode == 0 else done.stderr).splitlines() if line.strip()]
    return f"{'' if done.returncode == 0 else 'FAILED: '}{lines[-1] if lines else 'nothing'}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]).resolve())
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder))
