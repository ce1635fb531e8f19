# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites: a sender behind a cable, and what was on the wire.
#
# Two measures tell what was on the wire. The sender's queue has counted it, where
# the sender cuts segments (queued). Or tc mirrors what arrives to a veth that has no
# offload at all: there the kernel cuts super-packets itself, into the namespace
# `wire`, where a packet socket counts (mirror, on_the_wire).

# The ways in that a port is counted by.
hooks='rx_handler tap'

teardown() {
	unload_if_loaded
	exec 5>&-
	# What a failed test left running, in its namespaces.
	pkill -x 'wirecount|tapgso|socat'
	for dev in t0 e.5 vx0 vx1; do ip link del "$dev"; done
	ip -all netns del
	ip fou del port 5555
	ip link del eth0
	ip addr flush dev lo
	ip addr add 127.0.0.1/8 dev lo
	# A namespace takes its devices along by and by.
	while [ -e /sys/class/net/mtap9 ] || [ -e /sys/class/net/meth0 ] || [ -e /sys/class/net/mt0 ]; do sleep 0.1; done
} 2>/dev/null

setup() {
	ip netns add sender
	# Its own announcements are sent, and are not frames of a station here.
	ip netns exec sender bash -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
	ip link add eth0 type veth peer name cable
	ip link set cable netns sender
	ip link set eth0 address 02:00:00:00:00:aa up addrgenmode none
	ip -n sender link set cable address 02:00:00:00:00:01 addrgenmode none up
	ip -n sender link set lo up
	ip addr add 192.0.2.1/24 dev eth0
	ip -n sender addr add 192.0.2.2/24 dev cable
	ip netns exec sender tc qdisc add dev cable root pfifo
	# shellcheck disable=SC2034 # a suite's
	tx_before=$(ip netns exec sender cat /sys/class/net/cable/statistics/tx_packets)
	# Neither asks: every frame is the transfer's.
	ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n sender neigh replace 192.0.2.1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

# six: IPv6 on the cable too.
six() {
	echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
	ip netns exec sender bash -c 'echo 0 >/proc/sys/net/ipv6/conf/cable/disable_ipv6'
	ip addr add 2001:db8::1/64 dev eth0 nodad
	ip -n sender addr add 2001:db8::2/64 dev cable nodad
	ip neigh replace 2001:db8::2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n sender neigh replace 2001:db8::1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

# kernel_has VERSION: this one is as new.
kernel_has() { [ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]; }

# without_offloads COMMAND...: every feature that the device can do without.
without_offloads() {
	local feature
	for feature in gso tso gro sg tx rx tx-udp-segmentation tx-gso-list tx-sctp-segmentation txvlan rxvlan \
		tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse tx-gre-segmentation tx-udp_tnl-segmentation tx-checksum-sctp; do
		"$@" "$feature" off >/dev/null 2>&1 || :
	done
}

# mirror DEV...: what arrives there goes to the cutting veth too.
mirror() {
	local dev
	# A super-packet may become thousands of frames at once.
	echo 100000 >/proc/sys/net/core/netdev_max_backlog
	ip netns add wire
	ip netns exec wire bash -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	for dev; do
		ip link add "m$dev" type veth peer name "w$dev"
		ip link set "w$dev" netns wire
		ip link set "m$dev" mtu 65535 addrgenmode none
		ip -n wire link set "w$dev" mtu 65535 addrgenmode none
		without_offloads ethtool -K "m$dev"
		without_offloads ip netns exec wire ethtool -K "w$dev"
		ip link set "m$dev" up
		ip -n wire link set "w$dev" up
		tc qdisc add dev "$dev" clsact
		tc filter add dev "$dev" ingress matchall action mirred egress mirror dev "m$dev"
	done
}

# on_the_wire "DEV..." COMMAND...: by each way in, what is counted during the command
# is what the mirrors of the devices count, and super-packets came. "DEV..."
# are the ports. The mirror stays. NO_SUPER: not all kernels have super-packets here.
on_the_wire() {
	local devs=$1 hook dev counters
	shift
	for hook in $hooks; do
		load interface="${devs// /,}" reset_interval=0 hook="$hook"
		counters=''
		for dev in $devs; do
			rm -f "/tmp/wire.$dev" "/tmp/whole.$dev"
			ip netns exec wire wirecount "w$dev" "/tmp/wire.$dev" &
			counters="$counters $!"
			wirecount "$dev" "/tmp/whole.$dev" &
			counters="$counters $!"
			wait_for "the counters" [ -e "/tmp/wire.$dev" -a -e "/tmp/whole.$dev" ]
		done
		"$@"
		for dev in $devs; do wait_quiet "$dev"; done
		# shellcheck disable=SC2086 # a list
		kill $counters
		# shellcheck disable=SC2086 # a list
		wait $counters
		for dev in $devs; do
			expect_equal "$hook, $dev" "$(stations window "$dev")" "$(cat "/tmp/wire.$dev")"
			[ -s "/tmp/wire.$dev" ] || fail "$hook, $dev" frames none
			super_packets_came "$dev"
		done
		unload
	done
}

# expect_super_packets: on_the_wire with NO_SUPER has seen some.
expect_super_packets() { [ -z "${alone-}" ] || fail "super-packets" "one at least" none; }

frames_of() { awk '{ sum += $3 } END { print sum + 0 }' "$1"; }

super_packets_came() {
	if [ "$(frames_of "/tmp/wire.$1")" = "$(frames_of "/tmp/whole.$1")" ]; then
		[ -n "${NO_SUPER-}" ] || fail "$1" "super-packets" none
		# shellcheck disable=SC2034 # a suite's
		alone=1
	fi
}

# transfer BYTES [ADDRESS]
transfer() {
	local listen=TCP-LISTEN to=${2-192.0.2.1}
	case $to in *:*) listen=TCP6-LISTEN to=[$to] ;; esac
	socat -u "$listen:5000,reuseaddr" OPEN:/dev/null &
	receiver=$!
	until ss -ltn | grep -q :5000; do sleep 0.1; done
	truncate -s "$1" /tmp/zeroes
	ip netns exec sender socat -u -b 200000 OPEN:/tmp/zeroes "TCP:$to:5000"
	wait $receiver
}

# queued DEV: frames and bytes that passed the queue of an interface of the sender's.
queued() {
	ip netns exec sender tc -s qdisc show dev "$1" | awk '$1 == "Sent" { print $4, $2 }'
}

# wait_quiet [DEV]: nothing is under way any more.
wait_quiet() {
	local was=''
	local now
	now=$(cat "/sys/class/net/${1-eth0}/statistics/rx_packets")
	until [ "$was" = "$now" ]; do
		was=$now
		sleep 0.3
		now=$(cat "/sys/class/net/${1-eth0}/statistics/rx_packets")
	done
}
