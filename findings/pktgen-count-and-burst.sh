#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# pktgen-count-and-burst.sh: how many packets the kernel's packet generator sends.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security)
# Expected   Documentation/networking/pktgen.rst: "count: sets number of packets to send".
#            `count 10` sends 10 packets.
# Seen       With `burst` pktgen ends after the burst that reaches the count, so the number of
#            packets is a multiple of the burst: `count 10` with bursts of 3, 4 and 7 sends 12,
#            12 and 14 packets, in both modes, start_xmit and netif_receive. pktgen reports
#            what it sent: pkts-sofar says 12 next to a count of 10.
# Follows    Tests that compare a count with the count of pktgen use `burst 1`, or a multiple of
#            the burst, or read pkts-sofar.
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
guest_unpack libcrc32c nfnetlink nf_tables dummy pktgen
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	ip link add eth0 type dummy
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	ip link set eth0 up
	nft -f - <<-RULES
		table netdev t {
			chain c {
				type filter hook ingress device "eth0" priority 0;
				counter
			}
		}
	RULES
	echo add_device eth0 >/proc/net/pktgen/kpktgend_0
	counted() {
		case $1 in
		start_xmit) cat /sys/class/net/eth0/statistics/tx_packets ;;
		netif_receive) nft list ruleset | awk '$1 == "counter" { print $3 }' ;;
		esac
	}
	for mode in start_xmit netif_receive; do
		for burst in 1 2 3 4 7; do
			for setting in "xmit_mode $mode" "count 10" "burst $burst" "pkt_size 100" "delay 0" "dst 10.0.0.9"; do
				echo "$setting" >/proc/net/pktgen/eth0 || echo "@refused $setting"
			done
			before=$(counted $mode)
			echo start >/proc/net/pktgen/pgctrl
			echo "@$mode burst $burst: $(($(counted $mode) - before)) packets," $(grep -o 'pkts-sofar: [0-9]*' /proc/net/pktgen/eth0)
		done
	done
GUEST

for mode in start_xmit netif_receive; do
	for pair in 1:10 2:10 3:12 4:12 7:14; do
		expect "$mode: a count of 10 in bursts of ${pair%:*} sends and reports ${pair#*:} packets" \
			grep -q -x "@$mode burst ${pair%:*}: ${pair#*:} packets, pkts-sofar: ${pair#*:}" results
	done
done
exit $status
