#!/bin/sh
# EMA Workbench 2.5.3: the sampler UNIFORM_LHS draws whole numbers for real parameters.
#
# Expected: 200 samples of a real parameter between 0 and 5 are 200 numbers, spread out evenly, as by the sampler LHS.
# Seen: six numbers, 0, 1, 2, 3, 4 and 5: it takes every distribution for one of whole numbers, as frozen ones are no
# instances of rv_continuous.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ema-workbench==2.5.3 pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from ema_workbench import Model, RealParameter, Samplers, ScalarOutcome, SequentialEvaluator


def copied(share=None):
    return {"seen": share}


model = Model("copied", function=copied)
model.uncertainties = [RealParameter("share", 0, 5)]
model.outcomes = [ScalarOutcome("seen")]
drawn = {}
for sampler in (Samplers.LHS, Samplers.UNIFORM_LHS):
    with SequentialEvaluator(model) as evaluator:
        experiments, _ = evaluator.perform_experiments(200, uncertainty_sampling=sampler, log_progress=True)
    drawn[sampler.name] = set(experiments["share"])
    print(sampler.name, len(drawn[sampler.name]), "values, the least", sorted(drawn[sampler.name])[:6])
assert len(drawn["LHS"]) == 200, "LHS: has changed"
assert drawn["UNIFORM_LHS"] == {0, 1, 2, 3, 4, 5}, "UNIFORM_LHS: has changed"
PYTHON
echo "As described: UNIFORM_LHS of EMA Workbench 2.5.3 draws whole numbers for a real parameter."
