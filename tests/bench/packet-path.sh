#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Instructions that the module adds to a received frame, measured in a VM in
# which one virtual nanosecond is one instruction (QEMU -icount), so that the
# figures do not depend on the machine or on what else it does. pktgen hands
# frames to the receive path; what is printed is the difference to the same VM
# without the module.
#
# usage: tests/bench/packet-path.sh [--kernel NAME] [--macs "1 100 ..."] [--most N]
#   --most N  exit 1 when more than N instructions are added in the steady state
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
kernel=default macs='1 100 10000 100000 1000000' most=''
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=$2 ;;
	--macs) macs=$2 ;;
	--most) most=$2 ;;
	*) sed -n '3,12s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	esac
	shift 2
done
exec "$top/lab/run.sh" --kernel "$kernel" --icount --mem 3072 --timeout 1800 \
	--env MACS="$macs" --env MOST="$most" "$top/tests/bench/guest/packet-path.sh"
