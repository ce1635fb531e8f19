#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# The basic tests: ten cases, each for one feature of the module that a user sees.

# shellcheck disable=SC2317 # run_case calls the cases

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
# shellcheck source=tests/lib/guest/script.sh
. tests/lib/guest/script.sh || exit 2

case_build()
{
	local field

	expect_match "the licence" "$(modinfo -F license "$MODULE_FILE")" '^GPL( v2)?$'
	expect_match "the description" "$(modinfo -F description "$MODULE_FILE")" .
	field=$(modinfo -F vermagic "$MODULE_FILE")
	expect_equal "the kernel it is built for (else: make clean build)" "${field%% *}" "$(uname -r)"
	modinfo -F parm "$MODULE_FILE" >"$TMP/parameters"
	for field in interface reset_interval max_stations; do
		expect_line "$TMP/parameters" "^$field:"
	done
}

case_load()
{
	load interface="$INTERFACE"
	expect_present "$SYS_MODULE"
	expect_line /proc/modules "^$MODULE "
}

case_proc_file()
{
	load interface="$INTERFACE"
	expect_present "$PROC"
	expect_equal "mode and owner of $PROC" "$(stat -c '%a %u:%g' "$PROC")" "644 0:0"
	expect_number "bytes of $PROC" "$(wc -c <"$PROC")" -gt 0
}

case_format()
{
	local expected

	load interface="$INTERFACE" reset_interval=0
	read_proc "$TMP/read" && expect_well_formed "$TMP/read"
	expect_equal "the first line" "$(sed -n 1p "$TMP/read")" "Interface: $INTERFACE"
	expect_equal "blocks" "$(grep -c '^Interface: ' "$TMP/read")" 1

	# A port that has received nothing shows only these lines.
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0
	read_proc "$TMP/read" && expect_well_formed "$TMP/read"
	expected="
Interface: $PORT
Total packets: 0
MAC Address Statistics:
MAC Address        Packet Count
------------------ ------------"
	expect_equal "the second port's block" "$(tail -n 6 "$TMP/read")" "$expected"
}

case_unknown_interface()
{
	expect_refused 'no such device' nosuchdev0 interface=nosuchdev0
	# One invalid name refuses the whole list: the valid interface is not counted either.
	expect_refused 'no such device' nosuchdev0 interface="$INTERFACE,nosuchdev0"
	load interface="$INTERFACE"
}

case_loopback()
{
	expect_refused 'invalid' lo interface=lo
	expect_refused 'invalid' lo interface="$INTERFACE,lo"
	load interface="$INTERFACE"
}

# Print the name of a device that is neither Ethernet nor loopback. Create one, of the
# first type that this kernel supports.
other_device()
{
	local dir type kind

	if ip tuntap add dev "$PORT" mode tun 2>/dev/null; then
		echo "$PORT"
		return
	fi
	for kind in wireguard vcan ipip sit gre; do
		case $kind in
		ipip | sit | gre) set -- local "$NEAR_ADDRESS" remote "$FAR_ADDRESS" ;;
		*) set -- ;;
		esac
		ip link add "$PORT" type "$kind" "$@" 2>/dev/null || continue
		echo "$PORT"
		return
	done
	for dir in /sys/class/net/*; do
		[ -r "$dir/type" ] || continue
		read -r type <"$dir/type"
		case $type in
		1 | 772) ;;
		*)
			echo "${dir##*/}"
			return
			;;
		esac
	done
}

case_not_ethernet()
{
	local device

	unload
	segment_remove
	device=$(other_device)
	[ -n "$device" ] || skip "this kernel can make no device that is not Ethernet"
	expect_refused 'invalid' "$device" interface="$device"
	segment_remove
}

# expect_rejected <value> <parameter>: the write fails with EINVAL, and the value is kept.
expect_rejected()
{
	local file=$SYS_MODULE/parameters/$2 before

	before=$(cat "$file")
	expect_einval "$1" "$file"
	expect_equal "$2 after '$1'" "$(cat "$file")" "$before"
}

# set_parameter <parameter> <value>: write the parameter, or fail the case.
set_parameter() { write "$2" "$SYS_MODULE/parameters/$1" || fail "writing $2 to $1" success "$ERROR"; }

expect_parameter() { expect_equal "$1" "$(cat "$SYS_MODULE/parameters/$1")" "$2"; }

case_parameters()
{
	local bad

	load interface="$INTERFACE"
	expect_parameter interface "$INTERFACE"
	# The defaults.
	expect_parameter reset_interval 20
	expect_parameter max_stations 65536
	set_parameter reset_interval 60
	expect_parameter reset_interval 60
	for bad in -1 soon 99999999999999999999 '1 2'; do
		expect_rejected "$bad" reset_interval
	done
	set_parameter reset_interval 0
	set_parameter max_stations 500
	expect_parameter max_stations 500
	for bad in 0 -1 many 4294967295; do
		expect_rejected "$bad" max_stations
	done

	load interface="$INTERFACE" reset_interval=7 max_stations=1000
	expect_parameter reset_interval 7
	expect_parameter max_stations 1000
	unload
	for bad in reset_interval=-1 max_stations=0 max_stations=many; do
		expect_failure "loading with $bad" try_load interface="$INTERFACE" "$bad"
	done
}

case_reset()
{
	local bad

	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0
	send 02:00:00:00:00:01 10 && expect_total 10
	printf -v bad '%100000s' ''
	for bad in garbage RESET 'reset now' resets r $'\n' "$bad"; do
		expect_einval "$bad" "$PROC"
	done
	expect_total_now 10
	reset_window
	expect_total_now 0
	expect_well_formed "$TMP/read"
	send 02:00:00:00:00:01 5 && expect_total 5
	write $'reset\n' "$PROC" || fail "writing reset and a newline" success "$ERROR"
	expect_total_now 0
}

case_unload()
{
	local before after

	unload && segment_make
	before=$(ip -d link show dev "$PORT" | grep -o 'promiscuity [0-9]*')
	load interface="$INTERFACE,$PORT" && unload
	expect_absent "$PROC" "$SYS_MODULE"
	expect_no_line /proc/modules "^$MODULE "
	after=$(ip -d link show dev "$PORT" | grep -o 'promiscuity [0-9]*')
	expect_equal "promiscuity" "$after" "$before"
	# A leaked device reference would block the removal; a leaked hook, the next start.
	load interface="$INTERFACE,$PORT" && unload
	segment_remove
	expect_absent "/sys/class/net/$PORT"
}

script_start basic "Ten basic cases: build, load, /proc, parameters, refusals, reset, unload." "$@"
run_case "the module is built for this kernel and describes itself" case_build
run_case "it loads on the interface" case_load
run_case "/proc/l2packet_counter is there, readable by all, writable by root" case_proc_file
run_case "/proc has the documented format" case_format
run_case "an unknown interface is refused" case_unknown_interface
run_case "loopback is refused" case_loopback
run_case "a device that is not Ethernet is refused" case_not_ethernet
run_case "parameters are shown, changed, and refused out of range" case_parameters
run_case "reset empties the window, anything else is refused" case_reset
run_case "unloading leaves no trace" case_unload
script_end
