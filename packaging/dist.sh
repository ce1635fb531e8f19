#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# dist.sh [DIR]: make a release of the last commit in DIR (default dist): the tarball, the
# Debian packages built from it, and SHA256SUMS. The same commit gives the same bytes.
set -eu -o pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/lab/say.sh"
. "$top/lab/cache.sh"
. "$top/lab/packages.sh"

out=${1:-$top/dist}
packages_need git:git gzip:gzip tar:tar sha256sum:coreutils
[ -e "$top/.git" ] || die "a release is made from a commit, and this is not a repository"
[ -z "$(git -C "$top" status --porcelain)" ] || say "uncommitted changes are left out"
version=$(git -C "$top" show HEAD:packet-counter.c | sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p')
name=l2packet_counter-$version
SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct)
export SOURCE_DATE_EPOCH

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-dist.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$work/new"
# Time and order come from the commit, without owners. tar.umask overrides the user's
# configuration of git.
git -C "$top" -c tar.umask=0022 archive --format=tar --prefix="$name/" HEAD | gzip -n -9 >"$work/new/$name.tar.gz"
tar -x -z -C "$work" -f "$work/new/$name.tar.gz"
"$work/$name/packaging/deb.sh" --complete "$work/debs" >/dev/null
mv "$work"/debs/*.deb "$work/new/"
(cd "$work/new" && LC_ALL=C sha256sum -- * >SHA256SUMS)
mkdir -p "$out"
install -m 644 "$work"/new/* "$out/"
cat "$work/new/SHA256SUMS"
