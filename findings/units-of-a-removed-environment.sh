#!/bin/sh
# iam-units 2026.8.5 with Pint 0.25.3: once an environment in which it was imported is removed, it cannot be imported in
# any other environment of that Python; nor can pyam, which imports it.
#
# Expected: what is imported in an environment is what is installed there, whatever other environments have been.
# Seen: FileNotFoundError of a file of the environment that is gone. What was parsed is kept below the user's cache
# folder, named by the contents of files, and has the paths of those that it was parsed from: the other environment
# finds the first file, and looks for those that it includes beside the path that is kept. IAM_UNITS_CACHE, or the
# removal of the folder iam-units below the user's cache folder, helps.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for name in first second; do
    "${PYTHON:-python3}" -m venv "$folder/$name"
    "$folder/$name/bin/pip" install --quiet --disable-pip-version-check \
        iam-units==2026.8.5 pint==0.25.3 flexparser==0.4 flexcache==0.3
done
imported() { "$folder/$1/bin/python" -c 'import iam_units; print(iam_units.registry("1 km").to("m"))' 2>&1 | tail -n 1; }
export XDG_CACHE_HOME="$folder/cache"
unset IAM_UNITS_CACHE
before="$(imported first), $(imported second)"
rm -r "$folder/first"
gone=$(imported second)
own=$(IAM_UNITS_CACHE="$folder/own" imported second)
printf 'both there: %s\nthe first removed: %s\nwith a cache of its own: %s\n' "$before" "$gone" "$own"
[ "$before" = "1000.0 meter, 1000.0 meter" ] && [ "$own" = "1000.0 meter" ]
case $gone in FileNotFoundError*"$folder/first/"*) ;; *) exit 1 ;; esac
echo "As described: iam-units reads of an environment that is gone."
