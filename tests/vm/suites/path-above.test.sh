#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 120 s
# lab: --cpus 2 --mem 2048 --timeout 1500
# lab: --bring "macsec gcm ghash_generic ctr aes_generic batman_adv hsr ipvtap macvtap"
# Every frame that arrives at a port is counted, whatever device is on top of the port. Such
# devices are added and removed as if there were no port.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/path.sh

setup() { path_setup; }

teardown() {
	path_teardown
	ip netns del far
	links_del hsr0 bat0 mv0 mt0 iv0 ms0 br9 bond9 team9 vrf0 eth0.5.7 eth0.5 eth0 eth1
} 2>/dev/null

# on_top NAME TYPE [OPTION...]: creates a device on top of eth0.
on_top() {
	ip link add link eth0 name "$1" type "${@:2}"
	ip link set "$1" up
}

# expect_received DEV: asserts that DEV received frames, at least the 50 of station 2.
expect_received() { expect_number "frames of $1" "$(received "$1")" -ge 50; }

# --- devices that take the RX handler -----------------------------------------------

test_macvlan() {
	to=02fffffffe01
	on() { on_top mv0 macvlan mode bridge && ip link set mv0 address 02:ff:ff:ff:fe:01; }
	off() { ip link del mv0; }
	took() { expect_received mv0; }
	around
}

test_macvlan_source() {
	on() { on_top mv0 macvlan mode source && ip link set mv0 type macvlan macaddr add 02:00:00:00:00:01; }
	off() { ip link del mv0; }
	took() { expect_received mv0; }
	around
}

test_macvlan_passthru() {
	on() { on_top mv0 macvlan mode passthru; }
	off() { ip link del mv0; }
	took() { expect_received mv0; }
	around
}

test_macvtap() {
	to=02fffffffe01
	on() { on_top mt0 macvtap && ip link set mt0 address 02:ff:ff:ff:fe:01; }
	off() { ip link del mt0; }
	around
}

# ipvlan MODE: the ipvlan device takes the packets to its IP address.
ipvlan() {
	local mode=$1
	host_pair
	ip addr flush dev eth0
	on() {
		on_top iv0 ipvlan mode "$mode"
		ip addr add 192.0.2.1/24 dev iv0
		ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:01 dev iv0 nud permanent
	}
	off() { ip link del iv0; }
	took() { expect_number "packets of iv0" "$(received iv0)" -ge 5; }
	traffic() { in_far ping -q -n -c 10 -i 0.02 -W 0.2 192.0.2.1 >/tmp/ping || :; }
	# In mode l3 the far end also sends a few ARP replies, so the counts vary.
	sent=()
	around
}
test_ipvlan_l2() { ipvlan l2; }
test_ipvlan_l3() { ipvlan l3; }
test_ipvlan_l3s() { ipvlan l3s; }

test_macsec() {
	local key=00112233445566778899aabbccddeeff
	host_pair
	ip -n far link add link cable ms0 type macsec encrypt on
	ip -n far macsec add ms0 tx sa 0 pn 1 on key 01 $key
	ip -n far macsec add ms0 rx port 1 address 02:00:00:00:00:aa
	ip -n far macsec add ms0 rx port 1 address 02:00:00:00:00:aa sa 0 pn 1 on key 02 $key
	ip -n far link set ms0 up
	ip -n far addr add 198.51.100.2/24 dev ms0
	ip -n far neigh replace 198.51.100.1 lladdr 02:00:00:00:00:aa dev ms0 nud permanent
	on() {
		ip link add link eth0 ms0 type macsec encrypt on
		ip macsec add ms0 tx sa 0 pn $((pn += 1000)) on key 02 $key
		ip macsec add ms0 rx port 1 address 02:00:00:00:00:01
		ip macsec add ms0 rx port 1 address 02:00:00:00:00:01 sa 0 pn 1 on key 01 $key
		ip link set ms0 up
		ip addr add 198.51.100.1/24 dev ms0
		ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:01 dev ms0 nud permanent
	}
	pn=0
	off() { ip link del ms0; }
	took() { expect_equal "packets of macsec" "$(received ms0)" 10; }
	traffic() { in_far ping -q -n -c 10 -i 0.02 -W 0.2 198.51.100.1 >/tmp/ping || :; }
	# 98 bytes, a SecTAG with SCI of 16, a check value of 16.
	sent[eth0]="02:00:00:00:00:01 - 10 $((10 * (98 + 16 + 16)))"
	around
}

# --- bridge, bond, team ---------------------------------------------------------------

bridge_port() {
	bridge_options=("$@")
	on() {
		ip link add br9 type bridge "${bridge_options[@]}"
		ip link set br9 up
		ip link set eth0 master br9
		wait_for "the bridge's port" forwarding
	}
	off() { ip link del br9; }
	# The bridge has the address of its port.
	to=$(here eth0)
	took() { expect_number "frames of br9" "$(received br9)" -ge 50; }
	around
}
forwarding() { bridge -d link show dev eth0 | grep 'state forwarding' >/dev/null; }
test_bridge() { bridge_port stp_state 0 forward_delay 0; }
# The bridge's port is not in VLAN 5: the bridge drops frames of that VLAN.
test_bridge_vlan_filtering() { bridge_port stp_state 0 vlan_filtering 1; }
# The bridge's port is isolated and, where the kernel can, locked: the bridge drops frames
# of stations that it does not know.
test_bridge_isolated_locked() {
	on() {
		ip link add br9 type bridge
		ip link set br9 up
		ip link set eth0 master br9
		ip link set eth0 type bridge_slave isolated on
		ip link set eth0 type bridge_slave locked on 2>/dev/null || :
	}
	off() { ip link set eth0 nomaster && ip link del br9; }
	around
}

# enslave MASTER PORT...: adds ports to a master. bond and team accept only devices that are
# down.
enslave() {
	local port
	for port in "${@:2}"; do
		ip link set "$port" down
		ip link set "$port" master "$1"
		ip link set "$port" up
	done
	ip link set "$1" up
	for port in "${@:2}"; do wait_for "$port" carries "$port"; done
}
carries() { [ "$(cat "/sys/class/net/$1/operstate")" = up ]; }
# free MASTER PORT...: deletes a master and brings its ports up.
free() {
	ip link del "$1"
	shift
	for port; do ip link set "$port" up && wait_for "$port" carries "$port"; done
}

# two_cables: sends the traffic to the active and to the inactive slave.
two_cables() {
	veth_pair eth1 cable1
	ports=eth0,eth1
	sent[eth1]=$mixed_rows
	traffic() { mixed && mixed_at cable1; }
}

bond() {
	bond_options=("$@")
	two_cables
	on() { ip link add bond9 type bond "${bond_options[@]}" && enslave bond9 eth0 eth1; }
	off() { free bond9 eth0 eth1; }
	took() { expect_received bond9; }
	around
}
test_bond_active_backup() { bond mode active-backup; }
test_bond_802_3ad() { bond mode 802.3ad; }
test_bond_balance_rr() { bond mode balance-rr; }

test_team() {
	two_cables
	on() { ip link add team9 type team && enslave team9 eth0 eth1; }
	off() { free team9 eth0 eth1; }
	around
}

# The bond and its slaves are all ports: each counts the frames that arrive at it.
test_bond_and_slaves_are_ports() {
	veth_pair eth1 cable1
	ip link add bond9 type bond mode balance-rr
	enslave bond9 eth0 eth1
	ports=eth0,eth1,bond9
	path_load
	about=ports
	capture eth0 eth1 bond9
	mixed
	mixed_at cable1
	mixed_at cable1
	expect_captured
	expect_equal "on eth0" "$(stations window eth0)" "$mixed_rows"
	expect_equal "on eth1" "$(stations window eth1)" "$(times 2 "$mixed_rows")"
	expect_equal "on bond9" "$(stations window bond9)" "$(times 3 "$mixed_rows")"
}

# --- VLAN devices -----------------------------------------------------------------------

vlan_device() {
	vlan_options=("$@")
	on() { on_top eth0.5 vlan "${vlan_options[@]}"; }
	off() { ip link del eth0.5; }
	took() { expect_equal "frames of the VLAN device" "$(received eth0.5)" 50; }
	around
}
test_vlan_device() { vlan_device id 5; }
test_vlan_device_without_reorder() { vlan_device id 5 reorder_hdr off; }

# vlan_ports OPTION...: a VLAN device and the VLAN device on top of it are ports, too.
vlan_ports() {
	on_top eth0.5 vlan protocol 802.1ad id 5 "$@"
	ip link add link eth0.5 name eth0.5.7 type vlan id 7 "$@"
	ip link set eth0.5.7 up
	ports=eth0,eth0.5,eth0.5.7
	path_load
	capture eth0 eth0.5 eth0.5.7
	about="QinQ $*"
	replay cable - >/dev/null <<-FRAMES
		$to $from1 88b5 x10
		$to $from1 88a8 0005 88b5 x20
		$to $from2 88a8 0005 8100 0007 88b5 x30
		$to $from2 88a8 0005 8100 0008 88b5 x40
	FRAMES
	expect_captured
	expect_equal "on eth0" "$(stations window eth0)" "02:00:00:00:00:01 - 10 600
02:00:00:00:00:01 5 20 1200
02:00:00:00:00:02 5 70 4200"
	expect_equal "frames on eth0.5" "$(frames_of eth0.5)" 90
	expect_equal "frames on eth0.5.7" "$(frames_of eth0.5.7)" 30
}
test_qinq_devices_are_ports() { vlan_ports; }
test_qinq_devices_without_reorder_are_ports() { vlan_ports reorder_hdr off; }

# --- devices that take frames by EtherType, or by routing ---------------------------------

test_vrf() {
	host_pair
	on() {
		ip link add vrf0 type vrf table 10
		ip link set vrf0 up
		ip link set eth0 master vrf0
	}
	off() { ip link del vrf0; }
	took() { expect_received_pings vrf0; }
	traffic() { echo_requests 10; }
	# A change of the master flushes the neighbours, so there are ARP replies, too.
	sent=()
	around
}
expect_received_pings() { expect_number "packets of $1" "$(received "$1")" -ge 10; }

# Two cables to the same peer: each frame arrives twice.
test_hsr() {
	modprobe -q hsr || skip "no hsr in this kernel"
	far_make
	veth_pair eth1 cable1
	ip link set cable1 netns far
	ip -n far link set cable up
	ip -n far link set cable1 up
	ip -n far link add hsr0 type hsr slave1 cable slave2 cable1 supervision 45 version 1
	ip -n far addr add 192.0.2.2/24 dev hsr0
	ip -n far link set hsr0 up
	on() {
		ip link add hsr0 type hsr slave1 eth0 slave2 eth1 supervision 45 version 1
		ip addr add 192.0.2.1/24 dev hsr0
		ip link set hsr0 up
		in_far ping -q -n -c 1 -w 20 192.0.2.1 >&2
	}
	off() { ip link del hsr0; }
	took() { expect_received_pings hsr0; }
	traffic() { in_far ping -q -n -c 10 -i 0.02 -W 0.2 192.0.2.1 >/tmp/ping || :; }
	ports=eth0,eth1
	sent=()
	around
}

test_batman() {
	modprobe -q batman-adv || skip "no batman-adv in this kernel"
	far_make
	ip -n far link set cable up
	# Both ends are created each time: an old end rejects a neighbour that has restarted, as
	# a suspected attack, for half a minute.
	on() {
		ip -n far link add bat0 type batadv
		ip -n far link set cable master bat0
		ip -n far addr add 192.0.2.2/24 dev bat0
		ip -n far link set bat0 up
		ip link add bat0 type batadv
		ip link set eth0 master bat0
		ip addr add 192.0.2.1/24 dev bat0
		ip link set bat0 up
		in_far ping -q -n -c 1 -w 60 192.0.2.1 >&2
	}
	off() {
		ip link del bat0
		ip -n far link del bat0
	}
	took() { expect_received_pings bat0; }
	traffic() { in_far ping -q -n -c 10 -i 0.02 -W 0.2 192.0.2.1 >/tmp/ping || :; }
	sent=()
	around
}

# Open vSwitch without its daemon: there are no flows, so every frame causes an upcall.
test_openvswitch() {
	on() { ovsport add dp9 eth0; }
	off() { ovsport del dp9; }
	modprobe -q openvswitch || skip "no openvswitch in this kernel"
	took() { expect_equal "lookups in the datapath" "$(ovsport missed dp9)" 155; }
	around
}
