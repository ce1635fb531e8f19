#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# libbpf.sh: prints the directory of a static libbpf 1.5, with include/ and libbpf.a: built
# from the source of Debian trixie, once, in the cache. Debian 12 has 1.1, which knows
# neither arenas nor tcx.
# libbpf.sh --flags: prints the variables for `make -C tools` that link it; nothing where
# the system's libbpf is new enough.
# L2PC_GUEST names another architecture, as for image.sh.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/archive.sh"
. "$lab/cross.sh"

suite=trixie
place=$cache/libbpf cc=gcc
if [ -n "${L2PC_GUEST-}" ]; then
	cross_select "${L2PC_GUEST#*:}" || die "lab/cross.sh has no architecture ${L2PC_GUEST#*:}"
	place=$place-${L2PC_GUEST#*:} cc="$cross_triplet-gcc --sysroot=$("$lab/sysroot.sh" "$L2PC_GUEST")"
fi

# libbpf_fetch DIR: the source package.
libbpf_fetch() (
	archive=$cache/archive/$suite-source
	mkdir -p "$archive/lists/partial" "$archive/cache/archives/partial"
	: >>"$archive/status"
	archive_arch=''
	archive_source $suite | sed 's/^deb /deb-src /' >"$archive/sources.list"
	cd "$1"
	archive_apt get -q update >download.log 2>&1 &&
		archive_apt get -q source --download-only libbpf >>download.log 2>&1 || {
		tail -n 5 download.log >&2
		die "the source of libbpf cannot be fetched" "check the network; the source: $(cat "$archive/sources.list")"
	}
)

libbpf_make() {
	packages_need make:make gcc:gcc /usr/include/stdio.h:libc6-dev /usr/include/libelf.h:libelf-dev \
		/usr/include/zlib.h:zlib1g-dev pkg-config:pkg-config
	[ "$cc" = gcc ] || cross_compiler_need
	new=$place.new
	rm -rf "$new"
	mkdir -p "$new/source"
	libbpf_fetch "$new"
	say "building libbpf of $suite"
	tar -x -z -f "$new"/libbpf_*.orig.tar.gz -C "$new/source" --strip-components=1
	make -s -C "$new/source/src" CC="$cc" BUILD_STATIC_ONLY=y OBJDIR="$new/build" DESTDIR="$new/" PREFIX= LIBDIR=/lib \
		CFLAGS='-O2 -g' install install_uapi_headers >"$new/build.log" 2>&1 || {
		tail -n 20 "$new/build.log" >&2
		die "libbpf does not build" "the whole log: $new/build.log"
	}
	mv "$new/lib/libbpf.a" "$new/"
	rm -rf "$new/source" "$new/build" "${new:?}/lib" "$new"/*.tar.* "$new"/*.dsc
	echo "$key" >"$new/complete"
	rm -rf "$place"
	mv "$new" "$place"
}

if [ "${1-}" = --flags ] && [ "$cc" = gcc ] && pkg-config --exists 'libbpf >= 1.5' 2>/dev/null; then
	exit
fi
key=$(cksum <"$lab/libbpf.sh")
if [ "$(cat "$place/complete" 2>/dev/null)" != "$key" ]; then
	cache_lock "${place##*/}"
	[ "$(cat "$place/complete" 2>/dev/null)" = "$key" ] || libbpf_make
	exec 9>&-
fi
if [ "${1-}" = --flags ]; then
	echo "BPF_CFLAGS=-I$place/include 'BPF_LIBS=$place/libbpf.a -lelf -lz'"
else
	echo "$place"
fi
