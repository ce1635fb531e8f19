#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 120 s
# lab: --icount --mem 2048 --timeout 3600
# What ports cost as they become many, in instructions: a virtual nanosecond is one. The host
# with stations has L2PC_PORTS ports, 256 by default and 4096 in `make -C tests long`.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh

export LC_ALL=C

setup() { ip link set lo up; }

teardown() {
	pkill -x l2pc
	unload_if_loaded
	links_del eth0
} 2>/dev/null

# added_in COUNT: prints the thousands of instructions of one process that adds COUNT ports.
added_in() { seq -f 'd%.0f' 0 $(($1 - 1)) | ip netns exec many portctl add; }

test_add_is_not_quadratic() {
	local few all i
	ip netns add many
	for ((i = 0; i < 4096; i++)); do echo "link add d$i type dummy"; done | ip -n many -batch -
	load interface=none
	few=$(added_in 256)
	unload
	load interface=none
	all=$(added_in 4096)
	echo "256 ports in $few thousand instructions, 4096 in $all" >&2
	[ "$all" -le $((20 * few)) ] || fail "cost of 4096 ports" "at most 20 times $few" "$all"
}

# --- a host with many ports that have stations -------------------------------------

# vlan I: prints the protocol and the id of the VLAN with the number I, from 1.
vlan() { if [ "$1" -le 4000 ]; then echo "802.1Q $1"; else echo "802.1ad $(($1 - 4000))"; fi; }

# vlans NAME FROM TO: VLAN devices on eth0, up.
vlans() {
	local i protocol id
	for ((i = $2; i <= $3; i++)); do
		read -r protocol id <<<"$(vlan "$i")"
		echo "link add link eth0 name $1$i type vlan proto $protocol id $id"
		echo "link set $1$i up addrgenmode none"
	done | ip -batch -
}

# stations_send FROM TO: 64 stations of each of these VLANs send a frame each.
stations_send() {
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i <= to; i++) for (station = 0; station < 64; station++)
			printf "02ffffffff01 02%04x%06x %s %04x 88b5\n", i, station,
				i <= 4000 ? "8100" : "88a8", i <= 4000 ? i : i - 4000
	}' | replay cable - >/dev/null
}

# expect_stations PORTS: all stations are shown, each once, with its frame.
expect_stations() {
	l2pc -j show --lifetime | tr '{' '\n' | grep -o '^"mac":"[^"]*","packets":1,' |
		sort -u >/tmp/found
	expect_equal "stations" "$(wc -l </tmp/found)" $((64 * $1))
	expect_equal "frames and ports" "$(portctl ports | awk '{ sum += $8 } END { print sum, NR }')" "$((64 * $1)) $1"
	echo "$(wc -l </tmp/found) stations of $((64 * $1)) on $1 ports" >&2
}

# exporter PORT [OPTION...]: starts one.
exporter() {
	l2pc export --web.listen-address "127.0.0.1:$1" "${@:2}" 2>"/tmp/exporter.$1" &
	wait_for "the exporter" grep -q '^listening' "/tmp/exporter.$1"
}

scrape() { printf 'GET /metrics HTTP/1.0\r\n\r\n' | socat -,ignoreeof "TCP:127.0.0.1:$1" >/tmp/scraped; }

# scraped METRIC: prints the number of its samples.
scraped() { grep -c "^l2pc_$1_receive_packets_total{" /tmp/scraped || :; }

# cost_of NAME COMMAND...: sets $cost to its thousands of instructions, kernel included.
cost_of() {
	local name=$1 start
	shift
	start=${EPOCHREALTIME/./}
	"$@" >/dev/null
	cost=$((${EPOCHREALTIME/./} - start))
	echo "$name: $((cost / 1000)) million instructions" >&2
}

# costs PORTS: sets $costs to those of what reads all ports. A scrape is not repeated for a
# second; the first one after a change learns the ports.
costs() {
	costs=()
	cost_of "l2pc show of $1 ports" l2pc show
	costs+=("$cost")
	cost_of "l2pc -j show of $1 ports" l2pc -j show
	costs+=("$cost")
	scrape 9963
	sleep 2
	cost_of "a scrape of $1 ports" scrape 9963
	costs+=("$cost")
	expect_equal "ports and stations of the scrape" "$(scraped device) $(scraped station)" "$1 0"
	scrape 9964
	sleep 2
	cost_of "a scrape of $1 ports and their stations" scrape 9964
	costs+=("$cost")
	expect_equal "ports and stations of the scrape" "$(scraped device) $(scraped station)" "$1 $((64 * $1))"
}

# at_most KB PORTS WHAT KBS: KBS is at most KB a port.
at_most() {
	echo "$3: $(($4 * 1024 / $2)) bytes a port" >&2
	! memory_tells || [ "$4" -le $(($1 * $2)) ] || fail "kB of $2 ports: $3" "at most $(($1 * $2))" "$4"
}

test_host_with_stations() {
	local all=${L2PC_PORTS:-256} few before idle few_costs i tx=0
	local names=('l2pc show' 'l2pc -j show' 'a scrape' 'a scrape with stations')
	few=$((all / 16))
	! kernel_has 5.16 || tx=1
	veth_pair eth0 cable
	vlans few 1 $few
	vlans vlan $((few + 1)) "$all"
	load interface=none reset_interval=0
	# The first ports fill the kernel's own caches.
	portctl add 'few*' tx $tx
	before=$(memory_settled)
	portctl add 'vlan*' tx $tx
	idle=$(memory_settled)
	at_most 4 $((all - few)) "idle, tx $tx" $((idle - before))
	portctl del 'vlan*'
	exporter 9963
	exporter 9964 --stations 64

	stations_send 1 $few
	expect_stations $few
	costs $few
	few_costs=("${costs[@]}")

	portctl add 'vlan*' tx $tx
	before=$(memory_settled)
	stations_send $((few + 1)) "$all"
	idle=$(memory_settled)
	at_most 16 $((all - few)) "64 stations" $((idle - before))
	expect_stations "$all"
	costs "$all"
	reset_all() { l2pc -o reset >/tmp/closed; }
	cost_of "l2pc reset of $all ports" reset_all
	expect_equal "windows closed" "$(grep -c '^sum' /tmp/closed)" "$all"
	# 12 ms where each waits for a grace period of its own.
	expect_number "microseconds of l2pc reset, a port" $((cost / all)) -lt 3000
	idle=$(memory_settled)
	at_most 24 $((all - few)) "64 stations, after a reset" $((idle - before))
	expect_stations "$all"
	for i in "${!names[@]}"; do
		[ "${costs[i]}" -le $((20 * few_costs[i])) ] ||
			fail "cost of ${names[i]} with $all ports" "at most 20 times ${few_costs[i]}" "${costs[i]}"
	done
}
