#!/bin/sh
# DuckDB 2.0.1: the header of a wide table of the IAMC, whose years are names of columns, is read as a row of numbers.
#
# Expected: the columns Model, Scenario, Region, Variable, Unit, 2020, 2030, as pandas and polars read them; or a word.
# Seen: columns named column0 to column6, and a first row in which 2020 and 2030 are values, without a word: the mean of
# the last column is that of its numbers and 2030. With header = true it is right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1
cd "$folder"
cat > wide.csv <<'CSV'
Model,Scenario,Region,Variable,Unit,2020,2030
m,s,World,Trust,share,0.4,0.5
m,s,Pacific,Trust,share,0.6,0.7
CSV
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb

guessed = duckdb.sql("FROM 'wide.csv'")
told = duckdb.sql("FROM read_csv('wide.csv', header = true)")
for one in (guessed, told):
    rows = one.fetchall()
    print(one.columns, len(rows), "rows; the mean of the last column:", round(sum(row[-1] for row in rows) / len(rows), 3))
assert guessed.columns == [f"column{at}" for at in range(7)] and len(guessed.fetchall()) == 3, "has changed"
assert told.columns[-1] == "2030" and len(told.fetchall()) == 2
PYTHON
echo "As described: DuckDB 2.0.1 takes a header of years for a row."
