#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# deb.sh [DIR]: builds the Debian packages, from a copy of the sources, and puts them
# into DIR (dist). The same sources give the same bytes, wherever they are built: the
# time in the packages is SOURCE_DATE_EPOCH, or that of the last commit, or, without a
# repository, of debian/changelog.
set -eu -o pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/lab/say.sh"
. "$top/lab/cache.sh"
. "$top/lab/packages.sh"
. "$top/packaging/copy.sh"

out=${1:-$top/dist}
packages_need dpkg-buildpackage:dpkg-dev /usr/share/build-essential:build-essential dh:debhelper dh_dkms:dh-dkms make:make gcc:gcc pkg-config:pkg-config \
	/usr/include/stdio.h:libc6-dev /usr/include/libmnl/libmnl.h:libmnl-dev /usr/include/curses.h:libncurses-dev \
	/usr/include/json-c/json.h:libjson-c-dev /usr/include/microhttpd.h:libmicrohttpd-dev \
	/usr/include/zlib.h:zlib1g-dev
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
# What is in a package has the time of its file, when that is the older one.
[ -z "${SOURCE_DATE_EPOCH-}" ] || find "$build" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
say "building the packages"
# What the caller's make has set is not for this one.
(cd "$build" && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:+$DEB_BUILD_OPTIONS }noautodbgsym" \
	LC_ALL=C dpkg-buildpackage -b -us -uc) >"$work/log" 2>&1 || {
	tail -n 30 "$work/log" >&2
	cp "$work/log" "${TMPDIR:-/tmp}/l2pc-deb.log"
	die "the packages cannot be built" "the whole log: ${TMPDIR:-/tmp}/l2pc-deb.log"
}
mkdir -p "$out"
for deb in "$work"/*.deb; do
	install -m 644 "$deb" "$out/"
	echo "$out/${deb##*/}"
done
# What lintian looks at, besides the packages.
install -m 644 "$work"/*.changes "$work"/*.buildinfo "$out/"
