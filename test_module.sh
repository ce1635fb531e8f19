#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# The basic tests: ten cases, each of one thing a user sees of the module.

# shellcheck disable=SC2317 # run_case calls the cases

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
# shellcheck source=tests/lib/suite.sh
. tests/lib/suite.sh || exit 2

case_build()
{
	local field

	[ "$(modinfo -F license "$MODULE_FILE")" = GPL ] || [ "$(modinfo -F license "$MODULE_FILE")" = "GPL v2" ] ||
		fail "modinfo: the licence is '$(modinfo -F license "$MODULE_FILE")'" || return
	[ -n "$(modinfo -F description "$MODULE_FILE")" ] || fail "modinfo: no description" || return
	field=$(modinfo -F vermagic "$MODULE_FILE")
	[ "${field%% *}" = "$(uname -r)" ] ||
		fail "built for kernel ${field%% *}, this one is $(uname -r): make clean build" || return
	for field in interface reset_interval max_stations; do
		modinfo -F parm "$MODULE_FILE" | grep -q "^$field:" || fail "modinfo: no parameter $field" || return
	done
}

case_load()
{
	load interface="$INTERFACE" || return
	[ -d "$SYS_MODULE" ] || fail "loaded, but there is no $SYS_MODULE" || return
	grep -q "^$MODULE " /proc/modules || fail "loaded, but not in /proc/modules"
}

case_proc_file()
{
	local mode

	load interface="$INTERFACE" || return
	[ -f "$PROC" ] || fail "there is no $PROC" || return
	mode=$(stat -c '%a %u:%g' "$PROC")
	[ "$mode" = "644 0:0" ] || fail "$PROC has mode and owner $mode, not 644 0:0" || return
	[ -n "$(cat "$PROC")" ] || fail "$PROC is empty"
}

case_format()
{
	local expected

	load interface="$INTERFACE" reset_interval=0 || return
	read_proc "$TMP/read" && well_formed "$TMP/read" || return
	[ "$(sed -n 1p "$TMP/read")" = "Interface: $INTERFACE" ] ||
		fail "the first line is '$(sed -n 1p "$TMP/read")'" || return
	[ "$(grep -c '^Interface: ' "$TMP/read")" = 1 ] || fail "more than one block" || return

	# A port that has received nothing shows these lines and no other.
	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0 || return
	read_proc "$TMP/read" && well_formed "$TMP/read" || return
	expected="
Interface: $PORT
Total packets: 0
MAC Address Statistics:
MAC Address        Packet Count
------------------ ------------"
	[ "$(tail -n 6 "$TMP/read")" = "$expected" ] ||
		fail "the second port's block is: $(tail -n 6 "$TMP/read" | tr '\n' '|')"
}

case_unknown_interface()
{
	refused 'no such device' nosuchdev0 interface=nosuchdev0 || return
	# One bad name refuses all, and the good one is not left monitored.
	refused 'no such device' nosuchdev0 interface="$INTERFACE,nosuchdev0" || return
	load interface="$INTERFACE"
}

case_loopback()
{
	refused 'invalid' lo interface=lo || return
	refused 'invalid' lo interface="$INTERFACE,lo" || return
	load interface="$INTERFACE"
}

# Prints the name of a device that is neither Ethernet nor loopback; makes one,
# of the first kind this kernel can make.
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
	if [ -z "$device" ]; then
		skip "this kernel can make no device that is not Ethernet"
		return
	fi
	refused 'invalid' "$device" interface="$device"
	segment_remove
	[ -z "$WHY" ]
}

# rejected <value> <parameter>: EINVAL, and the value from before stays.
rejected()
{
	local file=$SYS_MODULE/parameters/$2 before

	before=$(cat "$file")
	if write "$1" "$file"; then
		fail "$2 took '$1'"
		return
	fi
	is_einval || fail "$2 = '$1': not EINVAL: $ERROR" || return
	[ "$(cat "$file")" = "$before" ] || fail "$2 was $before, is $(cat "$file") after '$1' was refused"
}

case_parameters()
{
	local parameters=$SYS_MODULE/parameters bad

	load interface="$INTERFACE" || return
	[ "$(cat "$parameters/interface")" = "$INTERFACE" ] ||
		fail "interface shows '$(cat "$parameters/interface")'" || return
	[ "$(cat "$parameters/reset_interval")" = 20 ] ||
		fail "reset_interval is $(cat "$parameters/reset_interval") by default, not 20" || return
	[ "$(cat "$parameters/max_stations")" = 65536 ] ||
		fail "max_stations is $(cat "$parameters/max_stations") by default, not 65536" || return
	write 60 "$parameters/reset_interval" || fail "reset_interval cannot be changed: $ERROR" || return
	[ "$(cat "$parameters/reset_interval")" = 60 ] || fail "reset_interval was set to 60, is not" || return
	for bad in -1 soon 99999999999999999999 '1 2'; do
		rejected "$bad" reset_interval || return
	done
	write 0 "$parameters/reset_interval" || fail "reset_interval cannot be 0: $ERROR" || return
	write 500 "$parameters/max_stations" || fail "max_stations cannot be changed: $ERROR" || return
	[ "$(cat "$parameters/max_stations")" = 500 ] || fail "max_stations was set to 500, is not" || return
	for bad in 0 -1 many 4294967295; do
		rejected "$bad" max_stations || return
	done

	load interface="$INTERFACE" reset_interval=7 max_stations=1000 || return
	[ "$(cat "$parameters/reset_interval")" = 7 ] || fail "reset_interval=7 at load was not taken" || return
	[ "$(cat "$parameters/max_stations")" = 1000 ] || fail "max_stations=1000 at load was not taken" || return
	unload || return
	for bad in reset_interval=-1 max_stations=0 max_stations=many; do
		! try_load interface="$INTERFACE" "$bad" || fail "loading with $bad was not refused" || return
	done
}

case_reset()
{
	local bad

	segment_make && load interface="$INTERFACE,$PORT" reset_interval=0 || return
	send 02:00:00:00:00:01 10 && counted 10 || return
	printf -v bad '%100000s' ''
	for bad in garbage RESET 'reset now' resets r $'\n' "$bad"; do
		! write "$bad" "$PROC" || fail "'${bad:0:20}' was taken for a command" || return
		is_einval || fail "'${bad:0:20}': not EINVAL: $ERROR" || return
	done
	total_is 10 || fail "refused commands have changed the counts" || return
	write reset "$PROC" || fail "reset failed: $ERROR" || return
	total_is 0 || fail "after reset the total is $(total_in "$TMP/read" "$PORT")" || return
	well_formed "$TMP/read" || return
	send 02:00:00:00:00:01 5 && counted 5 || return
	write $'reset\n' "$PROC" || fail "reset with a newline failed: $ERROR" || return
	total_is 0 || fail "after reset with a newline the total is $(total_in "$TMP/read" "$PORT")"
}

case_unload()
{
	local before after

	unload && segment_make || return
	before=$(ip -d link show dev "$PORT" | grep -o 'promiscuity [0-9]*')
	load interface="$INTERFACE,$PORT" && unload || return
	[ ! -e "$PROC" ] || fail "$PROC is still there" || return
	[ ! -e "$SYS_MODULE" ] || fail "$SYS_MODULE is still there" || return
	! grep -q "^$MODULE " /proc/modules || fail "still in /proc/modules" || return
	after=$(ip -d link show dev "$PORT" | grep -o 'promiscuity [0-9]*')
	[ "$before" = "$after" ] || fail "promiscuity was $before, is $after" || return
	# A hold on the device would keep this from ending, a hook from beginning.
	load interface="$INTERFACE,$PORT" && unload || return
	segment_remove
	[ ! -e "/sys/class/net/$PORT" ] || fail "the device could not be deleted"
}

suite_begin basic "Ten basic cases: build, load, /proc, parameters, refusals, reset, unload." "$@"
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
suite_end
