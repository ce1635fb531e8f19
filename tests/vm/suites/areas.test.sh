#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 40 s
# lab: --cpus 2 --mem 2048 --timeout 600
# Tables and archives that are too big for one contiguous block: they are mapped, their
# memory does not grow from window to window, and nothing of it is left.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

stations=100000

setup() {
	ip link add dummy9 type dummy
	ip link set dummy9 up
}

teardown() {
	pktgen_clear
	unload_if_loaded
	ip link del dummy9
}

# areas [MODULE]: prints number and KiB of the mapped areas, of all code or of a module's.
areas() {
	awk -v module="[${1-}]" '/ vmap( |$)/ && (module == "[]" || index($0, module)) { n++; size += $2 }
		END { print n + 0, int(size / 1024) }' /proc/vmallocinfo
}

free_kib() { awk '/^MemFree:/ { print $2 }' /proc/meminfo; }

# Each station on each CPU.
frames() {
	pktgen_thread 0 dummy9 $stations $stations
	pktgen_thread 1 dummy9 $stations $stations
	pktgen_run
	pktgen_clear
}

test_windows() {
	local before free window at_first now
	before=$(areas)
	free=$(free_kib)
	load interface=dummy9 reset_interval=0 max_stations=300000
	for window in 1 2 3; do
		frames
		expect_equal "stations of window $window" "$(stations window dummy9 | wc -l)" $stations
		expect_equal "frames of window $window" "$(totals_of window packets dummy9)" $((2 * stations))
		expect_equal "untracked frames of window $window" "$(totals_of window untracked_packets dummy9)" 0
		echo reset >$proc
		now=$(areas l2packet_counter)
		echo "window $window: areas and KiB: $now" >&2
		[ "${now% *}" -ge 2 ] || fail "mapped areas" "2 at least" "$now"
		[ "$window" != 2 ] || at_first=${now#* }
		# The fold estimates what it needs.
		[ "$window" -lt 2 ] || expect_number "KiB of areas after window $window" "${now#* }" -lt $((at_first * 5 / 4))
	done
	expect_equal "frames in the lifetime" "$(totals_of lifetime packets dummy9)" $((6 * stations))
	unload
	expect_equal "areas and KiB without the module" "$(areas)" "$before"
	now=$(free_kib)
	[ $((free - now)) -lt 16384 ] || fail "free memory without the module" "$free KiB as before, or 16 MiB less" "$now KiB"
}
