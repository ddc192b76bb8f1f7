#!/bin/sh
# Mesa 3.5.1, as pip installs it by its name alone, cannot be imported: its first module loads that of networks, which
# needs networkx, and networkx is asked for by its extras only.
#
# Expected: what is installed without extras can be imported without them, as the guide of Mesa installs it.
# Seen: ModuleNotFoundError. With the extra `network` it can. (On Python 3.12 and newer; older ones get Mesa 3.3.1.)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.12}" -m venv "$folder/venv"
pip="$folder/venv/bin/pip install --quiet --disable-pip-version-check"
imported() { "$folder/venv/bin/python" -c 'import mesa; print(mesa.__version__)' 2>&1 | tail -n 1; }
$pip mesa==3.5.1
alone=$(imported)
$pip 'mesa[network]==3.5.1'
extra=$(imported)
printf 'alone: %s\nwith its extra: %s\n' "$alone" "$extra"
[ "$alone" = "ModuleNotFoundError: No module named 'networkx'" ] && [ "$extra" = "3.5.1" ]
echo "As described: Mesa 3.5.1 asks for networkx in extras alone, and cannot be imported without it."
