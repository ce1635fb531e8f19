#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 90 s
# lab: --icount --mem 2048 --timeout 1800
# What ports cost as they become many, in instructions: a virtual nanosecond is one.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh

teardown() { unload_if_loaded; }

# added_in COUNT: prints the thousands of instructions of one process that adds COUNT ports.
added_in() { seq -f 'd%.0f' 0 $(($1 - 1)) | ip netns exec many portctl add; }

test_add_is_not_quadratic() {
	local few all i
	ip netns add many
	for ((i = 0; i < 4096; i++)); do echo "link add d$i type dummy"; done | ip -n many -batch -
	load interface=none
	few=$(added_in 256)
	unload
	load interface=none
	all=$(added_in 4096)
	echo "256 ports in $few thousand instructions, 4096 in $all" >&2
	[ "$all" -le $((20 * few)) ] || fail "cost of 4096 ports" "at most 20 times $few" "$all"
}
