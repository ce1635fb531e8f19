#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 40 s
# lab: --cpus 2 --mem 2048 --timeout 900 --append rcupdate.rcu_expedited=1
# The module is loaded and unloaded repeatedly, under full traffic, with readers, and leaks
# no memory. L2PC_CYCLES is the number of cycles (default 10; make -C tests long: 200).
# Grace periods are expedited here: a cycle has ten, and under software emulation with a
# busy CPU each would take 0.2 s.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh

stop=/tmp/stop

setup() { rm -f $stop*; }

teardown() {
	touch $stop
	echo stop >$pktgen_dir/pgctrl
	pktgen_clear
	unload_if_loaded
	ip link del dummy9
}

# churn N: loads and unloads the module N times.
churn() {
	local i
	for ((i = 0; i < $1; i++)); do
		load interface=dummy9
		unload
	done
}

test_cycles_under_traffic_leave_nothing() {
	local before after i readers=()
	ip link add dummy9 type dummy
	ip link set dummy9 up
	pktgen_thread 1 dummy9 0 5000
	pktgen_run &
	for i in 1 2; do
		(until [ -e $stop ]; do cat $proc || true; done >/dev/null 2>&1) &
		readers+=($!)
	done
	# A first run fills the kernel's own caches.
	churn 10
	before=$(memory)
	churn "${L2PC_CYCLES:-10}"
	after=$(memory)
	touch $stop
	echo stop >$pktgen_dir/pgctrl
	wait "${readers[@]}"
	wait
	echo "kB before $before, after $after"
	memory_tells || return 0
	# A leaked port of two CPUs is two tables of at least 8 KiB, and a busy port
	# has 256 KiB. The kernel's own caches grow by less.
	expect_number "kB that memory grew" $((after - before)) -lt 600
}
