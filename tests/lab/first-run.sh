#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# first-run.sh [--demo]: does what README.md prints work where nothing is installed?
# Makes a minimal Debian root, puts git and a clone of this checkout in it, and
# runs the commands of README's first block there, the demo twice. Prints PASS and
# FAIL lines, and how long each took. Status 0 only when nothing failed.
#   --demo   the demo only
#
# It works in namespaces of its own for mounts and processes: whatever ends it,
# nothing stays mounted and no process is left. The mirror is this machine's own
# (lab/archive.sh). What is not committed is not in the clone.
set -u -o pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
lab=$top/lab
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin
release=bookworm

demo_only=''
case ${1-} in
'') ;;
--demo) demo_only=1 ;;
*) die "unknown option $1" "usage: tests/lab/first-run.sh [--demo]" ;;
esac
[ "$(id -u)" = 0 ] || die "making a root and entering it needs root" "sudo make test-first"

# What README prints, to the letter.
mapfile -t commands < <(awk '/^```/ { if (inside) exit; inside = /^```sh/; next } inside' "$top/README.md")
[ ${#commands[@]} = 2 ] || die "README.md's first block has ${#commands[@]} commands, not two: a demo and the tests"

mkdir -p "$cache"
dir=$(mktemp -d "$cache/first-run.XXXXXX") || exit 2
root=$dir/root
space='' failed=0
mkfifo "$dir/pipe"
# shellcheck disable=SC2317 # the trap's
# --kill-child: with the namespace's first process all others of it go.
end() {
	trap '' INT TERM HUP
	[ -z "$space" ] || { kill -KILL "$space" && wait "$space"; } 2>/dev/null
	rm -rf --one-file-system "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM HUP

# inside COMMAND...: in namespaces, and waited for so that a signal is seen at once.
inside() {
	local rc=0
	unshare --mount --pid --fork --kill-child -- "$@" &
	space=$!
	wait "$space" || rc=$?
	space=''
	return "$rc"
}

# A root as debootstrap makes it, and what a machine has that reaches the mirror.
make_root() {
	local line site with=git
	packages_need debootstrap:debootstrap git:git unshare:util-linux
	line=$(archive_source "$release") || exit
	read -r _ _ site _ <<<"$line"
	case $site in https:*) with=git,ca-certificates ;; esac
	say "making a minimal root of $release, with $with"
	inside debootstrap --variant=minbase --include="$with" "$release" "$root" "$site" >"$dir/log" 2>&1 || {
		tail -n 5 "$dir/log" >&2
		die "debootstrap failed" "is the network there? $site"
	}
	rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/*
	for line in "$release" "$release-security"; do archive_source "$line" || exit; done >"$root/etc/apt/sources.list"
	apt-config dump | grep -E '^Acquire::(http|https)::' >"$root/etc/apt/apt.conf.d/90host"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null
	git clone -q "$top" "$root/root/l2packet_counter" || die "the checkout cannot be cloned"
}

# run NAME COMMAND LAST: LAST is a pattern for the last line it must print.
run() {
	local rc=0 start=$SECONDS last reader
	printf '$ %s\n' "$2"
	{ tee "$dir/log" | sed 's/^/    /'; } <"$dir/pipe" &
	reader=$!
	# The inner shell's variables.
	# shellcheck disable=SC2016
	inside bash -c '
		mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && mount --rbind /dev "$1/dev" || exit 2
		exec chroot "$1" /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" ${L2PC_JOBS:+"L2PC_JOBS=$L2PC_JOBS"} \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			bash -c "cd /root/l2packet_counter && $2"' bash "$root" "$2" >"$dir/pipe" 2>&1 </dev/null || rc=$?
	wait "$reader"
	last=$(grep -v '^lab: ' "$dir/log" | tail -n 1)
	if [ "$rc" != 0 ]; then
		echo "FAIL first-run/$1: status $rc after $((SECONDS - start)) s"
		failed=1
	elif ! [[ $last =~ $3 ]]; then
		echo "FAIL first-run/$1: the last line is '$last'"
		failed=1
	else
		echo "PASS first-run/$1 ($((SECONDS - start)) s)"
	fi
}

make_root
run demo "${commands[0]}" '^The counts are equal'
run demo-again "${commands[0]}" '^The counts are equal'
[ -n "$demo_only" ] || run test "${commands[1]}" '^[1-9][0-9]* passed, 0 failed'
exit "$failed"
