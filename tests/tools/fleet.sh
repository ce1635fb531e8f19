#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fleet.sh [--write] [TARGETS [STATIONS]]: measure what a fleet costs one Prometheus. TARGETS
# exporters (200), each with STATIONS stations (500), are scraped every 15 s until all of the
# recording has arrived. Then compare the counts in Prometheus with the recording, and print
# a table of the cost: series, samples, bytes, memory, processor.
# L2PC_MOMENTS: number of different readings in the recording (12).
# --write: write the table to docs/results/fleet.md.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
# shellcheck source=tests/lib/host/results.sh
. "$tests/lib/host/results.sh"
command=$(results_command tests/tools/fleet.sh "$@") write=''
[ "${1-}" != --write ] || { write=1 && shift; }
usage() { die "invalid TARGETS or STATIONS (numbers from 1 to 1000)" "usage: tests/tools/fleet.sh [--write] [TARGETS [STATIONS]]"; }
targets=${1-200} stations=${2-500} moments=${L2PC_MOMENTS-12} interval=15
[ $# -le 2 ] || usage
for number in "$targets" "$stations"; do
	[[ $number =~ ^[1-9][0-9]{0,3}$ && $number -le 1000 ]] || usage
done
tools_need
prometheus=$("$lab/prometheus.sh") || exit 1
make -s -C "$here" || exit 1
# Use the real tool: the one of the tests has a clock that stands still.
l2pc=$here/build/tool/l2pc metrics=$top/docs/metrics.md

pids=()
cleanup() {
	[ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null
}

# Realistic traffic: few stations send most of it (Zipf), and in each reading one station in
# twenty is idle. Line M is reading M.
awk -v stations="$stations" -v moments="$moments" '
	BEGIN {
		srand(1)
		for (m = 1; m <= moments; m++) {
			packets = bytes = 0
			list = ""
			for (s = 1; s <= stations; s++) {
				if (m == 1 || rand() > 0.05) {
					sent = 1 + int(rand() * 100000 / s)
					frames[s] += sent
					octets[s] += sent * (60 + int(rand() * 1400))
					last[s] = sprintf("%d%03d000000", 1000 + 15 * m - int(rand() * 15), rand() * 1000)
				}
				packets += frames[s]
				bytes += octets[s]
				list = list sprintf("%s{\"mac\":\"02:00:00:00:%02x:%02x\",\"packets\":%d,\"bytes\":%.0f,\"first_seen\":1000000000000,\"last_seen\":%s}",
					(s > 1 ? "," : ""), int(s / 256), s % 256, frames[s], octets[s], last[s])
			}
			printf "[{\"ifname\":\"eth0\",\"ifindex\":2,\"view\":\"lifetime\",\"now\":%d000000000,\"totals\":{\"window_id\":%d,\"opened\":1000000000000,\"packets\":%d,\"bytes\":%.0f,\"stations\":%d},\"stations\":[%s]}]\n",
				1001 + 15 * m, m, packets, bytes, stations, list
		}
	}' >"$scratch/recording"
last=$(tail -n 1 "$scratch/recording")

export HOME=$scratch
unset XDG_CONFIG_HOME
addresses=''
for ((i = 0; i < targets; i++)); do
	exporter_start "$l2pc" "$scratch/exporter" --stations "$stations" --replay "$scratch/recording" ||
		suite_end
	pids+=("$pid")
	addresses+="${addresses:+, }'$address'"
done
first=${addresses%%,*}
first=${first//\'/}
exporters=("${pids[@]}")

# Scrape one target a second time, with the relabelling of docs/metrics.md.
# shellcheck disable=SC2016 # the fence of a code block
sed -n '/^metric_relabel_configs:/,/^```/{/^```/d;s/^/    /;p}' "$metrics" >"$scratch/less"
[ -s "$scratch/less" ] || die "docs/metrics.md has no metric_relabel_configs"
cat >"$scratch/prometheus.yml" <<-YAML
	global: { scrape_interval: ${interval}s }
	scrape_configs:
	  - job_name: fleet
	    static_configs: [ { targets: [ $addresses ] } ]
	  - job_name: less
	    static_configs: [ { targets: [ '$first' ] } ]
	$(cat "$scratch/less")
YAML
suite_run config "$prometheus/promtool" check config "$scratch/prometheus.yml"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$prometheus/prometheus" --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/data" \
	--web.listen-address="127.0.0.1:$port" >"$scratch/log" 2>&1 &
pids+=($!)

# ask PATH [PARAMETER...]: query Prometheus.
ask() { curl -sS --max-time 120 "http://127.0.0.1:$port$1" "${@:2}"; }
# value QUERY: print the value of the only result, or nothing.
value() { ask /api/v1/query --data-urlencode "query=$1" 2>/dev/null | jq -r '.data.result[0].value[1] // empty' 2>/dev/null; }
# own NAME: print a metric of Prometheus itself.
own() { ask /metrics | awk -v name="$1" '$1 == name || index($1, name "{") == 1 { sum += $2 } END { printf "%.6f\n", sum }'; }

# Measure after each target was scraped once, when its series are no longer new.
expect_value() { # NAME QUERY EXPECTED
	local start
	start=$(date +%s)
	until [ "$(value "$2")" = "$3" ]; do
		[ $(($(date +%s) - start)) -lt $((interval * (moments + 20))) ] || break
		sleep 2
	done
	expect_equal "$1" "$(value "$2")" "$3" || suite_details <(tail -n 3 "$scratch/log")
}
expect_value "$targets targets" 'count(l2pc_up{job="fleet"} == 1)' "$targets"
processor=$(own process_cpu_seconds_total) appended=$(own prometheus_tsdb_head_samples_appended_total)

# Each scrape gets the next reading; at the end, the last one is repeated.
expect_value "the last of $moments readings from each target" \
	"count(l2pc_device_receive_packets_total{job=\"fleet\"} == $(jq '.[0].totals.packets' <<<"$last"))" "$targets"
processor=$(awk "BEGIN { print $(own process_cpu_seconds_total) - $processor }")
appended=$(awk "BEGIN { print $(own prometheus_tsdb_head_samples_appended_total) - $appended }")
resident=$(own process_resident_memory_bytes) series=$(own prometheus_tsdb_head_series)

expect_equal 'no scrape has failed' "$(value 'min(min_over_time(up[1h]))')" 1
for counter in packets bytes; do
	jq -r ".[0].stations[] | \"\\(.mac) \\(.$counter)\"" <<<"$last" | sort >"$scratch/want"
	ask /api/v1/query --data-urlencode "query=l2pc_station_receive_${counter}_total{job=\"fleet\"}" >"$scratch/answer"
	jq -r '.data.result[] | "\(.metric.instance) \(.metric.mac_address) \(.value[1])"' "$scratch/answer" |
		awk '{ print $2, $3 }' | sort | uniq -c >"$scratch/now"
	awk -v targets="$targets" '{ printf "%7d %s\n", targets, $0 }' "$scratch/want" >"$scratch/expected"
	expect_same "$counter of each station" "$scratch/now" "$scratch/expected"
done
# Compare the two jobs of the target that is scraped twice.
all=$(value "scrape_samples_post_metric_relabeling{job=\"fleet\",instance=\"$first\"}")
less=$(value 'scrape_samples_post_metric_relabeling{job="less"}')
expect_equal 'series with the relabelling of docs/metrics.md' "$less" $((all - 2 * stations))

# stored FAMILY SECONDS: print the bytes of a sample, and of a series without its samples, in
# a block of two hours with 100 stations, traffic as above and a scrape every SECONDS.
# promtool writes the block in the format of Prometheus.
stored() {
	local family=$1 step=$2 count block
	rm -rf "$scratch/blocks"
	count=$((7200 / step))
	awk -v family="$family" -v step="$step" -v count="$count" '
		BEGIN {
			srand(2)
			name = "l2pc_station_" family
			label = "device=\"eth0\""
			if (family == "info") label = "administration=\"local\"," label ",hostname=\"\",vendor=\"\""
			else label = label ",vlan=\"\""
			for (s = 1; s <= 100; s++) {
				value = 0
				labels = sprintf("%s{instance=\"192.0.2.1:9963\",job=\"l2pc\",mac_address=\"02:00:00:00:00:%02x\",%s}", name, s, label)
				for (i = 0; i < count; i++) {
					at = 1700006400 + i * step
					sent = (rand() > 0.05) * (1 + int(rand() * 100000 / s) * step / 15)
					if (family ~ /packets/) value += sent
					else if (family ~ /bytes/) value += sent * (60 + int(rand() * 1400))
					else if (family ~ /last/) value = sent ? at - int(rand() * 1000) / 1000 : value
					else value = family ~ /first/ ? 1700000000.123 : 1
					printf "%s %.3f %d\n", labels, value, at
				}
			}
			print "# EOF"
		}' >"$scratch/openmetrics"
	"$prometheus/promtool" tsdb create-blocks-from openmetrics "$scratch/openmetrics" "$scratch/blocks" >&2 || return
	block=$(echo "$scratch"/blocks/*/chunks)
	expect_present "$block"
	awk -v chunks="$(cat "$block"/* | wc -c)" -v index_size="$(wc -c <"$block/../index")" -v count="$count" \
		'BEGIN { printf "%.2f %.0f\n", chunks / (100 * count), index_size / 100 }'
}
stored_both() {
	stored "$1" 15 >"$scratch/stored.$1.15"
	stored "$1" 60 >"$scratch/stored.$1.60"
}
families='receive_packets_total receive_bytes_total first_seen_timestamp_seconds last_seen_timestamp_seconds info'
for family in $families; do
	suite_run "stored: $family" stored_both "$family"
done

# The cost of an exporter: of one in the middle, which only one job scrapes.
middle=${exporters[targets / 2]}
ticks=$(awk '{ print $14 + $15 }' "/proc/$middle/stat")
memory=$(awk '/^VmHWM/ { print $2 }' "/proc/$middle/status")
scrapes=$(value 'count_over_time(up{job="fleet"}[1h])')
size=$(curl -sS --max-time 60 "http://$first/metrics" | wc -c)
packed=$(curl -sS --max-time 60 -H 'Accept-Encoding: gzip' "http://$first/metrics" | wc -c)

# row NAME VALUE UNIT: print a row of the table.
row() { printf '%-42s %12s %s\n' "$@"; }
per() { awk "BEGIN { printf \"%.${3-0}f\\n\", ($1) / ($2) }"; }
echo
{
	row targets "$targets" ''
	row 'stations of a target' "$stations" ''
	row 'series of a target' "$all" ''
	row 'the same with less' "$less" ''
	row 'answer of a target' "$size" bytes
	row 'answer of a target, gzip' "$packed" bytes
	row 'samples a second' "$(per "$targets * $all" $interval)" "scraped every $interval s"
	row 'scrape, median' "$(per "$(value 'quantile(0.5, scrape_duration_seconds{job="fleet"})')" 0.001 1)" ms
	row 'scrape, 99 of 100' "$(per "$(value 'quantile(0.99, scrape_duration_seconds{job="fleet"})')" 0.001 1)" ms
	row 'Prometheus: processor' "$(per "$processor * 1000000" "$appended" 2)" 's a million samples'
	row 'Prometheus: memory' "$(per "$resident" 1000000)" MB
	row 'Prometheus: memory of a series' "$(per "$resident" "$series")" bytes
	row 'exporter: processor' "$(per "$ticks * 1000 / $(getconf CLK_TCK)" "$scrapes" 2)" 'ms a scrape'
	row 'exporter: memory' "$memory" kB
	for family in $families; do
		row "stored: $family" "$(cut -d ' ' -f 1 "$scratch/stored.$family.15")" "bytes a sample, $(cut -d ' ' -f 1 "$scratch/stored.$family.60") every 60 s; $(cut -d ' ' -f 2 "$scratch/stored.$family.15") a series"
	done
} | tee "$scratch/table"
[ -z "$write" ] || results_block <"$scratch/table" | results_write fleet "A fleet" "$command" \
	"$("$prometheus/prometheus" --version 2>&1 | sed -n '1s/^prometheus, version \([0-9.+a-z]*\).*/Prometheus \1/p'), $(nproc) CPUs; l2packet_counter $(results_version)."
suite_end
