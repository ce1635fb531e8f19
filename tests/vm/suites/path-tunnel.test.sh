#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 90 s
# lab: --cpus 2 --mem 2048 --timeout 1200
# lab: --bring "geneve ip_gre gre l2tp_eth l2tp_netlink l2tp_core ip6_udp_tunnel"
# lab: --bring "esp4 esp4_offload esp6 xfrm_user xfrm_algo xfrm_interface rfc4106 gcm ghash_generic ctr aes_generic seqiv drbg hmac sha512_generic"
# Tunnels: tunnel devices and the devices below them are ports like any other. A packet
# that IPsec decrypts is counted once.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/path.sh

setup() {
	path_setup
	host_pair
	rm -f /tmp/ipsec
}

teardown() {
	path_teardown
	ip xfrm policy flush
	ip xfrm state flush
	ip addr del 198.51.100.1/32 dev lo
	ip netns del far
	links_del t0 xfrm0 eth0
	ip l2tp del tunnel tunnel_id 1
	modprobe -r esp4_offload
} 2>/dev/null

# --- devices --------------------------------------------------------------------------

# tunnel HEADERS KIND [OPTION...]: creates the tunnel device t0 at both ends and calls
# tunnelled. The far end gets the same options with the addresses exchanged.
tunnel() {
	local headers=$1
	shift
	ip link add t0 type "$@"
	ip link set t0 up addrgenmode none
	set -- "${@//192.0.2.1/here}"
	set -- "${@//192.0.2.2/192.0.2.1}"
	set -- "${@//here/192.0.2.2}"
	set -- "${@//eth0/cable}"
	ip -n far link add t0 type "$@"
	ip -n far link set t0 up addrgenmode none
	tunnelled "$headers"
}

# tunnelled HEADERS: sends frames through the tunnel. Asserts the counts of t0 and those of
# eth0, where each frame has HEADERS more bytes.
tunnelled() {
	traffic() { mixed_at t0 in_far; }
	ports=t0,eth0
	about="over eth0"
	path_load
	capture eth0 t0
	traffic
	expect_captured
	expect_equal "frames of the tunnel" "$(stations window t0)" "$mixed_rows"
	# eth0 also counts the frames that are broadcast within the tunnel.
	expect_equal "frames around them" "$(stations window eth0)" "02:00:00:00:00:01 - 155 $((155 * (60 + $1)))"
	unload_under_traffic
}

test_vxlan() { tunnel 50 vxlan id 7 local 192.0.2.1 remote 192.0.2.2 dstport 4789 dev eth0; }
test_geneve() { tunnel 50 geneve id 7 remote 192.0.2.2; }
test_gretap() { tunnel 38 gretap local 192.0.2.1 remote 192.0.2.2; }

test_l2tp() {
	modprobe -q l2tp_eth || skip "no l2tp_eth in this kernel"
	ip l2tp add tunnel tunnel_id 1 peer_tunnel_id 1 encap udp local 192.0.2.1 remote 192.0.2.2 udp_sport 1701 udp_dport 1701
	ip l2tp add session name t0 tunnel_id 1 session_id 1 peer_session_id 1
	in_far ip l2tp add tunnel tunnel_id 1 peer_tunnel_id 1 encap udp local 192.0.2.2 remote 192.0.2.1 udp_sport 1701 udp_dport 1701
	in_far ip l2tp add session name t0 tunnel_id 1 session_id 1 peer_session_id 1
	ip link set t0 up addrgenmode none
	ip -n far link set t0 up addrgenmode none
	# Ethernet, IP, UDP, L2TPv3 over UDP, the default sublayer.
	tunnelled $((14 + 20 + 8 + 8 + 4))
}

# A pair of netkit devices, similar to veth, with both ends in this namespace.
test_netkit() {
	netkit t0 t1 || skip "no netkit in this kernel"
	ip link set t0 up addrgenmode none
	ip link set t1 up addrgenmode none
	ports=t0
	about=netkit
	traffic() { mixed_at t1; }
	path_load
	capture t0
	traffic
	expect_captured
	expect_equal "frames of netkit" "$(stations window t0)" "$mixed_rows"
	unload_under_traffic
}

# --- IPsec ----------------------------------------------------------------------------

# xfrm_end HOST OTHER INSIDE OTHER-INSIDE MODE COMMAND...: configures one end. COMMAND is ip,
# for that end's namespace.
xfrm_end() {
	local own=$1 other=$2 inside=$3 beyond=$4 mode=$5 key
	shift 5
	key=$(printf '%040x' 7)
	"$@" xfrm state add src "$own" dst "$other" proto esp spi "0x10${own##*.}" mode "$mode" aead 'rfc4106(gcm(aes))' "0x$key" 128 \
		"${encap[@]}" "${if_id[@]}"
	"$@" xfrm state add src "$other" dst "$own" proto esp spi "0x10${other##*.}" mode "$mode" aead 'rfc4106(gcm(aes))' "0x$key" 128 \
		"${encap[@]}" "${if_id[@]}"
	"$@" xfrm policy add src "$inside" dst "$beyond" dir out tmpl src "$own" dst "$other" proto esp mode "$mode" "${if_id[@]}"
	"$@" xfrm policy add src "$beyond" dst "$inside" dir in tmpl src "$other" dst "$own" proto esp mode "$mode" "${if_id[@]}"
}
encap=() if_id=() route=(via 192.0.2.2 dev eth0)

# ipsec MODE BYTES TIMES: asserts that ten echo requests count as ten frames of BYTES, and
# that a capture has TIMES as many frames.
ipsec() {
	local mode=$1 bytes=$2 seen=$3 inside=192.0.2.1 beyond=192.0.2.2 here_id=("${if_id[@]}")
	if [ "$mode" = tunnel ]; then
		inside=198.51.100.1 beyond=198.51.100.2
		ip addr add $inside/32 dev lo
		in_far ip addr add $beyond/32 dev lo
		in_far ip link set lo up
		ip route add $beyond/32 "${route[@]}" src $inside
		in_far ip route add $inside/32 via 192.0.2.1 dev cable src $beyond
	fi
	target=$inside
	on() {
		if_id=("${here_id[@]}")
		xfrm_end 192.0.2.1 192.0.2.2 $inside $beyond "$mode" ip
	}
	off() { ip xfrm policy flush && ip xfrm state flush; }
	if_id=()
	xfrm_end 192.0.2.2 192.0.2.1 $beyond $inside "$mode" ip -n far
	traffic() { in_far ping -q -n -c 10 -i 0.02 -W 1 "$target" >&2; }
	sent[eth0]="02:00:00:00:00:01 - 10 $((10 * bytes))"

	about="added while counting"
	path_load
	on
	traffic
	quiet
	expect_sent 1
	about="added before the port"
	l2pc del eth0
	l2pc add eth0
	capture eth0
	traffic
	quiet
	expect_sent 1
	captured eth0
	expect_equal "frames that a capture sees" "$(awk '{ n += $3 } END { print n }' <<<"$answer")" $((10 * seen))
	unload_under_traffic
	off
}

# esp BYTES: prints the size of a packet's frame: outer Ethernet and IP, SPI and sequence
# number, IV; the packet and two more bytes, padded to 4; check value.
esp() { echo $((14 + 20 + 8 + 8 + ($1 + 2 + 3) / 4 * 4 + 16)); }

test_ipsec_tunnel() { ipsec tunnel "$(esp 84)" 2; }
test_ipsec_transport() { ipsec transport "$(esp 64)" 1; }
# Decrypted packets arrive at a separate interface.
test_ipsec_interface() {
	ip link add xfrm0 type xfrm dev eth0 if_id 7
	ip link set xfrm0 up
	if_id=(if_id 7) route=(dev xfrm0)
	ipsec tunnel "$(esp 84)" 1
}
test_ipsec_nat_traversal() {
	encap=(encap espinudp 4500 4500 0.0.0.0)
	# A socket at each end passes the datagrams to IPsec.
	natt 192.0.2.1 192.0.2.2 &
	natt 192.0.2.2 192.0.2.1 in_far &
	sleep 0.5
	ipsec tunnel $(($(esp 84) + 8)) 2
}
# natt OWN OTHER [COMMAND...]: opens a socket with the option UDP_ENCAP (100) of UDP (17) set
# to UDP_ENCAP_ESPINUDP (2).
natt() { "${@:3}" socat -u "UDP:$2:4500,bind=$1:4500,setsockopt-int=17:100:2" OPEN:/dev/null; }

# gro: enables decryption in GRO. Such packets pass the port once, decrypted.
gro() {
	modprobe -q esp4_offload || skip "no esp4_offload in this kernel"
	[ "$(printf '%s\n' 5.13 "$(uname -r)" | sort -V | head -n 1)" = 5.13 ] || skip "this kernel's veth has no GRO"
	# A veth uses NAPI for frames of a sender with TSO off.
	in_far ethtool -K cable tso off
	ethtool -K eth0 gro on
}
test_ipsec_tunnel_gro() {
	gro
	ipsec tunnel 98 1
}
test_ipsec_transport_gro() {
	gro
	ipsec transport 98 1
}
test_ipsec_tunnel_offload_without_gro() {
	modprobe -q esp4_offload || skip "no esp4_offload in this kernel"
	ipsec tunnel "$(esp 84)" 2
}
