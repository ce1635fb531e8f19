#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every manual page under both that format them: mandoc and groff.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
check_need mandoc:mandoc man:man-db groff:groff-base

mapfile -t pages < <(check_files | grep -E '\.[1-9]$' | xargs -r grep -l -E '^\.(TH|Dd) ')
[ ${#pages[@]} -gt 0 ] || echo "there is no manual page" >"$check_work/log"
for page in "${pages[@]}"; do
	# A page has no date: its version is that of what it is about.
	mandoc -T lint "$page" | sed 's/^mandoc: //' | grep -v 'WARNING: missing date' >"$check_work/said"
	LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null |
		sed "s,^troff: <standard input>,$page," >>"$check_work/said"
	cat "$check_work/said" >>"$check_work/log"
done
touch "$check_work/log"
check_results "$check_work/log" "${pages[@]}"
check_end
