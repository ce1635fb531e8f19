#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 25 s
# lab: --cpus 2 --mem 1024 --timeout 900
# The module gets random input over netlink, /proc and parameters. It refuses invalid
# requests, performs valid ones, and goes on counting. L2PC_FUZZ=ROUNDS makes the tests
# longer, L2PC_SEED=N selects other requests.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

rounds=${L2PC_FUZZ:-1000}
seed=${L2PC_SEED:-1}
echo "L2PC_SEED=$seed L2PC_FUZZ=$rounds"

# eth0 is counted. The requests add, change and delete the ports fuzz0 and fuzz1.
setup() {
	local dev
	for dev in eth0 fuzz0 fuzz1; do
		ip link add $dev type dummy
		ip link set $dev up
	done
}

teardown() {
	pktgen_clear
	unload_if_loaded
	links_del eth0 fuzz0 fuzz1
}

# counting COMMAND...: runs COMMAND while frames arrive at eth0 and fuzz0. Asserts that eth0
# counts all of its frames.
counting() {
	local sender before
	before=$(port_value max_stations eth0)
	pktgen_thread 0 eth0 20000 30 02:00:00:00:00:00 "delay 50000"
	pktgen_thread 1 fuzz0 20000 30 02:00:00:00:00:00 "delay 50000"
	pktgen_run &
	sender=$!
	"$@"
	wait $sender
	pktgen_clear
	expect_equal "frames in the lifetime of eth0" "$(totals_of lifetime packets eth0)" 20000
	expect_equal "stations in the lifetime of eth0" "$(totals_of lifetime stations eth0)" 30
	expect_equal "max_stations of eth0" "$(port_value max_stations eth0)" "$before"
}

test_netlink() {
	load reset_interval=0
	counting nlfuzz "$seed" "$rounds"
}

test_netlink_unprivileged() {
	load reset_interval=0
	counting nlfuzz "$((seed + 1000))" "$((rounds / 3))" nobody
	expect_equal "windows closed" "$(totals_of window window_id eth0)" 1
}

# Several fuzzers run concurrently. The result of a request cannot be predicted then, but
# every reply is complete, and eth0 does not change.
test_netlink_concurrently() {
	local n pids=()
	load reset_interval=0
	for n in 1 2 3; do
		nlfuzz $((seed + n)) "$((rounds / 6))" anyhow &
		pids+=($!)
	done
	procfuzz "$((seed + 4))" "$((rounds / 6))"
	for n in "${pids[@]}"; do wait "$n"; done
	expect_equal "ports left" "$(grep Interface: $proc)" "Interface: eth0"
}

test_proc_and_parameters() {
	load reset_interval=0
	pktgen_thread 0 eth0 20000 30 02:00:00:00:00:00 "delay 20000"
	pktgen_run &
	procfuzz "$seed" "$rounds"
	wait
	expect_equal "frames in the lifetime of eth0" "$(totals_of lifetime packets eth0)" 20000
}
