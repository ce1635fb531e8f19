#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# Run the test suites on this machine, and write a log, a report and a summary.

set -uo pipefail
export LC_ALL=C
# `su` without `-` leaves the administrator's commands out of PATH.
PATH=$PATH:/usr/sbin:/sbin

readonly MODULE=l2packet_counter
readonly LOG=/tmp/packet_counter_tests.log
readonly REPORT=/tmp/packet_counter_test_report.txt
# Timeout of a suite, which takes a minute or two, and ten on a slow machine.
readonly SUITE_SECONDS=1800

PROGRAM=$0
case ${L2PC_MODULE:-/} in
/*) ;;
*) L2PC_MODULE=$PWD/$L2PC_MODULE ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
. tests/lib/interface.sh || exit 2

INTERFACE=
SUITES=()
PASSED=0
FAILED=0
SKIPPED=0
FAILURES=()
TABLE=()
INTERRUPTED=no
RUNNING=

usage()
{
	cat <<USAGE_END
usage: sudo ./run_tests.sh --interface IF [basic|traffic|stress]...

Tests $MODULE on this machine; all three suites when none is named.

  basic            test_module.sh   build, load, /proc, parameters, refusals
  traffic          test_traffic.sh  is every frame counted, once, and rightly
  stress           test_stress.sh   rapid operations, things that go away

  --interface IF   the interface the module is loaded on; nothing is sent there:
                   frames stay within a network namespace of the tests' own
  --help           this text

The module must not be loaded; it is built when it is not, or when it was built
for another kernel. L2PC_MODULE names another file than ./$MODULE.ko.
L2PC_EFFORT=25 does a quarter of what is done over and over, in less time.

Log:     $LOG
Report:  $REPORT

Exit status: 0 all passed, 1 something failed, 2 the tests could not be run.
USAGE_END
}

refuse()
{
	printf 'error: %s\n' "$1" >&2
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@" >&2
	exit 2
}

parse_arguments()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--interface)
			[ -n "${2:-}" ] || refuse "--interface needs a name, as in --interface eth0"
			INTERFACE=$2
			shift
			;;
		--interface=?*) INTERFACE=${1#*=} ;;
		--help | -h)
			usage
			exit 0
			;;
		basic | traffic | stress) SUITES+=("$1") ;;
		*) refuse "unknown argument '$1'" "try: $PROGRAM --help" ;;
		esac
		shift
	done
	[ -n "$INTERFACE" ] || refuse "which interface? Name it with --interface IF" \
		"see which there are: ip link show"
	[ ${#SUITES[@]} -gt 0 ] || SUITES=(basic traffic stress)
}

check_machine()
{
	local type=

	[ "$(id -u)" = 0 ] || refuse "loading a module needs root" \
		"sudo $PROGRAM --interface $INTERFACE ${SUITES[*]}"
	INTERFACE=$(interface_name "$INTERFACE")
	[ -d "/sys/class/net/$INTERFACE" ] ||
		refuse "there is no interface '$INTERFACE'" "see which there are: ip link show"
	read -r type <"/sys/class/net/$INTERFACE/type"
	[ "$type" = 1 ] || refuse "'$INTERFACE' is not an Ethernet interface (type $type)" \
		"see which there are: ip link show"
	[ -e /proc/modules ] || refuse "this kernel cannot load modules (CONFIG_MODULES)" \
		"the same tests in a virtual machine: make test"
	if [ -d "/sys/module/$MODULE" ]; then
		if command -v systemctl >/dev/null 2>&1 && systemctl is-active --quiet "$MODULE.service" 2>/dev/null; then
			refuse "$MODULE is loaded by its service, and the tests load it themselves" \
				"sudo systemctl stop $MODULE.service"
		fi
		refuse "$MODULE is loaded, and the tests load it themselves" "make unload"
	fi
}

built_for_this_kernel()
{
	local magic

	[ -r "$1" ] || return 1
	magic=$(modinfo -F vermagic "$1" 2>/dev/null)
	[ "${magic%% *}" = "$(uname -r)" ]
}

# Build as the user who called sudo: objects owned by root would break their next `make`.
build_module()
{
	local tool as=() packages

	if [ -n "${L2PC_MODULE:-}" ]; then
		[ -r "$L2PC_MODULE" ] || refuse "L2PC_MODULE: there is no $L2PC_MODULE"
		export L2PC_MODULE
		return
	fi
	! built_for_this_kernel "$MODULE.ko" || return 0
	mapfile -t packages < <(sh packaging/install/distribution.sh headers build)
	for tool in make gcc; do
		command -v "$tool" >/dev/null 2>&1 && continue
		refuse "$MODULE.ko is not built for this kernel, and $tool is missing to build it" \
			"${packages[@]}"
	done
	[ -e "/lib/modules/$(uname -r)/build/Makefile" ] ||
		refuse "$MODULE.ko is not built for this kernel, and the kernel's headers are missing to build it" \
			"${packages[@]}"
	if [ -n "${SUDO_UID:-}" ] && [ "$SUDO_UID" != 0 ]; then as=(sudo -u "#$SUDO_UID"); fi
	show "Building $MODULE.ko"
	if ! ${as[@]+"${as[@]}"} make build >&3 2>&1; then
		tail -n 15 "$LOG" >&2
		refuse "the module does not build" "the whole log: $LOG"
	fi
}

# /tmp is world-writable. Another user may have made a link with this name, through which
# root must not write. So a new file is created, and later renamed in one step.
take_name() # <path>; prints the new file's name before it is renamed
{
	local file

	[ ! -d "$1" ] || refuse "$1 is a directory" "sudo rm -r $1"
	file=$(mktemp "$1.XXXXXX") || refuse "cannot write to ${1%/*}"
	chmod 0644 "$file"
	printf '%s' "$file"
}

open_log()
{
	local file

	file=$(take_name "$LOG") || exit 2
	exec 3>"$file"
	mv -fT "$file" "$LOG" || refuse "$LOG cannot be written"
}

# Print to the terminal and to the log.
show()
{
	printf '%s\n' "$*"
	printf '%s\n' "$*" >&3
}

on_signal()
{
	INTERRUPTED=yes
	[ -z "$RUNNING" ] || kill -TERM "$RUNNING" 2>/dev/null
}

suite_script()
{
	case $1 in
	basic) echo ./test_module.sh ;;
	traffic) echo ./test_traffic.sh ;;
	stress) echo ./test_stress.sh ;;
	esac
}

# Run a suite, and count its results as they come. A suite that ends without a total, or
# with a total that differs from the count, has failed.
run_suite()
{
	local name=$1 line passed=0 failed=0 skipped=0 total='' status started=$SECONDS result=passed

	exec 4< <(exec timeout --foreground -k 60 "$SUITE_SECONDS" "$(suite_script "$name")" --interface "$INTERFACE" 2>&1)
	RUNNING=$!
	while IFS= read -r line <&4 || [ -n "$line" ]; do
		show "$line"
		case $line in
		'PASS '*) passed=$((passed + 1)) ;;
		'FAIL '*)
			failed=$((failed + 1))
			FAILURES+=("${line#FAIL }")
			;;
		'SKIP '*) skipped=$((skipped + 1)) ;;
		"$name: "*) total=$line ;;
		esac
	done
	# A trapped signal ends the wait, not the suite, which is still cleaning up.
	while :; do
		wait "$RUNNING"
		status=$?
		kill -0 "$RUNNING" 2>/dev/null || break
	done
	RUNNING=
	exec 4<&-

	if [ "$INTERRUPTED" = yes ]; then
		failed=$((failed + 1))
		FAILURES+=("$name: interrupted")
	elif [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
		failed=$((failed + 1))
		FAILURES+=("$name: did not end within $SUITE_SECONDS seconds")
	elif [ "$total" != "$name: $passed passed, $failed failed, $skipped skipped" ]; then
		failed=$((failed + 1))
		FAILURES+=("$name: ended early, with status $status")
	elif [ $((passed + failed)) -eq 0 ] || { [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
		failed=$((failed + 1))
		FAILURES+=("$name: status $status, but no case failed")
	fi
	[ "$failed" -eq 0 ] || result=FAILED
	TABLE+=("$(printf '%-10s %7d %7d %8d %6d s   %s' "$name" "$passed" "$failed" "$skipped" \
		$((SECONDS - started)) "$result")")
	PASSED=$((PASSED + passed))
	FAILED=$((FAILED + failed))
	SKIPPED=$((SKIPPED + skipped))
}

summary()
{
	printf '%-10s %7s %7s %8s %8s   %s\n' suite passed failed skipped time result
	printf '%s\n' "${TABLE[@]}"
	printf '%-10s %7d %7d %8d\n' total "$PASSED" "$FAILED" "$SKIPPED"
}

report()
{
	local file=${L2PC_MODULE:-$MODULE.ko}

	echo "l2packet_counter: test report"
	echo
	echo "Date:       $STARTED"
	echo "Machine:    $(uname -n), $(uname -m), $(nproc) CPUs"
	echo "Kernel:     $(uname -r)"
	echo "Module:     $file, version $(modinfo -F version "$file" 2>/dev/null)"
	echo "Interface:  $INTERFACE"
	echo
	summary
	echo
	if [ ${#FAILURES[@]} -eq 0 ]; then
		echo "Everything passed."
	else
		echo "Failed:"
		printf '  %s\n' "${FAILURES[@]}"
	fi
	echo
	echo "Log: $LOG"
}

main()
{
	local suite file

	parse_arguments "$@"
	check_machine
	STARTED=$(date '+%Y-%m-%d %H:%M:%S %Z')
	open_log
	trap on_signal INT TERM HUP
	printf '%s, kernel %s, interface %s\n' "$STARTED" "$(uname -r)" "$INTERFACE" >&3
	build_module

	for suite in "${SUITES[@]}"; do
		[ "$INTERRUPTED" = no ] || break
		run_suite "$suite"
	done

	file=$(take_name "$REPORT") || exit 2
	report >"$file"
	mv -fT "$file" "$REPORT" || refuse "$REPORT cannot be written"

	show ""
	show "$(summary)"
	if [ ${#FAILURES[@]} -gt 0 ]; then
		show "failed:"
		show "$(printf '  %s\n' "${FAILURES[@]}")"
	fi
	show "report: $REPORT   log: $LOG"
	[ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}

main "$@"
