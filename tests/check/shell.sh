#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every shell script under shellcheck. What is switched off for all of them stands in
# .shellcheckrc.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
check_need shellcheck:shellcheck

mapfile -t files < <(check_files | while IFS= read -r file; do
	case $file in
	*.sh | *.bash) echo "$file" ;;
	*) head -n 3 "$file" | grep -a -q -E '^#!/bin/(ba)?sh|^# shellcheck shell=' && echo "$file" ;;
	esac
done)
# Suites source what they share as /l2pc/..., its place in the guest.
mkdir "$check_work/tree"
cp --parents .shellcheckrc "${files[@]}" "$check_work/tree/"
cd "$check_work/tree" || exit 2
sed -i "s,^\. /l2pc/,. $check_work/tree/," "${files[@]}"
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 24 shellcheck -x -f gcc >"$check_work/log" 2>&1
cd "$top" || exit 2
check_results "$check_work/log" "${files[@]}"
check_end
