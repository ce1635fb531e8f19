# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # some variables are the scripts'; harness.sh has others
# Copyright the l2packet_counter authors
#
# Sourced by test_module.sh, test_traffic.sh and test_stress.sh: their arguments, their
# cases, the module, and the cleanup when they end.
#
# A case is a function that run_case runs as a test (../harness.sh). The last line of a
# script's output is the total, and its absence is a failure.
#
# `rounds` scales the repetitions within a case to L2PC_EFFORT percent of the written
# number, for slow machines.

set -u
export LC_ALL=C
# `su` without `-` leaves the sbin directories out of PATH.
PATH=$PATH:/usr/sbin:/sbin

MODULE=l2packet_counter
PROC=/proc/$MODULE
SYS_MODULE=/sys/module/$MODULE
MODULE_FILE=${L2PC_MODULE:-$PWD/$MODULE.ko}

# Timeout in seconds for an event that must happen. No result depends on the machine's
# speed: only a failing test takes this long.
PATIENCE=60
EFFORT=${L2PC_EFFORT:-100}

INTERFACE=eth0
TMP=
CASE=
ERROR=
LOG_MARK=

# Results go to stdout only.
unset L2PC_RESULT
# shellcheck source=tests/lib/harness.sh
. "$PWD/tests/lib/harness.sh"
# shellcheck source=tests/lib/interface.sh
. "$PWD/tests/lib/interface.sh"
# shellcheck source=tests/lib/guest/segment.sh
. "$PWD/tests/lib/guest/segment.sh"
# shellcheck source=tests/lib/guest/proc.sh
. "$PWD/tests/lib/guest/proc.sh"
# With job control each case is a process group, which a signal ends as a whole.
set -m

# --- suites and cases -----------------------------------------------------------

script_usage()
{
	cat <<USAGE_END
usage: sudo ./${0##*/} [--interface IF]

$SUITE_ABOUT

  --interface IF   the interface the module is loaded on (default: eth0)
  --help           this text

The module is taken from ./$MODULE.ko, or from the file that L2PC_MODULE names.
Frames are only sent within a network namespace that the test makes itself.
Exit status: 0 all passed, 1 something failed, 2 the tests could not be run.
USAGE_END
}

script_error()
{
	printf 'error: %s\n' "$1" >&2
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@" >&2
	exit 2
}

# script_start <suite> <description> [argument...]: parses the arguments, checks what the
# tests need, and starts the suite.
script_start()
{
	local suite=$1

	SUITE_ABOUT=$2
	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
		--interface)
			[ -n "${2:-}" ] || script_error "--interface needs a name"
			INTERFACE=$2
			shift
			;;
		--interface=?*) INTERFACE=${1#*=} ;;
		--help | -h)
			script_usage
			exit 0
			;;
		*) script_error "unknown argument '$1'" "try: ${0##*/} --help" ;;
		esac
		shift
	done

	case $EFFORT in
	'' | *[!0-9]* | 0*) script_error "L2PC_EFFORT=$EFFORT: say how many percent of the rounds, as in 50" ;;
	esac
	[ "$(id -u)" = 0 ] || script_error "loading a module needs root" "sudo $0 --interface $INTERFACE"
	script_needs_commands ip:iproute2 insmod:kmod rmmod:kmod modinfo:kmod awk:gawk dmesg:util-linux
	[ -r "$MODULE_FILE" ] || script_error "the module is not built: there is no $MODULE_FILE" "make build"
	INTERFACE=$(interface_name "$INTERFACE")
	[ -d "/sys/class/net/$INTERFACE" ] ||
		script_error "there is no interface '$INTERFACE'" "see: ip link show" "then: sudo $0 --interface IF"
	[ ! -d "$SYS_MODULE" ] ||
		script_error "$MODULE is loaded; the tests load it themselves" "make unload"

	TMP=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-test.XXXXXX") || exit 2
	trap script_cleanup EXIT
	trap 'script_interrupted' INT TERM HUP
	mkdir "$TMP/suite"
	suite_begin "$suite" "$TMP/suite"
	kernel_log_mark
	printf '== %s: %s on %s\n' "$suite" "${0##*/}" "$INTERFACE"
}

script_needs_commands() # <command>:<package>...
{
	local pair

	for pair; do
		command -v "${pair%%:*}" >/dev/null 2>&1 && continue
		script_error "${pair%%:*} is not installed" "it is in the package ${pair#*:}"
	done
}

script_interrupted()
{
	printf 'interrupted: removing what the tests have made\n' >&2
	exit 130
}

# script_cleanup: removes all processes, the module, devices, namespaces and files of the
# tests.
script_cleanup()
{
	local i

	trap '' INT TERM HUP
	[ -z "$CASE" ] || { kill -TERM -- "-$CASE" && wait "$CASE"; } 2>/dev/null
	# An insmod that was killed ends after the module is loaded. Until then rmmod fails.
	for ((i = 0; i < 100; i++)); do
		[ -n "$CASE" ] && kill -0 -- "-$CASE" 2>/dev/null || break
		sleep 0.1
	done
	[ ! -d "$SYS_MODULE" ] || rmmod "$MODULE" 2>/dev/null
	segment_remove
	[ -z "$TMP" ] || rm -rf "$TMP"
}

script_end()
{
	local passed failed skipped

	passed=$(grep -c '^PASS ' "$TMP/suite/results")
	failed=$(grep -c '^FAIL ' "$TMP/suite/results")
	skipped=$(grep -c '^SKIP ' "$TMP/suite/results")
	printf '%s: %d passed, %d failed, %d skipped\n' "$suite_name" "$passed" "$failed" "$skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# rounds <n> [least]: prints the scaled number of repetitions, at least `least` (or 1).
rounds()
{
	local n=$(($1 * EFFORT / 100))

	[ "$n" -ge "${2:-1}" ] || n=${2:-1}
	echo "$n"
}

# run_case <name> <function>: runs a case in the background, so that a signal is handled
# at once.
run_case()
{
	suite_run "$1" "$2" &
	CASE=$!
	wait "$CASE"
	CASE=
}

# teardown: is called by the harness after each case.
teardown() { background_stop; }

# wait_until <command...>: waits until the command succeeds; false after $PATIENCE seconds.
wait_until()
{
	local deadline=$((SECONDS + PATIENCE))

	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}

# in_background <command...>: starts a command, which background_stop or the end of the
# case ends.
in_background()
{
	"$@" &
	echo $! >>"$TMP/background"
}

# background_stop: ends the background commands. Their last frames may still be in flight,
# so the next case gets a new segment.
background_stop()
{
	local i pid

	[ -e "$TMP/background" ] || return 0
	segment_spoil
	while read -r pid; do
		kill "$pid" 2>/dev/null || :
		# The wait is limited: without a parent that reaps it, a dead process remains.
		for ((i = 0; i < 200; i++)); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.05
		done
	done <"$TMP/background"
	rm "$TMP/background"
}

# --- the module -----------------------------------------------------------------

# try_load [parameter...]: runs insmod; its output is in $ERROR.
try_load()
{
	ERROR=$(insmod "$MODULE_FILE" "$@" 2>&1)
}

# load [parameter...]: unloads the module, if loaded, and loads it.
load()
{
	unload
	try_load "$@" || fail "insmod $*" success "$ERROR; the kernel's message: $(kernel_log_ours | tail -n 1)"
}

unload()
{
	[ -d "$SYS_MODULE" ] || return 0
	ERROR=$(rmmod "$MODULE" 2>&1) || fail rmmod success "$ERROR"
}

# write <text> <file>: does one write; the error message is in $ERROR.
write()
{
	ERROR=
	{ printf '%s' "$1" >"$2"; } 2>"$TMP/error" && return
	ERROR=$(cat "$TMP/error")
	return 1
}

reset_window()
{
	write reset "$PROC" || fail "writing reset" success "$ERROR"
}

# expect_einval <text> <file>: asserts that writing the text fails with EINVAL.
expect_einval()
{
	! write "$1" "$2" || fail "writing '${1:0:20}' to $2" EINVAL success
	expect_match "writing '${1:0:20}' to $2" "$ERROR" 'Invalid argument'
}

# expect_refused <error message> <word in the kernel message> <parameter...>: asserts that
# loading fails with these messages, and that neither the module nor its file is left.
expect_refused()
{
	local errno=$1 word=$2

	shift 2
	unload
	kernel_log_mark
	if try_load "$@"; then
		unload
		fail "insmod $*" "an error" success
	fi
	expect_match "insmod $*" "${ERROR,,}" "$errno"
	expect_absent "$PROC" "$SYS_MODULE"
	kernel_log_ours >"$TMP/messages"
	expect_text "$TMP/messages" "$word"
}

# --- the kernel's log -----------------------------------------------------------

# kernel_log_mark: writes a mark to the log. Messages before the first mark are ignored.
kernel_log_mark()
{
	LOG_MARK="$MODULE tests: mark $$.$RANDOM$RANDOM"
	[ -z "${LOG_FIRST_MARK:-}" ] && LOG_FIRST_MARK=$LOG_MARK
	printf '%s\n' "$LOG_MARK" >/dev/kmsg 2>/dev/null || :
}

# kernel_log_since <mark>: prints the log since a mark, or the whole log when the mark was
# overwritten.
kernel_log_since()
{
	dmesg 2>/dev/null | awk -v mark="$1" '
		index($0, mark) { found = 1; n = 0; next }
		{ line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }'
}

kernel_log_ours()
{
	kernel_log_since "$LOG_MARK" | grep -F "$MODULE:" | grep -vF "tests: mark" || :
}

# kernel_log_splats: prints the kernel's warnings and bugs since the first mark.
kernel_log_splats()
{
	kernel_log_since "$LOG_FIRST_MARK" |
		grep -E 'WARNING: |(^|[^A-Z])BUG[: ]|Oops|general protection|Call Trace|KASAN:|UBSAN:|refcount_t:|possible (recursive|circular|irq) lock|INFO: (rcu|task)|soft lockup|unregister_netdevice: waiting' || :
}

