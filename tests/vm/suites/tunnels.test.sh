#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 1800
# lab: --modules "mpls_router mpls_iptunnel mpls_gso ip_gre sit ipip fou geneve"
# Super-packets in tunnels, and after decapsulation: the counts are those on the wire.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/wire.sh
: "${hooks:?}"

test_mpls() {
	modprobe -a mpls_router mpls_iptunnel mpls_gso || skip "this kernel has no MPLS"
	sysctl -qw net.mpls.platform_labels=200 net.mpls.conf.eth0.input=1 net.ipv4.conf.lo.rp_filter=0 \
		net.ipv4.conf.all.rp_filter=0
	ip addr add 198.51.100.1/32 dev lo
	ip -f mpls route add 100 dev lo
	ip -n sender route add 198.51.100.1/32 encap mpls 100 via inet 192.0.2.1 dev cable
	mirror eth0
	on_the_wire eth0 transfer 600000 198.51.100.1
}

# tunnel_up TYPE [OPTION...]: creates a tunnel t0 over the cable, and makes a transfer
# through t0. Where TYPE carries Ethernet frames and not IP packets, t0 is a port, too.
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
	on_the_wire "$ports" transfer 600000 198.51.100.1
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
	ip link add t0 type geneve id 7 remote 192.0.2.2 || skip "this kernel has no geneve"
	ip -n sender link add t0 type geneve id 7 remote 192.0.2.1
	ip link set t0 address 02:00:00:00:00:bb addrgenmode none up
	ip -n sender link set t0 address 02:00:00:00:00:11 addrgenmode none up
	ip addr add 198.51.100.1/24 dev t0
	ip -n sender addr add 198.51.100.2/24 dev t0
	ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:11 dev t0 nud permanent
	ip -n sender neigh replace 198.51.100.1 lladdr 02:00:00:00:00:bb dev t0 nud permanent
	mirror eth0 t0
	on_the_wire 'eth0 t0' transfer 600000 198.51.100.1
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
	on_the_wire eth0 transfer 600000 2001:db8:1::1
}

# vxlan_pair DEV ID LOWER SENDER_LOWER OUTER INNER OCTET SENDER_OCTET: creates a VXLAN device
# here and in the sender's namespace. OUTER and INNER are the first three octets of IPv4
# networks, in which this end is 1 and the sender 2. OCTET is the last octet of a MAC address.
vxlan_pair() {
	local dev=$1 id=$2 outer=$5 inner=$6 ours=02:00:00:00:00:$7 its=02:00:00:00:00:$8
	ip link add "$dev" type vxlan id "$id" local "$outer.1" remote "$outer.2" dstport 4789 dev "$3"
	ip -n sender link add "$dev" type vxlan id "$id" local "$outer.2" remote "$outer.1" dstport 4789 dev "$4"
	ip link set "$dev" address "$ours" addrgenmode none up
	ip -n sender link set "$dev" address "$its" addrgenmode none up
	ip addr add "$inner.1/24" dev "$dev"
	ip -n sender addr add "$inner.2/24" dev "$dev"
	ip neigh replace "$inner.2" lladdr "$its" dev "$dev" nud permanent
	ip -n sender neigh replace "$inner.1" lladdr "$ours" dev "$dev" nud permanent
}

# through_both: makes a transfer through vx1 in vx0. Each frame of vx0 is a frame of eth0
# without the outer Ethernet, IP, UDP and VXLAN headers.
through_both() {
	local counted
	# shellcheck disable=SC2154 # on_the_wire's
	l2pc add vx0 reset_interval 0 hook "$hook"
	transfer 600000 198.51.100.1
	wait_quiet
	counted=$(stations window eth0 | awk '{ print $3, $4 - $3 * (14 + 20 + 8 + 8) }')
	expect_equal "$hook, vx0" "$(stations window vx0)" "02:00:00:00:00:11 - $counted"
}

# A tunnel in a tunnel. Where the outer device segments super-packets only in part (7.x), its
# port gets super-packets with the offsets of two tunnels. There is no mirror of vx0: the
# kernel cannot segment these super-packets, and drops them.
test_tunnel_in_tunnel() {
	local ns
	vxlan_pair vx0 7 eth0 cable 192.0.2 203.0.113 bb 11
	vxlan_pair vx1 8 vx0 vx0 203.0.113 198.51.100 cc 22
	for ns in vx0 vx1; do
		ip netns exec sender ethtool -K "$ns" tx-gso-partial on tx-udp_tnl-segmentation on \
			tx-udp_tnl-csum-segmentation on 2>/dev/null || :
	done
	mirror eth0 vx1
	NO_SUPER=1 on_the_wire 'eth0 vx1' through_both
	! kernel_has 7.0 ||
		expect_number "bytes of eth0's longest super-packet" "$(cat /tmp/whole.eth0.longest)" -gt 1514
}

# tunnelled GRO HOOK: sends super-packets in VXLAN, over a veth that does not segment them.
# Without GRO on the tunnel, the kernel does not locate their TCP header after decapsulation.
tunnelled() {
	local queue frames
	vxlan_pair vx0 7 eth0 cable 192.0.2 198.51.100 bb 11
	ip netns exec sender tc qdisc add dev vx0 root pfifo
	ethtool -K vx0 gro "$1"
	load interface=eth0,vx0 reset_interval=0 hook="$2"
	transfer 600000 198.51.100.1
	wait_quiet
	queue=$(queued vx0)
	frames=${queue% *}
	expect_equal "in the tunnel" "$(stations window vx0)" "02:00:00:00:00:11 - $queue"
	# Each frame has outer Ethernet, IP, UDP and VXLAN headers.
	expect_equal "the tunnel" "$(stations window eth0)" \
		"02:00:00:00:00:01 - $frames $((${queue#* } + frames * (14 + 20 + 8 + 8)))"
	expect_number "frames of the packets in the tunnel" "$frames" -gt "$(cat /sys/class/net/vx0/statistics/rx_packets)"
}

test_tunnel() { tunnelled on "${hooks##* }"; }

test_tunnel_by_the_other_hook() { tunnelled on "${hooks%% *}"; }

test_tunnel_without_gro() { tunnelled off "${hooks##* }"; }
