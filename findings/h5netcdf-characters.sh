#!/bin/sh
# xarray 2026.9.0 reads one attribute of a netCDF file as two different texts, by its engine: plain characters (NC_CHAR)
# that are UTF-8, as ncgen and CDO write them.
#
# Expected: with the engines netcdf4 and h5netcdf the same title, Été.
# Seen: netcdf4 gives Été; h5netcdf (1.8.2) gives halves of characters (U+DCC3, U+DC89, ...), so that printing the dataset
# ends in a UnicodeEncodeError.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check xarray==2026.9.0 h5netcdf==1.8.2 h5py==3.16.0 \
    netCDF4==1.7.5.1.post1
cd "$folder"
PYTHONIOENCODING=utf-8 "$folder/venv/bin/python" - <<'PYTHON'
import netCDF4
import xarray as xr

with netCDF4.Dataset("title.nc", "w") as file:
    file.setncattr("title", "Été".encode())  # plain characters
read = {engine: xr.load_dataset("title.nc", engine=engine) for engine in ("netcdf4", "h5netcdf")}
for engine, dataset in read.items():
    print(engine, ascii(dataset.attrs["title"]))
try:
    repr(read["h5netcdf"]).encode()
    printed = True
except UnicodeEncodeError as error:
    printed = False
    print("UnicodeEncodeError:", error.reason)
assert read["netcdf4"].attrs["title"] == "Été"
assert read["h5netcdf"].attrs["title"] == "Été".encode().decode("ascii", "surrogateescape") and not printed, "has changed"
PYTHON
echo "As described: the engine h5netcdf of xarray makes halves of characters of what the engine netcdf4 reads as a text."
