#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# engines: module bpf
# takes: 40 s
# lab: --cpus 2 --mem 2048 --timeout 900
# The tool l2pc with the live module: a first-time user's commands, top on a terminal,
# 100,000 stations, events, and totals that survive a reload of the module. tests/tools has
# l2pc's output for synthetic input.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/documents.sh
. /l2pc/tests/lib/terminal.sh
documents_begin tests/vm/suites/tool.test.sh

export LC_ALL=C.UTF-8 HOME=/tmp/home
here=/l2pc/tests/vm

setup() {
	rm -rf /tmp/home /tmp/totals* /tmp/stop
	mkdir /tmp/home
	echo 'set -g default-terminal screen' >/tmp/tmux.conf
	veth_pair eth0 cable
	load interface=eth0 reset_interval=0 max_stations=200000
}

teardown() {
	touch /tmp/stop
	tmux kill-server
	pktgen_clear
	unload_if_loaded
	ip link del eth0
	ip neigh flush all
} 2>/dev/null

# three_hosts: sends 1, 10 and 100 frames of 60 bytes from three stations.
three_hosts() {
	replay cable - >/dev/null <<-FRAMES
		02ffffffff01 020000000001 88b5
		02ffffffff01 020000000002 88b5 x10
		02ffffffff01 020000000003 88b5 x100
	FRAMES
}

# masked: prints stdin without bars and extra blanks, with N for each number outside of an
# address, and T for each duration.
masked() {
	sed -E 's/02:00:00:00:00:01/host-one/; s/02:00:00:00:00:02/host-two/; s/02:00:00:00:00:03/host-three/
		s/[0-9]+(\.[0-9]+)?[kM]?/N/g; s/(N[dhms])+/T/g; s/[█▉▊▋▌▍▎▏]+/ /g; s/ +/ /g; s/ $//; /^$/d'
}

terminal() { tmux -f /tmp/tmux.conf new-session -d -x 80 -y 24 "$@"; }
# comes_of COMMAND: prints a pattern of the command's output after three_hosts.
comes_of() {
	local mac=02:00:00:00:00:0
	case $1 in
	l2pc) echo "^${mac}3 +local +100 +6000 .*^${mac}2 .*^${mac}1 .*^total +111 +6660" ;;
	'l2pc name '*) echo ;;
	'l2pc show --sort bytes') echo "^${mac}3 .*^${mac}2 +my laptop .*10 +600 " ;;
	'l2pc top') echo '^eth0 +lifetime .*my laptop.* q quit' ;;
	*jq*) echo '"mac": "'$mac'2",[[:space:]]+"packets": 10' ;;
	*reset*) echo '^eth0: closed window 1: 111 packets, 6660 bytes, 3 stations' ;;
	*--previous*) echo '^eth0: previous 1,.*my laptop.*^total +111 +6660' ;;
	*) return 1 ;;
	esac
}

# field_of NAME FIELD: print a field of the record of a port or a pattern.
field_of() { l2pc -o port | awk -F'\t' -v name="$1" -v field="$2" '$2 == name && $1 ~ /^p/ { print $field }'; }

# Patterns that overlap, that match nothing, and that are invalid.
test_patterns() {
	cd "$(mktemp -d)"
	touch tapfile tap9
	expect_status 0 l2pc add 'tap?' keep 600 vlan on 2>/tmp/said
	expect_text /tmp/said "note: tap?: has no ports now"
	expect_status 0 l2pc add 'tap*' 2>/tmp/said
	veth_pair tap1 guest1
	veth_pair tap10 guest10
	expect_equal "pattern, keep and vlan of tap1" "$(field_of tap1 13) $(field_of tap1 14) $(field_of tap1 7)" "tap? 600 1"
	expect_equal "pattern and vlan of tap10" "$(field_of tap10 13) $(field_of tap10 7)" "tap* 0"
	expect_equal "ports of the patterns" "$(field_of 'tap?' 10) $(field_of 'tap*' 10)" "1 1"
	expect_equal "tap1 is shown with its pattern" "$(l2pc port 'tap?' | grep -v '^ ')" "tap1: counted by $(counted_by tap), pattern tap?
tap?: pattern, 1 port"
	expect_refused "there is this pattern already" l2pc add 'tap?'
	expect_refused "a pattern has a [ without ]" l2pc add 'tap['
	expect_refused "no interface has such a name" l2pc add 'tap *'
	expect_refused "keep: only for patterns" l2pc set tap1 keep 5
	expect_refused "keep: only for patterns" l2pc add guest1 keep 5
	expect_refused "keep: invalid number \"31536001\"" l2pc add 'x*' keep 31536001
	expect_refused "a pattern cannot be changed" l2pc set 'tap?' vlan off
	expect_refused "unknown pattern tap[0-9] (patterns: tap?, tap*)" l2pc del 'tap[0-9]'
	expect_refused "needs a port, tap? is a pattern" l2pc show 'tap?'
	ip link del tap1
	expect_equal "state of tap1" "$(field_of tap1 5)" no-device
	l2pc del 'tap?'
	expect_equal "tap1" "$(field_of tap1 5)" ""
	l2pc del 'tap*'
	expect_equal "patterns and their ports" "$(l2pc -o port | awk -F'\\t' '$2 ~ /^tap/')" ""
	ip link del tap10
	for ((i = 0; i < 62; i++)); do expect_status 0 l2pc add "x$i*" 2>/dev/null; done
	l2pc add 'y*' 2>/dev/null
	l2pc add 'z*' 2>/dev/null
	expect_refused "there are 64 patterns already (the maximum)" l2pc add 'a*'
}

# A reset of more ports than fit into one message.
test_reset_of_many_ports() {
	local i
	for ((i = 0; i < 70; i++)); do ip link add "d$i" type dummy; done
	l2pc add 'd*'
	three_hosts
	expect_equal "ports and frames" "$(l2pc -o reset | awk -F'\t' '{ n++; sum += $8 } END { print n, sum }')" "71 111"
	expect_equal "ports and frames" "$(l2pc -o reset | awk -F'\t' '{ n++; sum += $8 } END { print n, sum }')" "71 0"
	expect_equal "numbers of the windows" "$(l2pc -o port | awk -F'\t' '$1 == "sum" && $3 == "window" { print $4 }' | sort -u)" 3
	for ((i = 0; i < 70; i++)); do ip link del "d$i"; done
}

# The commands of README's first look, typed on a terminal, print what they should.
test_first_time() {
	three_hosts
	terminal 'PS1="ready> " exec bash --norc'
	expect_success "the first look" first_look_type /l2pc/README.md
	expect_equal "the empty window" "$(l2pc -o show | awk '{ print $1, $9 }')" "sum 0"
	expect_equal "a replay of the lifetime" "$(l2pc -j show --lifetime | l2pc --replay - -br show)" "$(l2pc -br show --lifetime)"
}

test_refusals() {
	expect_status 2 l2pc show nosuch0
	expect_status 2 l2pc add nosuch0
	expect_status 2 l2pc set nosuch0 vlan on
	expect_status 2 l2pc show --sort colour
	expect_match "the message" "$(l2pc show nosuch0 2>&1 || :)" 'ports: eth0'
	expect_status 1 setpriv --bounding-set -net_admin --inh-caps -net_admin setpriv --reuid 65534 --clear-groups \
		/usr/local/bin/l2pc reset eth0
	expect_status 0 setpriv --reuid 65534 --clear-groups /usr/local/bin/l2pc show eth0
	unload
	expect_status 3 l2pc show
	expect_status 3 l2pc top --batch
	expect_status 1 l2pc doctor
}

test_doctor() {
	expect_status 0 l2pc doctor
	expect_match "the doctor's report" "$(l2pc doctor)" "eth0: counted by $(counted_by tap)"
	ip link add br0 type bridge
	ip link set eth0 master br0
	expect_match "the doctor's report" "$(l2pc doctor)" "eth0: counted by $(counted_by tap).*above it is bridge br0"
	ip link set eth0 nomaster
	ip link del br0
	ip link del eth0
	expect_status 1 l2pc doctor
	expect_match "the doctor's report" "$(l2pc doctor || :)" 'sudo l2pc del eth0'
}

test_neighbours_have_names() {
	three_hosts
	ip neigh add 192.0.2.7 lladdr 02:00:00:00:00:02 dev eth0
	expect_equal "name from the neighbour table" "$(l2pc show -br | awk '/00:02/ { print $5 }')" 192.0.2.7
	l2pc monitor >/tmp/events 2>/tmp/events.err &
	listener=$!
	wait_for listening grep -q listening /tmp/events.err
	l2pc set eth0 station-timeout 1
	expect_event /tmp/events 'station-expire 02:00:00:00:00:02 (192.0.2.7, local), 10 packets, 600 bytes'
	kill $listener
}

screen_has() { tmux capture-pane -p | grep -qF -- "$1"; }
# screen_is NAME: succeeds when the masked screen equals screens/NAME.
screen_is() { tmux capture-pane -p | masked >/tmp/screen && diff "$here/screens/$1" /tmp/screen; }

test_top() {
	(until [ -e /tmp/stop ]; do three_hosts; done) &
	sender=$!
	terminal 'l2pc top -d 0.5; echo status $?; sleep 1000'
	wait_for "top sorted by rate" screen_is sorted
	tmux send-keys i
	wait_for "the reverse order" screen_is reversed
	tmux send-keys i s s s s s s
	wait_for "sorted by address" screen_is by-mac
	tmux send-keys S S S S S S / ; tmux send-keys -l 00:02
	tmux send-keys Enter
	wait_for "one station" screen_is filtered
	tmux send-keys Escape
	tmux resize-window -x 120 -y 12
	wait_for "the larger screen" screen_is wide
	tmux resize-window -x 80 -y 24
	tmux send-keys r
	wait_for "the confirmation prompt" screen_is question
	tmux send-keys y
	wait_for "the message about the closed window" screen_is closed
	wait_for "a closed window" sh -c 'l2pc -o show --previous | grep -q ^sum'
	tmux send-keys q
	wait_for "the end of top" screen_has 'status 0'
	expect_equal "screen and cursor" "$(tmux display-message -p '#{alternate_on} #{cursor_flag}')" '0 1'
	expect_equal "the screen after top" "$(tmux capture-pane -p | masked)" 'status N'
	touch /tmp/stop
	wait $sender
}

test_hundred_thousand() {
	pktgen_thread 0 eth0 200000 100000 02:00:00:00:00:00
	pktgen_run
	# l2pc run makes tables in a process, and an emulated machine may run that late.
	until engine_is module || [ "$(rows | wc -l)" = 100000 ]; do pktgen_run; done
	expect_equal "stations" "$(l2pc -j show | tr '{' '\n' | grep -c '^"mac"')" 100000
	expect_equal "rows" "$(l2pc show | grep -c ^02:)" 100000
	expect_equal "a reader that leaves" "$({ l2pc show || echo "status $?"; } 2>&1 | head -n 1 | grep -c 'eth0: window 1')" 1
	l2pc top --batch -d 0.1 >/tmp/frames &
	# shellcheck disable=SC2016 # the inner shell's
	wait_for "three frames" sh -c '[ $(grep -c ^STATION /tmp/frames) -ge 3 ]'
	bytes=$(awk '/^RssAnon:/ { print $2 * 1024 }' /proc/$!/status)
	kill $!
	echo "top: $bytes bytes, $((bytes / 100000)) a station"
	expect_number "bytes a station of top" $((bytes / 100000)) -le 120
}

# Totals across a reload of the module, with counts that were saved once, twice, and not yet.
test_totals_survive() {
	three_hosts
	l2pc save --file /tmp/totals
	three_hosts
	l2pc save --file /tmp/totals
	l2pc save --file /tmp/totals
	unload
	expect_equal "without the module" "$(l2pc -o show --all-time --file /tmp/totals | awk '$1 == "sum" { print $8, $9 }')" "222 13320"
	load interface=eth0 reset_interval=0
	three_hosts
	expect_equal "with the module loaded again" "$(l2pc -o show --all-time --file /tmp/totals | awk '$1 == "sum" { print $8, $9 }')" "333 19980"
	l2pc save --file /tmp/totals
	l2pc reset
	three_hosts
	expect_equal "after a reset" "$(l2pc -br show --all-time --file /tmp/totals | awk '{ print $2, $3, $4 }')" "$(printf '%s\n' \
		'02:00:00:00:00:03 400 24000' '02:00:00:00:00:02 40 2400' '02:00:00:00:00:01 4 240')"
}
