#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernel-doc.sh: check the comments of functions and structures with the kernel's kernel-doc:
# each parameter, member and value is described, and no other.
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
