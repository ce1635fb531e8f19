#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What it costs to count by source address from a capture, as pmacctd does with libpcap,
# beside the module, in a VM in which one virtual nanosecond is one instruction (QEMU
# -icount). And how many of the frames each has when they come as fast as they can.
#
# usage: tests/bench/capture.sh [--kernel NAME]
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
bench=$top/tests/bench
# shellcheck source=kit.sh
. "$bench/kit.sh"
kernel=default
[ "${1-}" != --kernel ] || { kernel=${2:?--kernel wants a name} && shift 2; }
[ $# = 0 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2 && exit 2; }

packages_need ldd:libc-bin
collectors=$("$top/lab/collectors.sh")
kit_programs "$work/kit" "$collectors/pmacctd"
"$top/lab/run.sh" --kernel "$kernel" --icount --mem 1024 --timeout 1200 --file "$work/kit:/l2pc/kit" "$bench/guest/capture.sh"
