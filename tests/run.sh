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
. "$tests/lib/count.sh"

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
[ ${#suites[@]} = 0 ] || vm=1
[ -n "$unit$vm" ] || unit=1 vm=1

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-tests.XXXXXX")
child=''
trap 'rm -rf "$work"' EXIT
trap '[ -z "$child" ] || { kill "$child"; wait "$child"; } 2>/dev/null; exit 130' INT TERM HUP

run_unit() {
	if [ ! -e "$tests/unit/Makefile" ]; then
		say "no unit tests yet (tests/unit/Makefile)"
		return
	fi
	packages_need make:make gcc:gcc /usr/include/stdio.h:libc6-dev
	count_suite unit make -s -C "$tests/unit" check
}

# vm_options FILE: what its `# lab:` lines ask for.
vm_options() { sed -n 's/^# lab: *//p' "$1" | xargs -n 1 printf '%s\n'; }

run_vm() {
	local file options
	if [ ${#suites[@]} = 0 ]; then
		[ ! -e "$tests/lab/selftest.sh" ] || count_suite lab "$tests/lab/selftest.sh" --kernel "$kernel"
		for file in "$tests"/vm/*.test.sh; do
			[ ! -e "$file" ] || suites+=("$(basename "$file" .test.sh)")
		done
	fi
	for file in ${suites[@]+"${suites[@]}"}; do
		file=$tests/vm/${file%.test.sh}.test.sh
		[ -r "$file" ] || die "no suite $file" \
			"there are: $(cd "$tests/vm" && echo *.test.sh)"
	done
	[ ${#suites[@]} != 0 ] || return 0
	"$lab/build.sh" "$kernel" >/dev/null || {
		count_failed build "the module does not build"
		return
	}
	for file in "${suites[@]}"; do
		file=$tests/vm/${file%.test.sh}.test.sh
		mapfile -t options < <(vm_options "$file")
		count_vm "$(basename "$file" .test.sh)" \
			"$lab/run.sh" --kernel "$kernel" ${options[@]+"${options[@]}"} --out "$work/out" "$file"
	done
}

[ -z "$unit" ] || run_unit
[ -z "$vm" ] || run_vm
count_end
