#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 20 s
# lab: --cpus 2 --mem 2048 --timeout 600
# What is counted is what was on the wire: segments, not super-packets; bytes with
# the headers of each segment and with tags, without FCS.
. /l2pc/tests/lib/vm.sh
. /l2pc/tests/lib/module.sh
. /l2pc/tests/lib/l2pc.sh

teardown() {
	unload_if_loaded
	ip link del vx0
	ip netns del sender
	ip link del eth0
} 2>/dev/null

setup() {
	ip netns add sender
	# Its own announcements are no stations' frames here, and yet sent.
	ip netns exec sender bash -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	ip link add eth0 type veth peer name cable
	ip link set cable netns sender
	ip link set eth0 address 02:00:00:00:00:aa up addrgenmode none
	ip -n sender link set cable address 02:00:00:00:00:01 addrgenmode none up
	ip addr add 192.0.2.1/24 dev eth0
	ip -n sender addr add 192.0.2.2/24 dev cable
	ip netns exec sender tc qdisc add dev cable root pfifo
	tx_before=$(ip netns exec sender cat /sys/class/net/cable/statistics/tx_packets)
	# Neither asks: every frame is the transfer's.
	ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n sender neigh replace 192.0.2.1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

# transfer BYTES [ADDRESS]
transfer() {
	socat -u TCP-LISTEN:5000,reuseaddr OPEN:/dev/null &
	until ss -ltn | grep -q :5000; do sleep 0.1; done
	head -c "$1" /dev/zero | ip netns exec sender socat -u - "TCP:${2-192.0.2.1}:5000"
	wait $!
}

# queued DEV: frames and bytes that passed the queue of an interface of the sender's.
queued() {
	ip netns exec sender tc -s qdisc show dev "$1" | awk '$1 == "Sent" { print $4, $2 }'
}

# sent: what the sender's interface was given to send, frames and bytes. A veth
# whose peer does GRO reports what the peer took, without Ethernet headers: so
# the queue in front of it is asked for bytes, and the interface for frames too.
sent() {
	local queue
	queue=$(queued cable)
	check_eq "frames of queue and interface" "${queue% *}" \
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
	check_eq "packets and bytes" "$(stations window eth0)" "02:00:00:00:00:01 - $(($3 - $1)) $(($4 - $2))"
	[ $(($3 - $1)) -gt 100 ] || fail "only $(($3 - $1)) frames were sent"
}

# wait_quiet: nothing is under way any more.
wait_quiet() {
	local was=''
	local now
	now=$(cat /sys/class/net/eth0/statistics/rx_packets)
	until [ "$was" = "$now" ]; do
		was=$now
		sleep 0.3
		now=$(cat /sys/class/net/eth0/statistics/rx_packets)
	done
}

# Segments cut by the sender, put together by GRO on this side.
segments() {
	local was
	ip netns exec sender ethtool -K cable tso off gso off
	ethtool -K eth0 gro "$1"
	load reset_interval=0 hook="$2"
	wait_quiet
	was=$(sent)
	transfer 3000000
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
	[ "$(printf '%s\n' 5.13 "$(uname -r)" | sort -V | head -n 1)" = 5.13 ] ||
		skip "the counts are right; this kernel's veth passes on no super-packets"
	fail "no super-packet came"
}

test_tcp_with_gro() {
	stack_before=$(awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $4 }' /proc/net/snmp)
	segments on auto
}

test_tcp_with_gro_by_ingress() {
	stack_before=$(awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $4 }' /proc/net/snmp)
	segments on ingress
}

test_tcp_without_gro() { segments off auto; }

# Datagrams that the sender's stack hands down as one: UDP_SEGMENT, 103, of UDP, 17.
test_udp_segments() {
	stack_before=$(awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $4 }' /proc/net/snmp)
	ip netns exec sender ethtool -K cable gso on tx-udp-segmentation on
	load reset_interval=0
	socat -u UDP-RECV:5001 OPEN:/dev/null &
	until ss -lun | grep -q :5001; do sleep 0.1; done
	head -c 46000 /dev/zero >/tmp/datagrams
	ip netns exec sender socat -u -b 4600 OPEN:/tmp/datagrams UDP:192.0.2.1:5001,setsockopt-int=17:103:1000
	wait_quiet
	kill $!
	# Ten times four of 1000 and one of 600, with Ethernet, IP and UDP before each.
	check_eq "packets and bytes" "$(stations window eth0)" "02:00:00:00:00:01 - 50 $((46000 + 50 * (14 + 20 + 8)))"
	came_together
}

# tunnelled GRO: super-packets in VXLAN, over a veth that takes them whole. Without GRO
# on the tunnel nobody looks where their TCP header is once the tunnel is off them.
tunnelled() {
	local queue frames
	ip link add vx0 type vxlan id 7 local 192.0.2.1 remote 192.0.2.2 dstport 4789 dev eth0
	ip -n sender link add vx0 type vxlan id 7 local 192.0.2.2 remote 192.0.2.1 dstport 4789 dev cable
	ip link set vx0 address 02:00:00:00:00:bb addrgenmode none up
	ip -n sender link set vx0 address 02:00:00:00:00:11 addrgenmode none up
	ip addr add 198.51.100.1/24 dev vx0
	ip -n sender addr add 198.51.100.2/24 dev vx0
	ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:11 dev vx0 nud permanent
	ip -n sender neigh replace 198.51.100.1 lladdr 02:00:00:00:00:bb dev vx0 nud permanent
	ip netns exec sender tc qdisc add dev vx0 root pfifo
	ethtool -K vx0 gro "$1"
	load interface=eth0,vx0 reset_interval=0
	transfer 3000000 198.51.100.1
	wait_quiet
	queue=$(queued vx0)
	frames=${queue% *}
	check_eq "in the tunnel" "$(stations window vx0)" "02:00:00:00:00:11 - $queue"
	# Ethernet, IP, UDP and VXLAN around each.
	check_eq "the tunnel" "$(stations window eth0)" \
		"02:00:00:00:00:01 - $frames $((${queue#* } + frames * (14 + 20 + 8 + 8)))"
	[ "$frames" -gt "$(cat /sys/class/net/vx0/statistics/rx_packets)" ] || fail "no super-packet came"
}

test_tunnel() { tunnelled on; }

test_tunnel_without_gro() { tunnelled off; }

# super_packets HOOK PACKETS SEGMENTS SIZE MORE: a tap gives the size of a
# super-packet's segments and not their number. The tap stays until tap_away.
super_packets() {
	local hook=$1
	shift
	mkfifo /tmp/tap.in
	tapgso tap9 "$@" </tmp/tap.in >/tmp/tap.out &
	exec 5>/tmp/tap.in
	rm /tmp/tap.in
	wait_for "the tap" grep -q ready /tmp/tap.out
	load interface=tap9 reset_interval=0 hook="$hook"
	echo go >&5
	wait_for "the packets" grep -q sent /tmp/tap.out
}

tap_away() {
	exec 5>&-
	wait
}

test_tap_super_packets() {
	super_packets auto 100 40 1000 0
	check_eq "4,000 segments with 54 bytes of headers each" "$(stations window tap9)" \
		"02:00:00:00:00:01 - 4000 $((4000 * 1054))"
	check_eq "in /proc" "$(rows)" "02:00:00:00:00:01         4000"
	tap_away
}

# One more byte than three segments have: it is a segment too.
test_tap_super_packet_with_a_short_end() {
	super_packets ingress 1 3 1000 1
	check_eq "segments" "$(stations window tap9)" "02:00:00:00:00:01 - 4 $((3 * 1054 + 55))"
	tap_away
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
	check_eq "stations" "$(stations window eth0)" "02:00:00:00:00:01 - 40 2400
02:00:00:00:00:01 5 20 1200
02:00:00:00:00:02 7 40 2400"
}
