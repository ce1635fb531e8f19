#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# fetch.sh NAME: fetch a kernel of kernels.list into the cache, and print its
# directory: vmlinuz, release, lib/modules/RELEASE, build (its build tree).
# Nothing is installed, and an entry is complete or absent. kernel.sh builds the
# kernels that are made from source.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/kernels.sh"
. "$lab/archive.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin

kernel_select "${1:?usage: lab/fetch.sh NAME}"
entry=$cache/kernels/$kernel
case $image in linux-source-*) exec "$lab/kernel.sh" "$kernel" ;; esac

# The running kernel needs no download, only a directory of the same shape.
fetch_host() {
	rel=$(uname -r)
	for f in "/boot/vmlinuz-$rel" "/lib/modules/$rel/modules.dep" "/lib/modules/$rel/build/Makefile"; do
		[ -r "$f" ] || die "KERNEL=host: $f is missing or not readable" \
			"image and modules: apt-get install linux-image-$rel linux-headers-$rel" \
			"or use a kernel of the lab's own: KERNEL=default"
	done
	# Do not replace an entry of this release: another run may be using it.
	[ "$(cat "$entry/release" 2>/dev/null)" != "$rel" ] || return 0
	rm -rf "$entry"
	mkdir -p "$entry/lib/modules"
	ln -s "/boot/vmlinuz-$rel" "$entry/vmlinuz"
	ln -s "/lib/modules/$rel" "$entry/lib/modules/$rel"
	ln -s "/lib/modules/$rel/build" "$entry/build"
	echo "$rel" >"$entry/release"
}

fetch_download() {
	say "kernel $kernel: reading the package lists of $suite"
	archive_open "$suite" "$arch"
	packages=$(archive_linux "$image" "$headers" | tr '\n' ' ')
	case $packages in
	*linux-headers*linux-kbuild* | *linux-kbuild*linux-headers*) ;;
	*) die "$suite${arch:+ ($arch)} has no $image or no $headers (found: ${packages:-nothing})" ;;
	esac
	mkdir -p "$new/debs"
	cd "$new/debs"
	if [ -n "$cross" ]; then
		# The programs of the build run on this machine.
		kbuild=$(echo "$packages" | tr ' ' '\n' | grep kbuild)
		packages=$(echo "$packages" | tr ' ' '\n' | grep -v kbuild | tr '\n' ' ')
	fi
	fetch_get "$packages"
	archive_close
	if [ -n "$cross" ]; then
		archive_open "$suite"
		fetch_get "$kbuild"
		archive_close
	fi
}

# fetch_get "PACKAGE...": download packages.
fetch_get() {
	# shellcheck disable=SC2086 # a list of package names
	mb=$(archive_apt get --print-uris download $1 | awk '{ s += $3 } END { printf "%.0f", s / 1e6 }')
	say "kernel $kernel: downloading $mb MB"
	# shellcheck disable=SC2086
	archive_apt get -q download $1 >download.log 2>&1 || {
		tail -n 5 download.log >&2
		die "the download of kernel $kernel failed" "run it again: lab/fetch.sh $kernel"
	}
}

fetch_unpack() {
	say "kernel $kernel: unpacking"
	# Packages for a merged /usr contain usr/lib/modules, older ones lib/modules.
	mkdir -p "$new/usr/lib"
	ln -s usr/lib "$new/lib"
	for deb in "$new"/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$new" --keep-directory-symlink --exclude='./usr/share/*'
	done
	rm -rf "$new/debs"

	# Links must point into the entry's final path.
	find "$new/usr/src" "$new/usr/lib" -type l | while read -r link; do
		to=$(readlink "$link")
		case $to in /*) ln -sfn "$entry$to" "$link" ;; esac
	done
	find "$new/usr/src" -maxdepth 2 \( -name Makefile -o -name .kernelvariables \) -type f -exec \
		sed -i "s#\([ =]\)/usr/src/#\1$entry/usr/src/#g; s#\([ =]\)/usr/lib/linux-#\1$entry/usr/lib/linux-#g" {} +

	rel=$(basename "$new"/usr/lib/modules/*)
	echo "$rel" >"$new/release"
	ln -s "usr/src/linux-headers-$rel" "$new/build"
	for f in "boot/vmlinuz-$rel" "usr/lib/modules/$rel/vmlinuz"; do
		[ ! -e "$new/$f" ] || ln -s "$f" "$new/vmlinuz"
	done
	[ -s "$new/vmlinuz" ] || die "the packages of kernel $kernel have no kernel image"
	[ -s "$new/build/Makefile" ] || [ -L "$new/build/Makefile" ] ||
		die "the packages of kernel $kernel have no build tree"
	depmod -b "$new" "$rel"
}

if [ "$kernel" = host ]; then
	cache_lock kernel-host
	fetch_host
	echo "$entry"
	exit
fi

# `complete` holds the path for which the links were made: after the cache was
# moved, the kernel is fetched again.
[ "$(cat "$entry/complete" 2>/dev/null)" = "$entry" ] || {
	packages_need depmod:kmod xz:xz-utils
	cache_lock "kernel-$kernel"
	if [ "$(cat "$entry/complete" 2>/dev/null)" != "$entry" ]; then
		mkdir -p "$cache/kernels"
		rm -rf "$cache/kernels/.$kernel".*
		new=$(mktemp -d "$cache/kernels/.$kernel.XXXXXX")
		trap 'rm -rf "$new"' EXIT
		trap 'exit 130' INT TERM HUP
		start=$(date +%s)
		fetch_download
		fetch_unpack
		echo "$entry" >"$new/complete"
		chmod 755 "$new"
		rm -rf "$entry"
		mv -T "$new" "$entry"
		say "kernel $kernel: $(cat "$entry/release") is there ($(($(date +%s) - start)) s)"
	fi
}
echo "$entry"
