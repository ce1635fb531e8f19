# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2030,SC2031,SC2034,SC2120 # of sourcing programs; one subshell a test
# The harness of all shell tests: results, tests, assertions. guest/suite.sh and
# host/suite.sh source it and give it a directory for its files (suite_begin).
#
# A test is a function, run by suite_run in a subshell under errexit, nounset and
# pipefail. The test passes when the function reaches its end. Outside of a function,
# each assertion is a separate test, named by the assertion's first argument.
#
#   fail WHAT EXPECTED GOT [FILE]     ends the test as failed; FILE has the details
#   skip WHY                          ends the test, neither passed nor failed
#   expect_equal WHAT GOT EXPECTED    compares two strings
#   expect_output WHAT EXPECTED       compares stdin, without trailing newlines
#   expect_number WHAT GOT OP LIMIT   OP of test(1): -lt -le -gt -ge
#   expect_match WHAT GOT REGEX       an extended regular expression
#   expect_same WHAT GOT EXPECTED     compares two files
#   expect_empty WHAT FILE            FILE exists and is empty
#   expect_line FILE REGEX            a line matches; expect_no_line: no line does
#   expect_text FILE TEXT             FILE contains TEXT literally; expect_no_text
#   expect_status STATUS COMMAND...
#   expect_failure WHAT COMMAND...    any status but 0
#   expect_success WHAT COMMAND...    status 0
#   expect_present PATH..., expect_absent PATH...
#
# Every failure reads `WHAT: expected X, got Y`.
#
# Each result is a line `PASS|FAIL|SKIP SUITE/NAME[: WHY]`, written to stdout and to the
# file or FIFO that L2PC_RESULT names, which receives nothing else.

# suite_begin SUITE DIR: starts a suite. DIR is used by the harness only.
suite_begin() {
	suite_name=$1 suite_dir=$2
	# The running test, and whether suite_end was reached.
	suite_test='' suite_ended=''
	: >"$suite_dir/results"
}

# suite_report PASS|FAIL|SKIP NAME [WHY [NOTE]]: reports a result. NOTE is printed on
# stdout only.
suite_report() {
	local line="$1 $suite_name${2:+/$2}${3:+: $3}"
	line=${line//$'\n'/ }
	suite_send "$line"
	printf '%s\n' "$line${4:+ $4}"
}

suite_send() { printf '%s\n' "$1" | tee -a "$suite_dir/results" >>"${L2PC_RESULT:-/dev/null}"; }

# suite_details [FILE]: prints FILE or stdin, indented, below a result.
suite_details() { sed 's/^/    /' ${1+"$1"}; }

suite_failed() { grep -q '^FAIL ' "$suite_dir/results"; }

# suite_end: ends the program. The status is 0 only when a test passed or was skipped,
# and no test failed.
suite_end() {
	suite_ended=1
	# L2PC_TEST selects some tests, which run some of the printed commands (documents.sh).
	[ -z "${documents_program-}" ] || [ -n "${L2PC_TEST-}" ] || documents_end
	[ -s "$suite_dir/results" ] || suite_report FAIL '' 'expected a test, got none'
	if suite_failed; then exit 1; fi
	exit 0
}

# suite_run NAME COMMAND...: runs COMMAND as a test. setup, when defined, runs first, in
# the same subshell; teardown runs afterwards, also when the test failed.
suite_run() {
	# These locals hide globals of the same names from the test, hence the prefix.
	local suite_case=$1 suite_status suite_start=$SECONDS
	shift
	rm -f "$suite_dir"/{fail,skip,end,errexit,details}
	# The subshell must not be in a condition or before || or &&: bash would ignore errexit.
	(
		suite_test=$suite_case
		set -euE -o pipefail
		trap 'echo "${BASH_SOURCE##*/}:$LINENO: \`$BASH_COMMAND\`: expected status 0, got $?" >>"$suite_dir/errexit"' ERR
		if declare -F setup >/dev/null; then setup; fi
		"$@"
		: >"$suite_dir/end"
	) >"$suite_dir/log" 2>&1 </dev/null
	suite_status=$?
	if declare -F teardown >/dev/null; then (teardown) >>"$suite_dir/log" 2>&1 </dev/null; fi
	suite_verdict "$suite_case" $suite_status "($((SECONDS - suite_start)) s)"
}

# suite_verdict NAME STATUS NOTE: reports the result of the test that has just ended.
suite_verdict() {
	if [ -e "$suite_dir/fail" ]; then
		suite_report FAIL "$1" "$(head -n 1 "$suite_dir/fail")" "$3"
	elif [ "$2" = 0 ] && [ -e "$suite_dir/skip" ]; then
		suite_report SKIP "$1" "$(cat "$suite_dir/skip")" "$3"
		return
	elif [ "$2" = 0 ] && [ -e "$suite_dir/end" ]; then
		suite_report PASS "$1" '' "$3"
		return
	else
		suite_report FAIL "$1" "$(head -n 1 "$suite_dir/errexit" 2>/dev/null ||
			echo "expected the end of the test, got status $2")" "$3"
	fi
	{
		cat "$suite_dir"/{fail,details} 2>/dev/null
		tail -n 300 "$suite_dir/log"
	} | suite_details
}

# suite_functions: prints the functions test_*, in the order of their lines, file by file.
suite_functions() {
	shopt -s extdebug
	# declare -F prints line numbers only for names that are given, hence one that always is.
	# shellcheck disable=SC2046
	declare -F $(declare -F | awk '$3 ~ /^test_/ { print $3 }') nothing_else | sort -k 3 -k 2,2n | cut -d' ' -f1
	shopt -u extdebug
}

# suite_run_all [NAME...]: runs the functions test_*, or those named. L2PC_TEST, a shell
# pattern, selects the tests with a match anywhere in their names.
suite_run_all() {
	local suite_function
	for suite_function in $([ $# = 0 ] && suite_functions || printf 'test_%s\n' "$@"); do
		# shellcheck disable=SC2254 # a pattern is meant
		case ${suite_function#test_} in
		*${L2PC_TEST:-}*) suite_run "${suite_function#test_}" "$suite_function" ;;
		esac
	done
}

# --- ending a test early ----------------------------------------------------------

fail() {
	[ $# -lt 4 ] || cp "$4" "$suite_dir/details"
	if [ -n "$suite_test" ]; then
		echo "$1: expected $2, got $3" >"$suite_dir/fail"
		exit 1
	fi
	suite_report FAIL "$1" "expected $2, got $3"
	[ $# -lt 4 ] || suite_details "$4"
	return 1
}

skip() {
	if [ -n "$suite_test" ]; then
		echo "$*" >"$suite_dir/skip"
		exit 0
	fi
	suite_report SKIP "" "$*"
	suite_end
}

# expect_held WHAT: reports an assertion that passed. Inside a test, only the test's end is
# reported.
expect_held() { [ -n "$suite_test" ] || suite_report PASS "$1"; }

# --- assertions ----------------------------------------------------------------------

expect_equal() {
	if [ "$2" = "$3" ]; then
		expect_held "$1"
	elif [[ $2$3 != *$'\n'* ]]; then
		fail "$1" "'$3'" "'$2'"
	else
		printf '%s\n' "$2" >"$suite_dir/got"
		printf '%s\n' "$3" >"$suite_dir/expected"
		expect_same "$1" "$suite_dir/got" "$suite_dir/expected"
	fi
}

expect_output() {
	local got
	got=$(cat)
	expect_equal "$1" "$got" "$2"
}

# The message shows the first line that differs, the details show the whole diff.
expect_same() {
	local first number
	if cmp -s "$2" "$3"; then
		expect_held "$1"
		return
	fi
	diff "$3" "$2" >"$suite_dir/diff" 2>&1 || :
	# The diff's first line is like 3c3, or 2a3 for lines added after line 2.
	read -r first <"$suite_dir/diff" || :
	number=${first%%[!0-9]*}
	case $first in [0-9]*a[0-9]*) number=$((number + 1)) ;; esac
	fail "$1" "$(expect_quote_line "$3" "$number")" "$(expect_quote_line "$2" "$number")" "$suite_dir/diff"
}

# expect_quote_line FILE NUMBER: prints a line of FILE for a message.
expect_quote_line() {
	if [ ! -e "$1" ]; then
		echo "no file $1"
	elif [ "$(wc -l <"$1")" -ge "${2:-1}" ]; then
		echo "line ${2:-1} '$(sed -n "${2:-1}p" "$1")'"
	else
		echo "the end of the file"
	fi
}

expect_number() {
	local words=$3
	if case $3 in
		-lt) words='less than' && [ "$2" -lt "$4" ] ;;
		-le) words='at most' && [ "$2" -le "$4" ] ;;
		-gt) words='more than' && [ "$2" -gt "$4" ] ;;
		-ge) words='at least' && [ "$2" -ge "$4" ] ;;
		*) false ;;
		esac then
		expect_held "$1"
	else
		fail "$1" "$words $4" "${2:-nothing}"
	fi
}

expect_match() {
	if [[ $2 =~ $3 ]]; then expect_held "$1"; else fail "$1" "a match of '$3'" "'$2'"; fi
}

expect_empty() {
	if [ -e "$2" ] && [ ! -s "$2" ]; then
		expect_held "$1"
	elif [ ! -e "$2" ]; then
		fail "$1" "no line" "no file $2"
	else
		fail "$1" "no line" "$(wc -l <"$2")" "$2"
	fi
}

# The details are the whole file.
expect_line() {
	if grep -q -E -e "$2" -- "$1"; then expect_held "$1"; else fail "$1" "a line that matches '$2'" "none" "$1"; fi
}

expect_no_line() {
	if ! grep -q -E -e "$2" -- "$1"; then
		expect_held "$1"
	else
		fail "$1" "no line that matches '$2'" "'$(grep -m 1 -E -e "$2" -- "$1")'" "$1"
	fi
}

expect_text() {
	if grep -q -F -e "$2" -- "$1"; then expect_held "$1"; else fail "$1" "the text '$2'" "none" "$1"; fi
}

expect_no_text() {
	if ! grep -q -F -e "$2" -- "$1"; then
		expect_held "$1"
	else
		fail "$1" "no text '$2'" "'$(grep -m 1 -F -e "$2" -- "$1")'" "$1"
	fi
}

# The next three run the command in a subshell, so that an exit ends only the command. The
# subshell is part of a condition, so errexit does not apply in it.
expect_status() {
	local expected=$1 rc=0
	shift
	("$@") || rc=$?
	if [ "$rc" = "$expected" ]; then expect_held "$*"; else fail "$*" "status $expected" "$rc"; fi
}

expect_failure() {
	local what=$1
	shift
	if ("$@"); then fail "$what" "a failure" "success"; else expect_held "$what"; fi
}

expect_success() {
	local what=$1 rc=0
	shift
	("$@") || rc=$?
	if [ "$rc" = 0 ]; then expect_held "$what"; else fail "$what" "success" "status $rc"; fi
}

expect_present() {
	local path
	for path; do
		if [ -e "$path" ]; then expect_held "$path"; else fail "$path" "a file" "none"; fi
	done
}

expect_absent() {
	local path
	for path; do
		if [ ! -e "$path" ]; then expect_held "$path"; else fail "$path" "no file" "a $(stat -c %F "$path")"; fi
	done
}
