# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by every suite tests/vm/suites/*.test.sh, which then defines functions
# test_*; they run in the order they stand in, when the suite's file ends. Each
# runs in a subshell of its own, under errexit, nounset and pipefail, and passes
# when it comes to its end.
#
#   fail WHY               ends the test
#   skip WHY               ends it, neither passed nor failed
#   check_eq WHAT GOT WANT
#   check_rc WANT COMMAND...
#   setup, teardown        when defined, before and after each test; teardown
#                          also after a failed one
# L2PC_TEST picks tests by name: a shell pattern, anywhere in the name.
set -u

L2PC_RESULT=${L2PC_RESULT:-/dev/null}
vm_suite=$(basename "$0" .test.sh)
vm_dir=$(mktemp -d)

fail() {
	echo "$*" >"$vm_dir/fail"
	exit 1
}

skip() {
	echo "$*" >"$vm_dir/skip"
	exit 0
}

check_eq() { [ "$2" = "$3" ] || fail "$1: got '$2', want '$3'"; }

check_rc() {
	local want=$1 rc=0
	shift
	# In a subshell: the condition switches errexit off for a function.
	("$@") || rc=$?
	[ "$rc" = "$want" ] || fail "'$*' ended with status $rc, want $want"
}

vm_run_test() {
	local name=$1 rc result start=$SECONDS
	rm -f "$vm_dir"/{fail,skip,end}
	# Not in a condition, not before || or &&: that would switch errexit off.
	(
		set -euE -o pipefail
		trap 'echo "$BASH_SOURCE:$LINENO: \`$BASH_COMMAND\` ended with status $?" >>"$vm_dir/errexit"' ERR
		rm -f "$vm_dir/errexit"
		if declare -F setup >/dev/null; then setup; fi
		"$name"
		: >"$vm_dir/end"
	) >"$vm_dir/log" 2>&1 </dev/null
	rc=$?
	if declare -F teardown >/dev/null; then (teardown) >>"$vm_dir/log" 2>&1; fi

	if [ -e "$vm_dir/fail" ]; then
		result="FAIL $vm_suite/${name#test_}: $(head -n 1 "$vm_dir/fail")"
	elif [ "$rc" = 0 ] && [ -e "$vm_dir/skip" ]; then
		result="SKIP $vm_suite/${name#test_}: $(cat "$vm_dir/skip")"
	elif [ "$rc" = 0 ] && [ -e "$vm_dir/end" ]; then
		result="PASS $vm_suite/${name#test_}"
	else
		result="FAIL $vm_suite/${name#test_}: $(head -n 1 "$vm_dir/errexit" 2>/dev/null || echo "status $rc")"
	fi
	echo "$result" >>"$L2PC_RESULT"
	echo "$result ($((SECONDS - start)) s)"
	case $result in FAIL*)
		vm_failed=1
		sed 's/^/    /' "$vm_dir/fail" "$vm_dir/log" 2>/dev/null
		;;
	esac
}

vm_run_suite() {
	local rc=$? name names line
	trap - EXIT
	vm_failed=''
	# The suite's own code, outside of tests, must have come to its end.
	[ "$rc" = 0 ] || {
		echo "FAIL $vm_suite: the suite's file ended with status $rc" | tee -a "$L2PC_RESULT"
		vm_failed=1
	}
	shopt -s extdebug
	names=$(declare -F | awk '$3 ~ /^test_/ { print $3 }' | while read -r name; do
		line=$(declare -F "$name")
		line=${line#* }
		echo "${line%% *} $name"
	done | sort -n | cut -d' ' -f2)
	shopt -u extdebug
	for name in $names; do
		# shellcheck disable=SC2254 # a pattern is meant
		case ${name#test_} in *${L2PC_TEST:-}*) vm_run_test "$name" ;; esac
	done
	rm -rf "$vm_dir"
	exit "${vm_failed:-0}"
}
trap vm_run_suite EXIT
