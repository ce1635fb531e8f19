#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: --append vmalloc=32M
# kernels: 6.1-686
# because: needs a 32-bit kernel
# takes: 60 s
# Tables that exhaust the vmalloc addresses of a 32-bit kernel: reading may fail, but
# no frame is lost.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

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
	expect_failure "a read without memory" cat $proc >/tmp/read 2>/tmp/error
	expect_text /tmp/error 'Cannot allocate memory'
	# The rest of the kernel still has addresses.
	modprobe sch_netem
	rmmod sch_netem
	echo reset >$proc
	for view in previous lifetime; do
		packets=$(totals_of $view packets dummy9)
		expect_equal "frames of $view" "$packets" 400000
	done
	grep -E 'Vmalloc' /proc/meminfo >&2
	expect_equal "frames now" "$(total)" 0
}
