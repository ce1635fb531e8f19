#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# pktgen-port-range.sh: the ranges of the kernel's packet generator.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security)
# Expected   Documentation/networking/pktgen.rst: "src_max: Set the maximum source IP",
#            "udp_src_max: set UDP source port max", "cycle through the port range". The
#            maximum belongs to each range.
# Seen       It belongs to the ranges of addresses, not to those of ports: src_min 10.0.0.1
#            with src_max 10.0.0.4 gives 4 addresses, udp_src_min 9 with udp_src_max 12 gives
#            the 3 ports 9, 10 and 11. udp_dst_min and udp_dst_max do the same.
# Follows    A test that wants N ports sets the maximum to the minimum plus N. Addresses do not
#            need that.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" iproute2=6.1.0-3 nftables=1.0.6-2+deb12u2 busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libedit2 libelf1 libgmp10 libjansson4 libmd0 libmnl0 libnftables1 libnftnl11
	libtinfo6 libxtables12 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
guest_fetch "bookworm bookworm-security" "${packages[@]}"
guest_unpack libcrc32c nfnetlink nf_tables veth pktgen
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	ip link add eth0 type veth peer name eth1
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1 net.ipv6.conf.eth1.disable_ipv6=1
	ip link set eth0 up
	ip link set eth1 up
	nft -f - <<-RULES
		table netdev t {
			set macs { type ether_addr; flags dynamic; }
			set sources { type ipv4_addr; flags dynamic; }
			set destinations { type ipv4_addr; flags dynamic; }
			set from_ports { type inet_service; flags dynamic; }
			set to_ports { type inet_service; flags dynamic; }
			chain c {
				type filter hook ingress device "eth1" priority 0;
				update @macs { ether saddr }
				update @sources { ip saddr }
				update @destinations { ip daddr }
				update @from_ports { udp sport }
				update @to_ports { udp dport }
			}
		}
	RULES
	echo add_device eth0 >/proc/net/pktgen/kpktgend_0
	for setting in "count 240" "pkt_size 100" "delay 0" "dst_mac 02:00:00:00:00:01" \
		"src_mac 02:00:00:00:00:11" "src_mac_count 4" "src_min 10.0.0.1" "src_max 10.0.0.4" \
		"dst_min 10.0.1.1" "dst_max 10.0.1.4" "udp_src_min 9" "udp_src_max 12" \
		"udp_dst_min 20" "udp_dst_max 23"; do
		echo "$setting" >/proc/net/pktgen/eth0 || echo "@refused $setting"
	done
	echo start >/proc/net/pktgen/pgctrl
	for set in macs sources destinations from_ports to_ports; do
		echo "@$set" $(nft -nn list set netdev t $set | tr -d '\n' | sed -n 's/.*elements = {\([^}]*\)}.*/\1/p' | tr -d '\t ' |
			tr ',' '\n' | sort)
	done
GUEST

expect "src_mac_count 4 is 4 addresses" \
	grep -q -x "@macs 02:00:00:00:00:11 02:00:00:00:00:12 02:00:00:00:00:13 02:00:00:00:00:14" results
expect "the last address of src_max is used" grep -q -x "@sources 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4" results
expect "the last address of dst_max is used" grep -q -x "@destinations 10.0.1.1 10.0.1.2 10.0.1.3 10.0.1.4" results
expect "the port of udp_src_max is not used" grep -q -x "@from_ports 10 11 9" results
expect "the port of udp_dst_max is not used" grep -q -x "@to_ports 20 21 22" results
exit $status
