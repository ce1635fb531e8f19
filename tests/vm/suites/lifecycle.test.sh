#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 50 s
# lab: --cpus 2 --mem 2048 --timeout 900
# Interfaces, namespaces and the module itself are added and removed at any time.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

stop=/tmp/stop

setup() {
	rm -f $stop*
	cable
	messages_begin
}

teardown() {
	touch $stop
	pktgen_clear
	unload_if_loaded
	for ns in $(ip netns list | cut -d' ' -f1); do ip netns del "$ns"; done
	# The other ends, too: the devices of a deleted namespace are deleted after a delay.
	links_del eth0 eth0c eth5 eth5c dummy9 br9
	true
}

# cable [NAME]: creates an interface and the other end of its cable.
cable() { veth_pair "${1:-eth0}" "${1:-eth0}c"; }

# send N [CABLE]: sends N frames to the interface at the other end.
send() { echo "02ffffffff01 020000000001 88b5 x$1" | replay "${2:-eth0c}" - >/dev/null; }

expect_counted() { expect_equal "count" "$(count_of 02:00:00:00:00:01)" "$1"; }

test_interface_deleted_and_back() {
	load reset_interval=0
	send 5
	ip link del eth0
	expect_counted 5
	expect_message "interface eth0: the device is gone"
	cable
	send 3
	expect_counted 8
	grep -q '^Interface: eth0$' $proc
}

test_loaded_with_none() {
	load interface=none reset_interval=0
	expect_equal "what /proc shows" "$(cat $proc)" ""
	l2pc add eth0
	send 4
	expect_counted 4
	l2pc del eth0
	expect_equal "what /proc shows" "$(cat $proc)" ""
	# In a list, none is an ordinary name, and no device has that name.
	unload
	expect_failure "loading with eth0,none" load interface=eth0,none
}

test_not_taken_back_when_not_ethernet() {
	load reset_interval=0
	send 5
	ip link del eth0
	ip tuntap add eth0 mode tun
	expect_message "interface eth0: not an Ethernet device"
	ip tuntap del eth0 mode tun
	cable
	send 2
	expect_counted 7
}

test_becomes_another_kind() {
	# A persistent tap, so that the device exists for the whole test.
	ip tuntap add eth5 mode tap
	load interface=none reset_interval=0
	l2pc add eth5
	grep -q '^Interface: eth5$' $proc
	# ARPHRD_NONE.
	linktype tap eth5 65534 true
	# In 5.10, tun sends no event at TUNSETLINK (net/tun.c).
	case $(uname -r) in 5.10.*) skip "this kernel sends no event" ;; esac
	expect_message "interface eth5: not an Ethernet device"
	expect_equal "hook and state" "$(port_value hook eth5) $(port_value state eth5) $(port_value device_type eth5)" "none unsupported 65534"
	linktype tap eth5 1 true
	expect_equal "hook and state" "$(port_value hook eth5) $(port_value state eth5) $(port_value device_type eth5)" "tap counting 1"
	l2pc del eth5
	ip tuntap del eth5 mode tap
}

test_alternative_names() {
	ip link property add dev eth0 altname alias0 2>/dev/null || skip "no alternative names here"
	load interface=none reset_interval=0
	l2pc add alias0
	expect_line $proc '^Interface: eth0$'
	# Both names belong to the same device.
	expect_status 1 l2pc add alias0
	expect_status 1 l2pc add eth0
	send 3
	expect_counted 3
	ip link del eth0
	cable
	send 2
	expect_counted 5
	l2pc del eth0
	expect_equal "what /proc shows" "$(cat $proc)" ""
	unload
	ip link property add dev eth0 altname alias0
	expect_refused "Invalid parameters" load interface=eth0,alias0
	expect_message "interface alias0: named twice, it is an alternative name of eth0"
}

# The longest alternative name stands for the interface's own, at load and with each verb.
test_long_alternative_names() {
	local long
	long=$(printf 'x%.0s' {1..127})
	ip link property add dev eth0 altname "$long" altname uplink-to-next-door 2>/dev/null ||
		skip "no alternative names here"
	load interface="$long" reset_interval=0
	expect_line $proc '^Interface: eth0$'
	send 3
	expect_equal "stations" "$(l2pc -o show "$long" | wc -l)" "$(l2pc -o show eth0 | wc -l)"
	l2pc set uplink-to-next-door vlan on
	expect_equal "vlan" "$(port_value vlan eth0)" 1
	expect_line <(l2pc -o reset "$long") '^sum.eth0'
	expect_status 2 l2pc show uplink-to-nowhere-at-all
	l2pc del uplink-to-next-door
	expect_equal "what /proc shows" "$(cat $proc)" ""
	unload
	expect_refused "Invalid parameters" load interface="$long,uplink-to-next-door"
	expect_message "interface uplink-to-next-door: named twice, it is an alternative name of eth0"
	expect_refused "No such device" load interface=eth0,uplink-to-nowhere-at-all
	expect_message "interface uplink-to-nowhere-at-all: no such device"
}

test_renamed() {
	load reset_interval=0
	send 5
	ip link set eth0 down
	ip link set eth0 name eth5
	ip link set eth5 up
	grep -q '^Interface: eth5$' $proc
	send 4
	expect_counted 9
	ip link del eth5
	cable eth5
	send 1 eth5c
	expect_counted 10
	ip link del eth5
}

test_down_and_up() {
	load reset_interval=0
	send 5
	ip link set eth0 down
	send 2
	expect_counted 5
	ip link set eth0 up
	send 2
	expect_counted 7
}

test_moved_to_another_namespace() {
	ip netns add elsewhere
	load reset_interval=0
	send 5
	ip link set eth0 netns elsewhere
	ip -n elsewhere link set eth0 up
	send 7
	expect_counted 5
	ip -n elsewhere link set eth0 netns 1
	ip link set eth0 up
	send 2
	expect_counted 7
}

# shellcheck disable=SC2016 # awk's
test_ports_belong_to_their_namespace() {
	ip netns add other
	ip link set eth0 netns other
	ip -n other link set eth0 up
	ip netns exec other insmod /l2pc/l2packet_counter.ko reset_interval=0
	send 5
	expect_equal "seen from outside" "$(cat $proc)" ""
	expect_equal "seen from inside" "$(ip netns exec other awk '/^Total/ { print $3 }' $proc)" 5
	echo reset >$proc
	expect_equal "after a reset from outside" "$(ip netns exec other awk '/^Total/ { print $3 }' $proc)" 5
	ip netns exec other sh -c "echo reset >$proc"
	expect_equal "after a reset from inside" "$(ip netns exec other awk '/^Total/ { print $3 }' $proc)" 0
}

test_namespace_deleted_while_counted() {
	ip netns add other
	ip link set eth0 netns other
	ip -n other link set eth0 up
	ip netns exec other insmod /l2pc/l2packet_counter.ko reset_interval=0
	send 5
	ip netns del other
	cable_deleted() { [ ! -e /sys/class/net/eth0c ]; }
	wait_for "the deletion of the cable" cable_deleted
	port_listed() { [ -n "$(cat "$proc")" ]; }
	wait_for "the counts of the deleted namespace" port_listed
	expect_counted 5
	# An eth0 in another namespace is a different interface.
	cable
	send 3
	expect_counted 5
}

test_unloaded_during_traffic() {
	local i
	ip link add dummy9 type dummy
	ip link set dummy9 up
	pktgen_thread 0 dummy9 $((400000 / scale)) 1000
	pktgen_thread 1 dummy9 $((400000 / scale)) 1000
	pktgen_run &
	for i in 1 2 3 4 5; do
		load interface=dummy9
		echo reset >$proc
		unload
	done
	wait
}

test_unloaded_during_a_read_of_100000_stations() {
	local reader macs=$((100000 / scale))
	ip link add dummy9 type dummy
	ip link set dummy9 up
	load interface=dummy9 reset_interval=0 max_stations=200000
	pktgen_thread 0 dummy9 $macs $macs
	pktgen_run
	expect_equal "stations" "$(rows | wc -l)" $macs
	# A reader that pauses in the middle holds the file open.
	exec 6<$proc
	head -c 100000 <&6 >/dev/null
	unload &
	wait $!
	exec 6<&-
	load interface=dummy9 reset_interval=0 max_stations=200000
	pktgen_run
	cat $proc >/dev/null &
	reader=$!
	unload_until_gone() { unload 2>/dev/null || [ ! -d /sys/module/l2packet_counter ]; }
	wait_for "rmmod during a read" unload_until_gone
	wait $reader || true
}

test_unloaded_during_a_reset() {
	local i
	for i in 1 2 3 4 5 6 7 8; do
		load reset_interval=0
		send 10
		(echo reset >$proc) 2>/dev/null &
		unload_until_gone() { unload 2>/dev/null || [ ! -d /sys/module/l2packet_counter ]; }
		wait_for "rmmod during a reset" unload_until_gone
		wait
	done
}

test_interface_deleted_under_traffic() {
	local i
	for i in 1 2 3; do
		ip link add dummy9 type veth peer name dummy9c
		ip link set dummy9 up
		ip link set dummy9c up
		load interface=dummy9
		(send $((200000 / scale)) dummy9c) 2>/dev/null &
		sleep 0.2
		ip link del dummy9
		wait
		expect_message "interface dummy9: the device is gone"
		unload
	done
}

test_max_64_ports() {
	local i names=()
	for ((i = 0; i < 64; i++)); do
		ip link add d$i type dummy
		names+=("d$i")
	done
	load interface="$(IFS=, && echo "${names[*]}")"
	expect_equal "ports" "$(grep -c '^Interface: d' $proc)" 64
	expect_equal "empty lines between" "$(grep -c '^$' $proc)" 63
	unload
	for ((i = 0; i < 64; i++)); do ip link del d$i; done
}

test_automatic_reset() {
	load reset_interval=1
	send 5
	empty() { [ "$(total)" = 0 ]; }
	wait_for "the automatic reset" empty
	echo 0 >/sys/module/l2packet_counter/parameters/reset_interval
	echo reset >$proc
	send 5
	sleep 3
	expect_counted 5
	echo 1 >/sys/module/l2packet_counter/parameters/reset_interval
	wait_for "the automatic reset after it was switched on again" empty
}
