#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# prometheus.sh: packaging/prometheus: rules and alerts by promtool; each query of the
# dashboard and each rule asked of a real Prometheus that scrapes l2pc export, which
# is shown a world without a kernel. Prints PASS or FAIL for each.
set -u -o pipefail
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
[ $# = 0 ] || { echo "usage: tests/tools/prometheus.sh" >&2 && exit 2; }
tools_need
prometheus=$("$here/../../lab/prometheus.sh") || exit 1
make -s -C "$here" || exit 1
material=$here/../../packaging/prometheus

scratch=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-prometheus.XXXXXX") || exit 1
pids=() failed=0
trap '[ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

# until_there COMMAND...: within a minute.
until_there() {
	local i
	for ((i = 0; i < 600; i++)); do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

"$prometheus/promtool" check rules "$material"/l2pc.{rules,alerts}.yml >"$scratch/said" 2>&1
result rules
"$prometheus/promtool" test rules "$material/l2pc.test.yml" >"$scratch/said" 2>&1
result alerts
jq -e '[.templating.list[].name] == ["datasource", "instance", "device"] and .uid == "l2packet-counter"
	and ([.panels[].datasource.uid, .panels[].targets[].datasource.uid] | unique) == ["${datasource}"]' \
	"$material/l2pc-dashboard.json" >"$scratch/said" 2>&1
result dashboard

# docs/metrics.md: its servers share a hundred targets, each has some, none is lost.
# block WORD: its block of YAML that begins with that.
block() { sed -n "/^$1:/,/^\`\`\`/{/^\`\`\`/d;p}" "$here/../../docs/metrics.md"; }
seq 100 | sed 's/.*/- targets: ["192.0.2.&:9963"]/' >"$scratch/targets.yml"
# share N: promtool looks for five seconds, and says what is left for this one.
share() {
	block global | sed "s/\"3\"/\"$1\"/" >"$scratch/shard$1.yml"
	block metric_relabel_configs | sed 's/^/    /' >>"$scratch/shard$1.yml"
	"$prometheus/promtool" check service-discovery --timeout=5s "$scratch/shard$1.yml" l2pc 2>"$scratch/said$1" |
		jq -r '.[].labels | select(. != null and . != {}).instance' 2>&1 | sed "s/^/$1 /" >"$scratch/share$1"
}
shares=()
for ((i = 0; i < 10; i++)); do
	share "$i" &
	shares+=($!)
done
wait "${shares[@]}"
cat "$scratch"/share? >"$scratch/shares"
cat "$scratch"/said? "$scratch/shares" >"$scratch/said"
[ "$(cut -d ' ' -f 2 "$scratch/shares" | sort -u | wc -l) $(wc -l <"$scratch/shares") $(cut -d ' ' -f 1 "$scratch/shares" | sort -u | wc -l)" = '100 100 10' ]
result shards

# The socket that is asked for is free when both run: it is the exporter's own choice,
# and Prometheus is told which.
export L2PC_ROOT=$here/root L2PC_WORLD=$here/worlds/lan HOME=$scratch
exporter_begin "$here/build/l2pc" "$scratch/exporter" --stations 10 || { echo "FAIL prometheus/exporter" && exit 1; }
pids+=("$pid")
cat >"$scratch/prometheus.yml" <<-YAML
	global: { scrape_interval: 1s, evaluation_interval: 1s }
	rule_files: [ $material/l2pc.rules.yml, $material/l2pc.alerts.yml ]
	scrape_configs: [ { job_name: l2pc, static_configs: [ { targets: [ '$address' ] } ] } ]
YAML
"$prometheus/promtool" check config "$scratch/prometheus.yml" >"$scratch/said" 2>&1
result config
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$prometheus/prometheus" --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/data" \
	--web.listen-address="127.0.0.1:$port" >"$scratch/log" 2>&1 &
pids+=($!)

# ask QUERY: how many results it has.
ask() {
	curl -sS --max-time 60 "http://127.0.0.1:$port/api/v1/query" --data-urlencode "query=$1" >"$scratch/said" 2>&1 &&
		jq -e '.status == "success" and (.data.result | length) > 0' "$scratch/said" >/dev/null 2>&1
}

# Three scrapes: then each rate is there, and soon the rules have seen it.
scraped() { ask "count_over_time(l2pc_up[5m]) >= $1"; }
until_there scraped 3
result scrapes
# asked NAME QUERY: one that must have results. All are waited for at once.
names=() waiting=()
asked() { names+=("$1") waiting+=("$2"); }
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
	asked "query $number" "$query"
done < <(jq -r '.panels[].targets[].expr' "$material/l2pc-dashboard.json")
[ "$number" -ge 12 ]
result queries
while IFS= read -r record; do asked "$record" "$record"; done < <(sed -n 's/.*record: //p' "$material/l2pc.rules.yml")
# What has not come within thirty scrapes, and as many times that the rules were looked
# at, does not.
all_there() {
	local i enough=''
	! scraped 30 || enough=yes
	for i in "${!waiting[@]}"; do
		if ask "${waiting[i]}"; then unset "waiting[i]"; fi
	done
	[ "$enough" ] || [ ${#waiting[@]} = 0 ]
}
until_there all_there
for i in "${!names[@]}"; do
	printf '%s\n' "nothing comes of: ${waiting[i]-}" >"$scratch/said"
	[ -z "${waiting[i]-}" ]
	result "${names[i]}"
done
curl -sS --max-time 60 "http://127.0.0.1:$port/api/v1/rules" >"$scratch/said"
jq -e '[.data.groups[].rules[]] | length == 10 and all(.health == "ok")' "$scratch/said" >/dev/null
result healthy
curl -sS --max-time 60 "http://127.0.0.1:$port/api/v1/targets" >"$scratch/said"
jq -e '.data.activeTargets | length == 1 and all(.health == "up" and .lastError == "")' "$scratch/said" >/dev/null
result target
exit $failed
