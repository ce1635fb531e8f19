#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # jq's, and a command to eval
# Run by tests/lab/history.sh, in each of its boots. The disk keeps the history, and what was
# sent: lines HOUR DAY MONTH STATION PACKETS BYTES TX-PACKETS TX-BYTES.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh

export TZ='CET-1CEST,M3.5.0,M10.5.0/3'
sent=/var/lib/l2pc/sent
# shellcheck disable=SC2034,SC2154 # the harness's, and of the boot
suite_name=history/$STAGE
stations=(02:00:00:00:00:01 02:00:00:00:00:02 02:00:00:00:00:03 02:00:00:00:00:04)

mkdir -p /var/lib/l2pc
[ "$STAGE" = first ] || tar -x -f /dev/vda -C /var/lib/l2pc
date

setup() { [ -e /sys/class/net/eth0 ] || veth_pair eth0 cable; }

# frame DST SRC COUNT SIZE: prints the line that replay sends so many frames for.
frame() { printf '%s %s 88b5 %0*d x%d\n' "${1//:/}" "${2//:/}" $((2 * ($4 - 14))) 0 "$3"; }

# traffic [lost]: frames in both directions, which are in the history unless they are lost
# before the next save.
traffic() {
	local station other=02:ff:ff:ff:ff:01 rx tx size now
	now=$(date +'%Y-%m-%dT%H %Y-%m-%d %Y-%m')
	: >/tmp/received
	: >/tmp/transmitted
	for station in "${stations[@]}"; do
		rx=$((RANDOM % 500 + 1)) tx=$((RANDOM % 3 * 40)) size=$((RANDOM % 1000 + 60))
		frame $other "$station" "$rx" "$size" >>/tmp/received
		[ "$tx" = 0 ] || frame "$station" $other "$tx" "$size" >>/tmp/transmitted
		[ -n "${1-}" ] || echo "$now $station $rx $((rx * size)) $tx $((tx * size))" >>$sent
	done
	replay cable - </tmp/received >/dev/null
	[ ! -s /tmp/transmitted ] || replay eth0 - </tmp/transmitted >/dev/null
}

# The module, or l2pc run: both directions.
count() { load interface=eth0 reset_interval=0 tx=1; }
run_start() {
	l2pc run eth0 reset-interval 0 tx on >/tmp/run.out 2>/tmp/run.err &
	echo $! >/tmp/run.pid
	wait_for "l2pc run" grep -q ^counting /tmp/run.err
}
run_stop() {
	kill -INT "$(cat /tmp/run.pid)"
	wait_for "its end" eval '! kill -0 "$(cat /tmp/run.pid)" 2>/dev/null'
}

# wanted COLUMN [STATION]: prints the sums of what was sent, by hour (column 1), day or month.
wanted() {
	awk -v c="$1" -v station="${2-}" 'station == "" || $4 == station {
			for (i = 5; i <= 8; i++) sum[$c, i] += $i
			periods[$c]
		}
		END { for (p in periods) print p, sum[p, 5], sum[p, 6], sum[p, 7], sum[p, 8] }' $sent | sort
}

# shown PERIOD [STATION]: prints the same of the history.
shown() {
	l2pc -j history eth0 --by "$1" --from 2026-10-01 ${2:+--station "$2"} |
		jq -r '.[].periods[] | select(.packets + .tx_packets > 0) |
			"\(.start | strflocaltime("%Y-%m-%dT%H %Y-%m-%d %Y-%m")) \(.packets) \(.bytes) \(.tx_packets) \(.tx_bytes)"'
}

# The whole history is what was sent, also in the boots before.
expect_history() {
	local by column=0 station
	for by in hour day month; do
		column=$((column + 1))
		for station in '' "${stations[@]}"; do
			shown "$by" "$station" | awk -v c=$column '{ print $c, $4, $5, $6, $7 }' | sort >/tmp/shown
			wanted $column "$station" >/tmp/wanted
			expect_same "by $by, ${station:-all}" /tmp/shown /tmp/wanted
		done
	done
	wc -l <$sent
	cat /tmp/shown
	l2pc history --check >/tmp/check
	expect_line /tmp/check 'all sums are right$'
}

# Saves that are repeated count nothing twice; a reset does not matter.
counted() {
	traffic
	l2pc save
	l2pc save
	traffic
	l2pc reset >/dev/null
	traffic
	l2pc save
}

test_module() {
	count
	counted
	# Another port of the same interface.
	l2pc del eth0
	l2pc add eth0 reset-interval 0 tx on
	counted
	traffic lost
	unload
	# More than before, so that no counter seems to be smaller.
	count
	counted
	counted
	counted
	unload
	expect_history
}

test_run_and_module() {
	[ "$STAGE" = newer ] || skip "l2pc run is for the newer kernel"
	run_start
	counted
	run_stop
	count
	counted
	unload
	run_start
	counted
	traffic lost
	run_stop
	expect_history
}

# The machine ends here, without a last save.
test_power_cut() {
	count
	counted
	traffic lost
	expect_history
	tar -c -f /dev/vda -C /var/lib/l2pc .
	sync
	unload
}
