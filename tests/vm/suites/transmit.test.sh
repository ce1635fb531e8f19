#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 170 s
# lab: --cpus 2 --mem 2048 --timeout 1800
# lab: --bring "nf_conntrack nf_flow_table nf_flow_table_inet nf_flow_table_ipv4 nft_flow_offload nft_ct"
# Frames sent, by destination (tx): what is counted is what the interface's own counters, its
# queue's, and the wire behind it say.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/wire.sh
. /l2pc/tests/lib/guest/transmit.sh

# sent_on_the_wire COMMAND...: what is counted during it is what left, after segmentation.
sent_on_the_wire() {
	local counter
	mirror eth0
	rm -f /tmp/wire.eth0
	ip netns exec wire wirecount weth0 /tmp/wire.eth0 &
	counter=$!
	wait_for "the counter" [ -e /tmp/wire.eth0 ]
	"$@"
	wait_quiet
	kill $counter
	wait $counter
	expect_equal "frames and bytes" "$(sum "$(rows_sent cable in_sender)")" "$(sum "$(cat /tmp/wire.eth0)")"
	expect_number "frames" "$(frames_of /tmp/wire.eth0)" -gt 40
}

test_plain() {
	local was now
	messages_begin
	count_sender
	was=$(tx_packets cable in_sender)
	in_sender replay cable - >/dev/null <<-FRAMES
		02000000000b 020000000001 88b5 x100
		02000000000c 020000000001 88b5 x50
		02000000000b 020000000002 88b5 x30
		ffffffffffff 020000000001 88b5 x7
		01005e000001 020000000001 88b5 x5
		000000000000 020000000001 88b5 x3
	FRAMES
	now=$(tx_packets cable in_sender)
	expect_equal "stations" "$(rows_sent cable in_sender)" "02:00:00:00:00:0b - 130 7800
02:00:00:00:00:0c - 50 3000"
	expect_equal "totals" "$(in_sender portnl totals lifetime cable | grep -v window-id)" "packets 0
bytes 0
stations 2
untracked 0
tx-packets 180
tx-bytes 10800
tx-untracked 0
tx-multicast 5
tx-broadcast 7
tx-invalid 3
tx-malformed 0"
	expect_equal "frames that the interface sent" $((now - was)) 195
	# The format of /proc has received frames only.
	in_sender cat $proc >/tmp/proc
	expect_line /tmp/proc '^Total packets: 0$'
	expect_equal "rows of /proc" "$(grep -c '^0' /tmp/proc)" 0
	expect_message "interface cable: counting by tap, and sent frames"
}

test_both_directions() {
	count_sender
	# Readers see that sent frames are counted before there is one.
	expect_equal "no frame yet" "$(total_of tx-packets window cable in_sender)" 0
	in_sender ping -q -n -c 20 -i 0.01 192.0.2.1 >/dev/null
	expect_equal "the other end" "$(in_sender portnl stations window cable)" "02:00:00:00:00:aa - 20 1960 20 1960"
}

test_tcp() {
	count_sender
	sent_on_the_wire transfer 3000000
	expect_equal "frames and bytes of the queue" "$(sum "$(rows_sent cable in_sender)")" "$(queued cable)"
}

# transfers BYTES: there and back at the same time.
transfers() {
	transfer "$1" &
	local there=$! back
	ip netns exec sender socat -u TCP-LISTEN:5002,reuseaddr OPEN:/dev/null &
	back=$!
	until ip netns exec sender ss -ltn | grep -q :5002; do sleep 0.1; done
	truncate -s "$1" /tmp/zeroes
	socat -u -b 200000 OPEN:/tmp/zeroes TCP:192.0.2.2:5002
	wait $there $back
}

# What one end sends the other receives, super-packets as their segments, in both directions.
test_tcp_both_ways() {
	count_sender
	portnl add eth0 1
	tc qdisc add dev eth0 root pfifo
	sent_on_the_wire transfers 3000000
	expect_equal "there" "$(sum "$(rows_received eth0)")" "$(sum "$(rows_sent cable in_sender)")"
	expect_equal "and back" "$(sum "$(rows_received cable in_sender)")" "$(sum "$(rows_sent eth0)")"
	expect_equal "frames and bytes of the queue" "$(sum "$(rows_sent eth0)")" \
		"$(tc -s qdisc show dev eth0 | awk '$1 == "Sent" { print $4, $2; exit }')"
	expect_equal "stations" "$(in_sender portnl stations window cable | wc -l) $(portnl stations window eth0 | wc -l)" "1 1"
}

# segments [COMMAND...]: prints the segments that TCP has sent, by its own count. OutSegs is
# without those that were sent again.
# shellcheck disable=SC2016 # awk's
segments() {
	"$@" awk '/^Tcp:/ && !named { for (i = 2; i <= NF; i++) name[i] = $i; named = 1; next }
		/^Tcp:/ { for (i in name) if (name[i] ~ /^(OutSegs|RetransSegs)$/) sum += $i; print sum }' /proc/net/snmp
}

# So many bytes there and back that most of them are in super-packets of the largest size. Four
# counts agree: of TCP at both ends, of the queues, of the segments on the wire, of the ports.
# `make -C tests long` sends 100 MB each way.
test_tcp_megabytes_both_ways() {
	local size=$((${L2PC_MEGABYTES:-20} * 1000000 / ${L2PC_SCALE:-1})) was there back supers
	count_sender
	portnl add eth0 1
	tc qdisc add dev eth0 root pfifo
	was=$(segments)
	supers=$(cat /sys/class/net/eth0/statistics/rx_packets)
	sent_on_the_wire transfers $size
	there=$(sum "$(rows_sent cable in_sender)")
	back=$(sum "$(rows_sent eth0)")
	echo "there $there, back $back, super-packets $(($(cat /sys/class/net/eth0/statistics/rx_packets) - supers))" >&2
	expect_equal "there" "$(sum "$(rows_received eth0)")" "$there"
	expect_equal "and back" "$(sum "$(rows_received cable in_sender)")" "$back"
	expect_equal "the queue there" "$(queued cable)" "$there"
	expect_equal "the queue back" "$(tc -s qdisc show dev eth0 | awk '$1 == "Sent" { print $4, $2; exit }')" "$back"
	expect_equal "TCP's segments there" "$(segments in_sender)" "${there% *}"
	expect_equal "TCP's segments back" $(($(segments) - was)) "${back% *}"
	expect_number "bytes there" "${there#* }" -gt $size
	expect_number "bytes back" "${back#* }" -gt $size
}

test_tcp_ipv6() {
	six
	count_sender
	sent_on_the_wire transfer 3000000 2001:db8::1
}

# The driver cuts no segments: the stack does, behind the hook.
test_tcp_segmented_in_software() {
	in_sender ethtool -K cable tso off
	count_sender
	sent_on_the_wire transfer 1000000
}

udp() {
	socat -u UDP-RECV:5001 OPEN:/dev/null &
	receiver=$!
	until ss -lun | grep -q :5001; do sleep 0.1; done
	head -c 46000 /dev/zero >/tmp/datagrams
	# UDP_SEGMENT, 103, of UDP, 17.
	in_sender socat -u -b 4600 OPEN:/tmp/datagrams "UDP:192.0.2.1:5001,setsockopt-int=17:103:1000"
	wait_quiet
	kill $receiver
	wait $receiver || :
}

test_udp_segments() {
	in_sender ethtool -K cable gso on tx-udp-segmentation on
	count_sender
	sent_on_the_wire udp
	expect_equal "frames and bytes" "$(sum "$(rows_sent cable in_sender)")" "50 $((46000 + 50 * (14 + 20 + 8)))"
}

# A VLAN device on top: its frames have their tag in the skb; a packet socket's have it in the
# frame.
test_vlan() {
	local frames bytes
	ip link add link eth0 name eth0.5 type vlan id 5
	ip -n sender link add link cable name c.5 type vlan id 5
	ip link set eth0.5 up
	ip -n sender link set c.5 up
	ip addr add 198.51.100.1/24 dev eth0.5
	ip -n sender addr add 198.51.100.2/24 dev c.5
	ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:01 dev eth0.5 nud permanent
	ip -n sender neigh replace 198.51.100.1 lladdr 02:00:00:00:00:aa dev c.5 nud permanent
	count_sender 1
	in_sender portnl add c.5 1
	sent_on_the_wire transfer 1000000 198.51.100.1
	expect_equal "VLANs" "$(rows_sent cable in_sender | cut -d' ' -f1,2)" "02:00:00:00:00:aa 5"
	read -r frames bytes <<<"$(sum "$(rows_sent cable in_sender)")"
	expect_equal "the VLAN device" "$(rows_sent c.5 in_sender)" "02:00:00:00:00:aa - $frames $((bytes - 4 * frames))"
	in_sender replay cable - >/dev/null <<-FRAMES
		02000000000b 020000000001 8100 0007 88b5 x10
		02000000000b 020000000001 8100 0000 88b5 x20
		02000000000b 020000000001 88a8 0009 8100 0007 88b5 x30
	FRAMES
	expect_equal "tags in frames" "$(rows_sent cable in_sender | grep :0b)" "02:00:00:00:00:0b - 20 1200
02:00:00:00:00:0b 7 10 600
02:00:00:00:00:0b 9 30 1800"
}

test_bridge_port() {
	local was
	egress_there
	right p1 q1
	ip link add br0 type bridge mcast_snooping 0
	ip link set br0 up addrgenmode none
	ip link set eth0 master br0
	ip link set p1 master br0
	load interface=eth0,p1 tx=1 reset_interval=0
	was=$(tx_packets eth0)
	frames_to q1 40 ip netns exec right
	wait_quiet p1
	expect_equal "sent" "$(rows_sent eth0)" "02:00:00:00:00:0b - 40 2400"
	expect_equal "received" "$(rows_received p1)" "02:00:00:00:00:03 - 40 2400"
	expect_equal "frames that the interface sent" $(($(tx_packets eth0) - was)) 40
	expect_equal "sent back" "$(rows_sent p1)" ''
}

test_bond_slave() {
	egress_there
	ip link add bond0 type bond mode active-backup || skip "this kernel has no bonds"
	ip link set eth0 down
	ip link set eth0 master bond0
	ip link set bond0 up addrgenmode none
	wait_for "the bond's carrier" grep -q 1 /sys/class/net/bond0/carrier
	load interface=eth0,bond0 tx=1 reset_interval=0
	frames_to bond0 40
	expect_equal "the slave" "$(rows_sent eth0)" "02:00:00:00:00:0b - 40 2400"
	expect_equal "the bond" "$(rows_sent bond0)" "02:00:00:00:00:0b - 40 2400"
}

test_macvlan() {
	egress_there
	ip link add link eth0 name mv0 type macvlan mode bridge
	ip link set mv0 up addrgenmode none
	load interface=eth0,mv0 tx=1 reset_interval=0
	frames_to mv0 40
	expect_equal "the parent" "$(rows_sent eth0)" "02:00:00:00:00:0b - 40 2400"
	expect_equal "the macvlan" "$(rows_sent mv0)" "02:00:00:00:00:0b - 40 2400"
}

test_tap() {
	egress_there
	socat -u TUN,tun-name=t0,tun-type=tap,iff-no-pi,iff-up OPEN:/dev/null,wronly &
	wait_for "the tap" [ -e /sys/class/net/t0 ]
	echo 1 >/proc/sys/net/ipv6/conf/t0/disable_ipv6
	wait_for "its carrier" grep -q 1 /sys/class/net/t0/carrier
	load interface=t0 tx=1 reset_interval=0
	frames_to t0 40
	expect_equal "sent" "$(rows_sent t0)" "02:00:00:00:00:0b - 40 2400"
	unload
}

forwarded() { awk '/^Ip:/ && $2 ~ /^[0-9]/ { print $7 }' /proc/net/snmp; }

# What is received on one interface is sent on the other, station by station. Connections
# are offloaded: the flowtable takes them at ingress.
test_router() {
	local rows was
	egress_there
	modprobe -q nf_flow_table_inet || skip "no flowtables in this kernel"
	right eth1 cable1
	ip -n right link set cable1 address 02:00:00:00:00:02
	ip link set eth1 address 02:00:00:00:00:bb
	ip addr add 198.51.100.1/24 dev eth1
	ip -n right addr add 198.51.100.2/24 dev cable1
	ip -n right route add default via 198.51.100.1
	ip -n sender route add default via 192.0.2.1
	ip neigh replace 198.51.100.2 lladdr 02:00:00:00:00:02 dev eth1 nud permanent
	ip -n right neigh replace 198.51.100.1 lladdr 02:00:00:00:00:bb dev cable1 nud permanent
	sysctl -q -w net.ipv4.ip_forward=1
	nft -f - <<-RULES
		table inet f {
			flowtable ft { hook ingress priority 0; devices = { eth0, eth1 }; }
			chain c { type filter hook forward priority 0; ip protocol tcp flow add @ft; }
		}
	RULES
	load interface=eth0,eth1 tx=1 reset_interval=0
	was=$(forwarded)
	ip netns exec right socat -u TCP-LISTEN:5001,reuseaddr OPEN:/dev/null &
	receiver=$!
	until ip netns exec right ss -ltn | grep -q :5001; do sleep 0.1; done
	head -c 3000000 /dev/zero | in_sender socat -u - TCP:198.51.100.2:5001
	wait $receiver
	wait_quiet
	rows=$(rows_received eth0)
	expect_equal "there" "$(rows_sent eth1)" "02:00:00:00:00:02 - $(sum "$rows")"
	expect_number "frames" "$(awk '{ print $3 }' <<<"$rows")" -gt 500
	expect_number "twice the packets that were not offloaded" $((2 * ($(forwarded) - was))) -lt \
		"$(sum "$rows" | cut -d' ' -f1)"
	rows=$(rows_received eth1)
	expect_equal "and back" "$(rows_sent eth0)" "02:00:00:00:00:01 - $(sum "$rows")"
}

# A packet socket that goes around the queue, with bottom halves enabled.
test_around_the_queue() {
	count_sender
	in_sender bypass cable 5000 &
	in_sender replay cable - >/dev/null <<<"02000000000b 020000000001 88b5 x5000"
	wait $!
	expect_equal "sent" "$(rows_sent cable in_sender)" "02:00:00:00:00:0b - 10000 600000"
}
