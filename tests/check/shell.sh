#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shell.sh: check every shell script with shellcheck. .shellcheckrc disables some checks for all
# of them.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need shellcheck:shellcheck

mapfile -t files < <(check_files | while IFS= read -r file; do
	case $file in
	*.sh | *.bash) echo "$file" ;;
	*) head -n 3 "$file" | grep -a -q -E '^#!/bin/(ba)?sh|^# shellcheck shell=' && echo "$file" ;;
	esac
done)
# Suites source shared files as /l2pc/..., the path in the guest.
mkdir "$scratch/tree"
cp --parents .shellcheckrc "${files[@]}" "$scratch/tree/"
cd "$scratch/tree" || exit 2
sed -i "s,^\. /l2pc/,. $scratch/tree/," "${files[@]}"
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 24 shellcheck -x -f gcc >"$scratch/log" 2>&1
cd "$top" || exit 2
expect_no_findings "$scratch/log" "${files[@]}"
suite_end
