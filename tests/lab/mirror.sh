#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mirror.sh [--kernel NAME]: test make demo INTERFACE=..., with an interface in a namespace of
# this test.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# With job control, a background job is a process group, and receives interrupts.
set -m
kernel=default
[ "${1:-}" != --kernel ] || kernel=$2

work=$scratch
ns=l2pc-test-$$
demo=''

# A running demo has its own process group.
cleanup() {
	[ -z "$demo" ] || { kill -TERM -- -"$demo" && wait "$demo"; } 2>/dev/null
	ip netns del "$ns" 2>/dev/null
}

ip netns add $ns 2>/dev/null || skip "network namespaces need root"
inside() { ip netns exec $ns "$@"; }
inside ip link add l2pct0 type veth peer name l2pct1
for dev in l2pct0 l2pct1; do inside ip link set $dev addrgenmode none up; done
{ inside tc qdisc add dev l2pct0 clsact && inside tc qdisc del dev l2pct0 clsact; } 2>/dev/null ||
	skip "this machine's kernel has no clsact"
cc -O2 -o "$work/replay" "$top/tests/vm/helpers/replay.c" || exit

# leftovers: print everything that a demo could leave.
leftovers() {
	inside ip -o link | awk '{ print $2 }'
	inside tc qdisc show
	inside tc filter show dev l2pct0 ingress
	ls "$work/tmp"
	pgrep -f "path=$work/tmp" || :
}
mkdir "$work/tmp"
leftovers >"$work/before"

# demo SECONDS: start the demo in the background, as a terminal does, and set $demo.
demo() {
	: >"$work/output"
	ip netns exec $ns env TMPDIR="$work/tmp" make -C "$top" demo KERNEL="$kernel" INTERFACE=l2pct0 SECONDS="$1" \
		>"$work/output" 2>&1 &
	demo=$!
	until grep -q 'copying frames' "$work/output"; do
		kill -0 $demo 2>/dev/null || break
		sleep 0.2
	done
}

# expect_nothing_left: fail unless the machine is as it was before the demo.
expect_nothing_left() {
	leftovers >"$work/after"
	expect_same "the state of the machine" "$work/after" "$work/before"
}

# 5,000 frames from 20 addresses, each with a different number of frames.
for i in $(seq 20); do
	printf '02ffffffff01 0200000000%02x 88b5 x%d\n' "$i" $((i * 20 + 40))
done >"$work/frames"
for i in $(seq 20 -1 1); do
	printf '02:00:00:00:00:%02x %12d\n' "$i" $((i * 20 + 40))
done >"$work/want"

demo 8
sent=$(inside "$work/replay" l2pct1 - <"$work/frames")
status=0
wait $demo || status=$?
demo=''
tac "$work/output" | sed '/^Total packets/q' | tac | grep '^02:' >"$work/got"
counted() {
	cat "$work/output"
	expect_equal "exit status" "$status" 0
	expect_equal "frames sent" "$sent" 5000
	expect_same "rows" "$work/got" "$work/want"
}
suite_run counts_5000_frames_of_20_stations counted
suite_run leaves_nothing_behind expect_nothing_left

demo 60
kill -INT -- "-$demo"
status=0
wait $demo || status=$?
demo=''
interrupted() {
	cat "$work/output"
	expect_number "exit status" "$status" -gt 0
	expect_nothing_left
}
suite_run leaves_nothing_behind_after_an_interrupt interrupted
suite_end
