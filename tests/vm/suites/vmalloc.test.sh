#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: --append vmalloc=32M
# kernels: 6.1-686
# takes: 60 s
# Tables that have no room in the addresses of a 32-bit kernel: reading may fail,
# and no frame is lost for it.
. /l2pc/tests/lib/vm.sh
. /l2pc/tests/lib/module.sh
. /l2pc/tests/lib/pktgen.sh
. /l2pc/tests/lib/l2pc.sh

setup() {
	ip link add dummy9 type dummy
	ip link set dummy9 up
}

teardown() {
	pktgen_clear
	unload_if_loaded
	ip link del dummy9
}

test_more_stations_than_addresses() {
	local packets
	load interface=dummy9 reset_interval=0 max_stations=16777216
	pktgen_flood dummy9 200000
	grep -E 'Vmalloc' /proc/meminfo >&2
	if cat $proc >/tmp/read 2>/tmp/error; then
		fail "it can be read: $(awk '/^Total/ { print $3 }' /tmp/read) frames, so nothing was short"
	fi
	grep -q 'Cannot allocate memory' /tmp/error
	# The rest of the kernel has its share.
	modprobe sch_netem
	rmmod sch_netem
	echo reset >$proc
	for view in previous lifetime; do
		packets=$(totals_of $view packets dummy9)
		check_eq "frames of $view" "$packets" 400000
	done
	grep -E 'Vmalloc' /proc/meminfo >&2
	check_eq "frames now" "$(total)" 0
}
