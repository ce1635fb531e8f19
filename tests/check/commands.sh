#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# commands.sh: check that each command in a code block of the documents is in a row of
# tests/check/commands.list. The row's program fails unless it has run the command
# (tests/lib/documents.sh). Rows without a command fail, and the mechanism itself is tested.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
check_need awk:mawk

documents=(README.md docs/*.md tests/README.md lab/README.md)
list=tests/check/commands.list
sed -n 's/^[^#|]* | //p' "$list" >"$scratch/listed"
for document in "${documents[@]}"; do
	document_commands "$document" | grep -v -x -F -f "$scratch/listed" |
		sed "s,^,missing in $list: ," >"$scratch/log"
	expect_empty "${document%.md}" "$scratch/log"
done

for document in "${documents[@]}"; do document_commands "$document"; done >"$scratch/printed"
grep -v -x -F -f "$scratch/printed" "$scratch/listed" | sed 's/^/no document prints: /' >"$scratch/log"
expect_empty printed "$scratch/log"

# A row's program counts the commands it runs, under its own name; the harness compares.
sed -n 's/^\([^#|]*[^#| ]\) *| .*/\1/p' "$list" | sort -u | while read -r program; do
	grep -q -x -E "[[:space:]]*documents_begin $program" "$program" 2>/dev/null ||
		echo "$program: no line 'documents_begin $program'"
	grep -q -E '^\. .*/(suite|check|harness|stages)\.sh"?$' "$program" 2>/dev/null || echo "$program: does not source the harness"
done >"$scratch/log"
expect_empty programs "$scratch/log"

# runs COMMAND...: print the missing commands of a program with two rows that runs these.
runs() (
	suite_dir=$scratch documents_list=$scratch/list
	printf '%s\n' '# a | comment' 'tests/a.sh | true one' 'tests/b.sh  | true other' 'tests/a.sh   | echo two | cat' >"$documents_list"
	documents_begin tests/a.sh
	for command; do document_run "$command" 2>/dev/null || echo failed; done
	documents_missing | sed 's/^/not run: /'
)
expect_equal "all commands run" "$(runs 'true one' 'echo two | cat')" two
expect_equal "second command missing" "$(runs 'true one')" 'not run: echo two | cat'
expect_equal "first command missing" "$(runs 'echo two | cat')" $'two\nnot run: true one'
expect_equal "command not in a row" "$(runs 'true one' 'true three' 'echo two | cat')" $'failed\ntwo'
suite_end
