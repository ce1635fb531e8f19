#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The part of packet-path.sh that runs in the VM. MACS and MOST are given.
set -eu
. /l2pc/tests/lib/module.sh
. /l2pc/tests/lib/pktgen.sh

fail() {
	echo "$*"
	exit 1
}

# instructions FRAMES MACS: a frame, in tenths.
instructions() {
	pktgen_thread 0 eth0 "$1" "$2"
	pktgen_run
	awk -v frames="$1" '/Result: OK:/ { sub(/\(.*/, "", $3); printf "%d\n", $3 * 10000 / frames }' $pktgen_dir/eth0@0
	pktgen_clear
}

tenths() { printf '%d.%d' $(($1 / 10)) $(($1 % 10)); }

ip link add eth0 type dummy
ip link set eth0 up
instructions 20000 1 >/dev/null # the first run after boot is slower

echo "instructions added to a received frame, $(uname -r)"
echo "   stations   without    steady  first sight"
worst=0
# shellcheck disable=SC2153 # given by tests/bench/packet-path.sh
for n in $MACS; do
	frames=$((n < 100000 ? 100000 : n))
	without=$(instructions $frames "$n")
	without_once=$without
	[ "$n" = $frames ] || without_once=$(instructions "$n" "$n")
	load reset_interval=0 max_stations=4000000
	first=$(instructions "$n" "$n")
	# The worker has time to make the next table, and old ones are added up.
	sleep 2
	instructions $frames "$n" >/dev/null
	sleep 2
	steady=$(instructions $frames "$n")
	[ "$(untracked)" = 0 ] || fail "$(untracked) frames are untracked"
	[ "$(rows | wc -l)" = "$n" ] || fail "$(rows | wc -l) stations counted"
	unload
	added=$((steady - without))
	[ $added -le $worst ] || worst=$added
	# A handful of frames says nothing of the first sight.
	printf '%11d %9s %9s %12s\n' "$n" "$(tenths "$without")" "$(tenths $added)" \
		"$(if [ "$n" -lt 1000 ]; then echo -; else tenths $((first - without_once)); fi)"
done
[ -z "$MOST" ] || [ $worst -le $((10 * MOST)) ] || fail "more than $MOST instructions are added"
