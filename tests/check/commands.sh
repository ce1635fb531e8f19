#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does a test type each command that README.md, docs/usage.md, docs/metrics.md and docs/netlink.md print
# for people who use the module? tests/check/commands.list says which one does. Scripts, and the
# commands that run tests, are no such commands: those in tests/README.md,
# lab/README.md and docs/performance.md have their limits and results beside them.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
check_need awk:mawk

list=tests/check/commands.list
rows() { sed '/^#/d' "$list"; }
listed() { rows | sed 's/^[^|]*| *[^|]*| //'; }

for document in README.md docs/usage.md docs/metrics.md docs/netlink.md; do
	document_commands "$document" | grep -v -x 'make bench' | while IFS= read -r command; do
		grep -q -x -F -e "$command" < <(listed) || echo "in no row of $list: $command"
	done >"$scratch/log"
	expect_empty "$(basename "$document" .md)" "$scratch/log"
done

: >"$scratch/unused"
while IFS='|' read -r program text command; do
	read -r program <<<"$program"
	text=$(sed 's/^ //; s/ *$//' <<<"$text")
	command=${command# }
	grep -q -F -e "$text" -- "$program" 2>/dev/null || echo "'$text' is not in $program"
	grep -q -x -F -e "$command" README.md docs/*.md || echo "no document prints: $command" >>"$scratch/unused"
done < <(rows) >"$scratch/log"
expect_empty who "$scratch/log"
expect_empty printed "$scratch/unused"
suite_end
