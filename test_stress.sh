#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# Everything at once, often, and at the wrong moment. The user's interface is
# monitored along, but nothing is done to it: what is taken down, deleted and
# flooded is virtual (see tests/lib/suite.sh).

# shellcheck disable=SC2317 # run_case calls the cases

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
# shellcheck source=tests/lib/suite.sh
. tests/lib/suite.sh || exit 2

start() # [parameter...]
{
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0 "$@"
}

# Reads without end; leaves a .why when a read does not add up. The module may
# come and go meanwhile: a read that it cuts off, or that finds no file, is not
# looked at.
reader() # <file> [while-unloading]
{
	while :; do
		if ! cat "$PROC" >"$1" 2>/dev/null; then
			[ -n "${2:-}" ] && continue
			echo "could not be read" >"$1.why"
			return
		fi
		if [ -z "${2:-}" ] && ! well_formed "$1"; then
			echo "$WHY" >"$1.why"
			return
		fi
		: >"$1.done"
	done
}

resetter()
{
	while write reset "$PROC"; do :; done
	echo "reset failed: $ERROR" >"$TMP/resetter.why"
}

# readers_are_well <file>...: they have read, and nothing was wrong.
readers_are_well()
{
	local file

	for file; do
		wait_until test -e "$file.done" -o -e "$file.why" || fail "${file##*/} never came to an end" || return
		[ ! -e "$file.why" ] || fail "${file##*/}: $(cat "$file.why")" || return
	done
}

case_load_unload()
{
	local i

	segment_make || return
	for ((i = 0; i < LOADS; i++)); do
		load interface="$INTERFACE,$PORT" && read_proc "$TMP/read" && well_formed "$TMP/read" && unload || return
	done
	[ ! -e "$PROC" ] || fail "$PROC is still there"
}

case_load_unload_under_traffic()
{
	local i

	segment_make || return
	in_background send_without_end
	rm -f "$TMP"/r?*
	in_background reader "$TMP/r1" while-unloading
	for ((i = 0; i < BUSY_LOADS; i++)); do
		load interface="$INTERFACE,$PORT" reset_interval=0 || return
		wait_until is_counting || fail "load $i: nothing is counted" || return
		unload || return
	done
}

is_counting()
{
	read_proc "$TMP/read" && [ "$(total_in "$TMP/read" "$PORT")" -gt 0 ]
}

case_unload_with_a_reader()
{
	local fd

	start || return
	send_from_many "$STATIONS" 1 && counted "$STATIONS" || return
	exec {fd}<"$PROC" || fail "$PROC cannot be opened" || return
	read -r -u "$fd" _
	unload || {
		exec {fd}<&-
		return 1
	}
	# The file is gone; reading on may fail, and must not hurt.
	cat <&"$fd" >/dev/null 2>&1
	exec {fd}<&-
	[ ! -e "$PROC" ] || fail "$PROC is still there"
}

case_rapid_resets()
{
	local i

	start || return
	for ((i = 0; i < RESETS; i++)); do
		reset_window || return
	done
	total_is 0 || fail "the total is not 0" || return
	well_formed "$TMP/read" || return
	send 02:00:00:00:00:01 25 && counted 25 || return
	# Garbage between resets changes nothing.
	for ((i = 0; i < RESETS / 5; i++)); do
		! write "reset$i" "$PROC" || fail "'reset$i' was taken for a command" || return
	done
	counted 25
}

case_all_at_once()
{
	local i

	start || return
	rm -f "$TMP"/r?* "$TMP/resetter.why"
	for i in 1 2; do in_background reader "$TMP/r$i"; done
	in_background resetter
	for i in 1 2; do
		send_from_many "$STATIONS" 20 || return
	done
	readers_are_well "$TMP/r1" "$TMP/r2" || return
	[ ! -e "$TMP/resetter.why" ] || fail "$(cat "$TMP/resetter.why")" || return
	background_stop
	# With everything at rest the last reset leaves nothing, the next frames count.
	reset_window || return
	total_is 0 || fail "the total is not 0 at rest" || return
	send 02:00:00:00:00:01 10 && counted 10
}

case_interface_down_and_up()
{
	local i

	start || return
	for ((i = 1; i <= LINK_CHANGES; i++)); do
		{ ip link set dev "$PORT" down && ip link set dev "$PORT" up; } || fail "the link cannot be switched" || return
		wait_until carrier || fail "the link does not come up" || return
		send 02:00:00:00:00:01 5 && counted $((i * 5)) || return
	done
	station_has 02:00:00:00:00:01 $((LINK_CHANGES * 5))
}

# Both ends: the far one must know that it can send again.
carrier()
{
	[ "$(cat "/sys/class/net/$PORT/carrier" 2>/dev/null)" = 1 ] &&
		[[ $(far ip -o link show dev "$FAR") == *LOWER_UP* ]]
}

case_interface_deleted()
{
	local i

	start || return
	for ((i = 1; i <= COMEBACKS; i++)); do
		send "02:00:00:00:00:0$i" 10 && counted $((i * 10)) || return
		# Whoever holds the device keeps this from ending.
		timeout "$PATIENCE" ip link delete dev "$PORT" || fail "the device cannot be deleted" || return
		total_is $((i * 10)) || fail "the counts went with the device" || return
		segment_make || return
		# Picked up again by its name.
		send "02:00:00:00:00:0$i" 0 || return
	done
	[ "$(stations_in "$TMP/read" "$PORT")" = "$COMEBACKS" ] || fail "not all $COMEBACKS stations are shown"
}

case_deleted_under_traffic()
{
	local i

	for ((i = 0; i < DELETIONS; i++)); do
		start || return
		in_background send_without_end
		wait_until is_counting || fail "nothing is counted" || return
		timeout "$PATIENCE" ip link delete dev "$PORT" || fail "the device cannot be deleted" || return
		background_stop
		read_proc "$TMP/read" && well_formed "$TMP/read" || return
		unload || return
	done
}

case_more_stations_than_fit()
{
	local shown untracked

	start max_stations=16 || return
	# A station of an earlier window is known, and keeps its place in a flood.
	send 02:00:00:00:00:01 50 && counted 50 && reset_window || return
	send 02:00:00:00:00:01 50 && counted 50 || return
	send_from_many "$TOO_MANY" 2 && counted $((50 + TOO_MANY * 2)) || return
	shown=$(stations_in "$TMP/read" "$PORT")
	untracked=$(count_in "$TMP/read" "$PORT" '(untracked)')
	[ "$shown" -le 16 ] || fail "max_stations=16, but $shown are shown" || return
	[ "$untracked" -gt 0 ] || fail "there is no untracked row" || return
	station_has 02:00:00:00:00:01 50 || return
	# After a reset there is room again.
	reset_window || return
	send 02:00:00:00:00:02 10 && counted 10 && station_has 02:00:00:00:00:02 10
}

# KiB the kernel holds that only a leak makes grow for good.
kernel_memory()
{
	awk '$1 == "SUnreclaim:" || $1 == "VmallocUsed:" || $1 == "Percpu:" { n += $2 } END { print n }' /proc/meminfo
}

memory_round() # <cycles>
{
	local i

	for ((i = 0; i < $1; i++)); do
		load interface="$INTERFACE,$PORT" reset_interval=0 && send 02:00:00:00:00:01 5 && counted 5 &&
			reset_window && unload || return
	done
}

# The smallest table is 8 KiB, and a cycle makes at least one. A round that leaves
# nothing behind is enough: the machine's other users may make its memory grow
# during one round, a leak does so in every round. Of eight cycles or more: what they
# lost would be more than the slack.
case_memory()
{
	local before after slack=48 said=''

	segment_make || return
	# The first one fills the kernel's own caches.
	memory_round 3 || return
	for _ in 1 2 3 4; do
		before=$(kernel_memory)
		memory_round "$CYCLES" || return
		after=$(kernel_memory)
		[ $((after - before)) -gt "$slack" ] || return 0
		said+=" $((after - before))"
	done
	fail "$CYCLES load/unload cycles leave behind (KiB, each of four times):$said"
}

case_kernel_log()
{
	local splats

	unload || return
	splats=$(kernel_log_splats)
	[ -z "$splats" ] || fail "$(head -n 1 <<<"$splats")"
}

suite_begin stress "Rapid operations, everything at once, and things that go away." "$@"
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
suite_end
