#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The manual pages under mandoc's linter and man's warnings, and whom they refer to:
# a page of ours that they name is there.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
check_need mandoc:mandoc man:man-db

mapfile -t pages < <(check_files | grep -E '^(tools|packaging/man)/.*\.[1-9]$')
for page in "${pages[@]}"; do
	{
		# They have no date: it would say when, and not what.
		mandoc -T lint -W warning "$page" | grep -v -F 'missing date, using "": TH'
		{ LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >/dev/null; } 2>&1
		sed 's/^\.BR //; s/\\-/-/g' "$page" | grep -o -E '^l2p[a-z0-9_.]+ \([0-9]\)' | sort -u |
			while read -r name section; do
				printf '%s\n' "${pages[@]##*/}" | grep -q -x -F "$name.${section:1:1}" ||
					echo "$page: there is no $name$section"
			done
	} >"$check_work/log" 2>&1
	check_result "$page" "$check_work/log"
done
[ ${#pages[@]} -gt 2 ] || echo "only ${#pages[@]} pages were found" >"$check_work/few"
[ -e "$check_work/few" ] || : >"$check_work/few"
check_result pages "$check_work/few"
check_end
