#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 90 s
# lab: --cpus 2 --mem 2048 --timeout 1500
# The netlink family, through l2pc: what is asked, what is changed, what is told
# without being asked, and who may.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

trace=/sys/kernel/tracing

setup() {
	veth_pair eth0 cable
	ip link add eth1 type dummy
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

# frames MAC N [VLAN]: over the cable to eth0.
frames() { echo "02ffffffff01 $1 ${3:+8100 $3 }88b5 x$2" | replay cable - >/dev/null; }

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
as_nobody() { "${nobody[@]}" "$@"; }

ports() { l2pc -j port | sed 's/[{,]/\n/g' | sed -n 's/^"ifname":"\(.*\)"$/\1/p' | tr '\n' ' '; }

# --- ports ----------------------------------------------------------------------

test_ports_are_added_set_and_deleted() {
	ip link set eth1 up
	l2pc add eth1 vlan on reset_interval 7 max_stations 100 station_timeout 9 hook rx_handler
	expect_equal "ports" "$(ports)" "eth0 eth1 "
	expect_equal "settings" "$(for key in hook state hook_wanted vlan reset_interval max_stations station_timeout; do
		port_value $key eth1; done | tr '\n' ' ')" "rx_handler counting rx_handler 1 7 100 9 "
	expect_line $proc '^Interface: eth1$'
	l2pc set eth1 hook tap reset_interval 0
	expect_equal "settings" "$(for key in hook state hook_wanted vlan reset_interval max_stations device_type; do
		port_value $key eth1; done | tr '\n' ' ')" "tap counting tap 1 0 100 1 "
	l2pc del eth1
	expect_equal "ports" "$(ports)" "eth0 "
	expect_no_line $proc '^Interface: eth1$'
	# Nothing of it is left on the device.
	ip link add br9 type bridge
	ip link set eth1 master br9
	expect_equal "eth0's settings" "$(port_value reset_interval eth0) $(port_value vlan eth0)" "0 0"
}

window_is_after() { [ "$(totals_of window window_id "$2")" -gt "$1" ]; }

# The settings of one port are not another's.
# An interface gets the name of another that has gone: who has the device is meant.
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

test_settings_are_a_ports_own() {
	l2pc add eth1 reset_interval 1
	frames 020000000001 5
	wait_for "a window of eth1" window_is_after 1 eth1
	expect_equal "eth0's window" "$(totals_of window window_id eth0) $(totals_of window packets eth0)" "1 5"
	# The parameter is for all ports, until one is told otherwise again.
	echo 3 >/sys/module/l2packet_counter/parameters/reset_interval
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
	expect_refused "the RX handler is taken" l2pc add eth1 hook rx_handler
	expect_refused "unknown port nope0" l2pc del nope0
	expect_refused "unknown port nope0" l2pc set nope0 vlan on
	expect_refused "unknown port nope0" l2pc show nope0
	expect_refused "unknown port nope0" l2pc port nope0
	expect_refused "unknown port nope0" l2pc reset nope0
	frames 020000000001 5
	l2pc add eth1
	expect_refused "the RX handler is taken" l2pc set eth1 hook rx_handler vlan on
	expect_equal "nothing was half done" "$(port_value hook eth1) $(port_value vlan eth1)" "tap 0"
	expect_equal "ports" "$(ports)" "eth0 eth1 "
	expect_equal "counts" "$(stations window eth0)" "02:00:00:00:00:01 - 5 300"
}

# A hook set while the port counts is off and on again: frames before and after it
# are counted.
test_hook_is_set_while_counting() {
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
	expect_equal "there" "$(port_value hook eth0) $(port_value state eth0) $(port_value device_type eth0)" "tap counting 1"
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
	pktgen_thread 0 eth1 30000 10000
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
	expect_event /tmp/events "eth1: port-add, counted by tap"
	frames 020000000001 5
	expect_event /tmp/events "eth0: station-new 02:00:00:00:00:01"
	frames 020000000001 5
	frames 020000000002 5
	expect_event /tmp/events "eth0: station-new 02:00:00:00:00:02"
	expect_equal "told once" "$(grep -c 'eth0: station-new 02:00:00:00:00:01' /tmp/events)" 1
	l2pc reset eth0 >/dev/null
	expect_event /tmp/events "eth0: window-close 1: 15 packets, 900 bytes, 2 stations"
	frames 020000000001 5
	l2pc set eth0 hook rx_handler vlan on
	expect_event /tmp/events "eth0: port-set, counted by rx_handler"
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
	wait_for "the end of the listener" grep -q "the module was unloaded" /tmp/events.err
}

# Those seen while nobody listened are not news to who begins.
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
	# Looking takes time as well: who talked may be forgotten by now.
	if ! grep -q "station-expire 02:00:00:00:00:02" /tmp/events; then
		expect_equal "who talks is kept" "$(station_lines </tmp/lifetime)" "02:00:00:00:00:02 - $((7 + more)) $((60 * (7 + more)))"
	fi
	expect_equal "all frames" "$(totals_of lifetime packets eth0)" $((5 + 7 + more))
	expect_equal "untracked are those forgotten" "$(grep -o '"untracked_packets":[0-9]*' /tmp/lifetime | cut -d: -f2)" \
		"$(grep -o '"forgotten_packets":[0-9]*' /tmp/lifetime | cut -d: -f2)"
	frames 020000000001 1
	(wait_for "news of the one forgotten" news_of_the_forgotten) || { cat /tmp/events && return 1; }
}

# The events of each station: it comes, it goes, it comes again.
each_in_turn() {
	grep -o 'station-[newxpir]* [0-9a-f:]*' /tmp/events | awk '
		{ n[$2]++; want = n[$2] % 2 ? "station-new" : "station-expire" }
		$1 != want { print "event " n[$2] " of " $2 " is " $1; bad = 1; exit }
		END {
			if (bad) exit 1
			for (mac in n) if (n[mac] % 2) { print mac " has not gone"; exit 1 }
		}'
}

# Looks, resets and passes over the idle ones run at once, and each has something to tell.
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
	# A table that fills faster than the worker wakes up is replaced without it, and
	# so without this event.
	echo 0 >$trace/events/l2packet_counter/l2pc_station_new/enable
	for stations in 4000 8000 16000 32000 60000; do
		! grep -q "l2pc_grow: eth1" $trace/trace || break
		pktgen_clear
		pktgen_thread 0 eth1 $stations $stations
		pktgen_run
		sleep 0.5
	done
	# Known from the window before, and heard in this one: both are told together.
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

# --- who may ----------------------------------------------------------------------

test_reading_is_open_to_all() {
	frames 020000000001 5
	expect_match "what nobody reads" "$(as_nobody l2pc -j show eth0)" '"packets":5'
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc reset eth0
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc add eth1
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc set eth0 vlan on
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc del eth0
	expect_equal "nothing changed" "$(ports)$(stations window eth0)" "eth0 02:00:00:00:00:01 - 5 300"
}

# Root of a namespace rules its own ports, and cannot take all memory with them.
test_ports_of_a_user_namespace() {
	# shellcheck disable=SC2016 # the inner shell's
	expect_status 0 as_nobody unshare -Urn bash -e -c '
		ip link add d0 type dummy
		ip link set d0 up
		l2pc add d0 max_stations 1000
		l2pc -j port >/tmp/inside
		l2pc reset d0
		! l2pc add d0 max_stations 65537
		! l2pc reset eth0
		! l2pc set d0 max_stations 65537
		[ -z "$(l2pc -j show eth0 2>/dev/null)" ]
	'
	expect_equal "its own ports only" "$(grep -o '"ifname":"[a-z0-9]*"' /tmp/inside)" '"ifname":"d0"'
	rm /tmp/inside
	expect_equal "ports here" "$(ports)" "eth0 "
	expect_equal "window here" "$(totals_of window window_id eth0)" 1
}

test_ports_are_bounded_in_a_namespace() {
	local i
	for ((i = 0; i < 70; i++)); do echo "link add d$i type dummy"; done | ip -batch -
	for ((i = 0; i < 63; i++)); do l2pc add d$i; done
	expect_refused "64" l2pc add d63
	l2pc del d0
	l2pc add d63
	for ((i = 0; i < 70; i++)); do echo "link del d$i"; done | ip -batch -
}

# --- unfinished dumps ---------------------------------------------------------------

# hold N [USER-COMMAND]: so many dumps of all stations, begun and not read on.
hold() {
	mkfifo /tmp/hold
	"${@:2}" halfdump "$1" rest </tmp/hold >/tmp/held 2>&1 &
	echo $! >/tmp/listener
	exec 6>/tmp/hold
	rm /tmp/hold
	wait_for "the dumps" grep -q began /tmp/held
}

let_go() {
	exec 6>&-
	wait "$(cat /tmp/listener)" || true
	rm /tmp/listener
}

# 50,000 stations are some MiB a snapshot; 64 MiB may be held in all.
test_unprivileged_dumps_take_bounded_memory() {
	local before taken after
	ip link set eth1 up
	l2pc add eth1
	# A dump says first what comes before an error, and the error is not read.
	l2pc del eth0
	pktgen_thread 0 eth1 50000 50000
	pktgen_run
	stations window eth1 | wc -l
	before=$(memory)
	hold 60 as_nobody
	taken=$(($(memory) - before))
	echo "$(cat /tmp/held), $taken kB"
	expect_line /tmp/held 'refused [1-9].*Resource temporarily unavailable'
	expect_number "dumps that began" "$(sed 's/began \([0-9]*\).*/\1/' /tmp/held)" -ge 5
	expect_number "kB held" $taken -le $((90 * 1024))
	# A privileged reader is served nevertheless.
	expect_equal "root's dump" "$(stations window eth1 | wc -l)" 50000
	expect_refused "unfinished dumps" as_nobody l2pc show eth1
	let_go
	expect_equal "afterwards" "$(as_nobody l2pc -j show eth1 | station_lines | wc -l)" 50000
	after=$(($(memory) - before))
	expect_number "kB not given back" $after -le 4096
}

# inside COMMAND...: as root of the user namespace whose only process /tmp/container names.
inside() { as_nobody nsenter --target "$(cat /tmp/container)" --user --net --preserve-credentials "$@"; }

is_contained() { [ "$(cat "/proc/$(cat /tmp/container)/comm")" = sleep ]; }

# How many of 70 files that are read a byte of are read.
# shellcheck disable=SC2016 # a program of its own
hoard=(bash -c 'for i in {1..70}; do
	exec {fd}</proc/l2packet_counter
	! read -r -n 1 -u "$fd" 2>/dev/null || got=$((got + 1))
done; echo "$got"')

test_unprivileged_files_are_bounded() {
	expect_equal "of root" "$("${hoard[@]}")" 70
	expect_equal "of anybody" "$(as_nobody "${hoard[@]}")" 64
	expect_equal "afterwards" "$(as_nobody "${hoard[@]}")" 64
}

# Root of a user namespace may change its ports, but holds no more memory than anybody.
test_readers_of_a_user_namespace_take_bounded_memory() {
	"${nobody[@]}" unshare --user --map-root-user --net sleep infinity &
	echo $! >/tmp/container
	wait_for "the namespaces" is_contained
	ip link set eth0 netns "$(cat /tmp/container)"
	inside ip link set eth0 up
	inside l2pc add eth0 max_stations 20000
	awk 'BEGIN { for (i = 0; i < 20000; i++) printf "02ffffffff01 02%010x 88b5\n", i }' | replay cable - >/dev/null
	hold 100 inside
	cat /tmp/held
	expect_line /tmp/held 'refused [1-9].*Resource temporarily unavailable'
	let_go
	expect_equal "afterwards" "$(inside l2pc -j show eth0 | station_lines | wc -l)" 20000
	expect_equal "files" "$(inside "${hoard[@]}")" 64
}

# A dump says that ports came or went meanwhile; those of other namespaces are nobody's
# business here.
test_dumps_are_interrupted() {
	ip link set eth1 up
	l2pc add eth1
	pktgen_thread 0 eth1 20000 20000
	pktgen_run
	ip netns add other
	ip -n other link add d0 type dummy
	hold 1
	ip netns exec other l2pc add d0
	let_go
	expect_equal "another's port" "$(sed 's/.*, //' /tmp/held | tail -n 1)" "not interrupted"
	hold 1
	l2pc del eth0
	let_go
	expect_equal "a port of ours" "$(sed 's/.*, //' /tmp/held | tail -n 1)" "interrupted"
}

# gone STEP...: under traffic and with a dump half-read, all of it in this order.
# Of lifetime: on a slow machine no window of a second has so many.
thousand_stations() { [ "$(totals_of lifetime stations eth1)" -gt 1000 ]; }

gone() {
	local step
	ip netns add other
	ip -n other link add eth0 type dummy
	ip -n other link set eth0 up
	unload
	ip link set eth1 up
	load interface=eth1,eth0 reset_interval=1
	ip netns exec other l2pc add eth0
	pktgen_thread 0 eth1 0 20000
	pktgen_thread 1 eth1 0 20000
	pktgen_run &
	wait_for "stations" thousand_stations
	hold 3
	ip netns exec other halfdump 2 <&6 >/dev/null &
	for step; do
		case $step in
		interface) ip link del eth1 ;;
		namespace) ip netns del other ;;
		port) l2pc del eth1 ;;
		dump) let_go ;;
		module)
			# A half-read dump is in the module.
			if [ -e /tmp/listener ]; then
				expect_refused "in use" unload
			else
				wait_for "the module to be free" unload
			fi
			;;
		esac
	done
	pktgen_clear
	wait
	unload_if_loaded
}

test_gone_interface_namespace_dump_module() { gone interface namespace dump module; }
test_gone_module_dump_module_interface_namespace() { gone module dump module interface namespace; }
test_gone_port_interface_dump_namespace() { gone port interface dump namespace; }
test_gone_namespace_interface_module_dump() { gone namespace interface module dump module; }
