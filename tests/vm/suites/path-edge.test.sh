#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 1200
# Frames as the packet tap gets them: without another handler, in memory of user space, in
# lists, with other taps before and after; and devices that are created, moved and deleted
# under traffic.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/path.sh

setup() { path_setup; }

teardown() {
	path_teardown
	ip netns del far
	ip netns del other
	echo 0 >/sys/kernel/tracing/events/napi/napi_poll/enable
	links_del ifb0 vrf0 br9 mv0 iv0 eth0
} 2>/dev/null

# --- frames without a handler -----------------------------------------------------------

# dropped: prints how many frames eth0 has dropped, or received without a handler.
dropped() { echo $(($(cat /sys/class/net/eth0/statistics/rx_dropped) + $(cat /sys/class/net/eth0/statistics/rx_nohandler))); }

many() { replay cable - <<<"$to $from1 88b5 x$1" >/dev/null; }

# unhandled_frames: where a frame has no other handler, the port frees it: neither the
# memory in use nor the interface's drop counters grow.
unhandled_frames() {
	local before after was arrived
	many 100
	quiet
	expect_number "frames of 100 dropped without the module" "$(dropped)" -ge 90
	path_load
	arrived=$(received eth0)
	many 2000
	quiet
	before=$(memory)
	was=$(dropped)
	many 40000
	quiet
	after=$(memory)
	expect_equal "frames" "$(frames_of eth0)" $(($(received eth0) - arrived))
	expect_number "frames of 42000 that arrived" "$(frames_of eth0)" -gt 20000
	expect_equal "frames dropped without a handler" "$(dropped)" "$was"
	! memory_tells || expect_number "kB taken by 40000 frames" $((after - before)) -lt 16000
	unload_under_traffic
}
traffic() { many 500; }

test_unhandled_frames() { unhandled_frames; }

# GRO passes several frames to the stack at once, as drivers with NAPI do.
test_unhandled_frames_in_lists() {
	local tracing=/sys/kernel/tracing
	lists
	echo 1 >$tracing/events/napi/napi_poll/enable
	unhandled_frames
	expect_line $tracing/trace 'device eth0 work ([2-9]|[1-9][0-9])'
}
lists() {
	[ "$(printf '%s\n' 5.13 "$(uname -r)" | sort -V | head -n 1)" = 5.13 ] || skip "this kernel's veth has no GRO"
	# A veth uses NAPI for frames of a sender with TSO off.
	ethtool -K cable tso off
	ethtool -K eth0 gro on
	# NAPI polls once a millisecond. The ring may be full by then.
	echo 100 >/sys/class/net/eth0/napi_defer_hard_irqs
	echo 1000000 >/sys/class/net/eth0/gro_flush_timeout
}

# Lists of frames of several stations and VLANs.
test_lists_of_mixed_frames() {
	lists
	path_load
	about=lists
	capture eth0
	mixed
	mixed
	many 200
	mixed
	expect_captured
}

# --- memory of user space ----------------------------------------------------------------

# by_ring: sends frames from a PACKET_TX_RING. All slots return, so each frame was freed once.
by_ring() {
	usermem ring cable 2000
	quiet
	expect_equal "frames" "$(stations window eth0)" "02:00:00:00:00:01 - 2000 2000000"
}
test_ring_memory() {
	path_load
	by_ring
}
test_ring_memory_in_lists() {
	lists
	path_load
	by_ring
}
test_ring_memory_with_another_tap() {
	capture eth0
	path_load
	by_ring
	about="with a tap before"
	expect_captured
}

test_zerocopy() {
	local n
	host_pair
	path_load
	capture eth0
	socat -u UDP-RECV:5001,rcvbuf=1000000 OPEN:/tmp/got,creat,trunc &
	echo $! >/tmp/capture.receiver.pid
	until ss -lun | grep -q :5001; do sleep 0.1; done
	in_far usermem zerocopy 192.0.2.1 50
	quiet
	about=zerocopy
	expect_captured
	expect_equal "frames" "$(stations window eth0)" "02:00:00:00:00:01 - 50 $((50 * (1400 + 42)))"
	# No byte was changed.
	for ((n = 0; n < 50; n++)); do
		LC_ALL=C awk -v from=$n 'BEGIN { for (i = 0; i < 1400; i++) printf "%02x", (i + from) % 256 }'
	done >/tmp/want
	expect_equal "bytes received" "$(od -An -v -tx1 /tmp/got | tr -d ' \n' | md5sum)" "$(md5sum </tmp/want)"
}

# expect_counting: asserts that the port counts all frames of a new window.
expect_counting() {
	l2pc reset eth0 >/dev/null
	traffic
	quiet
	expect_equal "frames" "$(frames_of eth0)" 500
}

# --- other taps ---------------------------------------------------------------------------

# One tap starts before the port and one after it; both stop while the port counts.
test_other_taps() {
	tcpdump -i eth0 -n -w /tmp/dump 2>/tmp/dump.err &
	echo $! >/tmp/capture.tcpdump.pid
	wait_for tcpdump grep -q listening /tmp/dump.err
	path_load
	about="three taps"
	capture eth0
	mixed
	mixed
	expect_captured
	expect_equal "after two captures" "$(stations window eth0)" "$(times 2 "$mixed_rows")"
	kill "$(cat /tmp/capture.tcpdump.pid)"
	wait || :
	expect_equal "frames that tcpdump wrote" "$(tcpdump -nn -r /tmp/dump 2>/dev/null | grep -c '^[0-9]')" 310
	mixed
	quiet
	expect_equal "alone" "$(stations window eth0)" "$(times 3 "$mixed_rows")"
	capture eth0
	mixed
	unload
	mixed
	quiet
	captured eth0
	expect_equal "captured, with the module and without" "$answer" "$(times 2 "$mixed_rows")"
}

# Multicast frames that this machine sends and loops back to itself have not arrived.
test_own_groups() {
	host_pair
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=0
	ip -6 addr add fe80::1/64 dev eth0 nodad
	path_load
	ping -c 3 -i 0.2 -W 1 -I eth0 ff02::1 >/tmp/ping 2>&1 || :
	ping -c 3 -i 0.2 -W 1 -I eth0 224.0.0.1 >>/tmp/ping 2>&1 || :
	expect_line /tmp/ping '^3 packets transmitted'
	# A socket that has joined the group receives this machine's datagrams.
	socat -u UDP4-RECV:5002,ip-add-membership=239.1.1.1:eth0,reuseaddr OPEN:/tmp/joined,creat,trunc &
	echo $! >/tmp/capture.receiver.pid
	until ss -lun | grep -q :5002; do sleep 0.1; done
	echo hello | socat -u - UDP4-DATAGRAM:239.1.1.1:5002,ip-multicast-if=192.0.2.1
	wait_for "the datagram" test -s /tmp/joined
	expect_equal "stations" "$(stations window eth0)" ""
	expect_equal "frames to groups" "$(totals_of window skipped_multicast eth0)" 0
	echo_requests 10
	quiet
	expect_equal "stations of others" "$(stations window eth0)" "02:00:00:00:00:01 - 10 980"
}

# --- devices --------------------------------------------------------------------------------

# A device that moves to another namespace is gone for the port. When it returns, the port
# counts again.
test_moves_to_another_namespace() {
	local i
	ip netns add other
	path_load
	flood &
	for i in 1 2 3; do
		ip link set eth0 netns other
		expect_equal "the port's state" "$(port_value state eth0)" no-device
		ip -n other link set eth0 up
		ip -n other link set eth0 netns 1
		ip link set eth0 up
		expect_equal "the port's state" "$(port_value state eth0)" counting
	done
	touch /tmp/stop
	wait
	quiet
	expect_counting
	unload_under_traffic
}

# The device is deleted with frames in flight. The next device of that name is counted.
test_deleted_under_traffic() {
	local i
	path_load
	for i in 1 2 3; do
		(flood 2>/dev/null) &
		wait_for "frames" total_above $((i * 100))
		ip link del eth0
		touch /tmp/stop
		wait
		expect_equal "the port's state" "$(port_value state eth0)" no-device
		veth_pair eth0 cable
	done
	expect_counting
	(flood 2>/dev/null) &
	wait_for "frames" total_above 1000
	unload
	ip link del eth0
	touch /tmp/stop
	wait
}

# A port is deleted and added, and its hook changed, under traffic of both CPUs.
test_ports_deleted_and_added_under_traffic() {
	local i
	path_load
	flood &
	for i in 1 2 3 4 5; do
		l2pc del eth0
		l2pc add eth0
		l2pc set eth0 hook rx-handler
		l2pc set eth0 hook tap
	done
	touch /tmp/stop
	wait
	quiet
	expect_counting
}

# --- refusals -------------------------------------------------------------------------------

# expect_no_port DEV TEXT [PARAMETER...]: asserts that DEV is refused as a port, and that
# the kernel message has TEXT.
expect_no_port() {
	local dev=$1 text=$2
	shift 2
	expect_failure "$dev as a port" load interface="$dev" "$@" 2>/tmp/refusal
	expect_message "interface $dev: $text"
}

test_vrf_is_refused() {
	ip link add vrf0 type vrf table 10
	expect_no_port vrf0 'a VRF device sees what its ports have received; count its ports'
	expect_line /tmp/refusal 'Invalid parameters|Invalid argument'
	load
	expect_status 1 l2pc add vrf0
}

test_ifb_is_refused() {
	ip link add ifb0 type ifb
	expect_no_port ifb0 'an ifb device gets frames that were counted where they came in; count that interface'
	expect_line /tmp/refusal 'Invalid parameters|Invalid argument'
	load
	expect_status 1 l2pc add ifb0
}

# A device has one RX handler. The message names the master that has it, and the hook that
# needs none.
test_rx_handler_where_it_is_taken() {
	ip link add br9 type bridge
	ip link set eth0 master br9
	expect_no_port eth0 'the RX handler belongs to br9 (hook=tap needs no RX handler)' hook=rx_handler
	ip link del br9
	ip link add link eth0 name mv0 type macvlan
	expect_no_port eth0 'the RX handler is taken, by macvlan, ipvlan or the like (hook=tap needs no RX handler)' hook=rx_handler
	path_load
	expect_status 1 l2pc set eth0 hook rx-handler
	expect_equal "the hook" "$(port_value hook eth0)" tap
	mixed
	quiet
	expect_equal "counts of the tap" "$(stations window eth0)" "$mixed_rows"
	unload
	ip link del mv0
	ip link add link eth0 name iv0 type ipvlan
	expect_no_port iv0 'its kind has no RX handler (hook=tap needs none)' hook=rx_handler
}
