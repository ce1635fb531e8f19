#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# ipfix.sh [--sanitize | --packages]: l2pc export --ipfix without a kernel, as run.sh: recordings that
# are made up go to a collector of our own (ipfix.py), which knows what has to arrive, to
# nfcapd and nfacctd (lab/collectors.sh), and through tshark. Prints PASS or FAIL for each.
set -u -o pipefail
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
bin=$here/build
ipfix_need() { tools_need && packages_need tshark:tshark text2pcap:wireshark-common && "$here/../../lab/collectors.sh" >/dev/null; }
case ${1-} in
'') ;;
--packages) ipfix_need && exit ;;
--sanitize) bin=$here/build/sanitized ;;
*) echo "usage: tests/tools/ipfix.sh [--sanitize | --packages]" >&2 && exit 2 ;;
esac
ipfix_need || exit
collectors=$("$here/../../lab/collectors.sh") && prometheus=$("$here/../../lab/prometheus.sh") || exit 1
make -s -C "$here" ${1:+SANITIZE=1} || exit 1

scratch=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-ipfix.XXXXXX") || exit 1
pid='' collector='' failed=0
trap 'end pid; end collector; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
export HOME=$scratch L2PC_WORLD=$here/worlds/lan L2PC_ROOT=$here/root L2PC_LATER=$scratch/later
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0"
unset XDG_CONFIG_HOME
echo 0 >"$L2PC_LATER"

# end VARIABLE [SIGNAL]: of a process; the status is its own.
end() {
	local -n process=$1
	local ended=$process
	process=''
	[ -z "$ended" ] || { kill -s "${2-TERM}" "$ended" 2>/dev/null && wait "$ended"; }
}

# check NAME EXPECTED: stdin is that.
check() {
	local now
	now=$(cat)
	if [ "$now" = "$2" ]; then
		echo "PASS ipfix/$1"
	else
		echo "FAIL ipfix/$1"
		diff <(printf '%s\n' "$2") <(printf '%s\n' "$now") | head -n 20 | sed 's/^/    /'
		failed=1
	fi
}

# until_there COMMAND...: within a minute. What is not there then is in the differences.
until_there() {
	local i
	for ((i = 0; i < 600; i++)); do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

# recording KIND STATIONS MOMENTS SEED: $scratch/recording, and $want, what it adds up to.
recording() {
	python3 "$here/ipfix.py" record "$@" "$scratch/recording" "$scratch/want" || exit 1
	want=$(cat "$scratch/want")
}

# collect ADDRESS PORT: our collector; $port is where.
collect() {
	rm -f "$scratch"/{port,state,bytes}
	python3 "$here/ipfix.py" collect "$1" "$2" "$scratch/state" "$scratch/bytes" >"$scratch/port" 2>&1 &
	collector=$!
	until_there grep -q -s "^listening" "$scratch/port" || { cat "$scratch/port" && exit 1; }
	port=$(sed 's/listening //' "$scratch/port")
}

received() { grep -v '^#' "$scratch/state"; }
complete() { cmp -s <(received) "$scratch/want"; }

# begin ADDRESS [OPTION...]: what is recorded, ten times a second.
begin() {
	"$bin/l2pc" export --ipfix "$1" --ipfix-interval 0.1 --replay "$scratch/recording" "${@:2}" 2>"$scratch/said" &
	# shellcheck disable=SC2034 # by end()
	pid=$!
}

# begin_served ADDRESS [OPTION...]: the same, with metrics at $address.
begin_served() {
	exporter_begin "$bin/l2pc" "$scratch/said" --ipfix "$1" --ipfix-interval 0.1 --replay "$scratch/recording" "${@:2}" ||
		{ echo "FAIL ipfix/begin" && exit 1; }
}
# The exporter's clock stands still: who asks moves it on, or is told the same again.
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
	check "refused: $options" $"l2pc: $why"$'\n[2]' <"$scratch/out"
done <<'TABLE'
--ipfix 127.0.0.1|"127.0.0.1" is no address to send to: HOST:PORT or [HOST]:PORT
--ipfix :4739|":4739" is no address to send to: HOST:PORT or [HOST]:PORT
--ipfix 127.0.0.1:0|"127.0.0.1:0" is no address to send to: HOST:PORT or [HOST]:PORT
--ipfix 127.0.0.1:65536|"127.0.0.1:65536" is no address to send to: HOST:PORT or [HOST]:PORT
--ipfix ::1:4739|"::1:4739" is no address to send to: HOST:PORT or [HOST]:PORT
--ipfix 127.0.0.1:4739 --ipfix-template loose|--ipfix-template: invalid value "loose" (one of: strict, compat)
--ipfix 127.0.0.1:4739 --ipfix-interval 0.01|--ipfix-interval: too short "0.01" (at least 0.1s)
--ipfix 127.0.0.1:4739 --stations 5|--stations: needs --web.listen-address (IPFIX sends all stations)
--ipfix 127.0.0.1:4739 --textfile x|conflicting options --textfile, --ipfix (use one)
--ipfix-template compat|--ipfix-template: needs --ipfix
TABLE
# Without a network the resolver says something else: that it names the host is all.
timeout 60 "$bin/l2pc" export --ipfix collector.invalid:4739 >"$scratch/out" 2>&1
echo "[$?]" >>"$scratch/out"
sed 's/: [^:]*$/: .../' "$scratch/out" | check 'refused: no such host' $'l2pc: cannot send to collector.invalid:4739: ...\n[2]'

for seed in 1 2 3 4 5; do
	recording hostile 20 12 "$seed"
	collect 127.0.0.1 0
	begin "127.0.0.1:$port"
	until_there complete
	# The last round has nothing more to say.
	end pid
	check "hostile $seed: ends" "0, sending IPFIX to 127.0.0.1:$port" <<<"$?, $(cat "$scratch/said")"
	received | check "hostile $seed" "$want"
	end collector
done

# What tshark says of the last one.
text2pcap -q -u 4739,4739 "$scratch/bytes" "$scratch/messages.pcap" 2>"$scratch/out" || cat "$scratch/out"
dissect() { tshark -r "$scratch/messages.pcap" -d udp.port==4739,cflow "$@" 2>&1 | grep -v '^Running as user'; }
dissect -Y '_ws.expert || _ws.malformed || !cflow' | check tshark ''
dissect -T fields -e cflow.packets | tr ',' '\n' | awk '{ sum += $1 } END { printf "%.0f\n", sum }' |
	check tshark-packets "$(frames "$scratch/want")"

recording plain 10000 2 1
collect ::1 0
begin_served "[::1]:$port" --ipfix-template compat --stations 1
until_there complete
received | check 'ten thousand' "$want"
metrics >"$scratch/metrics"
"$prometheus/promtool" check metrics <"$scratch/metrics" 2>&1 | check promtool ''
# Templates go on: each is counted a moment later on one side.
counted() { metrics | sed -n 's/^l2pc_ipfix_\(messages\|records\|bytes\)_total /\1 /p' | paste -s -d ' '; }
arrived() { sed -n 's/^# \(.*\) largest.*/\1/p' "$scratch/state"; }
agree() { [ "$(counted)" = "$(arrived)" ]; }
{ until_there agree && echo agree; } | check metrics agree
counted | wc -w | check 'metrics are there' 6
grep '^l2pc_ipfix_.*\(error\|lost\|deferred\|unread\)' "$scratch/metrics" | grep -v ' 0$' | check 'metrics of trouble' ''
sed -n 's/.*largest //p' "$scratch/state" | awk '{ print ($1 <= 1400 && $1 > 1300) ? "full" : $1 }' | check largest full
end pid
end collector

# Nobody is there. What waits comes at once when somebody is, and nothing was lost.
recording plain 200 4 2
collect 127.0.0.1 0
end collector
begin_served "127.0.0.1:$port"
until_there metric_is deferred_rounds_total 10
metric_is 'send_errors_total{error="refused"}' 10 && echo counted | check down counted
collect 127.0.0.1 "$port"
until_there complete
received | check 'down, then up' "$want"
metric lost_packets_total | check 'down, then up: lost' 0
end pid
end collector
# It was away longer than the ports: what is not sent is counted.
recording hostile 20 12 6
begin_served "127.0.0.1:$port"
until_there metric_is deferred_rounds_total 15
collect 127.0.0.1 "$port"
sent() { [ $(($(frames "$scratch/state") + $(metric lost_packets_total))) = "$(frames "$scratch/want")" ]; }
until_there sent
echo $(($(frames "$scratch/state") + $(metric lost_packets_total))) | check 'down for too long' "$(frames "$scratch/want")"
{ metric_is lost_packets_total 1 && received | grep '^error' || echo clean; } | check 'down for too long: lost' clean
end pid
end collector

# In the middle of a round a message is not taken: for a moment, for longer than is waited
# for, or because nobody is there. The rest of the round comes later, and nothing is lost.
while IFS='|' read -r name fails counts waits; do
	recording plain 2000 6 8
	collect 127.0.0.1 0
	export L2PC_SEND=$fails
	begin_served "127.0.0.1:$port"
	until_there complete
	received | check "$name" "$want"
	{ metric_is "send_errors_total{error=\"$counts\"}" 1 && echo counted; } | check "$name: counted" counted
	{ [ "$(metric deferred_rounds_total)" = 0 ] || echo later; } | check "$name: rounds" "$waits"
	metric lost_packets_total | check "$name: lost" 0
	end pid
	unset L2PC_SEND
	end collector
done <<'TABLE'
no room for a moment|50 11 13 105|no_buffers|
no room for longer|50 11 30 105|no_buffers|later
refused in the middle|20 7 7 111|refused|later
TABLE

# free_port: one that nobody has just now.
free_port() { python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# listens PORT: somebody has it. read_all PORT: and has read what came.
udp() { awk -v port="$(printf ':%04X' "$1")" 'index($2, port) == length($2) - 4 { print $5 }' /proc/net/udp; }
listens() { [ -n "$(udp "$1")" ]; }
read_all() { [ "$(udp "$1")" = 00000000:00000000 ]; }

# What other collectors make of it: addresses, VLANs, frames and bytes.
recording hostile 50 6 7
port=$(free_port)
mkdir "$scratch/nfcapd"
"$collectors/nfcapd" -w "$scratch/nfcapd" -p "$port" -b 127.0.0.1 -t 3600 >"$scratch/nfcapd.log" 2>&1 &
collector=$!
until_there listens "$port"
begin_served "127.0.0.1:$port" --ipfix-template compat
# The recording is over when nothing is added any more; at the end the rest is sent.
over() { local now; now=$(metric records_total) && sleep 2 && [ "$now" -gt 0 ] && [ "$now" = "$(metric records_total)" ]; }
until_there over
end pid
until_there read_all "$port"
end collector
"$collectors/nfdump" -q -R "$scratch/nfcapd" -N -o 'fmt:%in %ismc %svln %pkt %byt' >"$scratch/nfdump"
awk '{ packets[$1 " " $2 " " $3] += $4; bytes[$1 " " $2 " " $3] += $5 }
	END { for (s in packets) printf "%s %.0f %.0f\n", s, packets[s], bytes[s] }' "$scratch/nfdump" | sort >"$scratch/now"
# Collectors have 0 for what is not there.
zeros() { awk '{ if ($2 == "-") $2 = "00:00:00:00:00:00"; if ($3 == "-") $3 = 0; k = $1 " " $2 " " $3; p[k] += $4; b[k] += $5 }
	END { for (s in p) printf "%s %.0f %.0f\n", s, p[s], b[s] }' "$scratch/want" | sort; }
check nfdump "$(zeros)" <"$scratch/now"
sed -n 's/.*\(Sequence Errors: [0-9]*, Bad Packets: [0-9]*\).*/\1/p' "$scratch/nfcapd.log" | sort -u |
	check nfcapd 'Sequence Errors: 0, Bad Packets: 0'

port=$(free_port)
cat >"$scratch/nfacctd.conf" <<-CONFIG
	daemonize: false
	nfacctd_ip: 127.0.0.1
	nfacctd_port: $port
	plugins: print[all]
	aggregate[all]: in_iface, src_mac, vlan
	print_output[all]: csv
	print_output_file[all]: $scratch/nfacctd.csv
	print_output_file_append[all]: true
	print_refresh_time[all]: 1
CONFIG
"$collectors/nfacctd" -f "$scratch/nfacctd.conf" >"$scratch/nfacctd.log" 2>&1 &
# shellcheck disable=SC2034 # by end()
collector=$!
# It forgets what it is told before its plugin runs.
until_there grep -q -s 'Purging cache - END' "$scratch/nfacctd.log"
begin "127.0.0.1:$port" --ipfix-template compat
nfacctd() {
	[ ! -e "$scratch/nfacctd.csv" ] || awk -F, '/^[0-9a-f:]+,/ { k = $3 " " $1 " " $2; p[k] += $4; b[k] += $5 }
		END { for (s in p) printf "%s %.0f %.0f\n", s, p[s], b[s] }' "$scratch/nfacctd.csv" | sort
}
told() { [ "$(nfacctd)" = "$(zeros)" ]; }
until_there told
end pid
nfacctd | check nfacctd "$(zeros)"
# It does not hear of the other.
end collector INT
exit $failed
