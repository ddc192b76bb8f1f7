#!/bin/bash
# NumPyro 0.19 to 0.20.1 allow JAX from a version on and name no highest one, so that pip sets JAX 0.10.2 beside them
# without a word; none of them can be imported then. One would expect either to be told of the conflict when they are
# installed, or to be able to import what was. NumPyro 0.21.0 can be imported beside the same JAX.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"

said() { # what comes of importing NumPyro of a version
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "numpyro==$1" "jax==0.10.2" "jaxlib==0.10.2"
    "$folder/venv/bin/python" -m pip check >/dev/null && echo -n "consistent for pip; "
    "$folder/venv/bin/python" -c 'import numpyro; print("imported", numpyro.__version__)' 2>&1 | tail -1 | cut -d "(" -f 1
}

result=$(for version in 0.19.0 0.20.1 0.21.0; do said "$version"; done)
echo "$result"
expected="consistent for pip; ImportError: cannot import name 'xla_pmap_p' from 'jax.interpreters.pxla' 
consistent for pip; ImportError: cannot import name 'xla_pmap_p' from 'jax.extend.core.primitives' 
consistent for pip; imported 0.21.0"
[ "$result" = "$expected" ]
