#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# foreign.sh [--packages|--part] [SUITE:]ARCHITECTURE: compile the unit tests for another
# architecture, and run them. Those of i386 run in a root of that architecture (lab/root.sh),
# where this machine's kernel executes its programs; some virtual machines run 64-bit code
# only. All others (lab/cross.sh) are compiled by this machine and run in QEMU's emulation of
# programs.
#   --part      without the tests that take an emulator long, with fewer random sequences, and
#               without debugging symbols
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=lab/cross.sh
. "$lab/cross.sh"

part=''
case ${1-} in
--packages) shift ;;
--part) part=1 && shift ;;
esac
[ $# = 1 ] || die "foreign.sh wants an architecture" "usage: tests/unit/foreign.sh [--part] [SUITE:]ARCHITECTURE"
arch=${1#*:}
unit=(-s -j"$(nproc)" -C "$tests/unit" "B=build/$arch")
rc=0
if cross_select "$arch"; then
	cross_compiler_need
	suite_need_no_more
	# ASan of s390x has its shadow at addresses that the emulator does not map.
	# LeakSanitizer and TSan do not run in it.
	sanitize=address,undefined
	[ "$arch" != s390x ] || sanitize=undefined
	export ASAN_OPTIONS=detect_leaks=0
	[ -z "$part" ] || { export UNIT_SEEDS=${UNIT_SEEDS:-3} && unit+=(EXTRA_CFLAGS=-g0 PART=1); }
	make "${unit[@]}" CC="$cross_triplet-gcc" SANITIZE=$sanitize TSAN= \
		RUN="qemu-$cross_machine -L /usr/$cross_triplet" check >"$scratch/log" || rc=$?
else
	suite_need arch-test:arch-test
	# A binfmt_misc handler for that architecture (QEMU) is also accepted.
	arch-test "$arch" >/dev/null 2>&1 || skip "this machine's kernel executes no $arch programs (arch-test $arch)"
	"$lab/root.sh" "$1" make "${unit[@]}" check >"$scratch/log" || rc=$?
fi
suite_relay "$scratch/log"
[ "$rc" = 0 ] || suite_failed || fail make "status 0" "$rc" "$scratch/log"
suite_end
