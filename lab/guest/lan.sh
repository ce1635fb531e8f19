# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced in the guest. Sets up a LAN to count on:
#
#   root namespace        namespace seg         namespaces h1 … hN
#   eth0 10.0.0.1 ─────── eth0-seg ┐
#                                  br-lan ── h1-seg ─── eth0 10.0.0.101
#                                  ┘
# The bridge is in seg, so that eth0, the port to be counted, is a plain device with a
# free RX handler.

# lan_up N: set up N hosts, 1 to 99. Host i has the address 02:00:00:00:00:i (hex).
lan_up() {
	local i
	ip netns add seg
	ip -n seg link set lo up
	ip -n seg link add br-lan type bridge mcast_snooping 0 forward_delay 0
	ip -n seg link set br-lan up
	ip link add eth0 type veth peer name eth0-seg netns seg
	ip -n seg link set eth0-seg master br-lan up
	ip addr add 10.0.0.1/24 dev eth0
	ip link set eth0 up
	for ((i = 1; i <= $1; i++)); do lan_host_add "$i"; done
}

lan_host_add() {
	local i=$1
	ip netns add "h$i"
	ip -n "h$i" link set lo up
	ip -n seg link add "h$i-seg" type veth peer name eth0 netns "h$i" address "$(lan_mac "$i")"
	ip -n seg link set "h$i-seg" master br-lan up
	ip -n "h$i" addr add "$(lan_ip "$i")/24" dev eth0
	ip -n "h$i" link set eth0 up
}

lan_mac() { printf '02:00:00:00:00:%02x\n' "$1"; }
lan_ip() { printf '10.0.0.%d\n' $((100 + $1)); }

# lan_in I COMMAND...: run COMMAND on host I.
lan_in() {
	local i=$1
	shift
	ip netns exec "h$i" "$@"
}

lan_down() {
	local ns
	ip link del eth0 2>/dev/null
	for ns in $(ip netns list | awk '$1 == "seg" || $1 ~ /^h[0-9]+$/ { print $1 }'); do
		ip netns del "$ns"
	done
}
