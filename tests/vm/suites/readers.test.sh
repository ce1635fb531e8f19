#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 70 s
# lab: --cpus 2 --mem 2048 --timeout 1500
# Readers of the netlink family: privileges, and dumps that are not read to their end.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/family.sh

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
as_nobody() { "${nobody[@]}" "$@"; }

# --- who may ----------------------------------------------------------------------

test_reading_is_open_to_all() {
	frames 020000000001 5
	expect_match "what nobody reads" "$(as_nobody l2pc -j show eth0)" '"packets":5'
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc reset eth0
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc add eth1
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc set eth0 vlan on
	expect_refused "CAP_NET_ADMIN" as_nobody l2pc del eth0
	expect_equal "nothing changed" "$(ports)$(stations window eth0)" "eth0 02:00:00:00:00:01 - 5 300"
}

# Root of a user namespace changes its own ports, within bounded memory.
test_ports_of_a_user_namespace() {
	# shellcheck disable=SC2016 # the inner shell's
	expect_status 0 as_nobody unshare -Urn bash -e -c '
		ip link add d0 type dummy
		ip link set d0 up
		l2pc add d0 max_stations 1000
		l2pc -j port >/tmp/inside
		l2pc reset d0
		! l2pc add d0 max_stations 65537
		! l2pc reset eth0
		! l2pc set d0 max_stations 65537
		[ -z "$(l2pc -j show eth0 2>/dev/null)" ]
	'
	expect_equal "its own ports only" "$(grep -o '"ifname":"[a-z0-9]*"' /tmp/inside)" '"ifname":"d0"'
	rm /tmp/inside
	expect_equal "ports here" "$(ports)" "eth0 "
	expect_equal "window here" "$(totals_of window window_id eth0)" 1
}

# Its ports take memory that it is not charged for, so there are fewer of them.
test_number_of_ports_of_a_user_namespace() {
	# shellcheck disable=SC2016 # the inner shell's
	expect_status 0 as_nobody unshare -Urn bash -e -c '
		for ((i = 0; i < 66; i++)); do ip link add "d$i" type dummy; done
		l2pc add "d*" keep 3600
		l2pc -o port | grep -c "^port" >/tmp/inside
		! l2pc add d65 2>>/tmp/inside
		l2pc -o port | awk -F"\t" "\$1 == \"pattern\" { print \$10, \$11 }" >>/tmp/inside
	'
	expect_equal "ports, the refusal, ports and devices missed of the pattern" "$(cat /tmp/inside)" "64
l2pc: d65: 64 ports are counted already (the maximum outside of the initial user namespace)
64 2"
	rm /tmp/inside
}

# --- unfinished dumps ---------------------------------------------------------------

# hold N [USER-COMMAND]: start N dumps of all stations, and do not read on.
hold() {
	: >/tmp/held
	mkfifo /tmp/hold
	"${@:2}" halfdump "$1" rest </tmp/hold >/tmp/held 2>&1 &
	echo $! >/tmp/listener
	exec 6>/tmp/hold
	rm /tmp/hold
	wait_for "the dumps" grep -q began /tmp/held
}

let_go() {
	exec 6>&-
	wait "$(cat /tmp/listener)" || true
	rm /tmp/listener
}

# A snapshot of 50,000 stations takes some MiB; all unfinished dumps may hold 64 MiB.
test_unprivileged_dumps_take_bounded_memory() {
	local before taken after
	ip link set eth1 up
	l2pc add eth1
	# A dump sends the ports before an error first, and the error would not be read.
	l2pc del eth0
	pktgen_thread 0 eth1 50000 50000
	pktgen_run
	stations window eth1 | wc -l
	before=$(memory)
	hold 60 as_nobody
	taken=$(($(memory) - before))
	echo "$(cat /tmp/held), $taken kB"
	expect_line /tmp/held 'refused [1-9].*Resource temporarily unavailable'
	expect_number "dumps that began" "$(sed 's/began \([0-9]*\).*/\1/' /tmp/held)" -ge 5
	expect_number "kB held" $taken -le $((90 * 1024))
	# A privileged reader is served nevertheless.
	expect_equal "root's dump" "$(stations window eth1 | wc -l)" 50000
	expect_refused "unfinished dumps" as_nobody l2pc show eth1
	let_go
	expect_equal "afterwards" "$(as_nobody l2pc -j show eth1 | station_lines | wc -l)" 50000
	after=$(($(memory) - before))
	expect_number "kB not given back" $after -le 4096
}

# inside COMMAND...: run as root of the user namespace of the process in /tmp/container.
inside() { as_nobody nsenter --target "$(cat /tmp/container)" --user --net --preserve-credentials "$@"; }

is_contained() { [ "$(cat "/proc/$(cat /tmp/container)/comm")" = sleep ]; }

# Open 70 files, read a byte of each, and print how many could be read.
# shellcheck disable=SC2016 # a program of its own
hoard=(bash -c 'for i in {1..70}; do
	exec {fd}</proc/l2packet_counter
	! read -r -n 1 -u "$fd" 2>/dev/null || got=$((got + 1))
done; echo "$got"')

test_unprivileged_files_are_bounded() {
	expect_equal "of root" "$("${hoard[@]}")" 70
	expect_equal "of anybody" "$(as_nobody "${hoard[@]}")" 64
	expect_equal "afterwards" "$(as_nobody "${hoard[@]}")" 64
}

# Root of a user namespace may change its ports, within the bounds of unprivileged readers.
test_readers_of_a_user_namespace_take_bounded_memory() {
	"${nobody[@]}" unshare --user --map-root-user --net sleep infinity &
	echo $! >/tmp/container
	wait_for "the namespaces" is_contained
	ip link set eth0 netns "$(cat /tmp/container)"
	inside ip link set eth0 up
	inside l2pc add eth0 max_stations 20000
	awk 'BEGIN { for (i = 0; i < 20000; i++) printf "02ffffffff01 02%010x 88b5\n", i }' | replay cable - >/dev/null
	hold 100 inside
	cat /tmp/held
	expect_line /tmp/held 'refused [1-9].*Resource temporarily unavailable'
	let_go
	expect_equal "afterwards" "$(inside l2pc -j show eth0 | station_lines | wc -l)" 20000
	expect_equal "files" "$(inside "${hoard[@]}")" 64
}

# A dump is marked interrupted when a port of its namespace was added or deleted. Ports of
# other namespaces do not matter.
test_dumps_are_interrupted() {
	ip link set eth1 up
	l2pc add eth1
	pktgen_thread 0 eth1 20000 20000
	pktgen_run
	ip netns add other
	ip -n other link add d0 type dummy
	hold 1
	ip netns exec other l2pc add d0
	let_go
	expect_equal "another's port" "$(sed 's/.*, //' /tmp/held | tail -n 1)" "not interrupted"
	hold 1
	l2pc del eth0
	let_go
	expect_equal "a port of ours" "$(sed 's/.*, //' /tmp/held | tail -n 1)" "interrupted"
}

# The window of a second may have fewer stations on a slow machine, so lifetime is read.
thousand_stations() { [ "$(totals_of lifetime stations eth1)" -gt 1000 ]; }

# gone STEP...: remove things in this order, under traffic and with a half-read dump.
gone() {
	local step
	ip netns add other
	ip -n other link add eth0 type dummy
	ip -n other link set eth0 up
	unload
	ip link set eth1 up
	load interface=eth1,eth0 reset_interval=1
	ip netns exec other l2pc add eth0
	pktgen_thread 0 eth1 0 20000
	pktgen_thread 1 eth1 0 20000
	pktgen_run &
	wait_for "stations" thousand_stations
	hold 3
	ip netns exec other halfdump 2 <&6 >/dev/null &
	for step; do
		case $step in
		interface) ip link del eth1 ;;
		namespace) ip netns del other ;;
		port) l2pc del eth1 ;;
		dump) let_go ;;
		module)
			# A half-read dump is in the module.
			if [ -e /tmp/listener ]; then
				expect_refused "in use" unload
			else
				wait_for "the module to be free" unload
			fi
			;;
		esac
	done
	pktgen_clear
	wait
	unload_if_loaded
}

test_gone_interface_namespace_dump_module() { gone interface namespace dump module; }
test_gone_module_dump_module_interface_namespace() { gone module dump module interface namespace; }
test_gone_port_interface_dump_namespace() { gone port interface dump namespace; }
test_gone_namespace_interface_module_dump() { gone namespace interface module dump module; }
