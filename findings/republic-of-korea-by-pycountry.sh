#!/bin/sh
# pycountry 26.2.16: the search for "Republic of Korea", as the United Nations call it, finds North Korea alone.
#
# Expected: KOR, first or alone; it is the official name of that state, and what treaty lists have.
# Seen: search_fuzzy("Republic of Korea") gives PRK and nothing else, as the text is part of the official name
# "Democratic People's Republic of Korea", while that of KOR is kept as "Korea, Republic of"; lookup finds nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycountry==26.2.16
"$folder/venv/bin/python" - <<'PYTHON'
import pycountry

found = {}
for name in ("Republic of Korea", "Korea, Republic of", "South Korea"):
    found[name] = [country.alpha_3 for country in pycountry.countries.search_fuzzy(name)]
    print(name, found[name])
assert found["Korea, Republic of"] == found["South Korea"] == ["KOR"], "other names of KOR: has changed"
assert found["Republic of Korea"] == ["PRK"], "Republic of Korea: has changed"
try:
    raise SystemExit(f"lookup finds {pycountry.countries.lookup('Republic of Korea')}: has changed")
except LookupError:
    print("lookup: nothing")
PYTHON
echo "As described: pycountry 26.2.16 takes the Republic of Korea for its neighbour."
