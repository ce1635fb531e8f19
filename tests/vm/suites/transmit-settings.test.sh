#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 90 s
# lab: --cpus 2 --mem 2048 --timeout 1800
# The setting tx: refused, turned on and off, with other settings, with interfaces that come
# and go, with resets.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/wire.sh
. /l2pc/tests/lib/guest/transmit.sh

test_refused() {
	! kernel_has 5.16 || skip "this kernel has the egress hook"
	messages_begin
	load interface=none
	expect_refused "sent frames cannot be counted: this kernel is older than 5.16" portnl add eth0 1
	portnl add eth0 0
	expect_refused "this kernel is older than 5.16" portnl set eth0 1
	expect_equal "the setting" "$(portnl tx eth0)" 0
	expect_refused "this kernel is older than 5.16" portctl add 'e*' tx 1
	expect_equal "patterns" "$(portctl patterns)" ''
	portctl add 'x*' tx 0
	unload
	expect_refused "Operation not supported" load interface='e*' tx=1
	expect_message "interface e*: sent frames cannot be counted: this kernel is older than 5.16"
	expect_refused "Operation not supported" load tx=1
	expect_message "interface eth0: sent frames cannot be counted: this kernel is older than 5.16"
}

# flood: both ways until /tmp/stop is there.
flood() {
	rm -f /tmp/stop
	until [ -e /tmp/stop ]; do frames_to cable 500 in_sender; done &
	until [ -e /tmp/stop ]; do in_sender ping -q -n -c 100 -i 0.001 192.0.2.1 >/dev/null; done &
}

flood_ends() {
	touch /tmp/stop
	wait
}

# Settings are all changed or none: the RX handler is the bridge's.
test_set_with_another_setting() {
	egress_there
	messages_begin
	ip link add br0 type bridge
	ip link set eth0 master br0
	load interface=eth0 reset_interval=0
	expect_refused "the RX handler is taken" portctl set eth0 tx 1 hook 1 reset_interval 7000
	expect_equal "tx" "$(portnl tx eth0)" 0
	frames_to eth0 5
	expect_equal "sent" "$(rows_sent eth0)" ''
	expect_equal "messages" "$(messages | grep -c 'sent frames are' || :)" 0
	portctl set eth0 tx 1 vlan 1 reset_interval 7000
	frames_to eth0 5
	expect_equal "sent" "$(rows_sent eth0)" "02:00:00:00:00:0b - 5 300"
	ip link set eth0 nomaster
	portctl set eth0 hook 1 tx 0
	expect_equal "tx" "$(portnl tx eth0)" 0
	frames_to cable 7 in_sender
	wait_quiet
	expect_equal "both" "$(portnl stations window eth0)" "02:00:00:00:00:03 - 7 420 0 0
02:00:00:00:00:0b - 0 0 5 300"
}

# The setting of a port whose device cannot be counted applies when it can be again.
test_set_while_not_counting() {
	egress_there
	ip tuntap add t0 mode tap
	load interface=none reset_interval=0
	portnl add t0 0
	linktype tap t0 65534 true
	portnl set t0 1
	expect_equal "set" "$(portnl tx t0)" 1
	portnl set t0 0
	portnl set t0 1
	linktype tap t0 1 bash -c '
		echo 1 >/proc/sys/net/ipv6/conf/t0/disable_ipv6
		ip link set t0 up
		until grep -q 1 /sys/class/net/t0/carrier; do sleep 0.1; done
		echo "02000000000b 020000000003 88b5 x40" | replay t0 -' >/dev/null
	expect_equal "an Ethernet device again" "$(rows_sent t0)" "02:00:00:00:00:0b - 40 2400"
	ip link set t0 down
	linktype tap t0 65534 true
	portnl set t0 0
	expect_equal "what was counted stays" "$(rows_sent t0)" "02:00:00:00:00:0b - 40 2400"
	unload
	ip tuntap del t0 mode tap
}

# Ports of a pattern count sent frames from their device's first one on.
test_pattern() {
	egress_there
	load interface=none reset_interval=0
	portctl add 'e?h*' tx 1
	right eth1 cable1
	frames_to eth1 5
	expect_equal "sent" "$(rows_sent eth1)" "02:00:00:00:00:0b - 5 300"
	expect_equal "the other" "$(portnl tx eth0)" 1
	ip link del eth1
	expect_equal "gone" "$(portnl tx eth1)" 1
	ip link add eth1 type dummy
	ip link set eth1 up addrgenmode none
	frames_to eth1 2
	expect_equal "back" "$(rows_sent eth1)" "02:00:00:00:00:0b - 7 420"
	portctl del 'e?h*'
	expect_refused "no such port" portnl tx eth1
	unload
	load interface='e?h*' tx=1 reset_interval=0
	frames_to eth1 3
	expect_equal "by parameter" "$(rows_sent eth1)" "02:00:00:00:00:0b - 3 180"
}

# max_stations is of stations: both directions of one are one.
test_bound() {
	local i
	egress_there
	load interface=eth0 tx=1 reset_interval=0 max_stations=100
	for ((i = 0; i < 100; i++)); do
		printf '0200000001%02x 020000000003 88b5 x2\n' $i
	done | replay eth0 - >/dev/null
	for ((i = 0; i < 100; i++)); do
		printf '02ffffffff01 0200000001%02x 88b5 x3\n' $i
	done | in_sender replay cable - >/dev/null
	wait_quiet
	expect_equal "all" "$(portnl totals window eth0 | awk '/packets|stations|untracked/')" "packets 300
stations 100
untracked 0
tx-packets 200
tx-untracked 0"
	for ((i = 0; i < 100; i++)); do
		printf '0200000002%02x 020000000003 88b5 x5\n' $i
	done | replay eth0 - >/dev/null
	expect_equal "more" "$(portnl totals window eth0 | awk '/packets|stations|untracked/')" "packets 300
stations 100
untracked 0
tx-packets 700
tx-untracked 500"
	expect_equal "rows" "$(portnl stations window eth0 | cut -d' ' -f3-6 | sort | uniq -c | awk '{ print $1, $2, $4 }')" "100 3 2"
}

test_turned_on_and_off() {
	local i
	count_sender 0
	flood
	for ((i = 0; i < 20; i++)); do
		in_sender portnl set cable $((i % 2))
		expect_equal "the setting" "$(in_sender portnl tx cable)" $((i % 2))
	done
	flood_ends
	in_sender bash -c "echo reset >$proc"
	frames_to cable 40 in_sender
	expect_equal "on" "$(rows_sent cable in_sender)" "02:00:00:00:00:0b - 40 2400"
	in_sender portnl set cable 0
	frames_to cable 40 in_sender
	expect_equal "off: what was counted stays" "$(rows_sent cable in_sender)" "02:00:00:00:00:0b - 40 2400"
}

# The interface is renamed, moves away, comes back, and is deleted, under traffic.
test_interface_goes() {
	count_sender 0
	flood
	ip -n sender link set cable down
	ip -n sender link set cable name other
	ip -n sender link set other up
	expect_equal "renamed" "$(in_sender portnl tx other)" 1
	ip -n sender link set other netns 1
	ip link set other netns sender
	ip -n sender link set other up
	ip -n sender link set other down
	ip -n sender link set other name cable
	ip -n sender link set cable up
	flood_ends
	in_sender bash -c "echo reset >$proc"
	frames_to cable 40 in_sender
	expect_equal "back" "$(rows_sent cable in_sender)" "02:00:00:00:00:0b - 40 2400"
	ip link del eth0
	expect_equal "gone" "$(in_sender portnl tx cable)" 1
	ip -n sender link add cable type dummy
	ip -n sender link set cable up addrgenmode none
	frames_to cable 2 in_sender
	expect_equal "another" "$(rows_sent cable in_sender)" "02:00:00:00:00:0b - 42 2520"
	unload
}

# Lifetime is the closed windows and the open one, in both directions.
test_resets() {
	local i received=0 sent=0 was now
	count_sender 0
	was=$(tx_packets cable in_sender)
	flood
	for ((i = 0; i < ${L2PC_RESETS:-100}; i++)); do
		in_sender bash -c "echo reset >$proc"
		received=$((received + $(total_of packets previous cable in_sender)))
		sent=$((sent + $(total_of tx-packets previous cable in_sender)))
	done
	flood_ends
	wait_quiet
	now=$(tx_packets cable in_sender)
	expect_equal "sent" "$(total_of tx-packets lifetime cable in_sender)" \
		$((sent + $(total_of tx-packets window cable in_sender)))
	expect_equal "received" "$(total_of packets lifetime cable in_sender)" \
		$((received + $(total_of packets window cable in_sender)))
	expect_equal "frames that the interface sent" "$(total_of tx-packets lifetime cable in_sender)" $((now - was))
	expect_number "frames sent" $sent -gt 1000
	expect_number "frames received" $received -gt 100
}
