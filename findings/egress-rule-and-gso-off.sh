#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# egress-rule-and-gso-off.sh: what an nftables rule at the egress hook counts on a device
# whose segmentation offloads are off.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security),
#            nftables 1.0.6-2+deb12u2, ethtool 1:6.1-1
# Expected   ethtool(8): "gso on|off: Specifies whether generic segmentation offload should
#            be enabled". After `ethtool -K eth0 tso off gso off` every packet of TCP has the
#            size of a frame, and a rule at the egress hook counts what the device counts.
# Seen       ethtool reports both as off, and the rule sees packets that are longer than any
#            frame: TCP goes on to make super-packets, which the kernel segments after the
#            hook, just before the driver. 10 MB are 450 to 1100 packets for the rule and
#            7500 for the device, and the rule's bytes lack the headers of all segments but
#            the first of each packet. The device on the other end has no long packet. A tc
#            filter at the same place sees the same super-packets, but counts each of their
#            segments, with its headers.
# Follows    A count of nftables at the egress hook is not a reference for the count of
#            sent frames, whatever the offloads are. The statistics of the device and of a
#            tc action are.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" nftables=1.0.6-2+deb12u2 ethtool=1:6.1-1 iproute2=6.1.0-3
	busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libedit2 libelf1 libgmp10 libjansson4 libmd0 libmnl0 libnftables1 libnftnl11
	libtinfo6 libxtables12 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
guest_fetch "bookworm bookworm-security" "${packages[@]}"
guest_unpack libcrc32c nfnetlink nf_tables sch_ingress cls_matchall act_gact veth
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	tc() { /sbin/tc "$@"; }
	peer() { ip netns exec peer "$@"; }
	ip netns add peer
	ip link add eth0 type veth peer name eth0 netns peer
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	peer sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	ip addr add 10.0.0.1/24 dev eth0
	ip -n peer addr add 10.0.0.2/24 dev eth0
	/sbin/ethtool -K eth0 tso off gso off
	ip link set eth0 up
	ip -n peer link set eth0 up
	echo "@off $(/sbin/ethtool -k eth0 | grep -c -E '^(tcp|generic)-segmentation-offload: off$')"

	# The length at the egress hook has the Ethernet header, at the ingress hook it has not.
	nft -f - <<-RULES
		table netdev sent {
			counter every {}
			counter long {}
			chain egress {
				type filter hook egress device "eth0" priority 0;
				counter name "every"
				meta length > 1514 counter name "long"
			}
		}
	RULES
	peer nft -f - <<-RULES
		table netdev received {
			counter every {}
			counter long {}
			chain ingress {
				type filter hook ingress device "eth0" priority 0;
				counter name "every"
				meta length > 1500 counter name "long"
			}
		}
	RULES
	tc qdisc add dev eth0 clsact
	tc filter add dev eth0 egress matchall action ok

	printf '#!/bin/sh\nwc -c >/tmp/received\n' >/tmp/receive
	printf '#!/bin/sh\ndd if=/dev/zero bs=65536 count=160 2>/dev/null\n' >/tmp/send
	chmod 755 /tmp/receive /tmp/send
	peer nc -l -p 5000 -e /tmp/receive &
	server=$!
	until peer netstat -l -n -t | grep -q ':5000 '; do sleep 0.1; done
	ping -c 1 -w 60 10.0.0.2 >/dev/null
	# counts: what counts, one NAME=NUMBER a line
	counts() {
		echo frames=$(cat /sys/class/net/eth0/statistics/tx_packets)
		echo bytes=$(cat /sys/class/net/eth0/statistics/tx_bytes)
		nft list counters table netdev sent | awk '
			$1 == "counter" { name = $2 }
			$1 == "packets" { print "rule_" name "=" $2; print "rule_" name "_bytes=" $4 }'
		peer nft list counters table netdev received | awk '
			$1 == "counter" { name = $2 }
			$1 == "packets" { print "peer_" name "=" $2 }'
		tc -s filter show dev eth0 egress | awk '$1 == "Sent" { print "tc=" $4; print "tc_bytes=" $2 }'
	}
	counts >/tmp/before
	nc 10.0.0.2 5000 -e /tmp/send
	wait $server
	counts >/tmp/after
	echo "@counts received=$(cat /tmp/received)" $(awk -F= 'NR == FNR { before[$1] = $2; next }
		{ print $1 "=" $2 - before[$1] }' /tmp/before /tmp/after)
GUEST

# holds CONDITION: a condition of awk on the counts.
holds() {
	grep '^@counts ' results | tr ' ' '\n' | awk -F= '{ n[$1] = $2 } END { exit !(n["received"] == 10485760 && ('"$1"')) }'
}
expect "both offloads are off" grep -q -x '@off 2' results
expect "the device sends frames of at most 1514 bytes" holds \
	'n["frames"] > 7000 && n["bytes"] <= n["frames"] * 1514 && n["peer_long"] == 0'
expect "the other end receives these frames" holds '(n["peer_every"] - n["frames"]) ^ 2 <= 100'
expect "the rule sees packets longer than a frame" holds 'n["rule_long"] > 50 && n["rule_long_bytes"] > n["rule_long"] * 2900'
expect "the rule counts half the packets of the device, or fewer" holds 'n["rule_every"] * 2 < n["frames"]'
expect "the rule counts fewer bytes than the device" holds 'n["rule_every_bytes"] < n["bytes"]'
expect "the tc action counts frames as the device does" holds \
	'(n["tc"] - n["frames"]) ^ 2 <= 100 && (n["tc_bytes"] - n["bytes"]) ^ 2 <= 1e8'
exit $status
