#!/bin/sh
# country_converter 1.3.2 beside pandas 3.1.1: nothing can be converted, because of Namibia.
#
# Expected: CountryConverter() as beside pandas 3.0.3; it reads its codes with converters={"ISO2": str}, which keep the
# text "NA" a text.
# Seen: with pandas 3.1.1 what a converter gives is looked through for missing values once more. "NA", the code of
# Namibia, becomes NaN, and the converter ends in a TypeError when it makes a pattern of every code.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
for pandas in 3.0.3 3.1.1; do
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check country_converter==1.3.2 pandas==$pandas
    "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import io

import country_converter
import pandas as pd

table = pd.read_csv(io.StringIO("iso2,name\nNA,Namibia\nFJ,Fiji\n"), converters={"iso2": str})
codes = table["iso2"].tolist()
try:
    outcome = country_converter.CountryConverter().convert("Namibia", to="ISO2")
except TypeError as error:
    outcome = f"TypeError: {error}"
print(f"pandas {pd.__version__}: {codes}, {outcome}")
if pd.__version__ == "3.0.3":
    assert codes == ["NA", "FJ"], "pandas 3.0.3: has changed"
    assert outcome == "NA", "country_converter beside pandas 3.0.3: has changed"
else:
    assert codes[1] == "FJ", "pandas 3.1.1: has changed"
    assert pd.isna(codes[0]), "pandas 3.1.1: has changed"
    assert outcome == "TypeError: first argument must be string or compiled pattern", "country_converter: has changed"
PYTHON
done
echo "As described: with pandas 3.1.1 Namibia's code is missing, and country_converter 1.3.2 cannot be made."
