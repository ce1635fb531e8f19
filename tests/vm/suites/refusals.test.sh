#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 25 s
# lab: --cpus 2 --mem 1024 --timeout 300
# Bad input: a clear message that names what is wrong, an error code, and
# nothing changed or left behind.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh

setup() {
	veth_pair eth0 cable
	messages_begin
}

teardown() {
	unload_if_loaded
	ip link del eth0
}

# expect_no_load ERROR-TEXT MESSAGE PARAMETER...
expect_no_load() {
	local error=$1 message=$2
	shift 2
	expect_refused "$error" load "$@"
	expect_message "$message"
	expect_absent $proc /sys/module/l2packet_counter
	# Nothing holds the device: it can be taken by others.
	ip link add name probe type bridge
	ip link set eth0 master probe
	ip link del probe
}

test_unknown_interface() { expect_no_load "No such device" "interface nope0: no such device" interface=nope0; }
test_loopback() { expect_no_load "Invalid parameters" "interface lo: a loopback device" interface=lo; }
test_empty_name() { expect_no_load "Invalid parameters" "empty name" interface=; }
test_empty_name_in_a_list() { expect_no_load "Invalid parameters" "empty name" interface=eth0,,cable; }
test_comma_at_the_end() { expect_no_load "Invalid parameters" "empty name" interface=eth0,; }
test_name_of_16_characters() { expect_no_load "No such device" "interface a234567890123456: no such device" interface=a234567890123456; }
test_name_of_128_characters() { expect_no_load "Invalid parameters" "the name is too long" interface="$(printf 'x%.0s' {1..128})"; }
test_name_of_1000_characters() { expect_no_load "Invalid parameters" "the name is too long" interface="$(printf 'x%.0s' {1..1000})"; }
test_named_twice() { expect_no_load "Invalid parameters" "interface eth0: named twice" interface=eth0,cable,eth0; }
test_good_then_unknown() { expect_no_load "No such device" "interface nope0: no such device" interface=eth0,nope0; }
test_good_then_loopback() { expect_no_load "Invalid parameters" "interface lo" interface=cable,eth0,lo; }

test_more_than_64_patterns() {
	expect_no_load "No space left on device" "there are 64 patterns already" interface="$(seq -s, -f 'a%g*' 65)"
}

test_not_ethernet() {
	ip tuntap add tun9 mode tun
	expect_no_load "Invalid parameters" "interface tun9: not an Ethernet device" interface=tun9
	ip tuntap del tun9 mode tun
}

# It says that it is Ethernet, but its packets have no header.
test_tun_that_says_ethernet() {
	linktype tun tun9 1 ip link show tun9 | grep -q link/ether || skip "this kernel's tun does not say so"
	expect_failure "loading with tun9" \
		linktype tun tun9 1 bash -c '. /l2pc/tests/lib/guest/module.sh; load interface=tun9'
	expect_message "interface tun9: not an Ethernet device"
}

test_rx_handler_taken() {
	ip link add br9 type bridge
	ip link set eth0 master br9
	if load 2>/dev/null; then
		# The module found another way in: then it must count.
		unload
	else
		expect_message "belongs to br9"
	fi
	ip link del br9
}

test_bad_numbers_at_load() {
	expect_no_load "Invalid parameters" "parameter reset_interval: \"-1\" is not a number from 0 to" reset_interval=-1
	expect_no_load "Invalid parameters" "parameter reset_interval: \"soon\"" reset_interval=soon
	expect_no_load "Invalid parameters" "parameter max_stations: \"0\" is not a number from 1 to" max_stations=0
	expect_no_load "Invalid parameters" "parameter max_stations: \"99999999999\"" max_stations=99999999999
}

test_hooks() {
	local hook
	expect_no_load "Invalid parameters" "parameter hook: \"tc\" is not tap or rx_handler" hook=tc
	for hook in tap rx_handler; do
		load hook=$hook
		expect_equal "hook" "$(cat /sys/module/l2packet_counter/parameters/hook)" $hook
		expect_failure "writing hook" set_parameter hook tap
		unload
	done
	# Of version 2.0.
	for hook in auto ingress; do
		messages_begin
		load hook=$hook
		expect_equal "hook" "$(cat /sys/module/l2packet_counter/parameters/hook)" tap
		expect_message "parameter hook: \"$hook\" is taken as tap"
		unload
	done
}

# expect_unchanged PARAMETER VALUE: refused at run time, the old value stays.
expect_unchanged() {
	local file=/sys/module/l2packet_counter/parameters/$1 before
	before=$(cat "$file")
	expect_failure "$1 = '$2'" set_parameter "$1" "$2"
	expect_equal "$1 after '$2'" "$(cat "$file")" "$before"
}

test_bad_numbers_at_run_time() {
	load reset_interval=7 max_stations=1234
	for bad in -1 x '' 1x 31536001 4294967296 18446744073709551616; do expect_unchanged reset_interval "$bad"; done
	for bad in 0 -1 x '' 16777217 4294967296; do expect_unchanged max_stations "$bad"; done
	expect_failure "writing interface" set_parameter interface eth1
	for good in 0 1 31536000; do echo $good >/sys/module/l2packet_counter/parameters/reset_interval; done
	for good in 1 4000000 16777216; do echo $good >/sys/module/l2packet_counter/parameters/max_stations; done
	expect_equal max_stations "$(cat /sys/module/l2packet_counter/parameters/max_stations)" 16777216
}

test_unknown_parameter_is_not_silent() {
	load nonsense=1
	expect_message "unknown parameter 'nonsense'"
}

test_bad_writes_to_proc() {
	load reset_interval=0
	echo "02ffffffff01 020000000001 88b5 x5" | replay cable -
	expect_equal total "$(total)" 5
	# write(2) of exactly these bytes, in one go.
	# shellcheck disable=SC2059 # a format with escapes is meant
	put() { printf "$1" | dd of=$proc bs=2M iflag=fullblock conv=notrunc status=none 2>/dev/null; }
	for bad in x '\n' '\0' RESET 'reset ' ' reset' 'reset\n\n' 'reset\0' 'rese' 'reset0' 'reset\r\n' 'resetreset'; do
		expect_failure "writing '$bad'" put "$bad"
	done
	expect_failure "writing 1 MiB of zeros" dd if=/dev/zero of=$proc bs=1M count=1 conv=notrunc status=none
	expect_failure "writing 1 MiB of noise" dd if=/dev/urandom of=$proc bs=1M count=1 conv=notrunc status=none
	expect_equal "write of nothing" "$(procwrite '' 2>&1)" "Invalid argument"
	expect_equal total "$(total)" 5
	put 'reset'
	expect_equal "total after reset without newline" "$(total)" 0
	echo "02ffffffff01 020000000001 88b5 x3" | replay cable -
	expect_equal total "$(total)" 3
	put 'reset\n'
	expect_equal "total after reset with newline" "$(total)" 0
}

test_only_root_writes() {
	load reset_interval=0
	expect_equal "mode" "$(stat -c %a $proc)" 644
	echo "02ffffffff01 020000000001 88b5 x5" | replay cable -
	# Root of a user namespace, without a capability in ours.
	expect_failure "a reset by root of a user namespace" unshare -U -r sh -c "echo reset >$proc"
	expect_equal total "$(unshare -U cat $proc | awk '/^Total/ { print $3 }')" 5
}
