#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# deb.sh [--complete] [DIR]: build the Debian packages in DIR (default dist), from a copy of
# the sources. The same sources give the same bytes on every machine of a release of
# Debian. Timestamps in the packages are SOURCE_DATE_EPOCH, or the time of the last commit,
# or, without a repository, the time in debian/changelog.
# The tool links libbpf as the distribution has it, if that is 1.5 or newer, else the static
# one of lab/libbpf.sh. When there is none, l2pc has no run; with --complete that is an error.
set -eu -o pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/lab/say.sh"
. "$top/lab/cache.sh"
. "$top/lab/packages.sh"
. "$top/packaging/copy.sh"

complete=''
[ "${1-}" != --complete ] || { complete=1 && shift; }
out=${1:-$top/dist}
packages_need dpkg-buildpackage:dpkg-dev /usr/share/build-essential:build-essential dh:debhelper dh_dkms:dh-dkms make:make gcc:gcc pkg-config:pkg-config \
	/usr/include/stdio.h:libc6-dev /usr/include/libmnl/libmnl.h:libmnl-dev /usr/include/curses.h:libncurses-dev \
	/usr/include/json-c/json.h:libjson-c-dev /usr/include/microhttpd.h:libmicrohttpd-dev \
	/usr/include/sqlite3.h:libsqlite3-dev \
	/usr/include/zlib.h:zlib1g-dev /usr/include/libelf.h:libelf-dev
if [ -e "$top/.git" ]; then
	packages_need git:git
	export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct)}"
fi
version=$(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' "$top/packet-counter.c")

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
build=$work/l2packet-counter-$version
copy_sources "$top" "$build"
ln -s packaging/debian "$build/debian"

# has_libbpf: a libbpf of the distribution that is new enough, which is installed if missing.
has_libbpf() {
	local version
	pkg-config --exists 'libbpf >= 1.5' && return
	version=$(LC_ALL=C apt-cache policy libbpf-dev 2>/dev/null | sed -n 's/^ *Candidate: //p')
	dpkg --compare-versions "${version:-0}" ge 1:1.5 || return
	packages_need /usr/include/bpf/libbpf.h:libbpf-dev
}
variables=()
if has_libbpf; then
	:
elif libbpf=$("$top/lab/libbpf.sh"); then
	# Below the build directory, so that no name of this machine is in the packages.
	mkdir "$build/libbpf"
	cp -a "$libbpf/include" "$libbpf/libbpf.a" "$build/libbpf/"
	strip --strip-debug --enable-deterministic-archives "$build/libbpf/libbpf.a"
	variables=("BPF_CFLAGS=-I$build/libbpf/include" "BPF_LIBS=$build/libbpf/libbpf.a -lelf -lz")
elif [ -n "$complete" ]; then
	die "there is no libbpf 1.5 for l2pc run"
else
	say "there is no libbpf 1.5: the package l2pc is built without l2pc run"
fi
# dpkg keeps the timestamps of files that are older than SOURCE_DATE_EPOCH.
[ -z "${SOURCE_DATE_EPOCH-}" ] || find "$build" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
say "building the packages"
# The variables of the calling make do not apply to this make.
(cd "$build" && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:+$DEB_BUILD_OPTIONS }noautodbgsym" \
	LC_ALL=C "${variables[@]}" dpkg-buildpackage -b -us -uc) >"$work/log" 2>&1 || {
	tail -n 30 "$work/log" >&2
	cp "$work/log" "${TMPDIR:-/tmp}/l2pc-deb.log"
	die "the packages cannot be built" "the whole log: ${TMPDIR:-/tmp}/l2pc-deb.log"
}
mkdir -p "$out"
for deb in "$work"/*.deb; do
	install -m 644 "$deb" "$out/"
	echo "$out/${deb##*/}"
done
# lintian reads these as well.
install -m 644 "$work"/*.changes "$work"/*.buildinfo "$out/"
