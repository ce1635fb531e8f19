#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 1200
# lab: --modules "sctp mpls_router mpls_iptunnel mpls_gso ip_gre sit ipip fou geneve"
# What is counted is what was on the wire: segments, not super-packets; bytes with
# the headers of each segment and with tags, without FCS.
#
# Two measures tell what was on the wire. The sender's queue has counted it, where
# the sender cuts segments. Or tc mirrors what arrives to a veth that has no offload
# at all: there the kernel cuts super-packets itself, into `wire`, where a packet
# socket counts (mirror, on_the_wire).
. /l2pc/tests/lib/vm.sh
. /l2pc/tests/lib/module.sh
. /l2pc/tests/lib/l2pc.sh

# The ways in that a port is counted by.
hooks='rx_handler tap'

teardown() {
	unload_if_loaded
	exec 5>&-
	# What a failed test left running, in its namespaces.
	pkill -x 'wirecount|tapgso|socat'
	for dev in t0 e.5 vx0 vx1; do ip link del "$dev"; done
	ip -all netns del
	ip fou del port 5555
	ip link del eth0
	ip addr flush dev lo
	ip addr add 127.0.0.1/8 dev lo
	# A namespace takes its devices along by and by.
	while [ -e /sys/class/net/mtap9 ] || [ -e /sys/class/net/meth0 ] || [ -e /sys/class/net/mt0 ]; do sleep 0.1; done
} 2>/dev/null

setup() {
	ip netns add sender
	# Its own announcements are no stations' frames here, and yet sent.
	ip netns exec sender bash -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
	ip link add eth0 type veth peer name cable
	ip link set cable netns sender
	ip link set eth0 address 02:00:00:00:00:aa up addrgenmode none
	ip -n sender link set cable address 02:00:00:00:00:01 addrgenmode none up
	ip -n sender link set lo up
	ip addr add 192.0.2.1/24 dev eth0
	ip -n sender addr add 192.0.2.2/24 dev cable
	ip netns exec sender tc qdisc add dev cable root pfifo
	tx_before=$(ip netns exec sender cat /sys/class/net/cable/statistics/tx_packets)
	# Neither asks: every frame is the transfer's.
	ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n sender neigh replace 192.0.2.1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

# six: IPv6 on the cable too.
six() {
	echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
	ip netns exec sender bash -c 'echo 0 >/proc/sys/net/ipv6/conf/cable/disable_ipv6'
	ip addr add 2001:db8::1/64 dev eth0 nodad
	ip -n sender addr add 2001:db8::2/64 dev cable nodad
	ip neigh replace 2001:db8::2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n sender neigh replace 2001:db8::1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

# kernel_has VERSION: this one is as new.
kernel_has() { [ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]; }

# without_offloads COMMAND...: every feature that the device can do without.
without_offloads() {
	local feature
	for feature in gso tso gro sg tx rx tx-udp-segmentation tx-gso-list tx-sctp-segmentation txvlan rxvlan \
		tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse tx-gre-segmentation tx-udp_tnl-segmentation tx-checksum-sctp; do
		"$@" "$feature" off >/dev/null 2>&1 || :
	done
}

# mirror DEV...: what arrives there goes to the cutting veth too.
mirror() {
	local dev
	# A super-packet may become thousands of frames at once.
	echo 100000 >/proc/sys/net/core/netdev_max_backlog
	ip netns add wire
	ip netns exec wire bash -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	for dev; do
		ip link add "m$dev" type veth peer name "w$dev"
		ip link set "w$dev" netns wire
		ip link set "m$dev" mtu 65535 addrgenmode none
		ip -n wire link set "w$dev" mtu 65535 addrgenmode none
		without_offloads ethtool -K "m$dev"
		without_offloads ip netns exec wire ethtool -K "w$dev"
		ip link set "m$dev" up
		ip -n wire link set "w$dev" up
		tc qdisc add dev "$dev" clsact
		tc filter add dev "$dev" ingress matchall action mirred egress mirror dev "m$dev"
	done
}

# on_the_wire "DEV..." COMMAND...: by each way in, what is counted during the command
# is what the mirrors of the devices count, and super-packets came. "DEV..."
# are the ports. The mirror stays. NO_SUPER: not all kernels have super-packets here.
on_the_wire() {
	local devs=$1 hook dev counters
	shift
	for hook in $hooks; do
		load interface="${devs// /,}" reset_interval=0 hook="$hook"
		counters=''
		for dev in $devs; do
			rm -f "/tmp/wire.$dev" "/tmp/whole.$dev"
			ip netns exec wire wirecount "w$dev" "/tmp/wire.$dev" &
			counters="$counters $!"
			wirecount "$dev" "/tmp/whole.$dev" &
			counters="$counters $!"
			wait_for "the counters" [ -e "/tmp/wire.$dev" -a -e "/tmp/whole.$dev" ]
		done
		"$@"
		for dev in $devs; do wait_quiet "$dev"; done
		# shellcheck disable=SC2086 # a list
		kill $counters
		# shellcheck disable=SC2086 # a list
		wait $counters
		for dev in $devs; do
			check_eq "$hook, $dev" "$(stations window "$dev")" "$(cat "/tmp/wire.$dev")"
			[ -s "/tmp/wire.$dev" ] || fail "$hook, $dev: no frame came"
			super_packets_came "$dev"
		done
		unload
	done
}

frames_of() { awk '{ sum += $3 } END { print sum + 0 }' "$1"; }

super_packets_came() {
	if [ "$(frames_of "/tmp/wire.$1")" = "$(frames_of "/tmp/whole.$1")" ]; then
		[ -n "${NO_SUPER-}" ] || fail "$1: no super-packet came"
		alone=1
	fi
}

# transfer BYTES [ADDRESS]
transfer() {
	local listen=TCP-LISTEN to=${2-192.0.2.1}
	case $to in *:*) listen=TCP6-LISTEN to=[$to] ;; esac
	socat -u "$listen:5000,reuseaddr" OPEN:/dev/null &
	receiver=$!
	until ss -ltn | grep -q :5000; do sleep 0.1; done
	truncate -s "$1" /tmp/zeroes
	ip netns exec sender socat -u -b 200000 OPEN:/tmp/zeroes "TCP:$to:5000"
	wait $receiver
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

# wait_quiet [DEV]: nothing is under way any more.
wait_quiet() {
	local was=''
	local now
	now=$(cat "/sys/class/net/${1-eth0}/statistics/rx_packets")
	until [ "$was" = "$now" ]; do
		was=$now
		sleep 0.3
		now=$(cat "/sys/class/net/${1-eth0}/statistics/rx_packets")
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
	transfer 1500000
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
	fail "no super-packet came"
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
	check_eq "packets and bytes" "$(stations window eth0)" "02:00:00:00:00:01 - 50 $((46000 + 50 * (14 + 20 + 8)))"
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
	[ -z "${alone-}" ] || fail "no super-packet came"
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
	[ "$(cat /tmp/whole.eth0.longest)" -gt 65549 ] || fail "the longest super-packet had $(cat /tmp/whole.eth0.longest) bytes"
}

# IPv6 super-packets of more than 64 KiB. From 5.19 to 6.x they have a jumbo option
# that their segments have not.
big_tcp() {
	six
	sysctl -qw net.ipv4.tcp_wmem='4096 8000000 33554432' net.ipv4.tcp_rmem='4096 8000000 33554432'
	# The sender's idea of what a millisecond holds would be smaller.
	ip netns exec sender sysctl -qw net.ipv4.tcp_wmem='4096 8000000 33554432' net.ipv4.tcp_rmem='4096 8000000 33554432' \
		net.ipv4.tcp_min_tso_segs=120
	mirror eth0
}

test_big_tcp_sent() {
	big_tcp
	ip netns exec sender linkmax gso cable 185000 || skip "this kernel has no BIG TCP"
	on_the_wire eth0 transfer 3000000 2001:db8::1
	longer_than_64k
}

test_big_tcp_put_together() {
	big_tcp
	ip netns exec sender ethtool -K cable tso off gso off
	ethtool -K eth0 gro on
	# Older kernels take no notice.
	kernel_has 5.19 || skip "this kernel has no BIG TCP"
	linkmax gro eth0 185000
	on_the_wire eth0 transfer 3000000 2001:db8::1
	longer_than_64k
}

test_jumbo_frames() {
	ip link set eth0 mtu 9000
	ip -n sender link set cable mtu 9000
	mirror eth0
	on_the_wire eth0 transfer 1500000
}

fragmented() { ip netns exec sender ping -q -c 10 -i 0.01 -s 20000 192.0.2.1; }

test_ip_fragments() {
	mirror eth0
	NO_SUPER=1 on_the_wire eth0 fragmented
	check_eq "frames" "$(frames_of /tmp/wire.eth0)" 140
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
	hooks=${hooks/rx_handler/} on_the_wire eth0 transfer 1500000 198.51.100.1
}

test_mpls() {
	modprobe -a mpls_router mpls_iptunnel mpls_gso || skip "this kernel has no MPLS"
	sysctl -qw net.mpls.platform_labels=200 net.mpls.conf.eth0.input=1 net.ipv4.conf.lo.rp_filter=0 \
		net.ipv4.conf.all.rp_filter=0
	ip addr add 198.51.100.1/32 dev lo
	ip -f mpls route add 100 dev lo
	ip -n sender route add 198.51.100.1/32 encap mpls 100 via inet 192.0.2.1 dev cable
	mirror eth0
	on_the_wire eth0 transfer 1500000 198.51.100.1
}

# tunnel_up TYPE [OPTION...]: a tunnel t0 through the cable, a transfer through that.
# TYPE is of Ethernet frames, then t0 is a port too, or of IP packets.
tunnel_up() {
	local type=$1 ports=eth0
	shift
	ip link add t0 type "$type" "$@" local 192.0.2.1 remote 192.0.2.2 || skip "this kernel has no $type"
	ip -n sender link add t0 type "$type" "$@" local 192.0.2.2 remote 192.0.2.1
	ip link set t0 up addrgenmode none
	ip -n sender link set t0 up addrgenmode none
	ip addr add 198.51.100.1/24 dev t0
	ip -n sender addr add 198.51.100.2/24 dev t0
	if [ "$(cat /sys/class/net/t0/type)" = 1 ]; then
		ports='eth0 t0'
		ip link set t0 address 02:00:00:00:00:bb
		ip -n sender link set t0 address 02:00:00:00:00:11
		ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:11 dev t0 nud permanent
		ip -n sender neigh replace 198.51.100.1 lladdr 02:00:00:00:00:bb dev t0 nud permanent
	fi
	# shellcheck disable=SC2086 # a list
	mirror $ports
	on_the_wire "$ports" transfer 1500000 198.51.100.1
}

test_gretap() { tunnel_up gretap; }

test_gre() { tunnel_up gre; }

test_gre_with_key() { tunnel_up gre key 5; }

test_ipip() { tunnel_up ipip; }

test_fou() {
	ip fou add port 5555 ipproto 4 || skip "this kernel has no FOU"
	ip -n sender fou add port 5555 ipproto 4
	tunnel_up ipip encap fou encap-sport auto encap-dport 5555
}

# geneve has no local address.
test_geneve() {
	ip link add t0 type geneve id 7 remote 192.0.2.2
	ip -n sender link add t0 type geneve id 7 remote 192.0.2.1
	ip link set t0 address 02:00:00:00:00:bb addrgenmode none up
	ip -n sender link set t0 address 02:00:00:00:00:11 addrgenmode none up
	ip addr add 198.51.100.1/24 dev t0
	ip -n sender addr add 198.51.100.2/24 dev t0
	ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:11 dev t0 nud permanent
	ip -n sender neigh replace 198.51.100.1 lladdr 02:00:00:00:00:bb dev t0 nud permanent
	mirror eth0 t0
	on_the_wire 'eth0 t0' transfer 1500000 198.51.100.1
}

# IPv6 in IPv4.
test_sit() {
	ip link add t0 type sit local 192.0.2.1 remote 192.0.2.2 || skip "this kernel has no sit"
	ip -n sender link add t0 type sit local 192.0.2.2 remote 192.0.2.1
	echo 0 >/proc/sys/net/ipv6/conf/t0/disable_ipv6
	ip netns exec sender bash -c 'echo 0 >/proc/sys/net/ipv6/conf/t0/disable_ipv6'
	ip link set t0 up
	ip -n sender link set t0 up
	ip addr add 2001:db8:1::1/64 dev t0 nodad
	ip -n sender addr add 2001:db8:1::2/64 dev t0 nodad
	mirror eth0
	on_the_wire eth0 transfer 1500000 2001:db8:1::1
}

# A tunnel in a tunnel. Where the outer one cuts super-packets only in part (7.x),
# its own port has super-packets whose offsets are of two tunnels.
test_tunnel_in_tunnel() {
	local ns
	ip link add vx0 type vxlan id 7 local 192.0.2.1 remote 192.0.2.2 dstport 4789 dev eth0
	ip -n sender link add vx0 type vxlan id 7 local 192.0.2.2 remote 192.0.2.1 dstport 4789 dev cable
	ip link set vx0 address 02:00:00:00:00:bb addrgenmode none up
	ip -n sender link set vx0 address 02:00:00:00:00:11 addrgenmode none up
	ip addr add 203.0.113.1/24 dev vx0
	ip -n sender addr add 203.0.113.2/24 dev vx0
	ip neigh replace 203.0.113.2 lladdr 02:00:00:00:00:11 dev vx0 nud permanent
	ip -n sender neigh replace 203.0.113.1 lladdr 02:00:00:00:00:bb dev vx0 nud permanent
	ip link add vx1 type vxlan id 8 local 203.0.113.1 remote 203.0.113.2 dstport 4789 dev vx0
	ip -n sender link add vx1 type vxlan id 8 local 203.0.113.2 remote 203.0.113.1 dstport 4789 dev vx0
	ip link set vx1 address 02:00:00:00:00:cc addrgenmode none up
	ip -n sender link set vx1 address 02:00:00:00:00:22 addrgenmode none up
	ip addr add 198.51.100.1/24 dev vx1
	ip -n sender addr add 198.51.100.2/24 dev vx1
	ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:22 dev vx1 nud permanent
	ip -n sender neigh replace 198.51.100.1 lladdr 02:00:00:00:00:cc dev vx1 nud permanent
	for ns in vx0 vx1; do ip netns exec sender ethtool -K "$ns" tx-gso-partial on 2>/dev/null || :; done
	mirror eth0 vx0 vx1
	NO_SUPER=1 on_the_wire 'eth0 vx0 vx1' transfer 1500000 198.51.100.1
	[ -z "${alone-}" ] || ! kernel_has 7.0 || fail "no super-packet came"
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
	transfer 1500000 198.51.100.1
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

# guest_open tap|tunnel|packet DEV: what a virtual machine, or a packet socket, sends
# there; in the sender's namespace with IN_SENDER. Lines go to guest_sends.
guest_open() {
	local where=''
	[ -z "${IN_SENDER-}" ] || where='ip netns exec sender'
	rm -f /tmp/guest.in
	mkfifo /tmp/guest.in
	# shellcheck disable=SC2086 # words
	$where tapgso "$@" </tmp/guest.in >/tmp/guest.out &
	guest=$!
	exec 5>/tmp/guest.in
	wait_for "the guest" guest_is_ready
	! [ "$1" = tunnel ] || [ -d "/proc/$guest" ] || skip "this kernel has no tunnels of guests"
}

guest_is_ready() { grep -q ready /tmp/guest.out || [ ! -d "/proc/$guest" ]; }

# guest_sends LINE: NAME CHAIN KEY=VALUE..., see tapgso.c. Prints its error, or ok.
guest_sends() {
	echo "$*" >&5
	wait_for "$1" grep -q "^$1 " /tmp/guest.out
	sed -n "s/^$1 [^ ]* [0-9]* //p" /tmp/guest.out
}

# guest_lines FILE DEV [LEAST]: sends the lines of FILE, for each of the ways in, and
# compares what is counted. In front of its NAME a line has what it must count:
# PACKETS:HEADERS, the headers being those of each segment, or `one` for a frame of its
# length; and whether the kernel cuts it into just these (cut), refuses it (no), or
# does what it likes (-). LEAST: so many the device must take.
guest_lines() {
	local file=$1 dev=$2 hook want cut name chain rest mac len counter sent packets bytes
	for hook in $hooks; do
		load interface="$dev" reset_interval=0 hook="$hook"
		rm -f "/tmp/wire.$dev"
		ip netns exec wire wirecount "w$dev" "/tmp/wire.$dev" &
		counter=$!
		wait_for "the counter" [ -e "/tmp/wire.$dev" ]
		rm -f /tmp/expected{,.wire,.any}
		touch /tmp/expected{,.wire,.any}
		sent=0
		while read -r want cut name chain rest; do
			name=$name-$hook
			if [ "$(guest_sends "$name" "$chain" "$rest")" != ok ]; then
				echo "not taken: $(grep "^$name " /tmp/guest.out)"
				continue
			fi
			sent=$((sent + 1))
			read -r _ mac len _ < <(grep "^$name " /tmp/guest.out)
			packets=1 bytes=$len
			if [ "$want" != one ]; then
				packets=${want%:*}
				# The headers are in its length once.
				bytes=$((len + (packets - 1) * ${want#*:} + ${extra_of["${name%-*}"]-0}))
			fi
			echo "$mac - $packets $bytes" >>/tmp/expected
			case $cut in
			cut) echo "$mac - $packets $bytes" >>/tmp/expected.wire ;;
			-) echo "$mac" >>/tmp/expected.any ;;
			esac
		done <"$file"
		wait_quiet "$dev"
		kill $counter
		wait $counter
		check_eq "$hook" "$(stations window "$dev")" "$(LC_ALL=C sort /tmp/expected)"
		check_eq "$hook, as the kernel cuts them" "$(awk 'FILENAME == ARGV[1] { any[$1]; next } !($1 in any)' /tmp/expected.any "/tmp/wire.$dev")" \
			"$(LC_ALL=C sort /tmp/expected.wire)"
		[ "$sent" -ge "${3-8}" ] || fail "the device took only $sent of them"
		unload
	done
}

# What is true, of every kind that a guest can send.
test_guest_super_packets() {
	guest_open tap tap9
	mirror tap9
	cat >/tmp/lines <<-'LINES'
		40:54  cut tcp4     ip4,tcp             mac=1 type=1 size=1000 len=40054
		4:54   cut end      ip4,tcp             mac=2 type=1 size=1000 len=3055
		40:114 cut options  ip4:60,tcp:40       mac=3 type=1 size=1000 len=40114
		40:74  cut tcp6     ip6,tcp             mac=4 type=4 size=1000 len=40074
		40:98  cut dstopt   ip6,dst:24,tcp      mac=5 type=4 size=1000 len=40098
		40:58  cut tag      tag,ip4,tcp         mac=6 type=1 size=1000 len=40054
		40:62  cut tags     tag,tag,ip4,tcp     mac=7 type=1 size=1000 len=40058
		40:78  cut tag6     tag,ip6,tcp         mac=8 type=4 size=1000 len=40074
		40:42  cut uso      ip4,udp             mac=9 type=5 size=1000 len=40042
		40:62  cut uso6     ip6,udp             mac=10 type=5 size=1000 len=40062
		29:34  cut ufo      ip4,udp             mac=11 type=3 size=1400 len=40042
		28:62  cut ufo6     ip6,udp             mac=12 type=3 size=1448 len=40062
		29:70  cut ufo6d    ip6,dst:8,udp       mac=13 type=3 size=1400 len=40070
		40:54  cut nocsum   ip4,tcp             mac=14 type=1 size=1000 len=40054 flags=0
		1:54   cut short    ip4,tcp             mac=15 type=1 size=1000 len=1054
		1:42   cut small    arp                 mac=16 type=0 flags=0 len=42
	LINES
	# The header of the first fragment is not in the super-packet's length.
	declare -A extra_of=([ufo6]=8 [ufo6d]=8)
	guest_lines /tmp/lines tap9
}

# What a guest says of a frame does not make it more than it is.
test_guest_that_lies() {
	guest_open tap tap9
	mirror tap9
	cat >/tmp/lines <<-'LINES'
		8119:54    -   csum4     ip4,tcp          mac=1 type=1 size=8 cs=30000 len=65000
		8188:34    cut csum-ufo  ip4,udp          mac=4 type=3 size=8 cs=33000 len=65535
		one        no  doff      ip4,tcp          mac=5 type=1 size=1000 len=40054 at=46 byte=0x40
		one        no  ihl       ip4,tcp          mac=6 type=1 size=1000 len=40054 at=14 byte=0x44
		one        no  udp-tcp   ip4,udp          mac=7 type=1 size=1000 len=40054 co=16
		one        no  tcp-ufo   ip4,tcp          mac=8 type=3 size=1000 len=40054
		one        no  tcp4-6    ip4,tcp          mac=9 type=4 size=1000 len=40054
		one        no  tcp6-4    ip6,tcp          mac=10 type=1 size=1000 len=40074
		one        no  gre       ip4,gre,ip4,tcp  mac=11 type=1 size=1000 len=40078
		one        no  ipip      ip4,ip4,tcp      mac=12 type=1 size=1000 len=40074
		one        no  vxlan     ip4,udp,vxlan,eth,ip4,tcp  mac=13 type=1 size=1000 len=40104
		one        no  mpls      mpls,ip4,tcp     mac=14 type=1 size=1000 len=40058
		one        no  fragment  ip6,frag,tcp     mac=15 type=4 size=1000 len=40082
		one        -   options   ip6,dst:2048,dst:2048,tcp  mac=16 type=4 size=8 len=60000
		one        no  arp       arp,ip4,tcp      mac=17 type=1 size=1000 len=40082
		one        no  sctp      ip4,sctp         mac=18 type=1 size=1000 len=40054
	LINES
	declare -A extra_of=()
	guest_lines /tmp/lines tap9
}

# Nothing is cut here: on some kernels these would be half a million frames.
test_guest_that_lies_about_megabytes() {
	local hook
	guest_open tap tap9
	for hook in $hooks; do
		load interface=tap9 reset_interval=0 hook="$hook"
		guest_sends "2M-$hook" ip4,tcp mac=1 type=1 size=8 cs=60000 len=2000000
		guest_sends "4M-$hook" ip4,tcp mac=2 type=1 size=8 cs=65000 len=4100000
		wait_quiet tap9
		check_eq "$hook" "$(stations window tap9)" "02:00:00:00:01:01 - 249994 15499622
02:00:00:00:01:02 - 512494 31774622"
		unload
	done
}

# Super-packets in UDP tunnels that a guest made (7.x): it says where the inner
# headers are.
test_guest_tunnels() {
	guest_open tunnel tap9
	mirror tap9
	cat >/tmp/lines <<-'LINES'
		40:104 cut vxlan4  ip4,udp,vxlan,eth,ip4,tcp      mac=1 type=0x21 size=1000 len=40104
		40:124 cut vxlan46 ip4,udp,vxlan,eth,ip6,tcp      mac=2 type=0x24 size=1000 len=40124
		40:144 cut vxlan66 ip6,udp,vxlan,eth,ip6,tcp      mac=3 type=0x44 size=1000 len=40144
		40:92  cut vxlanu  ip4,udp,vxlan,eth,ip4,udp      mac=4 type=0x25 size=1000 len=40092
		40:108 cut vxlant  tag,ip4,udp,vxlan,eth,ip4,tcp  mac=5 type=0x21 size=1000 len=40104
		one    no  nh-late ip4,udp,vxlan,eth,ip4,tcp      mac=6 type=0x21 size=1000 len=40104 nh=3000 cs=3100
		one    no  nh-low  ip4:60,udp,vxlan,eth,ip4,tcp   mac=7 type=0x21 size=1000 len=40144 th=34 nh=42 cs=124
		40:104 cut plain   ip4,udp,vxlan,eth,ip4,tcp      mac=8 type=0x21 size=1000 len=40104
	LINES
	declare -A extra_of=()
	guest_lines /tmp/lines tap9 5
}

# A packet socket with virtio headers, over a cable: the device has looked at the
# headers, and the numbers are still the socket's.
test_packet_socket() {
	IN_SENDER=1 guest_open packet cable
	mirror eth0
	cat >/tmp/lines <<-'LINES'
		40:54  cut tcp4     ip4,tcp             mac=1 type=1 size=1000 len=40054
		40:74  cut tcp6     ip6,tcp             mac=2 type=4 size=1000 len=40074
		40:62  cut tags     tag,tag,ip4,tcp     mac=3 type=1 size=1000 len=40062
		40:66  cut options  ip4:32,tcp          mac=4 type=1 size=1000 len=40066
	LINES
	declare -A extra_of=()
	guest_lines /tmp/lines eth0 4
}

# A virtual machine's super-packets, bridged into a tunnel: what the host knows of them
# is in the skb, and they are still not trusted.
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
	guest_says() {
		[ "$(guest_sends "$hook" ip4,tcp mac=1 type=1 size=1000 len=40054 n=5)" = ok ]
		[ "$(guest_sends "$hook-6" ip6,tcp mac=2 type=4 size=1000 len=40074 n=5)" = ok ]
		[ "$(guest_sends "$hook-t" tag,ip4,tcp mac=3 type=1 size=1000 len=40058 n=5)" = ok ]
	}
	on_the_wire 'eth0 t0' guest_says
	check_eq "in the tunnel" "$(cat /tmp/wire.t0)" "02:00:00:00:01:01 - 200 $((200 * 1054))
02:00:00:00:01:02 - 200 $((200 * 1074))
02:00:00:00:01:03 - 200 $((200 * 1058))"
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
