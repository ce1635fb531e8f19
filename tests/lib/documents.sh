# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $suite_dir is the harness's
# Sourced, after the harness, by tests that run the commands of the documents.
#
# tests/check/commands.list assigns each printed command to a program. That program runs
# its commands with document_run, and suite_end fails if a command was not run. A printed
# command without a row is found by tests/check/commands.sh.

documents_list=$(dirname "${BASH_SOURCE[0]}")/../check/commands.list

# documents_begin PROGRAM: starts the record of PROGRAM, the caller's name in the list.
documents_begin() {
	documents_program=$1
	documents_ledger=$suite_dir/commands
	: >"$documents_ledger"
}

# document_run COMMAND [SED]: runs a printed command in this shell. SED adapts the command
# to the test: an interface, an address, a time.
document_run() {
	document_runs "$1" || return
	eval "$(sed "${2-}" <<<"$1")"
}

# document_runs COMMAND: records a command that the caller runs outside of this shell.
document_runs() {
	sed 's/^[^#|]* | //' "$documents_list" | grep -q -x -F -e "$1" || {
		echo "no row of tests/check/commands.list has: $1" >&2
		return 1
	}
	printf '%s\n' "$1" >>"$documents_ledger"
}

# documents_end: adds a test: the program has run all commands of its rows.
documents_end() { expect_equal "printed commands that were not run" "$(documents_missing)" ''; }

# documents_missing: prints the commands of its rows that the program has not run.
documents_missing() {
	awk -v program="$documents_program" '
		{ bar = index($0, " | ") }
		/^#/ || !bar { next }
		{ name = substr($0, 1, bar - 1); sub(/ *$/, "", name) }
		name == program { print substr($0, bar + 3); rows++ }
		END { if (!rows) print "(no row names " program ")" }' "$documents_list" |
		grep -v -x -F -f "$documents_ledger" || :
}

# document_commands FILE [HEADING]: prints the commands of the first block below a heading,
# or of all blocks, verbatim.
document_commands() {
	awk -v heading="${2-}" '
		$0 == heading { found = 1 }
		/^```/ { if (inside && heading != "") exit; inside = (found || heading == "") && /^```sh/; next }
		inside && NF' "$1"
}

# document_block FILE HEADING N: prints the N-th block below a heading, of any language.
document_block() {
	awk -v heading="$2" -v wanted="$3" '
		$0 == heading { found = 1 }
		/^```/ && found { open = !open; blocks += open; next }
		open && blocks == wanted' "$1"
}
