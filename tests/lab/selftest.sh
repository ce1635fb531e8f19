#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# selftest.sh [--kernel NAME]: proves that the lab tells good from bad. Each
# case boots a VM with a script that misbehaves in its own way.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
kernel=default
[ "${1-}" != --kernel ] || kernel=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-selftest.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; wait; exit 130' INT TERM HUP
mkdir "$work/bad"

# expect NAME STATUS REASON SCRIPT [OPTION of run.sh]...: in the background, two
# at a time. A boot keeps little more than one core busy.
expect() {
	while [ "$(jobs -pr | wc -l)" -ge 2 ]; do wait -n; done
	expect_one "$@" &
}

expect_one() {
	local name=$1 want=$2 reason=$3 rc=0
	printf '%s\n' "$4" >"$work/$name.test.sh"
	shift 4
	vm=''
	trap 'kill "$vm"; wait "$vm"; exit 130' TERM
	"$top/lab/run.sh" --kernel "$kernel" --no-module --cpus 1 --out "$work/$name" "$@" "$work/$name.test.sh" \
		>"$work/$name.log" 2>&1 </dev/null &
	vm=$!
	wait "$vm" || rc=$?
	if [ "$rc" != "$want" ]; then
		bad "$name" "status $rc, want $want" "$work/$name.log"
	elif ! grep -q -e "$reason" "$work/$name.log"; then
		bad "$name" "does not say '$reason'" "$work/$name.log"
	else
		echo "PASS $name"
	fi
}

# bad NAME WHY LOG: one write, so that lines of two cases do not mix.
bad() {
	printf 'FAIL %s: %s\n%s\n' "$1" "$2" "$(sed 's/^/    /' "$3")"
	: >"$work/bad/$1"
}

# shellcheck disable=SC2016 # the guest's variables
expect good 0 'said something' 'echo said something; echo PASS it >>"$L2PC_RESULT"'
expect script-fails 1 'the script failed (exit 7)' 'exit 7'
# shellcheck disable=SC2016
expect reported-failure 1 'FAIL it: because' 'echo "FAIL it: because" >>"$L2PC_RESULT"; exit 0'
# shellcheck disable=SC2016
expect forged-exit 3 'no result' 'echo exit 0 >>"$L2PC_RESULT"; sleep 1; echo o >/proc/sysrq-trigger; sleep 100'
expect panic 3 'sysrq triggered crash' 'echo c >/proc/sysrq-trigger; sleep 100'
expect hang 5 'timeout' 'while :; do sleep 1; done' --timeout 15
expect splat 4 'WARNING: CPU: 0 test' 'echo "WARNING: CPU: 0 test" >/dev/kmsg; exit 0'
expect late-writer 0 'script ended' 'echo script ended; (sleep 1000; echo "FAIL late") & exit 0'

wait

# A suite that runs no test, or dies between tests, fails in the counting too.
. "$top/tests/lib/count.sh"
counted() {
	local name=$1 want=$2
	shift 2
	passed=0 failed=0 skipped=0
	"$@" >"$work/counted" 2>&1
	if [ "$passed/$failed/$skipped" = "$want" ]; then
		echo "PASS $name"
	else
		bad "$name" "counted $passed/$failed/$skipped, want $want" "$work/counted"
	fi
}
counted no-tests 0/1/0 count_suite x true
counted dies-at-once 0/1/0 count_suite x sh -c 'exit 3'
counted dies-after-a-pass 1/1/0 count_suite x sh -c 'echo PASS a; kill -9 $$'
counted mixed 1/1/1 count_suite x sh -c 'echo PASS a; echo FAIL b: c; echo SKIP d: e; exit 1'

# The runner in the suites: a failing command anywhere in a test fails it.
cat >"$work/runner.test.sh" <<SUITE
. "$top/tests/lib/vm.sh"
test_good() { check_eq sum \$((1 + 1)) 2; check_rc 3 sh -c 'exit 3'; }
test_command_fails() { false; echo not reached; }
test_pipe_fails() { false | cat; }
test_unset_variable() { echo "\$nowhere"; }
test_check_fails() { check_eq sum 3 2; }
test_fails_in_function() { helper; echo not reached; }
helper() { false; true; }
test_exits_early() { exit 0; }
test_skipped() { skip 'no such thing'; }
SUITE
L2PC_RESULT=$work/result bash "$work/runner.test.sh" >"$work/log" 2>&1
rc=$?
cut -d: -f1 "$work/result" | sed 's,runner/,,' | tr '\n' ' ' >"$work/got"
echo 'PASS good FAIL command_fails FAIL pipe_fails FAIL unset_variable FAIL check_fails' \
	'FAIL fails_in_function FAIL exits_early SKIP skipped ' | tr -d '\n' >"$work/want"
if [ "$rc" = 1 ] && cmp -s "$work/got" "$work/want"; then
	echo 'PASS runner'
else
	bad runner "status $rc, got: $(cat "$work/got")" "$work/log"
fi
rmdir "$work/bad" 2>/dev/null
