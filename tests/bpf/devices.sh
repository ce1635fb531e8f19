# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # variables of run.sh; of eval, jq and awk
# Copyright (C) the l2packet_counter authors
# Sourced by run.sh: tests of ports and their devices: names, namespaces, and devices that go and come.

test_port_follows_its_device() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip -n "$near" link set eth0 down
	ip -n "$near" link set eth0 name up0
	ip -n "$near" link set up0 up
	cable_up
	expect_soon "the new name" eval 'l2pc port up0 >/dev/null 2>&1'
	send 10 1 >/dev/null
	counted 68
	ip -n "$far" link del cable
	expect_soon "no device" eval 'l2pc port up0 | grep -q "no device\|no-device\|not counted"'
	counted 68
	ip -n "$far" link add cable type veth peer name up0 netns "$near"
	ip -n "$far" link set cable up
	ip -n "$near" link set up0 up
	cable_up
	expect_soon "it counts again" eval 'l2pc port up0 | grep -q "counted by $hook"'
	send 10 1 >/dev/null
	counted 102
	engine_stop
}

# An alternative name is the interface's own, and one with a [ is not a pattern.
test_names_of_interfaces() {
	ip -n "$near" link property add dev eth0 altname uplink-to-the-building
	engine_port=uplink-to-the-building engine_start reset-interval 0
	expect_line "$scratch/err" '^counting eth0'
	send 10 1 >/dev/null
	counted 34
	ip -n "$near" link add 'up[0' type veth peer name other1
	l2pc add 'up[0'
	expect_equal "ports" "$(l2pc -j port | jq -r '.[] | .ifname, .state' | xargs)" "eth0 counting up[0 counting"
	l2pc del uplink-to-the-building
	l2pc del 'up[0'
	expect_equal "ports" "$(l2pc -j port)" '[]'
	engine_stop
}

# A device that is gone before its program is loaded was not missed, and needs no program.
test_devices_gone_before_they_are_counted() {
	local i
	engine_start
	l2pc add 'tap*'
	kill -STOP "$engine"
	for i in 1 2 3 4; do
		ip -n "$near" link add "tap$i" type veth peer name "end$i"
		ip -n "$near" link del "tap$i"
	done
	ip -n "$near" link add new5 type veth peer name end5
	ip -n "$near" link set new5 name tap5
	kill -CONT "$engine"
	expect_soon "the last one" eval '[ "$(field tap5 5)" = counting ]'
	expect_equal "ports and missed" "$(field 'tap*' 10) $(field 'tap*' 11)" "1 0"
	expect_no_line "$scratch/err" 'cannot be counted'
	engine_stop
}

# A request is for the port that has a device; each device has one port.
test_two_ports_of_one_name() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip -n "$near" link add eth1 type veth peer name other1
	l2pc add eth1
	ip -n "$far" link del cable
	ip -n "$near" link set eth1 name eth0
	expect_soon "the new name" eval '[ "$(l2pc -j port | jq -r ".[].ifname" | xargs)" = "eth0 eth0" ]'
	expect_equal "states" "$(l2pc -j port | jq -r '.[].state' | xargs)" "no-device counting"
	expect_equal "programs at $hook" "$(hooked)" 1
	l2pc del eth0
	expect_equal "the port that is left" "$(l2pc -j port | jq -c '[.[] | .state, .lifetime.packets]')" '["no-device",34]'
	engine_stop
}

test_device_leaves_the_namespace_and_returns() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip -n "$near" link set eth0 netns "$far"
	expect_soon "no device" eval 'l2pc -j port | jq -e ".[0].state == \"no-device\""'
	ip -n "$far" link set eth0 up
	cable_up
	send 10 1 >/dev/null
	ip -n "$far" link set eth0 netns "$near"
	ip -n "$near" link set eth0 up
	cable_up
	expect_soon "it counts again" eval 'l2pc port | grep -q "counted by $hook"'
	send 10 1 >/dev/null
	# What arrived elsewhere is not this namespace's.
	counted 68
	engine_stop
}

test_other_namespaces_see_nothing() {
	engine_start
	expect_status 3 ip netns exec "$far" "$build/l2pc" show
	expect_status 3 ip netns exec "$far" "$build/l2pc" --engine bpf show
	expect_status 3 l2pc --engine module show
	expect_success "forced" l2pc --engine bpf show
	engine_stop
}

# --- detached by somebody else -----------------------------------------------------------

# links: ids of the process's links.
links() { cat "/proc/$engine/fdinfo/"* 2>/dev/null | awk '$1 == "link_id:" { print $2 }'; }
detach_links() { for link in $(links); do client detach "$link"; done; }
delete_clsact() { ip netns exec "$near" tc qdisc del dev eth0 clsact; }
delete_filters() { ip netns exec "$near" tc filter del dev eth0 ingress; }

# stopped COMMAND...: l2pc run sees what COMMAND did when all of it is done.
stopped() {
	kill -STOP "$engine"
	"$@"
	kill -CONT "$engine"
}

# detached WHAT COMMAND...: COMMAND detaches what counts.
detached() {
	engine_start reset-interval 0 tx on
	ip -n "$near" addr add 10.77.0.2/24 dev eth0
	ip -n "$near" neigh add 10.77.0.1 lladdr 02:ff:00:00:00:aa dev eth0
	send 10 1 >/dev/null
	counted 34
	stopped "${@:2}"
	expect_soon "a message" grep -q "^l2pc: eth0: its $1 was removed, and is attached again: frames in between are not counted$" "$scratch/err"
	expect_equal "messages" "$(grep -c ^l2pc: "$scratch/err")" 1
	expect_equal "state" "$(l2pc -j port | jq -r '.[0].state')" counting
	send 10 1 >/dev/null
	counted 68
	datagrams
	expect_equal "sent" "$(client sent)" "50 6700"
	engine_stop
}

test_links_that_are_detached_are_attached_again() {
	[ "$hook" = tcx ] || skip "for Linux 6.6 and newer"
	detached "link at tcx" detach_links
	expect_equal "programs at tcx" "$(hooked)" 0
}

test_qdisc_that_is_deleted_is_made_again() {
	local hook=clsact L2PC_RUN_WITHOUT=arena,tcx
	export L2PC_RUN_WITHOUT
	detached "filter at clsact" delete_clsact
	expect_equal "qdiscs" "$(ip netns exec "$near" tc qdisc show dev eth0 | grep -c clsact)" 0
}

test_filters_that_are_deleted_are_added_again() {
	local hook=clsact L2PC_RUN_WITHOUT=arena,tcx
	export L2PC_RUN_WITHOUT
	detached "filter at clsact" delete_filters
	expect_equal "programs at clsact" "$(hooked)" 0
}

replace_clsact() {
	delete_clsact
	ip netns exec "$near" tc qdisc add dev eth0 ingress
}
# A port whose qdisc another one took is not counted, until that goes.
test_qdisc_of_another_kind_takes_the_place_of_ours() {
	local hook=clsact L2PC_RUN_WITHOUT=arena,tcx
	export L2PC_RUN_WITHOUT
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	stopped replace_clsact
	expect_soon "a message" grep -q "^l2pc: eth0: its filter at clsact was removed, and it is not counted: has the qdisc ingress " "$scratch/err"
	expect_equal "state" "$(l2pc -j port | jq -r '.[0].state')" unsupported
	ip netns exec "$near" tc qdisc del dev eth0 ingress
	expect_soon "another message" grep -q "^l2pc: eth0: is counted again$" "$scratch/err"
	expect_equal "state" "$(l2pc -j port | jq -r '.[0].state')" counting
	send 10 1 >/dev/null
	counted 68
	engine_stop
}
