#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tool.sh: measure the cost of l2pc with many stations, compared with nft and with the dump
# that l2pc reads, in a VM that runs one instruction per virtual nanosecond (QEMU -icount).
#
# usage: tests/bench/tool.sh [--kernel NAME] [--stations N] [--write]
#   --write   write the figures to docs/results/tool.md
# Exit status 1 when a limit of tests/bench/guest/tool.sh is exceeded, 2 and more as
# lab/run.sh.
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
bench=$top/tests/bench
# shellcheck source=kit.sh
. "$bench/kit.sh"
# shellcheck source=../lib/host/results.sh
. "$top/tests/lib/host/results.sh"
command=$(results_command tests/bench/tool.sh "$@")
kernel=default stations=100000 write=''
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=${2:?--kernel wants a name} && shift ;;
	--stations) stations=${2:?--stations wants a number} && shift ;;
	--write) write=1 ;;
	*) sed -n '3,9s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	esac
	shift
done

packages_need gcc:gcc /usr/include/stdio.h:libc6-dev
kit_for "$kernel"
kit_helper "$work/kit" nldump.c
"$top/lab/run.sh" --kernel "$kernel" --icount --mem 2048 --timeout 1800 --file "$work/kit:/l2pc/kit" \
	--env STATIONS="$stations" "$bench/guest/tool.sh" | tee "$work/figures"
[ -z "$write" ] || results_block <"$work/figures" | results_write tool "The tool" "$command" \
	"Kernel $(results_kernel "$kernel"), $(results_qemu), a virtual nanosecond an instruction, one CPU; l2packet_counter $(results_version)."
