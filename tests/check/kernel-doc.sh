#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The comments that describe functions and structures are what the kernel's own
# documentation is made from: each parameter, member and value is there, and none
# that is not.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
# shellcheck source=tests/lib/linux.sh
. "$top/tests/lib/linux.sh"
check_need perl:perl

tools=$(linux_tools) || exit
mapfile -t files < <(check_files | grep -E '^(packet-counter\.c|(kmod|include)/.*\.[ch])$')
perl "$tools/scripts/kernel-doc" -none -Wall "${files[@]}" >"$check_work/log" 2>&1 ||
	[ -s "$check_work/log" ] || echo "kernel-doc: status $?" >"$check_work/log"
check_results "$check_work/log" "${files[@]}"
check_end
