#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [NAME...]: run the tests of the packages, all or some, one after the other: conf,
# dkms, object, root, vm, vm-run, vm-apt. Print a line for each suite, failures in full, and
# at last `N passed, N failed`. All but conf need root's rights; root and the VMs take long.
# tests/check/release.sh checks that releases are reproducible.

tests=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/lib/host/runner.sh
. "$tests/lib/host/runner.sh"

names=(conf dkms object root vm vm-run vm-apt)
for name; do
	[[ " ${names[*]} " == *" $name "* ]] || die "there is no tests/packaging/$name.sh" "there are: ${names[*]}"
done
[ $# != 0 ] || set -- "${names[@]}"
runner_begin
for name; do "$tests/packaging/$name.sh" --packages || exit; done
# Each suite uses both CPUs: concurrent suites would not end earlier.
export L2PC_JOBS=1
for name; do jobs_add "$name" 1 '' "$tests/packaging/$name.sh"; done
jobs_run
runner_end
