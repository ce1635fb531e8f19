#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# tc-bytes-by-direction.sh: the bytes that tc and nftables count for a frame on its way in
# and on its way out.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security),
#            iproute2 6.1.0-3, nftables 1.0.6-2+deb12u2
# Expected   The same filter at both ends of a wire counts the same bytes for the same frames,
#            and the bytes that the device counts. tc-bfifo(8): "The link layer header was
#            considered when counting packets length".
# Seen       At egress a frame of 1042 bytes is 1042 bytes for a tc action, for a rule of
#            nftables and for the device. At ingress it is 1028 bytes, without its Ethernet
#            header, for the action and for the rule, and 1042 for the device. A policer
#            at ingress does measure the Ethernet header: with `mtu 1035` it takes frames of
#            up to 1035 bytes in both directions. Only the count lacks it.
# Follows    A comparison of bytes of l2packet_counter with tc or nftables at ingress adds
#            14 bytes a packet to theirs.
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
guest_unpack libcrc32c nfnetlink nf_tables sch_ingress cls_matchall act_gact act_police veth
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	tc() { /sbin/tc "$@"; }
	there() { ip netns exec peer "$@"; }
	ip netns add peer
	ip link add eth0 type veth peer name eth0 netns peer
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	there sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	ip addr add 10.0.0.1/24 dev eth0
	ip -n peer addr add 10.0.0.2/24 dev eth0
	ip link set eth0 up
	ip -n peer link set eth0 up
	# Without ARP, a request is a frame.
	ip neigh add 10.0.0.2 lladdr $(there cat /sys/class/net/eth0/address) dev eth0
	ip -n peer neigh add 10.0.0.1 lladdr $(cat /sys/class/net/eth0/address) dev eth0
	until ping -c 1 -W 1 10.0.0.2 >/dev/null; do :; done

	# Requests leave this eth0, and arrive at eth0 of the peer: each end counts them.
	cat >/tmp/rules <<-RULES
		table netdev t {
			chain c {
				type filter hook HOOK device "eth0" priority 0;
				counter
			}
		}
	RULES
	cat >/tmp/start <<-'START'
		/sbin/tc qdisc add dev eth0 clsact
		/sbin/tc filter add dev eth0 $1 matchall action ok
		sed "s/HOOK/$1/" /tmp/rules >/tmp/rules.$1
		nft -f /tmp/rules.$1
	START
	# PACKETS:BYTES of the device, of the tc action, of the rule
	cat >/tmp/counts <<-'COUNTS'
		echo $(cat /sys/class/net/eth0/statistics/$2_packets):$(cat /sys/class/net/eth0/statistics/$2_bytes)
		/sbin/tc -s filter show dev eth0 $1 | awk '$1 == "Sent" { print $4 ":" $2 }'
		nft list ruleset | awk '$1 == "counter" { print $3 ":" $5 }'
	COUNTS
	sh /tmp/start egress
	there sh /tmp/start ingress
	sh /tmp/counts egress tx >/tmp/egress.before
	there sh /tmp/counts ingress rx >/tmp/ingress.before
	ping -c 3 -s 1000 10.0.0.2 >/dev/null
	sh /tmp/counts egress tx >/tmp/egress.after
	there sh /tmp/counts ingress rx >/tmp/ingress.after
	for direction in egress ingress; do
		echo "@$direction" $(awk -F: 'NR == FNR { packets[FNR] = $1; bytes[FNR] = $2; next }
			{ print $1 - packets[FNR] ":" $2 - bytes[FNR] }' /tmp/$direction.before /tmp/$direction.after)
	done

	# A policer that lets pass what is not longer than 1035 bytes.
	replies() { ping -c 3 -W 3 -s $1 10.0.0.2 | awk '/packets received/ { print $4 }'; }
	tc filter del dev eth0 egress
	tc filter add dev eth0 egress matchall action police mtu 1035 conform-exceed drop/ok
	echo "@policer at egress: $(replies 993) $(replies 994)"
	tc filter del dev eth0 egress
	there /sbin/tc filter del dev eth0 ingress
	there /sbin/tc filter add dev eth0 ingress matchall action police mtu 1035 conform-exceed drop/ok
	echo "@policer at ingress: $(replies 993) $(replies 994)"
GUEST

expect "at egress the device, tc and nftables count 1042 bytes" \
	grep -q -x "@egress 3:3126 3:3126 3:3126" results
expect "at ingress the device counts 1042 bytes, tc and nftables 1028" \
	grep -q -x "@ingress 3:3126 3:3084 3:3084" results
for direction in egress ingress; do
	expect "at $direction a policer with mtu 1035 takes a frame of 1035 bytes, not of 1036" \
		grep -q -x "@policer at $direction: 3 0" results
done
exit $status
