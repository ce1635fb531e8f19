#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What l2pc costs with many stations, in a VM in which one virtual nanosecond is one
# instruction (QEMU -icount).
#
# usage: tests/bench/tool.sh [--kernel NAME] [--stations N] [--most N]
#   --most N  exit 1 when l2pc -j show takes more than N million instructions
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
kernel=default stations=100000 most=''
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=$2 ;;
	--stations) stations=$2 ;;
	--most) most=$2 ;;
	*) sed -n '3,7s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	esac
	shift 2
done
exec "$top/lab/run.sh" --kernel "$kernel" --icount --mem 2048 --timeout 1800 \
	--env STATIONS="$stations" --env MOST="$most" "$top/tests/bench/guest/tool.sh"
