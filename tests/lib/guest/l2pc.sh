# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites: counts, settings and events, read over netlink by the tool l2pc.

# stations VIEW DEV: prints a sorted line `MAC VLAN PACKETS BYTES` for each station; VLAN is
# - without one.
stations() { l2pc -j show "--$1" "$2" | station_lines | LC_ALL=C sort; }

# station_lines: converts the output of `l2pc -j show` to such lines.
station_lines() {
	tr '{' '\n' | awk '
		function value(key) {
			if (!match($0, "\"" key "\":\"?[0-9a-f:]+")) return "-"
			key = substr($0, RSTART, RLENGTH)
			sub(/^"[a-z_]*":"?/, "", key)
			return key
		}
		/^"mac":/ { print value("mac"), value("vlan"), value("packets"), value("bytes") }'
}

# totals_of VIEW KEY DEV: prints one of a port's sums.
totals_of() {
	l2pc -j port "$3" | tr '{' '\n' | awk -v view="$1" -v key="$2" '
		found && match($0, "\"" key "\":[0-9]+") {
			value = substr($0, RSTART, RLENGTH)
			sub(/.*:/, "", value)
			print value
			exit
		}
		{ found = index($0, "\"" view "\":") == length($0) - length(view) - 2 }'
}

# port_value KEY DEV: prints one of a port's settings, or its hook.
port_value() {
	l2pc -j port "$2" | sed 's/[{,}]/\n/g' | awk -F: -v key="\"$1\"" '$1 == key { gsub("\"", "", $2); print $2; exit }'
}

# listen FILE: starts l2pc monitor in the background, with its output in FILE. Returns when
# the monitor listens.
listen() {
	local file=$1
	: >"$file.err"
	l2pc monitor >"$file" 2>"$file.err" &
	# shellcheck disable=SC2034 # the suites'
	listener=$!
	wait_for "the listener" grep -q listening "$file.err"
}

# expect_event FILE TEXT: waits until an event in FILE matches TEXT.
expect_event() { wait_for "the event '$2'" grep -q -- "$2" "$1"; }
