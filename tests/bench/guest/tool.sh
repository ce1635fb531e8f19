#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest, under -icount: instructions of whole runs of l2pc with many stations,
# kernel included, and the memory that top takes.
set -eu
. /l2pc/tests/lib/module.sh
. /l2pc/tests/lib/pktgen.sh
stations=${STATIONS:-100000}

ip link add eth0 type veth peer name cable
ip link set eth0 up addrgenmode none
ip link set cable up addrgenmode none
load interface=eth0 reset_interval=0 max_stations=$((2 * stations))
pktgen_thread 0 eth0 $((2 * stations)) "$stations"
pktgen_run
[ "$(l2pc -o show | grep -c ^station)" = "$stations" ] || { echo "not all stations are there" && exit 1; }

# cost WHAT COMMAND...: sets $cost, in thousands.
cost() {
	local what=$1 begin
	shift
	begin=$(date +%s%N)
	"$@" >/dev/null
	cost=$((($(date +%s%N) - begin) / 1000))
	[ -z "$what" ] || printf '%-40s %10d.%d million\n' "$what" $((cost / 1000)) $((cost % 1000 / 100))
}

echo "$stations stations; instructions of the whole run, kernel included"
cost 'true' true
cost 'l2pc --version' l2pc --version
cost 'l2pc -j show' l2pc -j show
json=$cost
cost 'l2pc show' l2pc show
cost 'l2pc show --limit 1' l2pc show --limit 1
cost '' l2pc top --batch -n 2 -d 0.001
two=$cost
cost '' l2pc top --batch -n 3 -d 0.001
printf '%-40s %10d.%d million\n' 'a refresh of l2pc top' $(((cost - two) / 1000)) $(((cost - two) % 1000 / 100))

l2pc top --batch -d 0.1 >/tmp/frames &
# shellcheck disable=SC2016 # the inner shell's
wait_for "three frames" sh -c '[ $(grep -c ^STATION /tmp/frames) -ge 3 ]'
bytes=$(awk '/^RssAnon:/ { print $2 * 1024 }' /proc/$!/status)
kill $!
echo "memory of l2pc top: $bytes bytes, $((bytes / stations)) a station"
[ -z "${MOST:-}" ] || [ "$json" -le $((MOST * 1000)) ] || { echo "l2pc -j show takes more than $MOST million" && exit 1; }
