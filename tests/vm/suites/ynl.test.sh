#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 35 s
# lab: --cpus 2 --mem 2048 --timeout 1800 --ynl
# Any netlink tool can use the family from its specification alone: the kernel tree's `ynl`
# performs every operation, and its output has the same data as that of l2pc.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/documents.sh
documents_begin tests/vm/suites/ynl.test.sh

setup() {
	rm -f /tmp/ynl.* /tmp/l2pc.*
	veth_pair eth0 cable
	ip link add eth1 type dummy
	ip link set eth1 up
	load reset_interval=0 vlan=1
}

teardown() {
	unload_if_loaded
	links_del eth0 eth1
	[ ! -e /tmp/subscriber ] || kill "$(cat /tmp/subscriber)"
	rm -f /tmp/subscriber
} 2>/dev/null

frames() {
	replay cable - >/dev/null <<-FRAMES
		02ffffffff01 020000000001 88b5 x5
		02ffffffff01 020000000001 8100 0007 88b5 x6
		02ffffffff01 020000000002 88b5 x7
		01005e000001 020000000002 88b5 x3
	FRAMES
}

# run_ynl FILE OPERATION...: writes ynl's output to FILE.
run_ynl() {
	local file=$1
	shift
	expect_status 0 ynl --output-json "$@" >"$file"
}

# expect_same_data WHAT: asserts that /tmp/ynl.WHAT and /tmp/l2pc.WHAT have the same data. The
# specification's names have dashes in ynl's output and underscores in that of l2pc. A dump
# is a list of messages in ynl's output, and a port may have several.
expect_same_data() {
	python3 - "$1" <<-'PYTHON' || fail "$1 by ynl" "$(head -c 300 "/tmp/l2pc.$1")" "$(head -c 300 "/tmp/ynl.$1")"
		import json, sys

		# Keys of l2pc that do not come from the family.
		elsewhere = {"now", "name", "vendor", "local"}

		def plain(value):
		    if isinstance(value, dict):
		        return {key.replace("-", "_"): plain(value[key]) for key in value if key not in elsewhere}
		    if isinstance(value, list):
		        return [plain(one) for one in value]
		    if isinstance(value, str):
		        return value.replace("-", "_")
		    return value

		def stations(messages):
		    ports = {}
		    for message in messages:
		        port = ports.setdefault(message["ifname"], message)
		        if port is not message:
		            port["station"] += message["station"]
		    for port in ports.values():
		        port["stations"] = sorted(port.pop("station", []) or port.get("stations", []),
		                                  key=lambda s: (s["mac"], s.get("vlan", -1)))
		    return list(ports.values())

		# Each reply computes its timestamps from jiffies, which lag on a busy machine.
		def alike(a, b, key=None):
		    if isinstance(a, dict) and isinstance(b, dict):
		        return a.keys() == b.keys() and all(alike(a[k], b[k], k) for k in a)
		    if isinstance(a, list) and isinstance(b, list):
		        return len(a) == len(b) and all(map(alike, a, b))
		    if key in ("first_seen", "last_seen"):
		        return abs(a - b) < 1e9
		    return a == b

		what = sys.argv[1]
		ynl, l2pc = (plain(json.load(open(f"/tmp/{tool}.{what}"))) for tool in ("ynl", "l2pc"))
		if what == "reset":
		    ynl = ynl["closed"]
		elif what == "port":
		    ynl = [ynl]
		elif what.startswith("stations"):
		    ynl, l2pc = stations(ynl), stations(l2pc)
		if not alike(ynl, l2pc):
		    print(ynl, l2pc, sep="\n")
		sys.exit(not alike(ynl, l2pc) or not ynl)
	PYTHON
}

test_output_equals_that_of_l2pc() {
	frames
	l2pc add eth1
	run_ynl /tmp/ynl.port --do port-get --json '{"ifname": "eth0"}'
	l2pc -j port eth0 >/tmp/l2pc.port
	expect_same_data port
	run_ynl /tmp/ynl.reset --do window-reset --json '{"ifname": "eth0"}'
	expect_text /tmp/ynl.reset '"packets": 18'
	frames
	run_ynl /tmp/ynl.ports --dump port-get
	l2pc -j port >/tmp/l2pc.ports
	expect_same_data ports
	for view in window previous lifetime; do
		run_ynl /tmp/ynl.stations-$view --dump station-get --json "{\"ifname\": \"eth0\", \"view\": \"$view\"}"
		l2pc -j show --$view eth0 >/tmp/l2pc.stations-$view
		expect_same_data stations-$view
	done
	run_ynl /tmp/ynl.stations-all --dump station-get
	l2pc -j show >/tmp/l2pc.stations-all
	expect_same_data stations-all
}

test_ports_are_changed() {
	run_ynl /tmp/ynl.add --do port-add --json '{"ifname": "eth1", "hook-wanted": "rx-handler", "vlan": 0, "max-stations": 100}'
	expect_equal "added" "$(port_value hook eth1) $(port_value vlan eth1) $(port_value max_stations eth1)" "rx_handler 0 100"
	run_ynl /tmp/ynl.set --do port-set --json '{"ifname": "eth1", "reset-interval": 77}'
	expect_equal "set" "$(port_value reset_interval eth1)" 77
	run_ynl /tmp/ynl.del --do port-del --json '{"ifname": "eth1"}'
	expect_no_line $proc eth1
	expect_refused "no such port" ynl --do port-del --json '{"ifname": "eth1"}'
}

# ynl prints the events it has received when its time is over. On a slow machine that may
# be before the last event, so the test repeats with more time.
test_events_are_understood() {
	local time
	for time in 8 30 120; do
		receive_events $time
		[ "$missing" ] || return 0
		echo "not received in $time s:$missing"
		unload
		load reset_interval=0 vlan=1
	done
	fail "the events that ynl printed" "also$missing" "none" /tmp/ynl.events
}

# receive_events SECONDS: runs ynl while events are sent. Sets missing to the kinds of event
# that ynl did not print.
receive_events() {
	local event
	document_run 'ynl --subscribe events --sleep 60 --output-json' "s/60/$1/" >/tmp/ynl.events 2>&1 &
	echo $! >/tmp/subscriber
	wait_for "the subscription" subscribed
	l2pc add eth1
	frames
	sleep 1
	l2pc reset eth0 >/dev/null
	l2pc set eth0 hook rx_handler
	l2pc del eth1
	wait "$(cat /tmp/subscriber)" || fail "ynl" "status 0" "$?" /tmp/ynl.events
	missing=''
	for event in port-add-ntf port-del-ntf port-set-ntf window-close-ntf station-new-ntf '"02:00:00:00:00:01"' '"packets": 18'; do
		grep -q -- "$event" /tmp/ynl.events || missing="$missing $event"
	done
}

# subscribed: succeeds when the family's group has a listener, because events are sent only
# then, or when ynl has ended already.
subscribed() {
	awk 'NR > 1 && $2 == 16 && $4 != "00000000" { found = 1 } END { exit !found }' /proc/net/netlink ||
		! kill -0 "$(cat /tmp/subscriber)" 2>/dev/null
}

# masked: prints stdin without what differs between runs: timestamps, interface indexes, and
# the order of stations.
masked() {
	sed -E "s/'(first-seen|last-seen|opened|closed|ifindex)': [0-9]+/'\1': 0/" | python3 -c '
import ast, pprint, sys

text = sys.stdin.read()
end = text.find("]\n", text.find("\x27view\x27")) + 1
answer = ast.literal_eval(text[:end])
for message in answer:
    message["station"].sort(key=lambda station: station["packets"])
pprint.pprint(answer)
print(text[end + 1:], end="")'
}

# The document's example prints the output that the document shows.
test_document() {
	local document=/l2pc/docs/netlink.md heading='## With ynl'
	teardown
	document_block $document "$heading" 1 >/tmp/answers.sh
	document_block $document "$heading" 2 >/tmp/ynl.printed
	expect_number "lines of the example" "$(cat /tmp/answers.sh /tmp/ynl.printed | wc -l)" -ge 2
	# The last command fails.
	(bash /tmp/answers.sh 2>&1 || true) | tail -n "$(wc -l </tmp/ynl.printed)" >/tmp/ynl.answers
	masked </tmp/ynl.printed >/tmp/ynl.printed.masked
	masked </tmp/ynl.answers >/tmp/ynl.answers.masked
	expect_same "output, compared with the document" /tmp/ynl.answers.masked /tmp/ynl.printed.masked
	expect_status 0 document_run "$(document_block $document "$heading" 3)" >/tmp/ynl.port
	expect_equal "cli.py" "$(jq -r '.[].ifname' /tmp/ynl.port)" eth0
}
