#!/bin/sh
# SALib 1.6.0: the second-order Sobol' index of a factor that does nothing is far from zero, and its interval says so firmly.
#
# Expected: S2 of a pair with a factor that the function does not read is 0, as its total effect ST is; S2 is never above ST.
# Seen: with ST of that factor exactly 0 ± 0, S2 with another is 0.16 ± 0.13 for exp(8 x1 x2), and -0.86 ± 0.84 for a
# function of rare large values. S2 takes first-order effects off that it estimates from other points than the
# closed effect of the pair, so that the difference of two estimates of the same effect stays in it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check salib==1.6.0 numpy==2.4.6 scipy==1.17.1
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sampler

problem = {"num_vars": 3, "names": ["x1", "x2", "nothing"], "bounds": [[0, 1]] * 3}
unit = sampler.sample(problem, 64, calc_second_order=True, seed=1)
functions = {
    "exp(8 x1 x2)": (np.exp(8 * unit[:, 0] * unit[:, 1]), 1, 0.1638, 0.1344),
    "rare": (np.exp(6 * unit[:, 0]) * (unit[:, 1] > 0.8), 0, -0.8635, 0.8355),
}
for name, (values, other, index, reach) in functions.items():
    found = sobol.analyze(problem, values, calc_second_order=True, seed=1)
    total, half = float(found["ST"][2]), float(found["ST_conf"][2])
    second, around = float(found["S2"][other, 2]), float(found["S2_conf"][other, 2])
    print(f"{name}: ST of nothing {total:.4f} ± {half:.4f}, S2 of x{other + 1} and nothing {second:.4f} ± {around:.4f}")
    assert (total, half) == (0.0, 0.0), "the total effect has changed"
    assert np.allclose([second, around], [index, reach], atol=0.02), "the second-order index has changed"
    assert abs(second) > around, "its interval holds 0 now"
PYTHON
echo "As described: SALib 1.6.0 finds interactions with a factor that does nothing."
