# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $PROC, $PORT and $TMP are the caller's
# Copyright the l2packet_counter authors
#
# Sourced by script.sh: what /proc/l2packet_counter says. What is done in every loop starts
# no process: on an emulated machine these are what takes the time.

read_proc() # <file>
{
	local lines=()

	if ! { mapfile lines <"$PROC"; } 2>"$TMP/error"; then
		fail "reading $PROC" success "$(cat "$TMP/error")"
	fi
	printf '%s' "${lines[@]}" >"$1"
}

# expect_well_formed <file>: it has, to the character, the documented format, with a total
# that is the sum of its rows, busiest first. A file of several reads, one after the
# other, has it in each.
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
			if (state != 5) print "it ends in the middle, or is empty"
			else close_block()
		}' "$1")
	expect_equal "what is wrong with $PROC" "$problem" ''
}

# total_in <file> <interface>: its total in one read.
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

# count_in <file> <interface> <station, or (untracked)>: 0 when there is no such row.
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

# total_is <n>: of $PORT, now. What was read is in $TMP/read.
total_is()
{
	read_proc "$TMP/read" && [ "$(total_in "$TMP/read" "$PORT")" = "$1" ]
}

# expect_total <n>: so many frames are counted on $PORT, in a well-formed read.
# Frames may still be in the backlog of another CPU, hence the waiting.
expect_total()
{
	wait_until total_is "$1" || :
	expect_equal "the total" "$(total_in "$TMP/read" "$PORT")" "$1"
	expect_well_formed "$TMP/read"
}

# expect_total_now <n>: without waiting.
expect_total_now()
{
	read_proc "$TMP/read"
	expect_equal "the total" "$(total_in "$TMP/read" "$PORT")" "$1"
}

# expect_station <station> <n>: in the read that expect_total has left.
expect_station() { expect_equal "frames of $1" "$(count_in "$TMP/read" "$PORT" "$1")" "$2"; }

# expect_stations <n>: rows of stations in that read.
expect_stations() { expect_equal "stations" "$(stations_in "$TMP/read" "$PORT")" "$1"; }

