#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# l2pc run on this machine's kernel, without a VM: in two network namespaces of its own, with
# a veth pair between them, which are removed at the end. Needs root and Linux 5.10.
#   run.sh [--sanitize] [--without FEATURES] [NAME...]: all tests, or some
#     --sanitize            with ASan and UBSan
#     --without arena       as on kernels before 6.10: tables in maps
#     --without arena,tcx   as on kernels before 6.6: at clsact as well
# shellcheck disable=SC2016 # variables of eval, jq and awk
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
suite_need make:make gcc:gcc /usr/include/libmnl/libmnl.h:libmnl-dev /usr/include/libelf.h:libelf-dev \
	/usr/include/zlib.h:zlib1g-dev pkg-config:pkg-config ip:iproute2 jq:jq /usr/bin/python3:python3 taskset:util-linux \
	tc:iproute2 ethtool:ethtool nft:nftables /usr/include/curses.h:libncurses-dev \
	/usr/include/microhttpd.h:libmicrohttpd-dev curl:curl

[ "$(id -u)" = 0 ] || skip "needs root"
[ -e /sys/fs/bpf ] && printf '5.10\n%s\n' "$(uname -r)" | sort -V -C ||
	skip "Linux $(uname -r) has no BPF as l2pc run needs it"

near=l2pc-bpf-$$-near far=l2pc-bpf-$$-far engine='' build=$here/build cflags='-O2 -g' without=''
while :; do
	case ${1-} in
	--sanitize)
		build=$here/build/sanitized cflags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
		export ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=1
		;;
	--without) without=$2 && shift ;;
	*) break ;;
	esac
	shift
done
# A kernel before 6.6 needs no help.
printf '6.6\n%s\n' "$(uname -r)" | sort -V -C || without=arena,tcx
[ -z "$without" ] || export L2PC_RUN_WITHOUT=$without
case $without in *tcx*) hook=clsact ;; *) hook=tcx ;; esac
flags=$("$lab/libbpf.sh" --flags) || exit
eval "set -- $flags -- \"\$@\""
made=()
while [ "$1" != -- ]; do made+=("$1") && shift; done
shift
make -s -C "$top/tools" O="$build" CFLAGS="$cflags" JSON_LIBS= "${made[@]}" "$build/l2pc" "$build/l2pc-export" 2>/dev/null &&
	gcc -O2 -Wall -Wextra -Werror -o "$scratch/send" "$here/send.c" &&
	gcc -O2 -Wall -I"$top/include/uapi" -o "$scratch/nlfuzz" "$tests/vm/helpers/nlfuzz.c" || exit 2

l2pc() { ip netns exec "$near" "$build/l2pc" "$@"; }
send() { ip netns exec "$far" "$scratch/send" cable "$@"; }
client() { ip netns exec "$near" /usr/bin/python3 "$here/client.py" "$@"; }

# engine_start [SETTING VALUE]...: l2pc run, until it counts.
engine_start() {
	# A shell in the background opens it later than wait_for looks.
	rm -f "$scratch/err"
	ip netns exec "$near" "$build/l2pc" run eth0 "$@" >"$scratch/out" 2>"$scratch/err" &
	engine=$!
	wait_for grep -q '^counting ' "$scratch/err" 2>/dev/null || fail "l2pc run" "it to count" "$(cat "$scratch/err")"
}

# engine_stop: it says what it counted, in $scratch/out.
engine_stop() {
	kill -INT "$engine"
	wait "$engine" || fail "l2pc run" "status 0" $?
	engine=''
}

# filters WAY: of eth0 at clsact, ingress or egress.
filters() { ip netns exec "$near" tc filter show dev eth0 "$1" 2>/dev/null; }

# hooked: number of programs at eth0.
hooked() { if [ "$hook" = tcx ]; then client attached eth0; else filters ingress | grep -c l2pc_hook; fi; }

# Before that the kernel drops what is sent.
cable_up() { wait_for eval 'ip -n "$far" link show cable | grep -q "state UP"'; }

setup() {
	ip netns add "$near"
	ip netns add "$far"
	ip netns exec "$near" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip netns exec "$far" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip -n "$far" link add cable type veth peer name eth0 netns "$near"
	ip -n "$far" link set cable address 02:ff:00:00:00:aa up
	ip -n "$near" link set eth0 address 02:ff:00:00:00:01 up
	cable_up
}

teardown() {
	local name
	for name in "$near" "$far"; do
		# What runs there was started by this test.
		ip netns pids "$name" 2>/dev/null | xargs -r kill -9 2>/dev/null
		ip netns del "$name" 2>/dev/null
	done
}
cleanup() { teardown; }

# total [OPTION]...: frames of a view.
total() { l2pc -j show "$@" | jq '.[0].totals.packets'; }

# counted FRAMES [OPTION]...: the last ones may still wait for a softirq.
counted() { expect_soon "$1 frames" eval "[ \"\$(total ${*:2})\" = $1 ]"; }

test_100000_stations_are_exact() {
	engine_start max-stations 131072 reset-interval 0
	expect_equal "frames and bytes sent" "$(send 100000 2)" "799990 606473410"
	counted 799990
	expect_equal "stations, wrong ones, untracked" "$(l2pc -j show eth0 | "$here/rows.py" 100000 2)" "100000 0 0"
	expect_equal "skipped" "$(l2pc -j show eth0 | jq -c '.[0].totals | [.skipped_multicast, .skipped_broadcast, .skipped_invalid]')" "[5,3,2]"
	engine_stop
	expect_output "what it says" "eth0: 799990 frames, 606473410 bytes, 100000 stations" <"$scratch/out"
}

test_verbs_work_as_with_the_module() {
	engine_start
	send 10 1 >/dev/null
	counted 34
	expect_match "port" "$(l2pc port eth0)" "eth0: counted by $hook"
	expect_match "reset" "$(l2pc reset)" 'eth0: closed window 1: 34 packets, 2202 bytes, 10 stations'
	expect_equal "window after the reset" "$(total)" 0
	expect_equal "previous" "$(total --previous)" 34
	l2pc set eth0 reset-interval 7 vlan on
	expect_match "settings" "$(l2pc port)" 'vlan on reset-interval 7'
	l2pc set eth0 hook rx_handler 2>"$scratch/said" || :
	expect_output "a hook" "l2pc: eth0: hook: l2pc run counts at tcx (hook rx_handler needs the module)" <"$scratch/said"
	l2pc set eth0 hook tap
	ip -n "$near" link add eth9 type veth peer name other9
	l2pc add eth9 max-stations 5
	expect_equal "ports" "$(l2pc -j port | jq -r '.[].ifname' | xargs)" "eth0 eth9"
	expect_failure "add twice" l2pc add eth9
	l2pc del eth9
	expect_equal "ports" "$(l2pc -j port | jq -r '.[].ifname' | xargs)" "eth0"
	expect_failure "an unknown port" l2pc show nothing
	l2pc doctor >"$scratch/doctor" || :
	expect_line "$scratch/doctor" 'l2pc run: counts in this network namespace'
	engine_stop
}

# field NAME FIELD: a field of the record of a port or a pattern.
field() { l2pc -o port | awk -F'\t' -v name="$1" -v field="$2" '$2 == name && $1 ~ /^p/ { print $field }'; }

test_patterns_make_ports() {
	local name
	rm -f "$scratch/err"
	ip netns exec "$near" "$build/l2pc" run 'eth?' reset-interval 0 >"$scratch/out" 2>"$scratch/err" &
	engine=$!
	wait_for grep -q '^counting eth?' "$scratch/err"
	send 10 1 >/dev/null
	counted 34
	l2pc add 'tap*' keep 0 vlan on 2>/dev/null
	l2pc add 'tap?' keep 600 2>/dev/null
	for name in tap1 tap2 other; do ip -n "$near" link add "$name" type veth peer name "end-$name"; done
	expect_soon "ports" eval '[ "$(l2pc -o port | awk -F"\t" "\$1 == \"port\" { print \$2 }" | sort | xargs)" = "eth0 tap1 tap2" ]'
	# The pattern that was added first.
	expect_equal "pattern, keep and vlan of tap1" "$(field tap1 13) $(field tap1 14) $(field tap1 7)" "tap* 0 1"
	expect_equal "ports of the patterns" "$(field 'tap*' 10) $(field 'tap?' 10) $(field 'eth?' 10)" "2 0 1"
	expect_match "it is shown" "$(l2pc port 'eth?')" '^eth0: counted by tcx, pattern eth\?'
	expect_failure "twice" l2pc add 'tap*'
	expect_failure "not a name" l2pc add 'a b*'
	expect_status 2 l2pc set 'tap*' vlan off
	ip -n "$near" link del tap1
	expect_soon "not kept" eval '[ -z "$(field tap1 5)" ]'
	# What matches another pattern becomes a port of that.
	l2pc del 'tap*'
	expect_equal "pattern of tap2" "$(field tap2 13)" "tap?"
	ip -n "$near" link del tap2
	expect_soon "kept" eval '[ "$(field tap2 5)" = no-device ]'
	ip -n "$near" link add tap2 type veth peer name end-tap2
	expect_soon "it counts again" eval '[ "$(field tap2 5)" = counting ]'
	l2pc del 'tap?'
	expect_equal "ports" "$(l2pc -j port | jq -r '.[] | select(.ifindex) | .ifname' | xargs)" eth0
	expect_status 2 l2pc del 'tap?'
	l2pc del 'eth?'
	expect_equal "programs at tcx" "$(client attached eth0)" 0
	engine_stop
}

test_doctor_names_what_runs_before() {
	engine_start
	l2pc doctor >"$scratch/doctor" || :
	expect_no_line "$scratch/doctor" 'runs before'
	client before eth0 >"$scratch/filter" &
	wait_for grep -q ready "$scratch/filter"
	l2pc doctor >"$scratch/doctor" || :
	expect_line "$scratch/doctor" '^note  eth0: tcx program [0-9]+ \(filter\) runs before that of l2pc run'
	engine_stop
	l2pc doctor >"$scratch/doctor" || :
	expect_line "$scratch/doctor" '^ok    l2pc run: could count here, without the module'
	kill $!
}

# metric NAME: its sum over all series.
metric() {
	ip netns exec "$near" curl -s http://127.0.0.1:9963/metrics |
		awk -v name="$1" '{ series = $1; sub(/\{.*/, "", series) } series == name { sum += $2 } END { print sum + 0 }'
}

test_export_serves_the_counts() {
	local exporter
	ip -n "$near" link set lo up
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip netns exec "$near" "$build/l2pc" export --stations 100 2>"$scratch/exporter" &
	exporter=$!
	wait_for grep -q :9963 "$scratch/exporter"
	expect_equal "up" "$(metric l2pc_up)" 1
	expect_equal "frames of the port" "$(metric l2pc_device_receive_packets_total)" 34
	expect_equal "frames of its stations" "$(metric l2pc_station_receive_packets_total)" 34
	expect_equal "bytes of its stations" "$(metric l2pc_station_receive_bytes_total)" 2202
	l2pc reset >/dev/null
	send 10 1 >/dev/null
	counted 34
	# Lifetime, whatever closes windows. Scrapes within a second share one reading.
	expect_soon "frames of the port" eval '[ "$(metric l2pc_device_receive_packets_total)" = 68 ]'
	engine_stop
	expect_soon "down without it" eval '[ "$(metric l2pc_up)" = 0 ]'
	engine_start
	expect_soon "up again" eval '[ "$(metric l2pc_up)" = 1 ]'
	kill "$exporter"
	wait "$exporter" || :
	engine_stop
}

test_top_shows_stations() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	expect_match "a screen" "$(COLUMNS=80 LINES=24 l2pc top --batch -n 1)" '02:00:00:00:00:0[0-9] '
	engine_stop
}

test_names_and_totals_stay() {
	export HOME=$scratch
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	l2pc name 02:00:00:00:00:01 printer
	expect_match "a name" "$(l2pc show)" '02:00:00:00:00:01 +printer '
	l2pc save --file "$scratch/totals"
	engine_stop
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	l2pc save --file "$scratch/totals"
	l2pc save --file "$scratch/totals"
	expect_equal "frames of both" "$(l2pc -j show --all-time --file "$scratch/totals" | jq '.[0].totals.packets')" 68
	engine_stop
}

# sender WHAT: a count of the station behind the cable.
sender() { l2pc -j show | jq ".[0].stations[] | select(.mac == \"02:ff:00:00:00:aa\") | $1"; }

test_gso_counts_what_was_on_the_wire() {
	local segments resent
	ip -n "$far" addr add 10.77.0.1/24 dev cable
	ip -n "$near" addr add 10.77.0.2/24 dev eth0
	ip -n "$far" neigh add 10.77.0.2 lladdr 02:ff:00:00:00:01 dev cable
	ip -n "$near" neigh add 10.77.0.1 lladdr 02:ff:00:00:00:aa dev eth0
	engine_start reset-interval 0
	ip netns exec "$near" /usr/bin/python3 -c '
import socket
s = socket.create_server(("10.77.0.2", 5000))
print("ready", flush=True)
c, _ = s.accept()
while c.recv(1 << 20):
    pass' >"$scratch/server" &
	wait_for grep -q ready "$scratch/server"
	ip netns exec "$far" /usr/bin/python3 -c '
import socket
s = socket.create_connection(("10.77.0.2", 5000))
for i in range(100):
    s.sendall(b"x" * 1000000)
s.shutdown(socket.SHUT_WR)
s.recv(1)'
	# OutSegs and RetransSegs of the namespace, which is new.
	read -r segments resent < <(ip netns exec "$far" awk '/^Tcp:/ { v = $12 " " $13 } END { print v }' /proc/net/snmp)
	expect_number "segments" "$segments" -gt 60000
	# Payload, 66 bytes of headers each, and 8 of options more of the SYN.
	expect_soon "frames" eval '[ "$(sender .packets)" = $((segments + resent)) ]'
	[ "$resent" != 0 ] || expect_equal "bytes" "$(sender .bytes)" $((100000000 + segments * 66 + 8))
	engine_stop
}

# datagrams: 50 of them to the station behind the cable, 100 bytes each with UDP's header.
datagrams() {
	ip netns exec "$near" /usr/bin/python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(50):
    s.sendto(bytes(92), ("10.77.0.1", 9))'
}

test_sent_frames_are_counted_when_they_are_wanted() {
	ip -n "$near" addr add 10.77.0.2/24 dev eth0
	ip -n "$near" neigh add 10.77.0.1 lladdr 02:ff:00:00:00:aa dev eth0
	engine_start reset-interval 0
	datagrams
	expect_equal "without tx" "$(client sent)" "0 0"
	client tx on
	datagrams
	expect_soon "with tx" eval '[ "$(client sent)" = "50 6700" ]'
	client tx off
	datagrams
	expect_equal "without it again" "$(client sent)" "50 6700"
	engine_stop
}

test_windows_close_under_load_without_losing_a_frame() {
	local closer senders=() sender sent=0 windows
	engine_start max-stations 65536 reset-interval 0
	ip netns exec "$near" /usr/bin/python3 "$here/client.py" close 20 >"$scratch/closed" &
	closer=$!
	wait_for grep -q ready "$scratch/closed"
	for sender in 0 1; do
		ip netns exec "$far" taskset -c $((sender % $(nproc))) "$scratch/send" cable 50 8000 >"$scratch/sent.$sender" &
		senders+=($!)
	done
	wait "${senders[@]}"
	kill "$closer"
	wait "$closer"
	windows=$(tail -n 1 "$scratch/closed")
	expect_number "windows" "$windows" -gt 5
	for sender in 0 1; do sent=$((sent + $(cut -d' ' -f1 "$scratch/sent.$sender"))); done
	counted "$sent" --lifetime
	expect_equal "bytes" "$(l2pc -j show --lifetime | jq '.[0].totals.bytes')" "$(awk '{ sum += $2 } END { print sum }' "$scratch"/sent.?)"
	# 50 stations find cells in any table.
	expect_equal "stations, wrong ones, untracked" "$(l2pc -j show eth0 --lifetime | "$here/rows.py" 50 16000)" "50 0 0"
	engine_stop
}

# Sender and l2pc run on one CPU: it makes the next table before the present one is full.
test_new_stations_on_one_cpu_have_cells() {
	local cpu=$(($(nproc) - 1))
	engine_start max-stations 100000 reset-interval 0
	taskset -p -c "$cpu" "$engine" >/dev/null
	# A quarter of the frames are of new stations.
	ip netns exec "$far" taskset -c "$cpu" "$scratch/send" cable 60000 1 >"$scratch/sent"
	counted "$(cut -d' ' -f1 "$scratch/sent")"
	expect_equal "stations, wrong ones, untracked" "$(l2pc -j show eth0 | "$here/rows.py" 60000 1)" "60000 0 0"
	engine_stop
}

test_many_ports_share_the_arena() {
	local i
	engine_start reset-interval 0
	for ((i = 1; i < 64; i++)); do
		ip -n "$far" link add "cable$i" type veth peer name "eth$i" netns "$near"
		ip -n "$far" link set "cable$i" up
		ip -n "$near" link set "eth$i" up
		l2pc add "eth$i" reset-interval 0
	done
	cable_up
	for i in '' 1 31 62 63; do
		wait_for eval 'ip -n "$far" link show "cable$i" | grep -q "state UP"'
		ip netns exec "$far" "$scratch/send" "cable$i" $((10 + i)) 1 >"$scratch/sent.$i"
	done
	for i in '' 1 31 62 63; do
		expect_soon "frames of eth${i:-0}" eval \
			'[ "$(l2pc -j show "eth${i:-0}" | jq ".[0].totals.packets")" = "$(cut -d" " -f1 "$scratch/sent.$i")" ]'
		expect_equal "stations of eth${i:-0}, wrong ones, untracked" \
			"$(l2pc -j show "eth${i:-0}" | "$here/rows.py" $((10 + i)) 1)" "$((10 + i)) 0 0"
	done
	expect_equal "frames of all ports" "$(l2pc -j show | jq '[.[].totals.packets] | add')" \
		"$(awk '{ sum += $1 } END { print sum }' "$scratch"/sent.*)"
	l2pc del eth31
	ip netns exec "$far" "$scratch/send" cable62 72 1 >/dev/null
	expect_soon "the others count" eval '[ "$(l2pc -j show eth62 | jq ".[0].totals.packets")" = $((2 * $(cut -d" " -f1 "$scratch/sent.62"))) ]'
	expect_equal "ports" "$(l2pc -j port | jq length)" 63
	engine_stop
}

# taken WHAT COMMAND...: COMMAND puts something on eth0 that takes its frames. They are
# counted once when it is there, when it came first, and when it has gone.
taken() {
	local what=$1
	shift
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	"$@"
	send 10 1 >/dev/null
	counted 68
	l2pc del eth0
	l2pc add eth0 reset-interval 0
	send 10 1 >/dev/null
	counted 34
	expect_number "frames that $what took" "$(took)" -ge 34
	engine_stop
}

in_near() { ip netns exec "$near" "$@"; }
nft_drop() {
	in_near nft 'table netdev t { chain c { type filter hook ingress device eth0 priority 0; counter drop; }; }'
}
test_frames_that_nftables_drops_are_counted_once() {
	took() { in_near nft -j list chain netdev t c | jq '[.nftables[].rule?.expr?[]?.counter?.packets? // 0] | add'; }
	taken nftables nft_drop
}

tc_redirect() {
	ip -n "$near" link add other type veth peer name beyond
	ip -n "$near" link set other up
	ip -n "$near" link set beyond up
	in_near tc qdisc add dev eth0 clsact
	in_near tc filter add dev eth0 ingress u32 match u32 0 0 action mirred egress redirect dev other
}
test_frames_that_tc_redirects_are_counted_once() {
	took() { in_near cat /sys/class/net/beyond/statistics/rx_packets; }
	taken tc tc_redirect
}

bridge_port() {
	ip -n "$near" link add br9 type bridge
	ip -n "$near" link set br9 up
	ip -n "$near" link set eth0 master br9
}
test_frames_of_a_bridge_port_are_counted_once() {
	took() { in_near cat /sys/class/net/br9/statistics/rx_packets; }
	taken "the bridge" bridge_port
}

macvlan_parent() {
	ip -n "$near" link add link eth0 name mv0 type macvlan mode passthru
	ip -n "$near" link set mv0 up
}
test_frames_of_a_macvlan_are_counted_once() {
	took() { in_near cat /sys/class/net/mv0/statistics/rx_packets; }
	taken "the macvlan" macvlan_parent
}

test_flood_is_bounded_and_known_stations_go_on() {
	engine_start max-stations 1000 reset-interval 0
	send 100 1 >/dev/null
	counted 395
	l2pc reset >/dev/null
	send 20000 1 >"$scratch/sent"
	counted "$(cut -d' ' -f1 "$scratch/sent")"
	expect_equal "stations" "$(l2pc -j show eth0 | jq '.[0].stations | length')" 1000
	# The first 100 are known, and keep their cells.
	expect_equal "known stations" "$(l2pc -j show eth0 | jq '[.[0].stations[] | select(.mac < "02:00:00:00:00:64")] | length')" 100
	engine_stop
}

test_idle_stations_expire() {
	engine_start reset-interval 0 station-timeout 1
	send 10 1 >/dev/null
	counted 34
	expect_soon "no station" eval '[ "$(l2pc -j show eth0 --lifetime | jq ".[0].stations | length")" = 0 ]'
	counted 34 --lifetime
	engine_stop
}

test_port_follows_its_device() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip -n "$near" link set eth0 down
	ip -n "$near" link set eth0 name up0
	ip -n "$near" link set up0 up
	cable_up
	expect_soon "the new name" eval 'l2pc port up0 >/dev/null 2>&1'
	send 10 1 >/dev/null
	counted 68
	ip -n "$far" link del cable
	expect_soon "no device" eval 'l2pc port up0 | grep -q "no device\|no-device\|not counted"'
	counted 68
	ip -n "$far" link add cable type veth peer name up0 netns "$near"
	ip -n "$far" link set cable up
	ip -n "$near" link set up0 up
	cable_up
	expect_soon "it counts again" eval 'l2pc port up0 | grep -q "counted by $hook"'
	send 10 1 >/dev/null
	counted 102
	engine_stop
}

# A request is for the port that has a device; each device has one port.
test_two_ports_of_one_name() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip -n "$near" link add eth1 type veth peer name other1
	l2pc add eth1
	ip -n "$far" link del cable
	ip -n "$near" link set eth1 name eth0
	expect_soon "the new name" eval '[ "$(l2pc -j port | jq -r ".[].ifname" | xargs)" = "eth0 eth0" ]'
	expect_equal "states" "$(l2pc -j port | jq -r '.[].state' | xargs)" "no-device counting"
	expect_equal "programs at tcx" "$(client attached eth0)" 1
	l2pc del eth0
	expect_equal "the port that is left" "$(l2pc -j port | jq -c '[.[] | .state, .lifetime.packets]')" '["no-device",34]'
	engine_stop
}

test_device_leaves_the_namespace_and_returns() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip -n "$near" link set eth0 netns "$far"
	expect_soon "no device" eval 'l2pc -j port | jq -e ".[0].state == \"no-device\""'
	ip -n "$far" link set eth0 up
	cable_up
	send 10 1 >/dev/null
	ip -n "$far" link set eth0 netns "$near"
	ip -n "$near" link set eth0 up
	cable_up
	expect_soon "it counts again" eval 'l2pc port | grep -q "counted by $hook"'
	send 10 1 >/dev/null
	# What arrived elsewhere is not this namespace's.
	counted 68
	engine_stop
}

test_other_namespaces_see_nothing() {
	engine_start
	expect_status 3 ip netns exec "$far" "$build/l2pc" show
	expect_status 3 ip netns exec "$far" "$build/l2pc" --engine bpf show
	expect_status 3 l2pc --engine module show
	expect_success "forced" l2pc --engine bpf show
	engine_stop
}

test_nobody_reads_and_does_not_write() {
	engine_start
	send 10 1 >/dev/null
	counted 34
	as_nobody() { ip netns exec "$near" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
	chmod 755 "$scratch"
	expect_match "show" "$(as_nobody "$build/l2pc" show)" 'total +34 '
	expect_status 1 as_nobody "$build/l2pc" reset
	expect_status 1 as_nobody "$build/l2pc" set eth0 vlan on
	expect_status 1 as_nobody "$build/l2pc" del eth0
	counted 34
	engine_stop
}

test_socket_of_somebody_else_is_not_used() {
	ip netns exec "$near" setpriv --reuid 65534 --regid 65534 --clear-groups /usr/bin/python3 -c '
import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind(b"\0l2pc")
s.listen()
print("ready", flush=True)
time.sleep(600)' >"$scratch/taken" &
	wait_for grep -q ready "$scratch/taken"
	expect_status 3 l2pc show
	expect_status 1 l2pc run eth0
}

# manager ADDRESS: a service manager that waits for a report.
manager() {
	rm -f "$scratch/reported"
	ip netns exec "$near" /usr/bin/python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace("@", "\0", 1))
print("ready", flush=True)
print(s.recv(4096).decode(), flush=True)' "$1" >"$scratch/reported" &
	wait_for grep -q ready "$scratch/reported" 2>/dev/null
}

test_service_manager_is_notified_when_it_counts() {
	local address
	for address in "$scratch/notify" "@l2pc-notify-$$"; do
		manager "$address"
		NOTIFY_SOCKET=$address engine_start
		expect_soon "the report to $address" eval '[ "$(tail -n 1 "$scratch/reported")" = READY=1 ]'
		engine_stop
	done
	# It counts all the same.
	NOTIFY_SOCKET=$scratch/nothing/there engine_start
	expect_line "$scratch/err" 'NOTIFY_SOCKET: cannot report that it counts: No such file'
	engine_stop
	NOTIFY_SOCKET=$(printf '/%0200d' 0) engine_start
	expect_line "$scratch/err" 'NOTIFY_SOCKET: longer than'
	engine_stop
	# Not before it counts.
	manager "$scratch/another"
	NOTIFY_SOCKET=$scratch/another expect_status 1 l2pc run lo
	expect_equal "the report of a refusal" "$(tail -n 1 "$scratch/reported")" ready
}

test_run_without_an_interface_counts_what_is_added() {
	ip netns exec "$near" "$build/l2pc" run none >"$scratch/out" 2>"$scratch/err" &
	engine=$!
	wait_for grep -q '^counting what l2pc add adds' "$scratch/err"
	expect_equal "ports" "$(l2pc -j port | jq length)" 0
	l2pc add eth0 reset-interval 0
	send 10 1 >/dev/null
	counted 34
	l2pc del eth0
	expect_output "what it says of a port that is deleted" "eth0: 34 frames, 2202 bytes, 10 stations" <"$scratch/out"
	l2pc add eth0
	engine_stop
	expect_line "$scratch/out" '^eth0: 0 frames, 0 bytes, 0 stations$'
	l2pc run none vlan on 2>"$scratch/said" || :
	expect_output "with settings" "l2pc: run none: takes no settings (l2pc add DEV takes them)" <"$scratch/said"
}

test_killed_engine_leaves_nothing() {
	local programs
	engine_start reset-interval 0
	(while send 100 100 >/dev/null; do :; done) &
	wait_for eval '[ "$(total)" -gt 1000 ]'
	programs=$(cat "/proc/$engine/fdinfo/"* 2>/dev/null | awk '$1 == "prog_id:" { print $2 }' | xargs)
	expect_equal "programs that count" "$(eval "client counting $programs")" 1
	expect_equal "programs at $hook" "$(hooked)" 1
	kill -9 "$engine"
	wait "$engine" || :
	expect_soon "no program that counts" eval '[ "$(client counting $programs)" = 0 ]'
	# A filter stays, which jumps nowhere; the next run removes it.
	[ "$hook" = clsact ] || expect_equal "programs at tcx" "$(hooked)" 0
	expect_status 3 l2pc show
	engine_start reset-interval 0
	expect_equal "programs at $hook" "$(hooked)" 1
	expect_soon "it counts again" eval '[ "$(total)" -gt 1000 ]'
	kill $!
	engine_stop
	expect_equal "programs at $hook" "$(hooked)" 0
	expect_equal "qdiscs" "$(ip netns exec "$near" tc qdisc show dev eth0 | grep -c clsact)" 0
}

test_filters_of_others_at_clsact_stay() {
	local near_tc=(ip netns exec "$near" tc) hook=clsact L2PC_RUN_WITHOUT=arena,tcx
	export L2PC_RUN_WITHOUT
	"${near_tc[@]}" qdisc add dev eth0 clsact
	"${near_tc[@]}" filter add dev eth0 ingress priority 7 protocol all u32 match u32 0 0 flowid 1:1
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	client tx on
	expect_equal "filters of sent frames" "$(filters egress | grep -c l2pc_hook_tx)" 1
	client tx off
	expect_equal "filters of sent frames" "$(filters egress | grep -c l2pc_hook_tx)" 0
	client tx on
	engine_stop
	expect_equal "ours" "$(filters ingress | grep -c l2pc_hook) $(filters egress | grep -c l2pc_hook)" "0 0"
	expect_equal "others" "$(filters ingress | grep -c "fh 800::800")" 1
	# A qdisc that was made by a killed one goes, but not with another filter.
	"${near_tc[@]}" qdisc del dev eth0 clsact
	engine_start tx on
	kill -9 "$engine"
	wait "$engine" || :
	expect_equal "left" "$(filters ingress | grep -c l2pc_hook) $(filters egress | grep -c l2pc_hook)" "1 1"
	engine_start
	expect_equal "hooks" "$(filters ingress | grep -c l2pc_hook) $(filters egress | grep -c l2pc_hook)" "1 0"
	"${near_tc[@]}" filter add dev eth0 egress priority 7 protocol all u32 match u32 0 0 flowid 1:1
	engine_stop
	expect_equal "qdiscs with a filter" "$("${near_tc[@]}" qdisc show dev eth0 | grep -c clsact)" 1
	"${near_tc[@]}" qdisc del dev eth0 clsact
	# Filters of its qdisc see received frames only, whatever they are added as.
	"${near_tc[@]}" qdisc add dev eth0 ingress
	l2pc run eth0 2>"$scratch/said" || :
	expect_output "another qdisc" "l2pc: eth0: has the qdisc ingress (sudo tc qdisc del dev DEV ingress removes it, with its filters)" <"$scratch/said"
	"${near_tc[@]}" qdisc del dev eth0 ingress
	"${near_tc[@]}" qdisc add dev eth0 clsact
	"${near_tc[@]}" filter add dev eth0 ingress priority 1 protocol all u32 match u32 0 0 flowid 1:1
	l2pc run eth0 2>"$scratch/said" || :
	expect_output "another first" "l2pc: eth0: cannot be first at clsact (tc filter show dev DEV ingress: is priority 1 in use?)" <"$scratch/said"
}

test_second_run_is_refused() {
	engine_start
	expect_status 1 l2pc run eth0
	expect_success "the first goes on" l2pc show
	engine_stop
}

test_bad_interfaces_are_refused() {
	ip -n "$near" link set lo up
	expect_status 1 l2pc run lo
	l2pc run nothing 2>"$scratch/said" || :
	expect_output "no interface" "l2pc: unknown interface nothing (there are: eth0)" <"$scratch/said"
	expect_status 2 l2pc run nothing
	ip -n "$near" tuntap add tun0 mode tun
	l2pc run tun0 2>"$scratch/said" || :
	expect_output "a tun device" "l2pc: tun0: not an Ethernet device" <"$scratch/said"
	expect_status 1 l2pc run tun0
	expect_status 2 l2pc run eth0 vlan perhaps
	l2pc run 'eth[' 2>"$scratch/said" || :
	expect_output "a pattern" "l2pc: eth[: a pattern has a [ without ]" <"$scratch/said"
	l2pc --engine module run eth0 2>"$scratch/said" || :
	expect_output "the module" "l2pc: run: counts without the module (sudo l2pc add eth0 counts with it)" <"$scratch/said"
	expect_status 2 l2pc --engine module run eth0
	expect_equal "programs at $hook" "$(hooked)" 0
}

# denied ERRNO COMMAND MESSAGE: the kernel refuses these calls of bpf(2).
denied() {
	local status=0
	ip netns exec "$near" "$here/deny.py" "$1" "$2" timeout 60 "$build/l2pc" run eth0 2>"$scratch/said" || status=$?
	expect_output "$1 $2" "l2pc: $3" <"$scratch/said"
	expect_equal "status" "$status" 1
	expect_equal "programs at tcx" "$(client attached eth0)" 0
	expect_status 3 l2pc show
}

test_kernels_without_bpf_are_refused() {
	local refuses="the kernel refuses BPF (a container, a user namespace, seccomp or lockdown)"
	denied ENOSYS all "run: cannot create a BPF arena: this kernel has no BPF (CONFIG_BPF_SYSCALL)"
	denied EPERM all "run: cannot create a BPF arena: $refuses"
	# BPF_PROG_LOAD, BPF_LINK_CREATE
	denied EPERM 5 "run: cannot load the BPF programs: $refuses"
	denied EOPNOTSUPP 5 "run: cannot load the BPF programs: this kernel does not compile BPF (CONFIG_BPF_JIT, sysctl net.core.bpf_jit_enable=1)"
	denied ENOMEM 28 "eth0: out of memory (of this machine, or of this cgroup: MemoryMax of a service)"
}

# hold N [COMMAND...]: N connections, by COMMAND; sets $holder, prints to $scratch/held.
hold() {
	rm -f "$scratch/held"
	ip netns exec "$near" "${@:2}" /usr/bin/python3 "$here/client.py" hold "$1" >"$scratch/held" &
	holder=$!
	wait_for eval '[ -s "$scratch/held" ]'
}

test_connections_are_limited() {
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups) others
	engine_start
	chmod 755 "$scratch"
	hold 200 "${nobody[@]}"
	others=$holder
	expect_equal "connections of others" "$(cat "$scratch/held")" 128
	ip netns exec "$near" "${nobody[@]}" "$build/l2pc" show 2>"$scratch/said" || :
	expect_output "one more" "l2pc: l2pc run has as many connections as it takes: 256, of them 128 of other users than root (try again)" <"$scratch/said"
	expect_success "root" l2pc show
	hold 200
	expect_equal "connections of root" "$(cat "$scratch/held")" 128
	expect_status 1 l2pc show
	kill "$holder" "$others"
	expect_soon "after they are closed" l2pc show
	engine_stop
}

# with CAPABILITIES COMMAND...: with these only.
with() { ip netns exec "$near" setpriv --bounding-set="-all$1" "${@:2}"; }

test_three_capabilities_are_enough() {
	local run=("$build/l2pc" run eth0)
	# Until a signal; then it says what it counted.
	expect_status 0 with ,+net_admin,+bpf,+perfmon timeout --preserve-status -s INT 3 "${run[@]}"
	with ,+net_admin,+bpf "${run[@]}" 2>"$scratch/said" || :
	expect_output "without one" "l2pc: run: needs CAP_PERFMON (use sudo)" <"$scratch/said"
	with '' "${run[@]}" 2>"$scratch/said" || :
	expect_output "without any" "l2pc: run: needs CAP_NET_ADMIN, CAP_PERFMON, CAP_BPF (use sudo)" <"$scratch/said"
}

# stations_of EVENT: number of stations in events so far.
stations_of() { jq -s --arg event "$1" '[.[] | select(.event == $event).stations[]] | length' "$scratch/events"; }

test_monitor_reports_events() {
	local monitor
	engine_start reset-interval 0 station-timeout 1
	ip netns exec "$near" "$build/l2pc" monitor -j >"$scratch/events" 2>"$scratch/listening" &
	monitor=$!
	wait_for grep -q listening "$scratch/listening"
	send 3 1 >/dev/null
	expect_soon "new stations" eval '[ "$(stations_of station-new)" = 3 ]'
	l2pc reset >/dev/null
	expect_soon "a closed window" grep -q window-close "$scratch/events"
	expect_soon "expired stations" eval '[ "$(stations_of station-expire)" = 3 ]'
	l2pc set eth0 vlan on
	expect_soon "a setting" grep -q port-set "$scratch/events"
	kill "$monitor"
	wait "$monitor" || :
	engine_stop
}

test_hostile_messages_are_answered_with_errors() {
	engine_start
	# No header; a length that lies; an unknown type; an unknown command; an attribute that
	# is cut; a name without its end.
	printf '%s\n' 00 ffffffff2000050001000000000000000101000000 1400000099000500010000000000000001010000 \
		14000000200005000100000000000000ff010000 1c0000002000050001000000000000000101000006000200657468 \
		1c000000200005000100000000000000010100000800020065746830 >"$scratch/packets"
	client raw <"$scratch/packets" >"$scratch/answers"
	expect_output "answers" "none
EINVAL
ENOTSUP
ENOTSUP
EINVAL
EINVAL" <"$scratch/answers"
	head -c 3000 /dev/urandom | od -An -v -tx1 -w30 | tr -d ' ' | timeout 300 ip netns exec "$near" /usr/bin/python3 "$here/client.py" raw >/dev/null
	expect_success "it answers" l2pc show
	engine_stop
}

# files_of PID: its open files, when nothing is in progress.
files_of() { ls "/proc/$1/fd" | wc -l; }

fuzz() { ip netns exec "$near" "$scratch/nlfuzz" "$@" run >"$scratch/fuzz" 2>&1 || fail "nlfuzz $*" "the expected replies" "$(cat "$scratch/fuzz" "$scratch/err")"; }

# L2PC_FUZZ=ROUNDS makes it longer, L2PC_SEED=N selects other requests.
test_wrong_requests_are_refused_and_leave_nothing() {
	local rounds=${L2PC_FUZZ:-300} seed=${L2PC_SEED:-1} files pid memory
	echo "L2PC_SEED=$seed L2PC_FUZZ=$rounds"
	ip -n "$near" link add fuzz0 type veth peer name fuzz1
	engine_start
	pid=$(pgrep -x l2pc -P "$engine" || echo "$engine")
	fuzz "$seed" "$rounds"
	files=$(files_of "$pid")
	memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	fuzz $((seed + 1)) "$rounds"
	fuzz $((seed + 2)) "$rounds" nobody
	echo "$(cat "$scratch/fuzz"), $files files, $memory kB"
	expect_soon "no more open files" eval '[ "$(files_of '"$pid"')" = '"$files"' ]'
	expect_number "kB of memory" "$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")" -le $((memory + 8192))
	send 10 1 >/dev/null
	counted 34 --lifetime
	engine_stop
}
# shellcheck source=tests/bpf/super.sh
. "$here/super.sh"

suite_run_all "$@"
suite_end
