# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $work is the caller's
# Sourced by tests/run.sh: runs suites, counts PASS, FAIL and SKIP lines, and
# never lets a suite that died or ran nothing look like one that passed.

passed=0 failed=0 skipped=0

# count_suite NAME COMMAND...: the lines are what the command prints.
count_suite() {
	local name=$1 rc
	shift
	count_run "$name" "$@"
	rc=$?
	count_result "$name" "$work/log" "$rc"
}

# count_vm NAME lab/run.sh...: the lines are what came through the result port.
count_vm() {
	local name=$1 rc
	shift
	rm -rf "$work/out"
	count_run "$name" "$@"
	rc=$?
	touch "$work/out/result" 2>/dev/null || { mkdir -p "$work/out" && : >"$work/out/result"; }
	count_result "$name" "$work/out/result" "$rc"
}

# In the background and waited for: so a signal reaches the trap at once.
count_run() {
	count_start=$SECONDS
	[ ! -t 1 ] || printf '%-14s …\r' "$1"
	shift
	"$@" >"$work/log" 2>&1 </dev/null &
	child=$!
	wait "$child"
	set -- $?
	child=''
	return "$1"
}

# count_result NAME LINES STATUS
count_result() {
	local p f s note=''
	p=$(grep -a -c '^PASS ' "$2")
	f=$(grep -a -c '^FAIL ' "$2")
	s=$(grep -a -c '^SKIP ' "$2")
	if [ $((p + f)) = 0 ] && [ "$3" = 0 ]; then
		f=1 note='no test ran'
		[ "$s" = 0 ] || { f=0 note='all skipped'; }
	elif [ "$3" != 0 ] && [ "$f" = 0 ]; then
		f=1 note="died with status $3"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	printf '%-14s %s, %3d passed' "$1" "$([ "$f" = 0 ] && echo ok || echo FAILED)" "$p"
	[ "$f" = 0 ] || printf ', %d failed' "$f"
	[ "$s" = 0 ] || printf ', %d skipped' "$s"
	printf ', %d s%s\n' $((SECONDS - count_start)) "${note:+ ($note)}"
	grep -a '^SKIP ' "$2" | sed 's/^/  /'
	[ "$f" = 0 ] || grep -a -v '^PASS ' "$work/log" | sed 's/^/  /'
}

count_failed() {
	failed=$((failed + 1))
	printf '%-14s FAILED (%s)\n' "$1" "$2"
}

count_end() {
	[ $((passed + failed)) != 0 ] || count_failed tests 'no test ran'
	printf '%d passed, %d failed' "$passed" "$failed"
	[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
	echo
	[ "$failed" = 0 ]
}
