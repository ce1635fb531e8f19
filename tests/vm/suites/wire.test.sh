#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 1800 --modules sctp
# What is counted is what was on the wire: segments, not super-packets; bytes with
# the headers of each segment and with tags, without FCS. In tunnels: tunnels.test.sh;
# from virtual machines: guests.test.sh.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/wire.sh
: "${hooks:?}" "${tx_before=}"

# sent: what the sender's interface was given to send, frames and bytes. A veth
# whose peer does GRO reports what the peer took, without Ethernet headers: so
# the queue in front of it is asked for bytes, and the interface for frames too.
sent() {
	local queue
	queue=$(queued cable)
	expect_equal "frames of queue and interface" "${queue% *}" \
		"$(($(ip netns exec sender cat /sys/class/net/cable/statistics/tx_packets) - tx_before))"
	echo "$queue"
}

# wire_equals: what was counted is what the sender's interface sent since SENT.
wire_equals() {
	local was=$1 now
	wait_quiet
	now=$(sent)
	# shellcheck disable=SC2086 # two numbers each
	set -- $was $now
	expect_equal "packets and bytes" "$(stations window eth0)" "02:00:00:00:00:01 - $(($3 - $1)) $(($4 - $2))"
	expect_number "frames sent" $(($3 - $1)) -gt 100
}

# Segments cut by the sender, put together by GRO on this side.
segments() {
	local was
	ip netns exec sender ethtool -K cable tso off gso off
	ethtool -K eth0 gro "$1"
	load reset_interval=0 hook="$2"
	wait_quiet
	was=$(sent)
	transfer 600000
	wire_equals "$was"
	[ "$1" != on ] || came_together
}

# Frames of the transfer that came in a super-packet: the stack saw fewer packets
# than the wire.
merged() {
	local stack
	stack=$(awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $4 }' /proc/net/snmp)
	echo $(($(totals_of window packets eth0) - stack + stack_before))
}

# came_together: super-packets came, where a veth can have any. Before 5.13 it has GRO only
# with XDP (drivers/net/veth.c), and on 5.10 its UDP segments come one by one.
came_together() {
	[ "$(merged)" -le 0 ] || return 0
	kernel_has 5.13 ||
		skip "the counts are right; this kernel's veth passes on no super-packets"
	fail "super-packets" "one at least" none
}

# by_each COMMAND...: with each way in behind it.
by_each() {
	local hook
	for hook in $hooks; do
		stack_before=$(awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $4 }' /proc/net/snmp)
		"$@" "$hook"
		unload
	done
}

test_tcp_with_gro() { by_each segments on; }

test_tcp_without_gro() { by_each segments off; }

# Datagrams that the sender's stack hands down as one: UDP_SEGMENT, 103, of UDP, 17.
udp_segments() {
	load reset_interval=0 hook="$1"
	datagrams 5001
	# Ten times four of 1000 and one of 600, with Ethernet, IP and UDP before each.
	expect_equal "packets and bytes" "$(stations window eth0)" "02:00:00:00:00:01 - 50 $((46000 + 50 * (14 + 20 + 8)))"
	came_together
}

# datagrams PORT: 50 of them, ten at a time, to a socket that takes them.
datagrams() {
	socat -u "UDP-RECV:$1" OPEN:/dev/null &
	receiver=$!
	until ss -lun | grep -q ":$1"; do sleep 0.1; done
	head -c 46000 /dev/zero >/tmp/datagrams
	ip netns exec sender socat -u -b 4600 OPEN:/tmp/datagrams "UDP:192.0.2.1:$1,setsockopt-int=17:103:1000"
	wait_quiet
	kill $receiver
	wait $receiver || :
}

test_udp_segments() {
	ip netns exec sender ethtool -K cable gso on tx-udp-segmentation on
	by_each udp_segments
}

# Datagrams that come one by one, in a burst, and that this side puts together again:
# as a list of them, and as one to be forwarded.
datagrams_put_together() {
	ip netns exec sender ethtool -K cable tx-udp-segmentation off
	ethtool -K eth0 gro on "$1" on || skip "this kernel has no $1"
	mirror eth0
	NO_SUPER=1 on_the_wire eth0 datagrams 5001
	kernel_has 5.13 || skip "the counts are right; this kernel's veth passes on no super-packets"
	expect_super_packets
}

test_udp_fraglist() { datagrams_put_together rx-gro-list; }

test_udp_forwarded() { datagrams_put_together rx-udp-gro-forwarding; }

# sctp ADDRESS: a stream in a burst.
sctp() {
	local listen=SCTP4-LISTEN to=$1
	case $to in *:*) listen=SCTP6-LISTEN to=[$to] ;; esac
	socat -u "$listen:6000" OPEN:/dev/null &
	receiver=$!
	until grep -q ' 6000 ' /proc/net/sctp/eps; do sleep 0.1; done
	head -c 300000 /dev/zero | ip netns exec sender socat -u -b 1000 - "SCTP:$to:6000"
	wait $receiver
}

# gso_size is GSO_BY_FRAGS, and the common header is in each segment.
test_sctp() {
	modprobe sctp || skip "this kernel has no SCTP"
	six
	mirror eth0
	on_the_wire eth0 sctp 192.0.2.1
	on_the_wire eth0 sctp 2001:db8::1
}

# longer_than_64k: at least one of them was.
longer_than_64k() {
	expect_number "bytes of the longest super-packet" "$(cat /tmp/whole.eth0.longest)" -gt 65549
}

# IPv6 super-packets of more than 64 KiB. From 5.19 to 6.x they have a jumbo option
# that their segments have not.
big_tcp() {
	six
	sysctl -qw net.ipv4.tcp_wmem='4096 8000000 33554432' net.ipv4.tcp_rmem='4096 8000000 33554432'
	# TCP makes super-packets of half its window, and of what it sends in a millisecond. On a
	# slow machine both stay small: slow start ends when round trips take longer.
	ip -6 route replace 2001:db8::/64 dev eth0 metric 256 initrwnd 500
	ip -n sender -6 route replace 2001:db8::/64 dev cable metric 256 initcwnd 500
	ip netns exec sender sysctl -qw net.ipv4.tcp_wmem='4096 8000000 33554432' net.ipv4.tcp_rmem='4096 8000000 33554432' \
		net.ipv4.tcp_min_tso_segs=120
	mirror eth0
}

test_big_tcp_sent() {
	big_tcp
	ip netns exec sender linkmax gso cable 185000 || skip "this kernel has no BIG TCP"
	on_the_wire eth0 transfer 2000000 2001:db8::1
	longer_than_64k
}

test_big_tcp_put_together() {
	big_tcp
	ip netns exec sender ethtool -K cable tso off gso off
	ethtool -K eth0 gro on
	# Older kernels take no notice.
	kernel_has 5.19 || skip "this kernel has no BIG TCP"
	linkmax gro eth0 185000
	# One burst of segments a NAPI poll is what TCP gives the sender's queue at once: TCP relies on
	# the stack's segmentation, also where the interface has GSO off.
	ip netns exec sender linkmax gso cable 185000
	on_the_wire eth0 transfer 2000000 2001:db8::1
	longer_than_64k
}

test_jumbo_frames() {
	ip link set eth0 mtu 9000
	ip -n sender link set cable mtu 9000
	mirror eth0
	on_the_wire eth0 transfer 600000
}

fragmented() { ip netns exec sender ping -q -c 10 -i 0.01 -s 20000 192.0.2.1; }

test_ip_fragments() {
	mirror eth0
	NO_SUPER=1 on_the_wire eth0 fragmented
	expect_equal "frames" "$(frames_of /tmp/wire.eth0)" 140
}

# stacked_tags: a tag in a tag. The outer one is taken off, the inner one stays in the
# super-packet.
test_stacked_tags() {
	ip link add link eth0 name e.5 type vlan proto 802.1ad id 5
	ip link add link e.5 name e.5.7 type vlan id 7
	ip -n sender link add link cable name c.5 type vlan proto 802.1ad id 5
	ip -n sender link add link c.5 name c.5.7 type vlan id 7
	ip link set e.5 up
	ip link set e.5.7 up
	ip -n sender link set c.5 up
	ip -n sender link set c.5.7 up
	ip addr add 198.51.100.1/24 dev e.5.7
	ip -n sender addr add 198.51.100.2/24 dev c.5.7
	ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:01 dev e.5.7 nud permanent
	ip -n sender neigh replace 198.51.100.1 lladdr 02:00:00:00:00:aa dev c.5.7 nud permanent
	mirror eth0
	# Frames of a VLAN device never come to the parent's RX handler.
	hooks=${hooks/rx_handler/} on_the_wire eth0 transfer 600000 198.51.100.1
}

# Tags count with their 4 bytes, whether they were taken off or not. A frame of 60
# bytes with a tag is 60 bytes long, tag included, as `replay` pads it.
test_tags() {
	load reset_interval=0 vlan=1
	ip netns exec sender replay cable - >/dev/null <<-FRAMES
		02ffffffff01 020000000001 88b5 x10
		02ffffffff01 020000000001 8100 0005 88b5 x20
		02ffffffff01 020000000001 8100 0000 88b5 x30
		02ffffffff01 020000000002 88a8 0007 8100 0005 88b5 x40
	FRAMES
	expect_equal "stations" "$(stations window eth0)" "02:00:00:00:00:01 - 40 2400
02:00:00:00:00:01 5 20 1200
02:00:00:00:00:02 7 40 2400"
}
