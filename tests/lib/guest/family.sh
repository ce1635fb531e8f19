# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by the suites of the netlink family, after suite.sh, module.sh and pktgen.sh: a
# port eth0 at a cable, and an interface eth1 that is not a port.

setup() {
	veth_pair eth0 cable
	ip link add eth1 type dummy
	# shellcheck disable=SC2034 # listen() sets it
	listener=''
	load reset_interval=0
}

teardown() {
	[ ! -e /tmp/listener ] || kill "$(cat /tmp/listener)"
	[ ! -e /tmp/container ] || kill "$(cat /tmp/container)"
	rm -f /tmp/listener /tmp/container
	pktgen_clear
	unload_if_loaded
	ip netns del other
	links_del eth0 cable eth1 br9
	true
} 2>/dev/null

# frames MAC N [VLAN]: sends N frames over the cable to eth0.
frames() { echo "02ffffffff01 $1 ${3:+8100 $3 }88b5 x$2" | replay cable - >/dev/null; }

# ports: prints the names of the ports, separated by spaces.
ports() { l2pc -j port | sed 's/[{,]/\n/g' | sed -n 's/^"ifname":"\(.*\)"$/\1/p' | tr '\n' ' '; }
