#!/bin/sh
# openpyxl 3.1.5 beside python-calamine 0.9.1, both read by pandas 3.1.1: a day of 1886 is a day to one, midnight to the
# other.
#
# Expected: the Berne Convention was opened on 9 September 1886; a workbook that holds that date gives it with either
# engine of pandas, or is refused.
# Seen: openpyxl writes it as -4860 days since 1900, with the format of a date, and reads it back; calamine gives the
# time 00:00 in its place, without a word. A day of 2002 in the same column is the same with both.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1 pandas==3.1.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import re
import zipfile
from datetime import date

import openpyxl
import pandas as pd

book = openpyxl.Workbook()
for row in (["treaty", "opened"], ["Berne Convention", date(1886, 9, 9)], ["Stockholm Convention", date(2001, 5, 23)]):
    book.active.append(row)
book.save("treaties.xlsx")
sheet = zipfile.ZipFile("treaties.xlsx").read("xl/worksheets/sheet1.xml").decode()
serial = re.search(r'<c r="B2"[^>]*><v>([^<]*)', sheet)[1]
print("in the file:", serial)
engines = ("openpyxl", "calamine")
opened = {engine: pd.read_excel("treaties.xlsx", engine=engine)["opened"].map(str).tolist() for engine in engines}
for engine, days in opened.items():
    print(engine, days)
assert serial.startswith("-"), "what is written: has changed"
assert opened["openpyxl"] == ["1886-09-09 00:00:00", "2001-05-23 00:00:00"], "openpyxl: has changed"
assert opened["calamine"] == ["00:00:00", "2001-05-23 00:00:00"], "calamine: has changed"
PYTHON
echo "As described: a day before 1900 is midnight to python-calamine 0.9.1."
