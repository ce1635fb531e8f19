#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# foreign.sh SUITE:ARCHITECTURE: the unit tests, compiled for another architecture and run
# in a root of it (lab/root.sh). Skipped where this machine's kernel executes none of its
# programs: some virtual machines run 64-bit code only.
set -eu
tests=$(cd "$(dirname "$0")/.." && pwd)
lab=$tests/../lab
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"

arch=${1#*:}
packages_need arch-test:arch-test
# A handler for programs of that architecture is as good.
if ! arch-test "$arch" >/dev/null 2>&1; then
	echo "SKIP unit: this machine's kernel executes no $arch programs (arch-test $arch)"
	exit 0
fi
exec "$lab/root.sh" "$1" make -s -j"$(nproc)" -C "$tests/unit" "B=build/$arch" check
