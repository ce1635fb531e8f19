#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# root.sh SUITE[:ARCHITECTURE] COMMAND [ARG]...: run a command in a small root of a Debian
# suite, which is made at the first call and kept in the cache. It is for kernels whose
# build tools need a newer C library than this machine has. Of this machine's files, the
# root contains only the cache; a root of another architecture also contains this checkout,
# because a guest's userland is made in it. Mounts are in a private namespace, so nothing
# stays mounted, however the program ends. Without root's rights it uses a user namespace.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
top=${lab%/*}
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/archive.sh"
. "$lab/image.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin

[ $# -gt 1 ] || die "root.sh wants a suite and a command" "usage: lab/root.sh SUITE[:ARCHITECTURE] COMMAND [ARG]..."
suite=${1%:*} arch=''
case $1 in *:*) arch=${1#*:} ;; esac
name=$suite${arch:+-$arch}
shift

# Packages to compile a module for any kernel of the suite, or all programs of a guest.
if [ -z "$arch" ]; then
	packages=bash,binutils,coreutils,diffutils,findutils,gcc-14,grep,libelf1t64,make,mawk,sed
	compiler=gcc-14
else
	packages=$(image_packages | paste -s -d,)
	compiler=gcc
fi
mkdir -p "$cache/roots"
cache=$(cd "$cache" && pwd -P)
root=$cache/roots/$name

# root_make: make the root from a tar stream, so that every file belongs to the user who runs
# this, who can also remove it.
root_make() {
	packages_need mmdebstrap:mmdebstrap tar:tar
	# mmdebstrap runs arch-test, to check that another architecture's programs run here.
	[ -z "$arch" ] || packages_need arch-test:arch-test
	mode=root
	if [ "$(id -u)" != 0 ]; then
		mode=unshare
		packages_need newuidmap:uidmap
	fi
	source=$(archive_source "$suite")
	say "making a root of $name: $packages"
	start=$(date +%s)
	rm -rf "$cache/roots/.$name".*
	new=$(mktemp -d "$cache/roots/.$name.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	trap 'exit 130' INT TERM HUP
	mkdir "$new/root"
	mmdebstrap --quiet --mode=$mode --variant=essential --format=tar --include="$packages" \
		${arch:+--architectures="$arch"} \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
		--aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
		--aptopt='APT::Sandbox::User "root"' \
		"$suite" "$new/root.tar" "$source" >"$cache/roots/$name.log" 2>&1 || {
		tail -n 10 "$cache/roots/$name.log" >&2
		die "the root of $name cannot be made" "check the network: $source" \
			${arch:+"does this machine's kernel execute $arch programs? arch-test $arch"} \
			"the whole log: $cache/roots/$name.log"
	}
	tar -x -f "$new/root.tar" -C "$new/root" --no-same-owner --exclude='./dev/*'
	rm "$new/root.tar"
	mkdir -p "$new/root/dev" "$new/root/proc" "$new/root$cache"
	[ -x "$new/root/usr/bin/$compiler" ] || die "the root of $name has no $compiler"
	echo "$key" >"$new/root/complete"
	chmod 755 "$new/root"
	rm -rf "$root"
	mv -T "$new/root" "$root"
	rm -rf "$new"
	trap - EXIT INT TERM HUP
	say "the root of $name is there ($(($(date +%s) - start)) s)"
}

# A root that was moved with its cache needs another mount point, so it is made again.
key=$(printf '%s\n' "$packages" "$cache" | cat - "$lab/root.sh" | cksum)
if [ "$(cat "$root/complete" 2>/dev/null)" != "$key" ]; then
	cache_lock "root-$name"
	[ "$(cat "$root/complete" 2>/dev/null)" = "$key" ] || root_make
	exec 9>&-
fi

map='' see='' as=''
[ "$(id -u)" = 0 ] || map=--map-root-user
if [ -n "$arch" ]; then
	see=$top
	# uname must report 32 bits.
	as='setarch linux32'
	mkdir -p "$root$top"
fi
# shellcheck disable=SC2086,SC2016 # options or none; the inner shell's variables
exec unshare $map --mount sh -eu -c '
	root=$1 cache=$2 see=$3 as=$4 here=$5
	shift 5
	[ -z "$see" ] || mount --bind "$see" "$root$see"
	mount --bind "$cache" "$root$cache"
	mount --rbind /proc "$root/proc"
	mount --rbind /dev "$root/dev"
	exec chroot "$root" $as /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C L2PC_CACHE="$cache" \
		sh -c "cd \"\$1\" 2>/dev/null || cd /; shift; exec \"\$@\"" sh "$here" "$@"
' sh "$root" "$cache" "$see" "$as" "$PWD" "$@"
