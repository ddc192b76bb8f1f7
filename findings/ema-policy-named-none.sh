#!/bin/sh
# EMA Workbench 3.0.0: a policy that is named "None", as the one without any measures often is, has no name any more once
# its results were saved and loaded.
#
# Expected: load_results gives back the experiments that save_results was given.
# Seen: the policies of four experiments are two of "None" and two of "dike" before, and two of none and two of "dike" after, so
# that experiments.policy == "None" finds none: the file is a table of CSV that is read without saying what is text.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ema-workbench==3.0.0 pandas==3.1.1 numpy==2.4.6
FILE="$folder/results.tar.gz" "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import os

from ema_workbench import Model, RealParameter, Sample, ScalarOutcome, SequentialEvaluator, load_results, save_results


def copied(share=None, level=None):
    return {"seen": level}


model = Model("copied", function=copied)
model.uncertainties = [RealParameter("share", 0, 1)]
model.levers = [RealParameter("level", 0, 10)]
model.outcomes = [ScalarOutcome("seen")]
with SequentialEvaluator(model) as evaluator:
    policies = [Sample("None", level=0.0), Sample("dike", level=3.0)]
    results = evaluator.perform_experiments(2, policies, log_progress=True)
save_results(results, os.environ["FILE"])
experiments, _ = load_results(os.environ["FILE"])
counts = [(table["policy"] == "None").sum().item() for table in (results[0], experiments)]
print("of the policy None:", counts[0], "before,", counts[1], "after;", experiments["policy"].isna().sum(), "of none")
assert counts == [2, 0], "has changed"
PYTHON
echo "As described: load_results of EMA Workbench 3.0.0 loses a policy that is named None."
