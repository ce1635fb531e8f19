#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 900
# More addresses than max_stations: memory is bounded, totals are exact, and existing
# stations are still counted.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

setup() {
	ip link add eth0 type dummy
	ip link set eth0 up
}

teardown() {
	pktgen_clear
	unload_if_loaded
	ip link del eth0
}

# expect_memory BEFORE: asserts that memory grew by no more than docs/usage.md promises for
# max_stations=65536: two tables of at most 4 MiB a CPU, and 4.25 MiB for the archive of the
# open window. Half a MiB is allowed for the rest of the kernel. l2pc run keeps the memory of
# smaller tables, which are together no bigger than one of those.
expect_memory() {
	local taken=$(($(memory) - $1)) tables=2
	engine_is module || tables=3
	echo "memory: $taken kB"
	! memory_tells || expect_number "kB taken" $taken -le $((2 * tables * 4096 + 4352 + 512))
}

test_a_million_random_addresses() {
	local before
	load reset_interval=0 max_stations=65536
	before=$(memory)
	pktgen_flood eth0 $((500000 / scale))
	expect_equal "total" "$(total)" $((1000000 / scale / 2 * 2))
	expect_equal "stations" "$(rows | wc -l)" 65536
	expect_number "untracked frames" "$(untracked)" -gt $((1000000 / scale - 100000))
	expect_memory "$before"
	reset_windows
	expect_equal "total after reset" "$(total)" 0
	pktgen_thread 0 eth0 5000 50
	pktgen_thread 1 eth0 5000 50
	pktgen_run
	expect_equal "ordinary stations after the flood" "$(rows)" "$(pktgen_expect 2 5000 50)"
	expect_equal "untracked after the flood" "$(untracked)" 0
}

# known_through_flood: asserts that 100 stations, which send before and after a flood on
# both CPUs, are counted exactly.
known_through_flood() {
	local cpu
	for cpu in 0 1; do pktgen_thread $cpu eth0 1000 100; done
	pktgen_run
	pktgen_clear
	pktgen_flood eth0 $((300000 / scale))
	for cpu in 0 1; do pktgen_thread $cpu eth0 2000 100; done
	pktgen_run
	pktgen_clear
	expect_equal "known stations" "$(rows | grep '^02:00:00:00:00:')" "$(pktgen_expect 2 3000 100)"
	expect_equal "total" "$(total)" $((6000 + 2 * (300000 / scale)))
}

test_known_stations_are_counted_through_a_flood() {
	load reset_interval=0 max_stations=65536
	known_through_flood
}

# L2PC_FLOOD is the total number of frames from random addresses.
test_the_bound_holds_however_long_a_flood_lasts() {
	local before frames=$((${L2PC_FLOOD:-1000000} / scale / 2)) i rounds=4
	load reset_interval=0 max_stations=65536
	before=$(memory)
	for ((i = 0; i < rounds; i++)); do
		pktgen_thread 0 eth0 1000 100
		pktgen_thread 1 eth0 1000 100
		pktgen_run
		pktgen_clear
		pktgen_flood eth0 $((frames / rounds))
		expect_memory "$before"
		expect_equal "known stations" "$(rows | grep '^02:00:00:00:00:')" "$(pktgen_expect 2 $((1000 * (i + 1))) 100)"
	done
	expect_equal "total" "$(total)" $((rounds * (2000 + 2 * (frames / rounds))))
}

test_known_stations_with_a_small_bound() {
	load reset_interval=0 max_stations=1000
	known_through_flood
}

test_known_stations_of_the_window_before() {
	load reset_interval=0 max_stations=5000
	pktgen_thread 0 eth0 1000 100
	pktgen_thread 1 eth0 1000 100
	pktgen_run
	pktgen_clear
	reset_windows
	pktgen_flood eth0 $((100000 / scale))
	pktgen_thread 0 eth0 4000 100
	pktgen_thread 1 eth0 4000 100
	pktgen_run
	expect_equal "known stations" "$(rows | grep '^02:00:00:00:00:')" "$(pktgen_expect 2 4000 100)"
	expect_equal "total" "$(total)" $((8000 + 2 * (100000 / scale)))
}

# 120 stations in two windows, and a capacity of 100: the 20 that are evicted from the
# lifetime were seen in the first window only.
test_lifetime_evicts_the_idlest() {
	local all
	load reset_interval=0 max_stations=100
	pktgen_thread 0 eth0 800 80
	pktgen_run
	pktgen_clear
	reset_windows
	pktgen_thread 0 eth0 100 10
	pktgen_run
	pktgen_clear
	pktgen_thread 0 eth0 400 40 02:20:00:00:00:00
	pktgen_run
	expect_equal "untracked in the window" "$(untracked)" 0
	reset_windows
	all=$(stations lifetime eth0)
	expect_equal "stations in lifetime" "$(wc -l <<<"$all")" 100
	expect_equal "seen in both windows" "$(grep -c '^02:00:00:00:00:0[0-9] - 20 1200$' <<<"$all")" 10
	expect_equal "seen in the second only" "$(grep -c '^02:20:.* - 10 600$' <<<"$all")" 40
	expect_equal "seen in the first only" "$(grep -c '^02:00:.* - 10 600$' <<<"$all")" 50
	expect_equal "forgotten" "$(totals_of lifetime forgotten_packets eth0)" 200
	expect_equal "untracked" "$(totals_of lifetime untracked_packets eth0)" 200
	expect_equal "all frames" "$(totals_of lifetime packets eth0)" 1300
}

test_bound_of_one() {
	load reset_interval=0 max_stations=1
	pktgen_thread 0 eth0 1000 10
	pktgen_run
	expect_equal "rows" "$(rows)" "02:00:00:00:00:00          100"
	expect_equal "untracked row" "$(counts | grep untracked)" "(untracked)                900"
	expect_equal "total" "$(total)" 1000
}

test_bound_changed_at_run_time() {
	local rows
	load reset_interval=0 max_stations=10
	pktgen_thread 0 eth0 1000 100
	pktgen_run
	expect_equal "stations with a bound of 10" "$(rows | wc -l)" 10
	set_parameter max_stations 1000
	pktgen_run
	expect_equal "total" "$(total)" 2000
	expect_equal "stations with a bound of 1000" "$(rows | wc -l)" 100
	set_parameter max_stations 5
	reset_windows
	pktgen_run
	expect_equal "total" "$(total)" 1000
	# Up to three of the five slots are reserved for stations of the previous window.
	rows=$(rows | wc -l)
	expect_number "stations with a bound of 5" "$rows" -ge 2
	expect_number "stations with a bound of 5" "$rows" -le 5
	expect_equal "untracked" "$(untracked)" $((1000 - 10 * rows))
}

test_four_million_stations_may_be_allowed() {
	load reset_interval=0 max_stations=4000000
	local macs=$((300000 / scale))
	pktgen_thread 0 eth0 $macs $macs
	pktgen_run
	expect_equal "stations" "$(rows | wc -l)" $macs
	expect_equal "untracked" "$(untracked)" 0
}
