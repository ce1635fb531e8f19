#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Is a release the same bytes twice, made from two clones in different places, with
# other time zones, languages, umasks and file times? And is lintian content with it?
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
check_need lintian:lintian dpkg-buildpackage:dpkg-dev /usr/share/build-essential:build-essential dh:debhelper \
	dh_dkms:dh-dkms make:make gcc:gcc pkg-config:pkg-config \
	/usr/include/stdio.h:libc6-dev /usr/include/libmnl/libmnl.h:libmnl-dev /usr/include/curses.h:libncurses-dev \
	/usr/include/json-c/json.h:libjson-c-dev /usr/include/microhttpd.h:libmicrohttpd-dev \
	/usr/include/zlib.h:zlib1g-dev diff:diffutils

# A repository of what is here now, committed or not.
mkdir "$check_work/one" "$check_work/tmp"
check_files | tar -c -T - | tar -x -C "$check_work/one"
export GIT_AUTHOR_NAME=nobody GIT_AUTHOR_EMAIL=nobody@localhost GIT_COMMITTER_NAME=nobody GIT_COMMITTER_EMAIL=nobody@localhost
git -C "$check_work/one" init -q
git -C "$check_work/one" add -A
git -C "$check_work/one" commit -q -m 'as it is'
mkdir -p "$check_work/another/place"
git clone -q "$check_work/one" "$check_work/another/place/two"
find "$check_work/another" -exec touch -d '2001-02-03 04:05' {} +

: >"$check_work/log"
(umask 022 && TZ=UTC TMPDIR=$check_work/tmp "$check_work/one/packaging/dist.sh") >"$check_work/said" 2>&1 ||
	cat "$check_work/said" >"$check_work/log"
check_result made "$check_work/log"
: >"$check_work/log"
(umask 077 && TZ=Pacific/Auckland LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1 TMPDIR=$check_work \
	"$check_work/another/place/two/packaging/dist.sh") >"$check_work/said" 2>&1 ||
	cat "$check_work/said" >"$check_work/log"
check_result made-again "$check_work/log"
diff -r "$check_work/one/dist" "$check_work/another/place/two/dist" >"$check_work/log" 2>&1
check_result same-bytes "$check_work/log"

cd "$check_work/one/dist" || exit 2
{
	sha256sum --strict --quiet -c SHA256SUMS 2>&1
	# Everything is in the list, and there is what there should be.
	diff <(awk '{ print $2 }' SHA256SUMS) <(printf '%s\n' * | grep -v '^SHA256SUMS$')
	for what in l2packet_counter-*.tar.gz l2packet-counter-dkms_*_all.deb l2pc_*.deb prometheus-l2pc-exporter_*_all.deb; do
		[ -e "$what" ] || echo "there is no $what"
	done
} >"$check_work/log"
check_result sums "$check_work/log"
lintian --allow-root --fail-on warning ./*.deb >"$check_work/log" 2>&1
check_result lintian "$check_work/log"
cd "$top" || exit 2
check_end
