#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest, with many CPUs, under -icount: count the instructions of a read when one CPU
# has counted the stations, and when every CPU has counted the same ones.
set -eu
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh

many=100000		# stations
cpus=$(nproc)

fail() {
	echo "$*" >&2
	exit 1
}

# send CPU...: send each station twice, so that the newest table has all of them.
send() {
	local cpu
	for _ in 1 2; do
		for cpu; do pktgen_thread "$cpu" eth0 $many $many; done
		pktgen_run
		pktgen_clear
		sleep 2
	done
}

# read_by CPUS: read all stations, which CPUS have counted.
read_by() {
	local bytes ns read
	read -r bytes ns < <(taskset -c 0 /l2pc/kit/bin/nldump)
	[ "$bytes" -gt $((many * 50)) ] || fail "a dump of $bytes bytes only"
	read=$(total)
	[ "$read" = $((2 * many * $1)) ] || fail "$read frames instead of $((2 * many * $1))"
	printf 'figure\tcpus\tdump\t%s\t%s\t%s\n' "$1" $many $((ns / 1000))
}

ip link add eth0 type dummy
ip link set eth0 up addrgenmode none
load interface=eth0 hook=rx_handler reset_interval=0 max_stations=4000000
send 0
read_by 1
# shellcheck disable=SC2046 # numbers
send $(seq 1 $((cpus - 1)))
read_by "$cpus"
unload
