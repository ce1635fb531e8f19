# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # variables of run.sh; of eval
# Copyright (C) the l2packet_counter authors
# Sourced by run.sh: super-packets. The measure is the kernel's own segmentation: tc mirrors
# what arrives to a veth without offloads, and a packet socket behind that counts the segments.
# shellcheck source=tests/lib/superpackets.sh
. "$tests/lib/superpackets.sh"

# outer_only WHAT: skips a test where the programs see only outer headers (bpf/super_outer.h).
outer_only() { case $without in *arena*) skip "before Linux 6.10 $1 are counted by their outer headers" ;; esac; }

# wire_make: compiles the sender and the counter of the VM's suites.
wire_make() {
	local name
	for name in tapgso wirecount; do
		gcc -O2 -Wall -Wextra -o "$scratch/$name" "$tests/vm/helpers/$name.c" || fail "$name.c" "it to compile" "an error"
	done
}

# without_offloads NAMESPACE DEV
without_offloads() {
	local feature
	for feature in gso tso gro sg tx rx tx-udp-segmentation tx-gso-list tx-sctp-segmentation txvlan rxvlan \
		tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse tx-gre-segmentation tx-udp_tnl-segmentation tx-checksum-sctp; do
		ip netns exec "$1" ethtool -K "$2" "$feature" off >/dev/null 2>&1 || :
	done
}

# wire_start DEV...: mirrors the devices of $near, and counts the segments of each.
wire_start() {
	local dev
	counters=()
	for dev; do
		ip -n "$near" link add "m$dev" mtu 65535 type veth peer name "w$dev" mtu 65535 netns "$far"
		without_offloads "$near" "m$dev"
		without_offloads "$far" "w$dev"
		ip -n "$near" link set "m$dev" addrgenmode none up
		ip -n "$far" link set "w$dev" addrgenmode none up
		wait_for eval 'ip -n "$near" link show "m$dev" | grep -q "state UP"'
		# At clsact l2pc run has made it.
		[ "$hook" = clsact ] || ip netns exec "$near" tc qdisc add dev "$dev" clsact
		ip netns exec "$near" tc filter add dev "$dev" ingress protocol all u32 match u32 0 0 \
			action mirred egress mirror dev "m$dev"
		rm -f "$scratch/wire.$dev"
		ip netns exec "$far" "$scratch/wirecount" "w$dev" "$scratch/wire.$dev" &
		counters+=($!)
		wait_for [ -e "$scratch/wire.$dev" ]
	done
}

# wire_stop DEV...: the counts are in $scratch/wire.DEV, a line `MAC - PACKETS BYTES` a station.
wire_stop() {
	local dev was now
	for dev; do
		was=''
		now=$(frames_received "w$dev" "$far")
		until [ "$was" = "$now" ]; do
			was=$now
			sleep 0.3
			now=$(frames_received "w$dev" "$far")
		done
	done
	kill "${counters[@]}"
	wait "${counters[@]}"
}

# frames_received DEV [NAMESPACE]: by the device, which counts a super-packet once.
frames_received() { ip -n "${2-$near}" -s -j link show "$1" | jq '.[0].stats64.rx.packets'; }

# stations DEV: in the form of wirecount.
stations() { l2pc -j show "$1" | jq -r '.[0].stations[] | "\(.mac) - \(.packets) \(.bytes)"' | LC_ALL=C sort; }

# transfer ADDRESS: sends 600 kB from $far to $near over TCP.
transfer() {
	rm -f "$scratch/server"
	ip netns exec "$near" /usr/bin/python3 -c '
import socket, sys
s = socket.create_server((sys.argv[1], 5000))
print("ready", flush=True)
c, _ = s.accept()
while c.recv(1 << 20):
    pass' "$1" >"$scratch/server" &
	wait_for grep -q -s ready "$scratch/server"
	ip netns exec "$far" /usr/bin/python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], 5000))
for i in range(6):
    s.sendall(b"x" * 100000)
s.shutdown(socket.SHUT_WR)
s.recv(1)' "$1"
}

addresses() {
	ip -n "$near" addr add 192.0.2.1/24 dev eth0
	ip -n "$far" addr add 192.0.2.2/24 dev cable
	ip -n "$near" neigh replace 192.0.2.2 lladdr 02:ff:00:00:00:aa dev eth0
	ip -n "$far" neigh replace 192.0.2.1 lladdr 02:ff:00:00:00:01 dev cable
}

# tunnel_counts TYPE OPTION...: a transfer through the tunnel t0, in which and on whose device
# super-packets arrive.
tunnel_counts() {
	local type=$1 ports=eth0 dev frames
	shift
	outer_only "super-packets of tunnels"
	wire_make
	addresses
	ip -n "$near" link add t0 type "$type" "$@" remote 192.0.2.2 2>/dev/null || skip "this kernel has no $type"
	ip -n "$far" link add t0 type "$type" "$@" remote 192.0.2.1
	if ip -n "$near" link show t0 | grep -q link/ether; then
		ports='eth0 t0'
		ip -n "$near" link set t0 address 02:ff:00:00:00:bb
		ip -n "$far" link set t0 address 02:ff:00:00:00:11
	fi
	ip -n "$near" link set t0 addrgenmode none up
	ip -n "$far" link set t0 addrgenmode none up
	ip -n "$near" addr add 198.51.100.1/24 dev t0
	ip -n "$far" addr add 198.51.100.2/24 dev t0
	if [ "$ports" != eth0 ]; then
		ip -n "$near" neigh replace 198.51.100.2 lladdr 02:ff:00:00:00:11 dev t0
		ip -n "$far" neigh replace 198.51.100.1 lladdr 02:ff:00:00:00:bb dev t0
	fi
	engine_start reset-interval 0
	[ "$ports" = eth0 ] || l2pc add t0 reset-interval 0
	# shellcheck disable=SC2086 # a list
	wire_start $ports
	transfer 198.51.100.1
	# shellcheck disable=SC2086 # a list
	wire_stop $ports
	for dev in $ports; do
		expect_equal "$dev" "$(stations "$dev")" "$(cat "$scratch/wire.$dev")"
		frames=$(awk '{ sum += $3 } END { print sum + 0 }' "$scratch/wire.$dev")
		expect_number "$dev: frames, more than were received at once" "$frames" -gt $(($(frames_received "$dev") * 2))
	done
	expect_equal "malformed" "$(l2pc -j show | jq '[.[].totals.malformed_packets] | add')" 0
	engine_stop
}

test_super_packets_in_vxlan() { tunnel_counts vxlan id 7 dstport 4789; }

test_super_packets_in_geneve() { tunnel_counts geneve id 7; }

test_super_packets_in_gre() { tunnel_counts gre local any; }

test_super_packets_in_ipip() { tunnel_counts ipip local any; }

# guest_open tap|tunnel|packet DEV: starts tapgso, in $far when it is a packet socket.
guest_open() {
	local where=$near
	[ "$1" != packet ] || where=$far
	rm -f "$scratch/guest.in" "$scratch/guest.out"
	mkfifo "$scratch/guest.in"
	ip netns exec "$where" "$scratch/tapgso" "$@" <"$scratch/guest.in" >"$scratch/guest.out" &
	guest=$!
	exec 5>"$scratch/guest.in"
	wait_for eval 'grep -q ready "$scratch/guest.out" || [ ! -d "/proc/$guest" ]'
	grep -q ready "$scratch/guest.out" || skip "this kernel does not support $1"
}

# guest_lines DEV LEAST: sends the lines of stdin (superpackets.sh), of which the device must
# accept at least LEAST, and compares the counts.
guest_lines() {
	local dev=$1
	cat >"$scratch/lines"
	wire_start "$dev"
	awk '{ $1 = $2 = ""; print }' "$scratch/lines" >&5
	wait_for eval '[ "$(grep -c " " "$scratch/guest.out")" = "$(wc -l <"$scratch/lines")" ]'
	wire_stop "$dev"
	grep -v ' ok$\|ready' "$scratch/guest.out" || :
	superpackets_expected "$scratch/lines" "$scratch/guest.out" "$scratch/expected" "${EXTRA-}"
	expect_number "frames that the device accepted" "$(wc -l <"$scratch/expected")" -ge "$2"
	expect_equal "the kernel's segments" \
		"$(awk 'FILENAME == ARGV[1] { any[$1]; next } !($1 in any)' "$scratch/expected.any" "$scratch/wire.$dev")" \
		"$(LC_ALL=C sort "$scratch/expected.wire" 2>/dev/null)"
	expect_equal "$dev" "$(stations "$dev")" "$(LC_ALL=C sort "$scratch/expected")"
	expect_equal "malformed" "$(l2pc -j show "$dev" | jq '.[0].totals.malformed_packets')" \
		"$(wc -l <"$scratch/expected.malformed")"
	exec 5>&-
	engine_stop
}

# tap_start KIND: a tap of a guest, which is a port.
tap_start() {
	wire_make
	engine_start reset-interval 0
	guest_open "$1" tap9
	l2pc add tap9 reset-interval 0
}

test_super_packets_of_a_guest() {
	local lines=16 omit='no such line'
	# UFO, whose segments are IP fragments.
	case $without in *arena*) lines=13 omit='type=3' ;; esac
	tap_start tap
	EXTRA=$superpackets_extra guest_lines tap9 $lines < <(superpackets_correct | grep -v "$omit")
}

test_wrong_headers_of_a_guest() {
	outer_only "super-packets with wrong headers"
	tap_start tap
	guest_lines tap9 12 < <(superpackets_wrong 819 80)
}

test_tunnels_of_a_guest() {
	outer_only "super-packets of tunnels"
	tap_start tunnel
	guest_lines tap9 5 < <(superpackets_tunnels)
}

test_super_packets_of_a_packet_socket() {
	wire_make
	engine_start reset-interval 0
	guest_open packet cable
	guest_lines eth0 4 < <(superpackets_of_a_packet_socket)
}

# The programs have the values of the kernel's enum, which has no name.
test_gso_types_are_the_kernels() {
	[ -x /usr/sbin/bpftool ] || skip "needs bpftool"
	/usr/sbin/bpftool btf dump file /sys/kernel/btf/vmlinux >"$scratch/btf"
	sed -nE 's/^#define SUPER_([A-Z0-9_]+)[[:space:]]+(0x[0-9a-f]+)U.*/\1 \2/p' "$top/bpf/super.h" | grep -v NO_OFFSET >"$scratch/types"
	expect_number "types" "$(wc -l <"$scratch/types")" -ge 10
	while read -r name value; do
		expect_equal "$name" "$(sed -nE "s/.*'SKB_GSO_$name' val=([0-9]+).*/\\1/p" "$scratch/btf")" $((value))
	done <"$scratch/types"
}

# Needs a BPF compiler, which building the tool does not.
test_wire_counts_are_the_engines() {
	local made=()
	command -v clang-19 >/dev/null || skip "needs clang-19"
	eval "made=($("$lab/libbpf.sh" --flags))"
	make -s -C "$here/wire" check B="$here/build/wire" "${made[@]}" >"$scratch/wire.log" 2>&1 ||
		fail "the program's counts" "those of the engine" "$(grep -v '^PASS' "$scratch/wire.log")"
	expect_number "tests" "$(grep -c ^PASS "$scratch/wire.log")" -ge 24
}
