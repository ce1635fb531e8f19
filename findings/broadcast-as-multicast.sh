#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# broadcast-as-multicast.sh: the statistic "multicast" of virtual devices.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security)
# Expected   linux/if_link.h compares it with aMulticastFramesReceivedOK of IEEE 802.3, which
#            leaves broadcast frames out. Virtual Ethernet devices count the same frames.
# Seen       Of 3 broadcast and 3 multicast frames received, multicast counts
#            VLAN, bridge       3, the multicast frames
#            macvlan, ipvlan    6, the broadcast frames, too
#            veth, bonding      0
# Follows    rx_packets minus multicast is not the number of unicast frames, and "multicast"
#            is not a reference for the group frames that a counter leaves out.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" iproute2=6.1.0-3 busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libelf1 libmd0 libmnl0 libxtables12 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
guest_fetch "bookworm bookworm-security" "${packages[@]}"
guest_unpack veth llc stp garp mrp 8021q tls bonding bridge macvlan ipvlan
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	there() { ip netns exec peer "$@"; }
	ip netns add peer
	ip link add eth0 type veth peer name eth0 netns peer
	ip link set eth0 up
	ip -n peer link set eth0 up
	statistic() { cat /sys/class/net/$1/statistics/$2; }
	# frames KIND DEVICE DEVICE_OF_PEER: the peer sends 3 frames to each of both groups;
	# print how many DEVICE receives, and how many of them it counts as multicast.
	frames() {
		[ ! -e /proc/sys/net/ipv6/conf/$2 ] || sysctl -q -w net.ipv6.conf.$2.disable_ipv6=1
		there sysctl -q -w net.ipv6.conf.$3.disable_ipv6=1
		ip link set $2 up
		ip -n peer addr add 10.0.0.2/24 broadcast 10.0.0.255 dev $3
		ip -n peer link set $3 up
		ip -n peer route add 224.0.0.1 dev $3
		# A device that was just made may not receive yet, as the port of a bridge.
		before=$(statistic $2 rx_packets)
		until [ $(statistic $2 rx_packets) -gt $before ]; do there ping -c 1 -W 1 10.0.0.255 >/dev/null; done
		result=@$1
		for group in 10.0.0.255 224.0.0.1; do
			received=$(statistic $2 rx_packets)
			multicast=$(statistic $2 multicast)
			there ping -c 3 -W 1 $group >/dev/null
			# macvlan receives them in a work item.
			for try in $(seq 100); do
				[ $(statistic $2 rx_packets) -lt $((received + 3)) ] || break
				sleep 0.1
			done
			result="$result $group $(($(statistic $2 rx_packets) - received)) $(($(statistic $2 multicast) - multicast))"
		done
		echo $result
		ip -n peer addr flush dev $3
		ip -n peer route flush dev $3
	}
	frames veth eth0 eth0

	ip link add link eth0 name upper type macvlan mode bridge
	frames macvlan upper eth0
	ip link del upper

	ip link add link eth0 name upper type ipvlan mode l2
	frames ipvlan upper eth0
	ip link del upper

	ip link add upper type bond mode active-backup
	ip link set eth0 down
	ip link set eth0 master upper
	frames bonding upper eth0
	ip link del upper
	ip link set eth0 up

	ip link add upper type bridge mcast_snooping 0
	ip link set eth0 master upper
	frames bridge upper eth0
	ip link del upper

	ip link add link eth0 name upper type vlan id 10
	ip -n peer link add link eth0 name upper type vlan id 10
	frames vlan upper upper
GUEST

# counts KIND BROADCAST MULTICAST: of 3 frames each, KIND counts these as multicast.
counts() {
	expect "$1: $2 of 3 broadcast frames and $3 of 3 multicast frames are counted as multicast" \
		grep -q -x "@$1 10.0.0.255 3 $2 224.0.0.1 3 $3" results
}
for kind in vlan bridge; do counts $kind 0 3; done
for kind in macvlan ipvlan; do counts $kind 3 3; done
for kind in veth bonding; do counts $kind 0 0; done
exit $status
