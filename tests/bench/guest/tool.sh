#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest, under -icount: count the instructions of whole runs of l2pc with many
# stations, kernel included, compared with nft; and measure the memory of top.
set -eu
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
# shellcheck source=tests/bench/guest/rows.sh
. /l2pc/tests/bench/guest/rows.sh
stations=${STATIONS:-100000}
nft_times=20	# l2pc -j show takes this many times less than nft -j list set
row=2500	# instructions of l2pc show for each station
dump_times=25	# a refresh of top takes at most this many tenths of the dump
station_bytes=120	# 24 of them for sent frames

fail() {
	echo "$*" >&2
	exit 1
}

ip link add eth0 type veth peer name cable
ip link set eth0 up addrgenmode none
ip link set cable up addrgenmode none
load interface=eth0 reset_interval=0 max_stations=$((2 * stations))
nft_on eth0
pktgen_thread 0 eth0 $((2 * stations)) "$stations"
# nft loses some stations while its set grows, and adds them the next time.
list=/tmp/list
for ((i = 0; i < 10; i++)); do
	pktgen_run
	nft_list >$list
	[ "$(nft_stations)" != "$stations" ] || break
done
[ "$(nft_stations)" = "$stations" ] || fail "nft has $(nft_stations) stations"
[ "$(l2pc -o show | grep -c ^station)" = "$stations" ] || fail "not all stations are there"
rm $list

# say WHAT THOUSANDS: print a cost in thousands of instructions.
say() { printf '%-40s %10d.%d million\n' "$1" $(($2 / 1000)) $(($2 % 1000 / 100)); }

# cost WHAT COMMAND...: set $cost, in thousands of instructions, and print it with WHAT.
cost() {
	local what=$1 begin
	shift
	begin=${EPOCHREALTIME/./}
	"$@" >/dev/null
	cost=$((${EPOCHREALTIME/./} - begin))
	[ -z "$what" ] || say "$what" $cost
}

# limit WHAT FIGURE MOST: report a figure that exceeds its limit.
limit() {
	[ "$2" -le "$3" ] && return
	echo "EXCEEDED: $1: $2, at most $3"
	exceeded=1
}

echo "$stations stations; instructions of the whole run, kernel included"
exceeded=''
cost 'true' /usr/bin/true
cost 'nft -j list set' nft_list
nft=$cost
cost 'l2pc --version' l2pc --version
cost 'l2pc -j show' l2pc -j show
limit "thousand instructions of l2pc -j show" "$cost" $((nft / nft_times))
cost 'l2pc show' l2pc show
limit "instructions a station of l2pc show" $((1000 * cost / stations)) $row
cost 'l2pc show --limit 1' l2pc show --limit 1
read -r _ dump < <($kit/bin/nldump)
dump=$((dump / 1000))
say 'the dump, read and not looked at' $dump
# top knows the stations from the second refresh on: measure the third.
cost '' l2pc top --batch -n 2 -d 0.001
two=$cost
cost '' l2pc top --batch -n 3 -d 0.001
refresh=$((cost - two))
say 'a refresh of l2pc top' $refresh
limit "thousand instructions of a refresh of top" $refresh $((dump_times * dump / 10))

l2pc top --batch -d 0.1 >/tmp/frames &
# shellcheck disable=SC2016 # the inner shell's
wait_for "three frames" sh -c '[ $(grep -c ^STATION /tmp/frames) -ge 3 ]'
bytes=$(awk '/^RssAnon:/ { print $2 * 1024 }' /proc/$!/status)
kill $!
echo "memory of l2pc top: $bytes bytes, $((bytes / stations)) a station"
limit "bytes a station of l2pc top" $((bytes / stations)) $station_bytes
[ -z "$exceeded" ]
