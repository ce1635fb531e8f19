#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 80 s
# lab: --cpus 2 --mem 2048 --timeout 2400
# Taps that come and go, as a hypervisor makes and deletes them: ports of a pattern, whose
# memory is given back, and whose frames are all counted.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh

teardown() {
	touch /tmp/stop
	unload_if_loaded
	wait
	for dev in /sys/class/net/tap*; do ip link del "${dev##*/}"; done
} 2>/dev/null

# come_and_go ROUNDS: a device that is made, receives and is deleted, again and again.
come_and_go() {
	local i
	for ((i = 0; i < $1; i++)); do
		ip link add "tap$2$i" type veth peer name "cable$2"
		ip link set "tap$2$i" up addrgenmode none
		ip link set "cable$2" up addrgenmode none
		echo "02ffffffff01 020000000001 88b5 x20" | replay "cable$2" - >/dev/null
		ip link del "tap$2$i"
	done
}

test_taps_come_and_go() {
	local before after rounds=$((${L2PC_TAPS:-30} / scale / 3))
	load interface=none reset_interval=1
	portctl add 'tap*' keep 0
	come_and_go 5 a
	before=$(memory_settled)
	come_and_go $rounds a &
	come_and_go $rounds b
	wait
	no_ports() { [ -z "$(portctl ports)" ]; }
	wait_for "all ports to go" no_ports
	after=$(memory_settled)
	memory_tells || return 0
	[ $((after - before)) -lt 2000 ] || fail "memory in kB" "what it was, $before" "$after"
	# Those that are kept have all their frames.
	portctl del 'tap*'
	portctl add 'tap*' keep 3600
	come_and_go 10 c
	expect_equal "ports and frames" "$(portctl ports | awk '{ n++; sum += $8 } END { print n, sum }')" "10 200"
}

test_unloaded_while_taps_come_and_go() {
	local i
	come_and_go 12 d &
	for ((i = 0; i < 4; i++)); do
		load interface='tap*' reset_interval=1 keep=1
		sleep 0.3
		unload
	done
	wait
}

# --- a hypervisor -----------------------------------------------------------------------

# `make -C tests long` has 300.
taps=$((${L2PC_TAPS:-100} / scale))

# tap_make NAME: and its other end, NAMEc.
tap_make() {
	ip link add "$1" type veth peer name "$1c"
	ip link set "$1" up addrgenmode none
	ip link set "$1c" up addrgenmode none
}

# frames_at N NAME: from the other end.
frames_at() { echo "02ffffffff01 020000000001 88b5 x$1" | replay "$2c" - >/dev/null; }

# hypervisor FIRST LAST: each tap in turn is replaced, and gets its first frames; another gets
# some more. No tap goes right after its frames, so that all of them have arrived. The frames
# of each round are a line of /tmp/sent.FIRST.
hypervisor() {
	local i=$1 half=$((($2 - $1) / 2))
	until [ -e /tmp/stop ]; do
		ip link del "tap$i"
		tap_make "tap$i"
		frames_at 20 "tap$i"
		frames_at 30 "tap$(($1 + (i - $1 + half) % ($2 - $1 + 1)))"
		echo 50
		i=$((i < $2 ? i + 1 : $1))
	done >"/tmp/sent.$1"
}

# resets: all windows, again and again; a line each: windows and packets.
resets() { until [ -e /tmp/stop ]; do portctl reset; done >/tmp/resets; }

taps_gone() { ip -batch - < <(seq -f 'link del tap%.0f' 0 $((taps - 1))); }

added_up() { awk -v field="$1" '{ sum += $field } END { print sum + 0 }' "${@:2}"; }

# For at least 10 s, or L2PC_SECONDS: every frame is in one closed window, or the open one.
test_taps_are_replaced_under_traffic() {
	local i end before after sent closed replaced=0 jobs=()
	rm -f /tmp/stop
	load interface=none reset_interval=0
	for ((i = 0; i < taps; i++)); do tap_make "tap$i"; done
	taps_gone
	before=$(memory_settled)
	portctl add 'tap*' keep 3600
	for ((i = 0; i < taps; i++)); do tap_make "tap$i"; done 2>/dev/null
	hypervisor 0 $((taps / 2 - 1)) &
	jobs+=($!)
	hypervisor $((taps / 2)) $((taps - 1)) &
	jobs+=($!)
	resets &
	jobs+=($!)
	# Longer on a slow machine, until enough taps were replaced.
	for ((end = SECONDS + ${L2PC_SECONDS:-10}; SECONDS < end || (replaced <= 20 && SECONDS < end + 600); )); do
		sleep 1
		replaced=$(cat /tmp/sent.* | wc -l)
	done
	touch /tmp/stop
	wait "${jobs[@]}"
	sent=$(added_up 1 /tmp/sent.*)
	closed=$(added_up 2 /tmp/resets)
	portctl ports | grep '^tap[0-9]* ' >/tmp/ports
	echo "$sent frames, $(wc -l </tmp/resets) resets, $((sent / 50)) taps replaced" >&2
	expect_equal "ports" "$(wc -l </tmp/ports)" "$taps"
	expect_equal "closed windows and open ones" $((closed + $(added_up 6 /tmp/ports))) "$sent"
	expect_equal "lifetimes" "$(added_up 8 /tmp/ports)" "$sent"
	expect_number "taps that were replaced" $((sent / 50)) -gt 20
	expect_number "resets" "$(wc -l </tmp/resets)" -gt 5
	portctl del 'tap*'
	taps_gone
	after=$(memory_settled)
	memory_tells || return 0
	[ $((after - before)) -lt 2000 ] || fail "memory in kB" "what it was, $before" "$after"
}
