#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# ipfix.sh [--sanitize | --packages]: test l2pc export --ipfix without a kernel (see run.sh).
# Made-up recordings are sent to a collector of these tests (ipfix.py), which knows the
# expected counts, and to nfcapd and nfacctd (lab/collectors.sh). tshark reads the messages.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
bin=$here/build
case ${1-} in
'' | --packages) ;;
--sanitize) bin=$here/build/sanitized ;;
*) die "unknown option $1" "usage: tests/tools/ipfix.sh [--sanitize | --packages]" ;;
esac
tools_need
packages_need tshark:tshark text2pcap:wireshark-common
"$lab/collectors.sh" >/dev/null || exit
suite_need_no_more
collectors=$("$lab/collectors.sh") && prometheus=$("$lab/prometheus.sh") || exit 1
make -s -C "$here" ${1:+SANITIZE=1} || exit 1

pid='' collector=''
cleanup() {
	end pid
	end collector
}
export HOME=$scratch L2PC_WORLD=$here/worlds/lan L2PC_ROOT=$here/root L2PC_LATER=$scratch/later
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0"
unset XDG_CONFIG_HOME
echo 0 >"$L2PC_LATER"

# end VARIABLE [SIGNAL]: end the process whose pid is in VARIABLE, and return its status.
end() {
	local -n process=$1
	local ended=$process
	process=''
	[ -z "$ended" ] || { kill -s "${2-TERM}" "$ended" 2>/dev/null && wait "$ended"; }
}

# recording KIND STATIONS MOMENTS SEED: make $scratch/recording, and $want, its expected sums.
recording() {
	python3 "$here/ipfix.py" record "$@" "$scratch/recording" "$scratch/want" || exit 1
	want=$(cat "$scratch/want")
}

# collect ADDRESS PORT: start the tests' collector, and set $port to its port.
collect() {
	rm -f "$scratch"/{port,state,bytes}
	python3 "$here/ipfix.py" collect "$1" "$2" "$scratch/state" "$scratch/bytes" >"$scratch/port" 2>&1 &
	collector=$!
	wait_for grep -q -s "^listening" "$scratch/port" || die "the collector does not listen" "$(cat "$scratch/port")"
	port=$(sed 's/listening //' "$scratch/port")
}

received() { grep -v '^#' "$scratch/state"; }
complete() { cmp -s <(received) "$scratch/want"; }

# begin ADDRESS [OPTION...]: start to export the recording, ten readings a second.
begin() {
	"$bin/l2pc" export --ipfix "$1" --ipfix-interval 0.1 --replay "$scratch/recording" "${@:2}" 2>"$scratch/said" &
	# shellcheck disable=SC2034 # by end()
	pid=$!
}

# begin_served ADDRESS [OPTION...]: the same, with metrics served at $address.
begin_served() {
	exporter_start "$bin/l2pc" "$scratch/said" --ipfix "$1" --ipfix-interval 0.1 --replay "$scratch/recording" "${@:2}" ||
		suite_end
}
# metrics: print the metrics. The exporter's clock stands still, so advance it first: within
# a second the answer would be the same.
metrics() {
	echo $(($(cat "$L2PC_LATER") + 2)) >"$L2PC_LATER"
	curl -sS --max-time 60 "http://$address/metrics"
}
metric() { metrics | awk -v name="l2pc_ipfix_$1" '$1 == name { print $2 }'; }
metric_is() { [ "$(metric "$1")" -ge "$2" ]; }
frames() { awk '!/^#/ { sum += $4 } END { printf "%.0f\n", sum }' "$1"; }

while IFS='|' read -r options why; do
	# shellcheck disable=SC2086 # several
	timeout 60 "$bin/l2pc" export $options >"$scratch/out" 2>&1
	echo "[$?]" >>"$scratch/out"
	expect_output "refused: $options" $"l2pc: $why"$'\n[2]' <"$scratch/out"
done <<'TABLE'
--ipfix 127.0.0.1|invalid address to send to "127.0.0.1" (HOST:PORT or [HOST]:PORT)
--ipfix :4739|invalid address to send to ":4739" (HOST:PORT or [HOST]:PORT)
--ipfix 127.0.0.1:0|invalid address to send to "127.0.0.1:0" (HOST:PORT or [HOST]:PORT)
--ipfix 127.0.0.1:65536|invalid address to send to "127.0.0.1:65536" (HOST:PORT or [HOST]:PORT)
--ipfix ::1:4739|invalid address to send to "::1:4739" (HOST:PORT or [HOST]:PORT)
--ipfix 127.0.0.1:4739 --ipfix-template loose|--ipfix-template: invalid value "loose" (one of: strict, compat)
--ipfix 127.0.0.1:4739 --ipfix-interval 0.01|--ipfix-interval: too short "0.01" (at least 0.1s)
--ipfix 127.0.0.1:4739 --stations 5|--stations: needs --web.listen-address (IPFIX sends all stations)
--ipfix 127.0.0.1:4739 --textfile x|conflicting options --textfile, --ipfix (use one)
--ipfix-template compat|--ipfix-template: needs --ipfix
--ipfix-size 1000|--ipfix-size: needs --ipfix
--ipfix 127.0.0.1:4739 --ipfix-size 511|--ipfix-size: too small "511" (from 512 to 8952)
TABLE
# Without a network the resolver's message differs: expect only the host's name.
timeout 60 "$bin/l2pc" export --ipfix collector.invalid:4739 >"$scratch/out" 2>&1
echo "[$?]" >>"$scratch/out"
sed 's/: [^:]*$/: .../' "$scratch/out" | expect_output 'refused: no such host' $'l2pc: cannot send to collector.invalid:4739: ...\n[2]'

for seed in 1 2 3 4 5; do
	recording hostile 20 12 "$seed"
	collect 127.0.0.1 0
	begin "127.0.0.1:$port"
	wait_for complete
	# The last round has no more records.
	end pid
	expect_output "hostile $seed: ends" "0, sending IPFIX to 127.0.0.1:$port" <<<"$?, $(cat "$scratch/said")"
	received | expect_output "hostile $seed" "$want"
	end collector
done

# tshark decodes the messages of the last seed.
text2pcap -q -u 4739,4739 "$scratch/bytes" "$scratch/messages.pcap" 2>"$scratch/out" || cat "$scratch/out"
dissect() { tshark -r "$scratch/messages.pcap" -d udp.port==4739,cflow "$@" 2>&1 | grep -v '^Running as user'; }
dissect -Y '_ws.expert || _ws.malformed || !cflow' | expect_output tshark ''
dissect -T fields -e cflow.packets | tr ',' '\n' | awk '{ sum += $1 } END { printf "%.0f\n", sum }' |
	expect_output tshark-packets "$(frames "$scratch/want")"

# Without sent frames there are no templates for them, and no record has a direction.
recording plain 20 3 1
collect 127.0.0.1 0
begin "127.0.0.1:$port"
wait_for complete
end pid
text2pcap -q -u 4739,4739 "$scratch/bytes" "$scratch/messages.pcap" 2>"$scratch/out" || cat "$scratch/out"
dissect -T fields -e cflow.template_id | tr ',' '\n' | sort -u | grep . | paste -s -d ' ' | expect_output 'templates of received frames' '256 257 258'
dissect -Y 'cflow.direction' | expect_output 'no direction' ''
end collector

recording both 5000 3 3
collect 127.0.0.1 0
begin_served "127.0.0.1:$port" --ipfix-template compat
wait_for complete
received | expect_output 'both directions' "$want"
sed -n 's/.*largest //p' "$scratch/state" | awk '{ print ($1 <= 1400 && $1 > 1300) ? "full" : $1 }' | expect_output 'both directions: largest' full
end pid
end collector

recording plain 10000 2 1
collect ::1 0
begin_served "[::1]:$port" --ipfix-template compat --stations 1
wait_for complete
received | expect_output 'ten thousand' "$want"
metrics >"$scratch/metrics"
"$prometheus/promtool" check metrics <"$scratch/metrics" 2>&1 | expect_output promtool ''
# Templates are sent repeatedly: the two counters may disagree for a moment.
counted() { metrics | sed -n 's/^l2pc_ipfix_\(messages\|records\|bytes\)_total /\1 /p' | paste -s -d ' '; }
arrived() { sed -n 's/^# \(.*\) largest.*/\1/p' "$scratch/state"; }
agree() { [ "$(counted)" = "$(arrived)" ]; }
{ wait_for agree && echo agree; } | expect_output metrics agree
counted | wc -w | expect_output 'metrics are there' 6
grep '^l2pc_ipfix_.*\(error\|lost\|deferred\|unread\)' "$scratch/metrics" | grep -v ' 0$' | expect_output 'metrics of trouble' ''
sed -n 's/.*largest //p' "$scratch/state" | awk '{ print ($1 <= 1232 && $1 > 1132) ? "full" : $1 }' | expect_output 'largest over IPv6' full
end pid
end collector

# No collector listens at first. Deferred rounds are sent as soon as one does: no loss.
recording plain 200 4 2
collect 127.0.0.1 0
end collector
begin_served "127.0.0.1:$port"
wait_for metric_is deferred_rounds_total 10
{ metric_is 'send_errors_total{error="refused"}' 10 && echo counted; } | expect_output down counted
collect 127.0.0.1 "$port"
wait_for complete
received | expect_output 'down, then up' "$want"
metric lost_packets_total | expect_output 'down, then up: lost' 0
end pid
end collector
# The collector was away for longer than the ports existed: lost frames are counted.
recording hostile 20 12 6
begin_served "127.0.0.1:$port"
wait_for metric_is deferred_rounds_total 15
collect 127.0.0.1 "$port"
sent() { [ $(($(frames "$scratch/state") + $(metric lost_packets_total))) = "$(frames "$scratch/want")" ]; }
wait_for sent
echo $(($(frames "$scratch/state") + $(metric lost_packets_total))) | expect_output 'down for too long' "$(frames "$scratch/want")"
{ metric_is lost_packets_total 1 && received | grep '^error' || echo clean; } | expect_output 'down for too long: lost' clean
end pid
end collector

# A message in the middle of a round is refused: for a moment, for longer than the exporter
# retries, or because no collector listens. The round continues later, and nothing is lost.
while IFS='|' read -r name fails counts waits; do
	recording both 2000 6 8
	collect 127.0.0.1 0
	export L2PC_SEND=$fails
	begin_served "127.0.0.1:$port"
	wait_for complete
	received | expect_output "$name" "$want"
	{ metric_is "send_errors_total{error=\"$counts\"}" 1 && echo counted; } | expect_output "$name: counted" counted
	{ [ "$(metric deferred_rounds_total)" = 0 ] || echo later; } | expect_output "$name: rounds" "$waits"
	metric lost_packets_total | expect_output "$name: lost" 0
	end pid
	unset L2PC_SEND
	end collector
done <<'TABLE'
no room for a moment|50 11 13 105|no_buffers|
no room for longer|50 11 30 105|no_buffers|later
refused in the middle|20 7 7 111|refused|later
TABLE

# free_port: print a port that is free at present.
free_port() { python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# listens PORT: true when a socket is bound. read_all PORT: true when its queue is empty.
udp() { awk -v port="$(printf ':%04X' "$1")" 'index($2, port) == length($2) - 4 { print $5 }' /proc/net/udp; }
listens() { [ -n "$(udp "$1")" ]; }
read_all() { [ "$(udp "$1")" = 00000000:00000000 ]; }

# Compare the counts of other collectors: addresses, VLANs, frames and bytes.
recording hostile 50 6 7
port=$(free_port)
mkdir "$scratch/nfcapd"
"$collectors/nfcapd" -w "$scratch/nfcapd" -p "$port" -b 127.0.0.1 -t 3600 >"$scratch/nfcapd.log" 2>&1 &
collector=$!
wait_for listens "$port"
begin_served "127.0.0.1:$port" --ipfix-template compat
# replay_done: true when no records are added any more. The rest is sent at the end.
replay_done() { local now; now=$(metric records_total) && sleep 2 && [ "$now" -gt 0 ] && [ "$now" = "$(metric records_total)" ]; }
wait_for replay_done
end pid
wait_for read_all "$port"
end collector
"$collectors/nfdump" -q -R "$scratch/nfcapd" -N -o 'fmt:%in %ismc %svln %out %idmc %dvln %pkt %byt' >"$scratch/nfdump"
# A record of sent frames has the interface, the address and the VLAN of the other side.
awk '{ k = $1 + 0 ? $1 " " $2 " " $3 : ">" $4 " " $5 " " $6; packets[k] += $7; bytes[k] += $8 }
	END { for (s in packets) printf "%s %.0f %.0f\n", s, packets[s], bytes[s] }' "$scratch/nfdump" | sort >"$scratch/now"
# Other collectors print 0 for absent fields.
zeros() { awk '{ if ($2 == "-") $2 = "00:00:00:00:00:00"; if ($3 == "-") $3 = 0; k = $1 " " $2 " " $3; p[k] += $4; b[k] += $5 }
	END { for (s in p) printf "%s %.0f %.0f\n", s, p[s], b[s] }' "$scratch/want" | sort; }
expect_output nfdump "$(zeros)" <"$scratch/now"
sed -n 's/.*\(Sequence Errors: [0-9]*, Bad Packets: [0-9]*\).*/\1/p' "$scratch/nfcapd.log" | sort -u |
	expect_output nfcapd 'Sequence Errors: 0, Bad Packets: 0'

port=$(free_port)
cat >"$scratch/nfacctd.conf" <<-CONFIG
	daemonize: false
	nfacctd_ip: 127.0.0.1
	nfacctd_port: $port
	plugins: print[all]
	aggregate[all]: in_iface, out_iface, src_mac, dst_mac, vlan
	print_output[all]: csv
	print_output_file[all]: $scratch/nfacctd.csv
	print_output_file_append[all]: true
	print_refresh_time[all]: 1
CONFIG
"$collectors/nfacctd" -f "$scratch/nfacctd.conf" >"$scratch/nfacctd.log" 2>&1 &
# shellcheck disable=SC2034 # by end()
collector=$!
# nfacctd drops records that arrive before its plugin runs.
wait_for grep -q -s 'Purging cache - END' "$scratch/nfacctd.log"
begin "127.0.0.1:$port" --ipfix-template compat
nfacctd() {
	[ ! -e "$scratch/nfacctd.csv" ] || awk -F, '/^[0-9a-f:]+,/ { k = $4 + 0 ? $4 " " $1 " " $3 : ">" $5 " " $2 " " $3; p[k] += $6; b[k] += $7 }
		END { for (s in p) printf "%s %.0f %.0f\n", s, p[s], b[s] }' "$scratch/nfacctd.csv" | sort
}
nfacctd_complete() { [ "$(nfacctd)" = "$(zeros)" ]; }
wait_for nfacctd_complete
end pid
nfacctd | expect_output nfacctd "$(zeros)"
# nfacctd does not end on SIGTERM.
end collector INT
suite_end
