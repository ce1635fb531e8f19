#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# Is the count right? What arrives at the user's interface nobody can know, so
# the exact cases send their own frames to a second, virtual one (see
# tests/lib/suite.sh) and compare with what was sent and with what the device
# says it has received.

# shellcheck disable=SC2317 # run_case calls the cases

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
# shellcheck source=tests/lib/suite.sh
. tests/lib/suite.sh || exit 2

# Both interfaces, windows that only the test closes.
start()
{
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0 || return
	BEFORE=$(received)
}

# The device itself has received that many since start.
device_received()
{
	local n=$(($(received) - BEFORE))

	[ "$n" -eq "$1" ] || fail "the device has received $n frames, $1 were sent"
}

case_both_shown()
{
	start || return
	read_proc "$TMP/read" && well_formed "$TMP/read" || return
	[ "$(grep '^Interface: ' "$TMP/read" | tr '\n' ' ')" = "Interface: $INTERFACE Interface: $PORT " ] ||
		fail "shown: $(grep '^Interface: ' "$TMP/read" | tr '\n' ' ')"
}

case_one_station()
{
	start || return
	send 02:00:00:00:00:01 500 && counted 500 && device_received 500 || return
	station_has 02:00:00:00:00:01 500 || return
	[ "$(stations_in "$TMP/read" "$PORT")" = 1 ] || fail "more than one station is shown"
}

case_several_stations()
{
	local station

	start || return
	for station in 1 2 3 4 5; do
		send "02:00:00:00:00:0$station" $((station * 37)) || return
	done
	counted 555 && device_received 555 || return
	for station in 1 2 3 4 5; do
		station_has "02:00:00:00:00:0$station" $((station * 37)) || return
	done
	[ "$(stations_in "$TMP/read" "$PORT")" = 5 ] || fail "not five stations are shown"
}

case_many_stations()
{
	local s station n=$MANY

	start || return
	send_from_many "$n" 3 && counted $((n * 3)) && device_received $((n * 3)) || return
	[ "$(stations_in "$TMP/read" "$PORT")" = "$n" ] ||
		fail "$(stations_in "$TMP/read" "$PORT") stations are shown, not $n" || return
	for s in 0 1 $((n / 2)) $((n - 2)) $((n - 1)); do
		printf -v station '02:5a:00:00:%02x:%02x' $((s / 256)) $((s % 256))
		station_has "$station" 3 || return
	done
}

case_multicast_and_broadcast()
{
	start || return
	send 02:00:00:00:00:01 20 01:00:5e:00:00:fb || return
	send 02:00:00:00:00:01 20 33:33:00:00:00:01 || return
	send 02:00:00:00:00:02 20 ff:ff:ff:ff:ff:ff || return
	# The last ones: when they are counted, the others would be too.
	send 02:00:00:00:00:03 20 && counted 20 && device_received 80 || return
	station_has 02:00:00:00:00:03 20 || return
	[ "$(stations_in "$TMP/read" "$PORT")" = 1 ] || fail "a station that sent no unicast frame is shown"
}

case_ping()
{
	local near station=02:00:00:00:00:0a

	if ! command -v ping >/dev/null 2>&1; then
		skip "ping is not installed"
		return
	fi
	start || return
	# This one is at home in a network for once.
	SEGMENT=
	near=$(cat "/sys/class/net/$PORT/address")
	# Answered or not (there may be a firewall), each request is one frame; with
	# the addresses given there is no ARP.
	ip address add "$NEAR_ADDRESS/30" dev "$PORT" &&
		ip neigh replace "$FAR_ADDRESS" dev "$PORT" lladdr "$station" nud permanent &&
		send "$station" 0 "$near" || fail "the segment could not be set up" || return
	far ping -q -c 10 -i 0.2 -W 1 "$NEAR_ADDRESS" >"$TMP/ping" 2>&1
	grep -q '^10 packets transmitted' "$TMP/ping" || fail "ping: $(tail -n 1 "$TMP/ping")" || return
	counted 10 && station_has "$station" 10
}

case_reset()
{
	start || return
	send 02:00:00:00:00:01 30 && counted 30 || return
	reset_window || return
	total_is 0 || fail "after reset the total is $(total_in "$TMP/read" "$PORT")" || return
	[ "$(stations_in "$TMP/read" "$PORT")" = 0 ] || fail "after reset stations are shown" || return
	send 02:00:00:00:00:02 12 && counted 12 && station_has 02:00:00:00:00:02 12
}

case_automatic_reset()
{
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=1 || return
	send 02:00:00:00:00:01 30 || return
	# Nobody but the interval empties the window.
	wait_until total_is 0 || fail "after $PATIENCE s the total is still $(total_in "$TMP/read" "$PORT")"
}

case_interval_at_run_time()
{
	local file=$SYS_MODULE/parameters/reset_interval

	start || return
	send 02:00:00:00:00:01 30 && counted 30 || return
	write 1 "$file" || fail "reset_interval cannot be set: $ERROR" || return
	wait_until total_is 0 || fail "reset_interval=1, but after $PATIENCE s the total is not 0" || return
	write 0 "$file" || fail "reset_interval cannot be set: $ERROR" || return
	send 02:00:00:00:00:01 30 && counted 30 || return
	# Three of the former intervals.
	sleep 3
	total_is 30 || fail "with reset_interval=0 the total went from 30 to $(total_in "$TMP/read" "$PORT")"
}

# Reads without end, one after the other into a file; gives up at the first one
# that is not well-formed or has fewer frames than the one before.
reader() # <file>
{
	local n last=0

	while read_proc "$1" && well_formed "$1"; do
		n=$(total_in "$1" "$PORT")
		[ "$n" -ge "$last" ] || fail "the total went from $last to $n"
		[ -z "$WHY" ] || break
		last=$n
		echo "$n" >>"$1.totals"
	done
	printf '%s\n' "$WHY" >"$1.why"
}

case_concurrent_readers()
{
	local i

	start || return
	rm -f "$TMP"/reader*
	for i in 1 2 3; do in_background reader "$TMP/reader$i"; done
	for i in 1 2 3 4; do
		send "02:00:00:00:00:0$i" 300 || return
	done
	counted 1200 && device_received 1200 || return
	for i in 1 2 3 4; do station_has "02:00:00:00:00:0$i" 300 || return; done
	for i in 1 2 3; do
		wait_until test -s "$TMP/reader$i.totals" || fail "reader $i never read anything" || return
		[ ! -e "$TMP/reader$i.why" ] || fail "reader $i: $(cat "$TMP/reader$i.why")" || return
	done
}

case_consistent_on_the_interface()
{
	local i

	load interface="$INTERFACE" reset_interval=0 || return
	# Whatever arrives there, the sums hold.
	for ((i = 0; i < 20; i++)); do
		read_proc "$TMP/read" && well_formed "$TMP/read" || return
	done
	[ -n "$(total_in "$TMP/read" "$INTERFACE")" ] || fail "$INTERFACE is not shown"
}

suite_begin traffic "Is each frame counted, once, under the right address?" "$@"
MANY=$(rounds 60 8)
run_case "both interfaces are shown, in order" case_both_shown
run_case "one station, 500 frames, exactly" case_one_station
run_case "five stations, each exactly" case_several_stations
run_case "$MANY stations, each exactly" case_many_stations
run_case "multicast and broadcast are left out" case_multicast_and_broadcast
run_case "ten pings are ten frames" case_ping
run_case "reset empties the window and counting goes on" case_reset
run_case "the window is reset by itself" case_automatic_reset
run_case "the interval can be changed and switched off" case_interval_at_run_time
run_case "three readers under traffic: every read adds up" case_concurrent_readers
run_case "the given interface is shown, every read adds up" case_consistent_on_the_interface
suite_end
