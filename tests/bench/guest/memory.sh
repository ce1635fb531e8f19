#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest, with two CPUs: measure the memory of stations on one CPU, what the same
# stations on a second CPU add, and the memory of a device without traffic. For this module,
# also measure max_stations stations with its default, in a later window than the first, as
# in a port's usual state. The figures are all of the kernel's data memory, less the memory
# before.
# shellcheck disable=SC2034 # bpf_entries is for rows.sh
set -eu
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/bench/guest/rows.sh

many=100000		# stations
most=65536		# default of max_stations
idle=8			# devices
bpf_entries=$many

fail() {
	echo "$*" >&2
	exit 1
}

# send CPU STATIONS: send each station twice, so that the newest table has all of them.
send() {
	local i
	for i in 1 2; do
		pktgen_thread "$1" eth0 "$2" "$2"
		pktgen_run
		pktgen_clear
		sleep 2
	done
}

# row_memory ROW: measure memory without what a row allocates once, such as the module. The
# devices come first, because memory that the kernel keeps after a free would reduce the
# result.
row_memory() {
	local row=$1 one two
	"${row}_on" eth0
	one=$(memory_settled)
	"${row}_off"
	# shellcheck disable=SC2046 # names
	"${row}_on" eth0 $(seq -f idle%g $idle)
	two=$(memory_settled)
	"${row}_off"
	echo "figure	memory	$row	idle	$idle	$(((two - one) * 1024))"

	row_fill "$row" "$row" $many
}

# row_fill ROW NAME STATIONS [reset]: measure stations on one CPU, then on the other CPU as
# well; with reset, again in a window of their own.
row_fill() {
	local row=$1 name=$2 stations=$3 reset=${4:-} none one two
	none=$(memory_settled)
	"${row}_on" eth0
	# A BPF map allocates all its entries at the start.
	case $row in tcx*) ;; *) none=$(memory_settled) ;; esac
	send 0 "$stations"
	[ -z "$reset" ] || {
		echo reset >"$proc"
		send 0 "$stations"
	}
	one=$(memory_settled)
	send 1 "$stations"
	[ -z "$reset" ] || {
		echo reset >"$proc"
		send 0 "$stations"
		send 1 "$stations"
	}
	two=$(memory_settled)
	case $row in
	nft | tcx*) ;;
	*) row_check "$row" "$stations" $((4 * stations)) ;;
	esac
	"${row}_off"
	echo "figure	memory	$name	station	$stations	$(((one - none) * 1024))"
	echo "figure	memory	$name	cpu	$stations	$(((two - one) * 1024))"
}

ip link add eth0 type dummy
ip link set eth0 up
for i in $(seq $idle); do
	ip link add idle"$i" type dummy
	ip link set idle"$i" up
done
# Fill the kernel's own caches.
for i in 0 1; do send $i $many; done
for row in ${ROWS:-$rows_all}; do
	# Skip rows without stations in the kernel, or with as many as the row without the suffix.
	case $row in noop* | capture | *_vlan | *_transmit | *egress | xdp*) continue ;; esac
	echo "memory: $row"
	row_memory "$row"
	if [ "$row" = rx_handler ]; then module_settings="max_stations=$most" row_fill rx_handler default $most reset; fi
done
