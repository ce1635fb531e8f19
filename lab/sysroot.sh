#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# sysroot.sh SUITE:ARCHITECTURE: print a directory with the packages of a guest's userland
# and the libraries of l2pc, for an architecture that this machine only emulates. They are
# unpacked and not configured, because that would execute them. The directory is made at
# the first call, and kept in the cache.
set -eu -o pipefail
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/cross.sh"
. "$lab/archive.sh"
. "$lab/image.sh"

[ $# = 1 ] && [[ $1 == ?*:?* ]] || die "sysroot.sh wants a suite and an architecture" "usage: lab/sysroot.sh SUITE:ARCHITECTURE"
suite=${1%:*} arch=${1#*:}
cross_select "$arch" || die "lab/cross.sh has no architecture $arch"
name=$suite-$arch
tree=$cache/sysroots/$name

sysroot_make() (
	packages_need dpkg-deb:dpkg apt-get:apt tar:tar xz:xz-utils
	mapfile -t packages < <(image_libraries_packages)
	start=$(date +%s)
	rm -rf "$tree" "$tree.part"
	mkdir -p "$tree.part/get/partial" "$tree.part/root/usr"/{bin,sbin,lib}
	archive_open "$suite" "$arch"
	say "fetching the packages of a guest of $name"
	# No package is installed in these lists, so all dependencies are fetched.
	archive_apt get -q -y --download-only --no-install-recommends -o Dir::Cache::Archives="$tree.part/get" \
		-o Debug::NoLocking=1 install "${packages[@]}" >"$tree.part/log" 2>&1 || {
		tail -n 10 "$tree.part/log" >&2
		die "cannot fetch the packages of $name" "check the network; the source: $(cat "$archive/sources.list")"
	}
	archive_close
	for dir in bin sbin lib; do ln -s "usr/$dir" "$tree.part/root/$dir"; done
	for deb in "$tree.part"/get/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tree.part/root" --no-same-owner --keep-directory-symlink \
			--exclude='./usr/share/man/*' --exclude='./usr/share/doc/*' --exclude='./usr/share/locale/*' --exclude='./usr/share/info/*'
	done
	# What the packages' scripts would link.
	for link in awk:mawk sh:dash; do
		[ -e "$tree.part/root/usr/bin/${link%:*}" ] || ln -s "${link#*:}" "$tree.part/root/usr/bin/${link%:*}"
	done
	# Absolute links must not lead to this machine's files.
	find "$tree.part/root" -type l -lname '/*' | while read -r link; do
		ln -sfn "$tree$(readlink "$link")" "$link"
	done
	rm -rf "$tree.part/get"
	mv "$tree.part/root" "$tree"
	echo "$key" >"$tree/complete"
	rm -rf "$tree.part"
	say "the packages of $name are there ($(($(date +%s) - start)) s)"
)

# The directory's own path is part of the key: absolute links in it name it.
key=$({ echo "$tree" && image_libraries_packages && cat "$lab/sysroot.sh"; } | cksum)
if [ "$(cat "$tree/complete" 2>/dev/null)" != "$key" ]; then
	cache_lock "sysroot-$name"
	[ "$(cat "$tree/complete" 2>/dev/null)" = "$key" ] || sysroot_make
fi
echo "$tree"
