#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tables.sh: test that results.awk and table.awk distinguish a run of the kernel's selftests that
# is equal in all ways, has passed and was counted from every other run. Needs no VM.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
work=$scratch again=''

# good WAY: print the output of guest.sh for two good tests.
good() {
	cat <<-TEXT
		@test net/a.sh $1 1
		| INFO: not a sub-test
		| TEST: ping                                    [ OK ]
		| TEST: ping                                    [ OK ]
		| TEST: needs what is not there                 [SKIP]
		| ok 1 - learning
		| not ok 2 of old # XFAIL known
		| PASS: transfer: counters match
		@ports	3	60	1
		@ports	2	40	2
		@left interface veth1
		@exit 0
		@test net/gro.sh $1 1
		| running test ipv4 data
		| running test ipv6 large
		| All Tests Succeeded!
		@ports	2	10	0
		@exit 0
	TEXT
}
printf '%s\n' 'net/a.sh 5' 'net/gro.sh 2 gro.c' >"$work/tests"

# fixture NAME STATUS REGEX EDIT-WITHOUT EDIT-MODULE [EDIT-RUN]: edit the output with these sed
# scripts, and expect a line of the table that matches REGEX, and STATUS. The last edit is of
# l2pc run, and by default that of the module.
fixture() { suite_run "$1" expect_table "${@:2}"; }

expect_table() {
	local rc=0 i ways=(without module run) edits=("$3" "$4" "${5-$4}")
	for i in 0 1 2; do
		good "${ways[i]}" | sed -E "${edits[i]}"
		[ -z "$again" ] || good "${ways[i]}" | sed '1s/1$/2/; 12q'
	done | awk -f "$here/results.awk" >"$work/results"
	awk -v ways="${ways[*]}" -f "$here/table.awk" "$work/tests" "$work/results" >"$work/log" || rc=$?
	cat "$work/log"
	expect_equal "status" "$rc" "$1"
	expect_line "$work/log" "$2"
}

fixture equal 0 '^2 tests, 2 well with 8 sub-tests; module: 7 interfaces, 113 frames in 2 tests; l2pc run: 7 interfaces, 113 frames in 2 tests$' '' ''
fixture equal-with-its-numbers 0 '^net/a.sh +(4 OK, 1 SKIP, 1 XFAIL +){3}yes +103 +103$' '' ''
fixture sub-test-fails 1 '^  learning +OK +FAIL +FAIL +attempt 1 NOT EQUAL$' '' 's/ok 1 - learning/not ok 1 - learning/'
fixture sub-test-fails-in-one-way 1 '^  learning +OK +OK +FAIL +attempt 1 NOT EQUAL$' '' '' 's/ok 1 - learning/not ok 1 - learning/'
fixture sub-test-fails-without 1 '^  learning +FAIL +OK +OK +attempt 1 NOT EQUAL$' 's/ok 1 - learning/not ok 1 - learning/' ''
fixture second-of-a-name-fails 1 '^  ping \(2\) +OK +FAIL +OK +attempt 1 NOT EQUAL$' '' '4s/ OK /FAIL/' ''
fixture sub-test-is-missing 1 '^  learning +OK +- +- +attempt 1 NOT EQUAL$' '' '/learning/d'
fixture sub-test-is-new 1 '^  learning +- +OK +OK +attempt 1 NOT EQUAL$' '/learning/d' ''
fixture sub-test-is-skipped 1 '^  learning +OK +SKIP +OK +attempt 1 NOT EQUAL$' '' 's/learning/& # SKIP no tool/' ''
fixture text-of-a-failure 1 '^  transfer: 5 of 6 +- +FAIL +FAIL +attempt 1 NOT EQUAL$' '' 's/PASS: transfer.*/FAIL: transfer: 5 of 6/'
fixture named-test-fails 1 '^  ipv6 large +OK +FAIL +FAIL +attempt 1 NOT EQUAL$' '' \
	's/All Tests Succeeded!/failed tests: ipv6_large.     Please see log.txt/'
fixture named-test-does-not-end 1 '^  ipv4 data +OK +OK +\? +attempt 1 NOT EQUAL$' '' '' '/All Tests/d'
fixture named-tests-end-neither-time 1 '^net/gro.sh .* equal, NOT PASSED' '/All Tests/d' '/All Tests/d'
fixture named-test-among-others 1 '^net/a.sh .* 1 \? +equal, NOT PASSED' '8s/$/\n| running test x/' '8s/$/\n| running test x/'
fixture error-line 1 '^  transfer: counters match +OK +FAIL +FAIL +attempt 1 NOT EQUAL$' '' 's/PASS: transfer/ERROR: transfer/'
fixture status-differs 1 '^net/a.sh .* exit 1 +NOT EQUAL' '' '' '12s/exit 0/exit 1/'
fixture fails-in-all-ways 1 '^net/a.sh .* equal, NOT PASSED' 's/ok 1 - learning/not ok 1 - learning/' \
	's/ok 1 - learning/not ok 1 - learning/'
fixture status-of-all 1 '^net/a.sh .* equal, NOT PASSED' '12s/exit 0/exit 4/' '12s/exit 0/exit 4/'
fixture all-too-slow 1 'timeout .*timeout .*timeout +equal, NOT PASSED' '12s/exit 0/exit 124/' '12s/exit 0/exit 124/'
fixture no-sub-test 0 '^net/a.sh +(1 OK +){3}yes ' '2,8d' '2,8d'
fixture no-sub-test-fails 1 '^  the whole test +OK +FAIL +OK +attempt 1 NOT EQUAL$' '2,8d' '2,8d;12s/0/1/' '2,8d'
fixture only-skipped 1 '^net/a.sh .* equal, NOT PASSED' '2,4d;6,8d' '2,4d;6,8d'
# shellcheck disable=SC2016 # sed's last line
{
	fixture did-not-run 1 '^net/gro.sh .* did not run +(.* )?did not run' '' '13,$d' ''
	fixture did-not-end 1 '^net/gro.sh .* did not run +(.* )?did not run' '' '' '$d'
	fixture fails-without-counting 1 '^net/gro.sh .* exit 1 +did not run +did not run +NOT PASSED' '$s/0/1/' '13,$d'
	fixture none-ran 1 '^net/gro.sh +(did not run +){4}' '13,$d' '13,$d'
}
fixture nothing-counted 1 '^net/a.sh .* equal, NOT COUNTED +0 +103$' '' 's/^(@ports\t.\t).*/\10\t0/' ''
fixture nothing-counted-in-a-short-test 0 '^net/a.sh .* yes +103 +0$' '' '' 's/^(@ports\t.\t).*/\10\t0/'
fixture counting-fails 1 '  module: x: l2pc: no memory' '' '9s/.*/@failed\tx\tl2pc: no memory/' ''
fixture too-few-ports 1 '  module: 4 interfaces were counted, at least 5 there are' '' 's/^@ports\t3/@ports\t2/' ''
fixture nothing-starts 1 '^net/a.sh .* equal, NOT COUNTED +- +103$' '' '9,10d' ''
fixture interface-refused 1 '  run: v1 in x is not counted: unsupported' '' '' '9s/^/@refused\tx\tv1\tunsupported\n/'
fixture too-many-interfaces 1 '  module: 7 interfaces of x are not counted' '' '9s/^/@missed\tx\t7\n/'
fixture left-by-one 0 '  run: it has left namespace x' '' '' '11s/.*/@left namespace x/'
fixture left-by-the-others 0 '^  module: it has left nothing$' '' '11d' ''
fixture command-not-found 0 'the guest has no frobnicate' '2s/.*/| .\/a.sh: line 3: frobnicate: command not found/' ''
# Tests that are tried.
printf '%s\n' 'net/a.sh 5 try' 'net/gro.sh 2 - gro.c' >"$work/tests"
fixture tried-fails-without-counting 0 '^net/a.sh .* exit 1 .* fails without counting' '12s/0/1/' '12s/0/1/'
fixture tried-has-nothing-to-count 0 '^2 tests, 1 well with 2 sub-tests, 1 no witnesses; ' '' '9,10s/^(@ports\t.\t).*/\10\t0/'
fixture tried-differs 1 '^net/a.sh .* NOT EQUAL' '' '12s/0/1/'
# The second attempt of a.sh is good in all ways.
again=1
fixture second-attempt-is-good 0 '^net/a.sh .* yes, attempt 2 ' '' 's/ok 1 - learning/not ok 1 - learning/'
fixture first-attempt-is-shown 0 '^  learning +OK +OK +FAIL +attempt 1 NOT EQUAL$' '' '' 's/ok 1 - learning/not ok 1 - learning/'
fixture attempts-are-summed-up 0 '^2 tests, 2 well with 8 sub-tests, 1 of them in a later attempt; module: 7 interfaces, 113 frames' '' '' '12s/0/1/'
suite_end
