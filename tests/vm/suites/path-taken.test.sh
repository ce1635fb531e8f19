#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 100 s
# lab: --cpus 2 --mem 2048 --timeout 1200
# lab: --bring "nf_conntrack nf_flow_table nf_flow_table_inet nf_flow_table_ipv4 nft_flow_offload nft_ct"
# lab: --bring "act_ct act_pedit act_skbmod"
# Every frame that arrives is counted as it arrived, whatever traffic control, netfilter
# or an XDP program does with the frame afterwards.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/path.sh

setup() {
	keep_rule='ct state invalid counter;'
	path_setup
}

teardown() {
	path_teardown
	nft delete table netdev t
	nft delete table inet f
	ip netns del far
	ip netns del wan
	links_del br9 eth0.5 eth0 eth1 ifb0
	rm -f /sys/fs/bpf/*
} 2>/dev/null

# --- netfilter --------------------------------------------------------------------

# chain PRIORITY RULE: creates a chain in table netdev t, for frames that arrive at eth0.
chain() {
	nft -f - <<-RULES
		table netdev t {
			chain c {
				type filter hook ingress device eth0 priority $1; policy accept;
				ether saddr 02:00:00:00:00:01 counter $2
			}
		}
	RULES
}
chain_off() { nft delete table netdev t; }
# chain_took: asserts that the chain got the frames. If it did not, the test proves nothing.
chain_took() {
	local rules
	rules=$(nft list table netdev t)
	expect_match "the chain's counter" "$rules" 'packets 105 '
}

netdev_chain() {
	local rule=$1 priority=${2-0}
	on() { chain "$priority" "$rule"; }
	off() { chain_off; }
	took() { chain_took; }
	around
}
test_nft_drop() { netdev_chain drop; }
test_nft_drop_before_all() { netdev_chain drop -2147483648; }
test_nft_saddr() { netdev_chain 'ether saddr set 02:00:00:00:00:77'; }
test_nft_fwd() {
	veth_pair eth1 cable1
	netdev_chain 'fwd to "eth1"'
	expect_number "frames forwarded" "$(received cable1)" -ge 105
}

# A router. Packets of established connections are handled by the flowtable only.
test_flowtable() {
	host_pair
	ip netns add wan
	ip link add eth1 type veth peer name cable1 netns wan
	ip link set eth1 up addrgenmode none
	ip -n wan link set cable1 up addrgenmode none
	ip addr add 198.51.100.1/24 dev eth1
	ip -n wan addr add 198.51.100.2/24 dev cable1
	ip -n wan route add default via 198.51.100.1
	ip -n far route add default via 192.0.2.1
	sysctl -q -w net.ipv4.ip_forward=1
	in_far ethtool -K cable tso off gso off
	ip netns exec wan ethtool -K cable1 tso off gso off
	on() {
		nft -f - <<-RULES
			table inet f {
				flowtable ft { hook ingress priority 0; devices = { eth0, eth1 }; }
				chain c { type filter hook forward priority 0; ip protocol tcp flow add @ft; }
			}
		RULES
		before=$(forwarded)
	}
	off() { nft delete table inet f; }
	forwarded() { awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $7 }' /proc/net/snmp; }
	took() { expect_number "twice the packets that were not offloaded" $((2 * ($(forwarded) - before))) -lt "$(frames_of eth0)"; }
	# TCP decides how many frames a transfer takes.
	traffic() {
		ip netns exec wan socat -u TCP-LISTEN:5001,reuseaddr OPEN:/dev/null &
		until ip netns exec wan ss -ltn | grep -q :5001; do sleep 0.1; done
		head -c 300000 /dev/zero | in_far socat -u - TCP:198.51.100.2:5001
		wait $!
	}
	sent=()
	around
	sysctl -q -w net.ipv4.ip_forward=0
}

# --- traffic control --------------------------------------------------------------

tc_on() {
	tc qdisc add dev eth0 clsact
	tc filter add dev eth0 ingress "$@"
}
tc_off() { tc qdisc del dev eth0 clsact; }
# tc_took: asserts that tc got frames, at least the tagged ones.
tc_took() {
	local given
	given=$(tc -s filter show dev eth0 ingress | awk '$1 == "Sent" { print $4; exit }')
	expect_number "frames that tc got" "$given" -ge 50
}

tc_ingress() {
	filter=("$@")
	on() { tc_on "${filter[@]}"; }
	off() { tc_off; }
	took() { tc_took; }
	around
}
test_tc_drop() { tc_ingress matchall action drop; }
test_tc_redirect() {
	veth_pair eth1 cable1
	tc_ingress matchall action mirred egress redirect dev eth1
	expect_number "frames redirected" "$(received cable1)" -ge 155
}
test_tc_redirect_ingress() {
	veth_pair eth1 cable1
	tc_ingress matchall action mirred ingress redirect dev eth1
}
test_tc_mirror() {
	veth_pair eth1 cable1
	tc_ingress matchall action mirred egress mirror dev eth1
}
test_tc_bpf() { tc_ingress bpf bytecode '1,6 0 0 4294967295' action drop; }
test_tc_vlan_push() { tc_ingress matchall action vlan push id 9; }
test_tc_vlan_pop() { tc_ingress protocol 802.1q matchall action vlan pop; }
test_tc_vlan_modify() { tc_ingress protocol 802.1q matchall action vlan modify id 9; }
test_tc_skbmod() { tc_ingress matchall action skbmod set smac 02:00:00:00:00:77; }
test_tc_pedit() { tc_ingress matchall action pedit ex munge eth src set 02:00:00:00:00:77; }

# Each request is three fragments, which conntrack reassembles before other receivers get
# them.
test_tc_act_ct() {
	host_pair
	on() { tc_on protocol ip flower action ct zone 1 pipe action ok; }
	off() { tc_off; }
	# conntrack holds the first two of each three fragments.
	took() { expect_equal "packets that conntrack passed on" "$(tc -s filter show dev eth0 ingress | awk '$1 == "Sent" { n = $4 } END { print n }')" 10; }
	traffic() { in_far ping -q -n -c 10 -i 0.02 -W 5 -s 4000 192.0.2.1 >&2; }
	# 4008 bytes in fragments of at most 1480, each with Ethernet and IP headers.
	sent[eth0]="02:00:00:00:00:01 - 30 $((10 * (4008 + 3 * 34)))"
	around
}

# --- ifb ------------------------------------------------------------------------------

# ifb: redirects all frames to an ifb, as for shaping. When the frames return to the stack,
# they must not be counted again.
ifb() {
	on() {
		ip link add ifb0 type ifb
		ip link set ifb0 up
		tc_on matchall action mirred egress redirect dev ifb0
		above_on
	}
	off() {
		above_off
		tc_off
		ip link del ifb0
	}
	took() { expect_number "frames of ifb0" "$(received ifb0)" -ge 155; }
	around
}
test_ifb() {
	above_on() { :; }
	above_off() { :; }
	ifb
}
test_ifb_and_bridge() {
	above_on() {
		ip link add br9 type bridge stp_state 0 forward_delay 0
		ip link set br9 up
		ip link set eth0 master br9
	}
	above_off() { ip link del br9; }
	ifb
}
test_ifb_and_vlan_device() {
	above_on() {
		ip link add link eth0 name eth0.5 type vlan id 5
		ip link set eth0.5 up
	}
	above_off() { ip link del eth0.5; }
	ifb
}

# --- BPF ------------------------------------------------------------------------------

pins=/sys/fs/bpf
mountpoint -q $pins || mount -t bpf bpf $pins

cls_bpf() {
	program=$1
	on() { bpfpin "$program" $pins/p && tc_on bpf direct-action object-pinned $pins/p; }
	off() { tc_off && rm $pins/p; }
	took() { :; }
	around
}
test_cls_bpf_drop() { cls_bpf tc-drop; }
test_cls_bpf_rewrite() { cls_bpf tc-saddr; }

tcx() {
	program=$1
	bpfpin tc-pass $pins/l eth0 2>/dev/null || skip "no tcx in this kernel"
	rm $pins/l
	on() { bpfpin "$program" $pins/l eth0; }
	off() { rm $pins/l; }
	around
}
test_tcx_drop() { tcx tc-drop; }
test_tcx_rewrite() { tcx tc-saddr; }
test_tcx_redirect() {
	veth_pair eth1 cable1
	tcx tc-redirect=eth1
	expect_number "frames redirected" "$(received cable1)" -ge 155
}

# XDP programs run before the port's hook: the frames that they pass are counted.
xdp() {
	mode=$1
	on() { bpfpin xdp-pass $pins/p && ip link set eth0 "$mode" pinned $pins/p; }
	off() { ip link set eth0 "$mode" off && rm $pins/p; }
	took() { expect_match "eth0" "$(ip link show eth0)" prog/xdp; }
	around
}
test_xdp_pass() { xdp xdpdrv; }
test_xdp_pass_generic() { xdp xdpgeneric; }
