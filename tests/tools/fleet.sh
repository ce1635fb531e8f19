#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fleet.sh [--write] [TARGETS [STATIONS]]: what a fleet costs one Prometheus: so many exporters, 200
# when not said, each with so many stations, 500 when not said, scraped every 15 s until
# all that was recorded has arrived. Then whether Prometheus has it, to the frame; a table
# of what it took: series, samples, bytes, memory, processor. Prints PASS or FAIL for each.
# L2PC_MOMENTS: how many times the counts are others; 12 when not said.
# --write writes the table to docs/results/fleet.md.
set -u -o pipefail
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
top=${here%/tests/tools}
# shellcheck source=tests/lib/results.sh
. "$top/tests/lib/results.sh"
command=$(results_command tests/tools/fleet.sh "$@") write=''
[ "${1-}" != --write ] || { write=1 && shift; }
usage() { echo "usage: tests/tools/fleet.sh [--write] [TARGETS [STATIONS]]: numbers from 1 to 1000" >&2 && exit 2; }
targets=${1-200} stations=${2-500} moments=${L2PC_MOMENTS-12} interval=15
[ $# -le 2 ] || usage
for number in "$targets" "$stations"; do
	[[ $number =~ ^[1-9][0-9]{0,3}$ && $number -le 1000 ]] || usage
done
tools_need
prometheus=$("$here/../../lab/prometheus.sh") || exit 1
make -s -C "$here" || exit 1
# The tool as it is used: the tests' own has a clock that stands still.
l2pc=$here/build/tool/l2pc metrics=$here/../../docs/metrics.md

scratch=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-fleet.XXXXXX") || exit 1
pids=() failed=0
trap '[ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

# Traffic as it is: few stations send most of it (Zipf), and at each moment one in twenty is
# silent. Line M is moment M.
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
	exporter_begin "$l2pc" "$scratch/exporter" --stations "$stations" --replay "$scratch/recording" ||
		{ echo "FAIL fleet/exporter $i" && exit 1; }
	pids+=("$pid")
	addresses+="${addresses:+, }'$address'"
done
first=${addresses%%,*}
first=${first//\'/}
exporters=("${pids[@]}")

# The same without what docs/metrics.md leaves out, of one target.
# shellcheck disable=SC2016 # the fence of a code block
sed -n '/^metric_relabel_configs:/,/^```/{/^```/d;s/^/    /;p}' "$metrics" >"$scratch/less"
[ -s "$scratch/less" ] || { echo "FAIL fleet/less: docs/metrics.md has no metric_relabel_configs" && exit 1; }
cat >"$scratch/prometheus.yml" <<-YAML
	global: { scrape_interval: ${interval}s }
	scrape_configs:
	  - job_name: fleet
	    static_configs: [ { targets: [ $addresses ] } ]
	  - job_name: less
	    static_configs: [ { targets: [ '$first' ] } ]
	$(cat "$scratch/less")
YAML
"$prometheus/promtool" check config "$scratch/prometheus.yml" >"$scratch/said" 2>&1
result config
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$prometheus/prometheus" --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/data" \
	--web.listen-address="127.0.0.1:$port" >"$scratch/log" 2>&1 &
pids+=($!)

# ask PATH [PARAMETER...]: Prometheus.
ask() { curl -sS --max-time 120 "http://127.0.0.1:$port$1" "${@:2}"; }
# value QUERY: its only result, or nothing.
value() { ask /api/v1/query --data-urlencode "query=$1" 2>/dev/null | jq -r '.data.result[0].value[1] // empty' 2>/dev/null; }
# own NAME: the same of what Prometheus says of itself.
own() { ask /metrics | awk -v name="$1" '$1 == name || index($1, name "{") == 1 { sum += $2 } END { printf "%.6f\n", sum }'; }

# Since when each has been scraped once, it is as it will be: series are no longer new.
wait_for_value() {
	local begin
	begin=$(date +%s)
	until [ "$(value "$1")" = "$2" ]; do
		[ $(($(date +%s) - begin)) -lt $((interval * (moments + 20))) ] || break
		sleep 2
	done
	{
		echo "$1 is $(value "$1"), not $2"
		tail -n 3 "$scratch/log"
	} >"$scratch/said"
	[ "$(value "$1")" = "$2" ]
}
wait_for_value 'count(l2pc_up{job="fleet"} == 1)' "$targets"
result "$targets targets"
processor=$(own process_cpu_seconds_total) appended=$(own prometheus_tsdb_head_samples_appended_total)

# A moment a scrape; then all stays as it is in the last one.
wait_for_value "count(l2pc_device_receive_packets_total{job=\"fleet\"} == $(jq '.[0].totals.packets' <<<"$last"))" "$targets"
result "the last of $moments moments has come from each"
processor=$(awk "BEGIN { print $(own process_cpu_seconds_total) - $processor }")
appended=$(awk "BEGIN { print $(own prometheus_tsdb_head_samples_appended_total) - $appended }")
resident=$(own process_resident_memory_bytes) series=$(own prometheus_tsdb_head_series)

[ "$(value 'min(min_over_time(up[1h]))')" = 1 ]
result 'no scrape has failed'
for counter in packets bytes; do
	jq -r ".[0].stations[] | \"\\(.mac) \\(.$counter)\"" <<<"$last" | sort >"$scratch/want"
	ask /api/v1/query --data-urlencode "query=l2pc_station_receive_${counter}_total{job=\"fleet\"}" >"$scratch/answer"
	jq -r '.data.result[] | "\(.metric.instance) \(.metric.mac_address) \(.value[1])"' "$scratch/answer" |
		awk '{ print $2, $3 }' | sort | uniq -c >"$scratch/now"
	diff <(awk -v targets="$targets" '{ printf "%7d %s\n", targets, $0 }' "$scratch/want") "$scratch/now" >"$scratch/said"
	result "$counter of each station"
done
# Of the target that is scraped twice, once with less.
all=$(value "scrape_samples_post_metric_relabeling{job=\"fleet\",instance=\"$first\"}")
less=$(value 'scrape_samples_post_metric_relabeling{job="less"}')
echo "$less of $all series are left, not $((all - 2 * stations))" >"$scratch/said"
[ "$less" = $((all - 2 * stations)) ]
result 'less'

# stored FAMILY SECONDS: bytes of a sample, and of a series beside its samples, in a block of
# two hours: 100 stations with traffic as above, scraped so often. Promtool writes it, as
# Prometheus would.
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
	"$prometheus/promtool" tsdb create-blocks-from openmetrics "$scratch/openmetrics" "$scratch/blocks" >"$scratch/said" 2>&1 || return
	block=$(echo "$scratch"/blocks/*/chunks)
	[ -d "$block" ] || { ls -R "$scratch/blocks" >"$scratch/said" && return 1; }
	awk -v chunks="$(cat "$block"/* | wc -c)" -v index_size="$(wc -c <"$block/../index")" -v count="$count" \
		'BEGIN { printf "%.2f %.0f\n", chunks / (100 * count), index_size / 100 }'
}
families='receive_packets_total receive_bytes_total first_seen_timestamp_seconds last_seen_timestamp_seconds info'
for family in $families; do
	stored "$family" 15 >"$scratch/stored.$family.15" && stored "$family" 60 >"$scratch/stored.$family.60"
	result "stored: $family"
done

# What an exporter took: the middle of them, which one job has scraped.
middle=${exporters[targets / 2]}
ticks=$(awk '{ print $14 + $15 }' "/proc/$middle/stat")
memory=$(awk '/^VmHWM/ { print $2 }' "/proc/$middle/status")
scrapes=$(value 'count_over_time(up{job="fleet"}[1h])')
size=$(curl -sS --max-time 60 "http://$first/metrics" | wc -c)
packed=$(curl -sS --max-time 60 -H 'Accept-Encoding: gzip' "http://$first/metrics" | wc -c)

# row NAME VALUE UNIT
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
exit $failed
