# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $proc is of module.sh
# Sourced by the suites path-*.test.sh, after vm.sh, module.sh and l2pc.sh: frames that
# arrive at a counted interface while something else takes, changes or duplicates them.
# A packet socket on the interface, and what was sent, say what must be counted.
#
# A suite's test defines on and off, which put the thing there and take it away, and calls
# around. It may define, instead of what is here:
#   traffic   sends frames, the same each time
#   took      fails when nothing of the traffic went where the thing takes it

# Frames of station 1 without a tag, of station 2 in VLAN 5; an EtherType of nobody's.
# shellcheck disable=SC2034 # the suites'
from1='020000000001' from2='020000000002'
nobody=02ffffffff01

# The kernel's switches for what stands at an interface's ingress, at IP's hooks and behind
# UDP sockets stay where they are. It rewrites its own code when one is turned, which QEMU
# 7.2 does not always survive.
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

# path_setup: the interface eth0, whose cable's other end is cable.
path_setup() {
	switches_on "${keep_rule-}"
	# The kernel probes no neighbour seconds after the traffic. It is
	# what devices of every namespace begin with.
	sysctl -q -w net.ipv4.neigh.default.delay_first_probe_time=3600
	veth_pair eth0 cable
	to=$nobody
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

# far_make: a network namespace, far, with the cable's other end, and nothing to say.
far_make() {
	ip netns add far
	in_far sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	ip link set cable netns far
}

# host_pair: cable in the network namespace far, both ends with addresses. Stations are
# 02:00:00:00:00:01 there, 02:00:00:00:00:aa here; neither has to ask for the other.
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

# here DEV: its address, as replay wants it.
here() { tr -d : <"/sys/class/net/$1/address"; }

received() { cat "/sys/class/net/$1/statistics/rx_packets"; }

# --- traffic --------------------------------------------------------------------

# mixed_at DEV [COMMAND...]: 150 frames that count, to $to, and 5 that do not, to everybody,
# sent out of DEV; COMMAND runs what sends them elsewhere.
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

# echo_requests N [ADDRESS]: frames of the far end, each answered.
echo_requests() { in_far ping -q -n -c "$1" -i 0.02 -W 5 "${2-192.0.2.1}" >&2; }

# flood: until /tmp/stop is there.
flood() {
	rm -f /tmp/stop
	until [ -e /tmp/stop ]; do traffic || break; done
}

# --- counts ---------------------------------------------------------------------

# capture DEV...: a packet socket counts what each receives from here on.
capture() {
	local dev
	for dev; do
		framecount "$dev" >"/tmp/capture.$dev" 2>"/tmp/capture.$dev.err" &
		captures+=("$dev")
		echo $! >"/tmp/capture.$dev.pid"
		wait_for "the capture on $dev" grep -q ready "/tmp/capture.$dev"
	done
}

# captured DEV: ends the capture; what it saw is in $answer, as stations prints it.
captured() {
	local pid
	pid=$(cat "/tmp/capture.$1.pid")
	kill "$pid"
	wait "$pid" || fail "the capture on $1" "status 0" "$?: $(cat "/tmp/capture.$1.err")"
	rm "/tmp/capture.$1.pid"
	answer=$(grep -v ready "/tmp/capture.$1" | LC_ALL=C sort)
}

# frames_of PORT: its total in /proc.
frames_of() { awk -v port="$1" '/^Interface:/ { mine = $2 == port } mine && /^Total/ { print $3 }' "$proc"; }

# quiet: until no port's total has risen for a while, or, without the module, nothing has
# arrived. Frames to groups do not count: a mesh announces itself all the time.
quiet() {
	local was='' now i=0 n
	for ((n = 0; i < 3 && n < 300; n++)); do
		now=$(grep -h ^Total "$proc" 2>/dev/null || cat /sys/class/net/*/statistics/rx_packets)
		if [ "$now" = "$was" ]; then i=$((i + 1)); else i=0; fi
		was=$now
		sleep 0.1
	done
}

# agree: what is counted on each interface that is captured is what was captured there,
# frames and bytes, by station and VLAN. It ends the captures.
expect_captured() {
	local dev counted
	quiet
	for dev in "${captures[@]}"; do
		counted=$(stations window "$dev")
		captured "$dev"
		expect_equal "$about: $dev: counted, with what was captured" "$counted" "$answer"
		[ -n "$answer" ] || fail "$about: $dev" frames none
	done
	captures=()
}

# times N ROWS: each row of stations, so many times.
times() { awk -v n="$1" 'NF { print $1, $2, $3 * n, $4 * n }' <<<"$2"; }

# --- the course of a test ---------------------------------------------------------

path_load() { load interface="$ports" vlan=1 reset_interval=0; }

# unload_under_traffic: the module goes in the middle of it.
unload_under_traffic() {
	local was sender
	flood &
	sender=$!
	was=$(total)
	wait_for "frames" total_above "$was"
	unload
	touch /tmp/stop
	wait $sender
	# What is still under way finds the thing there.
	sleep 0.5
}

total_above() { [ "$(total)" -gt "$1" ]; }

# around: the thing comes and goes while the port counts; it is there before the port is;
# and the module goes while the thing takes frames. Counted is what was captured, and what
# was sent: $sent[DEV], the rows of one traffic. Where traffic is not the same each time
# there is no $sent.
around() {
	local dev
	about="comes and goes while counting"
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

	about="there before"
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

# expect_sent N: N traffics were counted, where it is known what one sends.
expect_sent() {
	local dev
	for dev in ${ports//,/ }; do
		[ -z "${sent[$dev]-}" ] || expect_equal "$about: $dev: counted, with what was sent" \
			"$(stations window "$dev")" "$(times "$1" "${sent[$dev]}")"
	done
}
ports=eth0
