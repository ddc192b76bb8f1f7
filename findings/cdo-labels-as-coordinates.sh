#!/bin/sh
# CDO 2.1.1: where the attribute `coordinates` names the labels of two axes, a copy loses one of the axes, and its numbers.
#
# Expected: `cdo copy` of a variable with the axes time, member, action and run keeps its 12 numbers, or refuses it. CF 1.8
# (6.1) has labels of characters named in `coordinates`.
# Seen: with the attribute the copy has three axes and 4 numbers, those of the first action; it ends with 0. CDO warns that
# it skips the coordinate action, and says nothing of the variable. Without the attribute all is copied.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
[ "$(cdo --version 2>&1 | sed -n 's/.*version \([0-9.]*\).*/\1/p' | head -n 1)" = "2.1.1" ] ||
    { echo "needs CDO 2.1.1 and netcdf-bin, as in Debian 12"; exit 1; }
written() { # a file, with or without the attribute
    cat <<CDL | ncgen -4 -o "$1"
netcdf labels {
dimensions: time = UNLIMITED; member = 2; action = 3; run = 2; letters = 3;
variables:
  double time(time); time:units = "days since 2017-01-01"; time:calendar = "standard"; time:axis = "T";
  int year(time);
  int run(run);
  char member(member, letters); member:long_name = "member";
  char action(action, letters); action:long_name = "action";
  float pledged(time, member, action, run); pledged:units = "1"; $2
data: time = 0; year = 2017; run = 0, 1; member = "FJI", "VUT"; action = "one", "two", "six";
  pledged = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
}
CDL
}
written plain.nc ""
written named.nc 'pledged:coordinates = "year action member";'
result=$(for one in plain named; do
    cdo -s copy "$one.nc" "copy-$one.nc" 2>"$one.log"
    echo "$one: $(ncdump -v pledged "copy-$one.nc" | sed -n '/ pledged =/,/;/p' | tr -d '\n ')"
done)
echo "$result"
[ "$result" = "plain: pledged=1,2,3,4,5,6,7,8,9,10,11,12;
named: pledged=1,2,7,8;" ]
! grep -i pledged named.log
echo "As described: CDO 2.1.1 copies a third of the numbers of a variable whose labels are named as coordinates."
