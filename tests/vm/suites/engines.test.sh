#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 60 s
# lab: --cpus 2 --mem 1024 --timeout 900
# kernels: 6.12 6.12-generic 7.3
# because: needs `l2pc run`
# The module and l2pc run side by side: each has ports of its own, none is counted by both,
# and the tool says where a port is.
# shellcheck disable=SC2016 # variables of jq
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh

setup() {
	veth_pair eth0 cable
	veth_pair eth1 cable1
	load interface=eth0 reset_interval=0
}

teardown() {
	run_stop
	unload_if_loaded
	ip link del eth0
	ip link del eth1
} 2>/dev/null

run_start() {
	: >/tmp/run.err
	l2pc run "$@" >/tmp/run.out 2>/tmp/run.err &
	echo $! >/tmp/run.pid
	wait_for "l2pc run" grep -q ^counting /tmp/run.err
}

run_stop() {
	[ -s /tmp/run.pid ] || return 0
	kill -INT "$(cat /tmp/run.pid)" && wait_for "its end" eval '! kill -0 "$(cat /tmp/run.pid)" 2>/dev/null'
	rm -f /tmp/run.pid
}

# state ENGINE DEV
state() { l2pc --engine "$1" -j port "$2" | sed -n 's/.*"state":"\([^"]*\)".*/\1/p'; }

test_no_interface_is_counted_by_both() {
	expect_refused "eth0: the module counts it (l2pc --engine module show)" l2pc run eth0
	run_start eth1
	expect_refused "eth0: the module counts it (l2pc --engine module show)" l2pc --engine bpf add eth0
	expect_refused "eth1: l2pc run counts it (l2pc --engine bpf show eth1)" l2pc add eth1
	expect_refused "eth?: matches eth1, which l2pc run counts (l2pc --engine bpf show eth1)" l2pc add 'eth?'
	expect_equal "ports of the module" "$(l2pc -j port 2>/dev/null | grep -o '"ifname":"[^"]*"')" '"ifname":"eth0"'
	# Each counts what was deleted from the other.
	l2pc del eth0
	expect_status 0 l2pc --engine bpf add eth0
	l2pc --engine bpf del eth1
	expect_status 0 l2pc add eth1
}

test_module_has_a_device_that_is_renamed() {
	run_start eth1
	ip link del eth1
	wait_for "no device" eval '[ "$(state bpf eth1)" = no-device ]'
	ip link set eth0 down
	ip link set eth0 name eth1
	# The module's port goes with its device, and run's port of that name does not get it.
	wait_for "a refusal" grep -q "eth1: the module counts it, and l2pc run does not" /tmp/run.err
	expect_equal "state of the module's" "$(state module eth1)" counting
	expect_equal "state of run's" "$(state bpf eth1)" unsupported
	ip link set eth1 name eth0
}

# frames DEV: sends 100 frames to a port.
frames() { replay "$1" - >/dev/null <<<"02ffffffff01 02000000f001 88b5 x100"; }
# packets ENGINE DEV: its total of lifetime.
packets() { l2pc --engine "$1" -j show --lifetime "$2" | grep -o '"totals":{[^}]*' | sed -n 's/.*"packets":\([0-9]*\).*/\1/p'; }

# The module does not know of l2pc run, which makes way, and comes back.
test_module_that_is_loaded_takes_the_device() {
	unload
	run_start eth0 reset-interval 0
	l2pc add eth1 reset-interval 0
	frames cable
	wait_for "frames" eval '[ "$(packets bpf eth0)" = 100 ]'
	load interface=eth0 reset_interval=0
	wait_for "a line" grep -qx "l2pc: eth0: the module counts it, and l2pc run does not (l2pc --engine module show)" /tmp/run.err
	expect_equal "states of run's" "$(state bpf eth0) $(state bpf eth1)" "unsupported counting"
	frames cable
	frames cable1
	wait_for "frames" eval '[ "$(packets module eth0)" = 100 ]'
	expect_equal "frames of run" "$(packets bpf eth0) $(packets bpf eth1)" "100 100"
	l2pc --engine bpf set eth0 tx on
	expect_equal "state with another setting" "$(state bpf eth0)" unsupported
	expect_refused "eth0: it is counted already" l2pc add eth0
	expect_refused "eth1: l2pc run counts it (l2pc --engine bpf show eth1)" l2pc add eth1
	l2pc doctor >/tmp/doctor || :
	expect_no_line /tmp/doctor 'both count'
	# A port that is deleted is taken back within some seconds.
	l2pc del eth0
	wait_for "another line" grep -qx "l2pc: eth0: the module does not count it any more, and l2pc run does" /tmp/run.err
	frames cable
	wait_for "frames" eval '[ "$(packets bpf eth0)" = 200 ]'
	l2pc --engine bpf del eth0
	l2pc add eth0
	l2pc --engine bpf add 'eth[0-9]' reset-interval 0 2>/dev/null
	unload
	# The pattern has it when the module has gone.
	wait_for "the port" eval '[ "$(state bpf eth0)" = counting ]'
	expect_equal "lines" "$(grep -c ^l2pc: /tmp/run.err)" 2
}

test_tool_says_where_a_port_is() {
	run_start eth1
	expect_status 0 l2pc port 2>/tmp/said
	expect_text /tmp/said "note: l2pc run counts eth1, which is not among these (l2pc --engine bpf port)"
	expect_status 0 l2pc port eth0 2>/tmp/said
	expect_equal "stderr" "$(cat /tmp/said)" ""
	expect_refused "eth1: l2pc run counts it (l2pc --engine bpf show eth1)" l2pc show eth1
	expect_refused "eth0: the module counts it (l2pc --engine module set eth0)" l2pc --engine bpf set eth0 vlan on
	expect_status 0 l2pc --engine bpf port eth1
	unload
	expect_status 0 l2pc port eth1
}
