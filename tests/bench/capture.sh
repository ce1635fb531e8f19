#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# capture.sh: measure the cost of counting by source address from a capture, as pmacctd
# does with libpcap, compared with the module. The VM runs one instruction per virtual
# nanosecond (QEMU -icount). Then compare how many frames each counts at the highest rate.
#
# usage: tests/bench/capture.sh [--kernel NAME] [--write]
#   --write   write the figures to docs/results/capture.md
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
bench=$top/tests/bench
# shellcheck source=kit.sh
. "$bench/kit.sh"
# shellcheck source=../lib/host/results.sh
. "$top/tests/lib/host/results.sh"
command=$(results_command tests/bench/capture.sh "$@")
results_options "$0" "$@"

packages_need ldd:libc-bin
collectors=$("$top/lab/collectors.sh")
kit_programs "$work/kit" "$collectors/pmacctd"
"$top/lab/run.sh" --kernel "$kernel" --icount --mem 1024 --timeout 1200 --file "$work/kit:/l2pc/kit" "$bench/guest/capture.sh" |
	tee "$work/figures"
[ -z "$write" ] || results_block <"$work/figures" | results_write capture "Counting from a capture" "$command" \
	"Kernel $(results_kernel "$kernel"), $(results_qemu), a virtual nanosecond an instruction, one CPU; l2packet_counter $(results_version)."
