# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by every bash in the guest (BASH_ENV).

# Tests choose the same random sizes and MTUs in each run: with 7, nft_flowtable.sh sends 3 MB,
# with other numbers up to 64.
RANDOM=7

# ip ARG...: the tests' ip. Counting starts in a new namespace before it has a device, and the
# counts are read before the namespace is deleted.
ip() {
	case "${1-} ${2-}" in
	'netns add') command ip "$@" && count start "$3" ;;
	'netns del' | 'netns delete') count stop "$3" && command ip "$@" ;;
	*) command ip "$@" ;;
	esac
}
