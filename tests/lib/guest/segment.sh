# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $TMP is the caller's
# Copyright the l2packet_counter authors
#
# Sourced by script.sh. The segment: a veth pair with one end, $PORT, on this machine and
# the other in a network namespace, from which frames of any station can be sent. Only
# these frames arrive at $PORT, so its counts must equal the number of frames sent,
# regardless of other traffic on the machine.

# The default destination: an unused address, so that the network stack drops the frames
# after they were counted and sends no reply.
UNUSED_MAC=02:00:5e:00:53:ff
# Addresses of TEST-NET-1 (RFC 5737), which is reserved for documentation.
NEAR_ADDRESS=192.0.2.1
FAR_ADDRESS=192.0.2.2
NAMESPACE=l2pc-test-$$
PORT=l2pt$$
FAR=far0

# segment_make: creates the segment. The previous case's segment is used again, unless it
# was deleted or spoiled.
segment_make()
{
	[ ! -e "$TMP/segment" ] || [ ! -e "/sys/class/net/$PORT" ] || return 0
	segment_remove
	if ! { ip netns add "$NAMESPACE" && ip link add "$PORT" type veth peer name "$FAR" netns "$NAMESPACE"; } \
	     2>"$TMP/error"; then
		fail "the segment" "its devices" "$(cat "$TMP/error")"
	fi
	# IPv6 is disabled so that only frames of send() come from the namespace.
	# shellcheck disable=SC2016
	if ! { far bash -c 'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e "$f" ] || echo 1 >"$f"; done' &&
	       far ip address add "$FAR_ADDRESS/30" dev "$FAR" &&
	       far ip link set dev "$FAR" up && ip link set dev "$PORT" up; } 2>"$TMP/error"; then
		fail "the segment" "its addresses" "$(cat "$TMP/error")"
	fi
	: >"$TMP/segment"
}

segment_spoil() { rm -f "$TMP/segment"; }

segment_remove()
{
	segment_spoil
	[ ! -e "/sys/class/net/$PORT" ] || ip link delete dev "$PORT" 2>/dev/null || :
	[ ! -e "/run/netns/$NAMESPACE" ] || ip netns delete "$NAMESPACE" 2>/dev/null || :
}

# far <command...>: runs a command in the namespace. There is no subshell, so that the
# process of in_background is the command itself.
far()
{
	ip netns exec "$NAMESPACE" "$@"
}

# Each datagram is one frame and has its own socket: on a shared socket, an ICMP error for
# the first datagram would make the second fail.
# shellcheck disable=SC2016 # expanded in the namespace
SENDER='
	device=$1 peer=$2 unused=$3
	become() { # <station> [destination]
		ip -batch - <<<"link set dev $device address $1
			neigh replace $peer dev $device lladdr ${2:-$unused} nud permanent"
	}
	datagrams() { # <n>
		local i
		for ((i = 0; i < $1; i++)); do printf x >"/dev/udp/$peer/9" || return; done
	}
	shift 3
	'

# far_script <bash text> [argument...]: runs the text in the namespace, with SENDER's
# functions become and datagrams.
far_script()
{
	local text=$1

	shift
	far bash -c "$SENDER $text" far_script "$FAR" "$NEAR_ADDRESS" "$UNUSED_MAC" "$@"
}

# send <station> <n> [destination]: sends n frames.
send()
{
	# shellcheck disable=SC2016
	far_script 'become "$1" "$3" && datagrams "$2"' "$1" "$2" "${3:-$UNUSED_MAC}" || fail "sending frames" success "status $?"
}

# send_from_many <n> <frames each>: sends from n stations, 02:5a:00:00:xx:xx.
send_from_many()
{
	# shellcheck disable=SC2016
	far_script '
		for ((s = 0; s < $1; s++)); do
			printf -v station "02:5a:00:00:%02x:%02x" $((s / 256)) $((s % 256))
			become "$station" && datagrams "$2" || exit
		done' "$1" "$2" || fail "sending frames" success "status $?"
}

# send_without_end: sends from four stations in turn, until killed.
send_without_end()
{
	# shellcheck disable=SC2016
	exec ip netns exec "$NAMESPACE" bash -c "$SENDER"'
		while :; do
			for s in 1 2 3 4; do become "02:5b:00:00:00:0$s" && datagrams 25; done
		done' far_script "$FAR" "$NEAR_ADDRESS" "$UNUSED_MAC" 2>/dev/null
}

# received: prints how many frames the device has received, from its own statistics. This
# is the oracle.
received()
{
	cat "/sys/class/net/$PORT/statistics/rx_packets"
}
