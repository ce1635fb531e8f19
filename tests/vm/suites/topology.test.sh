#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 1800
# On any interface, whatever stands on top of it: every frame is counted once, the
# interface can be used as if it were not counted, and no frame is lost or doubled
# while upper devices come and go under traffic.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh

setup() {
	veth_pair eth0 cable
	messages_begin
}

teardown() {
	pktgen_clear
	unload_if_loaded
	links_del eth0.5 eth0.7 mv0 iv0 br9 bond9 team9 vrf9 ifb9 eth0 dummy9
}

untagged='02ffffffff01 020000000001 88b5'
tagged5='02ffffffff01 020000000001 8100 0005 88b5'
tagged7='02ffffffff01 020000000002 8100 0007 88b5'
qinq='02ffffffff01 020000000003 88a8 0005 8100 0007 88b5'

# send FRAME xN...
send() {
	while [ $# -gt 0 ]; do
		echo "$1 $2"
		shift 2
	done | replay cable - >/dev/null
}

# by HOOK: the last message about the hook names it.
by() { [[ $(messages | grep 'counting by' | tail -n 1) == *"counting by $1" ]]; }
if engine_is bpf; then
	by() { [[ $(l2pc port) =~ ": counted by "(tcx|clsact) ]]; }
fi

expect_counted() { expect_equal "frames" "$(total)" "$1"; }

plain() {
	load reset_interval=0 hook="$1"
	by "$1"
	send "$untagged" x1000
	expect_counted 1000
}
test_plain_by_tap() { plain tap; }
test_plain_by_rx_handler() {
	module_only "l2pc run has one hook, tcx"
	plain rx_handler
}

# What this machine sends to groups comes back to itself, without an Ethernet header.
own_groups() {
	local skipped
	echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
	ip -6 addr add fe80::1/64 dev eth0 nodad
	ip addr add 192.0.2.1/24 dev eth0
	load reset_interval=0 hook="$1"
	ping -c 3 -i 0.2 -W 1 -I eth0 ff02::1 >/tmp/ping 2>&1 || true
	ping -c 3 -i 0.2 -W 1 -I eth0 224.0.0.1 >>/tmp/ping 2>&1 || true
	expect_line /tmp/ping '^3 packets transmitted'
	expect_counted 0
	expect_equal "stations" "$(rows)" ""
	skipped=$(l2pc -o port eth0 | awk -F'\t' '$1 == "sum" && $3 == "window" { print $14 "+" $15 "+" $16 }')
	expect_equal "skipped" "$skipped" 0+0+0
	send "$untagged" x10
	expect_counted 10
}
test_own_groups_by_tap() { own_groups tap; }
test_own_groups_by_rx_handler() {
	module_only "l2pc run has one hook, tcx"
	own_groups rx_handler
}

# expect_no_port DEV SETTING TEXT
expect_no_port() {
	expect_failure "loading with interface=$1 $2" load interface="$1" "$2"
	expect_message "${engine_refuses?}$1: $3"
}

test_ipvlan_has_no_rx_handler() {
	module_only "l2pc run has one hook, tcx"
	ip link add link eth0 name iv0 type ipvlan || skip "no ipvlan in this kernel"
	ip link set iv0 up
	expect_no_port iv0 hook=rx_handler "its kind has no RX handler (hook=tap needs none)"
	load interface=iv0
	by tap
}

test_taken_rx_handler_is_refused() {
	module_only "l2pc run has one hook, tcx"
	ip link add br9 type bridge
	ip link set eth0 master br9
	expect_no_port eth0 hook=rx_handler "the RX handler belongs to br9 (hook=tap needs no RX handler)"
	ip link set eth0 nomaster
	ip link add link eth0 name mv0 type macvlan
	expect_no_port eth0 hook=rx_handler "the RX handler is taken, by macvlan, ipvlan or the like (hook=tap needs no RX handler)"
}

test_vrf_and_ifb_are_refused() {
	ip link add vrf9 type vrf table 10 || skip "no VRF in this kernel"
	expect_no_port vrf9 hook=tap "a VRF device sees what its ports have received; count its ports"
	ip link add ifb9 type ifb || skip "no ifb in this kernel"
	expect_no_port ifb9 hook=tap "an ifb device gets frames that were counted where they came in; count that interface"
}

test_unknown_hook_is_refused() {
	module_only "l2pc run has one hook, tcx"
	expect_failure "loading with hook=fast" load hook=fast
	expect_message 'parameter hook: "fast" is not tap or rx_handler'
}

test_interface_down_at_load() {
	ip link set eth0 down
	load reset_interval=0
	ip link set eth0 up
	send "$untagged" x10
	expect_counted 10
}

# over COMMAND...: the port is counted before COMMAND puts something above it, and
# after that.
over() {
	load reset_interval=0
	send "$untagged" x10
	"$@"
	send "$untagged" x10
	expect_counted 20
}

# under COMMAND...: something is above the port when it is added.
under() {
	"$@"
	load reset_interval=0
	send "$untagged" x1000
	expect_counted 1000
}

bridged() {
	ip link add br9 type bridge
	ip link set br9 up
	ip link set eth0 master br9
}
test_bridge_port() { over bridged; }
test_bridge_port_before() { under bridged; }

# slave MASTER: bonds and teams take an interface that is down.
slave() {
	ip link set eth0 down
	ip link set eth0 master "$1"
	ip link set eth0 up
	ip link set "$1" up
}
bonded() {
	ip link add bond9 type bond mode active-backup
	slave bond9
}
test_bond_slave() { over bonded; }
test_bond_slave_before() { under bonded; }

teamed() {
	ip link add team9 type team || skip "no team in this kernel"
	slave team9
}
test_team_port() { over teamed; }

macvlans() {
	ip link add link eth0 name mv0 type macvlan
	ip link set mv0 up
}
test_macvlan_parent() { over macvlans; }
test_macvlan_parent_before() { under macvlans; }

ipvlans() {
	ip link add link eth0 name iv0 type ipvlan || skip "no ipvlan in this kernel"
	ip link set iv0 up
}
test_ipvlan_parent() { over ipvlans; }

test_vlan_devices_on_top() {
	load reset_interval=0
	ip link add link eth0 name eth0.5 type vlan id 5
	ip link set eth0.5 up
	send "$tagged5" x1000 "$tagged7" x100 "$untagged" x10
	expect_counted 1110
	ip link del eth0.5
	send "$tagged5" x1000 "$untagged" x10
	expect_counted 2120
}

test_vlan_device_itself_is_a_port() {
	ip link add link eth0 name eth0.5 type vlan id 5
	ip link set eth0.5 up
	load interface=eth0,eth0.5 reset_interval=0
	send "$tagged5" x1000 "$tagged7" x100 "$untagged" x10
	expect_counted 1110
	expect_equal "on the VLAN device" "$(counts | awk '/^Interface:/ { port = $2 } /^Total/ && port == "eth0.5" { print $3 }')" 1000
}

test_qinq() {
	load reset_interval=0
	send "$qinq" x1000
	ip link add link eth0 name eth0.5 type vlan id 5 protocol 802.1ad
	ip link set eth0.5 up
	send "$qinq" x1000
	expect_counted 2000
}

test_vlan_stations_are_one_row_in_proc() {
	load reset_interval=0 vlan=1
	send "$tagged5" x10 "$untagged" x20 "02ffffffff01 020000000001 8100 0009 88b5" x30
	expect_equal "rows" "$(rows)" "02:00:00:00:00:01           60"
}

# Upper devices come and go while both CPUs send as fast as they can: pktgen's count is
# the oracle.
test_no_frame_is_lost_or_doubled_by_upper_devices() {
	local n=$((500000 / scale)) sender changes=0
	ip link add dummy9 type dummy
	ip link set dummy9 up
	ip link add br9 type bridge
	ip link set br9 up
	load interface=dummy9 reset_interval=0
	pktgen_thread 0 dummy9 $n 100
	pktgen_thread 1 dummy9 $n 100
	pktgen_run &
	sender=$!
	while kill -0 $sender 2>/dev/null; do
		ip link set dummy9 master br9
		ip link set dummy9 nomaster
		ip link add link dummy9 name dummy9.5 type vlan id 5
		ip link add link dummy9 name mv0 type macvlan
		ip link del dummy9.5
		ip link del mv0
		changes=$((changes + 1))
	done
	wait $sender
	expect_number "times that upper devices came and went" $changes -ge 2
	expect_equal "frames" "$(total)" $((2 * n))
	expect_equal "rows" "$(rows)" "$(pktgen_expect 2 $n 100)"
}

# at_tc: frames that came as far as tc's ingress, which stands right behind taps.
at_tc() {
	tc -s filter show dev eth0 ingress | awk '$1 == "Sent" { print $4; exit }'
}

# joins_and_leaves_under_traffic MASTER: the interface is taken down and up for it, and
# frames that arrive in between are dropped before anybody sees them.
joins_and_leaves_under_traffic() {
	local sender frames
	load interface=eth0 reset_interval=0
	# l2pc run has added one before Linux 6.6.
	tc qdisc show dev eth0 | grep -q clsact || tc qdisc add dev eth0 clsact
	tc filter add dev eth0 ingress matchall action ok
	ip link set "$1" up
	rm -f /tmp/stop
	until [ -e /tmp/stop ]; do replay cable - <<<"$untagged x2000" >/dev/null; done &
	sender=$!
	for _ in 1 2 3 4 5; do
		ip link set eth0 down
		ip link set eth0 master "$1"
		ip link set eth0 up
		sleep 0.4
		ip link set eth0 nomaster
		ip link set eth0 up
		sleep 0.4
	done
	touch /tmp/stop
	wait $sender
	sleep 0.5
	frames=$(at_tc)
	expect_number "frames that arrived" "$frames" -gt $((5000 / scale))
	expect_counted "$frames"
}

test_bond_slave_under_traffic() {
	ip link add bond9 type bond mode active-backup
	joins_and_leaves_under_traffic bond9
}

test_team_port_under_traffic() {
	ip link add team9 type team || skip "no team in this kernel"
	joins_and_leaves_under_traffic team9
}
