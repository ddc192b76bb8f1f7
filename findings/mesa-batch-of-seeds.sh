#!/bin/sh
# Mesa 3.5.1: batch_run writes None over the seeds that it is given as a parameter, where the model has an argument `seed`.
#
# Expected: three runs of the seeds 1, 2 and 3, which can be made again, as Mesa 3.3.1 makes them; or a refusal that names
# `rng`, the new argument of batch_run.
# Seen: three runs of no seed, without a word: each batch gives other numbers, and the seeds in its rows are None. So does
# a parameter `rng`, where the model has no `seed`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'mesa[network]==3.5.1' pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import mesa


class Drawn(mesa.Model):
    def __init__(self, seed=None):
        super().__init__(rng=seed)
        self.number = self.random.random()
        self.datacollector = mesa.DataCollector({"number": "number"})
        self.datacollector.collect(self)

    def step(self):
        self.running = False


def batch():
    return mesa.batch_run(Drawn, {"seed": [1, 2, 3]}, display_progress=False)


one, other = batch(), batch()
for row in (*one, *other):
    print("seed", row["seed"], "number", row["number"])
assert [row["seed"] for row in one] == [None] * 3, "has changed"
assert [row["number"] for row in one] != [row["number"] for row in other], "has changed"
PYTHON
echo "As described: batch_run of Mesa 3.5.1 does not use the seeds that it is given as a parameter."
