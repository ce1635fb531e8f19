#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# foreign.sh SUITE:ARCHITECTURE: compile the unit tests for another architecture, and run
# them in a root of that architecture (lab/root.sh). Skip them where this machine's kernel
# cannot execute its programs: some virtual machines run 64-bit code only.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"

arch=${1#*:}
packages_need arch-test:arch-test
# A binfmt_misc handler for that architecture (QEMU) is also accepted.
arch-test "$arch" >/dev/null 2>&1 || skip "this machine's kernel executes no $arch programs (arch-test $arch)"
rc=0
"$lab/root.sh" "$1" make -s -j"$(nproc)" -C "$tests/unit" "B=build/$arch" check >"$scratch/log" || rc=$?
suite_relay "$scratch/log"
[ "$rc" = 0 ] || suite_failed || fail make "status 0" "$rc" "$scratch/log"
suite_end
