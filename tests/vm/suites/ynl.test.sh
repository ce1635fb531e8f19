#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 35 s
# lab: --cpus 2 --mem 2048 --timeout 1800 --ynl
# Any netlink tool can use the family from its description alone: `ynl`, the kernel
# tree's, performs every operation, and answers what l2pc answers.
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

# asked FILE OPERATION...: ynl's answer.
asked() {
	local file=$1
	shift
	expect_status 0 ynl --output-json "$@" >"$file"
}

# same WHAT: /tmp/ynl.WHAT and /tmp/l2pc.WHAT say the same. The names are those of
# the description, with dashes there and underscores here; a dump is a list of
# messages there, which may be several for one port.
same() {
	python3 - "$1" <<-'PYTHON' || fail "$1 by ynl" "$(head -c 300 "/tmp/l2pc.$1")" "$(head -c 300 "/tmp/ynl.$1")"
		import json, sys

		# What l2pc knows from elsewhere than the family.
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

		# Moments are reckoned from jiffies at each look, which lag on a machine that is busy.
		def alike(a, b, key=None):
		    if isinstance(a, dict) and isinstance(b, dict):
		        return a.keys() == b.keys() and all(alike(a[k], b[k], k) for k in a)
		    if isinstance(a, list) and isinstance(b, list):
		        return len(a) == len(b) and all(map(alike, a, b))
		    if key in ("first_seen", "last_seen"):
		        return abs(a - b) < 1e9
		    return a == b

		what = sys.argv[1]
		ynl, l2pc = (plain(json.load(open(f"/tmp/{who}.{what}"))) for who in ("ynl", "l2pc"))
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

test_answers_equal_those_of_l2pc() {
	frames
	l2pc add eth1
	asked /tmp/ynl.port --do port-get --json '{"ifname": "eth0"}'
	l2pc -j port eth0 >/tmp/l2pc.port
	same port
	asked /tmp/ynl.reset --do window-reset --json '{"ifname": "eth0"}'
	expect_text /tmp/ynl.reset '"packets": 18'
	frames
	asked /tmp/ynl.ports --dump port-get
	l2pc -j port >/tmp/l2pc.ports
	same ports
	for view in window previous lifetime; do
		asked /tmp/ynl.stations-$view --dump station-get --json "{\"ifname\": \"eth0\", \"view\": \"$view\"}"
		l2pc -j show --$view eth0 >/tmp/l2pc.stations-$view
		same stations-$view
	done
	asked /tmp/ynl.stations-all --dump station-get
	l2pc -j show >/tmp/l2pc.stations-all
	same stations-all
}

test_ports_are_changed() {
	asked /tmp/ynl.add --do port-add --json '{"ifname": "eth1", "hook-wanted": "rx-handler", "vlan": 0, "max-stations": 100}'
	expect_equal "added" "$(port_value hook eth1) $(port_value vlan eth1) $(port_value max_stations eth1)" "rx_handler 0 100"
	asked /tmp/ynl.set --do port-set --json '{"ifname": "eth1", "reset-interval": 77}'
	expect_equal "set" "$(port_value reset_interval eth1)" 77
	asked /tmp/ynl.del --do port-del --json '{"ifname": "eth1"}'
	expect_no_line $proc eth1
	expect_refused "no such port" ynl --do port-del --json '{"ifname": "eth1"}'
}

# ynl prints what it has heard when its time is over: it gets more of it when that was
# before the end, as it may be on a slow machine.
test_events_are_understood() {
	local time
	for time in 8 30 120; do
		heard_in $time
		[ "$missing" ] || return 0
		echo "in $time s: no $missing"
		unload
		load reset_interval=0 vlan=1
	done
	fail "the events that ynl printed" "those and$missing" "no such" /tmp/ynl.events
}

# heard_in SECONDS: sets missing to the kinds of event that ynl did not tell.
heard_in() {
	local said
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
	for said in port-add-ntf port-del-ntf port-set-ntf window-close-ntf station-new-ntf '"02:00:00:00:00:01"' '"packets": 18'; do
		grep -q -- "$said" /tmp/ynl.events || missing="$missing $said"
	done
}

# The family's group has a listener: events are made only then. Or it ended already.
subscribed() {
	awk 'NR > 1 && $2 == 16 && $4 != "00000000" { found = 1 } END { exit !found }' /proc/net/netlink ||
		! kill -0 "$(cat /tmp/subscriber)" 2>/dev/null
}

# What differs from one run to the next: times, which index an interface has got, and
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

# The example of the document answers what is printed there.
test_document() {
	local document=/l2pc/docs/netlink.md heading='## With ynl'
	teardown
	document_block $document "$heading" 1 >/tmp/answers.sh
	document_block $document "$heading" 2 >/tmp/ynl.printed
	expect_number "lines of the example" "$(cat /tmp/answers.sh /tmp/ynl.printed | wc -l)" -ge 2
	# The last is an error.
	(bash /tmp/answers.sh 2>&1 || true) | tail -n "$(wc -l </tmp/ynl.printed)" >/tmp/ynl.answers
	masked </tmp/ynl.printed >/tmp/ynl.printed.masked
	masked </tmp/ynl.answers >/tmp/ynl.answers.masked
	expect_same "answers, with those of the document" /tmp/ynl.answers.masked /tmp/ynl.printed.masked
	expect_status 0 document_run "$(document_block $document "$heading" 3)" >/tmp/ynl.port
	expect_equal "cli.py" "$(jq -r '.[].ifname' /tmp/ynl.port)" eth0
}
