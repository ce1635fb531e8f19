# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $PROC, $PORT and $TMP are the caller's
# Copyright the l2packet_counter authors
#
# Sourced by script.sh: reads and checks /proc/l2packet_counter. Functions that are called
# in loops start no process, which would be slow on an emulated machine.

read_proc() # <file>
{
	local lines=()

	if ! { mapfile lines <"$PROC"; } 2>"$TMP/error"; then
		fail "reading $PROC" success "$(cat "$TMP/error")"
	fi
	printf '%s' "${lines[@]}" >"$1"
}

# expect_well_formed <file>: asserts the documented format, character by character: the
# total is the sum of the rows, the busiest station is first. The file may have several
# consecutive reads.
expect_well_formed()
{
	local problem

	problem=$(awk '
		function bad(what) {
			if (!failed) printf "line %d: %s: \"%s\"\n", NR, what, $0
			failed = 1
			exit
		}
		function close_block() {
			if (state == 5 && sum != total) bad("the total is " total ", the rows add up to " sum)
		}
		/^Interface: / && (state == 0 || state == 6 || state == 5) {
			close_block()
			if ($0 !~ /^Interface: [^ ]+$/) bad("no interface")
			state = 1
			next
		}
		state == 1 {
			if ($0 !~ /^Total packets: [0-9]+$/) bad("not a total")
			total = $3
			sum = 0
			before = -1
			untracked = 0
			state = 2
			next
		}
		state == 2 { if ($0 != "MAC Address Statistics:") bad("not the heading"); state = 3; next }
		state == 3 { if ($0 != "MAC Address        Packet Count") bad("not the column names"); state = 4; next }
		state == 4 { if ($0 != "------------------ ------------") bad("not the rule"); state = 5; next }
		state == 5 && $0 == "" { close_block(); state = 6; next }
		state == 5 {
			name = substr($0, 1, 17)
			count = substr($0, 18)
			if (count !~ /^ +[0-9]+$/ || length(count) < 13) bad("not a count in its column")
			if (length(count) > 13 && count !~ /^ [0-9]/) bad("count out of its column")
			if (name == "(untracked)      ") {
				if (untracked++) bad("a second untracked row")
			} else {
				if (name !~ /^[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]$/)
					bad("not a station")
				if (untracked) bad("a station after the untracked row")
				if (before >= 0 && count + 0 > before) bad("not busiest first")
				before = count + 0
			}
			sum += count
			next
		}
		{ bad("unexpected") }
		END {
			if (failed) exit
			if (state != 5) print "truncated or empty"
			else close_block()
		}' "$1")
	expect_equal "format errors in $PROC" "$problem" ''
}

# total_in <file> <interface>: prints the interface's total.
total_in()
{
	local line mine=no

	while IFS= read -r line; do
		case $mine:$line in
		*:"Interface: $2") mine=yes ;;
		*:"Interface: "*) mine=no ;;
		yes:"Total packets: "*) printf '%s\n' "${line#Total packets: }" ;;
		esac
	done <"$1"
}

# count_in <file> <interface> <station, or (untracked)>: prints the row's count; 0 when
# there is no such row.
count_in()
{
	awk -v port="$2" -v station="$3" '
		/^Interface: / { mine = ($2 == port) }
		mine && $1 == station && NF == 2 { n = $2 }
		END { print n + 0 }' "$1"
}

stations_in() # <file> <interface>
{
	awk -v port="$2" '/^Interface: / { mine = ($2 == port) } mine && /^[0-9a-f][0-9a-f]:/ { n++ } END { print n + 0 }' "$1"
}

# total_is <n>: reads $PROC into $TMP/read and succeeds when $PORT's total is n.
total_is()
{
	read_proc "$TMP/read" && [ "$(total_in "$TMP/read" "$PORT")" = "$1" ]
}

# expect_total <n>: waits until n frames are counted on $PORT, in a well-formed read.
# Frames may still be in the backlog of another CPU.
expect_total()
{
	wait_until total_is "$1" || :
	expect_equal "the total" "$(total_in "$TMP/read" "$PORT")" "$1"
	expect_well_formed "$TMP/read"
}

# expect_total_now <n>: asserts the total without waiting.
expect_total_now()
{
	read_proc "$TMP/read"
	expect_equal "the total" "$(total_in "$TMP/read" "$PORT")" "$1"
}

# expect_station <station> <n>: asserts the station's count in $TMP/read, which expect_total
# has written.
expect_station() { expect_equal "frames of $1" "$(count_in "$TMP/read" "$PORT" "$1")" "$2"; }

# expect_stations <n>: asserts the number of stations in $TMP/read.
expect_stations() { expect_equal "stations" "$(stations_in "$TMP/read" "$PORT")" "$1"; }

