#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The comments that describe functions and structures are what the kernel's own
# documentation is made from: each parameter, member and value is there, and none
# that is not.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/host/linux.sh
. "$top/tests/lib/host/linux.sh"
check_need perl:perl

tools=$(linux_tools) || exit
mapfile -t files < <(check_files | grep -E '^(packet-counter\.c|(kmod|include)/.*\.[ch])$')
perl "$tools/scripts/kernel-doc" -none -Wall "${files[@]}" >"$scratch/log" 2>&1 ||
	[ -s "$scratch/log" ] || echo "kernel-doc: status $?" >"$scratch/log"
expect_no_findings "$scratch/log" "${files[@]}"
suite_end
