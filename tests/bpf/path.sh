# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # variables of run.sh; of eval, jq and awk
# Copyright (C) the l2packet_counter authors
# Sourced by run.sh: frames that another part of the kernel takes, drops or forwards: each is
# counted once, received and sent. A test skips what this kernel lacks; the VM suites
# path-above and path-taken have it all.

in_near() { ip netns exec "$near" "$@"; }

# lacks WHAT OPTION: ends the test.
lacks() { skip "this kernel has no $1 ($2; tests/run.sh --engine bpf path-above path-taken)"; }

# link_add NAME TYPE [OPTION...]: creates a device in $near, if the kernel has the type.
link_add() { ip -n "$near" link add "$1" ${parent:+link "$parent"} type "${@:2}" 2>"$scratch/lacks"; }

# --- taken before the stack ------------------------------------------------------------

# taken WHAT COMMAND...: COMMAND puts something on eth0 that takes its frames. They are
# counted once when it is there, when it came first, and when it has gone.
taken() {
	local what=$1
	shift
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	"$@"
	send 10 1 >/dev/null
	counted 68
	l2pc del eth0
	l2pc add eth0 reset-interval 0
	send 10 1 >/dev/null
	counted 34
	expect_number "frames that $what took" "$(took)" -ge 34
	engine_stop
}

nft_drop() {
	in_near nft 'table netdev t { chain c { type filter hook ingress device eth0 priority 0; counter drop; }; }'
}
test_frames_that_nftables_drops_are_counted_once() {
	took() { in_near nft -j list chain netdev t c | jq '[.nftables[].rule?.expr?[]?.counter?.packets? // 0] | add'; }
	taken nftables nft_drop
}

# l2pc run may have made it.
clsact_add() { in_near tc qdisc show dev eth0 | grep -q clsact || in_near tc qdisc add dev eth0 clsact; }

tc_redirect() {
	ip -n "$near" link add other type veth peer name beyond
	ip -n "$near" link set other up
	ip -n "$near" link set beyond up
	clsact_add
	in_near tc filter add dev eth0 ingress u32 match u32 0 0 action mirred egress redirect dev other
}
test_frames_that_tc_redirects_are_counted_once() {
	took() { in_near cat /sys/class/net/beyond/statistics/rx_packets; }
	taken tc tc_redirect
}

# Where frames are redirected to, they are sent, and received at its other end: both are ports.
test_redirected_frames_are_counted_where_they_are_sent() {
	tc_redirect
	engine_start reset-interval 0
	l2pc add other reset-interval 0 tx on
	l2pc add beyond reset-interval 0
	send 10 1 >/dev/null
	counted 34 eth0
	counted 34 beyond
	# By destination, of which two frames with a group's source have the same.
	expect_equal "sent" "$(rows other)" "02:ff:00:00:00:01 0 0 36 2322"
	engine_stop
}

# A filter of another program behind ours, which drops.
tc_drop() {
	if [ "$hook" = tcx ]; then
		client behind eth0 >"$scratch/behind" &
		wait_for grep -q ready "$scratch/behind"
	else
		clsact_add
		in_near tc filter add dev eth0 ingress priority 9 protocol all u32 match u32 0 0 action drop 2>/dev/null ||
			lacks "action drop" CONFIG_NET_ACT_GACT
	fi
}
# What the stack passes on is not what arrived: a packet socket is before tc.
test_frames_that_tc_drops_are_counted_once() {
	took() { in_near awk '/^ *eth0:/ { print $5 }' /proc/net/dev; }
	taken tc tc_drop
}

# --- both ways ---------------------------------------------------------------------------

# Stations: 02:ff:00:00:00:aa is $far, and 02:ff:00:00:00:01 here. An exchange is 50
# datagrams of 142 bytes with Ethernet's header to 10.77.0.2 and back.
frames=50 bytes=$((50 * 142))

# rows DEV: lines `MAC PACKETS BYTES TX_PACKETS TX_BYTES`.
rows() {
	l2pc -j show "$1" |
		jq -r '.[0].stations[] | "\(.mac) \(.packets) \(.bytes) \(.tx_packets // 0) \(.tx_bytes // 0)"' | LC_ALL=C sort
}

# host NAMESPACE DEV ADDRESS PEER_ADDRESS PEER_MAC: gives a device its address. Frames of
# other protocols, ARP among them, are not part of an exchange.
host() {
	ip -n "$1" addr add "$3/24" dev "$2"
	ip -n "$1" neigh replace "$4" lladdr "$5" dev "$2" nud permanent
}

# exchange: from $far to 10.77.0.2, which returns each datagram.
exchange() {
	ip netns exec "$far" /usr/bin/python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(60)
s.connect((sys.argv[2], 7))
for i in range(int(sys.argv[1])):
    s.send(bytes(100))
    s.recv(4096)' "$frames" "${1-10.77.0.2}"
}

# echo_start NAMESPACE
echo_start() {
	ip netns exec "$1" /usr/bin/python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 7))
print("ready", flush=True)
while True:
    s.sendto(*s.recvfrom(4096))' >"$scratch/echo" &
	wait_for grep -q ready "$scratch/echo"
}

# row MAC TIMES [MORE]: the row of a station after so many exchanges of frames with MORE bytes.
row() { echo "$1 $((frames * $2)) $(((bytes + frames * ${3-0}) * $2)) $((frames * $2)) $(((bytes + frames * ${3-0}) * $2))"; }

# above COMMAND...: COMMAND puts a device on eth0, which has the address then. It comes
# while eth0 counts, and is there before eth0 is a port.
above() {
	local about mac
	engine_start reset-interval 0 tx on
	"$@"
	echo_start "$near"
	mac=$(ip -n "$near" -j link show "$upper" | jq -r '.[0].address')
	host "$near" "$upper" 10.77.0.2 10.77.0.1 02:ff:00:00:00:aa
	host "$far" cable 10.77.0.1 10.77.0.2 "$mac"
	exchange
	expect_soon "added while it counts" eval '[ "$(rows eth0)" = "$(row 02:ff:00:00:00:aa 1)" ]'
	l2pc del eth0
	l2pc add eth0 reset-interval 0 tx on
	exchange
	expect_soon "added before" eval '[ "$(rows eth0)" = "$(row 02:ff:00:00:00:aa 1)" ]'
	expect_number "frames of $upper" "$(in_near cat "/sys/class/net/$upper/statistics/rx_packets")" -ge $((2 * frames))
	engine_stop
}

itself() { upper=eth0; }
test_frames_of_a_veth_are_counted_once() { above itself; }

# Both ends of a cable are ports of one namespace: what one sends the other receives.
test_both_ends_of_a_veth_are_ports() {
	engine_start reset-interval 0
	ip -n "$near" link add end1 type veth peer name end2
	ip -n "$near" link set end1 address 02:ff:00:00:00:e1 up
	ip -n "$near" link set end2 address 02:ff:00:00:00:e2 up
	l2pc add end1 reset-interval 0 tx on
	l2pc add end2 reset-interval 0 tx on
	wait_for eval 'ip -n "$near" link show end1 | grep -q "state UP"'
	host "$near" end1 10.77.0.2 10.77.0.1 02:ff:00:00:00:e2
	datagrams
	expect_soon "received" eval '[ "$(rows end2)" = "02:ff:00:00:00:e1 50 6700 0 0" ]'
	expect_equal "sent" "$(rows end1)" "02:ff:00:00:00:e2 0 0 50 6700"
	engine_stop
}

bridge_port() {
	upper=br9
	ip -n "$near" link add br9 type bridge stp_state 0 forward_delay 0
	ip -n "$near" link set eth0 master br9
	ip -n "$near" link set br9 up
	wait_for eval 'in_near bridge link show dev eth0 | grep -q "state forwarding"'
}
test_frames_of_a_bridge_port_are_counted_once() { above bridge_port; }

bond_slave() {
	upper=bond9
	link_add bond9 bond mode active-backup || lacks bonding CONFIG_BONDING
	ip -n "$near" link set eth0 down
	ip -n "$near" link set eth0 master bond9
	ip -n "$near" link set bond9 up
	cable_up
	wait_for eval 'in_near ip link show bond9 | grep -q "state UP"'
}
test_frames_of_a_bond_slave_are_counted_once() { above bond_slave; }

macvlan_of() {
	upper=mv0
	parent=eth0 link_add mv0 macvlan mode bridge || lacks macvlan CONFIG_MACVLAN
	ip -n "$near" link set mv0 address 02:ff:00:00:fe:01 up
}
test_frames_of_a_macvlan_are_counted_once() { above macvlan_of; }

# A VLAN device and its parent are ports: both count the frame, the device without its tag.
test_frames_of_a_vlan_device_are_counted_once_at_each() {
	parent=eth0 link_add eth0.5 vlan id 5 || lacks "VLAN devices" CONFIG_VLAN_8021Q
	ip -n "$far" link add link cable name cable.5 type vlan id 5
	ip -n "$near" link set eth0.5 up
	ip -n "$far" link set cable.5 up
	host "$near" eth0.5 10.77.0.2 10.77.0.1 02:ff:00:00:00:aa
	host "$far" cable.5 10.77.0.1 10.77.0.2 02:ff:00:00:00:01
	engine_start reset-interval 0 tx on
	l2pc add eth0.5 reset-interval 0 tx on
	echo_start "$near"
	exchange
	expect_soon "the parent" eval '[ "$(rows eth0)" = "$(row 02:ff:00:00:00:aa 1 4)" ]'
	expect_soon "the VLAN device" eval '[ "$(rows eth0.5)" = "$(row 02:ff:00:00:00:aa 1)" ]'
	engine_stop
}

# --- a router ------------------------------------------------------------------------------

# router_make: $near routes between $far and a third namespace, behind eth1.
router_make() {
	ip netns add "$wan"
	ip -n "$wan" link add cable1 type veth peer name eth1 netns "$near"
	ip -n "$wan" link set cable1 address 02:ff:00:00:01:aa up
	ip -n "$near" link set eth1 address 02:ff:00:00:01:01 up
	host "$near" eth0 10.77.0.2 10.77.0.1 02:ff:00:00:00:aa
	host "$far" cable 10.77.0.1 10.77.0.2 02:ff:00:00:00:01
	host "$near" eth1 10.78.0.2 10.78.0.1 02:ff:00:00:01:aa
	host "$wan" cable1 10.78.0.1 10.78.0.2 02:ff:00:00:01:01
	ip -n "$far" route add default via 10.77.0.2
	ip -n "$wan" route add default via 10.78.0.2
	in_near sysctl -qw net.ipv4.ip_forward=1
	wait_for eval 'ip -n "$wan" link show cable1 | grep -q "state UP"'
}

# router: each frame is received by one port and sent by the other, in both directions.
router() {
	engine_start reset-interval 0 tx on
	l2pc add eth1 reset-interval 0 tx on
	echo_start "$wan"
	exchange 10.78.0.1
	expect_soon "at the one" eval '[ "$(rows eth0)" = "$(row 02:ff:00:00:00:aa 1)" ]'
	expect_soon "at the other" eval '[ "$(rows eth1)" = "$(row 02:ff:00:00:01:aa 1)" ]'
}

test_frames_of_a_router_are_counted_once_at_each_port() {
	router_make
	router
	engine_stop
}

test_frames_of_a_flowtable_are_counted_once_at_each_port() {
	local offloaded
	router_make
	in_near nft 'table inet f {
		flowtable ft { hook ingress priority 0; devices = { eth0, eth1 }; }
		chain c { type filter hook forward priority 0; ip protocol udp counter flow add @ft; }
	}' 2>/dev/null || lacks flowtable "CONFIG_NF_FLOW_TABLE, CONFIG_NFT_FLOW_OFFLOAD"
	router
	offloaded=$((2 * frames - $(in_near nft -j list chain inet f c | jq '[.nftables[].rule?.expr?[]?.counter?.packets? // 0] | add')))
	expect_number "frames that the flowtable forwarded" "$offloaded" -gt $((frames / 2))
	engine_stop
}
