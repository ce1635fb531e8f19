#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 60 s
# lab: --cpus 2 --mem 2048 --timeout 900
# Every frame is counted once, at its station, on two CPUs at full speed, while
# tables grow, readers read and windows are closed. pktgen's count is the oracle.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh

frames=$((500000 / scale))	# a CPU
stop=/tmp/stop	# readers stop when this file exists

setup() {
	ip link add eth0 type dummy
	ip link set eth0 up
	rm -f $stop*
}

teardown() {
	touch $stop
	pktgen_clear
	unload_if_loaded
	ip link del eth0
}

# expect_reader PID FILE: asserts that a reader found no error. FILE has its output.
expect_reader() { wait "$1" || fail "a reader" "status 0" "$?" "$2"; }

# million MACS: sends 1,000,000 frames, or fewer on a slow kernel, from MACS addresses, with
# two concurrent readers.
million() {
	local macs=$1 reader1 reader2
	load reset_interval=0
	pktgen_thread 0 eth0 $frames "$macs"
	pktgen_thread 1 eth0 $frames "$macs"
	procread -m $stop >"$stop.1" &
	reader1=$!
	procread -m $stop >"$stop.2" &
	reader2=$!
	pktgen_run
	touch $stop
	expect_reader $reader1 "$stop.1"
	expect_reader $reader2 "$stop.2"
	cat "$stop.1" "$stop.2"
	expect_equal "frames sent" "$(($(pktgen_sent 0 eth0) + $(pktgen_sent 1 eth0)))" $((2 * frames))
	expect_equal "total" "$(total)" $((2 * frames))
	expect_equal "untracked" "$(untracked)" 0
	pktgen_expect 2 $frames "$macs" >"$stop.want"
	rows >"$stop.got"
	expect_same "rows" "$stop.got" "$stop.want"
}

test_a_million_frames_from_1_address() { million 1; }
test_a_million_frames_from_100_addresses() { million 100; }
test_a_million_frames_from_10000_addresses() { million 10000; }
test_a_million_frames_from_60000_addresses() { million 60000; }

test_resets_in_a_loop() {
	local reader1 reader2 resetter runs
	load
	pktgen_thread 0 eth0 $frames 10000
	pktgen_thread 1 eth0 $frames 10000
	procread $stop >"$stop.1" &
	reader1=$!
	procread $stop >"$stop.2" &
	reader2=$!
	: >"$stop.resets"
	(until [ -e $stop ]; do
		reset_windows
		echo
	done >"$stop.resets") &
	resetter=$!
	# Few frames are over before the sixth reset of a slow machine.
	for ((runs = 0; runs == 0 || (runs < 20 && $(wc -l <"$stop.resets") <= 5); runs++)); do pktgen_run; done
	touch $stop
	expect_reader $reader1 "$stop.1"
	expect_reader $reader2 "$stop.2"
	wait $resetter
	echo "$(cat "$stop.1") $(cat "$stop.2"), $(wc -l <"$stop.resets") resets"
	expect_number "resets" "$(wc -l <"$stop.resets")" -gt 5
	reset_windows
	expect_equal "total after the last reset" "$(total)" 0
	expect_equal "rows after the last reset" "$(rows)" ""
}

test_first_sight_of_10000_addresses() {
	load reset_interval=0
	pktgen_thread 0 eth0 10000 10000 "${new_stations[@]}"
	pktgen_thread 1 eth0 10000 10000 "${new_stations[@]}"
	pktgen_run
	expect_equal "total" "$(total)" 20000
	expect_equal "untracked" "$(untracked)" 0
	expect_equal "rows" "$(rows | md5sum)" "$(pktgen_expect 2 10000 10000 | md5sum)"
}

test_group_and_invalid_addresses_are_left_out() {
	ip link add cable0 type veth peer name cable1
	ip link set cable0 up mtu 9000 addrgenmode none
	ip link set cable1 up mtu 9000 addrgenmode none
	load interface=cable1 reset_interval=0
	expect_equal "frames sent" "$(replay cable0 - <<-FRAMES
		02ffffffff01 020000000001 88b5 x10	# counted
		01005e000001 020000000001 88b5 x20	# group destination
		ffffffffffff 020000000001 88b5 x30	# broadcast
		02ffffffff01 030000000001 88b5 x40	# group source
		02ffffffff01 ffffffffffff 88b5 x50	# broadcast source
		02ffffffff01 000000000000 88b5 x60	# no source
		02ffffffff01 000000000001 88b5 x70	# counted
		02ffffffff01 fefffffffffe 88b5 x80	# counted
	FRAMES
	)" 360
	counts
	expect_equal "rows" "$(counts | grep : | grep ^.. | grep -v '[A-Z]' | tr -s ' ' | tr '\n' ',')" \
		"fe:ff:ff:ff:ff:fe 80,00:00:00:00:00:01 70,02:00:00:00:00:01 10,"
	expect_equal "total" "$(total)" 160
	unload
	ip link del cable0
}

test_several_ports_are_kept_apart() {
	ip link add eth1 type dummy
	ip link set eth1 up
	load interface=eth0,eth1 reset_interval=0
	pktgen_thread 0 eth0 3000 3
	pktgen_thread 1 eth1 5000 5
	pktgen_run
	counts >"$stop.got"
	pktgen_clear
	{
		for port in "eth0 3000 3" "eth1 5000 5"; do
			# shellcheck disable=SC2086 # words
			set -- $port
			[ "$1" = eth0 ] || echo
			printf 'Interface: %s\nTotal packets: %s\nMAC Address Statistics:\n' "$1" "$2"
			printf 'MAC Address        Packet Count\n------------------ ------------\n'
			pktgen_expect 1 "$2" "$3"
		done
	} >"$stop.want"
	unload
	ip link del eth1
	expect_same "/proc" "$stop.got" "$stop.want"
}

test_busiest_first() {
	load reset_interval=0
	pktgen_thread 0 eth0 100 1 02:00:00:00:00:0a
	pktgen_thread 1 eth0 700 1 02:00:00:00:00:0b
	pktgen_run
	pktgen_clear
	pktgen_thread 0 eth0 100 1 02:00:00:00:00:09
	pktgen_run
	expect_equal "order" "$(counts | grep ^02: | tr -s ' ' | tr '\n' ',')" \
		"02:00:00:00:00:0b 700,02:00:00:00:00:09 100,02:00:00:00:00:0a 100,"
}
