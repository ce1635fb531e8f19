# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by the suites path-*.test.sh, after suite.sh, module.sh and l2pc.sh: frames that
# arrive at a counted interface while another receiver (a bridge, a filter, a tap) takes,
# changes or duplicates them. The expected counts are those of a packet socket on the
# interface and the numbers of frames sent.
#
# A suite's test defines on and off, which add and remove the other receiver, and calls
# around. It may redefine:
#   traffic   sends frames, the same ones at each call
#   took      fails when no frame of the traffic reached the other receiver

# Frames of station 1 are untagged, those of station 2 are in VLAN 5. No protocol handler
# exists for their EtherType, 88b5.
# shellcheck disable=SC2034 # the suites'
from1='020000000001' from2='020000000002'
unused_mac=02ffffffff01

# switches_on RULE: keeps the kernel's static keys for ingress hooks, IP's netfilter hooks
# and UDP tunnel sockets enabled. The kernel patches its code when a key changes, which
# QEMU 7.2 does not always survive.
switches_on() {
	[ ! -e /sys/class/net/keep ] || return 0
	ip link add keep type dummy
	tc qdisc add dev keep clsact
	nft -f - <<-RULES
		table netdev keep {
			chain c { type filter hook ingress device keep priority 0; }
		}
		table ip keep {
			chain prerouting { type filter hook prerouting priority 0; $1 }
			chain input { type filter hook input priority 0; }
		}
	RULES
	ip link add keep9 type vxlan id 9 dstport 4799
	ip link set keep9 up
}

# path_setup: creates the interface eth0. The other end of its cable is the device cable.
path_setup() {
	switches_on "${keep_rule-}"
	# Delay the neighbour probes that the kernel sends seconds after the traffic. New
	# devices of every namespace get this default.
	sysctl -q -w net.ipv4.neigh.default.delay_first_probe_time=3600
	veth_pair eth0 cable
	to=$unused_mac
	captures=()
	messages_begin
}

path_teardown() {
	local name
	touch /tmp/stop
	for name in /tmp/capture.*.pid; do
		[ ! -e "$name" ] || kill "$(cat "$name")" 2>/dev/null || :
	done
	rm -f /tmp/capture.*
	unload_if_loaded
}

# far_make: creates a network namespace, far, with the cable's other end. The namespace
# sends nothing by itself.
far_make() {
	ip netns add far
	in_far sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	ip link set cable netns far
}

# host_pair: moves cable to the network namespace far and gives both ends addresses. The
# stations are 02:00:00:00:00:01 (far) and 02:00:00:00:00:aa (here). Static neighbours make
# ARP unnecessary.
host_pair() {
	far_make
	ip link set eth0 address 02:00:00:00:00:aa
	ip -n far link set cable address 02:00:00:00:00:01 up addrgenmode none
	ip addr add 192.0.2.1/24 dev eth0
	ip -n far addr add 192.0.2.2/24 dev cable
	ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	ip -n far neigh replace 192.0.2.1 lladdr 02:00:00:00:00:aa dev cable nud permanent
}

in_far() { ip netns exec far "$@"; }

# here DEV: prints the MAC address of a device in replay's format.
here() { tr -d : <"/sys/class/net/$1/address"; }

received() { cat "/sys/class/net/$1/statistics/rx_packets"; }

# --- traffic --------------------------------------------------------------------

# mixed_at DEV [COMMAND...]: sends out of DEV 150 frames to $to, which are counted, and 5
# broadcast frames, which are not. COMMAND, when given, runs replay in another namespace.
mixed_at() {
	"${@:2}" replay "$1" - >/dev/null <<-FRAMES
		$to $from1 88b5 x60
		ffffffffffff $from1 88b5 x5
		$to $from2 8100 0005 88b5 x50
		$to $from1 88b5 x40
	FRAMES
}
mixed() { mixed_at cable; }
traffic() { mixed; }
declare -A sent
mixed_rows='02:00:00:00:00:01 - 100 6000
02:00:00:00:00:02 5 50 3000'
sent[eth0]=$mixed_rows

# echo_requests N [ADDRESS]: sends N echo requests from the far end, and waits for replies.
echo_requests() { in_far ping -q -n -c "$1" -i 0.02 -W 5 "${2-192.0.2.1}" >&2; }

# flood: sends traffic until /tmp/stop exists.
flood() {
	rm -f /tmp/stop
	until [ -e /tmp/stop ]; do traffic || break; done
}

# --- counts ---------------------------------------------------------------------

# capture DEV...: starts a packet socket on each device, which counts the received frames.
capture() {
	local dev
	for dev; do
		: >"/tmp/capture.$dev"
		framecount "$dev" >"/tmp/capture.$dev" 2>"/tmp/capture.$dev.err" &
		captures+=("$dev")
		echo $! >"/tmp/capture.$dev.pid"
		wait_for "the capture on $dev" grep -q ready "/tmp/capture.$dev"
	done
}

# captured DEV: ends the capture. Sets $answer to its counts, in the format of stations.
captured() {
	local pid
	pid=$(cat "/tmp/capture.$1.pid")
	kill "$pid"
	wait "$pid" || fail "the capture on $1" "status 0" "$?: $(cat "/tmp/capture.$1.err")"
	rm "/tmp/capture.$1.pid"
	answer=$(grep -v ready "/tmp/capture.$1" | LC_ALL=C sort)
}

# frames_of PORT: prints the port's total in /proc.
frames_of() { counts | awk -v port="$1" '/^Interface:/ { mine = $2 == port } mine && /^Total/ { print $3 }'; }

# quiet: waits until no port's total has risen for a while or, without the module, until
# no frame has arrived. Multicast frames do not matter: a mesh sends them all the time.
quiet() {
	local was='' now i=0 n
	for ((n = 0; i < 3 && n < 300; n++)); do
		now=$(counts 2>/dev/null | grep ^Total || cat /sys/class/net/*/statistics/rx_packets)
		if [ "$now" = "$was" ]; then i=$((i + 1)); else i=0; fi
		was=$now
		sleep 0.1
	done
}

# expect_captured: ends the captures. The counts of each captured interface, frames and
# bytes by station and VLAN, equal those of its capture.
expect_captured() {
	local dev counted
	quiet
	for dev in "${captures[@]}"; do
		counted=$(stations window "$dev")
		captured "$dev"
		expect_equal "$about: $dev: counts, compared with the capture" "$counted" "$answer"
		[ -n "$answer" ] || fail "$about: $dev" frames none
	done
	captures=()
}

# times N ROWS: prints rows of stations with their counts multiplied by N.
times() { awk -v n="$1" 'NF { print $1, $2, $3 * n, $4 * n }' <<<"$2"; }

# --- the course of a test ---------------------------------------------------------

path_load() { load interface="$ports" vlan=1 reset_interval=0; }

# unload_under_traffic: unloads the module while frames arrive.
unload_under_traffic() {
	local was sender
	flood &
	sender=$!
	was=$(total)
	wait_for "frames" total_above "$was"
	unload
	touch /tmp/stop
	wait $sender
	# Frames in flight still reach the other receiver.
	sleep 0.5
}

total_above() { [ "$(total)" -gt "$1" ]; }

# around: adds and removes the other receiver while the port counts; then adds the port
# while the receiver exists; then unloads the module while the receiver takes frames. The
# counts equal the capture and the frames sent. $sent[DEV] has the rows of one traffic; it
# is unset where traffic varies.
around() {
	local dev
	about="added and removed while counting"
	path_load
	# shellcheck disable=SC2086 # a list
	[ -n "${sent[eth0]-}" ] || capture ${ports//,/ }
	traffic
	on
	traffic
	off
	traffic
	on
	expect_captured
	expect_sent 3

	about="added before the port"
	for dev in ${ports//,/ }; do
		l2pc del "$dev"
		l2pc add "$dev"
	done
	# shellcheck disable=SC2086 # a list
	capture ${ports//,/ }
	traffic
	expect_captured
	expect_sent 1
	if declare -F took >/dev/null; then took; fi

	unload_under_traffic
	off
}

# expect_sent N: asserts that N traffics were counted, where $sent has the rows of one.
expect_sent() {
	local dev
	for dev in ${ports//,/ }; do
		[ -z "${sent[$dev]-}" ] || expect_equal "$about: $dev: counts, compared with the frames sent" \
			"$(stations window "$dev")" "$(times "$1" "${sent[$dev]}")"
	done
}
ports=eth0
