#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# vxlan-in-vxlan-offload.sh: the segmentation offload of a VXLAN device that carries
# another VXLAN device.
#
# Package    linux-binary-7.3.4+deb13-cloud-amd64 7.3.4-1~bpo13+1 (trixie-backports)
# Expected   VXLAN devices offer tx-gso-partial, tx-udp_tnl-segmentation and
#            tx-udp_tnl-csum-segmentation, which are off. When they are on, an outer VXLAN
#            device passes super-packets of an inner one on, and all of them arrive.
# Seen       With the features on in the sender, and VXLAN over a veth pair, no super-packet
#            of TCP reaches the inner device of the receiver: all segments come one by one,
#            and those that were sent together come because TCP sends them again. The
#            receiver drops the super-packets when it removes the inner VXLAN header. Its
#            UDP counts them as InErrors, without InCsumErrors. No device counts a drop, and
#            the drop has the reason NOT_SPECIFIED. The sender counts them as sent.
#            Without the features, or with tx-udp_tnl-segmentation and
#            tx-udp_tnl-csum-segmentation off on the veth too, nothing is lost.
# Follows    A count on the inner device that is lower than the one on the outer device may
#            be right: nstat UdpInErrors is to be read before the counter is suspected.
#            Measurements over nested tunnels leave these features off.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=7.3.4-1~bpo13+1
release=7.3.4+deb13-cloud-amd64
packages=("linux-binary-$release=$version" "linux-modules-$release=$version" busybox-static=1:1.37.0-6+b9
	iproute2=6.15.0-1 ethtool=1:6.14.2-1
	libbpf1 libc6 libcap2 libelf1t64 libmnl0 libpcre2-8-0 libselinux1 libzstd1 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
guest_fetch "trixie trixie-backports" "${packages[@]}"
guest_unpack udp_tunnel ip6_udp_tunnel vxlan veth
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	in_a() { ip netns exec a "$@"; }
	in_b() { ip netns exec b "$@"; }
	ip netns add a
	ip netns add b
	ip link add eth0 netns a type veth peer name eth0 netns b
	# layer NAMESPACE DEVICE ADDRESS
	layer() {
		ip netns exec $1 sysctl -q -w net.ipv6.conf.$2.disable_ipv6=1
		ip -n $1 addr add $3/24 dev $2
		ip -n $1 link set $2 up
	}
	for pair in "a 1 2" "b 2 1"; do
		set -- $pair
		layer $1 eth0 10.0.0.$2
		ip -n $1 link add outer type vxlan id 1 local 10.0.0.$2 remote 10.0.0.$3 dstport 4789 dev eth0
		layer $1 outer 10.1.0.$2
		ip -n $1 link add inner type vxlan id 2 local 10.1.0.$2 remote 10.1.0.$3 dstport 4789 dev outer
		layer $1 inner 10.2.0.$2
	done

	# counter NAMESPACE PROTOCOL NAME: of /proc/net/snmp
	counter() {
		ip netns exec $1 cat /proc/net/snmp | awk -v protocol="$2:" -v name="$3" '
			$1 == protocol && !column { for (i = 2; i <= NF; i++) if ($i == name) column = i; next }
			$1 == protocol { print $column }'
	}
	# statistic NAMESPACE DEVICE NAME
	statistic() { ip netns exec $1 cat /sys/class/net/$2/statistics/$3; }
	# counts: what counts, one NAME=NUMBER a line
	counts() {
		echo segments=$(counter a Tcp OutSegs)
		echo again=$(counter a Tcp RetransSegs)
		echo errors=$(counter b Udp InErrors)
		echo checksums=$(counter b Udp InCsumErrors)
		echo frames=$(statistic a inner tx_packets)
		echo arrived=$(statistic b inner rx_packets)
		dropped=0
		for device in eth0 outer inner; do
			for kind in rx_dropped rx_errors rx_missed_errors; do
				dropped=$((dropped + $(statistic b $device $kind)))
			done
		done
		echo dropped=$dropped
		echo unspecified=$(grep -c 'udp_queue_rcv_skb.*NOT_SPECIFIED' /sys/kernel/tracing/trace)
	}
	printf '#!/bin/sh\nwc -c >/tmp/received\n' >/tmp/receive
	chmod 755 /tmp/receive
	# transfer NAME: 1 MB from a to b; print the differences
	transfer() {
		echo >/sys/kernel/tracing/trace
		in_b nc -l -p 5000 -e /tmp/receive &
		server=$!
		until in_b netstat -l -n -t | grep -q ':5000 '; do sleep 0.1; done
		in_a ping -c 1 -w 60 10.2.0.2 >/dev/null
		counts >/tmp/before
		echo 1 >/sys/kernel/tracing/events/skb/kfree_skb/enable
		head -c 1048576 /dev/zero | in_a nc 10.2.0.2 5000
		wait $server
		echo 0 >/sys/kernel/tracing/events/skb/kfree_skb/enable
		counts >/tmp/after
		echo "@$1 received=$(cat /tmp/received)" $(awk -F= 'NR == FNR { before[$1] = $2; next }
			{ print $1 "=" $2 - before[$1] }' /tmp/before /tmp/after)
	}
	tunnel="tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation"
	# features DEVICE on|off NAME...
	features() {
		device=$1 state=$2
		shift 2
		for feature; do in_a /sbin/ethtool -K $device $feature $state; done
	}
	echo "@offered $(in_a /sbin/ethtool -k outer | grep -c -E '(tx-gso-partial|tx-udp_tnl-.*): off$')"
	transfer off
	features outer on tx-gso-partial $tunnel
	echo "@accepted $(in_a /sbin/ethtool -k outer | grep -c -E '(tx-gso-partial|tx-udp_tnl-.*): on$')"
	transfer on
	features eth0 off $tunnel
	transfer veth
GUEST

# holds NAME CONDITION: for the numbers of the transfer NAME, a condition of awk.
holds() {
	grep "^@$1 " results | tr ' ' '\n' | awk -F= '{ n[$1] = $2 } END { exit !(n["received"] == 1048576 && ('"$2"')) }'
}
expect "VXLAN offers the three features, which are off" grep -q -x '@offered 3' results
expect "they can be turned on" grep -q -x '@accepted 3' results
expect "off: nothing is lost" holds off 'n["errors"] == 0'
expect "on: more than one segment in twenty is lost, and sent again" holds on \
	'n["errors"] * 20 > n["segments"] && n["again"] >= n["errors"]'
expect "on: every segment that arrives comes alone" holds on 'n["arrived"] >= n["segments"]'
expect "on: every lost frame was dropped by the receiver's UDP, without a reason" holds on \
	'n["unspecified"] > 0 && (n["frames"] - n["arrived"] - n["unspecified"]) ^ 2 <= 9'
expect "on: no device and no checksum counts them" holds on 'n["dropped"] == 0 && n["checksums"] == 0'
expect "on, but off on the veth: nothing is lost" holds veth 'n["errors"] == 0'
exit $status
