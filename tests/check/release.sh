#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# release.sh: check that a release is reproducible, byte by byte: it is made from two clones in
# different places, with different time zones, languages, umasks and file times. Then check
# the packages with lintian.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need lintian:lintian dpkg-buildpackage:dpkg-dev /usr/share/build-essential:build-essential dh:debhelper \
	dh_dkms:dh-dkms make:make gcc:gcc pkg-config:pkg-config \
	/usr/include/stdio.h:libc6-dev /usr/include/libmnl/libmnl.h:libmnl-dev /usr/include/curses.h:libncurses-dev \
	/usr/include/json-c/json.h:libjson-c-dev /usr/include/microhttpd.h:libmicrohttpd-dev \
	/usr/include/sqlite3.h:libsqlite3-dev \
	/usr/include/zlib.h:zlib1g-dev /usr/include/libelf.h:libelf-dev diff:diffutils

# Make a repository of the current files, committed or not.
mkdir "$scratch/one" "$scratch/tmp"
check_files | tar -c -T - | tar -x -C "$scratch/one"
export GIT_AUTHOR_NAME=nobody GIT_AUTHOR_EMAIL=nobody@localhost GIT_COMMITTER_NAME=nobody GIT_COMMITTER_EMAIL=nobody@localhost
git -C "$scratch/one" init -q
git -C "$scratch/one" add -A
git -C "$scratch/one" commit -q -m 'as it is'
mkdir -p "$scratch/another/place"
git clone -q "$scratch/one" "$scratch/another/place/two"
find "$scratch/another" -exec touch -d '2001-02-03 04:05' {} +

: >"$scratch/log"
(umask 022 && TZ=UTC TMPDIR=$scratch/tmp "$scratch/one/packaging/dist.sh") >"$scratch/said" 2>&1 ||
	cat "$scratch/said" >"$scratch/log"
expect_empty made "$scratch/log"
: >"$scratch/log"
(umask 077 && TZ=Pacific/Auckland LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1 TMPDIR=$scratch \
	"$scratch/another/place/two/packaging/dist.sh") >"$scratch/said" 2>&1 ||
	cat "$scratch/said" >"$scratch/log"
expect_empty made-again "$scratch/log"
diff -r "$scratch/one/dist" "$scratch/another/place/two/dist" >"$scratch/log" 2>&1
expect_empty same-bytes "$scratch/log"

cd "$scratch/one/dist" || exit 2
{
	sha256sum --strict --quiet -c SHA256SUMS 2>&1
	# The list has all files, and all expected files exist.
	diff <(awk '{ print $2 }' SHA256SUMS) <(printf '%s\n' * | grep -v '^SHA256SUMS$')
	for what in l2packet_counter-*.tar.gz l2packet-counter-dkms_*_all.deb l2pc_*.deb prometheus-l2pc-exporter_*.deb; do
		[ -e "$what" ] || echo "there is no $what"
	done
} >"$scratch/log"
expect_empty sums "$scratch/log"
# The package's l2pc has run: whatever it refuses there, it is not that run is missing.
dpkg-deb --fsys-tarfile l2pc_*.deb | tar -x -C "$scratch" ./usr/bin/l2pc
"$scratch/usr/bin/l2pc" run no-such-device >"$scratch/said" 2>&1
{
	grep -F 'not available' "$scratch/said"
	grep -q '^l2pc: ' "$scratch/said" || cat "$scratch/said"
} >"$scratch/log"
expect_empty run "$scratch/log"
lintian --allow-root --fail-on warning ./*.deb >"$scratch/log" 2>&1
expect_empty lintian "$scratch/log"
cd "$top" || exit 2
suite_end
