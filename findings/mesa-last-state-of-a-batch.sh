#!/bin/sh
# Mesa 3.5.1: batch_run that reports every third state leaves out the state that a run ends in, unless three divides the
# steps.
#
# Expected: the end of a run is among what is reported, as without a period and as in Mesa 3.3.1 with one.
# Seen: of states 0 to 10, 0, 3, 6 and 9. Mesa 3.3.1 reports 0, 3, 6, 9 and 10.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
pip="$folder/venv/bin/pip install --quiet --disable-pip-version-check pandas==3.1.1 numpy==2.4.6"
states() {
    "$folder/venv/bin/python" - <<'PYTHON'
import mesa


class Counted(mesa.Model):
    def __init__(self, rng=None):
        super().__init__(rng=rng)
        self.count = 0
        self.datacollector = mesa.DataCollector({"count": "count"})
        self.datacollector.collect(self)

    def step(self):
        self.count += 1
        self.datacollector.collect(self)


rows = mesa.batch_run(Counted, {}, max_steps=10, data_collection_period=3, display_progress=False)
print(*(row["count"] for row in rows))
PYTHON
}
$pip 'mesa[network]==3.3.1'
before=$(states)
$pip 'mesa[network]==3.5.1'
now=$(states)
printf 'Mesa 3.3.1: %s\nMesa 3.5.1: %s\n' "$before" "$now"
[ "$before" = "0 3 6 9 10" ] && [ "$now" = "0 3 6 9" ]
echo "As described: batch_run of Mesa 3.5.1 leaves out the last state where the period does not divide the steps."
