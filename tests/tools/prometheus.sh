#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# prometheus.sh: test packaging/prometheus. promtool checks rules and alerts. A real
# Prometheus scrapes l2pc export with a simulated kernel, and each query of the dashboard
# and each rule must have results.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
[ $# = 0 ] || die "unknown option $1" "usage: tests/tools/prometheus.sh"
tools_need
prometheus=$("$lab/prometheus.sh") || exit 1
make -s -C "$here" || exit 1
material=$top/packaging/prometheus

pids=()
cleanup() {
	[ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null
}

# The function's name is the one in the commands of docs/metrics.md.
promtool() { "$prometheus/promtool" "$@"; }
cd "$top" || exit 2
documents_begin tests/tools/prometheus.sh
suite_run rules document_run 'promtool check rules packaging/prometheus/l2pc.rules.yml packaging/prometheus/l2pc.alerts.yml'
suite_run alerts document_run 'promtool test rules packaging/prometheus/l2pc.test.yml'
# shellcheck disable=SC2016 # the variable is Grafana's
suite_run dashboard jq -e '[.templating.list[].name] == ["datasource", "instance", "device"] and .uid == "l2packet-counter"
	and ([.panels[].datasource.uid, .panels[].targets[].datasource.uid] | unique) == ["${datasource}"]' \
	"$material/l2pc-dashboard.json"

# The servers in docs/metrics.md share a hundred targets: each has some, none is lost.
# block WORD: print the block of YAML in docs/metrics.md that starts with WORD.
block() { sed -n "/^$1:/,/^\`\`\`/{/^\`\`\`/d;p}" "$top/docs/metrics.md"; }
seq 100 | sed 's/.*/- targets: ["192.0.2.&:9963"]/' >"$scratch/targets.yml"
# share N: list the targets of server N. promtool discovers them for five seconds.
share() {
	block global | sed "s/\"3\"/\"$1\"/" >"$scratch/shard$1.yml"
	block metric_relabel_configs | sed 's/^/    /' >>"$scratch/shard$1.yml"
	"$prometheus/promtool" check service-discovery --timeout=5s "$scratch/shard$1.yml" l2pc 2>"$scratch/log$1" |
		jq -r '.[].labels | select(. != null and . != {}).instance' 2>&1 | sed "s/^/$1 /" >"$scratch/share$1"
}
shares=()
for ((i = 0; i < 10; i++)); do
	share "$i" &
	shares+=($!)
done
wait "${shares[@]}"
cat "$scratch"/share? >"$scratch/shares"
expect_equal shards "$(cut -d ' ' -f 2 "$scratch/shares" | sort -u | wc -l) $(wc -l <"$scratch/shares") $(
	cut -d ' ' -f 1 "$scratch/shares" | sort -u | wc -l)" '100 100 10' || suite_details <(cat "$scratch"/log? "$scratch/shares")

# Both sockets get a free port: the exporter chooses its own, and Prometheus gets one as an
# option.
export L2PC_ROOT=$here/root L2PC_WORLD=$here/worlds/both HOME=$scratch
exporter_start "$here/build/l2pc" "$scratch/exporter" --stations 10 || suite_end
pids+=("$pid")
cat >"$scratch/prometheus.yml" <<-YAML
	global: { scrape_interval: 1s, evaluation_interval: 1s }
	rule_files: [ $material/l2pc.rules.yml, $material/l2pc.alerts.yml ]
	scrape_configs: [ { job_name: l2pc, static_configs: [ { targets: [ '$address' ] } ] } ]
YAML
suite_run config "$prometheus/promtool" check config "$scratch/prometheus.yml"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$prometheus/prometheus" --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/data" \
	--web.listen-address="127.0.0.1:$port" >"$scratch/log" 2>&1 &
pids+=($!)

# ask QUERY: true when the query has results.
ask() {
	curl -sS --max-time 60 "http://127.0.0.1:$port/api/v1/query" --data-urlencode "query=$1" >"$scratch/answer" 2>&1 &&
		jq -e '.status == "success" and (.data.result | length) > 0' "$scratch/answer" >/dev/null 2>&1
}

# scraped N: true after N scrapes. After three, all rates exist, and soon the rules' results.
scraped() { ask "count_over_time(l2pc_up[5m]) >= $1"; }
expect_soon scrapes scraped 3
# require NAME QUERY: add a query that must have results. All are awaited together.
names=() waiting=()
require() { names+=("$1") waiting+=("$2"); }
number=0
while IFS= read -r query; do
	number=$((number + 1))
	# Grafana's variables, not the shell's.
	# shellcheck disable=SC2016
	query=${query//'$__rate_interval'/5m}
	# shellcheck disable=SC2016
	query=${query//'$instance'/.*}
	# shellcheck disable=SC2016
	query=${query//'$device'/.*}
	require "query $number" "$query"
done < <(jq -r '.panels[].targets[].expr' "$material/l2pc-dashboard.json")
expect_number queries "$number" -ge 12
while IFS= read -r record; do require "$record" "$record"; done < <(sed -n 's/.*record: //p' "$material/l2pc.rules.yml")
# all_there: true when all queries have results, or after thirty scrapes, in which the rules
# were evaluated as often.
all_there() {
	local i enough=''
	! scraped 30 || enough=yes
	for i in "${!waiting[@]}"; do
		if ask "${waiting[i]}"; then unset "waiting[i]"; fi
	done
	[ "$enough" ] || [ ${#waiting[@]} = 0 ]
}
wait_for all_there
for i in "${!names[@]}"; do expect_equal "${names[i]}" "${waiting[i]+no result of ${waiting[i]}}" ''; done
# expect_api NAME PATH FILTER: fail unless jq's FILTER of the answer is true.
expect_api() {
	curl -sS --max-time 60 "http://127.0.0.1:$port/api/v1/$2" >"$scratch/answer"
	expect_equal "$1" "$(jq "$3" "$scratch/answer" 2>&1)" true || suite_details "$scratch/answer"
}
expect_api healthy rules '[.data.groups[].rules[]] | length == 18 and all(.health == "ok")'
expect_api target targets '.data.activeTargets | length == 1 and all(.health == "up" and .lastError == "")'
suite_end
