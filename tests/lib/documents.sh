# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by tests that type what the documents print.

# document_commands FILE [HEADING]: the commands of the first block below a heading, or of
# all blocks, to the letter.
document_commands() {
	awk -v heading="${2-}" '
		$0 == heading { found = 1 }
		/^```/ { if (inside && heading != "") exit; inside = (found || heading == "") && /^```sh/; next }
		inside && NF' "$1"
}

# document_block FILE HEADING N: the N-th block below a heading, whatever is in it.
document_block() {
	awk -v heading="$2" -v wanted="$3" '
		$0 == heading { found = 1 }
		/^```/ && found { open = !open; blocks += open; next }
		open && blocks == wanted' "$1"
}
