#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# runner.sh: proves that what runs the suites tells good from bad, runs them side
# by side, and ends all it started. Needs no VM. Prints PASS and FAIL lines.
set -u -o pipefail

tests=$(cd "$(dirname "$0")/.." && pwd)
all=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-runner-test.XXXXXX")
trap 'rm -rf "$all"' EXIT
trap 'exit 130' INT TERM HUP
ended=0

result() { # NAME WHY-NOT
	if [ -z "$2" ]; then
		echo "PASS $1"
	else
		printf 'FAIL %s: %s\n%s\n' "$1" "$2" "$(sed 's/^/    /' "$all/log")"
		ended=1
	fi
}

# A program as tests/run.sh is one. What it is given is the text between.
program() {
	cat >"$all/program" <<-TEXT
		tests=$tests
		. "\$tests/lib/runner.sh"
		runner_begin
		$1
		jobs_run
		runner_end
	TEXT
}

# runs NAME WANTED-STATUS WANTED-LAST-LINE TEXT: and then $all/log is its output.
runs() {
	local rc=0 last
	program "$4"
	TMPDIR=$all timeout 60 bash "$all/program" >"$all/log" 2>&1 || rc=$?
	last=$(tail -n 1 "$all/log")
	if [ "$rc" != "$2" ]; then
		result "$1" "status $rc, want $2"
	elif [ "$last" != "$3" ]; then
		result "$1" "says '$last', want '$3'"
	elif compgen -G "$all/l2pc-tests.*" >/dev/null; then
		result "$1" 'a directory is left behind'
	else
		result "$1" ''
	fi
}

# shellcheck disable=SC2016 # the programs' own variables
{
	runs no-tests 1 '0 passed, 1 failed' 'jobs_add x 1 "" log true'
	runs dies-at-once 1 '0 passed, 1 failed' 'jobs_add x 1 "" log sh -c "exit 3"'
	runs dies-after-a-pass 1 '1 passed, 1 failed' 'jobs_add x 1 "" log sh -c "echo PASS a; kill -9 \$\$"'
	runs takes-its-runner-along 1 '1 passed, 1 failed' 'jobs_add x 1 "" log sh -c "echo PASS a; kill -9 \$PPID"'
	runs mixed 1 '1 passed, 1 failed, 1 skipped' \
		'jobs_add x 1 "" log sh -c "echo PASS a; echo FAIL b: c; echo SKIP d: e; exit 1"'
	runs all-skipped-and-good 0 '1 passed, 0 failed, 1 skipped' \
		'jobs_add x 1 "" log echo SKIP a: b; jobs_add y 1 "" log echo PASS c'
	runs nothing-to-run 1 '0 passed, 1 failed' ''
	runs no-result-file 1 '0 passed, 1 failed' 'jobs_add x 1 "" "$(jobs_dir x)/out/result" echo PASS a'
	runs never-begun 1 '0 passed, 1 failed' 'jobs_add x 1 "" log echo PASS a; jobs_run() { :; }'
	runs bad-number 2 'error: L2PC_JOBS=many: say how many suites may run at a time, 1 or more' 'L2PC_JOBS=many'
	runs after-one-that-failed 1 '0 passed, 2 failed' \
		'jobs_add y 9 x log echo PASS a; jobs_add x 1 "" - false'
	runs after-one-of-two-that-failed 1 '1 passed, 2 failed' \
		'jobs_add y 9 "w x" log echo PASS a; jobs_add w 1 "" log echo PASS w; jobs_add x 1 "" - false'
	runs after-one-that-is-good 0 '1 passed, 0 failed' \
		'jobs_add y 9 x log sh -c "test -e $work/made && echo PASS a"; jobs_add x 1 "" - touch "$work/made"'

	# Each ends only when the other has begun.
	runs side-by-side 0 '2 passed, 0 failed' 'L2PC_JOBS=2
		meet() { touch "$work/$1"; until [ -e "$work/$2" ]; do sleep 0.1; done; echo "PASS $1"; }
		export work; export -f meet
		jobs_add a 1 "" log bash -c "meet a b"; jobs_add b 1 "" log bash -c "meet b a"'
	runs one-by-one-longest-first 0 '3 passed, 0 failed' "L2PC_JOBS=1
		for n in 2 3 1; do jobs_add j\$n \$n '' log sh -c \"echo \$n >>$all/order; echo PASS a\"; done"
	echo '3 2 1' | diff - <(xargs <"$all/order") >"$all/log"
	result longest-first "$(cat "$all/log")"
	runs a-tmp-of-its-own 0 '1 passed, 0 failed' \
		'jobs_add x 1 "" log bash -c "[[ \$TMPDIR == $work/* && -d \$TMPDIR ]] && mktemp && echo PASS a"'
}

# interrupted NAME SIGNAL TEXT: while it waits, its jobs have a child each, one of
# them deaf, and all have noted their pids.
interrupted() {
	local rc=0 pid why=''
	rm -rf "$all/pids" && mkdir "$all/pids"
	program "$3"
	TMPDIR=$all env --default-signal=INT,TERM,HUP bash "$all/program" >"$all/log" 2>&1 &
	pid=$!
	until [ "$(find "$all/pids" -type f | wc -l)" = 4 ]; do
		kill -0 $pid 2>/dev/null || break
		sleep 0.1
	done
	kill "-$2" $pid 2>/dev/null
	wait $pid || rc=$?
	[ "$rc" = 130 ] || why="status $rc, want 130"
	for pid in "$all"/pids/*; do
		! kill -0 "${pid##*/}" 2>/dev/null || why="process ${pid##*/} is left behind"
	done
	! grep -q PASS "$all/log" || why='what was interrupted has passed'
	! compgen -G "$all/l2pc-tests.*" >/dev/null || why='a directory is left behind'
	result "$1" "$why"
}
# shellcheck disable=SC2016
jobs='L2PC_JOBS=2 jobs_grace=2
	job() { touch "$all/pids/$$"; $1; sleep 1000 & touch "$all/pids/$!"; wait; echo PASS x; }
	export all='$all'; export -f job
	jobs_add a 1 "" log bash -c "job"
	jobs_add b 1 "" log bash -c "job \"trap : TERM\""
	jobs_add c 1 "" log bash -c "job"'
interrupted interrupt INT "$jobs"
interrupted termination TERM "$jobs"
interrupted hang-up HUP "$jobs"

# The runner in the VM's suites: a failing command anywhere in a test fails it.
cat >"$all/suite.test.sh" <<SUITE
. "$tests/lib/vm.sh"
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
L2PC_TEST='' L2PC_RESULT=$all/result bash "$all/suite.test.sh" >"$all/log" 2>&1
rc=$?
got=$(cut -d: -f1 "$all/result" | sed 's,suite/,,' | tr '\n' ' ')
want='PASS good FAIL command_fails FAIL pipe_fails FAIL unset_variable FAIL check_fails '
want+='FAIL fails_in_function FAIL exits_early SKIP skipped '
why=''
[ "$rc" = 1 ] || why="status $rc"
[ "$got" = "$want" ] || why="got: $got"
result suites "$why"
exit $ended
