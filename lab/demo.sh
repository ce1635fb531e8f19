#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# demo.sh: demonstrate the module in a throwaway VM. Nothing is loaded into this machine's
# kernel.
#
# usage: lab/demo.sh [--kernel NAME] [--pcap FILE] [--interface DEV [--seconds N]]
#   no option      compare the module's counts with those of hosts on a segment
#   --pcap         also replay a capture, to a separate port
#   --interface    count a copy of the frames that DEV of this machine receives,
#                  for N seconds (30)
# The status is 0 only when the counts are equal.
set -eu -o pipefail

lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/cache.sh"
. "$lab/packages.sh"

kernel=default pcap='' interface='' seconds=30
while [ $# -gt 0 ]; do
	case $1 in
	--kernel | --pcap | --interface | --seconds) [ $# -gt 1 ] || die "$1: missing value" ;;
	esac
	case $1 in
	--kernel) kernel=$2 ;;
	--pcap) pcap=$2 ;;
	--interface) interface=$2 ;;
	--seconds) seconds=$2 ;;
	*) die "unknown option $1" "usage: lab/demo.sh [--kernel NAME] [--pcap FILE] [--interface DEV [--seconds N]]" ;;
	esac
	shift 2
done

if [ -n "$pcap" ]; then
	[ -r "$pcap" ] || die "no capture $pcap" "PCAP= names a pcap or pcapng file"
	[ -z "$interface" ] || die "PCAP and INTERFACE are two demos (give one of them)"
fi
if [ -n "$interface" ]; then
	# shellcheck source=mirror.sh
	. "$lab/mirror.sh"
	mirror_demo
else
	exec "$lab/run.sh" --kernel "$kernel" --timeout 300 ${pcap:+--file "$pcap:/l2pc/demo.pcap"} \
		"$lab/guest/demo.sh" ${pcap:+"$(basename "$pcap")"}
fi
