#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The part of run.sh that measures memory, in a guest with two CPUs: of so many
# stations on one CPU, what the same on a second CPU adds, and a device on which
# nothing arrives. All of the kernel's data memory, less what it was before.
set -eu
. /l2pc/tests/lib/module.sh
. /l2pc/tests/lib/pktgen.sh
. /l2pc/tests/bench/guest/rows.sh

many=100000		# stations
idle=8			# devices
bpf_entries=$many

fail() {
	echo "$*" >&2
	exit 1
}

# send CPU: every station twice, so that tables that grew have all in one place.
send() {
	local i
	for i in 1 2; do
		pktgen_thread "$1" eth0 $many $many
		pktgen_run
		pktgen_clear
		sleep 2
	done
}

# What a row needs once is not what a station or a device needs: the module itself,
# the kernel's own caches. So everything is done twice, and with one device first.
row_memory() {
	local row=$1 none one two few
	"${row}_on" eth0
	send 0
	send 1
	"${row}_off"

	"${row}_on" eth0
	none=$(memory)
	send 0
	one=$(memory)
	send 1
	two=$(memory)
	case $row in
	nft | tcx*) ;;
	*) row_check "$row" $many $((4 * many)) ;;
	esac
	"${row}_off"
	# A map has all its entries from the beginning.
	case $row in tcx*)
		none=$(memory)
		"${row}_on" eth0
		one=$(memory)
		two=$one
		"${row}_off"
		;;
	esac
	echo "figure	memory	$row	station	$many	$(((one - none) * 1024))"
	echo "figure	memory	$row	cpu	$many	$(((two - one) * 1024))"

	"${row}_on" eth0
	one=$(memory)
	"${row}_off"
	# shellcheck disable=SC2046 # names
	"${row}_on" eth0 $(seq -f idle%g $idle)
	few=$(memory)
	"${row}_off"
	echo "figure	memory	$row	idle	$idle	$(((few - one) * 1024))"
}

ip link add eth0 type dummy
ip link set eth0 up
for i in $(seq $idle); do
	ip link add idle"$i" type dummy
	ip link set idle"$i" up
done
for row in ${ROWS:-$rows_all}; do
	case $row in noop | *_vlan | ingress | xdp*) continue ;; esac
	echo "memory: $row"
	row_memory "$row"
done
