#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# manual.sh: check every manual page with both formatters, mandoc and groff, and that the pages
# of this project to which it refers exist.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need mandoc:mandoc man:man-db groff:groff-base

mapfile -t pages < <(check_files | grep -E '\.[1-9]$' | xargs -r grep -l -E '^\.(TH|Dd) ')
for page in "${pages[@]}"; do
	{
		# A page has no date: its version is that of the program.
		mandoc -T lint "$page" | sed 's/^mandoc: //' | grep -v 'WARNING: missing date'
		LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null |
			sed "s,^troff: <standard input>,$page,"
		sed 's/^\.BR //; s/\\-/-/g' "$page" | grep -o -E '^l2p[a-z0-9_.]+ \([0-9]\)' | sort -u |
			while read -r name section; do
				printf '%s\n' "${pages[@]##*/}" | grep -q -x -F "$name.${section:1:1}" ||
					echo "$page: there is no $name$section"
			done
	} >>"$scratch/log"
done
[ ${#pages[@]} -gt 2 ] || echo "only ${#pages[@]} pages were found" >>"$scratch/log"
expect_no_findings "$scratch/log" "${pages[@]}"
suite_end
