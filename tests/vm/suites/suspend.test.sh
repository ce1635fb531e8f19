#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 20 s
# kernels: 6.1-generic 6.12-generic
# because: needs a kernel with CONFIG_PM_DEBUG
# engines: module bpf
# lab: --cpus 2 --mem 1024 --timeout 900 --append no_console_suspend
# Timestamps of stations follow boot time over a suspension. The kernel suspends as far as
# its test mode goes: the clocks stand still for 5 seconds, and the machine stays on.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh

setup() {
	veth_pair eth0 cable
	[ -e /sys/power/pm_test ] || skip "this kernel has no test of suspension (CONFIG_PM_DEBUG)"
	echo core >/sys/power/pm_test
}

teardown() {
	unload_if_loaded
	ip link del eth0
}

# suspend: sleep, for 5 seconds of boot time. A clock of whole seconds measures that.
suspend() {
	local before
	before=$(slept)
	echo mem >/sys/power/state
	before=$(($(slept) - before))
	[ "$before" -gt 3000 ] || fail "suspended" "5000 ms, about" "$before"
}

# seen VIEW MAC: when the station was first and last seen, of an open record.
seen() { l2pc -o show "--$1" eth0 | awk -F '\t' -v mac="$2" '$4 == mac { print $8, $9 }'; }

# expect_seen WHAT GOT WANTED: both times are the same, up to a second: jiffies of a busy machine
# lag behind, and the clock is adjusted then. A suspension takes five.
expect_seen() {
	awk -v got="$2" -v wanted="$3" 'BEGIN {
		split(got, a); n = split(wanted, b)
		for (i = 1; i <= 2; i++) if (a[i] == "" || a[i] - b[i] > 1e9 || b[i] - a[i] > 1e9) exit 1
		exit n != 2
	}' || fail "$1" "$3, about" "$2"
}

frames() { echo "02ffffffff01 $1 88b5 x3" | replay cable -; }

# The window is open all the time: the station's cell is in the CPU's table.
test_open_window() {
	local before new
	load reset_interval=0
	frames 001b21000001
	frames 001b21000002
	before=$(seen window 00:1b:21:00:00:01)
	expect_match "seen" "$before" '^[0-9]+ [0-9]+$'
	suspend
	expect_seen "after a suspension" "$(seen window 00:1b:21:00:00:01)" "$before"
	frames 001b21000003
	sleep 0.1
	frames 001b21000002
	new=$(seen window 00:1b:21:00:00:03)
	[ "${new%% *}" -gt $((${before##* } + 3000000000)) ] || fail "a new station" "after $before" "$new"
	[ "$(seen window 00:1b:21:00:00:02 | cut -d ' ' -f 2)" -ge "${new%% *}" ] ||
		fail "a station that was heard again" "after $new" "$(seen window 00:1b:21:00:00:02)"
	suspend
	suspend
	expect_seen "after three" "$(seen window 00:1b:21:00:00:01)" "$before"
	expect_seen "a station between them" "$(seen window 00:1b:21:00:00:03)" "$new"
	l2pc reset eth0
	expect_seen "closed" "$(seen previous 00:1b:21:00:00:01)" "$before"
	expect_seen "lifetime" "$(seen lifetime 00:1b:21:00:00:03)" "$new"
}

# Nothing was read before the suspension: only the event has the time.
test_never_read() {
	local now
	load reset_interval=0
	frames 001b21000001
	now=$(awk '{ printf "%.0f", $1 * 1000000000 }' /proc/uptime)
	suspend
	[ "$(seen window 00:1b:21:00:00:01 | cut -d ' ' -f 2)" -le $((now + 1000000000)) ] ||
		fail "seen" "at $now" "$(seen window 00:1b:21:00:00:01)"
}
