#!/bin/sh
# country_converter 1.3.2: a longer name that holds that of a state is taken for it, and one name of two states for one.
#
# Expected: Inner Mongolia, a region of China, and Czechoslovakia, which ended in 1992, are not found, as German
# Democratic Republic and Yugoslavia are not; of "Korea" one is told that it may be either.
# Seen: Inner Mongolia is Mongolia, Czechoslovakia is Czechia, Korea is KOR, and its log has not a word on them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check country_converter==1.3.2 pandas==3.0.3
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import logging

import country_converter


class Kept(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())


said = []
logging.getLogger().addHandler(Kept())
converter = country_converter.CountryConverter()
found = {}
for name in ("Inner Mongolia", "Czechoslovakia", "Korea", "German Democratic Republic", "Yugoslavia"):
    before = len(said)
    found[name] = converter.convert(name, to="ISO3", not_found="-")
    print(name, found[name], said[before:])
    assert bool(said[before:]) == (found[name] == "-"), "what is told: has changed"
assert list(found.values()) == ["MNG", "CZE", "KOR", "-", "-"], "what is found: has changed"
PYTHON
echo "As described: country_converter 1.3.2 finds states in longer names, without a word."
