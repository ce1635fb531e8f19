# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # some variables are the scripts'; harness.sh has others
# Copyright the l2packet_counter authors
#
# Sourced by test_module.sh, test_traffic.sh and test_stress.sh: their arguments, their
# cases, the module, and what goes away when they end.
#
# A case is a function that run_case runs as a test (../harness.sh). The last line of a
# script's output is the total, and its absence is a failure.
#
# What a case does over and over it does as often as `rounds` says: L2PC_EFFORT
# percent of what is written, for machines on which that would take too long.

set -u
export LC_ALL=C
# `su` without `-` leaves the administrator's commands out of PATH.
PATH=$PATH:/usr/sbin:/sbin

MODULE=l2packet_counter
PROC=/proc/$MODULE
SYS_MODULE=/sys/module/$MODULE
MODULE_FILE=${L2PC_MODULE:-$PWD/$MODULE.ko}

# How long something that must happen is waited for: no test's result depends on
# how fast the machine is, only a broken one lasts this long.
PATIENCE=60
EFFORT=${L2PC_EFFORT:-100}

INTERFACE=eth0
TMP=
CASE=
ERROR=
LOG_MARK=

# Their results are their output.
unset L2PC_RESULT
# shellcheck source=tests/lib/harness.sh
. "$PWD/tests/lib/harness.sh"
# shellcheck source=tests/lib/guest/segment.sh
. "$PWD/tests/lib/guest/segment.sh"
# shellcheck source=tests/lib/guest/proc.sh
. "$PWD/tests/lib/guest/proc.sh"
# Each case is a process group of its own, which ends as a whole.
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

# script_start <suite> <what it is about> [argument...]
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

# Whatever happened: no process, module, device, namespace or file stays behind.
script_cleanup()
{
	trap '' INT TERM HUP
	[ -z "$CASE" ] || { kill -TERM -- "-$CASE" && wait "$CASE"; } 2>/dev/null
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

# rounds <n> [least]: how often something is done; prints it.
rounds()
{
	local n=$(($1 * EFFORT / 100))

	[ "$n" -ge "${2:-1}" ] || n=${2:-1}
	echo "$n"
}

# run_case <name> <function>: in the background, so that a signal is handled at once.
run_case()
{
	suite_run "$1" "$2" &
	CASE=$!
	wait "$CASE"
	CASE=
}

# After each case.
teardown() { background_stop; }

# wait_until <command...>: true as soon as the command is, false when patience ends.
wait_until()
{
	local deadline=$((SECONDS + PATIENCE))

	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}

# in_background <command...>: until the end of the case, or background_stop.
in_background()
{
	"$@" &
	echo $! >>"$TMP/background"
}

# What was sent last may still be under way: the next segment is a new one.
background_stop()
{
	local i pid

	[ -e "$TMP/background" ] || return 0
	segment_spoil
	while read -r pid; do
		kill "$pid" 2>/dev/null || :
		# Not for ever: where nobody waits for orphans a dead one stays.
		for ((i = 0; i < 200; i++)); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.05
		done
	done <"$TMP/background"
	rm "$TMP/background"
}

# --- the module -----------------------------------------------------------------

# try_load [parameter...]: insmod; what it said is in $ERROR.
try_load()
{
	ERROR=$(insmod "$MODULE_FILE" "$@" 2>&1)
}

# load [parameter...]: afresh, whatever was loaded before.
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

# write <text> <file>: one write; what went wrong is in $ERROR.
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

# expect_einval <text> <file>: writing the text fails with EINVAL.
expect_einval()
{
	! write "$1" "$2" || fail "writing '${1:0:20}' to $2" EINVAL success
	expect_match "writing '${1:0:20}' to $2" "$ERROR" 'Invalid argument'
}

# expect_refused <errno's words> <word in the kernel message> <parameter...>: loading
# fails like that, and leaves nothing behind.
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

# What is in the log so far is none of the tests' business.
kernel_log_mark()
{
	LOG_MARK="$MODULE tests: mark $$.$RANDOM$RANDOM"
	[ -z "${LOG_FIRST_MARK:-}" ] && LOG_FIRST_MARK=$LOG_MARK
	printf '%s\n' "$LOG_MARK" >/dev/kmsg 2>/dev/null || :
}

# Prints the log since a mark; all that is left of it if the mark is gone.
kernel_log_since() # <mark>
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

# What must not be in it.
kernel_log_splats()
{
	kernel_log_since "$LOG_FIRST_MARK" |
		grep -E 'WARNING: |(^|[^A-Z])BUG[: ]|Oops|general protection|Call Trace|KASAN:|UBSAN:|refcount_t:|possible (recursive|circular|irq) lock|INFO: (rcu|task)|soft lockup|unregister_netdevice: waiting' || :
}

