# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # variables of run.sh; of eval, jq and awk
# Copyright (C) the l2packet_counter authors
# Sourced by run.sh: tests of the verbs of l2pc, patterns, the exporter and events.

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
	expect_match "it is shown" "$(l2pc port 'eth?')" "^eth0: counted by $hook, pattern eth\\?"
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
	expect_equal "programs at $hook" "$(hooked)" 0
	engine_stop
}

test_doctor_names_what_runs_before() {
	[ "$hook" = tcx ] || skip "programs at clsact are in an order of their own"
	engine_start
	l2pc doctor >"$scratch/doctor" || :
	expect_no_line "$scratch/doctor" 'runs before'
	rm -f "$scratch/filter"
	client before eth0 >"$scratch/filter" &
	wait_for grep -q -s ready "$scratch/filter"
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
	rm -f "$scratch/exporter"
	ip netns exec "$near" "$build/l2pc" export --stations 100 2>"$scratch/exporter" &
	exporter=$!
	wait_for grep -q -s :9963 "$scratch/exporter"
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

# stations_of EVENT: number of stations in events so far.
stations_of() { jq -s --arg event "$1" '[.[] | select(.event == $event).stations[]] | length' "$scratch/events"; }

test_monitor_reports_events() {
	local monitor
	engine_start reset-interval 0 station-timeout 1
	rm -f "$scratch/listening"
	ip netns exec "$near" "$build/l2pc" monitor -j >"$scratch/events" 2>"$scratch/listening" &
	monitor=$!
	wait_for grep -q -s listening "$scratch/listening"
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

# What l2pc run keeps for a listener is bounded: 64 messages, beside what the socket holds.
test_listener_that_does_not_read_loses_events() {
	local monitor i
	engine_start reset-interval 0
	rm -f "$scratch/listening" "$scratch/events"
	ip netns exec "$near" "$build/l2pc" monitor -j >"$scratch/events" 2>"$scratch/listening" &
	monitor=$!
	wait_for grep -q -s listening "$scratch/listening"
	kill -STOP "$monitor"
	for ((i = 0; i < 300; i++)); do l2pc reset >/dev/null; done
	kill -CONT "$monitor"
	expect_soon "lost events" grep -q '"event":"lost"' "$scratch/events"
	l2pc reset >/dev/null
	expect_soon "an event after that" grep -q '"window_id":301,' "$scratch/events"
	kill "$monitor"
	wait "$monitor" || :
	engine_stop
}
