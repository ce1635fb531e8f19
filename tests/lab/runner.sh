#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# runner.sh: prove that the harness and the runner of suites distinguish success from failure,
# run suites concurrently, and end all that they started. Needs no VM.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
all=$scratch/all
mkdir "$all"

# result NAME FAILURE: report without the harness's assertions, which are tested here.
result() {
	if [ -z "$2" ]; then
		suite_report PASS "$1"
	else
		suite_report FAIL "$1" "$2"
		suite_details "$all/log"
	fi
}

# program TEXT: write a program like tests/run.sh, which runs TEXT.
program() {
	cat >"$all/program" <<-TEXT
		tests=$tests
		. "\$tests/lib/host/runner.sh"
		runner_begin
		$1
		jobs_run
		runner_end
	TEXT
}

# runs NAME STATUS LAST-LINE TEXT: fail unless the program ends like this. Output: $all/log.
runs() {
	local rc=0 last
	program "$4"
	TMPDIR=$all timeout 60 bash "$all/program" >"$all/log" 2>&1 || rc=$?
	last=$(tail -n 1 "$all/log")
	if [ "$rc" != "$2" ]; then
		result "$1" "expected status $2, got $rc"
	elif [ "$last" != "$3" ]; then
		result "$1" "expected '$3', got '$last'"
	elif compgen -G "$all/l2pc-tests.*" >/dev/null; then
		result "$1" 'expected no directory left, got one'
	else
		result "$1" ''
	fi
}

# shellcheck disable=SC2016 # the programs' own variables
{
	runs no-tests 1 '0 passed, 1 failed' 'jobs_add x 1 "" true'
	runs dies-at-once 1 '0 passed, 1 failed' 'jobs_add x 1 "" sh -c "exit 3"'
	runs dies-after-a-pass 1 '1 passed, 1 failed' 'jobs_add x 1 "" sh -c "echo PASS a >>\$L2PC_RESULT; kill -9 \$\$"'
	runs takes-its-runner-along 1 '1 passed, 1 failed' 'jobs_add x 1 "" sh -c "echo PASS a >>\$L2PC_RESULT; kill -9 \$PPID"'
	runs mixed 1 '1 passed, 1 failed, 1 skipped' \
		'jobs_add x 1 "" sh -c "printf \"%s\\n\" \"PASS a\" \"FAIL b: c\" \"SKIP d: e\" >>\$L2PC_RESULT; exit 1"'
	runs failed-with-status-0 1 '1 passed, 1 failed' \
		'jobs_add x 1 "" sh -c "printf \"%s\\n\" \"PASS a\" \"FAIL b: c\" >>\$L2PC_RESULT"'
	runs all-skipped-and-good 0 '1 passed, 0 failed, 1 skipped' \
		'jobs_add x 1 "" sh -c "echo SKIP a: b >>\$L2PC_RESULT"; jobs_add y 1 "" sh -c "echo PASS c >>\$L2PC_RESULT"'
	runs nothing-to-run 1 '0 passed, 1 failed' ''
	runs passes-on-stdout-only 1 '0 passed, 1 failed' 'jobs_add x 1 "" echo PASS a'
	runs no-result-file 1 '0 passed, 1 failed' \
		'jobs_add x 1 "" sh -c "echo PASS a >>\$L2PC_RESULT"; jobs_lines[x]=$(jobs_dir x)/out/result'
	runs never-begun 1 '0 passed, 1 failed' 'jobs_add x 1 "" sh -c "echo PASS a >>\$L2PC_RESULT"; jobs_run() { :; }'
	runs bad-number 2 'error: L2PC_JOBS=many: say how many suites may run at a time, 1 or more' 'L2PC_JOBS=many'
	runs after-one-that-failed 1 '0 passed, 2 failed' \
		'jobs_add y 9 x sh -c "echo PASS a >>\$L2PC_RESULT"; jobs_prepare x 1 "" false'
	runs after-one-of-two-that-failed 1 '1 passed, 2 failed' \
		'pass() { jobs_add "$1" 1 "$2" sh -c "echo PASS x >>\$L2PC_RESULT"; }
		pass y "w x"; pass w ""; jobs_prepare x 1 "" false'
	runs after-one-that-is-good 0 '1 passed, 0 failed' \
		'jobs_add y 9 x sh -c "test -e $work/made && echo PASS a >>\$L2PC_RESULT"; jobs_prepare x 1 "" touch "$work/made"'

	# Each job ends only when the other has started.
	runs side-by-side 0 '2 passed, 0 failed' 'L2PC_JOBS=2
		meet() { touch "$work/$1"; until [ -e "$work/$2" ]; do sleep 0.1; done; echo "PASS $1" >>"$L2PC_RESULT"; }
		export work; export -f meet
		jobs_add a 1 "" bash -c "meet a b"; jobs_add b 1 "" bash -c "meet b a"'
	runs one-by-one-longest-first 0 '3 passed, 0 failed' "L2PC_JOBS=1
		for n in 2 3 1; do jobs_add j\$n \$n '' sh -c \"echo \$n >>$all/order; echo PASS a >>\\\$L2PC_RESULT\"; done"
	echo '3 2 1' | diff - <(xargs <"$all/order") >"$all/log"
	result longest-first "$(cat "$all/log")"
	runs a-tmp-of-its-own 0 '1 passed, 0 failed' \
		'jobs_add x 1 "" bash -c "[[ \$TMPDIR == $work/* && -d \$TMPDIR ]] && mktemp && echo PASS a >>\$L2PC_RESULT"'
}

# interrupted NAME SIGNAL TEXT: interrupt the program while it waits for jobs. Each job has a
# child, one ignores the signal, and all have recorded their pids.
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
	[ "$rc" = 130 ] || why="expected status 130, got $rc"
	for pid in "$all"/pids/*; do
		! kill -0 "${pid##*/}" 2>/dev/null || why="expected no process left, got ${pid##*/}"
	done
	! grep -q PASS "$all/log" || why='expected no result of what was interrupted, got PASS'
	! compgen -G "$all/l2pc-tests.*" >/dev/null || why='expected no directory left, got one'
	result "$1" "$why"
}
# shellcheck disable=SC2016
jobs='L2PC_JOBS=2 jobs_grace=2
	job() { touch "$all/pids/$$"; $1; sleep 1000 & touch "$all/pids/$!"; wait; echo PASS x >>"$L2PC_RESULT"; }
	export all='$all'; export -f job
	jobs_add a 1 "" bash -c "job"
	jobs_add b 1 "" bash -c "job \"trap : TERM\""
	jobs_add c 1 "" bash -c "job"'
interrupted interrupt INT "$jobs"
interrupted termination TERM "$jobs"
interrupted hang-up HUP "$jobs"

# host NAME STATUS RESULTS TEXT: write a program with the host's harness, which runs TEXT, and
# fail unless it ends like this. RESULTS are on one line, without their suite.
host() {
	local rc=0 got why=''
	rm -f "$all/result"
	printf '. "%s/lib/host/suite.sh"\n%s\n' "$tests" "$4" >"$all/program"
	TMPDIR=$all L2PC_RESULT=$all/result timeout 60 bash "$all/program" >"$all/log" 2>&1 </dev/null || rc=$?
	got=$(sed 's,program/*,,' "$all/result" 2>/dev/null | paste -s -d '|')
	[ "$got" = "$3" ] || why="expected '$3', got '$got'"
	[ "$rc" = "$2" ] || why="expected status $2, got $rc"
	! compgen -G "$all/l2pc-program.*" >/dev/null || why='expected no directory left, got one'
	result "$1" "$why"
}
# shellcheck disable=SC2016 # the programs' own variables
{
	host host-good 0 'PASS sum|PASS words' 'expect_equal sum 2 2; echo a | expect_output words a; suite_end'
	host host-bad 1 "FAIL sum: expected '2', got '3'|PASS more" 'expect_equal sum 3 2; expect_equal more 2 2; suite_end'
	host host-bad-in-a-pipe 1 "FAIL sum: expected '2', got '3'" 'echo 3 | expect_output sum 2; suite_end'
	host host-bad-in-the-background 1 "FAIL sum: expected '2', got '3'" 'expect_equal sum 3 2 & wait; suite_end'
	host host-without-tests 1 'FAIL : expected a test, got none' 'suite_end'
	host host-ends-early 1 'PASS sum|FAIL : expected the end of the program, got status 0' 'expect_equal sum 2 2; exit 0'
	host host-without-end 1 'PASS sum|FAIL : expected the end of the program, got status 0' 'expect_equal sum 2 2'
	host host-dies 9 'PASS sum' 'expect_equal sum 2 2; exit 9'
	host host-skipped 0 'SKIP : no such thing' 'skip "no such thing"; expect_equal sum 3 2'
	host host-functions 1 'PASS a|FAIL b: sum: expected '"'2', got '3'"'|FAIL c: expected the end of the test, got status 0' \
		'test_a() { expect_equal sum 2 2; }; test_b() { expect_equal sum 3 2; }; test_c() { exit 0; }
		suite_run_all; suite_end'
	host host-cleans 1 'FAIL sum: expected '"'2', got '3'" 'cleanup() { rm "$scratch/x"; }; : >"$scratch/x"; expect_equal sum 3 2; suite_end'
	host host-includes 1 'PASS a|FAIL program.sh: expected status 0, got 3' \
		'printf "#!/bin/sh\necho PASS a >>\$L2PC_RESULT; exit 3\n" >"$scratch/program.sh"; chmod +x "$scratch/program.sh"
		suite_include "$scratch/program.sh"; suite_end'
}

# Test each assertion of the harness, and the ways in which a test can end.
rm -f "$all/result"
rc=0
L2PC_TEST='' L2PC_LIB=$tests/lib L2PC_RESULT=$all/result bash "$here/assertions.test.sh" >"$all/output" 2>&1 || rc=$?
diff "$here/assertions.expected" <(sed 's/test\.sh:[0-9]*:/test.sh:N:/' "$all/result") >"$all/log"
why=$(cat "$all/log")
[ "$rc" = 1 ] || why="expected status 1, got $rc"
result assertions "$why"
suite_end
