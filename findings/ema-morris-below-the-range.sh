#!/bin/sh
# EMA Workbench 3.0.0: the sampler MORRIS draws a whole number below the range of its parameter.
#
# Expected: samples of IntegerParameter("years", 3, 7) lie between 3 and 7.
# Seen: some are 2. The lowest level of Morris is a share of 0, and SciPy puts the quantile 0 of a distribution of whole
# numbers one below the least of them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ema-workbench==3.0.0 pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from ema_workbench import IntegerParameter, Model, RealParameter, Samplers, ScalarOutcome, SequentialEvaluator


def copied(years=None, share=None):
    return {"seen": years}


model = Model("copied", function=copied)
model.uncertainties = [IntegerParameter("years", 3, 7), RealParameter("share", 0, 1)]
model.outcomes = [ScalarOutcome("seen")]
with SequentialEvaluator(model) as evaluator:
    experiments, _ = evaluator.perform_experiments(20, uncertainty_sampling=Samplers.MORRIS, log_progress=True)
drawn = sorted(set(experiments["years"].tolist()))
print("years between 3 and 7:", drawn)
assert drawn[0] == 2, "has changed"
PYTHON
echo "As described: MORRIS of EMA Workbench 3.0.0 draws 2 for a whole number between 3 and 7."
