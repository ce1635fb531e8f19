#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# rx-dropped-and-tcpdump.sh: the statistic rx_dropped while a capture runs.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security),
#            tcpdump 4.99.3-1
# Expected   linux/if_link.h on rx_dropped: "Number of packets received but not processed,
#            e.g. due to lack of resources or unsupported protocol". A capture does not change
#            what is supported: 10 frames of a protocol that the kernel lacks are 10.
# Seen       10 without a capture, 0 while tcpdump runs on the device, and 10 again when
#            tcpdump has ended. The filter of the capture does not matter: `tcpdump arp`, which
#            captures none of the frames, makes it 0, too.
# Follows    rx_packets minus rx_dropped is not what the stack received: it depends on the
#            packet sockets of all programs. A test of rx_dropped runs without captures.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" tcpdump=4.99.3-1 iproute2=6.1.0-3
	busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libcap-ng0 libdbus-1-3 libelf1 libgcrypt20 libgpg-error0 liblz4-1 liblzma5 libmd0
	libmnl0 libpcap0.8 libssl3 libsystemd0 libxtables12 libzstd1 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
guest_fetch "bookworm bookworm-security" "${packages[@]}"
guest_unpack veth pktgen
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	echo root:x:0:0::/:/bin/sh >/etc/passwd
	echo root:x:0: >/etc/group
	ip link add eth0 type veth peer name eth1
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1 net.ipv6.conf.eth1.disable_ipv6=1
	ip link set eth0 up
	ip link set eth1 up
	echo add_device eth0 >/proc/net/pktgen/kpktgend_0
	for setting in "count 10" "pkt_size 100" "delay 0" "dst_mac $(cat /sys/class/net/eth1/address)" "mpls 0001000a"; do
		echo "$setting" >/proc/net/pktgen/eth0 || echo "@refused $setting"
	done
	statistic() { cat /sys/class/net/eth1/statistics/$1; }
	# frames NAME: 10 frames with an MPLS label, which no module of this kernel receives
	frames() {
		packets=$(statistic rx_packets)
		dropped=$(statistic rx_dropped)
		echo start >/proc/net/pktgen/pgctrl
		for try in $(seq 100); do
			[ $(statistic rx_packets) -lt $((packets + 10)) ] || break
			sleep 0.1
		done
		echo "@$1: $(($(statistic rx_packets) - packets)) received, $(($(statistic rx_dropped) - dropped)) dropped"
	}
	# capture NAME FILTER: the same while tcpdump runs
	capture() {
		tcpdump --immediate-mode -Z root -p -n -U -i eth1 -w /tmp/capture $2 2>/tmp/log &
		until grep -q '^tcpdump: listening' /tmp/log; do sleep 0.1; done
		frames "$1"
		# Until tcpdump has read what there is.
		sleep 2
		kill $!
		wait $!
		echo "@$1: captured $(awk '/ captured$/ { print $1 }' /tmp/log)"
	}
	frames before
	capture all
	frames between
	capture filter arp
	frames after
GUEST

for name in before between after; do
	expect "$name a capture: all 10 frames are dropped frames" grep -q -x "@$name: 10 received, 10 dropped" results
done
for name in all filter; do
	expect "during tcpdump ($name): none of them is" grep -q -x "@$name: 10 received, 0 dropped" results
done
expect "tcpdump captured the 10 frames" grep -q -x "@all: captured 10" results
expect "tcpdump arp captured none of them" grep -q -x "@filter: captured 0" results
exit $status
