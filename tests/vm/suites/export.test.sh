#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 120 s
# kernels: 6.1
# because: for its size
# lab: --cpus 2 --mem 2048 --timeout 900
# l2pc export with the live module, scraped by a real Prometheus: the stored counters equal
# the frames sent exactly, also across resets. tests/tools/export.sh has the exporter's
# responses to its clients.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

export LC_ALL=C
exporter=127.0.0.1:9963 prometheus=127.0.0.1:9090

setup() {
	rm -rf /tmp/prometheus /tmp/sent
	ip link set lo up
	veth_pair eth0 cable
	load interface=eth0 reset_interval=0
	serve 100
}

# serve N: starts an exporter, without privileges, with series of N stations a port.
serve() {
	: >/tmp/exporter.err
	LD_LIBRARY_PATH=/opt/prometheus/lib setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all \
		/usr/local/bin/l2pc export --web.listen-address $exporter --stations "$1" 2>/tmp/exporter.err &
	echo $! >/tmp/exporter.pid
	wait_for "the exporter" grep -q '^listening' /tmp/exporter.err
}

teardown() {
	pktgen_clear
	kill "$(cat /tmp/exporter.pid)"
	[ ! -e /tmp/prometheus.pid ] || kill "$(cat /tmp/prometheus.pid)"
	unload_if_loaded
	ip link del eth0
} 2>/dev/null

# get ADDRESS PATH: prints the body of a response. The connection stays open until the
# response has arrived: Prometheus cancels a query whose client has closed its half.
get() { printf 'GET %s HTTP/1.0\r\n\r\n' "$2" | socat -,ignoreeof "TCP:$1" | sed '1,/^\r*$/d'; }
# exports LINE: succeeds when the exporter's metrics have a line that matches. grep -q would
# exit at the match, and the writer to the pipe would fail.
exports() { get $exporter /metrics | grep -x -e "$1" >/dev/null; }
up() { exports "l2pc_up $1"; }

# stored: prints MAC FIRST LAST SAMPLES of each station's counter in Prometheus.
stored() {
	get $prometheus '/api/v1/query?query=l2pc_station_receive_packets_total%5B1h%5D' | sed 's/{"metric"/\n&/g' | awk '
		match($0, /"mac_address":"[0-9a-f:]+"/) {
			mac = substr($0, RSTART + 15, 17)
			sub(/.*"values":/, "")
			samples = gsub(/\],\[/, "\n")
			first = last = $0
			sub(/\n.*/, "", first)
			sub(/.*\n/, "", last)
			gsub(/^[^"]*"|".*/, "", first)
			gsub(/^[^"]*"|".*/, "", last)
			print mac, first, last, samples + 1
		}' | sort
}
all_stored() { [ "$(stored | wc -l)" = 3 ]; }

# scraped_after TIME: succeeds when Prometheus has stored a scrape that is newer than TIME.
scraped_after() {
	local now
	now=$(get $prometheus '/api/v1/query?query=timestamp(l2pc_up)' | sed 's/.*"value":\[[0-9.]*,"\([0-9]*\).*/\1/')
	[ -n "$now" ] && [ "$now" -gt "$1" ]
}

test_stored_counters_are_exact() {
	local before sent_at
	mkdir /tmp/prometheus
	cat >/tmp/prometheus/config.yml <<-YAML
		global: { scrape_interval: 1s }
		scrape_configs: [ { job_name: l2pc, static_configs: [ { targets: [ '$exporter' ] } ] } ]
	YAML
	/opt/prometheus/prometheus --config.file=/tmp/prometheus/config.yml --storage.tsdb.path=/tmp/prometheus/data \
		--web.listen-address=$prometheus >/tmp/prometheus/log 2>&1 &
	echo $! >/tmp/prometheus.pid
	# Frames before the first sample are not in the difference of samples.
	send_rounds 1 >/dev/null
	wait_for "the first samples" all_stored
	before=$(stored | awk '{ print $1, $2 }')
	expect_equal "the first samples" "$before" $'02:00:00:00:00:01 1\n02:00:00:00:00:02 20\n02:00:00:00:00:03 300'
	for _ in 1 2 3; do
		send_rounds 50 >>/tmp/sent &
		l2pc reset eth0
		wait $!
	done
	send_rounds 50 >>/tmp/sent
	sent_at=$(date +%s)
	wait_for "a scrape after the last frame" scraped_after "$((sent_at + 1))"
	stored
	expect_equal "frames sent" "$(awk '{ s += $1 } END { print s }' /tmp/sent)" $((200 * 321))
	expect_equal "the last sample less the first" "$(stored | awk '{ print $1, $3 - $2 }')" \
		$'02:00:00:00:00:01 200\n02:00:00:00:00:02 4000\n02:00:00:00:00:03 60000'
	expect_equal "closed windows" "$(totals_of lifetime window_id eth0)" 4
}

test_module_is_reloaded() {
	send_rounds 1 >/dev/null
	expect_success "l2pc_up 1, with the module loaded" up 1
	unload
	wait_for "l2pc_up 0, with the module unloaded" up 0
	expect_success "the exporter still runs" kill -0 "$(cat /tmp/exporter.pid)"
	load interface=eth0 reset_interval=0
	wait_for "l2pc_up 1, with the module loaded again" up 1
	send_rounds 2 >/dev/null
	wait_for "the module's counters" exports 'l2pc_station_receive_packets_total{.*:03",vlan=""} 600'
}

# metric NAME: prints a metric's value in the response /tmp/answer; of stations, the sum.
metric() { awk -v name="$1" '$1 == name || index($1, name "{") == 1 { sum += $2 } END { printf "%.0f\n", sum }' /tmp/answer; }

test_million() {
	local i pids=() used
	unload
	load interface=eth0 reset_interval=0 max_stations=1100000
	kill "$(cat /tmp/exporter.pid)"
	wait "$(cat /tmp/exporter.pid)"
	serve 1000
	pktgen_thread 0 eth0 1000000 1000000 02:00:00:00:00:00
	pktgen_run
	send_rounds 1 >/dev/null
	# As many clients as this guest can start at once; tests/tools/export.sh has 500.
	for ((i = 0; i < 20; i++)); do
		get $exporter /metrics >"/tmp/answer$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for ((i = 0; i < 20; i++)); do
		expect_equal "series in response $i" "$(grep -c '^l2pc_station_receive_packets_total' "/tmp/answer$i")" 1000
	done
	cp /tmp/answer19 /tmp/answer
	used=$(awk '/^VmHWM/ { print $2 }' "/proc/$(cat /tmp/exporter.pid)/status")
	echo "$(wc -c </tmp/answer) bytes, $(sort -u /tmp/answer? /tmp/answer?? | grep -c '^l2pc_scrape_duration_seconds ') dumps, exporter $used kB"
	expect_number "bytes of the response" "$(wc -c </tmp/answer)" -lt 2000000
	expect_number "kB that the exporter has used" "$used" -lt 32768
	expect_equal "stations" "$(metric l2pc_device_stations)" 1000000
	expect_equal "stations without series" "$(metric l2pc_device_stations_omitted)" 999000
	expect_equal "frames of the port" "$(metric l2pc_device_receive_packets_total)" 1000321
	expect_equal "frames of stations, omitted and untracked" "$(($(metric l2pc_station_receive_packets_total) + $(metric l2pc_device_omitted_packets) +
		$(metric l2pc_device_untracked_packets_total)))" 1000321
	expect_equal "the busiest stations" "$(sed -n 's/^l2pc_station_receive_packets_total.*mac_address="02:00:00:00:00:\(0[1-3]\)",vlan=""}/\1/p' /tmp/answer)" \
		$'01 2\n02 21\n03 301'
}
