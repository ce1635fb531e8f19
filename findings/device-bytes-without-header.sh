#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# device-bytes-without-header.sh: the bytes that virtual devices count for a frame.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security)
# Expected   linux/if_link.h on rx_bytes and tx_bytes: "For IEEE 802.3 devices should count
#            the length of Ethernet Frames excluding the FCS". Virtual Ethernet devices
#            count a frame of 1042 bytes as 1042 bytes, in both directions.
# Seen       It depends on the device and on the direction:
#            veth, macvlan, ipvlan, bonding   received 1042, sent 1042
#            VLAN, bridge                     received 1028, sent 1042
#            VXLAN                            received 1028, sent 1028
#            1028 bytes are the frame without its Ethernet header.
# Follows    Bytes of l2packet_counter on a VLAN, bridge or VXLAN device are not to be
#            compared with rx_bytes of that device: rx_bytes is 14 bytes a frame lower.
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
guest_unpack udp_tunnel ip6_udp_tunnel vxlan veth llc stp garp mrp 8021q tls bonding bridge macvlan ipvlan
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	there() { ip netns exec peer "$@"; }
	ip netns add peer
	ip link add eth0 type veth peer name eth0 netns peer
	ip link set eth0 up
	ip -n peer link set eth0 up
	statistic() { cat /sys/class/net/$1/statistics/$2; }
	# pings KIND DEVICE DEVICE_OF_PEER: requests and replies of 1042 bytes; print the bytes
	# a frame that DEVICE counts.
	pings() {
		[ ! -e /proc/sys/net/ipv6/conf/$2 ] || sysctl -q -w net.ipv6.conf.$2.disable_ipv6=1
		there sysctl -q -w net.ipv6.conf.$3.disable_ipv6=1
		ip addr add 10.0.0.1/24 dev $2
		ip -n peer addr add 10.0.0.2/24 dev $3
		ip link set $2 up
		ip -n peer link set $3 up
		# Without ARP, a request or reply is a frame.
		until ping -c 1 -W 1 10.0.0.2 >/dev/null; do :; done
		ip neigh replace 10.0.0.2 lladdr $(there cat /sys/class/net/$3/address) dev $2
		ip -n peer neigh replace 10.0.0.1 lladdr $(cat /sys/class/net/$2/address) dev $3
		for name in rx_packets rx_bytes tx_packets tx_bytes; do eval $name=$(statistic $2 $name); done
		replies=$(there ping -c 3 -s 1000 10.0.0.1 | awk '/packets received/ { print $4 }')
		rx_packets=$(($(statistic $2 rx_packets) - rx_packets))
		tx_packets=$(($(statistic $2 tx_packets) - tx_packets))
		rx_bytes=$(($(statistic $2 rx_bytes) - rx_bytes))
		tx_bytes=$(($(statistic $2 tx_bytes) - tx_bytes))
		echo "@$1 replies $replies received $rx_packets bytes $rx_bytes sent $tx_packets bytes $tx_bytes"
		ip addr flush dev $2
		ip -n peer addr flush dev $3
	}
	pings veth eth0 eth0

	ip link add link eth0 name upper type macvlan mode bridge
	pings macvlan upper eth0
	ip link del upper

	ip link add link eth0 name upper type ipvlan mode l2
	pings ipvlan upper eth0
	ip link del upper

	ip link add upper type bond mode active-backup
	ip link set eth0 down
	ip link set eth0 master upper
	pings bonding upper eth0
	ip link del upper
	ip link set eth0 up

	ip link add upper type bridge
	ip link set eth0 master upper
	pings bridge upper eth0
	ip link del upper

	ip link add link eth0 name upper type vlan id 10
	ip -n peer link add link eth0 name upper type vlan id 10
	pings vlan upper upper
	ip link del upper
	ip -n peer link del upper

	ip addr add 10.1.0.1/24 dev eth0
	ip -n peer addr add 10.1.0.2/24 dev eth0
	ip link add upper type vxlan id 1 local 10.1.0.1 remote 10.1.0.2 dstport 4789 dev eth0
	ip -n peer link add upper type vxlan id 1 local 10.1.0.2 remote 10.1.0.1 dstport 4789 dev eth0
	pings vxlan upper upper
GUEST

# counts KIND RX TX: KIND counts RX bytes for each received frame, and TX for each sent one.
counts() {
	expect "$1: a received frame of 1042 bytes is $2 bytes, a sent one is $3 bytes" \
		grep -q -x "@$1 replies 3 received 3 bytes $(($2 * 3)) sent 3 bytes $(($3 * 3))" results
}
for kind in veth macvlan ipvlan bonding; do counts $kind 1042 1042; done
for kind in vlan bridge; do counts $kind 1028 1042; done
counts vxlan 1028 1028
exit $status
