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
