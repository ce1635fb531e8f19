#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every assertion once as it holds and once as it fails, and every way in which a test
# can end. tests/lab/assertions.expected has the results; runner.sh compares them on this
# machine, selftest.sh in a VM.
# shellcheck source=tests/lib/guest/suite.sh
. "${L2PC_LIB:-/l2pc/tests/lib}/guest/suite.sh"
here=$suite_dir

# Before each test, in its subshell.
setup() {
	printf '%s\n' one two three >"$here/three"
	printf '%s\n' one 2 three >"$here/other"
	printf '%s\n' one two >"$here/two"
	: >"$here/empty"
}
teardown() { [ ! -e "$here/dirty" ] || rm "$here/dirty"; }

test_equal() { expect_equal sum $((1 + 1)) 2; }
test_equal_fails() { expect_equal sum 3 2; }
test_equal_lines_fail() { expect_equal list $'a\nb' $'a\nc'; }
test_output() { echo 2 | expect_output sum 2; }
test_output_fails() { echo 3 | expect_output sum 2; }
test_number() {
	expect_number low 1 -lt 2
	expect_number low 2 -le 2
	expect_number high 3 -gt 2
	expect_number high 2 -ge 2
}
test_number_lt_fails() { expect_number high 2 -lt 2; }
test_number_le_fails() { expect_number high 3 -le 2; }
test_number_gt_fails() { expect_number low 2 -gt 2; }
test_number_ge_fails() { expect_number low 1 -ge 2; }
test_number_none_fails() { expect_number none '' -ge 2; }
test_match() { expect_match word abc '^a.c$'; }
test_match_fails() { expect_match word abd '^a.c$'; }
test_same() { expect_same files "$here/three" "$here/three"; }
test_same_fails() { expect_same files "$here/other" "$here/three"; }
test_same_shorter_fails() { expect_same files "$here/two" "$here/three"; }
test_empty() { expect_empty findings "$here/empty"; }
test_empty_fails() { expect_empty findings "$here/three"; }
test_empty_without_file_fails() { expect_empty findings /nowhere; }
test_line() { expect_line "$here/three" '^t.o$'; }
test_line_fails() { cd "$here" && expect_line three '^t.x$'; }
test_no_line() { expect_no_line "$here/three" '^t.x$'; }
test_no_line_fails() { cd "$here" && expect_no_line three '^t.o$'; }
test_text() { expect_text "$here/three" wo; }
test_text_fails() { cd "$here" && expect_text three 't.o'; }
test_no_text() { expect_no_text "$here/three" 't.o'; }
test_no_text_fails() { cd "$here" && expect_no_text three wo; }
test_status() { expect_status 3 sh -c 'exit 3'; }
test_status_fails() { expect_status 3 sh -c 'exit 4'; }
test_failure() { expect_failure nonsense false; }
test_failure_fails() { expect_failure nonsense true; }
test_success() { expect_success sense true; }
test_success_fails() { expect_success sense sh -c 'exit 2'; }
test_present() { expect_present "$here/three" /; }
test_present_fails() { expect_present / /nowhere; }
test_absent() { expect_absent /nowhere; }
test_absent_fails() { expect_absent /nowhere /; }

test_command_fails() { false; echo not reached; }
test_command_fails_in_function() { helper; echo not reached; }
helper() { false; true; }
test_command_fails_in_pipe() { false | cat; }
# shellcheck disable=SC2154 # that is the test
test_unset_variable_fails() { echo "$nowhere"; }
test_fails_in_pipe() { echo x | { fail it X Y; }; }
# shellcheck disable=SC2005 # that is the test
test_fails_in_substitution() { echo "$(fail it X Y)"; }
test_exits_early() { exit 0; }
test_exits_with_status() { exit 7; }
test_killed() { kill -KILL "$BASHPID"; }
test_skipped() { skip 'no such thing'; }
test_skips_and_fails() { skip 'no such thing' || fail it X Y; }
test_fails_and_cleans() { : >"$here/dirty" && fail it X Y; }
test_was_cleaned() { expect_absent "$here/dirty"; }
test_only_its_own() { unset -f setup; }
test_setup_is_there_again() { expect_present "$here/three"; }
test_what_it_prints_is_no_result() { echo "PASS forged"; fail it X Y; }
