#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034,SC2054,SC2154 # variables of nic.sh; batches have commas
# Run by tests/lab/drivers.sh. Tests that frames received by a real driver are counted as
# they were on the wire, and that the tested conditions occurred: hardware stripped tags,
# GRO merged frames, several queues and CPUs were used.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lab/guest/nic.sh

# The frames of each test. Hardware that strips one tag gets frames with two tags as well.
mixed=(
	tcp4,from=02:00:00:00:00:01,flows=8,count=160,size=1000,run=20,last=333
	tcp4,from=02:00:00:00:00:01,tag=5,flows=8,count=160,size=1000,run=20,last=1,options=12
	tcp6,from=02:00:00:00:00:02,tag=6,flows=8,count=160,size=1100,run=15
	tcp4,from=02:00:00:00:00:03,count=20,size=1,run=5
	udp4,from=02:00:00:00:00:03,tag=0,flows=8,count=80,size=100
	eth,from=02:00:00:00:00:04,tag=7.5,count=40,size=200
	eth,from=02:00:00:00:01:00,stations=16,count=80
)
supers=(
	tcp4,from=02:00:00:00:00:01,flows=8,count=800,size=1000,run=40,last=1,super=1
	tcp6,from=02:00:00:00:00:02,flows=8,count=400,size=1200,run=20,super=1,options=12
	tcp4,from=02:00:00:00:00:01,tag=5,flows=8,count=400,size=500,run=40,super=1,options=4
	tcp4,from=02:00:00:00:00:03,flows=8,count=100,size=1000,run=20
)

teardown() {
	rm -f /tmp/changing
	unload_if_loaded
	ip link del vlan5
} 2>/dev/null

# expect_merged on|off: fail unless GRO merged frames, or merged none.
expect_merged() {
	if [ "$1" = on ]; then
		expect_number "$about: tagged frames that GRO merged" "$merged_tagged" -gt 0
		expect_number "$about: untagged frames that GRO merged" "$merged_untagged" -gt 0
		expect_number "$about: packets that the stack saw" "$received" -lt "$handed"
	else
		expect_equal "$about: packets that the stack saw" "$received" "$handed"
	fi
}

# expect_tags on|off: fail unless hardware stripped all tags, or none.
expect_tags() {
	local want=0
	[ "$1" = off ] || want=$sent_tagged
	expect_equal "$about: tags that hardware stripped" "$tagged" "$want"
}

# Test GRO, the hooks, and the distribution of frames over CPUs.
every_way() {
	local line way gro hook strip=on
	[ "$nic" != virtio_net ] || strip=off
	port_load
	for line in "plain on tap" "plain off rx-handler" "rps on rx-handler" "threaded off tap" \
		"threaded_rps off tap" "threaded_rps on rx-handler"; do
		read -r way gro hook <<<"$line"
		# Linux 5.10 has no threaded NAPI.
		[[ $way != threaded* || -e /sys/class/net/$dev/threaded ]] || continue
		nic_steer "$way"
		counted_with "$gro" "$hook" "${mixed[@]}"
		expect_tags $strip
		expect_merged "$gro"
		expect_steered "$way"
	done
	host lifetime
}

# counted_with GRO HOOK BATCH...: send the batches with these settings, and compare.
counted_with() {
	local gro=$1 hook=$2
	shift 2
	about="$way: gro $gro, hook $hook"
	nic_tune gro "$gro"
	l2pc set "$dev" hook "$hook"
	wire_equals "$@"
}

# The driver passes tags in the skb's metadata, or in the frame.
stripping() {
	local strip
	port_load
	for strip in off on; do
		about="rxvlan $strip"
		nic_tune rxvlan $strip
		wire_equals "${mixed[@]}"
		expect_tags $strip
		expect_merged on
	done
	host lifetime
}

# VLANs are added up. The stack strips the tags, not the hardware.
vlans_together() {
	port_load vlan=0
	about="vlan 0"
	wire_equals "${mixed[@]}"
	expect_tags off
}

jumbo() {
	local gro
	ip link set "$dev" mtu 9000
	nic_wait
	port_load
	for gro in on off; do
		about="gro $gro"
		nic_tune gro $gro
		wire_equals tcp4,from=02:00:00:00:00:01,flows=8,count=80,size=4000,run=5,last=333 \
			tcp6,from=02:00:00:00:00:02,tag=5,flows=8,count=40,size=8900,run=5,last=8000 \
			tcp4,from=02:00:00:00:00:01,tag=6,flows=8,count=80,size=2000,run=5,options=12 \
			eth,from=02:00:00:00:00:03,count=40,size=8900
		expect_merged $gro
	done
	host lifetime
}

# Hardware passes frames of a VLAN device, which are counted before that device takes them.
vlan_device() {
	ip link add link "$dev" name vlan5 type vlan id 5
	ip link set vlan5 up
	ip link set "$dev" promisc off
	to=$(cat /sys/class/net/"$dev"/address)
	about="a VLAN device"
	port_load
	nic_tune gro off
	wire_counted tcp4,from=02:00:00:00:00:01,flows=8,count=100,size=1000,run=20 \
		tcp4,from=02:00:00:00:00:01,tag=5,flows=8,count=100,size=1000,run=20
	expect_equal "packets of the VLAN device" "$(cat /sys/class/net/vlan5/statistics/rx_packets)" 100
}

# The sender makes super-packets, which reach the guest unchanged: the size of their segments
# is known, but not the number.
super_packets() {
	local way=plain
	port_load
	counted_with on rx-handler "${supers[@]}"
	expect_equal "$about: super-packets from outside" "$dodgy" "$sent_super"
	counted_with off tap "${supers[@]}"
	expect_equal "$about: super-packets from outside" "$dodgy" "$sent_super"
	host lifetime
}

# UDP is merged as well, and rx-gro-list chains frames instead of merging them.
other_gro() {
	local feature
	port_load
	for feature in rx-udp-gro-forwarding rx-gro-list; do
		about=$feature
		nic_tune $feature on
		wire_equals tcp4,from=02:00:00:00:00:01,flows=8,count=200,size=1000,run=20,last=333,options=12 \
			udp4,from=02:00:00:00:00:02,flows=8,count=200,size=1000,run=20,last=10 \
			udp4,from=02:00:00:00:00:02,tag=5,flows=8,count=200,size=500,run=20
		# The payload of 500 follows a tag of 4 and headers of 28.
		expect_match "$about: merged sizes" " $merged " ' 532 1028 '
		nic_tune $feature off
	done
	host lifetime
}

# Hardware leaves the FCS in the frame. No hook counts its bytes, nor does a VLAN device on top.
fcs() {
	local keep hook fcs_longest
	port_load
	nic_tune gro off
	for hook in tap rx-handler; do
		l2pc set "$dev" hook $hook
		for keep in on off; do
			about="rx-fcs $keep, hook $hook"
			nic_tune rx-fcs $keep
			wire_equals "${mixed[@]}"
			expect_fcs $keep
		done
	done
	# The RX handler gets no frame that a VLAN device takes.
	l2pc set "$dev" hook tap
	ip link add link "$dev" name vlan5 type vlan id 5
	ip link set vlan5 up
	l2pc add vlan5
	for hook in tap rx-handler; do
		l2pc set vlan5 hook $hook
		for keep in on off; do
			about="rx-fcs $keep, hook $hook of the VLAN device"
			nic_tune rx-fcs $keep
			l2pc reset vlan5 >/dev/null
			wire_equals "${mixed[@]}"
			# Without the tag, each frame is 4 bytes shorter.
			expect_equal "$about" "$(stations window vlan5)" \
				"$(stations window "$dev" | awk '$2 == 5 { print $1, "-", $3, $4 - 4 * $3 }')"
			[ -n "$(stations window vlan5)" ] || fail "$about: the VLAN device" frames none
		done
	done
	host lifetime
}

# expect_fcs on|off: fail unless the stack's frames are 4 bytes longer, or as sent.
expect_fcs() {
	local longest
	longest=$(awk '/netif_receive_skb:/ && match($0, /len=[0-9]+/) { n = substr($0, RSTART + 4, RLENGTH - 4) + 0; if (n > max) max = n } END { print max }' $tracing/trace)
	if [ "$1" = on ]; then fcs_longest=$longest; else expect_equal "$about: the longest packet" "$((longest + 4))" "$fcs_longest"; fi
}

all_ways="every_way jumbo vlan_device"
declare -A tests=([virtio_net]="$all_ways vlans_together super_packets other_gro" [e1000e]="$all_ways stripping"
	[igb]="$all_ways stripping" [e1000]=fcs)
for nic in $L2PC_NICS; do
	for name in ${tests[$nic]}; do
		eval "test_${nic}_$name() { nic_is $nic; $name; }"
	done
done
nic_begin
