# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites, after wire.sh: frames that an interface sends, by destination. The
# interface is cable, in the namespace sender.

eval "wire_$(declare -f teardown)"
teardown() {
	touch /tmp/stop
	wire_teardown
	links_del br0 bond0 mv0 eth0.5 p1 eth1
	nft flush ruleset
	sysctl -q -w net.ipv4.ip_forward=0
	rm -f /tmp/stop
} 2>/dev/null

in_sender() { ip netns exec sender "$@"; }

# egress_there: skips the test on a kernel without the hook.
egress_there() { kernel_has 5.16 || skip "this kernel has no egress hook"; }

# count_sender [VLAN]: cable is the only port.
count_sender() {
	egress_there
	load interface=none reset_interval=0 vlan="${1-0}"
	in_sender portnl add cable 1
}

# rows_sent DEV [COMMAND...]: a line for each station that frames were sent to, MAC VLAN PACKETS
# BYTES; COMMAND runs portnl elsewhere.
rows_sent() { "${@:2}" portnl stations window "$1" | awk '$5 { print $1, $2, $5, $6 }'; }
rows_received() { "${@:2}" portnl stations window "$1" | awk '$3 { print $1, $2, $3, $4 }'; }

# sum ROWS: their frames and bytes.
sum() { awk '{ packets += $(NF - 1); bytes += $NF } END { print packets + 0, bytes + 0 }' <<<"$1"; }

tx_packets() { "${@:2}" cat "/sys/class/net/$1/statistics/tx_packets"; }

# total_of NAME VIEW DEV [COMMAND...]
total_of() { "${@:4}" portnl totals "$2" "$3" | awk -v name="$1" '$1 == name { print $2 }'; }

# frames_to DEV N [COMMAND...]: N to one station, from another.
frames_to() { echo "02000000000b 020000000003 88b5 x$2" | "${@:3}" replay "$1" - >/dev/null; }

# right DEV END: another namespace, and a cable to it.
right() {
	ip netns add right
	ip netns exec right bash -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	ip link add "$1" type veth peer name "$2" netns right
	ip link set "$1" up addrgenmode none
	ip -n right link set "$2" up addrgenmode none
}
