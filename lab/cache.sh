#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The directory of the lab's downloads and builds.
#   cache.sh path      print the directory
#   cache.sh remove    delete it
# Sourced, it sets $cache and defines cache_lock.

cache=${L2PC_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/l2packet_counter}

# cache_lock NAME [FD]: lock an entry, so that no concurrent run builds it. The lock is
# held until the calling shell exits, or closes FD (default 9).
cache_lock() {
	mkdir -p "$cache/locks"
	eval "exec ${2:-9}>\"\$cache/locks/\$1\""
	flock -n "${2:-9}" && return
	echo "lab: waiting for another run that prepares $1" >&2
	flock "${2:-9}"
}

case ${0##*/} in
cache.sh)
	case ${1-} in
	path) echo "$cache" ;;
	remove) rm -rf -- "$cache" ;;
	*)
		echo "usage: lab/cache.sh path|remove" >&2
		exit 2
		;;
	esac
	;;
esac
