#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [NAME...]: the packages, in all that is in this folder, or some of it, one after
# the other: conf, dkms, dist, root, vm. One line a suite, failures in full, and at last
# `N passed, N failed`. Needs root for root and vm, and takes long.

tests=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tests/lib/host/runner.sh
. "$tests/lib/host/runner.sh"

names=(conf dkms dist root vm)
for name; do
	[[ " ${names[*]} " == *" $name "* ]] || die "there is no tests/packaging/$name.sh" "there are: ${names[*]}"
done
[ $# != 0 ] || set -- "${names[@]}"
runner_begin
for name; do "$tests/packaging/$name.sh" --packages || exit; done
# Each builds, and the guest has two CPUs: beside others it takes no less.
export L2PC_JOBS=1
for name; do jobs_add "$name" 1 '' "$tests/packaging/$name.sh"; done
jobs_run
runner_end
