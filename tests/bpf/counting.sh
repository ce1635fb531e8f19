# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # variables of run.sh; of eval, jq and awk
# Copyright (C) the l2packet_counter authors
# Sourced by run.sh: tests of what is counted: frames, bytes, windows, bounds.

# send_growing STATIONS ROUNDS: each time at most as many new stations as there were, after l2pc
# run made the tables for them. It does so between two requests, however busy the machine is.
# Prints `frames bytes parts`. That it is fast enough in a flood: rate.test.sh, in virtual time.
send_growing() {
	local have=0 part=2000 frames=0 bytes=0 parts=0 sent size
	while [ "$have" -lt "$1" ]; do
		[ $((have + part)) -le "$1" ] || part=$(($1 - have))
		send "$part" "$2" "$have" >"$scratch/part"
		read -r sent size <"$scratch/part"
		frames=$((frames + sent)) bytes=$((bytes + size)) parts=$((parts + 1)) have=$((have + part)) part=$have
		counted "$frames"
		l2pc port >/dev/null
	done
	echo "$frames $bytes $parts"
}

test_100000_stations_are_exact() {
	engine_start max-stations 131072 reset-interval 0
	expect_equal "frames and bytes sent, in parts" "$(send_growing 100000 2)" "799990 606473410 7"
	expect_equal "stations, wrong ones, untracked" "$(l2pc -j show eth0 | "$here/rows.py" 100000 2)" "100000 0 0"
	expect_equal "skipped" "$(l2pc -j show eth0 | jq -c '.[0].totals | [.skipped_multicast, .skipped_broadcast, .skipped_invalid]')" "[35,21,14]"
	engine_stop
	expect_output "what it says" "eth0: 799990 frames, 606473410 bytes, 100000 stations" <"$scratch/out"
}

# sender WHAT: a count of the station behind the cable.
sender() { l2pc -j show | jq ".[0].stations[] | select(.mac == \"02:ff:00:00:00:aa\") | $1"; }

test_gso_counts_what_was_on_the_wire() {
	local segments resent
	ip -n "$far" addr add 10.77.0.1/24 dev cable
	ip -n "$near" addr add 10.77.0.2/24 dev eth0
	ip -n "$far" neigh add 10.77.0.2 lladdr 02:ff:00:00:00:01 dev cable
	ip -n "$near" neigh add 10.77.0.1 lladdr 02:ff:00:00:00:aa dev eth0
	engine_start reset-interval 0
	rm -f "$scratch/server"
	ip netns exec "$near" /usr/bin/python3 -c '
import socket
s = socket.create_server(("10.77.0.2", 5000))
print("ready", flush=True)
c, _ = s.accept()
while c.recv(1 << 20):
    pass' >"$scratch/server" &
	wait_for grep -q -s ready "$scratch/server"
	ip netns exec "$far" /usr/bin/python3 -c '
import socket
s = socket.create_connection(("10.77.0.2", 5000))
for i in range(100):
    s.sendall(b"x" * 1000000)
s.shutdown(socket.SHUT_WR)
s.recv(1)'
	# OutSegs and RetransSegs of the namespace, which is new.
	read -r segments resent < <(ip netns exec "$far" awk '/^Tcp:/ { v = $12 " " $13 } END { print v }' /proc/net/snmp)
	expect_number "segments" "$segments" -gt 60000
	# Payload, 66 bytes of headers each, and 8 of options more of the SYN.
	expect_soon "frames" eval '[ "$(sender .packets)" = $((segments + resent)) ]'
	[ "$resent" != 0 ] || expect_equal "bytes" "$(sender .bytes)" $((100000000 + segments * 66 + 8))
	engine_stop
}

# datagrams: 50 of them to the station behind the cable, 100 bytes each with UDP's header.
datagrams() {
	ip netns exec "$near" /usr/bin/python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(50):
    s.sendto(bytes(92), ("10.77.0.1", 9))'
}

test_sent_frames_are_counted_when_they_are_wanted() {
	ip -n "$near" addr add 10.77.0.2/24 dev eth0
	ip -n "$near" neigh add 10.77.0.1 lladdr 02:ff:00:00:00:aa dev eth0
	engine_start reset-interval 0
	datagrams
	expect_equal "without tx" "$(client sent)" "0 0"
	client tx on
	datagrams
	expect_soon "with tx" eval '[ "$(client sent)" = "50 6700" ]'
	client tx off
	datagrams
	expect_equal "without it again" "$(client sent)" "50 6700"
	engine_stop
}

test_windows_close_under_load_without_losing_a_frame() {
	local closer senders=() sender sent=0 windows
	engine_start max-stations 65536 reset-interval 0
	rm -f "$scratch/closed"
	ip netns exec "$near" /usr/bin/python3 "$here/client.py" close 20 >"$scratch/closed" &
	closer=$!
	wait_for grep -q -s ready "$scratch/closed"
	for sender in 0 1; do
		ip netns exec "$far" taskset -c $((sender % $(nproc))) "$scratch/send" cable 50 3000 >"$scratch/sent.$sender" &
		senders+=($!)
	done
	wait "${senders[@]}"
	kill "$closer"
	wait "$closer"
	windows=$(tail -n 1 "$scratch/closed")
	expect_number "windows" "$windows" -gt 5
	for sender in 0 1; do sent=$((sent + $(cut -d' ' -f1 "$scratch/sent.$sender"))); done
	counted "$sent" --lifetime
	expect_equal "bytes" "$(l2pc -j show --lifetime | jq '.[0].totals.bytes')" "$(awk '{ sum += $2 } END { print sum }' "$scratch/sent.0" "$scratch/sent.1")"
	# 50 stations find cells in any table.
	expect_equal "stations, wrong ones, untracked" "$(l2pc -j show eth0 --lifetime | "$here/rows.py" 50 6000)" "50 0 0"
	engine_stop
}

# graces: number of grace periods so far.
graces() { wc -l <"$scratch/graces"; }

# grace_start SETTING...: starts l2pc run with grace.c.
grace_start() {
	gcc -O2 -Wall -Wextra -shared -fPIC -o "$scratch/grace.so" "$here/grace.c" -ldl || fail grace.c "it to compile" "an error"
	rm -f "$scratch/hold"
	: >"$scratch/graces"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:verify_asan_link_order=0 GRACE_LOG=$scratch/graces GRACE_HOLD=$scratch/hold \
		LD_PRELOAD=$scratch/grace.so engine_start "$@"
}

# A frame that a CPU is counting while tables are switched is in the old one until the grace
# period ends. It takes nanoseconds, so that no traffic shows whether that is waited for.
test_windows_are_folded_after_a_grace_period() {
	local before i
	grace_start reset-interval 0
	for ((i = 1; i <= 3; i++)); do
		send 10 1 >/dev/null
		counted 34
		before=$(graces)
		l2pc reset >/dev/null
		expect_number "grace periods of reset $i" $(($(graces) - before)) -ge 1
	done
	engine_stop
}

# A grace period takes tens of milliseconds on older kernels. New stations in it have cells.
test_tables_are_made_during_a_grace_period() {
	local stations reset sent=0
	grace_start max-stations 100000 reset-interval 0
	: >"$scratch/hold"
	l2pc reset >/dev/null &
	reset=$!
	wait_for grep -q -s held "$scratch/hold"
	# Each part fits into the present table, once l2pc run has done what the part before requested.
	for stations in 2500 10000 40000 60000; do
		ip netns exec "$far" taskset -c 0 "$scratch/send" cable $stations 1 >"$scratch/sent"
		sent=$((sent + $(cut -d' ' -f1 "$scratch/sent")))
		wait_for grep -q poll "/proc/$engine/wchan"
	done
	expect_equal "the grace period" "$(tail -n 1 "$scratch/hold")" held
	rm "$scratch/hold"
	wait $reset
	counted "$sent"
	expect_equal "stations, untracked" "$(l2pc -j show eth0 | jq -c '.[0].totals | [.stations, .untracked_packets]')" "[60000,0]"
	engine_stop
}

# on_a_cpu STATIONS: each sends once, all from the last CPU; $scratch/sent has frames and bytes.
on_a_cpu() { ip netns exec "$far" taskset -c $(($(nproc) - 1)) "$scratch/send" cable "$1" 1 >"$scratch/sent"; }

# Sender and l2pc run on one CPU: it makes the next table before the present one is full.
test_new_stations_on_one_cpu_have_cells() {
	engine_start max-stations 100000 reset-interval 0
	taskset -p -c $(($(nproc) - 1)) "$engine" >/dev/null
	# A quarter of the frames are of new stations.
	on_a_cpu 60000
	counted "$(cut -d' ' -f1 "$scratch/sent")"
	expect_equal "stations, wrong ones, untracked" "$(l2pc -j show eth0 | "$here/rows.py" 60000 1)" "60000 0 0"
	engine_stop
}

# realtime COMMAND...: where /sys shows a kernel with PREEMPT_RT.
realtime() {
	cat >"$scratch/realtime" <<-SCRIPT
		#!/bin/bash -e
		mount --make-rprivate /
		mkdir -p $scratch/kernel-btf
		mount --bind /sys/kernel/btf $scratch/kernel-btf
		mount -t tmpfs none /sys/kernel
		mkdir /sys/kernel/btf
		mount --bind $scratch/kernel-btf /sys/kernel/btf
		echo 1 >/sys/kernel/realtime
		exec nsenter --net=/run/netns/$near "\$@"
	SCRIPT
	chmod +x "$scratch/realtime"
	exec unshare -m "$scratch/realtime" "$@"
}

# There sections may overlap. The programs for them run everywhere.
test_programs_for_preempt_rt_are_exact() {
	local enter=(realtime)
	case $without in *arena*) skip "for Linux 6.10 and newer" ;; esac
	engine_start max-stations 4096 reset-interval 0
	# Those have another name.
	expect_equal "usual programs" "$(awk '$1 == "prog_id:" { print $2 }' "/proc/$engine/fdinfo/"* | sort -u |
		xargs ip netns exec "$near" /usr/bin/python3 "$here/client.py" counting)" 0
	send 1000 2 >"$scratch/sent"
	counted "$(cut -d' ' -f1 "$scratch/sent")"
	expect_equal "stations, wrong ones, untracked" "$(l2pc -j show eth0 | "$here/rows.py" 1000 2)" "1000 0 0"
	engine_stop
}

# A port has some ten open files: more than the soft limit here, which l2pc run raises.
test_many_ports_share_the_arena() {
	local i
	rm -f "$scratch"/sent.*
	ulimit -Sn 64
	engine_start reset-interval 0
	for ((i = 1; i < 16; i++)); do
		ip -n "$far" link add "cable$i" type veth peer name "eth$i" netns "$near"
		ip -n "$far" link set "cable$i" up
		ip -n "$near" link set "eth$i" up
		l2pc add "eth$i" reset-interval 0
	done
	cable_up
	for i in '' 1 7 14 15; do
		wait_for eval 'ip -n "$far" link show "cable$i" | grep -q "state UP"'
		ip netns exec "$far" "$scratch/send" "cable$i" $((10 + i)) 1 >"$scratch/sent.$i"
	done
	for i in '' 1 7 14 15; do
		expect_soon "frames of eth${i:-0}" eval \
			'[ "$(l2pc -j show "eth${i:-0}" | jq ".[0].totals.packets")" = "$(cut -d" " -f1 "$scratch/sent.$i")" ]'
		expect_equal "stations of eth${i:-0}, wrong ones, untracked" \
			"$(l2pc -j show "eth${i:-0}" | "$here/rows.py" $((10 + i)) 1)" "$((10 + i)) 0 0"
	done
	expect_equal "frames of all ports" "$(l2pc -j show | jq '[.[].totals.packets] | add')" \
		"$(awk '{ sum += $1 } END { print sum }' "$scratch"/sent.*)"
	l2pc del eth7
	ip netns exec "$far" "$scratch/send" cable14 24 1 >/dev/null
	expect_soon "the others count" eval '[ "$(l2pc -j show eth14 | jq ".[0].totals.packets")" = $((2 * $(cut -d" " -f1 "$scratch/sent.14"))) ]'
	expect_equal "ports" "$(l2pc -j port | jq length)" 15
	engine_stop
}

# l2pc run is stopped, so that the programs have only the tables that the change has made.
test_higher_bound_applies_to_the_next_frame() {
	local before sent
	# A full table, and one that is nearly empty.
	for before in 100 1; do
		engine_start max-stations 10 reset-interval 0
		on_a_cpu $before
		sent=$(cut -d' ' -f1 "$scratch/sent")
		counted "$sent"
		expect_equal "stations with a bound of 10" "$(l2pc -j show | jq '.[0].stations | length')" $((before < 10 ? before : 10))
		l2pc set eth0 max-stations 1000
		kill -STOP "$engine"
		on_a_cpu 100
		# The frames are counted in softirq, which here ends with the sender's system call.
		sleep 0.1
		kill -CONT "$engine"
		counted $((sent + $(cut -d' ' -f1 "$scratch/sent")))
		expect_equal "stations with a bound of 1000" "$(l2pc -j show | jq '.[0].stations | length')" 100
		engine_stop
	done
}

test_flood_is_bounded_and_known_stations_go_on() {
	engine_start max-stations 1000 reset-interval 0
	send 100 1 >/dev/null
	counted 395
	l2pc reset >/dev/null
	send 20000 1 >"$scratch/sent"
	counted "$(cut -d' ' -f1 "$scratch/sent")"
	expect_equal "stations" "$(l2pc -j show eth0 | jq '.[0].stations | length')" 1000
	# The first 100 are known, and keep their cells.
	expect_equal "known stations" "$(l2pc -j show eth0 | jq '[.[0].stations[] | select(.mac < "02:00:00:00:00:64")] | length')" 100
	engine_stop
}

test_idle_stations_expire() {
	engine_start reset-interval 0 station-timeout 1
	send 10 1 >/dev/null
	counted 34
	expect_soon "no station" eval '[ "$(l2pc -j show eth0 --lifetime | jq ".[0].stations | length")" = 0 ]'
	counted 34 --lifetime
	engine_stop
}
