#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 25 s
# lab: --cpus 2 --mem 1024 --timeout 300
# Captures that are received once give the expected rows: those made by
# tests/captures/make.py, and those of a folder that L2PC_CAPTURES gives to
# tests/run.sh, which is /l2pc/captures in the guest.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh

setup() {
	ip link add eth0 type veth peer name cable
	for dev in eth0 cable; do ip link set $dev up mtu 65535 addrgenmode none; done
	load reset_interval=0
}

teardown() {
	unload_if_loaded
	ip link del eth0
}

# replayed CAPTURE EXPECTED: asserts that the frames of CAPTURE give the rows of EXPECTED.
replayed() {
	local sent
	sent=$(replay cable "$1")
	expect_equal "frames received" "$(cat /sys/class/net/eth0/statistics/rx_packets)" "$sent"
	awk '/^[0-9a-f][0-9a-f]:/ { print $1, $2 }' "$2" | LC_ALL=C sort >/tmp/want
	[ -s /tmp/want ]
	rows | tr -s ' ' >/tmp/got
	expect_same "rows" /tmp/got /tmp/want
	expect_equal "total" "$(total)" "$(awk '{ sum += $2 } END { print sum }' /tmp/want)"
}

for capture in /l2pc/tests/captures/*.pcap; do
	name=$(basename "$capture" .pcap)
	eval "test_made_$name() { replayed $capture ${capture%.pcap}.expected; }"
done
for capture in /l2pc/captures/*.pcap; do
	[ -e "$capture" ] || continue
	name=$(basename "$capture" .pcap)
	eval "test_given_${name//[^a-zA-Z0-9_]/_}() { replayed $capture ${capture%/*}/expected/$name.txt; }"
done
