# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2119 # no names are given
# Sourced by every suite tests/vm/suites/*.test.sh, which then defines functions
# test_*; they run in the order of their lines when the suite's file ends.
# ../harness.sh has the assertions.
set -u
# shellcheck source=tests/lib/harness.sh
. "${BASH_SOURCE[0]%/*}/../harness.sh"
L2PC_RESULT=${L2PC_RESULT:-/dev/null}
suite_begin "$(basename "$0" .test.sh)" "$(mktemp -d)"
trap suite_exit EXIT

suite_exit() {
	local rc=$?
	trap - EXIT
	# The code outside of tests must have reached the end of the suite's file.
	[ "$rc" = 0 ] || suite_report FAIL '' "expected the end of the suite's file, got status $rc"
	suite_run_all
	(suite_end)
	rc=$?
	rm -rf "$suite_dir"
	exit "$rc"
}
