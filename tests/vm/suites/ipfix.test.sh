#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 120 s
# kernels: 6.1
# because: for its size
# lab: --cpus 2 --mem 1536 --timeout 900
# l2pc export --ipfix with the live module: the counts that nfdump and nfacctd have received
# equal those of /proc and the lifetime exactly: across resets, while windows close every
# second, and after a restart of the collector or the module. tests/tools/ipfix.sh has
# synthetic recordings.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh

export LC_ALL=C
opt=/opt/collectors work=/tmp/ipfix

setup() {
	rm -rf "$work"
	mkdir -p $work/nfcapd
	ip link set lo up
	veth_pair eth0 cable
	load interface=eth0 reset_interval=0
}

# nfacctd has two processes, and SIGTERM does not end it while it waits for a message: it
# would hold its port, and receive the messages to the next test's collector.
teardown() {
	for file in "$work"/*.pid; do kill "$(cat "$file")"; done
	pkill -KILL 'nfacctd|nfcapd'
	wait_for "the end of the collectors" no_collector
	unload_if_loaded
	ip link del eth0
} 2>/dev/null

# start_process NAME COMMAND...: starts COMMAND in the background.
start_process() {
	local name=$1
	shift
	: >"$work/$name.log"
	"$@" >"$work/$name.log" 2>&1 &
	echo $! >"$work/$name.pid"
}
# stop_process NAME [SIGNAL]: ends a process, and waits for its end.
stop_process() {
	local process
	process=$(cat "$work/$1.pid")
	rm "$work/$1.pid"
	kill -s "${2-TERM}" "$process"
	wait "$process" || true
}

# udp PORT: prints the queue lengths of the port's socket, or nothing without a socket.
udp() { awk -v port="$(printf ':%04X' "$1")" 'index($2, port) == length($2) - 4 { print $5 }' /proc/net/udp; }
listens() { [ -n "$(udp "$1")" ]; }
no_collector() { ! listens 2055 && ! listens 4739; }
read_all() { [ "$(udp "$1")" = 00000000:00000000 ]; }

nfcapd() { # on port 2055
	start_process nfcapd env LD_LIBRARY_PATH=$opt/lib $opt/nfcapd -w $work/nfcapd -p 2055 -b 127.0.0.1 -t 3600
	wait_for nfcapd listens 2055
}

nfacctd() { # on port 4739
	cat >$work/nfacctd.conf <<-CONFIG
		daemonize: false
		nfacctd_port: 4739
		nfacctd_ip: 0.0.0.0
		plugins: print[all]
		aggregate[all]: src_mac
		print_output[all]: csv
		print_output_file[all]: $work/nfacctd.csv
		print_output_file_append[all]: true
		print_refresh_time[all]: 1
	CONFIG
	start_process nfacctd env LD_LIBRARY_PATH=$opt/lib $opt/nfacctd -f $work/nfacctd.conf
	# nfacctd loses messages that arrive before its plugin runs.
	wait_for nfacctd grep -q 'Purging cache - END' $work/nfacctd.log
}

# exporter NAME ADDRESS [OPTION...]: starts an exporter, without privileges. Waits until it
# has printed its destination: frames that are counted from then on are exported.
exporter() {
	start_process "$1" env LD_LIBRARY_PATH=$opt/lib setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all \
		/usr/local/bin/l2pc export --ipfix "$2" --ipfix-interval 0.3 --ipfix-template compat "${@:3}"
	wait_for "the exporter $1" grep -q '^sending' "$work/$1.log"
}

# added_up: adds up lines `MAC PACKETS BYTES` by MAC.
added_up() { awk '{ p[$1] += $2; b[$1] += $3 } END { for (m in p) print m, p[m], b[m] }' | sort; }
by_nfacctd() { awk -F, '/^[0-9a-f:]+,/ { print $1, $2, $3 }' $work/nfacctd.csv | added_up; }
by_nfdump() { LD_LIBRARY_PATH=$opt/lib $opt/nfdump -q -R $work/nfcapd -N -o 'fmt:%ismc %pkt %byt' | added_up; }
in_lifetime() { stations lifetime eth0 | awk '{ print $1, $3, $4 }' | added_up; }
nfacctd_has() { [ "$(by_nfacctd)" = "$1" ]; }

# sent ROUNDS: prints the counts of the frames that send_rounds sends.
sent() {
	for s in 1 20 300; do
		echo "02:00:00:00:00:0$((s == 1 ? 1 : s == 20 ? 2 : 3)) $(($1 * s)) $(($1 * s * 60))"
	done
}

# metric NAME: prints a metric of the exporter at 127.0.0.1:9963.
metric() { printf 'GET /metrics HTTP/1.0\r\n\r\n' | socat -,ignoreeof TCP:127.0.0.1:9963 | awk -v name="l2pc_ipfix_$1" '$1 == name { print $2 }'; }
metric_is() { [ "$(metric "$1")" -ge "$2" ]; }

test_counts_equal_proc() {
	nfcapd
	nfacctd
	exporter to-nfcapd 127.0.0.1:2055
	exporter to-nfacctd 127.0.0.1:4739
	send_rounds 60 >/dev/null
	stop_process to-nfcapd
	stop_process to-nfacctd
	wait_for "nfcapd to read" read_all 2055
	wait_for "nfacctd's counts" nfacctd_has "$(sent 60)"
	stop_process nfcapd
	expect_equal "nfdump" "$(by_nfdump)" "$(sent 60)"
	expect_equal "/proc" "$(rows | awk '{ print $1, $2 }')" "$(by_nfdump | cut -d ' ' -f 1,2)"
	expect_text $work/nfcapd.log 'Sequence Errors: 0, Bad Packets: 0'
}

test_resets() {
	nfcapd
	exporter to-nfcapd 127.0.0.1:2055
	# The interval closes windows, and in between the loop does, faster than the exporter reads.
	l2pc set eth0 reset-interval 1
	for ((i = 0; i < 6; i++)); do
		send_rounds 20 >/dev/null &
		for ((r = 0; r < 5; r++)); do
			l2pc reset eth0 >/dev/null
			echo reset >$proc
		done
		wait $!
	done
	stop_process to-nfcapd
	wait_for "nfcapd to read" read_all 2055
	stop_process nfcapd
	by_nfdump
	expect_equal "nfdump" "$(by_nfdump)" "$(sent 120)"
	expect_equal "lifetime" "$(in_lifetime)" "$(sent 120)"
	expect_number "windows" "$(totals_of lifetime window_id eth0)" -gt 60
}

test_collector_starts_later() {
	exporter to-nfcapd 127.0.0.1:2055 --web.listen-address 127.0.0.1:9963
	send_rounds 10 >/dev/null
	l2pc reset eth0 >/dev/null
	send_rounds 10 >/dev/null
	wait_for "refusals" metric_is 'send_errors_total{error="refused"}' 3
	expect_equal "records sent without a collector" "$(metric records_total)" 0
	nfcapd
	wait_for "the records that waited" metric_is records_total 3
	send_rounds 5 >/dev/null
	stop_process to-nfcapd
	wait_for "nfcapd to read" read_all 2055
	stop_process nfcapd
	expect_equal "nfdump" "$(by_nfdump)" "$(sent 25)"
}

test_module_is_reloaded() {
	nfacctd
	exporter to-nfacctd 127.0.0.1:4739
	send_rounds 3 >/dev/null
	wait_for "the first counts" nfacctd_has "$(sent 3)"
	unload
	load interface=eth0 reset_interval=0
	# All counts of the reloaded module are exported, also those from before the next read.
	send_rounds 4 >/dev/null
	wait_for "the counts of the reloaded module" nfacctd_has "$(sent 7)"
	l2pc del eth0
	l2pc add eth0
	send_rounds 2 >/dev/null
	wait_for "the counts of the new port" nfacctd_has "$(sent 9)"
}
