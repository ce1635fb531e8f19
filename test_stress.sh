#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# The stress tests: concurrent operations, many times, and at bad moments. The user's
# interface is counted as well, but not changed: the devices that are set down, deleted and
# flooded are virtual (see tests/lib/guest/segment.sh).

# shellcheck disable=SC2317 # run_case calls the cases

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
# shellcheck source=tests/lib/guest/script.sh
. tests/lib/guest/script.sh || exit 2

start() # [parameter...]
{
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0 "$@"
}

# Read in a loop, and fail when a reading does not add up. With while-unloading, the module
# is loaded and unloaded concurrently: a reading may be cut off, or the file missing.
reader() # <file> [while-unloading]
{
	while :; do
		if [ -n "${2:-}" ]; then
			cat "$PROC" >"$1" 2>/dev/null || :
		else
			cat "$PROC" >"$1"
			expect_well_formed "$1"
		fi
		: >"$1.done"
	done
}

resetter()
{
	while :; do reset_window; done
}

# expect_reads <file>...: fail unless each of these readers has read at least once.
expect_reads()
{
	local file

	for file; do
		wait_until test -e "$file.done" || fail "reads of ${file##*/}" "at least one" none
	done
}

case_load_unload()
{
	local i

	segment_make
	for ((i = 0; i < LOADS; i++)); do
		load interface="$INTERFACE,$PORT" && read_proc "$TMP/read" && expect_well_formed "$TMP/read" && unload
	done
	expect_absent "$PROC"
}

case_load_unload_under_traffic()
{
	local i

	segment_make
	in_background send_without_end
	rm -f "$TMP"/r?*
	in_background reader "$TMP/r1" while-unloading
	for ((i = 0; i < BUSY_LOADS; i++)); do
		load interface="$INTERFACE,$PORT" reset_interval=0
		wait_until is_counting || fail "frames after load $i" "at least one" none
		unload
	done
}

is_counting()
{
	read_proc "$TMP/read" && [ "$(total_in "$TMP/read" "$PORT")" -gt 0 ]
}

case_unload_with_a_reader()
{
	local fd

	start
	send_from_many "$STATIONS" 1 && expect_total "$STATIONS"
	exec {fd}<"$PROC"
	read -r -u "$fd" _
	unload
	# The file is removed. Further reads may fail, but must do no harm.
	cat <&"$fd" >/dev/null 2>&1 || :
	exec {fd}<&-
	expect_absent "$PROC"
}

case_rapid_resets()
{
	local i

	start
	for ((i = 0; i < RESETS; i++)); do
		reset_window
	done
	expect_total_now 0
	expect_well_formed "$TMP/read"
	send 02:00:00:00:00:01 25 && expect_total 25
	# Invalid writes between resets change nothing.
	for ((i = 0; i < RESETS / 5; i++)); do
		expect_failure "writing reset$i" write "reset$i" "$PROC"
	done
	expect_total 25
}

case_all_at_once()
{
	local i

	start
	rm -f "$TMP"/r?.done
	for i in 1 2; do in_background reader "$TMP/r$i"; done
	in_background resetter
	for i in 1 2; do
		send_from_many "$STATIONS" 20
	done
	expect_reads "$TMP/r1" "$TMP/r2"
	background_stop
	# Without traffic, the last reset leaves no counts, and the next frames are counted.
	reset_window
	expect_total_now 0
	send 02:00:00:00:00:01 10 && expect_total 10
}

case_interface_down_and_up()
{
	local i

	start
	for ((i = 1; i <= LINK_CHANGES; i++)); do
		ip link set dev "$PORT" down
		ip link set dev "$PORT" up
		wait_until carrier || fail "the link" up down
		send 02:00:00:00:00:01 5 && expect_total $((i * 5))
	done
	expect_station 02:00:00:00:00:01 $((LINK_CHANGES * 5))
}

# Check both ends of the link: the far end must see that it can send again.
carrier()
{
	[ "$(cat "/sys/class/net/$PORT/carrier" 2>/dev/null)" = 1 ] &&
		[[ $(far ip -o link show dev "$FAR") == *LOWER_UP* ]]
}

case_interface_deleted()
{
	local i

	start
	for ((i = 1; i <= COMEBACKS; i++)); do
		send "02:00:00:00:00:0$i" 10 && expect_total $((i * 10))
		# A process with a reference to the device would block the deletion.
		expect_status 0 timeout "$PATIENCE" ip link delete dev "$PORT"
		expect_total_now $((i * 10))
		segment_make
		# The port finds the new device by its name.
		send "02:00:00:00:00:0$i" 0
	done
	expect_stations "$COMEBACKS"
}

case_deleted_under_traffic()
{
	local i

	for ((i = 0; i < DELETIONS; i++)); do
		start
		in_background send_without_end
		wait_until is_counting || fail "frames" "at least one" none
		expect_status 0 timeout "$PATIENCE" ip link delete dev "$PORT"
		background_stop
		read_proc "$TMP/read" && expect_well_formed "$TMP/read"
		unload
	done
}

case_more_stations_than_fit()
{
	local shown untracked

	start max_stations=16
	# A station of an earlier window is known, and keeps its cell in a flood.
	send 02:00:00:00:00:01 50 && expect_total 50 && reset_window
	send 02:00:00:00:00:01 50 && expect_total 50
	send_from_many "$TOO_MANY" 2 && expect_total $((50 + TOO_MANY * 2))
	shown=$(stations_in "$TMP/read" "$PORT")
	untracked=$(count_in "$TMP/read" "$PORT" '(untracked)')
	expect_number "stations, with max_stations=16" "$shown" -le 16
	expect_number "untracked frames" "$untracked" -gt 0
	expect_station 02:00:00:00:00:01 50
	# After a reset, new stations have cells again.
	reset_window
	send 02:00:00:00:00:02 10 && expect_total 10 && expect_station 02:00:00:00:00:02 10
}

# Print the KiB of kernel memory that grow permanently only through a leak.
kernel_memory()
{
	awk '$1 == "SUnreclaim:" || $1 == "VmallocUsed:" || $1 == "Percpu:" { n += $2 } END { print n }' /proc/meminfo
}

memory_round() # <cycles>
{
	local i

	for ((i = 0; i < $1; i++)); do
		load interface="$INTERFACE,$PORT" reset_interval=0 && send 02:00:00:00:00:01 5 && expect_total 5 &&
			reset_window && unload
	done
}

# The smallest table has 8 KiB, and a cycle allocates at least one. A single round without
# growth passes: other programs may make the kernel's memory grow in one round, but a leak
# does so in every round. With eight cycles or more, a leak in each exceeds the slack.
case_memory()
{
	local before after slack=48 said=''

	segment_make
	# The first round fills the kernel's own caches.
	memory_round 3
	for _ in 1 2 3 4; do
		before=$(kernel_memory)
		memory_round "$CYCLES"
		after=$(kernel_memory)
		[ $((after - before)) -gt "$slack" ] || return 0
		said+=" $((after - before))"
	done
	fail "KiB left behind by $CYCLES load/unload cycles" "at most $slack in one of four rounds" "${said# }"
}

case_kernel_log()
{
	unload
	kernel_log_splats >"$TMP/splats"
	expect_empty "the kernel log's warnings" "$TMP/splats"
}

script_start stress "Rapid operations, everything at once, and things that go away." "$@"
LOADS=$(rounds 20 2)
BUSY_LOADS=$(rounds 10 2)
RESETS=$(rounds 500 10)
LINK_CHANGES=$(rounds 8 2)
COMEBACKS=$(rounds 3 2)
DELETIONS=$(rounds 3)
STATIONS=$(rounds 30 4)
TOO_MANY=$(rounds 80 30)
CYCLES=$(rounds 12 8)
run_case "$LOADS times loaded and unloaded" case_load_unload
run_case "$BUSY_LOADS times loaded and unloaded under traffic, with a reader" case_load_unload_under_traffic
run_case "unloaded while a reader has the file open" case_unload_with_a_reader
run_case "$RESETS resets in a row, with garbage between" case_rapid_resets
run_case "readers, traffic and resets at once: every read adds up" case_all_at_once
run_case "interface down and up, $LINK_CHANGES times" case_interface_down_and_up
run_case "the interface is deleted and comes back, its counts stay" case_interface_deleted
run_case "the interface is deleted under traffic" case_deleted_under_traffic
run_case "more stations than max_stations: the rest is untracked, the sum holds" case_more_stations_than_fit
run_case "no memory is left behind" case_memory
run_case "the kernel log has no WARNING, BUG or Oops" case_kernel_log
script_end
