# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: counts PASS, FAIL and SKIP lines of a suite. A suite that died or ran no test
# counts as failed.

passed=0 failed=0 skipped=0
count_width=14

# count_result NAME LINES LOG STATUS TIME: prints a line on a suite, its skips and, when it
# failed, its log. LINES is the file with its result lines, LOG the one with its other
# output. Sets count_verdict, the suite's entry in a table; false when the suite failed.
count_result() {
	local p f s note=''
	p=$(grep -a -s -c '^PASS ' "$2")
	f=$(grep -a -s -c '^FAIL ' "$2")
	s=$(grep -a -s -c '^SKIP ' "$2")
	p=${p:-0} f=${f:-0} s=${s:-0}
	count_verdict="$p ok"
	if [ $((p + f)) = 0 ] && [ "$4" = 0 ]; then
		f=1 note='no test ran'
		[ "$s" = 0 ] || { f=0 note='all skipped' count_verdict=skipped; }
	elif [ "$4" != 0 ] && [ "$f" = 0 ]; then
		f=1 note="died with status $4"
	fi
	[ "$f" = 0 ] || count_verdict=FAILED
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	count_line "$1" "$count_verdict"
	printf ', %3d passed' "$p"
	[ "$f" = 0 ] || printf ', %d failed' "$f"
	[ "$s" = 0 ] || printf ', %d skipped' "$s"
	printf ', %s%s\n' "$5" "${note:+ ($note)}"
	grep -a -s '^SKIP ' "$2" | sed 's/^/  /'
	[ "$f" = 0 ] || { grep -a -s -v '^PASS ' "$3" | sed 's/^/  /' && false; }
}

# count_line NAME VERDICT: prints the start of a line.
count_line() { printf '%-*s %s' "$count_width" "$1" "$([ "$2" = FAILED ] && echo FAILED || echo ok)"; }

# count_failed NAME WHY: counts and prints a failure.
count_failed() {
	failed=$((failed + 1))
	count_line "$1" FAILED
	printf ' (%s)\n' "$2"
}

# count_end: prints the totals; false when something failed.
count_end() {
	[ $((passed + failed)) != 0 ] || count_failed tests 'no test ran'
	printf '%d passed, %d failed' "$passed" "$failed"
	[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
	echo
	[ "$failed" = 0 ]
}
