#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 25 s
# lab: --cpus 2 --mem 1024 --timeout 300
# Bad input: a clear message that names what is wrong, an error code, and
# nothing changed or left behind.
. /l2pc/tests/lib/vm.sh
. /l2pc/tests/lib/module.sh

setup() {
	veth_pair eth0 cable
	messages_begin
}

teardown() {
	unload_if_loaded
	ip link del eth0
}

# refused ERROR-TEXT MESSAGE PARAMETER...
refused() {
	local error=$1 message=$2 said
	shift 2
	if said=$(load "$@" 2>&1); then fail "loaded with $*"; fi
	case $said in *"$error"*) ;; *) fail "insmod said '$said', not '$error'" ;; esac
	case $(messages) in *"$message"*) ;; *) fail "the log says '$(messages)', not '$message'" ;; esac
	[ ! -e $proc ] || fail "$proc is left"
	[ ! -d /sys/module/l2packet_counter ] || fail "the module is left"
	# Nothing holds the device: it can be taken by others.
	ip link add name probe type bridge
	ip link set eth0 master probe
	ip link del probe
}

test_unknown_interface() { refused "No such device" "interface nope0: no such device" interface=nope0; }
test_loopback() { refused "Invalid parameters" "interface lo: a loopback device" interface=lo; }
test_empty_name() { refused "Invalid parameters" "empty name" interface=; }
test_empty_name_in_a_list() { refused "Invalid parameters" "empty name" interface=eth0,,cable; }
test_comma_at_the_end() { refused "Invalid parameters" "empty name" interface=eth0,; }
test_name_too_long() { refused "Invalid parameters" "interface a234567890123456: the name is too long" interface=a234567890123456; }
test_name_of_1000_characters() { refused "Invalid parameters" "the name is too long" interface="$(printf 'x%.0s' {1..1000})"; }
test_named_twice() { refused "Invalid parameters" "interface eth0: named twice" interface=eth0,cable,eth0; }
test_good_then_unknown() { refused "No such device" "interface nope0: no such device" interface=eth0,nope0; }
test_good_then_loopback() { refused "Invalid parameters" "interface lo" interface=cable,eth0,lo; }

test_more_than_64_names() {
	refused "Invalid parameters" "more than 64 names" interface="$(seq -s, -f 'a%g' 65)"
}

test_not_ethernet() {
	ip tuntap add tun9 mode tun
	refused "Invalid parameters" "interface tun9: not an Ethernet device" interface=tun9
	ip tuntap del tun9 mode tun
}

# It says that it is Ethernet, but its packets have no header.
test_tun_that_says_ethernet() {
	linktype tun tun9 1 ip link show tun9 | grep -q link/ether || skip "this kernel's tun does not say so"
	linktype tun tun9 1 bash -c '. /l2pc/tests/lib/module.sh; load interface=tun9' >/tmp/said 2>&1 &&
		fail "loaded with tun9"
	case $(messages) in *"interface tun9: not an Ethernet device"*) ;; *) fail "the log says '$(messages)'" ;; esac
}

test_rx_handler_taken() {
	ip link add br9 type bridge
	ip link set eth0 master br9
	if load 2>/dev/null; then
		# The module found another way in: then it must count.
		unload
	else
		case $(messages) in *"belongs to br9"*) ;; *) fail "the log says '$(messages)'" ;; esac
	fi
	ip link del br9
}

test_bad_numbers_at_load() {
	refused "Invalid parameters" "parameter reset_interval: \"-1\" is not a number from 0 to" reset_interval=-1
	refused "Invalid parameters" "parameter reset_interval: \"soon\"" reset_interval=soon
	refused "Invalid parameters" "parameter max_stations: \"0\" is not a number from 1 to" max_stations=0
	refused "Invalid parameters" "parameter max_stations: \"99999999999\"" max_stations=99999999999
}

test_hooks() {
	local hook
	refused "Invalid parameters" "parameter hook: \"tc\" is not tap or rx_handler" hook=tc
	for hook in tap rx_handler; do
		load hook=$hook
		check_eq "hook" "$(cat /sys/module/l2packet_counter/parameters/hook)" $hook
		if (echo tap >/sys/module/l2packet_counter/parameters/hook) 2>/dev/null; then fail "hook is writable"; fi
		unload
	done
	# Of version 2.0.
	for hook in auto ingress; do
		messages_begin
		load hook=$hook
		check_eq "hook" "$(cat /sys/module/l2packet_counter/parameters/hook)" tap
		case $(messages) in *"parameter hook: \"$hook\" is taken as tap"*) ;; *) fail "the log says '$(messages)'" ;; esac
		unload
	done
}

# stays PARAMETER VALUE: refused at run time, the old value stays.
stays() {
	local file=/sys/module/l2packet_counter/parameters/$1 before
	before=$(cat "$file")
	if (echo "$2" >"$file") 2>/dev/null; then fail "$1 took '$2'"; fi
	check_eq "$1 after '$2'" "$(cat "$file")" "$before"
}

test_bad_numbers_at_run_time() {
	load reset_interval=7 max_stations=1234
	for bad in -1 x '' 1x 31536001 4294967296 18446744073709551616; do stays reset_interval "$bad"; done
	for bad in 0 -1 x '' 16777217 4294967296; do stays max_stations "$bad"; done
	if (echo eth1 >/sys/module/l2packet_counter/parameters/interface) 2>/dev/null; then fail "interface is writable"; fi
	for good in 0 1 31536000; do echo $good >/sys/module/l2packet_counter/parameters/reset_interval; done
	for good in 1 4000000 16777216; do echo $good >/sys/module/l2packet_counter/parameters/max_stations; done
	check_eq max_stations "$(cat /sys/module/l2packet_counter/parameters/max_stations)" 16777216
}

test_unknown_parameter_is_not_silent() {
	load nonsense=1
	case $(messages) in *"unknown parameter 'nonsense'"*) ;; *) fail "the log says '$(messages)'" ;; esac
}

test_bad_writes_to_proc() {
	load reset_interval=0
	echo "02ffffffff01 020000000001 88b5 x5" | replay cable -
	check_eq total "$(total)" 5
	# write(2) of exactly these bytes, in one go.
	# shellcheck disable=SC2059 # a format with escapes is meant
	put() { printf "$1" | dd of=$proc bs=2M iflag=fullblock conv=notrunc status=none 2>/dev/null; }
	for bad in x '\n' '\0' RESET 'reset ' ' reset' 'reset\n\n' 'reset\0' 'rese' 'reset0' 'reset\r\n' 'resetreset'; do
		if put "$bad"; then fail "took '$bad'"; fi
	done
	if dd if=/dev/zero of=$proc bs=1M count=1 conv=notrunc status=none 2>/dev/null; then fail "took 1 MiB of zeros"; fi
	if dd if=/dev/urandom of=$proc bs=1M count=1 conv=notrunc status=none 2>/dev/null; then fail "took 1 MiB of noise"; fi
	check_eq "write of nothing" "$(procwrite '' 2>&1)" "Invalid argument"
	check_eq total "$(total)" 5
	put 'reset'
	check_eq "total after reset without newline" "$(total)" 0
	echo "02ffffffff01 020000000001 88b5 x3" | replay cable -
	check_eq total "$(total)" 3
	put 'reset\n'
	check_eq "total after reset with newline" "$(total)" 0
}

test_only_root_writes() {
	load reset_interval=0
	check_eq "mode" "$(stat -c %a $proc)" 644
	echo "02ffffffff01 020000000001 88b5 x5" | replay cable -
	# Root of a user namespace, without a capability in ours.
	if unshare -U -r sh -c "echo reset >$proc" 2>/dev/null; then fail "root of a user namespace reset the counts"; fi
	check_eq total "$(unshare -U cat $proc | awk '/^Total/ { print $3 }')" 5
}
