#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# root.sh SUITE COMMAND [ARG]...: runs a command in a small root of a Debian
# suite, made at the first call and kept in the cache, which is all it sees of
# this machine's files. For kernels whose build tools need a newer C library than
# this machine has. Its mounts are in a namespace of its own, so nothing is left
# mounted, whatever ends it. Without root it uses a user namespace.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/archive.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin

[ $# -gt 1 ] || die "root.sh wants a suite and a command" "usage: lab/root.sh SUITE COMMAND [ARG]..."
suite=$1
shift

# What compiles a module for any kernel of that suite.
packages=bash,binutils,coreutils,diffutils,findutils,gcc-14,grep,libelf1t64,make,mawk,sed
mkdir -p "$cache/roots"
cache=$(cd "$cache" && pwd -P)
root=$cache/roots/$suite

# root_make: unpacked from a tar stream, so that every file belongs to whoever
# runs this, and is as easily removed.
root_make() {
	packages_need mmdebstrap:mmdebstrap tar:tar
	mode=root
	if [ "$(id -u)" != 0 ]; then
		mode=unshare
		packages_need newuidmap:uidmap
	fi
	source=$(archive_source "$suite")
	say "making a root of $suite: $packages"
	start=$(date +%s)
	rm -rf "$cache/roots/.$suite".*
	new=$(mktemp -d "$cache/roots/.$suite.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	trap 'exit 130' INT TERM HUP
	mkdir "$new/root"
	mmdebstrap --quiet --mode=$mode --variant=essential --format=tar --include=$packages \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
		--aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
		--aptopt='APT::Sandbox::User "root"' \
		"$suite" "$new/root.tar" "$source" >"$cache/roots/$suite.log" 2>&1 || {
		tail -n 10 "$cache/roots/$suite.log" >&2
		die "the root of $suite cannot be made" "is the network there? $source" "the whole log: $cache/roots/$suite.log"
	}
	tar -x -f "$new/root.tar" -C "$new/root" --no-same-owner --exclude='./dev/*'
	rm "$new/root.tar"
	mkdir -p "$new/root/dev" "$new/root/proc" "$new/root$cache"
	[ -x "$new/root/usr/bin/gcc-14" ] || die "the root of $suite has no gcc-14"
	echo "$key" >"$new/root/complete"
	chmod 755 "$new/root"
	rm -rf "$root"
	mv -T "$new/root" "$root"
	rm -rf "$new"
	trap - EXIT INT TERM HUP
	say "the root of $suite is there ($(($(date +%s) - start)) s)"
}

# A cache that was moved needs another mount point: made again.
key=$(printf '%s\n' "$packages" "$cache" | cat - "$lab/root.sh" | cksum)
if [ "$(cat "$root/complete" 2>/dev/null)" != "$key" ]; then
	cache_lock "root-$suite"
	[ "$(cat "$root/complete" 2>/dev/null)" = "$key" ] || root_make
	exec 9>&-
fi

map=''
[ "$(id -u)" = 0 ] || map=--map-root-user
# shellcheck disable=SC2086,SC2016 # an option or none; the inner shell's variables
exec unshare $map --mount sh -eu -c '
	root=$1 cache=$2 here=$3
	shift 3
	mount --bind "$cache" "$root$cache"
	mount --rbind /proc "$root/proc"
	mount --rbind /dev "$root/dev"
	exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C \
		sh -c "cd \"\$1\" 2>/dev/null || cd /; shift; exec \"\$@\"" sh "$here" "$@"
' sh "$root" "$cache" "$PWD" "$@"
