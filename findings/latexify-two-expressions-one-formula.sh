#!/bin/sh
# latexify-py 0.4.4: expressions of different values are written as the same formula, as parentheses that decide are lost.
#
# Expected: parentheses wherever another reading gives another value, as there are for x - (y - z) and (x + y) % z.
# Seen: x * (y % z) comes out as x * y % z does; (x < y) == z as x < y == z, which Python, and mathematics, read as a
# chain. No error and no warning, and the values differ.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check latexify-py==0.4.4
cd "$folder"
cat > pairs.py <<'PYTHON'
import latexify


def remainder_first(x, y, z): return x * (y % z)
def product_first(x, y, z): return x * y % z
def compared(x, y, z): return (x < y) == z
def chained(x, y, z): return x < y == z
def kept(x, y, z): return x - (y - z)
def plain(x, y, z): return x - y - z


def formula(function):
    return latexify.get_latex(function).split(" = ", 1)[1]


for one, other, values in (
    (remainder_first, product_first, (2, 5, 3)),
    (compared, chained, (1, 3, 1)),
):
    print(f"{formula(one)}    one is {one(*values)}, the other {other(*values)}")
    assert one(*values) != other(*values)
    assert formula(one) == formula(other), "has changed"
assert formula(kept) != formula(plain)
PYTHON
"$folder/venv/bin/python" pairs.py
echo "As described: latexify-py 0.4.4 writes different expressions as one formula."
