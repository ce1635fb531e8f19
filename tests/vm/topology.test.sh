#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 110 s
# lab: --cpus 2 --mem 2048 --timeout 1800
# On any interface, whatever stands on top of it: every frame is counted once,
# nobody is kept from using the interface, and no frame is lost or doubled when
# the way in changes.
. /l2pc/tests/lib/vm.sh
. /l2pc/tests/lib/module.sh
. /l2pc/tests/lib/pktgen.sh

setup() {
	veth_pair eth0 cable
	messages_begin
}

teardown() {
	pktgen_clear
	unload_if_loaded
	links_del eth0.5 eth0.7 mv0 iv0 br9 bond9 team9 eth0 dummy9 dummy8 dummy7
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

# by HOOK: the last message about the way in names it.
by() { [[ $(messages | grep 'counting by' | tail -n 1) == *"counting by $1,"* ]]; }

counted() { check_eq "frames" "$(total)" "$1"; }

test_plain() {
	load reset_interval=0
	by rx_handler
	send "$untagged" x1000
	counted 1000
}

test_plain_by_ingress() {
	load reset_interval=0 hook=ingress
	by ingress
	send "$untagged" x1000
	counted 1000
}

# What this machine sends to groups comes back to itself, without an Ethernet header.
own_groups() {
	local skipped
	echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
	ip -6 addr add fe80::1/64 dev eth0 nodad
	ip addr add 192.0.2.1/24 dev eth0
	load reset_interval=0 "$@"
	ping -c 3 -i 0.2 -W 1 -I eth0 ff02::1 >/tmp/ping 2>&1 || true
	ping -c 3 -i 0.2 -W 1 -I eth0 224.0.0.1 >>/tmp/ping 2>&1 || true
	grep -q '^3 packets transmitted' /tmp/ping || fail "$(cat /tmp/ping)"
	counted 0
	check_eq "stations" "$(rows)" ""
	skipped=$(l2pc -o port eth0 | awk -F'\t' '$1 == "sum" && $3 == "window" { print $14 "+" $15 "+" $16 }')
	check_eq "skipped" "$skipped" 0+0+0
	send "$untagged" x10
	counted 10
}
test_own_groups() { own_groups; }
test_own_groups_by_ingress() { own_groups hook=ingress; }

# Its kind has no RX handler.
test_ipvlan_itself() {
	ip link add link eth0 name iv0 type ipvlan || skip "no ipvlan in this kernel"
	ip link set iv0 up
	if load interface=iv0 hook=rx_handler 2>/dev/null; then fail "loaded with hook=rx_handler"; fi
	case $(messages) in *"interface iv0: its kind has no RX handler"*) ;; *) fail "the log says '$(messages)'" ;; esac
	load interface=iv0
	by ingress
	ip link set iv0 down
	ip link set iv0 up
	sleep 2
	case $(messages) in *"cannot be counted"*) fail "the log says '$(messages)'" ;; esac
}

test_interface_down_at_load() {
	ip link set eth0 down
	load reset_interval=0
	by ingress
	ip link set eth0 up
	wait_for "the RX handler" by rx_handler
	send "$untagged" x10
	counted 10
}

test_bridge_port_before() {
	ip link add br9 type bridge
	ip link set eth0 master br9
	load reset_interval=0
	by ingress
	send "$untagged" x1000
	counted 1000
}

test_bridge_port_while_counting() {
	load reset_interval=0
	by rx_handler
	ip link add br9 type bridge
	ip link set br9 up
	send "$untagged" x10
	ip link set eth0 master br9
	by ingress
	send "$untagged" x10
	ip link set eth0 nomaster
	send "$untagged" x10
	wait_for "the RX handler again" by rx_handler
	send "$untagged" x10
	counted 40
}

# enslaved MASTER
enslaved() {
	load reset_interval=0
	send "$untagged" x10
	ip link set eth0 down
	ip link set eth0 master "$1"
	ip link set eth0 up
	ip link set "$1" up
	send "$untagged" x10
	sleep 2 # it may settle: on the ingress hook
	by ingress
	send "$untagged" x10
	counted 30
	ip link set eth0 nomaster
	ip link set eth0 up
	wait_for "the RX handler again" by rx_handler
	send "$untagged" x10
	counted 40
}

test_bond_slave() {
	ip link add bond9 type bond mode active-backup
	enslaved bond9
}

test_team_port() {
	ip link add team9 type team || skip "no team in this kernel"
	enslaved team9
}

test_bond_slave_before() {
	ip link add bond9 type bond mode active-backup
	ip link set eth0 down
	ip link set eth0 master bond9
	ip link set bond9 up
	load reset_interval=0
	by ingress
	send "$untagged" x1000
	counted 1000
}

test_macvlan_parent() {
	ip link add link eth0 name mv0 type macvlan
	ip link set mv0 up
	load reset_interval=0
	by ingress
	send "$untagged" x1000
	counted 1000
	# It may come back unannounced, so its place is left free.
	ip link del mv0
	sleep 2
	by ingress
	ip link add link eth0 name mv0 type macvlan
	send "$untagged" x10
	counted 1010
}

test_macvlan_while_counting_by_ingress() {
	load reset_interval=0 hook=ingress
	ip link add link eth0 name mv0 type macvlan
	ip link set mv0 up
	send "$untagged" x1000
	counted 1000
}

test_ipvlan_parent() {
	ip link add link eth0 name iv0 type ipvlan || skip "no ipvlan in this kernel"
	load reset_interval=0
	by ingress
	send "$untagged" x1000
	counted 1000
}

test_vlan_devices_on_top() {
	load reset_interval=0
	by rx_handler
	ip link add link eth0 name eth0.5 type vlan id 5
	by ingress
	ip link set eth0.5 up
	send "$tagged5" x1000 "$tagged7" x100 "$untagged" x10
	counted 1110
	ip link del eth0.5
	wait_for "the RX handler again" by rx_handler
	send "$tagged5" x1000 "$untagged" x10
	counted 2120
}

test_vlan_devices_before() {
	ip link add link eth0 name eth0.5 type vlan id 5
	ip link set eth0.5 up
	load reset_interval=0
	by ingress
	send "$tagged5" x1000 "$tagged7" x100 "$untagged" x10
	counted 1110
}

test_vlan_device_itself_is_a_port() {
	ip link add link eth0 name eth0.5 type vlan id 5
	ip link set eth0.5 up
	load interface=eth0,eth0.5 reset_interval=0
	send "$tagged5" x1000 "$tagged7" x100 "$untagged" x10
	counted 1110
	check_eq "on the VLAN device" "$(awk '/^Interface:/ { port = $2 } /^Total/ && port == "eth0.5" { print $3 }' $proc)" 1000
}

test_qinq() {
	load reset_interval=0
	send "$qinq" x1000
	ip link add link eth0 name eth0.5 type vlan id 5 protocol 802.1ad
	ip link set eth0.5 up
	send "$qinq" x1000
	counted 2000
}

test_vlan_stations_are_one_row_in_proc() {
	load reset_interval=0 vlan=1
	send "$tagged5" x10 "$untagged" x20 "02ffffffff01 020000000001 8100 0009 88b5" x30
	check_eq "rows" "$(rows)" "02:00:00:00:00:01           60"
}

test_forced_rx_handler_is_refused_on_a_bridge_port() {
	ip link add br9 type bridge
	ip link set eth0 master br9
	if load hook=rx_handler 2>/dev/null; then fail "loaded"; fi
	case $(messages) in *"its RX handler is taken, it belongs to br9"*) ;; *) fail "$(messages)" ;; esac
}

test_unknown_hook_is_refused() {
	if load hook=fast 2>/dev/null; then fail "loaded"; fi
	case $(messages) in *'parameter hook: "fast" is none of auto, rx_handler, ingress'*) ;; *) fail "$(messages)" ;; esac
}

# Changes while both CPUs send as fast as they can: pktgen's count is the oracle.
test_no_frame_is_lost_or_doubled_by_changes() {
	local i n=$((500000 / scale))
	ip link add dummy9 type dummy
	ip link set dummy9 up
	ip link add br9 type bridge
	ip link set br9 up
	# A second port that stays on the ingress hook: the kernel's own switch for
	# that hook is then not rewritten under traffic, which QEMU 7.2 does not
	# always survive.
	ip link set eth0 down
	load interface=dummy9,eth0 reset_interval=0
	pktgen_thread 0 dummy9 $n 100
	pktgen_thread 1 dummy9 $n 100
	pktgen_run &
	for i in 1 2 3 4 5 6; do
		ip link set dummy9 master br9
		ip link set dummy9 nomaster
		ip link add link dummy9 name dummy9.5 type vlan id 5
		ip link del dummy9.5
		sleep 1.2
	done
	wait
	messages | grep -c 'counting by'
	[ "$(messages | grep -c 'counting by')" -ge 3 ] || fail "the way in did not change"
	check_eq "frames" "$(total)" $((2 * n))
	check_eq "rows" "$(rows)" "$(pktgen_expect 2 $n 100)"
}

# What came as far as tc's ingress, which stands right before ours: all of it is
# to be counted, once.
at_tc() {
	tc -s filter show dev eth0 ingress | awk '$1 == "Sent" { print $4; exit }'
}

# Bonds and teams take an interface that is down: so it is taken down and up, and
# what arrives meanwhile is dropped before anybody sees it.
joins_and_leaves_under_traffic() {
	local i sender frames
	# The kernel's own switch for the ingress hook stays where it is, see above.
	ip link add dummy9 type dummy
	load interface=eth0,dummy9 reset_interval=0
	tc qdisc add dev eth0 clsact
	tc filter add dev eth0 ingress matchall action ok
	ip link set "$1" up
	rm -f /tmp/stop
	until [ -e /tmp/stop ]; do replay cable - <<<"$untagged x2000" >/dev/null; done &
	sender=$!
	for i in 1 2 3; do
		ip link set eth0 down
		ip link set eth0 master "$1"
		ip link set eth0 up
		sleep 1.5
		ip link set eth0 nomaster
		ip link set eth0 up
		sleep 1.5
	done
	touch /tmp/stop
	wait $sender
	sleep 0.5
	frames=$(at_tc)
	[ "$frames" -gt $((5000 / scale)) ] || fail "only $frames frames arrived"
	[ "$(messages | grep -c 'eth0: counting by rx_handler')" -ge 2 ] || fail "it never settled: $(messages)"
	counted "$frames"
}

test_bond_slave_under_traffic() {
	ip link add bond9 type bond mode active-backup
	joins_and_leaves_under_traffic bond9
}

test_team_port_under_traffic() {
	ip link add team9 type team || skip "no team in this kernel"
	joins_and_leaves_under_traffic team9
}

# The same with frames of other ports in between on the same CPUs, one that stays
# at the RX handler and one at ingress: pktgen's next frame, for another port, has
# the memory of the one before.
test_no_frame_is_lost_when_another_port_changes() {
	local cpu dev changes=0 sender n=$((500000 / scale))
	for dev in dummy9 dummy8 dummy7; do
		ip link add $dev type dummy
		ip link set $dev up
	done
	load interface=dummy9,dummy8,dummy7 reset_interval=0
	l2pc set dummy8 hook ingress
	for cpu in 0 1; do
		for dev in dummy9 dummy8 dummy7; do pktgen_thread $cpu $dev $n 10; done
	done
	pktgen_run &
	sender=$!
	while kill -0 $sender 2>/dev/null; do
		l2pc set dummy9 hook ingress
		l2pc set dummy9 hook rx-handler
		changes=$((changes + 2))
	done
	wait $sender
	echo "$changes changes"
	[ $changes -ge 10 ] || fail "only $changes changes"
	check_eq "frames of the ports" "$(awk '/^Interface:/ { port = $2 } /^Total/ { print port, $3 }' $proc)" \
		"dummy9 $((2 * n))
dummy8 $((2 * n))
dummy7 $((2 * n))"
}
