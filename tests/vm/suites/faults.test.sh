#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: debug gcov
# because: needs a kernel with fault injection
# lab: --cpus 2 --mem 1024 --timeout 900
# Each allocation in turn fails while the module is loaded and unloaded, and while ports
# are added, set, read, reset and deleted; random allocations fail while frames arrive.
# Errors are reported, no operation is half done, and totals are exact. Needs a kernel with
# fault injection; these kernels also detect leaks.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

debug=/sys/kernel/debug
kinds='failslab fail_page_alloc'

setup() {
	local dev
	[ -e /proc/self/fail-nth ] && [ -d $debug/failslab ] && [ -d $debug/fail_page_alloc ] ||
		skip "this kernel cannot inject faults"
	for dev in eth0 eth1 eth2; do
		ip link add $dev type dummy
		ip link set $dev up
	done
}

teardown() {
	[ ! -d $debug/failslab ] || faults_end
	pktgen_clear
	unload_if_loaded
	links_del eth0 eth1 eth2
}

# faults_in FROM TO [PERCENT]: injects faults into the allocations of code at these addresses
# and of the functions it calls. PERCENT of them fail; without PERCENT, failat selects them.
faults_in() {
	local kind
	for kind in $kinds; do
		cd $debug/"$kind"
		echo 0 >verbose
		echo N >ignore-gfp-wait
		echo -1 >"times"
		echo 1 >interval
		echo 32 >stacktrace-depth
		echo "$1" >require-start
		echo "$2" >require-end
		echo "${3:-0}" >probability
		[ "$kind" = failslab ] || {
			echo N >ignore-gfp-highmem
			echo 0 >min-order
		}
	done
	cd /l2pc
}

faults_end() {
	local kind
	for kind in $kinds; do echo 0 >"$debug/$kind/probability"; done
}

# faults_in_module [PERCENT]: injects faults into the module.
faults_in_module() {
	local start size
	start=$(cat /sys/module/l2packet_counter/sections/.text)
	size=$(awk '$1 == "l2packet_counter" { print $2 }' /proc/modules)
	faults_in "$start" "$(printf '0x%x' $((start + size)))" "$@"
}

# faults_in_init: injects faults into the calls of do_one_initcall(), because the address of
# the module's init function is not known before loading.
faults_in_init() {
	# shellcheck disable=SC2046 # two words
	faults_in $(awk '{ print "0x" $1, $3 }' /proc/kallsyms | LC_ALL=C sort |
		awk 'found { print found, $1; exit } $2 == "do_one_initcall" { found = $1 }')
}

frames() {
	pktgen_thread 0 eth0 5000 400
	pktgen_thread 1 eth1 3000 300
	pktgen_run
	pktgen_clear
}

test_load() {
	faults_in_init
	failat load /l2pc/l2packet_counter.ko "interface=eth0,eth1 reset_interval=0"
}

test_unload() {
	load interface=eth0
	faults_in_module
	unload
	# failat loads the module again. If it got other addresses, no allocation would fail.
	failat unload /l2pc/l2packet_counter.ko "interface=eth0,eth1 reset_interval=0"
}

test_ports() {
	load interface=eth0 reset_interval=0
	# With a listener, events are sent, which allocates memory.
	listen /tmp/events
	faults_in_module
	failat add eth2
	failat del eth2
	failat set eth0
	failat get eth0
	kill $listener || :
	expect_equal "ports" "$(grep -c Interface: $proc)" 1
}

# function_at NAME: prints where a function of the module starts, and where the next one does.
function_at() {
	awk -v name="$1" '$4 == "[l2packet_counter]" { print "0x" $1, $3 }' /proc/kallsyms | LC_ALL=C sort |
		awk -v name="$1" 'found && $1 != found { print found, $1; exit } $2 == name { found = $1 }'
}

# A device comes back, and the hook for sent frames cannot be registered. No event of the
# device follows, and it is counted nevertheless when there is memory again.
test_hook_of_a_device_that_came_back() {
	load interface=eth1 tx=1 reset_interval=0
	ip link del eth1
	# shellcheck disable=SC2046 # two words
	faults_in $(function_at l2pc_egress_register) 100
	ip link add eth1 type dummy
	ip link set eth1 up
	expect_equal "the state without memory" "$(port_value state eth1) $(port_value hook eth1)" "unsupported none"
	sleep 3
	expect_equal "the state without memory" "$(port_value state eth1) $(port_value hook eth1)" "unsupported none"
	faults_end
	counting() { [ "$(port_value state eth1)" = counting ]; }
	wait_for "the port to count" counting
	pktgen_thread 0 eth1 5000 400
	pktgen_run
	pktgen_clear
	expect_equal "frames" "$(total)" 5000
	echo "02000000000b 020000000003 88b5 x40" | replay eth1 - >/dev/null
	expect_equal "sent frames" "$(totals_of lifetime tx_packets eth1)" 40
}

test_readers() {
	load interface=eth0,eth1 reset_interval=0
	frames
	faults_in_module
	failat dump 700
	failat proc-read 711
	expect_equal "frames of eth0" "$(total)" 5000
}

# Small buffers: they are not mapped when kmalloc() fails.
test_readers_with_small_buffers() {
	load interface=eth0,eth1 reset_interval=0
	pktgen_thread 0 eth0 500 10
	pktgen_thread 1 eth1 300 5
	pktgen_run
	pktgen_clear
	faults_in_module
	failat dump 15
	failat proc-read 26
	expect_equal "frames of eth0" "$(total)" 500
}

test_resets() {
	load interface=eth0,eth1 reset_interval=0
	frames
	faults_in_module
	failat reset
	for _ in 1 2 3 4 5; do
		frames
		failat proc-reset
	done
	expect_equal "frames in the lifetime of eth0" "$(totals_of lifetime packets eth0)" 30000
	expect_equal "frames in the lifetime of eth1" "$(totals_of lifetime packets eth1)" 18000
	expect_equal "frames in the open window of eth0" "$(totals_of window packets eth0)" 0
}

# No two free pages lie side by side: everything of more than a page is mapped page by page,
# and softirq gets no table but its spare.
test_single_pages() {
	local window
	load interface=eth0 reset_interval=0
	faults_in_module 100
	echo 0 >$debug/failslab/probability
	echo 1 >$debug/fail_page_alloc/min-order
	for window in 1 2 3; do
		pktgen_thread 0 eth0 60000 $((window * 10000))
		pktgen_thread 1 eth0 60000 $((window * 10000))
		pktgen_run
		pktgen_clear
		expect_equal "frames of window $window" "$(totals_of window packets eth0)" 120000
		l2pc reset >/dev/null
	done
	faults_end
	expect_equal "frames in the lifetime" "$(totals_of lifetime packets eth0)" 360000
	grep -q ' vmap' /proc/vmallocinfo || fail "areas of single pages" "some that are mapped" "none"
}

# Growth, resets, expiry and background work: a third of all allocations fails, in
# softirq and in process context.
test_traffic_and_background_work() {
	load interface=eth0,eth1 reset_interval=1
	l2pc set eth0 station-timeout 2
	listen /tmp/events
	faults_in_module 30
	pktgen_thread 0 eth0 60000 20000
	pktgen_thread 1 eth0 60000 15000 02:10:00:00:00:00
	pktgen_thread 0 eth1 20000 30
	pktgen_run
	faults_end
	cat $pktgen_dir/eth*
	expect_equal "frames sent" "$(pktgen_sent 0 eth0) $(pktgen_sent 1 eth0) $(pktgen_sent 0 eth1)" "60000 60000 20000"
	pktgen_clear
	# The listener may have exited: after lost events it sends a request, which may fail.
	kill $listener || :
	expect_equal "frames in the lifetime of eth0" "$(totals_of lifetime packets eth0)" 120000
	expect_equal "frames in the lifetime of eth1" "$(totals_of lifetime packets eth1)" 20000
	# The module works as before.
	l2pc set eth1 reset-interval 0
	l2pc reset >/dev/null
	pktgen_thread 0 eth1 5000 50
	pktgen_run
	expect_equal "stations afterwards" "$(stations window eth1 | wc -l)" 50
	expect_equal "untracked afterwards" "$(totals_of window untracked_packets eth1)" 0
}
