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
	expect_equal "programs at tcx" "$(client attached eth0)" 1
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
