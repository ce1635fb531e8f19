#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does a test type each command that README.md and docs/metrics.md print for people who
# use the module? tests/docs/commands.list says which one does. Scripts, and the
# commands that run tests, are no such commands: those in docs/testing.md,
# docs/performance.md and docs/porting.md have their limits and results beside them.
set -u -o pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 2
list=tests/docs/commands.list
failed=0

# result NAME WHY
result() {
	if [ -z "$2" ]; then
		echo "PASS docs/$1"
	else
		echo "FAIL docs/$1: $2"
		failed=1
	fi
}

# commands DOCUMENT: those of its blocks.
commands() { awk '/^```/ { inside = /^```sh/; next } inside && NF' "$1"; }

rows() { sed '/^#/d' "$list"; }
listed() { rows | sed 's/^[^|]*| *[^|]*| //'; }

for document in README.md docs/metrics.md; do
	missing=''
	while IFS= read -r command; do
		grep -q -x -F -e "$command" < <(listed) || missing+=" '$command'"
	done < <(commands "$document" | grep -v -x 'make bench')
	result "$(basename "$document" .md)-typed" "${missing:+in no row of $list:$missing}"
done

wrong='' unused=''
while IFS='|' read -r program text command; do
	read -r program <<<"$program"
	text=$(sed 's/^ //; s/ *$//' <<<"$text")
	command=${command# }
	grep -q -F -e "$text" -- "$program" 2>/dev/null || wrong+=" '$text' is not in $program;"
	grep -q -x -F -e "$command" README.md docs/*.md || unused+=" '$command'"
done < <(rows)
result commands-who "$wrong"
result commands-printed "${unused:+$list has what no document prints:$unused}"
exit $failed
