#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# e1000e-rx-fcs.sh: QEMU's e1000e when the frame check sequence is to be received too.
#
# Package    qemu-system-x86 1:7.2+dfsg-7+deb12u18+b3 (QEMU 7.2.22, Debian 12), with the driver
#            of linux-image-6.12.117+deb12-amd64 6.12.117-1~deb12u1 (bookworm-security)
# Expected   `ethtool -K eth0 rx-fcs on` makes each received frame 4 bytes longer, and
#            changes nothing else. QEMU's e1000 works as before.
# Seen       With e1000e nothing reaches the stack any more until rx-fcs is off again, and
#            `ip link set down` and `up` do not help. rx_packets of the device goes on to
#            count every frame, and no error and no drop is counted. QEMU uses two receive
#            descriptors for a frame, the second one only for the 4 bytes, and the driver
#            discards a frame that is in two descriptors without counting it.
# Follows    Tests of frames with the check sequence need e1000, not e1000e. A counter that
#            counts less than rx_packets of such a device is right.
#
# Status 0 while that is so. Downloads to a temporary directory, 125 MB. Needs the libraries
# of an installed qemu-system-x86 of Debian 12, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-amd64
emulator=1:7.2+dfsg-7+deb12u18+b3
packages=("linux-image-$release=$version" "qemu-system-x86=$emulator" "qemu-system-common=$emulator"
	qemu-system-data seabios ethtool=1:6.1-1 iproute2=6.1.0-3 busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libelf1 libmd0 libmnl0 libxtables12 zlib1g)

# shellcheck disable=SC2034 # guest.sh's
qemu=''
# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
guest_fetch "bookworm bookworm-security" "${packages[@]}"
guest_unpack e1000 e1000e
qemu=$dir/emulator/usr/bin/qemu-system-x86_64
export QEMU_MODULE_DIR=$dir/emulator/usr/lib/x86_64-linux-gnu/qemu
"$qemu" --version >log 2>&1 || { cat log >&2 && untried "QEMU lacks libraries here"; }
cat log
qemu_options=(-L "$dir/emulator/usr/share/qemu" -L "$dir/emulator/usr/share/seabios")
for model in e1000:0a e1000e:0e; do
	for end in 1 2; do
		id=${model%:*}-$end
		qemu_options+=(-netdev "hubport,id=$id,hubid=${#model}"
			-device "${model%:*},netdev=$id,mac=02:00:00:00:${model#*:}:0$end,romfile=")
	done
done
guest_run <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	there() { ip netns exec peer "$@"; }
	ip netns add peer
	# device ADDRESS
	device() { basename $(dirname $(grep -l -x "$1" /sys/class/net/*/address)); }
	# counts DEVICE: what counts, one NAME=NUMBER a line
	counts() {
		echo packets=$(cat /sys/class/net/$1/statistics/rx_packets)
		lost=0
		for kind in /sys/class/net/$1/statistics/rx_*err* /sys/class/net/$1/statistics/rx_dropped; do
			lost=$((lost + $(cat $kind)))
		done
		echo lost=$lost
		echo ip=$(awk '$1 == "Ip:" && $2 != "Forwarding" { print $4 }' /proc/net/snmp)
		echo descriptors=$(($(/sbin/ethtool -d $1 | awk '$2 == "RDH" { print $NF }')))
	}
	# pings NAME DEVICE: 5 requests from the other end; print the differences
	pings() {
		until [ "$(cat /sys/class/net/$2/carrier)" = 1 ]; do sleep 0.1; done
		counts $2 >/tmp/before
		replies=$(there ping -c 5 -W 3 10.0.0.1 | awk '/packets received/ { print $4 }')
		counts $2 >/tmp/after
		echo "@$1 replies=$replies" $(awk -F= 'NR == FNR { before[$1] = $2; next }
			{ print $1 "=" $2 - before[$1] }' /tmp/before /tmp/after)
	}
	for model in e1000:0a e1000e:0e; do
		here=$(device 02:00:00:00:${model#*:}:01)
		other=$(device 02:00:00:00:${model#*:}:02)
		sysctl -q -w net.ipv6.conf.$here.disable_ipv6=1 net.ipv6.conf.$other.disable_ipv6=1
		ip link set $other netns peer
		ip addr add 10.0.0.1/24 dev $here
		ip -n peer addr add 10.0.0.2/24 dev $other
		# Without ARP, 5 requests are 5 frames.
		ip neigh add 10.0.0.2 lladdr 02:00:00:00:${model#*:}:02 dev $here
		ip -n peer neigh add 10.0.0.1 lladdr 02:00:00:00:${model#*:}:01 dev $other
		ip link set $here up
		ip -n peer link set $other up
		there ping -c 1 -w 60 10.0.0.1 >/dev/null
		model=${model%:*}
		pings $model-default $here
		/sbin/ethtool -K $here rx-fcs on
		pings $model-on $here
		ip link set $here down
		ip link set $here up
		ip neigh replace 10.0.0.2 lladdr $(there cat /sys/class/net/$other/address) dev $here
		pings $model-restarted $here
		/sbin/ethtool -K $here rx-fcs off
		pings $model-off $here
		ip link set $here down
		ip -n peer link set $other down
		ip addr flush dev $here
		ip -n peer addr flush dev $other
	done
GUEST

# holds NAME CONDITION: a condition of awk on the counts of NAME.
holds() {
	grep "^@$1 " results | tr ' ' '\n' | awk -F= '{ n[$1] = $2 } END { exit !('"$2"') }'
}
for name in default on restarted off; do
	expect "e1000, $name: the stack receives every frame" holds e1000-$name \
		'n["replies"] == 5 && n["ip"] == 5 && n["packets"] == 5'
done
for name in default off; do
	expect "e1000e, $name: the stack receives every frame, of one descriptor" holds e1000e-$name \
		'n["replies"] == 5 && n["ip"] == 5 && n["packets"] == 5 && n["descriptors"] == 5'
done
for name in on restarted; do
	expect "e1000e, rx-fcs $name: the device counts every frame, and the stack receives none" holds e1000e-$name \
		'n["replies"] == 0 && n["ip"] == 0 && n["packets"] == 5'
	expect "e1000e, rx-fcs $name: no error and no drop is counted" holds e1000e-$name 'n["lost"] == 0'
	expect "e1000e, rx-fcs $name: a frame takes two descriptors" holds e1000e-$name 'n["descriptors"] == 10'
done
exit $status
