# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # the programs' own use
# Sourced by a test program of the host, which names the commands it needs (suite_need),
# runs tests, and ends with suite_end. ../harness.sh has the assertions. This file sets
# $here, $tests, $lab, $top and $scratch, a temporary directory. The program's function
# cleanup, when defined, runs at the end, also after a failure or a signal. A program that
# ends without suite_end fails.
#
# With --packages the program installs the packages it needs and runs no test.
set -u -o pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd -P) || exit 2
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P) || exit 2
top=${tests%/*} lab=${tests%/*}/lab
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"
# shellcheck source=tests/lib/harness.sh
. "$tests/lib/harness.sh"
# shellcheck source=tests/lib/wait.sh
. "$tests/lib/wait.sh"

suite_packages=''
[ "${1-}" != --packages ] || suite_packages=1
# A program run.sh is named after its folder.
suite_name=$(basename "$0" .sh)
[ "$suite_name" != run ] || suite_name=${here##*/}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-$suite_name.XXXXXX") || exit 2
mkdir "$scratch/.suite" || exit 2
suite_begin "$suite_name" "$scratch/.suite"
trap suite_exit EXIT
trap 'exit 130' INT TERM HUP

suite_exit() {
	local rc=$?
	# A shell in the background may get a signal before it has dropped the traps.
	[ "$BASHPID" = $$ ] || return "$rc"
	trap '' INT TERM HUP
	if declare -F cleanup >/dev/null; then cleanup; fi
	if [ "$rc" = 0 ] && [ -z "$suite_ended" ]; then
		suite_report FAIL '' 'expected the end of the program, got status 0'
		rc=1
	fi
	rm -rf --one-file-system "$scratch"
	exit "$rc"
}

# suite_need WHAT:PACKAGE...: calls packages_need. The program has no other needs.
suite_need() {
	packages_need "$@"
	suite_need_no_more
}

# suite_need_no_more: ends the program when it was started with --packages.
suite_need_no_more() {
	[ -n "$suite_packages" ] || return 0
	suite_ended=1
	exit 0
}

# suite_relay FILE: reports the results of another program or a guest as results of this
# one.
suite_relay() {
	local line
	grep -a -E '^(PASS|FAIL|SKIP) ' "$1" | while IFS= read -r line; do
		suite_send "$line"
		printf '%s\n' "$line"
	done
}

# suite_include PROGRAM [ARGUMENT...]: runs another test program as part of this one.
suite_include() {
	local line rc=0
	: >"$scratch/.suite/included"
	L2PC_RESULT=$scratch/.suite/included "$@" || rc=$?
	while IFS= read -r line; do suite_send "$line"; done <"$scratch/.suite/included"
	[ "$rc" = 0 ] || grep -q '^FAIL ' "$scratch/.suite/included" || fail "${1##*/}" "status 0" "$rc"
}
