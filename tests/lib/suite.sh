# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # some variables are for the suites
# Copyright the l2packet_counter authors
#
# Sourced by test_module.sh, test_traffic.sh and test_stress.sh: running cases,
# loading the module, reading /proc, and a segment of the test's own.
#
# A case is a function that returns 0, or says why not with `fail` and returns
# what that returns. Each line of a suite's output that begins with PASS, FAIL or
# SKIP is a case; the last line is the total, and its absence is a failure.
#
# What a case does over and over it does as often as `rounds` says: L2PC_EFFORT
# percent of what is written, for machines on which that would take too long.
#
# The segment: a veth pair with one end, $PORT, on this machine and the other in
# a network namespace, from which frames of any station can be sent. Nothing but
# these frames arrives at $PORT, so what is counted there can be compared to the
# frame with what was sent, whatever else the machine's network is doing.

set -u
export LC_ALL=C
# `su` without `-` leaves the administrator's commands out of PATH.
PATH=$PATH:/usr/sbin:/sbin

MODULE=l2packet_counter
PROC=/proc/$MODULE
SYS_MODULE=/sys/module/$MODULE
MODULE_FILE=${L2PC_MODULE:-$PWD/$MODULE.ko}

# Where frames go that nobody is to answer: an address of nobody, so that the
# network stack drops them right after they were counted.
NOBODY=02:00:5e:00:53:ff
# TEST-NET-1 (RFC 5737) is nobody's network.
NEAR_ADDRESS=192.0.2.1
FAR_ADDRESS=192.0.2.2

# How long something that must happen is waited for: no test's result depends on
# how fast the machine is, only a broken one lasts this long.
PATIENCE=60
EFFORT=${L2PC_EFFORT:-100}

SUITE=
INTERFACE=eth0
NAMESPACE=l2pc-test-$$
PORT=l2pt$$
FAR=far0
SEGMENT=
TMP=
BACKGROUND=()
PASSED=0
FAILED=0
SKIPPED=0
WHY=
SKIP_WHY=
ERROR=
LOG_MARK=

# --- suites and cases -----------------------------------------------------------

suite_usage()
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

suite_error()
{
	printf 'error: %s\n' "$1" >&2
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@" >&2
	exit 2
}

# suite_begin <name> <what it is about> [argument...]
suite_begin()
{
	SUITE=$1
	SUITE_ABOUT=$2
	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
		--interface)
			[ -n "${2:-}" ] || suite_error "--interface needs a name"
			INTERFACE=$2
			shift
			;;
		--interface=?*) INTERFACE=${1#*=} ;;
		--help | -h)
			suite_usage
			exit 0
			;;
		*) suite_error "unknown argument '$1'" "try: ${0##*/} --help" ;;
		esac
		shift
	done

	case $EFFORT in
	'' | *[!0-9]* | 0*) suite_error "L2PC_EFFORT=$EFFORT: say how many percent of the rounds, as in 50" ;;
	esac
	[ "$(id -u)" = 0 ] || suite_error "loading a module needs root" "sudo $0 --interface $INTERFACE"
	suite_needs_commands ip:iproute2 insmod:kmod rmmod:kmod modinfo:kmod awk:gawk dmesg:util-linux
	[ -r "$MODULE_FILE" ] || suite_error "the module is not built: there is no $MODULE_FILE" "make build"
	[ -d "/sys/class/net/$INTERFACE" ] ||
		suite_error "there is no interface '$INTERFACE'" "see: ip link show" "then: sudo $0 --interface IF"
	[ ! -d "$SYS_MODULE" ] ||
		suite_error "$MODULE is loaded; the tests load it themselves" "make unload"

	TMP=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-test.XXXXXX") || exit 2
	trap suite_cleanup EXIT
	trap 'suite_interrupted' INT TERM HUP
	kernel_log_mark
	printf '== %s: %s on %s\n' "$SUITE" "${0##*/}" "$INTERFACE"
}

suite_needs_commands() # <command>:<package>...
{
	local pair

	for pair; do
		command -v "${pair%%:*}" >/dev/null 2>&1 && continue
		suite_error "${pair%%:*} is not installed" "it is in the package ${pair#*:}"
	done
}

suite_interrupted()
{
	printf 'interrupted: removing what the tests have made\n' >&2
	exit 130
}

# Whatever happened: no process, module, device, namespace or file stays behind.
suite_cleanup()
{
	trap '' INT TERM HUP
	background_stop
	[ ! -d "$SYS_MODULE" ] || rmmod "$MODULE" 2>/dev/null
	segment_remove
	[ -z "$TMP" ] || rm -rf "$TMP"
}

suite_end()
{
	printf '%s: %d passed, %d failed, %d skipped\n' "$SUITE" "$PASSED" "$FAILED" "$SKIPPED"
	[ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
	exit
}

# Says why a case fails; the first reason is the one that is shown.
fail()
{
	[ -n "$WHY" ] || WHY=$*
	return 1
}

# Says why a case cannot be run here.
skip()
{
	SKIP_WHY=$*
	return 1
}

# rounds <n> [least]: how often something is done; prints it.
rounds()
{
	local n=$(($1 * EFFORT / 100))

	[ "$n" -ge "${2:-1}" ] || n=${2:-1}
	echo "$n"
}

# run_case <name> <function>
run_case()
{
	local status=0

	WHY=
	SKIP_WHY=
	"$2" || status=$?
	background_stop
	if [ -n "$WHY" ]; then
		printf 'FAIL  %s: %s\n' "$1" "$WHY"
		FAILED=$((FAILED + 1))
	elif [ -n "$SKIP_WHY" ]; then
		printf 'SKIP  %s: %s\n' "$1" "$SKIP_WHY"
		SKIPPED=$((SKIPPED + 1))
	elif [ "$status" -ne 0 ]; then
		printf 'FAIL  %s: status %d, no reason given\n' "$1" "$status"
		FAILED=$((FAILED + 1))
	else
		printf 'PASS  %s\n' "$1"
		PASSED=$((PASSED + 1))
	fi
}

# wait_until <command...>: true as soon as the command is, false when patience ends.
wait_until()
{
	local deadline=$((SECONDS + PATIENCE))

	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}

# in_background <command...>: ended with the case, or by background_stop.
in_background()
{
	"$@" &
	BACKGROUND+=($!)
}

# What was sent last may still be under way: the next case gets a segment of its own.
background_stop()
{
	local pid

	[ ${#BACKGROUND[@]} -eq 0 ] || SEGMENT=
	for pid in ${BACKGROUND[@]+"${BACKGROUND[@]}"}; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	BACKGROUND=()
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
	unload || return
	try_load "$@" || fail "insmod $* failed: $ERROR; the kernel says: $(kernel_log_ours | tail -n 1)"
}

unload()
{
	[ -d "$SYS_MODULE" ] || return 0
	ERROR=$(rmmod "$MODULE" 2>&1) || fail "rmmod failed: $ERROR"
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
	write reset "$PROC" || fail "writing reset failed: $ERROR"
}

is_einval() { [[ $ERROR == *"Invalid argument"* ]]; }

# refused <errno's words> <word in the kernel message> <parameter...>: loading
# must fail like that, and leave nothing behind.
refused()
{
	local errno=$1 word=$2 messages

	shift 2
	unload || return
	kernel_log_mark
	if try_load "$@"; then
		unload
		fail "insmod $* was not refused"
		return
	fi
	[[ ${ERROR,,} =~ $errno ]] || fail "insmod $*: unexpected error: $ERROR" || return
	[ ! -e "$PROC" ] || fail "refused, but $PROC is there" || return
	[ ! -d "$SYS_MODULE" ] || fail "refused, but $SYS_MODULE is there" || return
	messages=$(kernel_log_ours)
	[[ $messages == *"$word"* ]] || fail "no kernel message names '$word'; it says: ${messages:-nothing}"
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

# --- /proc ----------------------------------------------------------------------

# What is done in every loop starts no process: on an emulated machine these are
# what takes the time.

read_proc() # <file>
{
	local lines=()

	if ! { mapfile lines <"$PROC"; } 2>"$TMP/error"; then
		fail "reading $PROC failed: $(cat "$TMP/error")"
		return
	fi
	printf '%s' "${lines[@]}" >"$1"
}

# well_formed <file> [line]: is it, to the character, the documented format, with
# a total that is the sum of its rows, busiest first? With a file of several
# reads, one after the other, this is true of each.
well_formed()
{
	local problem

	problem=$(awk '
		function bad(what) {
			if (!failed) printf "line %d: %s: \"%s\"\n", NR, what, $0
			failed = 1
			exit
		}
		function close_block() {
			if (state == 5 && sum != total) bad("the total is " total ", the rows add up to " sum)
		}
		/^Interface: / && (state == 0 || state == 6 || state == 5) {
			close_block()
			if ($0 !~ /^Interface: [^ ]+$/) bad("no interface")
			state = 1
			next
		}
		state == 1 {
			if ($0 !~ /^Total packets: [0-9]+$/) bad("not a total")
			total = $3
			sum = 0
			before = -1
			untracked = 0
			state = 2
			next
		}
		state == 2 { if ($0 != "MAC Address Statistics:") bad("not the heading"); state = 3; next }
		state == 3 { if ($0 != "MAC Address        Packet Count") bad("not the column names"); state = 4; next }
		state == 4 { if ($0 != "------------------ ------------") bad("not the rule"); state = 5; next }
		state == 5 && $0 == "" { close_block(); state = 6; next }
		state == 5 {
			name = substr($0, 1, 17)
			count = substr($0, 18)
			if (count !~ /^ +[0-9]+$/ || length(count) < 13) bad("not a count in its column")
			if (length(count) > 13 && count !~ /^ [0-9]/) bad("count out of its column")
			if (name == "(untracked)      ") {
				if (untracked++) bad("a second untracked row")
			} else {
				if (name !~ /^[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]$/)
					bad("not a station")
				if (untracked) bad("a station after the untracked row")
				if (before >= 0 && count + 0 > before) bad("not busiest first")
				before = count + 0
			}
			sum += count
			next
		}
		{ bad("unexpected") }
		END {
			if (failed) exit
			if (state != 5) print "it ends in the middle, or is empty"
			else close_block()
		}' "$1")
	[ -z "$problem" ] || fail "$problem"
}

# total_in <file> <interface>: its total in one read.
total_in()
{
	local line mine=no

	while IFS= read -r line; do
		case $mine:$line in
		*:"Interface: $2") mine=yes ;;
		*:"Interface: "*) mine=no ;;
		yes:"Total packets: "*) printf '%s\n' "${line#Total packets: }" ;;
		esac
	done <"$1"
}

# count_in <file> <interface> <station, or (untracked)>: 0 when there is no such row.
count_in()
{
	awk -v port="$2" -v station="$3" '
		/^Interface: / { mine = ($2 == port) }
		mine && $1 == station && NF == 2 { n = $2 }
		END { print n + 0 }' "$1"
}

stations_in() # <file> <interface>
{
	awk -v port="$2" '/^Interface: / { mine = ($2 == port) } mine && /^[0-9a-f][0-9a-f]:/ { n++ } END { print n + 0 }' "$1"
}

# total_is <n>: of $PORT, now. What was read is in $TMP/read.
total_is()
{
	read_proc "$TMP/read" && [ "$(total_in "$TMP/read" "$PORT")" = "$1" ]
}

# counted <n>: so many frames must be counted on $PORT, in a well-formed read.
# Frames may still be in the backlog of another CPU, hence the waiting.
counted()
{
	wait_until total_is "$1" ||
		fail "the total is $(total_in "$TMP/read" "$PORT"), not $1" || return
	well_formed "$TMP/read"
}

# station_has <station> <n>: in the read that `counted` has left.
station_has()
{
	local n

	n=$(count_in "$TMP/read" "$PORT" "$1")
	[ "$n" = "$2" ] || fail "$1 has $n, not $2"
}

# --- the segment ----------------------------------------------------------------

# Made anew only when the one there is was deleted, or is spoiled.
segment_make()
{
	[ "$SEGMENT" != whole ] || [ ! -e "/sys/class/net/$PORT" ] || return 0
	segment_remove
	if ! { ip netns add "$NAMESPACE" && ip link add "$PORT" type veth peer name "$FAR" netns "$NAMESPACE"; } \
	     2>"$TMP/error"; then
		fail "no segment: $(cat "$TMP/error")"
		return
	fi
	# Nothing but what send() sends is to come from there.
	# shellcheck disable=SC2016
	if ! { far bash -c 'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e "$f" ] || echo 1 >"$f"; done' &&
	       far ip address add "$FAR_ADDRESS/30" dev "$FAR" &&
	       far ip link set dev "$FAR" up && ip link set dev "$PORT" up; } 2>"$TMP/error"; then
		fail "the segment could not be set up: $(cat "$TMP/error")"
		return
	fi
	SEGMENT=whole
}

segment_remove()
{
	SEGMENT=
	[ ! -e "/sys/class/net/$PORT" ] || ip link delete dev "$PORT" 2>/dev/null
	[ ! -e "/run/netns/$NAMESPACE" ] || ip netns delete "$NAMESPACE" 2>/dev/null
	return 0
}

# far <command...>: over there. Not a subshell, so that in_background's process is
# the command itself.
far()
{
	ip netns exec "$NAMESPACE" "$@"
}

# One datagram is one frame. Sockets are not used twice: what the network may say
# about the first datagram would be the second one's error.
# shellcheck disable=SC2016 # expanded over there
SENDER='
	device=$1 peer=$2 nobody=$3
	become() { # <station> [destination]
		ip -batch - <<<"link set dev $device address $1
			neigh replace $peer dev $device lladdr ${2:-$nobody} nud permanent"
	}
	datagrams() { # <n>
		local i
		for ((i = 0; i < $1; i++)); do printf x >"/dev/udp/$peer/9" || return; done
	}
	shift 3
	'

# far_script <bash text> [argument...]: with become and datagrams of SENDER.
far_script()
{
	local text=$1

	shift
	far bash -c "$SENDER $text" far_script "$FAR" "$NEAR_ADDRESS" "$NOBODY" "$@"
}

# send <station> <n> [destination]: so many frames.
send()
{
	# shellcheck disable=SC2016
	far_script 'become "$1" "$3" && datagrams "$2"' "$1" "$2" "${3:-$NOBODY}" || fail "frames could not be sent"
}

# send_from_many <n> <frames each>: stations 02:5a:00:00:xx:xx.
send_from_many()
{
	# shellcheck disable=SC2016
	far_script '
		for ((s = 0; s < $1; s++)); do
			printf -v station "02:5a:00:00:%02x:%02x" $((s / 256)) $((s % 256))
			become "$station" && datagrams "$2" || exit
		done' "$1" "$2" || fail "frames could not be sent"
}

# send_without_end: from four stations in turn, until killed.
send_without_end()
{
	# shellcheck disable=SC2016
	exec ip netns exec "$NAMESPACE" bash -c "$SENDER"'
		while :; do
			for s in 1 2 3 4; do become "02:5b:00:00:00:0$s" && datagrams 25; done
		done' far_script "$FAR" "$NEAR_ADDRESS" "$NOBODY" 2>/dev/null
}

# What the device says it has received, the oracle.
received()
{
	cat "/sys/class/net/$PORT/statistics/rx_packets"
}
