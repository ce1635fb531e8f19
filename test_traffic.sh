#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# The traffic tests: are the counts exact? The traffic of the user's interface is not known,
# so the exact cases send their own frames to a second, virtual interface (see
# tests/lib/guest/segment.sh), and compare the counts with the frames sent and with the
# device's own counter.

# shellcheck disable=SC2317 # run_case calls the cases

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
# shellcheck source=tests/lib/guest/script.sh
. tests/lib/guest/script.sh || exit 2

# Load the module for both interfaces, with windows that only the test closes.
start()
{
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0
	BEFORE=$(received)
}

# expect_received <n>: fail unless the device itself has received n frames since start.
expect_received() { expect_equal "frames that the device has received" $(($(received) - BEFORE)) "$1"; }

case_both_shown()
{
	start
	read_proc "$TMP/read" && expect_well_formed "$TMP/read"
	expect_equal "interfaces" "$(grep '^Interface: ' "$TMP/read" | tr '\n' ' ')" \
		"Interface: $INTERFACE Interface: $PORT "
}

case_one_station()
{
	start
	send 02:00:00:00:00:01 500 && expect_total 500 && expect_received 500
	expect_station 02:00:00:00:00:01 500
	expect_stations 1
}

case_several_stations()
{
	local station

	start
	for station in 1 2 3 4 5; do
		send "02:00:00:00:00:0$station" $((station * 37))
	done
	expect_total 555 && expect_received 555
	for station in 1 2 3 4 5; do
		expect_station "02:00:00:00:00:0$station" $((station * 37))
	done
	expect_stations 5
}

case_many_stations()
{
	local s station n=$MANY

	start
	send_from_many "$n" 3 && expect_total $((n * 3)) && expect_received $((n * 3))
	expect_stations "$n"
	for s in 0 1 $((n / 2)) $((n - 2)) $((n - 1)); do
		printf -v station '02:5a:00:00:%02x:%02x' $((s / 256)) $((s % 256))
		expect_station "$station" 3
	done
}

case_multicast_and_broadcast()
{
	start
	send 02:00:00:00:00:01 20 01:00:5e:00:00:fb
	send 02:00:00:00:00:01 20 33:33:00:00:00:01
	send 02:00:00:00:00:02 20 ff:ff:ff:ff:ff:ff
	# The last frames: when they are counted, all earlier ones are counted as well.
	send 02:00:00:00:00:03 20 && expect_total 20 && expect_received 80
	expect_station 02:00:00:00:00:03 20
	# Stations that have sent no unicast frame are not listed.
	expect_stations 1
}

case_ping()
{
	local near station=02:00:00:00:00:0a

	command -v ping >/dev/null 2>&1 || skip "ping is not installed"
	start
	# In this case the device has an IP address.
	segment_spoil
	near=$(cat "/sys/class/net/$PORT/address")
	# Each request is one frame, whether it is answered or not (there may be a firewall).
	# The given addresses make ARP unnecessary.
	ip address add "$NEAR_ADDRESS/30" dev "$PORT" &&
		ip neigh replace "$FAR_ADDRESS" dev "$PORT" lladdr "$station" nud permanent &&
		send "$station" 0 "$near"
	far ping -q -c 10 -i 0.2 -W 1 "$NEAR_ADDRESS" >"$TMP/ping" 2>&1 || :
	expect_line "$TMP/ping" '^10 packets transmitted'
	expect_total 10 && expect_station "$station" 10
}

case_reset()
{
	start
	send 02:00:00:00:00:01 30 && expect_total 30
	reset_window
	expect_total_now 0
	expect_stations 0
	send 02:00:00:00:00:02 12 && expect_total 12 && expect_station 02:00:00:00:00:02 12
}

case_automatic_reset()
{
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=1
	send 02:00:00:00:00:01 30
	# Only the interval closes the window.
	expect_total 0
}

case_interval_at_run_time()
{
	local file=$SYS_MODULE/parameters/reset_interval

	start
	send 02:00:00:00:00:01 30 && expect_total 30
	write 1 "$file" || fail "writing 1 to reset_interval" success "$ERROR"
	expect_total 0
	write 0 "$file" || fail "writing 0 to reset_interval" success "$ERROR"
	send 02:00:00:00:00:01 30 && expect_total 30
	# Wait for three of the former intervals.
	sleep 3
	expect_total_now 30
}

# Read in a loop, always into the same file. Fail at the first reading that is not
# well-formed, or has fewer frames than the one before.
reader() # <file>
{
	local n last=0

	while :; do
		read_proc "$1"
		expect_well_formed "$1"
		n=$(total_in "$1" "$PORT")
		expect_number "the total, compared with the previous one" "$n" -ge "$last"
		last=$n
		echo "$n" >>"$1.totals"
	done
}

case_concurrent_readers()
{
	local i

	start
	rm -f "$TMP"/reader*
	for i in 1 2 3; do in_background reader "$TMP/reader$i"; done
	for i in 1 2 3 4; do
		send "02:00:00:00:00:0$i" 300
	done
	expect_total 1200 && expect_received 1200
	for i in 1 2 3 4; do expect_station "02:00:00:00:00:0$i" 300; done
	for i in 1 2 3; do
		wait_until test -s "$TMP/reader$i.totals" || fail "reads of reader $i" "at least one" none
	done
}

case_consistent_on_the_interface()
{
	local i

	load interface="$INTERFACE" reset_interval=0
	# The sums hold for any traffic on the user's interface.
	for ((i = 0; i < 20; i++)); do
		read_proc "$TMP/read" && expect_well_formed "$TMP/read"
	done
	expect_line "$TMP/read" "^Interface: $INTERFACE$"
}

script_start traffic "Is each frame counted, once, under the right address?" "$@"
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
script_end
