#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# export.sh [--sanitize | --valgrind]: test the answers of l2pc export, without a kernel (see
# run.sh). promtool (lab/prometheus.sh) checks the metrics.
#
# The exporter's clock stands still unless a test advances it, so that no result depends on
# the duration of a test.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
# shellcheck source=tests/tools/program.sh
. "$here/program.sh"
kind=${1-}
case $kind in
'' | --sanitize | --valgrind) kind=${kind#--} ;;
*) die "unknown option $kind" "usage: tests/tools/export.sh [--sanitize | --valgrind]" ;;
esac
tools_need
prometheus=$("$lab/prometheus.sh") || exit 1

pid=''
cleanup() { stop; }
export HOME=$scratch L2PC_LATER=$scratch/later L2PC_AWAY=$scratch/away
bin=$scratch/bin
program_make "$kind" "$bin" || exit 1
unset XDG_CONFIG_HOME
cp -r "$here/root" "$scratch/root"
# A name with a quote, a backslash, markup, and invalid UTF-8.
printf '02:00:00:00:00:66 a"b\\n<script>alert(1)</script>\377\302\001\n' >>"$scratch/root/etc/ethers"
export L2PC_ROOT=$scratch/root

l2pc() { L2PC_WORLD=$here/worlds/$world "$bin/l2pc" "$@"; }
later() { echo "$1" >"$L2PC_LATER"; }

stop() {
	[ -n "$pid" ] || return 0
	kill "$pid" 2>/dev/null
	wait "$pid"
	pid=''
}

# begin WORLD [OPTION...]: start an exporter at a free port. begin_in FILE: the same, with the
# world in FILE.
begin() {
	local name=$1
	shift
	world=$name
	begin_in "$here/worlds/$name" "$@"
}
begin_in() {
	local file=$1
	stop
	shift
	rm -f "$L2PC_LATER" "$L2PC_AWAY"
	L2PC_WORLD=$file exporter_start "$bin/l2pc" "$scratch/said" "$@" ||
		suite_end
}

get() { curl -sS --max-time 60 "http://$address$1" "${@:2}"; }
stations() { get /metrics | sed -n 's/^l2pc_station_receive_packets_total{.*mac_address="\([^"]*\)".*} /\1 /p'; }

# lint NAME: check the metrics on stdin.
lint() { "$prometheus/promtool" check metrics >"$scratch/lint" 2>&1; expect_output "$1" "" <"$scratch/lint"; }

begin lan --stations 2
get /metrics | lint promtool
get /metrics | sed -n 's/^l2pc_up //p' | expect_output up 1
get /metrics | grep '^l2pc_device_malformed' | expect_output malformed $'l2pc_device_malformed_packets_total{device="eth0"} 6'
get /metrics -D - -o /dev/null | tr -d '\r' | sed -n 's/^Content-Type: //p' |
	expect_output text 'text/plain; version=0.0.4; charset=utf-8'
# Send the Accept header of Prometheus.
get /metrics -D - -o "$scratch/open" \
	-H 'Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1' |
	tr -d '\r' | sed -n 's/^Content-Type: //p' | expect_output openmetrics 'application/openmetrics-text; version=1.0.0; charset=utf-8'
tail -n 1 "$scratch/open" | expect_output openmetrics-end '# EOF'
grep -v '^l2pc_scrape\|^#' "$scratch/open" | cmp - <(get /metrics | grep -v '^l2pc_scrape\|^#') 2>&1 | expect_output openmetrics-same ''
while IFS='|' read -r accept form; do
	get /metrics -D - -o /dev/null -H "Accept: $accept" | sed -n 's/^Content-Type: \([^;]*\).*/\1/p' | expect_output "accept: $accept" "$form"
done <<'TABLE'
text/html,*/*;q=0.8|text/plain
application/openmetrics-text|application/openmetrics-text
application/openmetrics-text;q=0.3,text/plain;q=0.7|text/plain
application/openmetrics-text;q=0.7,text/plain;q=0.3|application/openmetrics-text
application/openmetrics-text;q=0|text/plain
application/openmetrics-text;q=2|text/plain
application/openmetrics-text; version="1.0.0"; q=1|application/openmetrics-text
application/openmetrics-text;version=9.0.0,*/*|text/plain
APPLICATION/OPENMETRICS-TEXT ; Q=0.5 , text/* ; q=0.4|application/openmetrics-text
;;;,,,=;q|text/plain
TABLE
get /metrics | grep -v '^l2pc_scrape' >"$scratch/plain"
get /metrics -H 'Accept-Encoding: gzip' | gzip -dc | grep -v '^l2pc_scrape' | cmp - "$scratch/plain" 2>&1 | expect_output gzip ''
while IFS='|' read -r accept encoding; do
	get /metrics -D - -o /dev/null -H "Accept-Encoding: $accept" | tr -d '\r' | sed -n 's/^Content-Encoding: //p' | expect_output "accept-encoding: $accept" "$encoding"
done <<'TABLE'
identity|
gzip;q=0|
gzip;q=0,*|
*;q=0.1|gzip
br, GZIP;q=0.5|gzip
TABLE
get /api/v1/stations | expect_output json "$(l2pc -j show --lifetime)"
get '/api/v1/stations?device=eth0&limit=1' | jq -c '.[] | [.ifname, [.stations[].mac], .not_shown.stations, .not_shown.packets]' |
	expect_output json-limit '["eth0",["02:00:00:00:00:02"],2,207]'
begin altnames
for device in eth0 enp81s0f0 uplink-to-the-building-next-door eth0.gone nosuch; do
	get "/api/v1/stations?device=$device" | jq -c '[.[].ifname]'
done | expect_output json-altname $'["eth0"]\n["eth0"]\n["eth0"]\n["eth0.gone"]\n[]'
begin lan --stations 2
get '/api/v1/stations?limit=x' -w '%{http_code}' | expect_output json-bad-limit $'limit: not a number\n400'
# The history: there is none, then there is one, and then the request is wrong.
get /api/v1/history -w '%{http_code}' | sed "s,$L2PC_ROOT,," | expect_output history-none $'/var/lib/l2pc/history.db: no such file (l2pc save creates it)\n503'
l2pc save >/dev/null
get /api/v1/history | expect_output history "$(l2pc -j history)"
get '/api/v1/history?device=eth0&by=hour&last=2h&top=1' | expect_output history-top "$(l2pc -j history eth0 --by hour --last 2h --top 1)"
get '/api/v1/history?station=02:00:00:00:00:02&month=2025-11' | expect_output history-station "$(l2pc -j history --station 02:00:00:00:00:02 --month 2025-11)"
get '/api/v1/history?by=year' -w '%{http_code}' | expect_output history-bad-by $'by: invalid value "year" (one of: 10min, hour, day, month)\n400'
get '/api/v1/history?last=1d&from=2025-11-01' -w '%{http_code}' | expect_output history-bad-range $'last, month, from and to: use one\n400'
get '/api/v1/history?from=x' -w '%{http_code}' | expect_output history-bad-date $'--from: invalid date (examples: 2026-11-18, "2026-11-18 13:00")\n400'
get /nosuch -o /dev/null -w '%{http_code}' | expect_output no-such-page 404
get /metrics -X DELETE -o /dev/null -w '%{http_code}' | expect_output no-such-method 405
get /metrics -I | sed -n 's/^HTTP.* \([0-9]*\) .*/\1/p' | expect_output head 200
get /metrics -o /dev/null --next -sS "http://$address/metrics" -o /dev/null -w '%{num_connects}' | expect_output keep-alive 0
get / | grep -c -E 'https?://' | expect_output page-external-links 1
stop
expect_output status-quiet "listening at http://$address/" <"$scratch/said"

# Sent frames have families of their own, where a port counts them: the sums hold, and a
# station that nothing was sent to has 0.
begin lan --stations 2
get /metrics | grep -c 'receive\|transmit' | expect_output 'no sent frames' "$(get /metrics | grep -c receive)"
begin both --stations 3
get /metrics | lint sent-promtool
sed 's/^station lifetime 02:.*02 .*/station lifetime 02:00:00:00:00:02 - 1000 900000 700 999/' "$here/worlds/both" >"$scratch/unsent"
get /metrics | grep -v '^#' | grep transmit | expect_output sent 'l2pc_device_transmit_packets_total{device="lan0"} 98304
l2pc_device_transmit_bytes_total{device="lan0"} 130123456
l2pc_device_transmit_untracked_packets_total{device="lan0"} 4
l2pc_device_transmit_untracked_bytes_total{device="lan0"} 256
l2pc_device_transmit_forgotten_packets_total{device="lan0"} 3
l2pc_device_transmit_forgotten_bytes_total{device="lan0"} 192
l2pc_device_transmit_malformed_packets_total{device="lan0"} 2
l2pc_device_transmit_skipped_packets_total{device="lan0",reason="multicast"} 3
l2pc_device_transmit_skipped_packets_total{device="lan0",reason="broadcast"} 9
l2pc_device_transmit_skipped_packets_total{device="lan0",reason="invalid_destination"} 1
l2pc_device_transmit_omitted_packets{device="lan0"} 1000
l2pc_device_transmit_omitted_bytes{device="lan0"} 12800
l2pc_station_transmit_packets_total{device="lan0",mac_address="00:1b:21:00:00:01",vlan=""} 90000
l2pc_station_transmit_packets_total{device="lan0",mac_address="00:1b:21:00:00:01",vlan="5"} 7000
l2pc_station_transmit_packets_total{device="lan0",mac_address="02:00:00:00:00:02",vlan=""} 300
l2pc_station_transmit_bytes_total{device="lan0",mac_address="00:1b:21:00:00:01",vlan=""} 130000000
l2pc_station_transmit_bytes_total{device="lan0",mac_address="00:1b:21:00:00:01",vlan="5"} 90000
l2pc_station_transmit_bytes_total{device="lan0",mac_address="02:00:00:00:00:02",vlan=""} 20400'
get /api/v1/stations | expect_output sent-json "$(l2pc -j show --lifetime --sort packets)"
get '/api/v1/stations?device=lan0&limit=1' | jq -c '.[] | [[.stations[].mac], .not_shown]' |
	expect_output sent-json-limit '[["00:1b:21:00:00:01"],{"stations":3,"packets":1007,"bytes":907440,"tx_packets":8300,"tx_bytes":123200}]'
begin_in "$scratch/unsent" --stations 3
get /metrics | sed -n 's/^l2pc_station_transmit.*:02".*} //p' | expect_output sent-nothing $'0\n0'
begin both
get /metrics | grep '^l2pc_device_transmit_omitted' | expect_output sent-not-asked-for 'l2pc_device_transmit_omitted_packets{device="lan0"} 98300
l2pc_device_transmit_omitted_bytes{device="lan0"} 130123200'

# The parts of a port's total: stations, omitted stations, and untracked frames.
begin members --stations 2
sum() { get /metrics | awk '/^l2pc_station_receive_packets_total|^l2pc_device_omitted_packets|^l2pc_device_untracked_packets/ { s += $NF }
	/^l2pc_device_receive_packets_total/ { t = $NF } END { print s - t }'; }
stations | expect_output members-first $'02:00:00:00:00:01 100\n02:00:00:00:00:02 50'
sum | expect_output members-sum 0
# Within a second the module is not read again.
stations | expect_output members-shared $'02:00:00:00:00:01 100\n02:00:00:00:00:02 50'
later 1
stations | expect_output members-stay $'02:00:00:00:00:01 100\n02:00:00:00:00:02 50'
get /metrics | grep -E '^l2pc_device_(stations_)?omitted' | expect_output members-omitted $'l2pc_device_stations_omitted{device="eth0"} 1
l2pc_device_omitted_packets{device="eth0"} 5000
l2pc_device_omitted_bytes{device="eth0"} 300000'
touch "$L2PC_AWAY"
later 2
get /metrics | grep -v '^#\|build_info\|duration' | expect_output away 'l2pc_up 0'
get /metrics | lint away-promtool
get /api/v1/stations -w '%{http_code}' | expect_output away-json $'the module does not answer: it is not loaded, or too busy\n503'
rm "$L2PC_AWAY"
later 3
get /metrics | grep '^l2pc_up' | expect_output back 'l2pc_up 1'
stations | expect_output members-leave $'02:00:00:00:00:02 50\n02:00:00:00:00:03 5050'
sum | expect_output members-sum-later 0
begin members
stations | expect_output not-asked-for ''
get /metrics | grep -E '^l2pc_device_(stations_)?omitted.*packets' | expect_output not-asked-for-omitted 'l2pc_device_omitted_packets{device="eth0"} 160'

# Names that differ only in bytes that are not UTF-8, and one that looks like the escape of
# such a byte, have series of their own.
for name in $'VPN_\xd6\xd0' $'VPN_\xd6\xd1' 'VPN_\xd6' $'VPN_\xd6' 'u\o"' 'Küche'; do
	printf 'port %s ifindex=2\ntotals lifetime window-id=1 opened=10 packets=1 stations=0\n' "$name"
done >"$scratch/bytes"
begin_in "$scratch/bytes"
get /metrics | lint bytes-promtool
get /metrics | sed -n 's/^l2pc_device_receive_packets_total//p' | expect_output bytes '{device="VPN_\\xd6\\xd0"} 1
{device="VPN_\\xd6\\xd1"} 1
{device="VPN_\\x5cxd6"} 1
{device="VPN_\\xd6"} 1
{device="u\\o\""} 1
{device="Küche"} 1'

# JSON has the same names.
get /api/v1/stations | jq -r '.[].ifname' | expect_output bytes-json 'VPN_\xd6\xd0
VPN_\xd6\xd1
VPN_\x5cxd6
VPN_\xd6
u\o"
Küche'

# Cookies of single sign-on.
begin lan
for kilobytes in 1 8 16 32; do
	get /metrics -o /dev/null -w '%{http_code}\n' -H "Cookie: sso=$(head -c $((kilobytes * 1000)) /dev/zero | tr '\0' x)"
done | expect_output cookies $'200\n200\n200\n200'
expect_match too-many-cookies "$(get /metrics -o /dev/null -w '%{http_code}' \
	-H "Cookie: sso=$(head -c 120000 /dev/zero | tr '\0' x)")" '^(413|431)$'

# Time 10 s after boot, at 1000.5 s and 1764081600.25.
get /metrics | grep '^l2pc_device_counted_since' | expect_output counted-since 'l2pc_device_counted_since_timestamp_seconds{device="eth0"} 1764080609.750
l2pc_device_counted_since_timestamp_seconds{device="eth1"} 1764081500.250'

begin hostile --stations 10
get /metrics | lint hostile-promtool
get /metrics | iconv -f UTF-8 -t UTF-8 >/dev/null 2>"$scratch/lint"
expect_output hostile-utf8 '' <"$scratch/lint"
get /metrics | grep -a '^l2pc_station_info' | expect_output hostile $'l2pc_station_info{device="a\\"b\\\\<b>{}",mac_address="02:00:00:00:00:66",vendor="",hostname="'"$(
	l2pc -j show --lifetime | jq -r '.[0].stations[] | select(.mac == "02:00:00:00:00:66") | .name' | head -n 1 | sed 's/\\/\\\\/g; s/"/\\"/g')"$'",administration="local"} 1
l2pc_station_info{device="a\\"b\\\\<b>{}",mac_address="02:00:00:00:00:67",vendor="",hostname="",administration="local"} 1'
get /api/v1/stations | jq -r '.[].stations[0] | .mac' | expect_output hostile-json 02:00:00:00:00:67

begin hundred --stations 1000
python3 "$here/export_clients.py" "$address" crowd | expect_output crowd '500 requests, 500 answers, 1 different body'
python3 "$here/export_clients.py" "$address" slow | expect_output slow 'with 500 incomplete requests: 200, 3 lines of l2pc_up'
python3 "$here/export_clients.py" "$address" broken | expect_output broken 'nothing: not served, then 200
noise: not served, then 200
no version: not served, then 200
long line: not served, then 200
long header: not served, then 200
many headers: not served, then 200
large body: not served, then 200
bad length: not served, then 200
bad chunk: not served, then 200
way up: not served, then 200
zero byte: served, then 200'
# Each of 1000 connections has 16 KiB, and the program a few MiB.
[ -n "$kind" ] || awk '/^VmHWM/ { print $2 < 32768 ? "bounded" : $0 }' "/proc/$pid/status" | expect_output memory bounded

world=lan
while IFS='|' read -r listen why; do
	timeout 60 "$bin/l2pc" export --web.listen-address "$listen" >"$scratch/out" 2>&1
	echo "[$?]" >>"$scratch/out"
	expect_output "address: $listen" $"l2pc: $why"$'\n[2]' <"$scratch/out"
done <<TABLE
$address|cannot listen at $address: Address already in use
127.0.0.1|invalid address to listen at "127.0.0.1" (HOST:PORT, [HOST]:PORT or :PORT)
127.0.0.1:65536|invalid address to listen at "127.0.0.1:65536" (HOST:PORT, [HOST]:PORT or :PORT)
::1:80|invalid address to listen at "::1:80" (HOST:PORT, [HOST]:PORT or :PORT)
[]:80|invalid address to listen at "[]:80" (HOST:PORT, [HOST]:PORT or :PORT)
203.0.113.1:80|cannot listen at 203.0.113.1:80: Cannot assign requested address
TABLE
stop

# The module takes longer than the timeout of an idle client. An earlier client is still served.
sed '1i slow 12' "$here/worlds/lan" >"$scratch/slow"
begin_in "$scratch/slow" --stations 10
late() {
	exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
	sleep 2
	printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
	timeout 60 cat <&3 | grep -c '^l2pc_up '
}
late >"$scratch/late" &
late=$!
sleep 1
get /metrics | grep -c '^l2pc_up ' | expect_output 'slow module' 1
wait "$late"
expect_output 'slow module: earlier client' 1 <"$scratch/late"
stop

# Without a host, the exporter listens at all addresses, of IPv4 and IPv6 if there is IPv6.
begin lan --web.listen-address :0
port=${address##*:}
for host in 127.0.0.1 '[::1]'; do
	[ "$host" = 127.0.0.1 ] || grep -q ' lo$' /proc/net/if_inet6 2>/dev/null || continue
	curl -sS --max-time 60 "http://$host:$port/metrics" 2>&1 | grep -c '^l2pc_up ' | expect_output "all addresses: $host" 1
done
stop

# Without l2pc-export there is no server, but everything else works.
if [ -z "$kind" ]; then
	mkdir "$scratch/alone" && cp "$here/build/l2pc" "$scratch/alone/"
	"$scratch/alone/l2pc" export --web.listen-address 127.0.0.1:0 2>&1 | expect_output 'no server' \
		'l2pc: export: cannot run /nonexistent/l2pc-export: No such file or directory (install the package prometheus-l2pc-exporter, or build with libmicrohttpd and zlib)'
	L2PC_WORLD=$here/worlds/lan "$scratch/alone/l2pc" export --textfile - | grep -c '^l2pc_up ' | expect_output 'no server: textfile' 1
fi

l2pc export --stations 10 --textfile "$scratch/l2pc.prom" 2>&1 | expect_output textfile ''
lint textfile-promtool <"$scratch/l2pc.prom"
find "$scratch" -maxdepth 1 -name 'l2pc.prom*' -printf '%f %m\n' | expect_output textfile-alone 'l2pc.prom 644'
mkfifo "$scratch/fifo"
l2pc export --textfile "$scratch/fifo" 2>&1 | expect_output textfile-no-file "l2pc: cannot write $scratch/fifo: it is there, and no file"
stat -c %F "$scratch/fifo" | expect_output textfile-no-file-stays fifo
mkdir "$scratch/elsewhere" && ln -s elsewhere/linked "$scratch/link" && echo old >"$scratch/elsewhere/linked" && chmod 600 "$scratch/elsewhere/linked"
l2pc export --textfile "$scratch/link" 2>&1 | expect_output textfile-link ''
{ stat -c %F "$scratch/link" && stat -c %a "$scratch/elsewhere/linked" && grep -c '^l2pc_up' "$scratch/link"; } |
	expect_output textfile-link-stays $'symbolic link\n600\n1'
l2pc export --textfile "$scratch/nosuch/l2pc.prom" 2>&1 | expect_output textfile-refused "l2pc: cannot write $scratch/nosuch/l2pc.prom: No such file or directory"
# Files of two network namespaces have no series in common.
[ "$(id -u)" = 0 ] && user='' || user=--map-root-user
# netns NAME: write a textfile in a namespace that has this name.
# shellcheck disable=SC2016 # the inner shell's
netns() {
	L2PC_WORLD=$here/worlds/both PATH=$bin:$PATH unshare ${user:+"$user"} --net --mount bash -ec '
		mount -t tmpfs none /run && mkdir /run/netns && : >"/run/netns/$1" && mount --bind /proc/self/ns/net "/run/netns/$1"
		exec l2pc export --textfile - --stations 2' - "$1"
}
series() { grep -v '^#' | sed 's/ [^ ]*$//'; }
netns 'a "b"' >"$scratch/netns.prom"
lint netns-promtool <"$scratch/netns.prom"
series <"$scratch/netns.prom" | grep -v -c '{netns="a \\"b\\""[,}]' | expect_output netns-labels 0
{ series <"$scratch/netns.prom" && netns c | series && L2PC_WORLD=$here/worlds/both "$bin/l2pc" export --textfile - --stations 2 | series; } |
	sort | uniq -d | expect_output netns-series ''
netns c | grep -c '^l2pc_up{netns="c"} 1$' | expect_output netns-up 1
l2pc -j show --lifetime >"$scratch/recording"
l2pc export --replay "$scratch/recording" --stations 10 --textfile "$scratch/l2pc.prom"
grep -c '^l2pc_station_receive_packets_total' "$scratch/l2pc.prom" | expect_output replay 3
sed 's/"last_seen":[0-9]*/"last_seen":18446744073709551615/' "$scratch/recording" >"$scratch/future"
l2pc export --replay "$scratch/future" --stations 10 --textfile "$scratch/l2pc.prom"
grep '^l2pc_station_last_seen' "$scratch/l2pc.prom" | sed 's/.* //' | sort | tail -n 1 | expect_output replay-of-the-future 20210824673.459
[ -z "$kind" ] || program_found "$bin" | expect_output "$kind" ''
suite_end
