#!/bin/sh
# Mesa 3.5.1 with Solara 1.64.1: SolaraViz, asked to reset, gives the model another `scenario` than it is told to.
#
# Expected: Reset makes the model with the values in model_params, here scenario="wet", as in Mesa 3.3.1.
# Seen: a model whose own argument is called `scenario` gets an object of class Scenario of Mesa in place of "wet". It
# cannot be meant by its user: Mesa makes one for every model, and puts it over the value of that name.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'mesa[network]==3.5.1' solara==1.64.1 altair==6.3.0 \
    'ipyvuetify==1.12.0' 'ipyvue==1.13.0' matplotlib pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import ipyvuetify
import mesa
import solara
from mesa.visualization import SolaraViz


class City(mesa.Model):
    def __init__(self, scenario="dry"):
        super().__init__()
        asked.append(scenario)


@solara.component
def Page():
    solara.AppLayout(children=[SolaraViz(City("wet"), model_params={"scenario": "wet"})])


asked = []
_, found = solara.render(Page(), handle_error=False)
(reset,) = (button for button in found.find(ipyvuetify.Btn).widgets if "Reset" in str(button.children))
asked.clear()
reset.click()
print("asked for 'wet', and made with", *map(type, asked))
assert [type(one).__name__ for one in asked] == ["Scenario"], "has changed"
PYTHON
echo "As described: a reset by SolaraViz of Mesa 3.5.1 puts an object of Mesa over the argument scenario."
