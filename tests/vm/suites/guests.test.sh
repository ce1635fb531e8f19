#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 1800
# Super-packets of virtual machines and packet sockets, with correct and with wrong virtio
# headers. The counts are those of the segments that the kernel would make, and a wrong
# header does not make a frame count as several.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/wire.sh
. /l2pc/tests/lib/superpackets.sh
: "${hooks:?}"

# guest_open tap|tunnel|packet DEV: starts tapgso, which sends on DEV as a virtual machine or
# a packet socket; with IN_SENDER, in the sender's namespace. guest_sends sends its lines.
guest_open() {
	local where=''
	[ -z "${IN_SENDER-}" ] || where='ip netns exec sender'
	rm -f /tmp/guest.in
	: >/tmp/guest.out
	mkfifo /tmp/guest.in
	# shellcheck disable=SC2086 # words
	$where tapgso "$@" </tmp/guest.in >/tmp/guest.out &
	guest=$!
	exec 5>/tmp/guest.in
	wait_for "the guest" guest_is_ready
	! [ "$1" = tunnel ] || [ -d "/proc/$guest" ] || skip "this kernel does not support tunnels of guests"
}

guest_is_ready() { grep -q ready /tmp/guest.out || [ ! -d "/proc/$guest" ]; }

# guest_sends LINE: sends the frame of a line NAME CHAIN KEY=VALUE..., see tapgso.c. Prints
# the error, or ok.
guest_sends() {
	echo "$*" >&5
	wait_for "$1" grep -q "^$1 " /tmp/guest.out
	sed -n "s/^$1 [^ ]* [0-9]* //p" /tmp/guest.out
}

# guest_lines DEV [LEAST]: sends the lines of stdin (superpackets.sh) with each hook, and
# compares the counts. The device must accept at least LEAST lines.
#
# The kernel's segments are checked first, without the module: IPv6 fragments are made in
# place, so a frame that tc has mirrored is no longer the frame that arrived.
guest_lines() {
	local dev=$1 least=${2-8} hook counter
	cat >/tmp/lines
	mirror "$dev"
	rm -f "/tmp/wire.$dev"
	ip netns exec wire wirecount "w$dev" "/tmp/wire.$dev" &
	counter=$!
	wait_for "the counter" [ -e "/tmp/wire.$dev" ]
	guest_sends_lines cut
	wait_quiet "$dev"
	kill $counter
	wait $counter
	expect_number "frames that the device accepted" "$(wc -l </tmp/expected)" -ge "$least"
	expect_equal "the kernel's segments" "$(awk 'FILENAME == ARGV[1] { any[$1]; next } !($1 in any)' /tmp/expected.any "/tmp/wire.$dev")" \
		"$(LC_ALL=C sort /tmp/expected.wire)"
	tc qdisc del dev "$dev" clsact
	for hook in $hooks; do
		load interface="$dev" reset_interval=0 hook="$hook"
		guest_sends_lines "$hook"
		wait_quiet "$dev"
		expect_equal "$hook" "$(stations window "$dev")" "$(LC_ALL=C sort /tmp/expected)"
		unload
	done
}

# guest_sends_lines ROUND: sends all lines. Writes the expected counts to /tmp/expected, and
# those of the kernel's segments to /tmp/expected.wire.
guest_sends_lines() {
	awk -v round="$1" '{ $3 = $3 "-" round; $1 = $2 = ""; print }' /tmp/lines >&5
	wait_for "the guest" all_are_sent "$1"
	# The lines that the device refused, for the log of a failure.
	grep -- "-$1 .*" /tmp/guest.out | grep -v ' ok$' || :
	superpackets_expected /tmp/lines /tmp/guest.out /tmp/expected "${EXTRA-}" "$1"
}

all_are_sent() { [ "$(grep -c -- "-$1 " /tmp/guest.out)" = "$(wc -l </tmp/lines)" ]; }

# Correct headers, of every kind that a guest can send.
test_guest_super_packets() {
	guest_open tap tap9
	EXTRA=$superpackets_extra guest_lines tap9 < <(superpackets_correct)
}

# A guest's wrong header does not make a frame count as several.
test_guest_with_wrong_headers() {
	guest_open tap tap9
	guest_lines tap9 < <(superpackets_wrong 8188 8)
}

# The kernel's segments are not checked here: some kernels would make half a million frames.
test_guest_with_wrong_headers_of_megabytes() {
	local hook
	guest_open tap tap9
	# Before 6.6 alloc_skb_with_frags() refuses more than 17 pages.
	[ "$(guest_sends probe ip4,tcp mac=9 type=1 size=8 cs=60000 len=2000000)" != "Message too long" ] ||
		skip "this kernel takes no frame of megabytes from a tap"
	for hook in $hooks; do
		load interface=tap9 reset_interval=0 hook="$hook"
		guest_sends "2M-$hook" ip4,tcp mac=1 type=1 size=8 cs=60000 len=2000000
		guest_sends "4M-$hook" ip4,tcp mac=2 type=1 size=8 cs=65000 len=4100000
		wait_quiet tap9
		expect_equal "$hook" "$(stations window tap9)" "02:00:00:00:01:01 - 249994 15499622
02:00:00:00:01:02 - 512494 31774622"
		unload
	done
}

# Super-packets in UDP tunnels of a guest (7.x): the virtio header has the offsets of the
# inner headers.
test_guest_tunnels() {
	guest_open tunnel tap9
	{
		superpackets_tunnels
		cat <<-'LINES'
			one    no  nh-late ip4,udp,vxlan,eth,ip4,tcp      mac=6 type=0x21 size=1000 len=40104 nh=3000 cs=3100
			one    no  nh-low  ip4:60,udp,vxlan,eth,ip4,tcp   mac=7 type=0x21 size=1000 len=40144 th=34 nh=42 cs=124
			40:104 cut plain   ip4,udp,vxlan,eth,ip4,tcp      mac=8 type=0x21 size=1000 len=40104
		LINES
	} >/tmp/tunnels
	guest_lines tap9 5 </tmp/tunnels
}

# A packet socket with virtio headers, over a cable: the device has parsed the headers, but
# the sizes in the skb are still those of the socket.
test_packet_socket() {
	IN_SENDER=1 guest_open packet cable
	guest_lines eth0 4 < <(superpackets_of_a_packet_socket)
}

# A virtual machine's super-packets, bridged into a tunnel: the skb has the host's offsets,
# but the super-packet is still untrusted.
test_guest_in_tunnel() {
	ip -n sender link add vx0 type vxlan id 7 local 192.0.2.2 remote 192.0.2.1 dstport 4789 dev cable
	ip -n sender link add br0 type bridge
	ip -n sender link set vx0 master br0 addrgenmode none up
	ip -n sender link set br0 addrgenmode none up
	IN_SENDER=1 guest_open tap tap9
	ip -n sender link set tap9 master br0
	ip link add t0 type vxlan id 7 local 192.0.2.1 remote 192.0.2.2 dstport 4789 dev eth0
	ip link set t0 addrgenmode none up
	mirror eth0 t0
	guest_traffic() {
		[ "$(guest_sends "$hook" ip4,tcp mac=1 type=1 size=1000 len=40054 n=5)" = ok ]
		[ "$(guest_sends "$hook-6" ip6,tcp mac=2 type=4 size=1000 len=40074 n=5)" = ok ]
		[ "$(guest_sends "$hook-t" tag,ip4,tcp mac=3 type=1 size=1000 len=40058 n=5)" = ok ]
	}
	on_the_wire 'eth0 t0' guest_traffic
	expect_equal "in the tunnel" "$(cat /tmp/wire.t0)" "02:00:00:00:01:01 - 200 $((200 * 1054))
02:00:00:00:01:02 - 200 $((200 * 1074))
02:00:00:00:01:03 - 200 $((200 * 1058))"
}
