# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced. How the lab talks: everything goes to stderr, because stdout carries
# what a caller reads (a path, a suite's output).

say() { printf 'lab: %s\n' "$*" >&2; }

# die WHAT [REMEDY...]: each remedy stands on a line of its own.
die() {
	printf 'error: %s\n' "$1" >&2
	shift
	for _remedy in "$@"; do printf '  %s\n' "$_remedy" >&2; done
	exit 2
}
