#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [--unit] [--vm] [--kernel NAME] [SUITE...]: every test, or some.
# One line a suite, failures in full, and at last `N passed, N failed`. Status 0
# only when nothing failed and each suite ran at least one test.
set -u -o pipefail

tests=$(cd "$(dirname "$0")" && pwd)
lab=$(cd "$tests/../lab" && pwd)
# shellcheck source=../lab/say.sh
. "$lab/say.sh"
# shellcheck source=../lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=../lab/cache.sh
. "$lab/cache.sh"
. "$tests/lib/count.sh"
. "$tests/lib/suites.sh"

unit='' vm='' kernel=default suites=()
while [ $# -gt 0 ]; do
	case $1 in
	--unit) unit=1 ;;
	--vm) vm=1 ;;
	--kernel) kernel=${2:?--kernel wants a name} && shift ;;
	-*) die "unknown option $1" "usage: tests/run.sh [--unit] [--vm] [--kernel NAME] [SUITE...]" ;;
	*) suites+=("$1") ;;
	esac
	shift
done
picked=${suites[*]:-}
suites_check ${suites[@]+"${suites[@]}"}
[ ${#suites[@]} = 0 ] || vm=1
[ -n "$unit$vm" ] || unit=1 vm=1

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-tests.XXXXXX")
child=''
trap 'rm -rf "$work"' EXIT
trap '[ -z "$child" ] || { kill "$child"; wait "$child"; } 2>/dev/null; exit 130' INT TERM HUP

# On this machine, without its kernel: the engine, the installer, the documents.
run_unit() {
	packages_need make:make gcc:gcc /usr/include/stdio.h:libc6-dev
	count_suite unit make -s -C "$tests/unit" check
	count_suite install "$tests/install/run.sh"
	count_suite docs "$tests/docs/links.sh"
	count_suite tools "$tests/tools/run.sh"
}

run_vm() {
	local name
	if [ ${#suites[@]} = 0 ]; then
		mapfile -t suites < <(suites_names)
	fi
	[ ${#suites[@]} != 0 ] || return 0
	"$lab/build.sh" "$kernel" >/dev/null || {
		count_failed build "the module does not build"
		return
	}
	if [ -z "$picked" ]; then
		count_suite lab "$tests/lab/selftest.sh" --kernel "$kernel"
		count_suite mirror "$tests/lab/mirror.sh" --kernel "$kernel"
	fi
	for name in "${suites[@]}"; do suites_run "$kernel" "$name"; done
}

[ -z "$unit" ] || run_unit
[ -z "$vm" ] || run_vm
count_end
