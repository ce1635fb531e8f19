#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 1800 --modules sctp
# The counts are those on the wire: segments, not super-packets; bytes with the headers of
# each segment and with tags, without FCS. tunnels.test.sh covers tunnels, guests.test.sh
# virtual machines.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/wire.sh
: "${hooks:?}" "${tx_before=}"

# sent: prints the frames and bytes that the sender's interface has sent. A veth whose peer
# does GRO counts bytes without Ethernet headers, so the qdisc's numbers are used. The
# interface's number of frames must equal the qdisc's.
sent() {
	local queue
	queue=$(queued cable)
	expect_equal "frames of queue and interface" "${queue% *}" \
		"$(($(ip netns exec sender cat /sys/class/net/cable/statistics/tx_packets) - tx_before))"
	echo "$queue"
}

# expect_wire SENT: asserts that the counts are those of the sender's interface since SENT.
expect_wire() {
	local was=$1 now
	wait_quiet
	now=$(sent)
	# shellcheck disable=SC2086 # two numbers each
	set -- $was $now
	expect_equal "packets and bytes" "$(stations window eth0)" "02:00:00:00:00:01 - $(($3 - $1)) $(($4 - $2))"
	expect_number "frames sent" $(($3 - $1)) -gt 100
}

# segments GRO HOOK: makes a transfer that the sender segments. With GRO on, this side merges
# the segments.
segments() {
	local was
	ip netns exec sender ethtool -K cable tso off gso off
	ethtool -K eth0 gro "$1"
	load reset_interval=0 hook="$2"
	wait_quiet
	was=$(sent)
	transfer 600000
	expect_wire "$was"
	[ "$1" != on ] || expect_merged
}

# merged: prints how many more frames the port has counted than the stack has received,
# because super-packets arrived.
merged() {
	local stack
	stack=$(awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $4 }' /proc/net/snmp)
	echo $(($(totals_of window packets eth0) - stack + stack_before))
}

# expect_merged: asserts that super-packets arrived, where a veth supports them. Before 5.13
# a veth has GRO only with XDP (drivers/net/veth.c), and on 5.10 its UDP segments arrive one
# by one.
expect_merged() {
	[ "$(merged)" -le 0 ] || return 0
	kernel_has 5.13 ||
		skip "the counts are right; this kernel's veth passes on no super-packets"
	fail "super-packets" "one at least" none
}

# for_each_hook COMMAND...: runs COMMAND with each hook as its last argument.
for_each_hook() {
	local hook
	for hook in $hooks; do
		stack_before=$(awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $4 }' /proc/net/snmp)
		"$@" "$hook"
		unload
	done
}

test_tcp_with_gro() { for_each_hook segments on; }

test_tcp_without_gro() { for_each_hook segments off; }

# udp_segments HOOK: sends datagrams that the sender's stack passes to its device as one
# super-packet, by the option UDP_SEGMENT (103) of UDP (17).
udp_segments() {
	load reset_interval=0 hook="$1"
	datagrams 5001
	# Ten times four of 1000 and one of 600 bytes, each with Ethernet, IP and UDP headers.
	expect_equal "packets and bytes" "$(stations window eth0)" "02:00:00:00:00:01 - 50 $((46000 + 50 * (14 + 20 + 8)))"
	expect_merged
}

# datagrams PORT: sends 50 datagrams to a socket that receives them, in ten writes.
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
	for_each_hook udp_segments
}

# datagrams_put_together FEATURE: sends datagrams that arrive one by one, in a burst, and that
# GRO on this side merges: into a list (rx-gro-list), or into one super-packet for forwarding
# (rx-udp-gro-forwarding).
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

# sctp ADDRESS: sends an SCTP stream in a burst.
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

# expect_longer_than_64k: asserts that a super-packet of more than 64 KiB arrived.
expect_longer_than_64k() {
	expect_number "bytes of the longest super-packet" "$(cat /tmp/whole.eth0.longest)" -gt 65549
}

# big_tcp: configures IPv6 super-packets of more than 64 KiB. From 5.19 to 6.x they have a
# jumbo option, which their segments do not have.
big_tcp() {
	six
	sysctl -qw net.ipv4.tcp_wmem='4096 8000000 33554432' net.ipv4.tcp_rmem='4096 8000000 33554432'
	# TCP limits a super-packet to half its window, and to the data it sends in a millisecond.
	# On a slow machine both stay small: slow start ends when round trips take longer.
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
	expect_longer_than_64k
}

test_big_tcp_put_together() {
	big_tcp
	ip netns exec sender ethtool -K cable tso off gso off
	ethtool -K eth0 gro on
	# Older kernels ignore the attribute.
	kernel_has 5.19 || skip "this kernel has no BIG TCP"
	linkmax gro eth0 185000
	# A NAPI poll gets the segments that TCP passes to the sender's queue at once. So TCP must
	# make large super-packets, which the stack segments where the interface has GSO off.
	ip netns exec sender linkmax gso cable 185000
	on_the_wire eth0 transfer 2000000 2001:db8::1
	expect_longer_than_64k
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

# A tag in a tag. The outer tag is stripped, the inner tag stays in the super-packet.
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
	# Frames of a VLAN device do not reach the parent's RX handler.
	hooks=${hooks/rx_handler/} on_the_wire eth0 transfer 600000 198.51.100.1
}

# Tags count as 4 bytes, stripped or not. `replay` pads frames to 60 bytes with the tag
# included.
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
