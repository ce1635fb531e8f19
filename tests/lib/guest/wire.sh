# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites: a sender behind a cable, and the number of frames on the wire.
#
# There are two measures of that number. Where the sender segments, its qdisc has counted
# the frames (queued). Otherwise tc mirrors the arriving packets to a veth without
# offloads. There the kernel segments super-packets, and a packet socket in the namespace
# `wire` counts the segments (mirror, on_the_wire).

# The hooks to test.
hooks=${engine_hooks:?}

teardown() {
	unload_if_loaded
	exec 5>&-
	# End the processes that a failed test has left in its namespaces.
	pkill -x 'wirecount|tapgso|socat'
	for dev in t0 e.5 vx0 vx1; do ip link del "$dev"; done
	ip -all netns del
	ip fou del port 5555
	ip link del eth0
	ip addr flush dev lo
	ip addr add 127.0.0.1/8 dev lo
	# The devices of a deleted namespace are deleted asynchronously.
	while [ -e /sys/class/net/mtap9 ] || [ -e /sys/class/net/meth0 ] || [ -e /sys/class/net/mt0 ]; do sleep 0.1; done
} 2>/dev/null

setup() {
	ip netns add sender
	# IPv6's multicast announcements would be in the sender's statistics, but not in the counts.
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
	# Static neighbours: without ARP, every frame belongs to the transfer.
	ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n sender neigh replace 192.0.2.1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

# six: configures IPv6 on the cable in addition.
six() {
	echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
	ip netns exec sender bash -c 'echo 0 >/proc/sys/net/ipv6/conf/cable/disable_ipv6'
	ip addr add 2001:db8::1/64 dev eth0 nodad
	ip -n sender addr add 2001:db8::2/64 dev cable nodad
	ip neigh replace 2001:db8::2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n sender neigh replace 2001:db8::1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

# without_offloads COMMAND...: turns off each offload, where possible. COMMAND is ethtool
# with its options and the device.
without_offloads() {
	local feature
	for feature in gso tso gro sg tx rx tx-udp-segmentation tx-gso-list tx-sctp-segmentation txvlan rxvlan \
		tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse tx-gre-segmentation tx-udp_tnl-segmentation tx-checksum-sctp; do
		"$@" "$feature" off >/dev/null 2>&1 || :
	done
}

# mirror DEV...: mirrors the packets that arrive at each device to the segmenting veth.
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

# on_the_wire "DEV..." COMMAND...: asserts, for each hook, that the ports "DEV..." count the
# frames of COMMAND as the devices' mirrors count them, and that super-packets arrived. The
# mirrors stay. With NO_SUPER, super-packets need not arrive, as some kernels make none here.
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
			check_super_packets "$dev"
		done
		unload
	done
}

# expect_super_packets: asserts that super-packets arrived in each on_the_wire with NO_SUPER.
expect_super_packets() { [ -z "${alone-}" ] || fail "super-packets" "one at least" none; }

# frames_of FILE: prints the number of frames in wirecount's FILE.
frames_of() { awk '{ sum += $3 } END { print sum + 0 }' "$1"; }

# check_super_packets DEV: fails when no super-packet arrived or, with NO_SUPER, sets $alone.
check_super_packets() {
	if [ "$(frames_of "/tmp/wire.$1")" = "$(frames_of "/tmp/whole.$1")" ]; then
		[ -n "${NO_SUPER-}" ] || fail "$1" "super-packets" none
		# shellcheck disable=SC2034 # a suite's
		alone=1
	fi
}

# transfer BYTES [ADDRESS]: sends zeroes from the sender over TCP.
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

# queued DEV: prints the frames and bytes that passed the qdisc of a sender's device.
queued() {
	ip netns exec sender tc -s qdisc show dev "$1" | awk '$1 == "Sent" { print $4, $2 }'
}

# wait_quiet [DEV]: waits until no more frames arrive.
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
