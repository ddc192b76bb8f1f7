#!/bin/sh
# PRIM of EMA Workbench 2.5.3 beside pandas 3: on a column of whole numbers that it limits it ends in a TypeError.
#
# Expected: a box, as of the same numbers written as floats.
# Seen: while pasting, it puts a limit halfway between two whole numbers into a column of int64, which pandas 3 refuses
# (TypeError: Invalid value '6.5' for dtype 'int64'). The same numbers as float64 give a box.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ema-workbench==2.5.3 pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import pandas as pd
from ema_workbench.analysis.prim import Prim

rng = np.random.default_rng(1)
whole, share = rng.integers(1, 11, 1000), rng.random(1000)
interesting = (whole >= 7) & (share > 0.4)
outcomes = {}
for kind in ("float64", "int64"):
    points = pd.DataFrame({"whole": whole.astype(kind), "share": share})
    try:
        outcomes[kind] = Prim(points, interesting, threshold=0.2).find_box().box_lim["whole"].tolist()
    except TypeError as error:
        outcomes[kind] = f"TypeError: {error}"
    print(kind, outcomes[kind])
assert isinstance(outcomes["float64"], list), "floats: no box any more"
assert outcomes["int64"] == "TypeError: Invalid value '6.5' for dtype 'int64'", "whole numbers: has changed"
PYTHON
echo "As described: PRIM of EMA Workbench 2.5.3 ends in a TypeError on whole numbers."
