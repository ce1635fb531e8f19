#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 15 s
# lab: --cpus 2 --mem 1024 --timeout 300
# Commands that README and docs print work as printed, as far as this VM can run them.
# tests/check/commands.list assigns them.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/documents.sh

cd /l2pc || exit 1
documents_begin tests/vm/suites/docs.test.sh
type sudo >/dev/null 2>&1 || sudo() { "$@"; }

setup() {
	for n in 0 1; do
		ip link add eth$n type veth peer name cable$n
		ip link set eth$n up
		ip link set cable$n up
	done
}
teardown() {
	unload_if_loaded
	ip link del eth0
	ip link del eth1
} 2>/dev/null

# run_printed COMMANDS: runs each command, as at a prompt.
run_printed() {
	local command
	[ -n "$1" ] || fail "the document" "commands" none
	while IFS= read -r command; do expect_status 0 document_run "$command"; done <<<"$1"
}

five_frames() { echo "02ffffffff01 020000000001 88b5 x5" | replay cable0 - >/dev/null; }

test_quick_start() {
	local commands
	commands=$(document_commands README.md '## Quick start')
	# The module was built outside of this VM.
	run_printed "$(grep -v -e rmmod -e 'make build' <<<"$commands")"
	five_frames
	expect_equal "count" "$(count_of 02:00:00:00:00:01)" 5
	run_printed "$(grep tee <<<"$commands")"
	expect_equal "after the reset" "$(count_of 02:00:00:00:00:01)" 0
	run_printed "$(grep rmmod <<<"$commands")"
	expect_absent /sys/module/l2packet_counter
}

test_parameters() {
	run_printed "$(document_commands README.md '### Parameters')"
	expect_equal "reset_interval" "$(cat /sys/module/l2packet_counter/parameters/reset_interval)" 60
	expect_equal "max_stations" "$(cat /sys/module/l2packet_counter/parameters/max_stations)" 100000
	expect_equal "ports" "$(grep -c ^Interface /proc/l2packet_counter)" 2
}

test_make_targets() {
	local row
	for row in load reload status stats reset dmesg help unload; do
		expect_status 0 eval "$(grep -o "^| \`make ${row}[^\`]*\`" README.md | tr -d '|`' | sed 's/^ //')"
		case $row in load | reload) expect_line $proc '^Interface: eth0$' ;; esac
	done
	expect_absent /sys/module/l2packet_counter
}

# shellcheck disable=SC2016 # backticks are meant
# The verbs in the first column of l2pc's table, with an interface and settings for the
# placeholders.
test_verbs() {
	local commands command count=0
	load interface=eth0 reset_interval=0
	five_frames
	mapfile -t commands < <(sed -n '/^## Verbs of l2pc/,/^## /s/^| `\(\(sudo \)\{0,1\}l2pc [^`]*\)` |.*/\1/p' docs/usage.md |
		sed 's/\[DEV\]/eth0/; s/DEV/eth1/; s/MAC \[NAME\]/02:00:00:00:00:01/; s/\[SETTING VALUE\].*/reset-interval 5/; s/SETTING VALUE.*/reset-interval 6/; s/VERB/show/')
	for command in "${commands[@]}"; do
		case $command in
		*monitor | *top* | *export) continue ;; # these do not end; other suites run them
		*doctor) # doctor finds problems in this VM
			l2pc doctor >&2 || expect_equal "status of '$command'" $? 1
			continue
			;;
		esac
		count=$((count + 1))
		expect_status 0 eval "$command"
		case $command in
		*add*) expect_line $proc eth1 ;;
		*del*) expect_no_line $proc eth1 ;;
		esac
	done
	expect_number "verbs of docs/usage.md that can be tried" $count -ge 8
}

test_tracing() {
	load interface=eth0 reset_interval=0
	mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
	run_printed "$(document_commands docs/netlink.md '## Tracepoints' | grep echo)"
	five_frames
	l2pc reset eth0 >/dev/null
	run_printed "$(document_commands docs/netlink.md '## Tracepoints' | grep grep)"
}

test_textfile() {
	load interface=eth0 reset_interval=0
	mkdir -p /var/lib/prometheus/node-exporter
	run_printed "$(document_commands docs/metrics.md '## node_exporter')"
	expect_line /var/lib/prometheus/node-exporter/l2pc.prom '^l2pc_up 1$'
}
