#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 40 s
# lab: --cpus 2 --mem 2048 --timeout 1500
# The netlink family, through l2pc: ports, views, resets, events, tracepoints.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/family.sh

trace=/sys/kernel/tracing

# --- ports ----------------------------------------------------------------------

test_ports_are_added_set_and_deleted() {
	ip link set eth1 up
	l2pc add eth1 vlan on reset_interval 7 max_stations 100 station_timeout 9 hook $other_hook
	expect_equal "ports" "$(ports)" "eth0 eth1 "
	expect_equal "settings" "$(for key in hook state hook_wanted vlan reset_interval max_stations station_timeout; do
		port_value $key eth1; done | tr '\n' ' ')" "$(counted_by $other_hook) counting $other_hook 1 7 100 9 "
	counts >/tmp/counts
	expect_line /tmp/counts '^Interface: eth1$'
	l2pc set eth1 hook tap reset_interval 0
	expect_equal "settings" "$(for key in hook state hook_wanted vlan reset_interval max_stations device_type; do
		port_value $key eth1; done | tr '\n' ' ')" "$(counted_by tap) counting tap 1 0 100 1 "
	l2pc del eth1
	expect_equal "ports" "$(ports)" "eth0 "
	counts >/tmp/counts
	expect_no_line /tmp/counts '^Interface: eth1$'
	# Nothing of it is left on the device.
	ip link add br9 type bridge
	ip link set eth1 master br9
	expect_equal "eth0's settings" "$(port_value reset_interval eth0) $(port_value vlan eth0)" "0 0"
}

window_is_after() { [ "$(totals_of window window_id "$2")" -gt "$1" ]; }

# An interface gets the name of a removed one: requests apply to the port with a device.
test_two_ports_of_one_name() {
	frames 020000000001 5
	l2pc add eth1
	ip link del eth0
	ip link set eth1 name eth0
	expect_equal "ports" "$(ports)" "eth0 eth0 "
	l2pc del eth0
	expect_equal "ports" "$(ports)" "eth0 "
	expect_equal "frames of the one that has gone" "$(totals_of lifetime packets eth0)" 5
}

# A setting of one port does not change another port.
test_settings_are_a_ports_own() {
	l2pc add eth1 reset_interval 1
	frames 020000000001 5
	wait_for "a window of eth1" window_is_after 1 eth1
	expect_equal "eth0's window" "$(totals_of window window_id eth0) $(totals_of window packets eth0)" "1 5"
	# The parameter sets all ports, until a port is set again.
	set_parameter reset_interval 3
	expect_equal "a parameter written" "$(port_value reset_interval eth0) $(port_value reset_interval eth1)" "3 3"
	l2pc set eth1 reset_interval 0
	expect_equal "one port" "$(port_value reset_interval eth0) $(port_value reset_interval eth1)" "3 0"
}

test_bad_requests() {
	expect_refused "eth0: it is counted already" l2pc add eth0
	expect_refused "unknown interface nope0" l2pc add nope0
	expect_refused "lo: a loopback device" l2pc add lo
	ip link add br9 type bridge
	ip link set eth1 master br9
	engine_is bpf || expect_refused "the RX handler is taken" l2pc add eth1 hook rx_handler
	expect_refused "unknown port nope0" l2pc del nope0
	expect_refused "unknown port nope0" l2pc set nope0 vlan on
	expect_refused "unknown port nope0" l2pc show nope0
	expect_refused "unknown port nope0" l2pc port nope0
	expect_refused "unknown port nope0" l2pc reset nope0
	frames 020000000001 5
	l2pc add eth1
	engine_is bpf || expect_refused "the RX handler is taken" l2pc set eth1 hook rx_handler vlan on
	expect_equal "nothing was half done" "$(port_value hook eth1) $(port_value vlan eth1)" "$(counted_by tap) 0"
	expect_equal "ports" "$(ports)" "eth0 eth1 "
	expect_equal "counts" "$(stations window eth0)" "02:00:00:00:00:01 - 5 300"
}

# Setting the hook of a counting port removes and registers it: frames before and after
# are counted.
test_hook_is_set_while_counting() {
	module_only "l2pc run has one hook, tcx"
	local hook sent=0
	for hook in rx_handler tap rx_handler tap; do
		frames 020000000001 5
		sent=$((sent + 5))
		l2pc set eth0 hook $hook
		expect_equal "hook" "$(port_value hook eth0) $(port_value hook_wanted eth0)" "$hook $hook"
	done
	frames 020000000001 5
	expect_equal "frames" "$(totals_of lifetime packets eth0)" $((sent + 5))
	# Nothing of either is left on the device.
	l2pc del eth0
	ip link add br9 type bridge
	ip link set eth0 master br9
}

test_state_of_a_port() {
	expect_equal "there" "$(port_value hook eth0) $(port_value state eth0) $(port_value device_type eth0)" "$(counted_by tap) counting 1"
	ip link del eth0
	expect_equal "gone" "$(port_value hook eth0) $(port_value state eth0) $(port_value device_type eth0)" "none no-device "
}

# --- views ------------------------------------------------------------------------

test_a_reset_returns_the_window_it_closed() {
	frames 020000000001 5
	frames 020000000002 7
	echo "01005e000001 020000000001 88b5 x3
ffffffffffff 020000000001 88b5 x4
02ffffffff01 010000000001 88b5 x2" | replay cable - >/dev/null
	l2pc -j reset eth0 >/tmp/closed
	frames 020000000002 1
	for said in '"window_id":1' '"packets":12' '"bytes":720' '"stations":2' '"skipped_multicast":3' \
		'"skipped_broadcast":4' '"skipped_invalid":2' '"untracked_packets":0'; do
		expect_line /tmp/closed "${said}[,}]"
	done
	expect_equal "previous" "$(stations previous eth0)" "02:00:00:00:00:01 - 5 300
02:00:00:00:00:02 - 7 420"
	expect_equal "window" "$(stations window eth0)" "02:00:00:00:00:02 - 1 60"
	expect_equal "lifetime" "$(stations lifetime eth0)" "02:00:00:00:00:01 - 5 300
02:00:00:00:00:02 - 8 480"
	expect_equal "skipped over all" "$(totals_of lifetime skipped_multicast eth0) $(totals_of lifetime skipped_broadcast eth0) \
$(totals_of lifetime skipped_invalid eth0)" "3 4 2"
	for view in window previous lifetime; do
		expect_equal "sum of $view" "$(totals_of $view packets eth0)" "$(stations $view eth0 | awk '{ sum += $3 } END { print sum }')"
	done
}

test_a_reset_of_all_ports() {
	l2pc add eth1
	frames 020000000001 5
	l2pc -j reset | grep -o '"ifname":"[a-z0-9]*"\|"window_id":[0-9]*\|"packets":[0-9]*' | tr '\n' ' ' >/tmp/closed
	expect_equal "closed" "$(cat /tmp/closed)" \
		'"ifname":"eth0" "window_id":1 "packets":5 "ifname":"eth1" "window_id":1 "packets":0 '
	expect_equal "windows" "$(totals_of window window_id eth0) $(totals_of window window_id eth1)" "2 2"
}

test_stations_apart_by_vlan() {
	l2pc set eth0 vlan on
	frames 020000000001 5
	frames 020000000001 6 0005
	frames 020000000001 7 0fff
	expect_equal "stations" "$(stations window eth0)" "02:00:00:00:00:01 - 5 300
02:00:00:00:00:01 4095 7 420
02:00:00:00:00:01 5 6 360"
}

test_many_stations_in_many_messages() {
	ip link set eth1 up
	l2pc add eth1
	pktgen_thread 0 eth1 30000 10000 "${new_stations[@]}"
	pktgen_run
	expect_equal "stations" "$(stations window eth1 | awk '{ print $1, $3 }')" "$(pktgen_expect 1 30000 10000 | awk '{ print $1, $2 }')"
}

# --- events -----------------------------------------------------------------------

listen_here() {
	listen /tmp/events
	echo "$listener" >/tmp/listener
}

test_events() {
	listen_here
	ip link set eth1 up
	l2pc add eth1 max_stations 3
	expect_event /tmp/events "eth1: port-add, counted by $(counted_by tap)"
	frames 020000000001 5
	expect_event /tmp/events "eth0: station-new 02:00:00:00:00:01"
	frames 020000000001 5
	frames 020000000002 5
	expect_event /tmp/events "eth0: station-new 02:00:00:00:00:02"
	expect_equal "told once" "$(grep -c 'eth0: station-new 02:00:00:00:00:01' /tmp/events)" 1
	l2pc reset eth0 >/dev/null
	expect_event /tmp/events "eth0: window-close 1: 15 packets, 900 bytes, 2 stations"
	frames 020000000001 5
	l2pc set eth0 hook $other_hook vlan on
	expect_event /tmp/events "eth0: port-set, counted by $(counted_by $other_hook)"
	pktgen_thread 0 eth1 100 10
	pktgen_run
	expect_event /tmp/events "eth1: untracked"
	l2pc del eth1
	expect_event /tmp/events "eth1: port-del"
	ip link del eth0
	expect_event /tmp/events "eth0: port-detach"
	ip link add eth0 type dummy
	expect_event /tmp/events "eth0: port-attach"
	cat /tmp/events
	expect_equal "known stations are not new" "$(grep -c 'eth0: station-new 02:00:00:00:00:01' /tmp/events)" 1
	unload
	wait_for "the end of the listener" grep -q "the module was unloaded\|l2pc run has ended" /tmp/events.err
}

# Stations seen without a listener are not reported to a later listener.
test_what_was_before_is_not_news() {
	frames 020000000001 5
	sleep 1
	listen_here
	frames 020000000001 5
	frames 020000000002 5
	expect_event /tmp/events "station-new 02:00:00:00:00:02"
	expect_no_line /tmp/events 02:00:00:00:00:01
}

news_of_the_forgotten() { [ "$(grep -c 'station-new 02:00:00:00:00:01' /tmp/events)" = 2 ]; }

test_idle_stations_are_forgotten() {
	local more
	listen_here
	: >/tmp/more
	l2pc set eth0 station_timeout 2
	frames 020000000001 5
	frames 020000000002 7
	expect_event /tmp/events "station-new 02:00:00:00:00:02"
	until grep -q "station-expire 02:00:00:00:00:01" /tmp/events; do
		frames 020000000002 1
		echo 1 >>/tmp/more
	done
	expect_equal "expired" "$(grep -o 'station-expire 02:00:00:00:00:01.*' /tmp/events)" \
		"station-expire 02:00:00:00:00:01 (local), 5 packets, 300 bytes"
	l2pc -j show --lifetime eth0 >/tmp/lifetime
	more=$(wc -l </tmp/more)
	rm /tmp/more
	# The request takes time: the active station may have expired by now.
	if ! grep -q "station-expire 02:00:00:00:00:02" /tmp/events; then
		expect_equal "who talks is kept" "$(station_lines </tmp/lifetime)" "02:00:00:00:00:02 - $((7 + more)) $((60 * (7 + more)))"
	fi
	expect_equal "all frames" "$(totals_of lifetime packets eth0)" $((5 + 7 + more))
	expect_equal "untracked are those forgotten" "$(grep -o '"untracked_packets":[0-9]*' /tmp/lifetime | cut -d: -f2)" \
		"$(grep -o '"forgotten_packets":[0-9]*' /tmp/lifetime | cut -d: -f2)"
	frames 020000000001 1
	(wait_for "news of the one forgotten" news_of_the_forgotten) || { cat /tmp/events && return 1; }
}

# Check the events of each station: new, expired, new again.
each_in_turn() {
	grep -o 'station-[newxpir]* [0-9a-f:]*' /tmp/events | awk '
		{ n[$2]++; want = n[$2] % 2 ? "station-new" : "station-expire" }
		$1 != want { print "event " n[$2] " of " $2 " is " $1; bad = 1; exit }
		END {
			if (bad) exit 1
			for (mac in n) if (n[mac] % 2) { print mac " has not gone"; exit 1 }
		}'
}

# Scans, resets and expiry run concurrently, and each has events to send.
test_stations_come_before_they_go() {
	local round
	listen_here
	l2pc set eth0 station_timeout 1
	for round in 1 2 3 4 5 6 7 8; do
		awk 'BEGIN { for (i = 1; i <= 40; i++) printf "02ffffffff01 0200000001%02x 88b5\n", i }' | replay cable - >/dev/null
		[ $((round % 3)) != 0 ] || l2pc reset eth0 >/dev/null
		sleep "1.$round"
	done
	expect_event /tmp/events "station-expire 02:00:00:00:01:28"
	wait_for "all to go" each_in_turn
	round=$(grep -c 'station-new 02:00:00:00:01:28' /tmp/events)
	expect_number "times that it came" "$round" -ge 2
}

test_tracepoints() {
	module_only "tracepoints are the kernel module's"
	local event stations
	[ -d $trace/events ] || skip "no tracing in this kernel"
	echo 1 >$trace/events/l2packet_counter/enable
	listen_here
	frames 020000000001 5
	expect_event /tmp/events "station-new"
	l2pc reset eth0 >/dev/null
	l2pc set eth0 hook rx_handler
	ip link set eth1 up
	l2pc add eth1
	pktgen_thread 0 eth1 2000 2000
	pktgen_run
	expect_event /tmp/events "eth1: station-new 02:00:00:00:07:cf"
	# A table that fills before the worker runs is replaced without the worker, and
	# without this event.
	echo 0 >$trace/events/l2packet_counter/l2pc_station_new/enable
	for stations in 4000 8000 16000 32000 60000; do
		! grep -q "l2pc_grow: eth1" $trace/trace || break
		pktgen_clear
		pktgen_thread 0 eth1 $stations $stations
		pktgen_run
		sleep 0.5
	done
	# The station was in the previous window, and is in this one: the event has both counts.
	frames 020000000001 1
	l2pc set eth0 station_timeout 1
	expect_event /tmp/events "eth0: station-expire 02:00:00:00:00:01"
	echo 0 >$trace/events/l2packet_counter/enable
	cp $trace/trace /tmp/trace
	for event in "l2pc_station_new: eth0 02:00:00:00:00:01 vlan=" "l2pc_window_close: eth0 window=1 packets=5 bytes=300 stations=1" \
		"l2pc_port: eth0 set ifindex=[0-9]* hook=rx_handler" "l2pc_port: eth1 add" "l2pc_grow: eth1" \
		"l2pc_station_expire: eth0 02:00:00:00:00:01 vlan=0 packets=6 bytes=360"; do
		expect_line /tmp/trace "$event"
	done
}
