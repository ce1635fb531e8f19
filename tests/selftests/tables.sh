#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tables.sh: test that results.awk and table.awk distinguish a run of the kernel's selftests that
# is equal, has passed and was counted from every other run. Needs no VM.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
work=$scratch

# good: print the output of guest.sh for two good tests.
good() {
	cat <<-TEXT
		@test net/a.sh
		| INFO: not a sub-test
		| TEST: ping                                    [ OK ]
		| TEST: ping                                    [ OK ]
		| TEST: needs what is not there                 [SKIP]
		| ok 1 - learning
		| not ok 2 of old # XFAIL known
		| PASS: transfer: counters match
		@ports	5	0	100	3
		@refused	.	v1	vrf	a VRF device
		@left interface veth1
		@exit 0
		@test net/gro.sh
		| running test ipv4 data
		| running test ipv6 large
		| All Tests Succeeded!
		@ports	2	0	10	0
		@exit 0
	TEXT
}
printf '%s\n' 'net/a.sh 5' 'net/gro.sh 2 gro.c' >"$work/tests"

# fixture NAME STATUS REGEX EDIT-WITHOUT EDIT-WITH: edit the output with these sed scripts, and
# expect a line of the table that matches REGEX, and STATUS.
fixture() { suite_run "$1" expect_table "${@:2}"; }

expect_table() {
	local rc=0 i sides=(without with) edits=("$3" "$4")
	for i in 0 1; do good | sed -E "${edits[i]}" | awk -f "$here/results.awk" >"$work/${sides[i]}"; done
	awk -f "$here/table.awk" "$work/tests" "$work/without" "$work/with" >"$work/log" || rc=$?
	cat "$work/log"
	expect_equal "status" "$rc" "$1"
	expect_line "$work/log" "$2"
}

fixture equal 0 '^2 tests, 8 sub-tests: all equal, all passed$' '' ''
fixture equal-with-its-numbers 0 '^net/a.sh +4 OK, 1 SKIP, 1 XFAIL +4 OK, 1 SKIP, 1 XFAIL +yes +5 +100$' '' ''
fixture sub-test-fails 1 '^  learning +OK +FAIL +NOT EQUAL$' '' 's/ok 1 - learning/not ok 1 - learning/'
fixture sub-test-fails-without 1 '^  learning +FAIL +OK +NOT EQUAL$' 's/ok 1 - learning/not ok 1 - learning/' ''
fixture second-of-a-name-fails 1 '^  ping \(2\) +OK +FAIL +NOT EQUAL$' '' '4s/ OK /FAIL/'
fixture sub-test-is-missing 1 '^  learning +OK +- +NOT EQUAL$' '' '/learning/d'
fixture sub-test-is-new 1 '^  learning +- +OK +NOT EQUAL$' '/learning/d' ''
fixture sub-test-is-skipped 1 '^  learning +OK +SKIP +NOT EQUAL$' '' 's/learning/& # SKIP no tool/'
fixture text-of-a-failure 1 '^  transfer: 5 of 6 +- +FAIL +NOT EQUAL$' '' 's/PASS: transfer.*/FAIL: transfer: 5 of 6/'
fixture named-test-fails 1 '^  ipv6 large +OK +FAIL +NOT EQUAL$' '' \
	's/All Tests Succeeded!/failed tests: ipv6_large.     Please see log.txt/'
fixture named-test-does-not-end 1 '^  ipv4 data +OK +\? +NOT EQUAL$' '' '/All Tests/d'
fixture named-tests-end-neither-time 1 '^net/gro.sh .* equal, NOT PASSED' '/All Tests/d' '/All Tests/d'
fixture named-test-among-others 1 '^net/a.sh .* 1 \? +equal, NOT PASSED' '8s/$/\n| running test x/' '8s/$/\n| running test x/'
fixture error-line 1 '^  transfer: counters match +OK +FAIL +NOT EQUAL$' '' 's/PASS: transfer/ERROR: transfer/'
fixture status-differs 1 '^net/a.sh .* exit 1 +NOT EQUAL' '' '12s/exit 0/exit 1/'
fixture fails-both-times 1 '^net/a.sh .* equal, NOT PASSED' 's/ok 1 - learning/not ok 1 - learning/' \
	's/ok 1 - learning/not ok 1 - learning/'
fixture status-of-both 1 '^net/a.sh .* equal, NOT PASSED' '12s/exit 0/exit 4/' '12s/exit 0/exit 4/'
fixture both-too-slow 1 'timeout .*timeout +equal, NOT PASSED' '12s/exit 0/exit 124/' '12s/exit 0/exit 124/'
fixture no-sub-test 1 'no sub-test +no sub-test +equal, NOT PASSED' '2,8d' '2,8d'
fixture only-skipped 1 '^net/a.sh .* equal, NOT PASSED' '2,4d;6,8d' '2,4d;6,8d'
# shellcheck disable=SC2016 # sed's last line
{
	fixture did-not-run 1 '^net/gro.sh .* did not run +did not run' '' '13,$d'
	fixture did-not-end 1 '^net/gro.sh .* did not run +did not run' '' '$d'
	fixture neither-ran 1 '^net/gro.sh +did not run +did not run +did not run' '13,$d' '13,$d'
}
fixture nothing-counted 1 '^net/a.sh .* equal, NOT COUNTED +5 +0$' '' 's/^(@ports\t5\t0\t)100/\10/'
fixture watcher-ends-early 1 '  the counting ended: request: No buffer space' '' '9s/.*/@count-all: request: No buffer space/'
fixture too-few-ports 1 'only 4 interfaces were counted' '' 's/^@ports\t5/@ports\t4/'
fixture nothing-watches 1 '^net/a.sh .* equal, NOT COUNTED +- +-$' '' '9d'
fixture interface-refused 1 'not counted: v1 in \. \(veth\): busy' '' 's/vrf\ta VRF device/veth\tbusy/'
fixture left-by-one 0 'with the module it has left namespace x' '' '11s/.*/@left namespace x/'
fixture command-not-found 0 'the guest has no frobnicate' '2s/.*/| .\/a.sh: line 3: frobnicate: command not found/' ''
suite_end
