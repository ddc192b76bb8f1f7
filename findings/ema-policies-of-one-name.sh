#!/bin/sh
# EMA Workbench 2.5.3: a policy that is named as one before it in the same evaluator runs with the values of the first.
#
# Expected: each call runs the policy that it is given, or refuses a second one of that name.
# Seen: the table of experiments shows the value of the second policy, 2.0, and the outcome is that of the first, 1.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ema-workbench==2.5.3 pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from ema_workbench import Model, Policy, RealParameter, ScalarOutcome, SequentialEvaluator


def copied(share=None, level=None):
    return {"seen": level}


model = Model("copied", function=copied)
model.uncertainties = [RealParameter("share", 0, 1)]
model.levers = [RealParameter("level", 0, 10)]
model.outcomes = [ScalarOutcome("seen")]
pairs = []
with SequentialEvaluator(model) as evaluator:
    for level in (1.0, 2.0):
        experiments, outcomes = evaluator.perform_experiments(1, [Policy("mine", level=level)])
        pairs.append((float(experiments["level"].iloc[0]), float(outcomes["seen"][0])))
        print("asked for", pairs[-1][0], "and run with", pairs[-1][1])
assert pairs == [(1.0, 1.0), (2.0, 1.0)], "has changed"
PYTHON
echo "As described: EMA Workbench 2.5.3 runs a policy with the values of an earlier one of its name."
