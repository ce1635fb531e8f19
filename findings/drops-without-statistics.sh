#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# drops-without-statistics.sh: frames that a filter drops, and the statistics of the device.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security),
#            nftables 1.0.6-2+deb12u2, iproute2 6.1.0-3
# Expected   linux/if_link.h: rx_dropped is the "Number of packets received but not
#            processed", tx_dropped the "Number of packets dropped on their way to
#            transmission". A frame that nftables or tc drops at the device is one of them.
# Seen       It is not, in either direction. At ingress rx_packets counts the frame and
#            rx_dropped does not, at egress nothing counts it. A frame of an unknown
#            protocol is in rx_dropped, until a filter drops it: then it is not any more.
# Follows    rx_dropped and tx_dropped do not explain a difference between the counts of two
#            places when filters are there. The counters of the filters do.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" iproute2=6.1.0-3 nftables=1.0.6-2+deb12u2
	busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libedit2 libelf1 libgmp10 libjansson4 libmd0 libmnl0 libnftables1 libnftnl11
	libtinfo6 libxtables12 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
guest_fetch "bookworm bookworm-security" "${packages[@]}"
guest_unpack libcrc32c nfnetlink nf_tables sch_ingress cls_matchall act_gact veth pktgen
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	there() { ip netns exec peer "$@"; }
	ip netns add peer
	ip link add eth0 type veth peer name eth0 netns peer
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	there sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	ip addr add 10.0.0.1/24 dev eth0
	ip -n peer addr add 10.0.0.2/24 dev eth0
	ip link set eth0 up
	ip -n peer link set eth0 up
	ip neigh add 10.0.0.2 lladdr $(there cat /sys/class/net/eth0/address) dev eth0
	ip -n peer neigh add 10.0.0.1 lladdr $(cat /sys/class/net/eth0/address) dev eth0
	until ping -c 1 -W 1 10.0.0.2 >/dev/null; do :; done
	echo add_device eth0 >/proc/net/pktgen/kpktgend_0
	for setting in "count 3" "pkt_size 100" "delay 0" "dst_mac $(there cat /sys/class/net/eth0/address)" "mpls 0001000a"; do
		echo "$setting" >/proc/net/pktgen/eth0 || echo "@refused $setting"
	done
	# here_tx and there_rx: what this end counts of the sent frames, the peer of the received ones
	here_tx() { (cd /sys/class/net/eth0/statistics && cat tx_packets tx_dropped tx_errors); }
	there_rx() { there sh -c 'cd /sys/class/net/eth0/statistics && cat rx_packets rx_dropped rx_errors'; }
	# changes NAME COMMAND...: how COMMAND changes these numbers
	changes() {
		name=$1
		shift
		{ here_tx && there_rx; } >/tmp/before
		"$@" >/dev/null 2>&1
		{ here_tx && there_rx; } >/tmp/after
		echo "@$name:" $(awk 'NR == FNR { n[FNR] = $1; next } { print $1 - n[FNR] }' /tmp/before /tmp/after)
	}
	unknown() { echo start >/proc/net/pktgen/pgctrl && sleep 1; }
	requests() { ping -c 3 -W 2 10.0.0.2; }
	cat >/tmp/rules <<-RULES
		table netdev t {
			chain c {
				type filter hook HOOK device "eth0" priority 0;
				drop
			}
		}
	RULES
	sed s/HOOK/ingress/ /tmp/rules >/tmp/ingress
	sed s/HOOK/egress/ /tmp/rules >/tmp/egress
	changes unknown unknown
	changes requests requests
	there nft -f /tmp/ingress
	changes ingress-nft-unknown unknown
	changes ingress-nft requests
	there nft flush ruleset
	there /sbin/tc qdisc add dev eth0 clsact
	there /sbin/tc filter add dev eth0 ingress matchall action drop
	changes ingress-tc-unknown unknown
	changes ingress-tc requests
	there /sbin/tc qdisc del dev eth0 clsact
	nft -f /tmp/egress
	changes egress-nft requests
	nft flush ruleset
	/sbin/tc qdisc add dev eth0 clsact
	/sbin/tc filter add dev eth0 egress matchall action drop
	changes egress-tc requests
GUEST

expect "frames of an unknown protocol are in rx_dropped" grep -q -x "@unknown: 3 0 0 3 3 0" results
expect "requests are not" grep -q -x "@requests: 3 0 0 3 0 0" results
for filter in nft tc; do
	for frames in "" -unknown; do
		expect "$filter at ingress: rx_packets counts its drops, rx_dropped does not${frames:+ (unknown protocol)}" \
			grep -q -x "@ingress-$filter$frames: 3 0 0 3 0 0" results
	done
	expect "$filter at egress: neither tx_packets nor tx_dropped counts its drops" \
		grep -q -x "@egress-$filter: 0 0 0 0 0 0" results
done
exit $status
