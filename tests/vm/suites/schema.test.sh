#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 85 s
# lab: --cpus 2 --mem 2048 --timeout 900 --ynl
# All JSON that l2pc prints of the live module conforms to the schema that the manual page
# quotes, and every key of the schema occurs. tests/tools/expected/schema checks JSON of
# synthetic input.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/wire.sh

export LC_ALL=C.UTF-8 HOME=/tmp/home

setup() {
	rm -rf /tmp/home /tmp/totals*
	mkdir -p /tmp/home /usr/share/ieee-data
	printf 'MA-L,001B21,Intel Corporate,\n' >/usr/share/ieee-data/oui.csv
	veth_pair eth0 cable
	ip link add eth1 type dummy
	ip link set eth1 up
	load interface=eth0 reset_interval=0 vlan=1 max_stations=100
	l2pc name 02:00:00:00:00:02 "my laptop"
}

teardown() {
	unload_if_loaded
	links_del eth0 eth1 br0
} 2>/dev/null

# frames: sends frames of five stations, two of them in a VLAN and one with a vendor, and
# frames that are skipped.
frames() {
	replay cable - >/dev/null <<-FRAMES
		02ffffffff01 020000000001 88b5
		02ffffffff01 020000000002 88b5 x10
		02ffffffff01 020000000002 8100 0007 88b5 x6
		02ffffffff01 001b21000001 8100 0fa0 88b5 x100
		02ffffffff01 020000000003 88b5 x3
		01005e000001 020000000002 88b5 x3
		ffffffffffff 020000000002 88b5 x4
		02ffffffff01 010000000005 88b5 x2
	FRAMES
}

# expect_document WANT COMMAND...: asserts that the jq filter WANT gives `true` for the
# command's JSON. Appends the JSON to /tmp/documents, one document a line, for the last test.
expect_document() {
	local want=$1
	shift
	expect_status 0 "$@" >/tmp/document
	expect_equal "$want of '$*'" "$(jq "$want" /tmp/document)" true
	jq -c . /tmp/document >>/tmp/documents
}

views() {
	local view
	for view in --window --previous --lifetime "--all-time --file /tmp/totals"; do
		# shellcheck disable=SC2086 # words are meant
		set -- $view
		expect_document "length == 2 and (.[0].stations | length) == $five" l2pc -j show "$@"
		expect_document "length == 1 and (.[0].stations | length) == $five" l2pc -j -s show "$@" eth0
		expect_document "(.[0].stations | length) == $tagged" l2pc -j show "$@" --vlan
		expect_document "(.[0].stations | length) == $tagged / 2" l2pc -j show "$@" --vlan 7
		expect_document "(.[0].stations | length) == $five - $tagged" l2pc -j show "$@" --vlan none
		expect_document "(.[0].stations | length) == $four" l2pc -j show "$@" --no-vlan
		expect_document ".[0].not_shown.stations == $five - 2" l2pc -j -p show "$@" --limit 2 --sort bytes --reverse
		expect_document '.[1].stations == []' l2pc -j show "$@" --since 1w --global --exclude-self
		expect_document "(.[0].stations | length) == $five" l2pc -j show "$@" --anonymize eth0
	done
}

test_views() {
	l2pc add eth1
	frames
	l2pc save --file /tmp/totals >/dev/null
	expect_document 'length == 2 and .[0].totals.packets == 120' l2pc -j reset
	frames
	five=5 tagged=2 four=4
	views
	expect_document 'length == 2 and .[0].lifetime.packets == 240' l2pc -j port
	expect_document 'length == 1 and .[0].ifname == "eth0"' l2pc -j -s -p port eth0
	expect_document '. == []' l2pc -j set eth0 vlan off
	expect_document '. == []' l2pc -j del eth1
	expect_document '. == []' l2pc -j add eth1 hook $other_hook max-stations 100
	expect_document 'length == 1' l2pc -j reset eth1
	expect_document '.[0].ports == 2 and .[0].stations == 5' l2pc -j save --file /tmp/totals
	local by
	for by in 10min hour day month; do
		expect_document "any(.ifname == \"eth0\" and .by == \"$by\" and .total.packets == 240)" \
			l2pc -j history --file /tmp/totals --by $by --top 1
	done
	expect_document '.[0].station == "02:00:00:00:00:02" and (.[0].periods | length) > 0' \
		l2pc -j history eth0 --file /tmp/totals --station 02:00:00:00:00:02
	expect_document 'any(.subject == "eth0" and .health == "ok")' l2pc -j doctor
	l2pc show -j --lifetime >/tmp/recording
	expect_document "length == 2 and (.[0].stations | length) == 5" l2pc -j show --replay /tmp/recording
}

test_patterns() {
	expect_document '. == []' l2pc -j add 'eth[1-9]' keep 60 vlan on
	expect_document 'length == 3 and .[1].pattern == "eth[1-9]" and .[1].keep == 60 and .[2].ports == 1 and .[2].ifname == null' l2pc -j port
	expect_document 'length == 2 and .[0].ifname == "eth1" and .[1].missed == 0' l2pc -j -p port 'eth[1-9]'
	expect_document '. == []' l2pc -j del 'eth[1-9]'
	expect_document 'length == 1' l2pc -j port
}

# Both directions of a port.
test_sent_frames() {
	kernel_has 5.16 || skip "this kernel has no egress hook"
	l2pc set eth0 tx on
	replay eth0 - >/dev/null <<-FRAMES
		02000000000b 020000000001 88b5 x5
		02000000000c 020000000001 8100 0007 88b5 x3
		ffffffffffff 020000000001 88b5 x2
		000000000000 020000000001 88b5
	FRAMES
	frames
	expect_document '.[0].totals | [.packets, .tx_packets, .tx_skipped_broadcast, .tx_skipped_invalid] == [120, 8, 2, 1]' l2pc -j show eth0
	expect_document '.[0].stations | map(.tx_packets) | sort == [0, 0, 0, 0, 0, 3, 5]' l2pc -j show eth0
	expect_document '.[0].stations | length == 2' l2pc -j show eth0 --tx
	expect_document '.[0].not_shown | [.packets, .tx_packets, .tx_bytes] == [20, 8, 480]' l2pc -j show eth0 --limit 1 --sort rx-packets
	expect_document '.[0].tx == 1 and .[0].lifetime.tx_packets == 8' l2pc -j port
	expect_document '.[0].totals.tx_packets == 8' l2pc -j reset
	l2pc save --file /tmp/totals >/dev/null
	expect_document '.[0].totals.tx_packets == 8' l2pc -j show --all-time --file /tmp/totals
	expect_equal "the port's line" "$(l2pc port eth0 | sed -n 's/^    previous 1 *\(.*\), closed.*/\1/p')" \
		"RX 120 packets, 7200 bytes, 9 skipped; TX 8 packets, 480 bytes, 3 skipped; 7 stations"
	l2pc set eth0 tx off
	expect_document '.[0].tx == 0 and .[0].lifetime.tx_packets == 8' l2pc -j port
}

# A host with as many ports as there may be, and one interface more: 4,096 with L2PC_PORTS=4096.
# Without it, a network namespace of another user namespace, which may have 64.
test_host_full_of_ports() {
	module_only "l2pc run has as many ports as there is memory for"
	local ports=${L2PC_PORTS:-64} i own='--user --map-root-user' enter='--user --preserve-credentials'
	[ "$ports" != 4096 ] || own='' enter=''
	# shellcheck disable=SC2086 # words are meant
	unshare $own --net sleep 1000 &
	other=$!
	# shellcheck disable=SC2086 # words are meant
	on_host() { nsenter --target $other $enter --net "$@"; }
	apart() { [ "$(readlink "/proc/$other/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
	wait_for "the namespace" apart
	for ((i = 0; i <= ports; i++)); do echo "link add d$i type dummy"; done | on_host ip -batch -
	on_host l2pc -j monitor >/tmp/full 2>/tmp/full.err &
	wait_for "the listener" grep -q listening /tmp/full.err
	expect_document '. == []' on_host l2pc -j add 'd*'
	wait_for "the event ports-full" grep -q '"event":"ports-full"' /tmp/full
	kill %2
	wait %2 || :
	grep '"event":"ports-full"' /tmp/full >>/tmp/documents
	expect_document "length == $ports + 1 and .[$ports].ports == $ports and .[$ports].missed == 1" on_host l2pc -j port
	expect_document "length == $ports" on_host l2pc -j show
	expect_document "length == $ports" on_host l2pc -j reset
	expect_document "length == $ports" on_host l2pc -j show --previous
	expect_document '. == []' on_host l2pc -j del 'd*'
	kill $other
	wait $other || :
}

# doctor: runs l2pc doctor, which exits with status 1 when it has found a problem.
doctor() { l2pc -j doctor || [ $? = 1 ]; }

test_doctor() {
	expect_document 'all(.health != "bad")' doctor
	ip link set eth0 down
	expect_document 'any(.subject == "eth0" and .health == "note" and (.mend | contains("ip link set eth0 up")))' doctor
	ip link del eth0
	expect_document 'any(.subject == "eth0" and .health == "bad" and (.mend | contains("l2pc del eth0")))' doctor
	unload
	expect_document 'any(.health == "bad")' doctor
}

# expect_event KIND: waits until l2pc monitor has printed an event of this kind.
expect_event() { wait_for "the event $1" grep -q "\"event\":\"$1\"" /tmp/events; }

# overran: succeeds when a generic netlink socket has lost messages.
overran() { awk '$2 == 16 && $9 > 0 { found = 1 } END { exit !found }' /proc/net/netlink; }

test_events() {
	local i listener
	# Limit the receive buffer of the unprivileged listener, so that events are lost. The
	# default limit is 4 MiB on recent kernels.
	echo 212992 >/proc/sys/net/core/rmem_max
	setpriv --reuid 65534 --clear-groups --bounding-set=-all /usr/local/bin/l2pc -j -ts monitor >/tmp/events 2>/tmp/events.err &
	listener=$!
	wait_for "the listener" grep -q listening /tmp/events.err
	l2pc add eth1 hook $other_hook
	expect_event port-add
	l2pc set eth1 station-timeout 100
	expect_event port-set
	ip link del eth1
	expect_event port-detach
	ip link add eth1 type dummy
	expect_event port-attach
	l2pc del eth1
	expect_event port-del
	l2pc add 'eth[1-9]' keep 60
	expect_event pattern-add
	l2pc del 'eth[1-9]'
	expect_event pattern-del
	l2pc add 'none*' 2>/dev/null
	frames
	expect_event station-new
	l2pc reset eth0 >/dev/null
	expect_event window-close
	for ((i = 0; i < 200; i++)); do printf '02ffffffff01 0200000001%02x 88b5\n' "$i"; done | replay cable - >/dev/null
	expect_event untracked
	l2pc set eth0 station-timeout 1
	expect_event station-expire
	l2pc set eth0 station-timeout 0 max-stations 100000
	kill -STOP $listener
	if engine_is module; then
		for ((i = 0; i < 20000; i++)); do printf '02ffffffff01 02000001%04x 88b5\n' "$i"; done | replay cable - >/dev/null
		wait_for "more events than the socket can hold" overran
	else
		# More than the socket and 64 messages that l2pc run keeps for a listener.
		for ((i = 0; i < 400; i++)); do l2pc reset eth0 >/dev/null; done
	fi
	kill -CONT $listener
	expect_event lost
	expect_event port
	expect_event pattern
	kill $listener
	wait $listener || :
	cat /tmp/events >>/tmp/documents
}

# Must be the last tests: they need the documents of all others. One run checks them all,
# because Python starts slowly in the guest.
test_schema_allows_all_documents() {
	expect_number "documents" "$(wc -l </tmp/documents)" -gt 50
	expect_success "documents that the schema allows" /l2pc/tests/lib/schema.py --lines </tmp/documents
}

test_every_key_of_the_schema_occurs() {
	l2pc -j show | jq -c '.[].interface = "eth0"' >/tmp/wrong
	expect_failure "a key that the schema does not name" /l2pc/tests/lib/schema.py </tmp/wrong
	/l2pc/tests/lib/schema.py --lines --unseen </tmp/documents >/tmp/unseen
	engine_is module || sed -i 's/ \?\bports-full\b//' /tmp/unseen
	# A kernel without an egress hook has no sent frames.
	kernel_has 5.16 || sed -i 's/ \?\btx[a-z_]*//g' /tmp/unseen
	expect_equal "words of the schema that no document has" "$(cat /tmp/unseen)" ""
}
