# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced. Messages of the lab. They go to stderr, because a caller reads stdout (a
# path, a suite's output).

say() { printf 'lab: %s\n' "$*" >&2; }

# die WHAT [REMEDY...]: print an error, with each remedy on a line of its own, and exit.
die() {
	printf 'error: %s\n' "$1" >&2
	shift
	for _remedy in "$@"; do printf '  %s\n' "$_remedy" >&2; done
	exit 2
}
