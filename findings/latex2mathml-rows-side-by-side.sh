#!/bin/sh
# latex2mathml 3.81.1: equations under each other, as amsmath aligns them, become one line with ampersands in it, and no XML.
#
# Expected: a table of two rows for \begin{aligned}, as for \begin{array} and \begin{cases}; or an error.
# Seen: one row, in which each & of the source is a name of its own, unescaped, so that no XML parser reads the result
# and browsers show an ampersand beside the sign of equality. No error and no warning.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check latex2mathml==3.81.1
"$folder/venv/bin/python" - <<'PYTHON'
from xml.etree import ElementTree

from latex2mathml.converter import convert

ROW = "{http://www.w3.org/1998/Math/MathML}mtr"

table = convert(r"\begin{array}{rl} a & = b \\ c & = d \end{array}")
aligned = convert(r"\begin{aligned} a &= b \\ c &= d \end{aligned}")
print("array: rows", len(list(ElementTree.fromstring(table).iter(ROW))))
print("aligned:", aligned)
assert len(list(ElementTree.fromstring(table).iter(ROW))) == 2
assert "<mi>&</mi>" in aligned and "mtr" not in aligned, "has changed"
try:
    ElementTree.fromstring(aligned)
except ElementTree.ParseError as error:
    print("as XML:", error)
else:
    raise SystemExit("has changed")
PYTHON
echo "As described: latex2mathml 3.81.1 puts aligned rows side by side."
