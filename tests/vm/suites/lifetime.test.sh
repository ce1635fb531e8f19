#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 60 s
# lab: --cpus 3 --mem 2048 --timeout 1800
# Lifetime is the sum of all closed windows and the open one, station by station and
# to the frame, whatever happens meanwhile: resets, devices put on the port and taken
# off, CPUs that go and come, all under full traffic. L2PC_RESETS says how many resets (25).
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

setup() {
	veth_pair eth0 cable
	rm -rf /tmp/stop /tmp/windows* /tmp/closed /tmp/previous /tmp/set
	mkdir /tmp/closed /tmp/previous
	echo 0 | tee /tmp/uppers >/tmp/cpus
}

teardown() {
	touch /tmp/stop
	echo stop >$pktgen_dir/pgctrl
	pktgen_clear
	echo 1 >/sys/devices/system/cpu/cpu2/online
	unload_if_loaded
	ip link del eth0
	ip link del br9
} 2>/dev/null

# sum: adds up lines `MAC VLAN PACKETS BYTES`.
sum() {
	awk '{ packets[$1 " " $2] += $3; bytes[$1 " " $2] += $4 }
		END { for (s in packets) printf "%s %d %d\n", s, packets[s], bytes[s] }' | LC_ALL=C sort
}

# What both pktgen threads and the replays sent.
expected() {
	{
		pktgen_expect 1 "$(pktgen_sent 0 eth0)" 50
		pktgen_expect 1 "$(pktgen_sent 1 eth0)" 50
		echo "02:00:00:00:f0:01 $(awk "{ sum += \$1 } END { print sum + 0 }" /tmp/replayed)"
	} | awk '{ print $1, "-", $2, 60 * $2 }' | sum
}

# Frames over the cable are counted on CPU 2, as long as it is there.
replays() {
	local frames="02ffffffff01 02000000f001 88b5 x500"
	until [ -e /tmp/stop ]; do
		taskset -c 2 replay cable - <<<"$frames" || replay cable - <<<"$frames"
	done >/tmp/replayed 2>/dev/null
}

# The frames go to another upper device each time, and are counted before.
uppers() {
	local n=0
	ip link add br9 type bridge
	until [ -e /tmp/stop ]; do
		ip link set eth0 master br9
		ip link add link eth0 name eth0.5 type vlan id 5
		ip link set eth0 nomaster
		ip link del eth0.5
		echo $((++n)) >/tmp/uppers
	done
}

# CPU 2 leaves and comes back. The kernel's message about it differs between architectures.
cpus() {
	local n=0 online=/sys/devices/system/cpu/cpu2/online
	until [ -e /tmp/stop ]; do
		echo 0 >$online
		[ "$(cat $online)" != 0 ] || n=$((n + 1))
		sleep 0.2
		echo 1 >$online
		sleep 0.2
		echo $n >/tmp/cpus
	done
}

# turns_left UPPERS: 0 when the upper devices have come and gone more often than UPPERS, and
# CPU 2 has left more than three times. (A file that is being written may be empty.)
turns_left() { echo $((10#0$(cat /tmp/uppers) <= $1 || 10#0$(cat /tmp/cpus) <= 3)); }

test_lifetime_is_the_sum_of_all_windows() {
	local i resets=${L2PC_RESETS:-25} jobs=()
	load interface=eth0 reset_interval=0
	pktgen_thread 0 eth0 0 50
	pktgen_thread 1 eth0 0 50
	pktgen_run &
	jobs+=($!)
	replays &
	jobs+=($!)
	uppers &
	jobs+=($!)
	cpus &
	jobs+=($!)
	# Nothing but these two while the traffic flows: what they printed is read later. On a
	# slow machine the loops beside them get less time, and resets go on until they had
	# their turns, or the suite's timeout.
	for ((i = 0; i < resets || $(turns_left 5); i++)); do
		l2pc -j reset eth0 >/tmp/closed/$i
		l2pc -j show --previous eth0 >/tmp/previous/$i
	done
	touch /tmp/stop
	echo stop >$pktgen_dir/pgctrl
	wait "${jobs[@]}"
	resets=$i
	for ((i = 0; i < resets; i++)); do
		station_lines </tmp/previous/$i >/tmp/window
		cat /tmp/window >>/tmp/windows
		# What the reset returned is what the view shows.
		expect_equal "packets and bytes of window $i" "$(awk '{ p += $3; b += $4 } END { print p + 0, b + 0 }' /tmp/window)" \
			"$(awk '{ match($0, /"packets":[0-9]+/); p = substr($0, RSTART + 10, RLENGTH - 10)
				match($0, /"bytes":[0-9]+/); print p + 0, substr($0, RSTART + 8, RLENGTH - 8) + 0 }' /tmp/closed/$i)"
	done
	stations window eth0 >>/tmp/windows
	sum </tmp/windows >/tmp/sum
	stations lifetime eth0 >/tmp/lifetime
	expected >/tmp/expected
	tail -n 2 /tmp/expected
	expect_same "the sum of the windows" /tmp/sum /tmp/lifetime
	expect_same "lifetime" /tmp/lifetime /tmp/expected
	expect_equal "windows closed" "$(totals_of previous window_id eth0)" "$resets"
	expect_equal "untracked" "$(totals_of lifetime untracked_packets eth0)" 0
	expect_number "times that upper devices came and went" "$(cat /tmp/uppers)" -gt 5
	expect_number "times that CPU 2 left" "$(cat /tmp/cpus)" -gt 3
}

# --- both directions --------------------------------------------------------------------

# sum_both: adds up lines `MAC VLAN PACKETS BYTES TX_PACKETS TX_BYTES`.
sum_both() {
	awk '{ for (i = 3; i <= 6; i++) sums[$1 " " $2, i] += $i; seen[$1 " " $2] }
		END { for (s in seen) printf "%s %d %d %d %d\n", s, sums[s, 3], sums[s, 4], sums[s, 5], sums[s, 6] }' | LC_ALL=C sort
}

# Frames of 60 bytes, of each of two CPUs and of the replays.
expected_both() {
	local cpu
	{
		for cpu in 0 1; do
			pktgen_expect 1 "$(pktgen_sent $cpu eth0)" 50 | awk '{ print $1, "-", $2, 60 * $2, 0, 0 }'
			pktgen_expect 1 "$(pktgen_sent ${cpu}tx eth0)" 50 | awk '{ print $1, "-", 0, 0, $2, 60 * $2 }'
		done
		awk '{ sum += $1 } END { print "02:00:00:00:f0:01 - 0 0", sum + 0, 60 * sum }' /tmp/replayed
	} | sum_both
}

# Sent on CPU 2, as long as it is there; of eth1 only some are counted.
replays_sent() {
	local frames="02000000f001 02ffffffff01 88b5 x500"
	until [ -e /tmp/stop ]; do
		taskset -c 2 replay eth0 - <<<"$frames" || replay eth0 - <<<"$frames"
		replay eth1 - <<<"$frames" >&2
	done >/tmp/replayed 2>/dev/null
}

settings() {
	local n=0
	until [ -e /tmp/stop ]; do
		portctl set eth0 reset_interval $((n % 2 * 86400)) max_stations $((1000 + n % 3 * 50000)) \
			station_timeout $((n % 2 * 86400)) vlan $((n % 2)) tx 1
		portctl set eth1 tx $((n % 2))
		echo $((++n)) >/tmp/set
	done
}

# sent_too_little: 1 until pktgen has sent each station 100 frames and more in each direction.
sent_too_little() {
	local suffix sent too_little=0
	for suffix in '' tx; do
		sent=$(($(pktgen_sent 0$suffix eth0) + $(pktgen_sent 1$suffix eth0)))
		[ "$sent" -gt 6000 ] || too_little=1
	done
	echo $too_little
}

test_lifetime_of_both_directions() {
	local i resets=${L2PC_RESETS:-25} jobs=()
	kernel_has_egress || skip "this kernel has no egress hook"
	ip link del eth0
	for i in 0 1; do
		ip link add eth$i type dummy
		ip link set eth$i up
	done
	load interface=eth0,eth1 tx=1 reset_interval=0
	for i in 0 1; do
		# With a delay of a nanosecond a thread serves its devices in turn, without one only the first.
		pktgen_thread $i eth0 0 50 02:00:00:00:00:00 "delay 1"
		pktgen_thread ${i}tx eth0 0 50 02:ff:ff:ff:00:00 "dst_mac 02:00:00:00:00:00" "dst_mac_count 50" \
			"xmit_mode queue_xmit" "delay 1"
	done
	pktgen_run &
	jobs+=($!)
	replays_sent &
	jobs+=($!)
	settings &
	jobs+=($!)
	cpus &
	jobs+=($!)
	for ((i = 0; i < resets || (i < 20 * resets &&
		(10#0$(cat /tmp/set 2>/dev/null) < 6 || $(turns_left -1) || $(sent_too_little))); i++)); do
		portctl reset >/tmp/closed/$i
		portnl stations previous eth0 >/tmp/previous/$i
		portnl stations previous eth1 >>/tmp/windows.eth1
	done
	touch /tmp/stop
	echo stop >$pktgen_dir/pgctrl
	wait "${jobs[@]}"
	{ cat /tmp/previous/* && portnl stations window eth0; } | sum_both >/tmp/sum
	portnl stations lifetime eth0 | sum_both >/tmp/lifetime
	expected_both >/tmp/expected
	tail -n 2 /tmp/expected
	expect_same "the sum of the windows" /tmp/sum /tmp/lifetime
	expect_same "lifetime" /tmp/lifetime /tmp/expected
	expect_equal "stations with frames of both directions" "$(awk '$3 > 100 && $5 > 100' /tmp/lifetime | wc -l)" 50
	portnl stations window eth1 >>/tmp/windows.eth1
	expect_equal "lifetime of eth1" "$(portnl stations lifetime eth1 | sum_both)" "$(sum_both </tmp/windows.eth1)"
	expect_equal "windows closed" "$(portnl totals previous eth0 | awk '$1 == "window-id" { print $2 }')" "$i"
	expect_equal "untracked" "$(portnl totals lifetime eth0 | awk '/untracked/ { sum += $2 } END { print sum }')" 0
	expect_number "times that CPU 2 left" "$(cat /tmp/cpus)" -gt 3
	ip link del eth1
}

# NF_NETDEV_EGRESS.
kernel_has_egress() { [ "$(printf '%s\n' 5.16 "$(uname -r)" | sort -V | head -n 1)" = 5.16 ]; }
