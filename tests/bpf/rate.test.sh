#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# Stations that appear on one CPU, 250,000 a second: every one gets a cell, from the first
# table on. The time is the machine's own, a nanosecond an instruction, so that it does not
# depend on the host. l2pc run has to get that CPU too, to make the tables. Started by
# rate.sh, which prints the figures from the kernel log.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

stations=131072

setup() {
	veth_pair eth0 cable
	load interface=eth0 reset_interval=0 max_stations=262144
}

teardown() {
	pktgen_clear
	unload_if_loaded
	ip link del eth0
} 2>/dev/null

# new_at DELAY: sends a frame of each station, one in DELAY nanoseconds. Sets $rate, stations
# a second, and $lost, those without a cell.
new_at() {
	local usec
	pktgen_thread 0 eth0 $stations $stations 02:00:00:00:00:00 "delay $1"
	pktgen_run
	usec=$(sed -n 's/^Result: OK: \([0-9]*\)(.*/\1/p' "$pktgen_dir/eth0@0")
	rate=$((stations * 1000000 / usec))
	lost=$(totals_of window untracked_packets eth0)
	expect_equal "frames" "$(total)" $stations
	expect_equal "stations and those without a cell" "$(($(counts | grep -c '^02:') + lost))" $stations
	echo "rate: $rate new stations a second, $lost of $stations without a cell" | tee /dev/kmsg
}

test_250000_new_stations_a_second() {
	new_at 4000
	expect_number "new stations a second" "$rate" -ge 245000
	expect_equal "without a cell" "$lost" 0
}

# The limit: what the CPU can, when l2pc run gets what is left of it. This is shown only.
test_new_stations_at_full_speed() { new_at 0; }
